import type { KubeObject } from '../../core/sdk/index.js'
import type { Cause, Draft, KindRow } from './kinds/types.js'
import { crdConditions, validateCRD } from './schema/index.js'
import { timestamp } from './context.js'

export const cleanupFinalizer = 'customresourcecleanup.apiextensions.k8s.io'
export const isDefinition = ({ group, resource }: KindRow) => group === 'apiextensions.k8s.io' && resource === 'customresourcedefinitions'

interface Condition { type: string, status: string, reason?: string, message?: string, lastTransitionTime?: string }
interface Definition extends KubeObject { status?: { conditions?: Condition[], storedVersions?: string[] } }

/** True once the API may serve the kinds of a CustomResourceDefinition. */
export const isEstablished = (crd: KubeObject): boolean =>
  (crd as Definition).status?.conditions?.some(({ type, status }) => type === 'Established' && status === 'True') === true

const setCondition = (conditions: readonly Condition[], next: Condition) => [...conditions.filter(({ type }) => type !== next.type), next]

/** Says that the end has begun; the objects go first. */
export function markTerminating (draft: Draft, now: number) {
  const status = (draft as Definition).status ?? {}
  draft['status'] = { ...status, conditions: setCondition(status.conditions ?? [], { type: 'Terminating', status: 'True', lastTransitionTime: timestamp(now), reason: 'InstanceDeletionInProgress', message: 'CustomResource deletion is in progress' }) }
}

const same = (a: Condition, b: Condition) => a.type === b.type && a.status === b.status && a.reason === b.reason && a.message === b.message

/** Accepts the names at once: the kinds are served with the write that brings them. What has not changed keeps its time, versions once stored stay listed. */
export function withDefinitionStatus (draft: Draft, now: number) {
  const before = (draft as Definition).status ?? {}
  const next = crdConditions(draft) as NonNullable<Definition['status']>
  const conditions = (next.conditions ?? []).map(condition => before.conditions?.find(old => same(old, condition)) ?? { lastTransitionTime: timestamp(now), ...condition })
  const others = (before.conditions ?? []).filter(old => !conditions.some(({ type }) => type === old.type))
  draft['status'] = { ...next, conditions: [...conditions, ...others], storedVersions: [...new Set([...before.storedVersions ?? [], ...next.storedVersions ?? []])] }
}

/** What is wrong with a CustomResourceDefinition. */
export const definitionCauses = (draft: Draft): Cause[] => validateCRD(draft)
