import type { KubeObject } from '../../core/sdk/index.js'
import type { Draft, KindRow } from './kinds/types.js'
import { crdConditions } from './schema/index.js'
import { timestamp } from './context.js'

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'
export const isDefinition = ({ group, resource }: KindRow) => group === 'apiextensions.k8s.io' && resource === 'customresourcedefinitions'

interface Condition { type: string, status: string, reason?: string, message?: string, lastTransitionTime?: string }
interface Definition extends KubeObject { status?: { conditions?: Condition[] } }

/** True once the API may serve the kinds of a CustomResourceDefinition. */
export const isEstablished = (crd: KubeObject): boolean =>
  (crd as Definition).status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true

const setCondition = (conditions: readonly Condition[], next: Condition) => [...conditions.filter(({ type }) => type !== next.type), next]

/** Says that the end has begun; the objects go first. */
export function markTerminating (draft: Draft, now: number) {
  const status = (draft as Definition).status ?? {}
  draft['status'] = { ...status, conditions: setCondition(status.conditions ?? [], { type: 'Terminating', status: 'True', lastTransitionTime: timestamp(now), reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' }) }
}

/** Accepts the names at once: the kinds are served with the write that brings them. */
export function withDefinitionStatus (draft: Draft) {
  draft['status'] = crdConditions(draft)
}
