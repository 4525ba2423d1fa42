import type { PolicyRule } from '../../schemas/kube/builtin.js'

const has = (list: readonly string[] = [], wanted: string): boolean => list.includes('*') || list.includes(wanted)

function coversResource (held: readonly string[] = [], wanted: string): boolean {
  const slash = wanted.indexOf('/')
  return has(held, wanted) || (slash >= 0 && held.includes(`*${wanted.slice(slash)}`))
}

const coversURL = (held: readonly string[] = [], wanted: string): boolean =>
  held.some(url => url === wanted || (url.endsWith('*') && wanted.startsWith(url.slice(0, -1))))

const coversNames = (held: readonly string[] = [], wanted: readonly string[] = []): boolean =>
  held.length === 0 || (wanted.length > 0 && wanted.every(name => held.includes(name)))

/** Rules that say more than this are taken to say too much (single rights in all). */
const mostAtoms = 20_000

const sizeOf = ({ verbs = [], apiGroups = [], resources = [], nonResourceURLs = [] }: PolicyRule): number => verbs.length * (apiGroups.length * resources.length + nonResourceURLs.length)

/** A rule as rights with one verb, group and resource (or one path) each: what can be compared. */
function * atomsOf ({ verbs = [], apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): Generator<PolicyRule> {
  for (const verb of verbs) {
    for (const group of apiGroups) for (const resource of resources) yield { verbs: [verb], apiGroups: [group], resources: [resource], resourceNames }
    for (const url of nonResourceURLs) yield { verbs: [verb], nonResourceURLs: [url] }
  }
}

/** Whether one rule allows all that another does. */
const contains = (held: PolicyRule, { verbs = [], apiGroups = [], resources = [], resourceNames, nonResourceURLs = [] }: PolicyRule): boolean =>
  verbs.every(verb => has(held.verbs, verb)) &&
  (resources.length === 0 || (apiGroups.every(group => has(held.apiGroups, group)) && resources.every(resource => coversResource(held.resources, resource)) && coversNames(held.resourceNames, resourceNames))) &&
  nonResourceURLs.every(url => coversURL(held.nonResourceURLs, url))

/** Whether whoever holds the first rules can do everything that the others allow. */
export function cover (held: readonly PolicyRule[], wanted: readonly PolicyRule[]): boolean {
  const apart = wanted.filter(rule => sizeOf(rule) > 0 && !held.some(one => contains(one, rule)))
  if (apart.reduce((sum, rule) => sum + sizeOf(rule), 0) > mostAtoms) return false
  for (const rule of apart) for (const atom of atomsOf(rule)) if (!held.some(one => contains(one, atom))) return false
  return true
}

/** Whether a rule grants a verb on a resource by its own word, not by `*`. */
export const names = (held: readonly PolicyRule[], verb: string, resource: string, groups: readonly string[], name: string): boolean =>
  held.some(rule => rule.verbs?.includes(verb) && groups.some(group => has(rule.apiGroups, group)) && has(rule.resources, resource) && coversNames(rule.resourceNames, [name]))

export const sameRules = (a: RoleRules, b: RoleRules): boolean => JSON.stringify(a ?? []) === JSON.stringify(b ?? [])
type RoleRules = readonly PolicyRule[] | null | undefined
