import { isRecord, Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue } from '../causes.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { admitPriority, admitTolerations } from './pod-admission.js'
import { podChangeCauses } from './pod-changes.js'
import { podDefaults, podSpecDefaults, templateDefaults } from './pod-defaults.js'
import { podSpecCauses, podTemplateCauses } from './pod-rules.js'
import { podWarnings, templateWarnings } from './pod-warnings.js'
import { ageColumn, builtin, column, fill, wide, within } from './row.js'
import type { By, Cause, Draft, KindRow } from './types.js'

export { podSpecCauses, podSpecDefaults, podTemplateCauses, templateDefaults, templateWarnings }

const computed = ['cpu', 'memory'] as const

/** The amounts of cpu and memory that are not nothing. */
function amountsOf (container: unknown, part: 'limits' | 'requests'): Map<string, Quantity> {
  const amounts = recordAt(container, `resources.${part}`)
  return new Map(computed.map(name => [name, Quantity.of(amounts[name])] as const).filter(([, amount]) => amount.sign !== 0))
}

function qosClass (spec: unknown): string {
  const all = [...listAt(spec, 'containers'), ...listAt(spec, 'initContainers')].map(container => ({ limits: amountsOf(container, 'limits'), requests: amountsOf(container, 'requests') }))
  if (all.every(({ limits, requests }) => limits.size + requests.size === 0)) return 'BestEffort'
  const whole = all.every(({ limits, requests }) => computed.every(name => {
    const limit = limits.get(name)
    return limit !== undefined && (requests.get(name) ?? limit).compare(limit) === 0
  }))
  return whole ? 'Guaranteed' : 'Burstable'
}

/** What `kubectl get pods` calls a pod's state. */
function statusText (pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating'
  for (const status of listAt(pod, 'status.containerStatuses')) {
    const reason = textAt(status, 'state.waiting.reason') || textAt(status, 'state.terminated.reason')
    if (reason) return reason
  }
  return textAt(pod, 'status.reason') || textAt(pod, 'status.phase') || 'Unknown'
}

const ready = (pod: KubeObject): string => `${listAt(pod, 'status.containerStatuses').filter(({ ready }) => ready === true).length}/${listAt(pod, 'spec.containers').length}`
const restarts = (pod: KubeObject): number => listAt(pod, 'status.containerStatuses').reduce((sum, { restartCount }) => sum + (typeof restartCount === 'number' ? restartCount : 0), 0)

/** Pods that wait at a gate say so. */
const gated = (now: number) => [{ type: 'PodScheduled', status: 'False', lastProbeTime: null, lastTransitionTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z'), reason: 'SchedulingGated', message: 'Scheduling is blocked due to non-empty scheduling gates' }]

function prepareCreate (draft: Draft, by: By): void {
  const spec = within(draft, 'spec')
  admitTolerations(spec)
  admitPriority(draft, by)
  if (Number(spec.terminationGracePeriodSeconds) < 0) spec.terminationGracePeriodSeconds = 1
  draft.status = { phase: 'Pending', ...(listAt(spec, 'schedulingGates').length ? { conditions: gated(by.now) } : {}), qosClass: qosClass(spec) }
}

function prepareUpdate (draft: Draft, stored: KubeObject): void {
  const spec = within(draft, 'spec')
  fill(spec, { priority: at(stored, 'spec.priority'), preemptionPolicy: at(stored, 'spec.preemptionPolicy') })
  admitTolerations(spec)
}

function podCauses (pod: KubeObject, stored?: KubeObject): Cause[] {
  const causes = podSpecCauses(at(pod, 'spec'), 'spec')
  if (stored) causes.push(...podChangeCauses(pod, stored))
  else if (listAt(pod, 'spec.ephemeralContainers').length) causes.push(forbiddenValue('spec.ephemeralContainers', 'cannot be set on create'))
  return causes
}

export const pods: KindRow = builtin('v1', 'pods', 'Pod', {
  shortNames: ['po'],
  categories: ['all'],
  subresources: { status: true },
  strategy: {
    defaults: draft => { if (isRecord(draft.spec)) podDefaults(draft.spec) },
    prepareCreate,
    prepareUpdate,
    validate: podCauses,
    warnings: podWarnings,
  },
  columns: [
    column('Ready', 'string', ready),
    column('Status', 'string', statusText),
    column('Restarts', 'string', pod => String(restarts(pod))),
    ageColumn,
    wide('IP', 'string', pod => textAt(pod, 'status.podIP') || '<none>'),
    wide('Node', 'string', pod => textAt(pod, 'spec.nodeName') || '<none>'),
    wide('Nominated Node', 'string', pod => textAt(pod, 'status.nominatedNodeName') || '<none>'),
    wide('Readiness Gates', 'string', () => '<none>'),
  ],
  fields: Object.fromEntries(['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName'].map(path => [path, (object: KubeObject) => String(at(object, path) ?? '')])),
})
