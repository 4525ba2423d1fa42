import type { Duplex, Readable } from 'node:stream'
import type { Kind, KubeObject } from '../../schemas/kube/object.js'

export type { Kind, KubeObject, Metadata, OwnerReference } from '../../schemas/kube/object.js'

export type Headers = Record<string, string | string[] | undefined>

/** One exchange with a Kubernetes API. `path` is canonical and encoded; `query` is already encoded, without `?`. */
export interface KubeRequest {
  method: string
  path: string
  query?: string
  /** Lower-case names. Identity headers (`impersonate-user`, …) are set by the caller; the server's own credentials are added by the transport. */
  headers?: Headers
  body?: Buffer | string | Readable
  signal?: AbortSignal
  /** Bounds the wait for the first byte of the answer, in ms; default 30,000, the wait for a connection included. Ignored for streams that have begun. */
  timeout?: number
  /** An answer that lasts and must not take a connection from others; by default watches and followed logs. */
  stream?: boolean
}

export interface KubeResponse {
  status: number
  headers: Headers
  body: Readable
  /** The bytes of the body, where all of them are there already; who takes these does not read `body`. */
  whole?: Buffer
}

/** An upgraded connection: the status line's code, the answer's headers, and the raw bytes after them. */
export interface KubeUpgrade {
  status: 101
  headers: Headers
  socket: Duplex
}

/**
 * The one seam below everything: a Kubernetes API, reached over the network or served in process.
 * Nothing above it knows which.
 */
export interface KubeTransport {
  /** The API is served in this process, over a store that no other process can open. */
  readonly inProcess?: boolean
  send (request: KubeRequest): Promise<KubeResponse>
  /** Answers a plain response where the API refuses to upgrade. */
  upgrade (request: KubeRequest): Promise<KubeUpgrade | KubeResponse>
  /** Where clients such as kubectl reach the same API, and (PEM) what they check it by; undefined where they cannot. */
  endpoint? (): KubeEndpoint | undefined
  close (): Promise<void>
}

export interface KubeEndpoint { readonly server: string, readonly ca?: string }

export interface ListOptions { namespace?: string, labelSelector?: string, fieldSelector?: string, limit?: number, continue?: string, resourceVersion?: string, signal?: AbortSignal }
export interface KubeList<T> { items: T[], metadata: { resourceVersion: string, continue?: string, remainingItemCount?: number } }
export interface DeleteOptions { propagationPolicy?: 'Orphan' | 'Background' | 'Foreground', gracePeriodSeconds?: number, preconditions?: { uid?: string | undefined, resourceVersion?: string | undefined } }
export type PatchType = 'json' | 'merge' | 'strategic' | 'apply'
export interface ObjectRef { name: string, namespace?: string }

/** What of an object is kept where most of it is only weight; `name` tells briefs of a kind apart. The object is fresh, and may be changed. */
export interface Brief { readonly name: string, of (object: KubeObject): KubeObject }

/** What a narrow cache holds: one namespace, or what a label selector matches; and of each object all, or what a brief leaves. */
export interface StorePart { readonly namespace?: string, readonly labelSelector?: string, readonly brief?: Brief }

/** Typed reads and writes with the server's own identity. Failures are StatusErrors with Kubernetes' own code and text. */
export interface Kube {
  readonly transport: KubeTransport
  get<T extends KubeObject> (kind: Kind<T>, ref: ObjectRef): Promise<T>
  /** undefined where `get` would be 404. */
  find<T extends KubeObject> (kind: Kind<T>, ref: ObjectRef): Promise<T | undefined>
  list<T extends KubeObject> (kind: Kind<T>, options?: ListOptions): Promise<KubeList<T>>
  create<T extends KubeObject> (kind: Kind<T>, object: T): Promise<T>
  /** With `metadata.resourceVersion` of the read it is based on; a stale one is a 409. */
  update<T extends KubeObject> (kind: Kind<T>, object: T): Promise<T>
  updateStatus<T extends KubeObject> (kind: Kind<T>, object: T): Promise<T>
  patch<T extends KubeObject> (kind: Kind<T>, ref: ObjectRef, patch: unknown, type?: PatchType, subresource?: string): Promise<T>
  delete (kind: Kind, ref: ObjectRef, options?: DeleteOptions): Promise<void>
  /** Reads, changes and writes again until nobody was faster (at most 10 times). `change` returns undefined to leave the object alone. */
  modify<T extends KubeObject> (kind: Kind<T>, ref: ObjectRef, change: (object: T) => T | undefined): Promise<T>
  /** The shared watch cache of a kind, or of a part of it; the first call starts it. */
  store<T extends KubeObject> (kind: Kind<T>, part?: StorePart): Store<T>
}

export interface StoreEvent<T> { type: 'added' | 'updated' | 'deleted', object: T, previous?: T }

/** A lookup kept up to date by the watch: objects under each key that `keysOf` gave for them, in name order. */
export interface Index<T> {
  get (key: string): readonly T[]
  /** How many objects are under the key. */
  count (key: string): number
}

/** Every object of a kind as the watch last told; objects are frozen. Reads are synchronous and never wait for the network. */
export interface Store<T extends KubeObject = KubeObject> {
  readonly kind: Kind<T>
  /** True once the first list has arrived. A kind that the cluster lacks is synced and empty. */
  readonly synced: boolean
  /** Resolves with the first sync; rejects never. */
  ready (): Promise<void>
  /** The revision of the last event or list that was applied. */
  readonly resourceVersion: string
  readonly size: number
  /** Grows by one with every event; equal numbers mean equal content. */
  readonly version: number
  get (name: string, namespace?: string): T | undefined
  /** All objects, of one namespace or of all, in name order. A kept view, not a copy: do not keep it across awaits. */
  list (namespace?: string): readonly T[]
  /** Objects in creation order (oldest first), ties by name then namespace. */
  byCreation (namespace?: string): readonly T[]
  /** The n-th object to the one before `end`, in name or creation order (oldest first): costs its own length. */
  page (order: 'name' | 'creation', start: number, end: number, namespace?: string): readonly T[]
  /** How many there are, in all or in one namespace. */
  count (namespace?: string): number
  /** Declares an index; the same `name` twice gives the same index. */
  index (name: string, keysOf: (object: T) => readonly string[]): Index<T>
  /** Called for every event after the store and its indexes have it; first, once, for every object already there when `replay`. */
  subscribe (listener: (event: StoreEvent<T>) => void, options?: { replay?: boolean }): () => void
  /** Waits, bounded, until the store has seen this revision of this object (or a later event about it); false when the wait ran out. */
  waitFor (ref: ObjectRef, resourceVersion: string, timeoutMs?: number): Promise<boolean>
}
