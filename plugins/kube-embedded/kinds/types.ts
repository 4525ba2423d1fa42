import type { KubeObject, StatusCause } from '../../../core/sdk/index.js'
import type { User } from '../auth/users.js'

export type Cause = Required<StatusCause>

/** A column of `kubectl get`. */
export interface Column {
  name: string
  /** A `time` is shown as it is. */
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date' | 'time'
  format?: string
  description?: string
  /** 0 is always shown, more only with `-o wide`. */
  priority: number
  /** The cell; dates as RFC 3339 text are turned into ages by the table writer. `undefined` prints `<none>`. */
  value: (object: KubeObject) => unknown
}

/** An object being written: a private, mutable copy. */
export type Draft = KubeObject & Record<string, unknown>

/** Who writes, when, and through which subresource ('' for the object itself). */
export interface By {
  readonly user?: User
  readonly now: number
  readonly subresource: string
  /** An object in no namespace that is there, by its bucket and name. */
  readonly find: (bucket: string, name: string) => KubeObject | undefined
}

/** What is particular about a kind. Everything left out is the common behaviour. */
export interface Strategy {
  /** Fills defaults that clients rely on; on create, update and patch. */
  defaults?: (draft: Draft) => void
  /** A new object keeps the status that it is made with. */
  ownStatus?: true
  /** Changes a new object before validation (clears or sets status, phase, spec.finalizers …); its metadata is there. */
  prepareCreate?: (draft: Draft, by: By) => void
  /** Changes an update before validation (keeps what may not change by this way). */
  prepareUpdate?: (draft: Draft, stored: KubeObject, by: By) => void
  /** The same for a subresource that changes the status alone. */
  prepareStatus?: (draft: Draft, stored: KubeObject, by: By) => void
  /** Rules; `stored` is undefined on create. Causes have Kubernetes' wording (`spec.selector`, `Required value`). */
  validate?: (object: KubeObject, stored?: KubeObject, subresource?: string) => Cause[]
  /** What a caller had better know of an object that is taken; `stored` is undefined on create. */
  warnings?: (object: KubeObject, stored?: KubeObject) => string[]
  /** How names are checked: a DNS subdomain (default), a DNS label, a path segment (RBAC), or a DNS-1035 label (Service). */
  names?: 'subdomain' | 'label' | 'path' | 'label1035'
}

/** The structural schema of a kind, ready to run; built-in kinds and CRDs use the same. */
export interface CompiledSchema {
  /** Removes fields that the schema does not know (in place); answers their paths (`spec.foo`). */
  prune: (draft: Draft) => string[]
  /** Fills defaults (in place). */
  default: (draft: Draft) => void
  /** Puts a draft into the form in which it is stored and answered, last of all (in place). */
  complete?: (draft: Draft) => void
  /** Kubernetes' wording: `Invalid value: "x": spec.a in body should match '…'`, `Required value`, `Unsupported value: …`. `stored` is what an update takes the place of. */
  validate: (object: KubeObject, stored?: KubeObject) => Cause[]
}

/** Between a version and the stored one. */
export interface Conversion {
  /** Puts a draft into the stored form (in place). */
  toStored: (draft: Draft) => void
  /** A stored object in the form of the version, which is complete. */
  fromStored: (object: KubeObject) => KubeObject
  /** As CompiledSchema.complete, of the stored form. */
  complete: (draft: Draft) => void
}

/** One served version of a kind. */
export interface KindRow {
  group: string
  version: string
  resource: string
  singular: string
  kind: string
  listKind: string
  namespaced: boolean
  shortNames: readonly string[]
  categories: readonly string[]
  /** `{group}/{resource}`: versions of one kind share it. */
  bucket: string
  /** apiVersion of the stored form. */
  storageVersion: string
  /** Read-only or virtual kinds list fewer. */
  verbs: readonly string[]
  subresources: { status?: true, scale?: { specReplicasPath: string, statusReplicasPath: string, labelSelectorPath?: string }, finalize?: true, approval?: true }
  columns: readonly Column[]
  strategy: Strategy
  schema?: CompiledSchema
  /** Of a version that differs from the stored one in more than its name. Strategy, columns and fields are about the stored form, but for `defaults`. */
  convert?: Conversion
  /** The OpenAPI v3 schema as published, for /openapi/v3 and merge keys (x-kubernetes-patch-merge-key, x-kubernetes-list-map-keys). */
  openapi?: Record<string, unknown>
  /** Fields for field selectors beyond metadata.name and metadata.namespace. */
  fields?: Readonly<Record<string, (object: KubeObject) => string>>
  /** Rows that come from a CustomResourceDefinition name it. */
  crd?: string
}
