import type { KubeObject, StatusCause } from '../../../core/sdk/index.js'

export type Cause = Required<StatusCause>

/** A column of `kubectl get`. */
export interface Column {
  name: string
  type: 'string' | 'integer' | 'number' | 'boolean' | 'date'
  format?: string
  description?: string
  /** 0 is always shown, more only with `-o wide`. */
  priority: number
  /** The cell; dates as RFC 3339 text are turned into ages by the table writer. `undefined` prints `<none>`. */
  value: (object: KubeObject) => unknown
}

/** An object being written: a private, mutable copy. */
export type Draft = KubeObject & Record<string, unknown>

/** What is particular about a kind. Everything left out is the common behaviour. */
export interface Strategy {
  /** Fills defaults that clients rely on; on create, update and patch. */
  defaults?: (draft: Draft) => void
  /** Changes a new object before validation (clears or sets status, phase, spec.finalizers …). */
  prepareCreate?: (draft: Draft) => void
  /** Changes an update before validation (keeps what may not change by this way). */
  prepareUpdate?: (draft: Draft, stored: KubeObject) => void
  /** Rules; `stored` is undefined on create. Causes have Kubernetes' wording (`spec.selector`, `Required value`). */
  validate?: (object: KubeObject, stored?: KubeObject) => Cause[]
  /** How names are checked: a DNS subdomain (default), a DNS label, a path segment (RBAC), or a DNS-1035 label (Service). */
  names?: 'subdomain' | 'label' | 'path' | 'label1035'
}

/** The structural schema of a kind, ready to run; built-in kinds and CRDs use the same. */
export interface CompiledSchema {
  /** Removes fields that the schema does not know (in place); answers their paths (`spec.foo`). */
  prune: (draft: Draft) => string[]
  /** Fills defaults (in place). */
  default: (draft: Draft) => void
  /** Kubernetes' wording: `Invalid value: "x": spec.a in body should match '…'`, `Required value`, `Unsupported value: …`. */
  validate: (object: KubeObject) => Cause[]
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
  subresources: { status?: true, scale?: { specReplicasPath: string, statusReplicasPath: string, labelSelectorPath?: string }, finalize?: true }
  columns: readonly Column[]
  strategy: Strategy
  schema?: CompiledSchema
  /** The OpenAPI v3 schema as published, for /openapi/v3 and merge keys (x-kubernetes-patch-merge-key, x-kubernetes-list-map-keys). */
  openapi?: Record<string, unknown>
  /** Fields for field selectors beyond metadata.name and metadata.namespace. */
  fields?: Readonly<Record<string, (object: KubeObject) => string>>
  /** Rows that come from a CustomResourceDefinition name it. */
  crd?: string
}
