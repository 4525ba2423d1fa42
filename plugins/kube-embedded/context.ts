import type { Logger } from 'pino'
import type { KubeObject } from '../../core/sdk/index.js'
import type { Auth } from './auth/index.js'
import type { KindRow } from './kinds/types.js'
import type { Rows } from './rows.js'
import type { Snapshots } from './continue.js'
import type { Entry, Storage } from './storage/types.js'

export interface Timings {
  /** Between bookmarks of one watch, ms. */
  bookmarkInterval: number
  /** How long a watcher whose buffer is full may take to empty it, ms. */
  lagTimeout: number
  /** Between looks for Events that are too old, ms. */
  expiryInterval: number
}

/** What every verb and controller stands on. */
export interface Context {
  readonly storage: Storage
  readonly rows: Rows
  readonly auth: Auth
  readonly log: Logger
  /** ms since the epoch. */
  readonly now: () => number
  readonly snapshots: Snapshots
  /** Namespaces whose end has been decided, also where the write is still under way. */
  readonly terminating: Set<string>
  /** Ends of the open watches. */
  readonly watches: Set<{ readonly bucket: string, close: () => void }>
  readonly timings: Timings
}

/** The key of one object. */
export const keyOf = (row: KindRow, namespace: string, name: string) => row.namespaced ? `${row.bucket}/${namespace}/${name}` : `${row.bucket}/${name}`
/** The keys of a namespace, or of the whole bucket. */
export const prefixOf = (row: KindRow, namespace: string) => row.namespaced && namespace ? `${row.bucket}/${namespace}/` : `${row.bucket}/`

/** RFC 3339 to the second, as metadata has it. */
export function timestamp (now: number): string {
  const second = Math.floor(now / 1000)
  if (second !== last.second) last = { second, text: new Date(second * 1000).toISOString().replace('.000Z', 'Z') }
  return last.text
}

let last = { second: NaN, text: '' }

/** A private copy of a stored object. */
export const copyOf = <T extends KubeObject = KubeObject> ({ json }: Entry): T => JSON.parse(json.toString('utf8')) as T
