import type { KubeObject } from '../../../core/sdk/index.js'

/** One object as stored. `object` is parsed when it is asked for, and again later: keep it, not the entry. It is frozen and carries its revision as metadata.resourceVersion; `json` is the same as bytes, put together where it is asked for. */
export interface Entry {
  readonly key: string
  /** The global revision that wrote it. */
  readonly revision: number
  readonly object: KubeObject
  readonly json: Buffer
  /** Bytes of JSON. */
  readonly size: number
  /** That of the object, where it can be told without parsing. */
  readonly apiVersion?: string | undefined
}

/** What a write decided: store this object, delete it (with the last state that watchers see), or leave all as it is. */
export type Mutation =
  | { readonly put: KubeObject }
  | { readonly remove: KubeObject }
  | { readonly keep: true }

export type ChangeType = 'put' | 'remove'

/** One revision as watchers see it: after it is on disk, in order of revisions. For `remove`, `entry` is the last state with the revision of the removal. */
export interface Change {
  readonly type: ChangeType
  readonly entry: Entry
  readonly previous?: Entry
}

/** An unchanging view of a bucket at one revision, in key order. */
export interface Snapshot {
  readonly revision: number
  readonly size: number
  get (key: string): Entry | undefined
  /** Entries whose key starts with `prefix` and is greater than `after`. */
  range (prefix: string, after?: string): IterableIterator<Entry>
  /** How many there are under the prefix. */
  count (prefix: string): number
}

export interface WatchOptions {
  bucket: string
  /** Keys under this prefix. */
  prefix: string
  /** Changes after this revision; older than the history holds is thrown as a 410 StatusError (`too old resource version: 5 (17)`). */
  after: number
  /** Called for every change in order; must not throw. */
  onChange (change: Change): void
}

/**
 * Objects by key, over lmdb, every read served from memory.
 * A bucket is `{group}/{resource}`, a key `{bucket}/{namespace}/{name}` or `{bucket}/{name}`.
 * Acknowledged means durable; published means acknowledged; there is one order.
 */
export interface Storage {
  /** The last published revision; never goes back, also over restarts. */
  readonly revision: number
  get (bucket: string, key: string): Entry | undefined
  snapshot (bucket: string): Snapshot
  /**
   * Runs `decide` on the newest state of a key, pending writes included, atomically with respect to every other write; resolves when the outcome
   * is on disk and published. What `decide` throws is thrown here and nothing is written. Resolves with the entry after the write
   * (for `remove`, the last state; for `keep`, the current one).
   */
  write (bucket: string, key: string, decide: (current: Entry | undefined, revision: number) => Mutation): Promise<Entry | undefined>
  watch (options: WatchOptions): () => void
  /** Oldest revision after which a watch of the bucket can start. */
  oldest (bucket: string): number
  buckets (): string[]
  /** Writes a consistent copy of everything to a file, while running. */
  backup (file: string): Promise<void>
  /** Waits for writes under way, then closes. */
  close (): Promise<void>
}
