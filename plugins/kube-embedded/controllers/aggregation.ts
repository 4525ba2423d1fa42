import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import type { PolicyRule, RoleObject } from '../../../schemas/kube/builtin.js'
import type { Context } from '../context.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { adjustObject } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

interface Selector { matchLabels?: Record<string, string>, matchExpressions?: { key: string, operator: string, values?: string[] }[] }
type Aggregated = RoleObject & { aggregationRule?: { clusterRoleSelectors?: Selector[] } | null }

const isClusterRole = ({ group, resource }: KindRow): boolean => group === 'rbac.authorization.k8s.io' && resource === 'clusterroles'
const selectorsOf = (object: KubeObject): Selector[] | undefined => {
  const { aggregationRule } = object as Aggregated
  return aggregationRule ? aggregationRule.clusterRoleSelectors ?? [] : undefined
}

const holds: Readonly<Record<string, (value: string | undefined, values: readonly string[]) => boolean>> = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: value => value !== undefined,
  DoesNotExist: value => value === undefined,
}

/** A selector without terms selects everything; one with an operator that nobody knows selects nothing. */
function matches ({ matchLabels = {}, matchExpressions = [] }: Selector, labels: Readonly<Record<string, string>>): boolean {
  const label = (key: string) => Object.hasOwn(labels, key) ? labels[key] : undefined
  return Object.entries(matchLabels).every(([key, value]) => label(key) === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => holds[operator]?.(label(key), values) ?? false)
}

/** Keeps the rules of ClusterRoles with an aggregationRule as those of the roles that it selects, in name order. */
export function aggregationController (context: Context): { listener: Listener, queue: Queue } {
  const queue = new Queue('aggregation', () => aggregateAll(context), context.log)
  const concerns = (object: KubeObject | undefined) => object !== undefined && (object.metadata.labels !== undefined || selectorsOf(object) !== undefined)
  const listener: Listener = {
    found: (row, { object }) => { if (isClusterRole(row) && selectorsOf(object)) queue.add('all') },
    changed: (row, { entry, previous }) => { if (isClusterRole(row) && (concerns(entry.object) || concerns(previous?.object))) queue.add('all') },
  }
  return { listener, queue }
}

const unique = (rules: readonly PolicyRule[]): PolicyRule[] => [...new Map(rules.map(rule => [JSON.stringify(rule), rule])).values()]

/**
 * The rules of every aggregated role, from the rules of all others alone: what an aggregated role holds now does not count,
 * so roles that select each other come to rest, too.
 */
export function aggregatedRules (roles: readonly RoleObject[]): Map<string, PolicyRule[]> {
  const sorted = [...roles].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1)
  const result = new Map(sorted.filter(role => selectorsOf(role)).map(({ metadata }) => [metadata.name, [] as PolicyRule[]]))
  const sources = new Map(sorted.filter(({ metadata }) => result.has(metadata.name)).map(role => [role.metadata.name, sourcesOf(role, sorted)]))
  for (let grew = true; grew;) {
    grew = false
    for (const [name, own] of sources) {
      const rules = unique(own.flatMap(role => result.get(role.metadata.name) ?? role.rules ?? []))
      grew ||= rules.length !== result.get(name)?.length
      result.set(name, rules)
    }
  }
  return result
}

const sourcesOf = (role: RoleObject, sorted: readonly RoleObject[]): RoleObject[] =>
  (selectorsOf(role) ?? []).flatMap(selector => sorted.filter(other => other !== role && matches(selector, other.metadata.labels ?? {})))

async function aggregateAll (context: Context): Promise<void> {
  const row = context.rows.find('rbac.authorization.k8s.io', 'v1', 'clusterroles')
  if (!row) return
  const roles = [...context.storage.snapshot(row.bucket).range(`${row.bucket}/`)].map(({ object }) => object as RoleObject)
  const wanted = aggregatedRules(roles)
  for (const { metadata: { name }, rules } of roles) {
    const next = wanted.get(name)
    if (next && !isDeepStrictEqual(next, rules ?? [])) await adjustObject(context, { row, namespace: '', name }, draft => withRules(draft, next))
  }
}

const withRules = (draft: Draft, rules: PolicyRule[]): Draft | undefined =>
  selectorsOf(draft) ? { ...draft, rules: rules.length ? rules : null } : undefined
