import { compareTexts } from '../../core/sdk/index.js'
import type { KindRow } from './kinds/types.js'
import { apiVersion } from './status.js'

export interface ServedGroup { readonly name: string, readonly versions: readonly ServedVersion[] }
export interface ServedVersion { readonly version: string, readonly rows: readonly KindRow[] }

const versionPattern = /^v(\d+)(?:(alpha|beta)(\d+))?$/
const stages = { alpha: 0, beta: 1, '': 2 }

/** Kubernetes' order of versions: v2, v1, v1beta2, v1beta1, v1alpha1, then all else by name. */
export function byVersion (a: string, b: string): number {
  const [x, y] = [versionPattern.exec(a), versionPattern.exec(b)]
  if (!x || !y) return x ? -1 : y ? 1 : compareTexts(a, b)
  const stage = (m: RegExpExecArray) => stages[(m[2] ?? '') as keyof typeof stages]
  return stage(y) - stage(x) || Number(y[1]) - Number(x[1]) || Number(y[3] ?? 0) - Number(x[3] ?? 0)
}

/** The order in which a cluster lists its groups; those of custom kinds follow, by name. Clients print what they find in this order. */
const groupOrder = ['', 'apiregistration.k8s.io', 'apps', 'events.k8s.io', 'authentication.k8s.io', 'authorization.k8s.io', 'autoscaling', 'batch', 'certificates.k8s.io', 'networking.k8s.io', 'policy', 'rbac.authorization.k8s.io', 'storage.k8s.io', 'admissionregistration.k8s.io', 'apiextensions.k8s.io', 'scheduling.k8s.io', 'coordination.k8s.io', 'node.k8s.io', 'discovery.k8s.io']
const placeOf = (group: string) => groupOrder.includes(group) ? groupOrder.indexOf(group) : groupOrder.length
const byGroup = (a: string, b: string) => placeOf(a) - placeOf(b) || compareTexts(a, b)
const byResource = (a: KindRow, b: KindRow) => compareTexts(a.resource, b.resource)

/** Every kind that is served now. Built-in kinds stay; those of CustomResourceDefinitions come and go. */
export class Rows {
  readonly #byPath = new Map<string, KindRow>()
  readonly #byKind = new Map<string, KindRow>()
  readonly #builtin: readonly KindRow[]
  readonly #definitions = new Map<string, readonly KindRow[]>()
  readonly #listeners = new Set<() => void>()
  #groups: readonly ServedGroup[] = []
  #buckets: ReadonlyMap<string, KindRow> = new Map()
  /** Grows with every change of what is served. */
  version = 0

  constructor (builtin: readonly KindRow[]) {
    this.#builtin = builtin
    this.#rebuild()
  }

  find (group: string, version: string, resource: string): KindRow | undefined { return this.#byPath.get(`${group}/${version}/${resource}`) }
  ofKind (apiVersion: string, kind: string): KindRow | undefined { return this.#byKind.get(`${apiVersion}/${kind}`) }
  /** In the order in which a cluster lists them: the core group first, custom groups last. */
  groups (): readonly ServedGroup[] { return this.#groups }
  group (name: string): ServedGroup | undefined { return this.#groups.find(group => group.name === name) }
  /** One row for each bucket: the preferred version. */
  buckets (): ReadonlyMap<string, KindRow> { return this.#buckets }
  /** Rows of one CustomResourceDefinition, by its name. */
  ofDefinition (name: string): readonly KindRow[] { return this.#definitions.get(name) ?? [] }

  define (name: string, rows: readonly KindRow[]) {
    this.#definitions.set(name, rows)
    this.#rebuild()
  }

  undefine (name: string) { if (this.#definitions.delete(name)) this.#rebuild() }
  onChange (listener: () => void) { this.#listeners.add(listener) }

  #rebuild () {
    this.#byPath.clear()
    this.#byKind.clear()
    const groups = new Map<string, Map<string, KindRow[]>>()
    for (const row of [...this.#builtin, ...[...this.#definitions].sort(([a], [b]) => a < b ? -1 : 1).flatMap(([, rows]) => rows)]) {
      const path = `${row.group}/${row.version}/${row.resource}`
      if (this.#byPath.has(path)) continue
      this.#byPath.set(path, row)
      this.#byKind.set(`${apiVersion(row)}/${row.kind}`, row)
      const versions = groups.get(row.group) ?? new Map<string, KindRow[]>()
      groups.set(row.group, versions.set(row.version, [...versions.get(row.version) ?? [], row]))
    }
    this.#groups = [...groups].sort(([a], [b]) => byGroup(a, b))
      .map(([name, versions]) => ({ name, versions: [...versions].sort(([a], [b]) => byVersion(a, b)).map(([version, rows]) => ({ version, rows: [...rows].sort(byResource) })) }))
    const buckets = new Map<string, KindRow>()
    for (const group of this.#groups) for (const { rows } of group.versions) for (const row of rows) if (row.bucket && !buckets.has(row.bucket)) buckets.set(row.bucket, row)
    this.#buckets = buckets
    this.version++
    for (const listener of this.#listeners) listener()
  }
}
