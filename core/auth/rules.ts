import type { PolicyRule } from '../../schemas/kube/builtin.js'
import type { Attributes } from './types.js'

/** Names that a rule is limited to; undefined: any. */
type Names = ReadonlySet<string> | undefined

const merge = (a: Names, b: Names): Names => a === undefined || b === undefined ? undefined : new Set([...a, ...b])

/** Rules, ready to be asked: verb → API group → resource → names. `*` is a key like any other, looked up beside the exact one. */
export class Matcher {
  readonly #resources = new Map<string, Map<string, Map<string, Names>>>()
  readonly #paths = new Map<string, { exact: Set<string>, prefixes: string[] }>()

  constructor (rules: readonly PolicyRule[] = []) {
    for (const rule of rules) this.#add(rule)
  }

  #add ({ verbs, apiGroups = [], resources = [], resourceNames = [], nonResourceURLs = [] }: PolicyRule): void {
    const names: Names = resourceNames.length ? new Set(resourceNames) : undefined
    for (const verb of verbs ?? []) {
      for (const group of apiGroups) for (const resource of resources) this.#addResource(verb, group, resource, names)
      for (const url of nonResourceURLs) this.#addPath(verb, url)
    }
  }

  #addResource (verb: string, group: string, resource: string, names: Names): void {
    let groups = this.#resources.get(verb)
    if (!groups) this.#resources.set(verb, groups = new Map())
    let table = groups.get(group)
    if (!table) groups.set(group, table = new Map())
    table.set(resource, table.has(resource) ? merge(table.get(resource), names) : names)
  }

  #addPath (verb: string, url: string): void {
    let paths = this.#paths.get(verb)
    if (!paths) this.#paths.set(verb, paths = { exact: new Set(), prefixes: [] })
    if (url.endsWith('*')) paths.prefixes.push(url.slice(0, -1)); else paths.exact.add(url)
  }

  /** Whether any rule allows the request; `verb` may differ from the attributes' own (Kubernetes writes non-resource verbs in lower case). */
  allows (attributes: Attributes, verb = attributes.verb): boolean {
    if (!attributes.isResourceRequest) return this.#allowsPath(verb, attributes.path) || this.#allowsPath('*', attributes.path)
    return this.#allowsResource(this.#resources.get(verb), attributes) || this.#allowsResource(this.#resources.get('*'), attributes)
  }

  #allowsPath (verb: string, path: string): boolean {
    const paths = this.#paths.get(verb)
    return paths !== undefined && (paths.exact.has(path) || paths.prefixes.some(prefix => path.startsWith(prefix)))
  }

  #allowsResource (groups: Map<string, Map<string, Names>> | undefined, { apiGroup, resource, subresource, name }: Attributes): boolean {
    if (!groups) return false
    const combined = subresource ? `${resource}/${subresource}` : resource
    for (const group of [apiGroup, '*']) {
      const table = groups.get(group)
      if (!table) continue
      for (const key of subresource ? [combined, `*/${subresource}`, '*'] : [combined, '*']) {
        if (!table.has(key)) continue
        const names = table.get(key)
        if (names === undefined || names.has(name)) return true
      }
    }
    return false
  }
}
