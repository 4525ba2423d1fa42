import type { PolicyRule } from '../../../schemas/kube/builtin.js'
import type { Matcher } from './matcher.js'

/** One verb on one thing. */
type Right = { readonly verb: string } & ({ readonly url: string } | { readonly group: string, readonly resource: string, readonly name: string | undefined })

/** As many single rights as one rule is taken apart into; a larger one must be held in larger pieces. */
const most = 100_000

const sizeOf = ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): number =>
  verbs.length * (nonResourceURLs.length + apiGroups.length * resources.length * (resourceNames.length || 1))

function * rightsOf ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): Generator<Right> {
  const names = resourceNames.length ? resourceNames : [undefined]
  for (const group of apiGroups) for (const resource of resources) for (const verb of verbs) for (const name of names) yield { verb, group, resource, name }
  for (const url of nonResourceURLs) for (const verb of verbs) yield { verb, url }
}

const holds = (matcher: Matcher, right: Right): boolean =>
  'url' in right ? matcher.holdsPath(right.verb, right.url) : matcher.holds(right.verb, right.group, right.resource, right.name)

const ruleOf = (right: Right): PolicyRule => 'url' in right
  ? { nonResourceURLs: [right.url], verbs: [right.verb] }
  : { apiGroups: [right.group], resources: [right.resource], ...(right.name === undefined ? {} : { resourceNames: [right.name] }), verbs: [right.verb] }

/** What of the wanted rules is not held, one rule for each thing. */
export function missingRights (held: readonly Matcher[], wanted: readonly PolicyRule[]): PolicyRule[] {
  const missing = new Map<string, PolicyRule>()
  for (const rule of wanted) {
    if (sizeOf(rule) > most) { missing.set(JSON.stringify(rule), rule); continue }
    for (const right of rightsOf(rule)) {
      if (held.some(matcher => holds(matcher, right))) continue
      const key = 'url' in right ? JSON.stringify(right) : JSON.stringify([right.group, right.resource, right.name])
      const known = missing.get(key)
      if (!known) missing.set(key, ruleOf(right))
      else if (!known.verbs.includes(right.verb)) known.verbs.push(right.verb)
    }
  }
  return [...missing.values()]
}

/** A list of texts as Go's %q writes it. */
export const quoted = (texts: readonly string[]): string => `[${texts.map(text => JSON.stringify(text)).join(' ')}]`

/** `{APIGroups:[""], Resources:["pods"], Verbs:["get"]}` */
export function ruleText ({ apiGroups, resources, nonResourceURLs, resourceNames, verbs }: PolicyRule): string {
  const parts = Object.entries({ APIGroups: apiGroups, Resources: resources, NonResourceURLs: nonResourceURLs, ResourceNames: resourceNames, Verbs: verbs })
  return `{${parts.filter(([, texts]) => texts?.length).map(([name, texts]) => `${name}:${quoted(texts ?? [])}`).join(', ')}}`
}
