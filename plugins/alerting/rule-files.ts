import type { FileGroup, FileRule } from '../../schemas/alerting/prometheus-operator.js'
import { ruleId } from './group-defaults.js'
import { idOfFile } from './rule-id.js'

/** Bounds of an object of rules: rules in a group, and bytes in all (45 % of what a ConfigMap may hold). */
export const fileLimits = { group: 20, bytes: Math.floor(0.45 * 1024 * 1024) }
/** Bytes of a group without rules, and of what joins one to others. */
const frame = 64
const prefix = 'alerting.custom.defaults.'

const bytes = (value: unknown): number => Buffer.byteLength(JSON.stringify(value))
const numberOf = (group: string): number => group.startsWith(prefix) && /^\d{1,9}$/.test(group.slice(prefix.length)) ? Number(group.slice(prefix.length)) : -1

/** Whether a rule fits into an object of its own, id and all. */
export const fitsAlone = (rule: FileRule): boolean => bytes(rule) + 8 * frame <= fileLimits.bytes

/** Alerts by their names, each with the groups that it stands in. */
export function groupsByAlert (groups: readonly FileGroup[]): Map<string, Set<string>> {
  const found = new Map<string, Set<string>>()
  for (const { name, rules } of groups) for (const { alert } of rules ?? []) if (alert) found.set(alert, (found.get(alert) ?? new Set()).add(name))
  return found
}

/** Without the alerts of these names; groups that they leave empty go, too. */
export const without = (groups: readonly FileGroup[], alerts: ReadonlySet<string>): FileGroup[] =>
  groups.flatMap(group => {
    const rules = (group.rules ?? []).filter(({ alert }) => !alert || !alerts.has(alert))
    return rules.length ? [{ ...group, rules }] : []
  })

export interface Fitted { readonly groups: FileGroup[], readonly left: FileRule[] }

/**
 * Puts rules into groups of ours, as many as the object has room for. `owner`: the project that ids begin with, '' for the cluster.
 * `avoid`: groups by alert that it must not be put into: in the group where it was, Prometheus would go on with its old alerts.
 */
export function fit (groups: readonly FileGroup[], rules: readonly FileRule[], { owner, avoid = new Map() }: { owner: string, avoid?: ReadonlyMap<string, ReadonlySet<string>> }): Fitted {
  const result = groups.map(group => ({ ...group, rules: [...group.rules ?? []] }))
  const left: FileRule[] = []
  let size = bytes({ groups })
  let last = Math.max(-1, ...[...groups.map(({ name }) => name), ...[...avoid.values()].flatMap(names => [...names])].map(numberOf))
  for (const rule of rules) {
    const shunned = avoid.get(rule.alert ?? '')
    const known = result.find(({ name, rules }) => numberOf(name) >= 0 && rules.length < fileLimits.group && !shunned?.has(name))
    const group = known ?? { name: `${prefix}${last + 1}`, rules: [] }
    const id = idOfFile(group.name, rule)
    const placed = { ...rule, labels: { ...rule.labels, [ruleId]: owner ? `${owner}-${id}` : id } }
    const more = bytes(placed) + 1 + (known ? 0 : frame)
    if (size + more > fileLimits.bytes) { left.push(rule); continue }
    if (!known) { result.push(group); last++ }
    group.rules.push(placed)
    size += more
  }
  return { groups: result, left }
}
