import { refused } from '../status.js'
import { at, listAt, textAt } from './cells.js'
import { fill, within } from './row.js'
import type { By, Draft } from './types.js'

type Fields = Record<string, unknown>

const pods = { group: '', resource: 'pods' } as const
/** Classes that every cluster has. */
const systemClasses: Readonly<Record<string, number>> = { 'system-cluster-critical': 2_000_000_000, 'system-node-critical': 2_000_001_000 }

function classOf (draft: Draft, { find }: By): { priority: number, preemptionPolicy: string } {
  const name = textAt(draft, 'spec.priorityClassName')
  const found = name === '' ? undefined : find('scheduling.k8s.io/priorityclasses', name)
  if (name !== '' && !found && systemClasses[name] === undefined) throw refused(pods, draft.metadata.name, `no PriorityClass with name ${name} was found`)
  return { priority: Number(at(found, 'value') ?? systemClasses[name] ?? 0), preemptionPolicy: textAt(found, 'preemptionPolicy') || 'PreemptLowerPriority' }
}

/** The priority of a Pod comes from its class alone. */
export function admitPriority (draft: Draft, by: By): void {
  const spec = within(draft, 'spec')
  const { priority, preemptionPolicy } = classOf(draft, by)
  const own = 'must not be provided in pod spec; priority admission controller computed'
  if (spec.priority !== undefined && spec.priority !== priority) throw refused(pods, draft.metadata.name, `the integer value of priority (${String(spec.priority)}) ${own} ${priority} from the given PriorityClass name`)
  if (spec.preemptionPolicy !== undefined && spec.preemptionPolicy !== preemptionPolicy) throw refused(pods, draft.metadata.name, `the string value of PreemptionPolicy (${String(spec.preemptionPolicy)}) ${own} ${preemptionPolicy} from the given PriorityClass name`)
  fill(spec, { priority, preemptionPolicy })
}

const failures = ['node.kubernetes.io/not-ready', 'node.kubernetes.io/unreachable']

/** A Pod stays five minutes on a node that fails, unless it says how long. */
export function admitTolerations (spec: Fields): void {
  const own = listAt(spec, 'tolerations')
  const tolerates = (failure: string): boolean => own.some(({ key, effect }) => (!key || key === failure) && (!effect || effect === 'NoExecute'))
  const missing = failures.filter(failure => !tolerates(failure))
  if (missing.length) spec.tolerations = [...own, ...missing.map(key => ({ key, operator: 'Exists', effect: 'NoExecute', tolerationSeconds: 300 }))]
}
