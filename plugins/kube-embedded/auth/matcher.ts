import type { PolicyRule } from '../../../schemas/kube/builtin.js'
import type { Question } from './question.js'

/** Names that a rule is limited to; undefined: any. */
type Names = ReadonlySet<string> | undefined

interface Paths { readonly exact: Set<string>, readonly prefixes: string[] }

/** The rules of one role, ready to be asked: verb → API group → resource → names. `*` is a key like any other, looked up beside the exact one. */
export class Matcher {
  readonly #resources = new Map<string, Map<string, Map<string, Names>>>()
  readonly #paths = new Map<string, Paths>()

  constructor (rules: readonly PolicyRule[]) {
    for (const rule of rules) this.#add(rule)
  }

  #add ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule) {
    const names: Names = resourceNames.length ? new Set(resourceNames) : undefined
    for (const verb of verbs ?? []) {
      for (const group of apiGroups) for (const resource of resources) this.#addResource(verb, group, resource, names)
      for (const url of nonResourceURLs) this.#addPath(verb, url)
    }
  }

  #addResource (verb: string, group: string, resource: string, names: Names) {
    const groups = this.#resources.get(verb) ?? new Map<string, Map<string, Names>>()
    const table = groups.get(group) ?? new Map<string, Names>()
    const known = table.get(resource)
    const any = names === undefined || (table.has(resource) && known === undefined)
    table.set(resource, any ? undefined : new Set([...known ?? [], ...names]))
    this.#resources.set(verb, groups.set(group, table))
  }

  #addPath (verb: string, url: string) {
    const paths = this.#paths.get(verb) ?? { exact: new Set(), prefixes: [] }
    if (url.endsWith('*')) paths.prefixes.push(url.replace(/\*+$/, ''))
    else paths.exact.add(url)
    this.#paths.set(verb, paths)
  }

  allows (question: Question): boolean {
    if (!question.isResource) return this.holdsPath(question.verb, question.path)
    const { verb, apiGroup, resource, subresource, name } = question
    return this.holds(verb, apiGroup, subresource ? `${resource}/${subresource}` : resource, name)
  }

  /** Whether one rule holds all of this; `resource` may be `pods/log`, a name that is undefined stands for every name. */
  holds (verb: string, group: string, resource: string, name: string | undefined): boolean {
    const slash = resource.indexOf('/')
    const keys = slash < 0 ? [resource, '*'] : [resource, `*${resource.slice(slash)}`, '*']
    for (const groups of [this.#resources.get(verb), this.#resources.get('*')]) {
      if (groups && (ofGroup(groups.get(group), keys, name) || ofGroup(groups.get('*'), keys, name))) return true
    }
    return false
  }

  holdsPath (verb: string, path: string): boolean {
    for (const paths of [this.#paths.get(verb), this.#paths.get('*')]) {
      if (paths && (paths.exact.has(path) || paths.prefixes.some(prefix => path.startsWith(prefix)))) return true
    }
    return false
  }
}

function ofGroup (table: ReadonlyMap<string, Names> | undefined, keys: readonly string[], name: string | undefined): boolean {
  if (!table) return false
  return keys.some(key => {
    if (!table.has(key)) return false
    const names = table.get(key)
    return names === undefined || (name !== undefined && names.has(name))
  })
}
