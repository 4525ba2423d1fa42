import { createHmac, timingSafeEqual } from 'node:crypto'
import { badRequest } from '../../core/sdk/index.js'
import type { Snapshot } from './storage/types.js'
import { ExpiredList } from './status.js'

const maxSnapshots = 256
const maxEntries = 20_000
const lifetime = 5 * 60_000

/** `revision` -1 stands for the newest state; `seen` counts the objects before; `scope` is hashed. */
interface Mark { revision: number, after: string, seen: number, scope: string }

/** Where a list goes on: behind which key, and how many came before. */
export interface Position { readonly snapshot: Snapshot, readonly after: string, readonly seen: number }

/** How many entries a snapshot may hold that no other does, or the newest state: as many as there were changes before the next one. */
function entriesHeld (snapshots: readonly Snapshot[]): number {
  const sorted = [...snapshots].sort((a, b) => a.revision - b.revision)
  return sorted.reduce((sum, { size, revision }, i) => sum + Math.min(size, (sorted[i + 1]?.revision ?? revision) - revision), 0)
}

/**
 * Snapshots that lists are being read from, and the tokens that lead back to them. At most 256, of five minutes, holding about 20,000 entries
 * that have been replaced since; the oldest go first, and their lists go on at the newest state.
 */
export class Snapshots {
  readonly #kept = new Map<string, { bucket: string, snapshot: Snapshot, until: number }>()

  /** `key`: at least 32 random bytes, the same over restarts. */
  constructor (private readonly key: Buffer, private readonly now: () => number) {}

  /** A token for what follows a position, bound to `scope` (bucket, namespace and selectors). Keeps the snapshot. */
  token (bucket: string, { snapshot, after, seen }: Position, scope: string): string {
    const id = `${bucket}@${snapshot.revision}`
    const known = this.#kept.delete(id)
    this.#kept.set(id, { bucket, snapshot, until: this.now() + lifetime })
    this.#expire()
    if (!known) this.#shorten(bucket)
    return this.#seal({ revision: snapshot.revision, after, seen, scope: this.#hash(scope) })
  }

  /** The snapshot and position of a token; 400 for a token that is not ours or was given for another list, 410 when its snapshot is gone. */
  resume (bucket: string, token: string, scope: string, newest: () => Snapshot): Position {
    const mark = this.#open(token)
    if (mark.scope !== this.#hash(scope)) throw badRequest('continue key is not valid: the token was given for another list')
    if (mark.revision < 0) return { snapshot: newest(), after: mark.after, seen: mark.seen }
    const snapshot = this.at(bucket, mark.revision)
    if (!snapshot) throw new ExpiredList(this.#seal({ ...mark, revision: -1 }))
    return { snapshot, after: mark.after, seen: mark.seen }
  }

  /** The kept snapshot of a revision. */
  at (bucket: string, revision: number): Snapshot | undefined {
    this.#expire()
    return this.#kept.get(`${bucket}@${revision}`)?.snapshot
  }

  #expire () {
    for (const [id, { until }] of this.#kept) {
      if (this.#kept.size <= maxSnapshots && until > this.now()) break
      this.#kept.delete(id)
    }
  }

  #shorten (bucket: string) {
    const same = [...this.#kept].filter(([, kept]) => kept.bucket === bucket)
    while (same.length > 1 && entriesHeld(same.map(([, { snapshot }]) => snapshot)) > maxEntries) this.#kept.delete(same.shift()![0])
  }

  #mac (text: string) { return createHmac('sha256', this.key).update(text).digest() }
  #hash (scope: string) { return this.#mac(`scope ${scope}`).toString('base64url') }

  #seal ({ revision, after, seen, scope }: Mark): string {
    const text = JSON.stringify([revision, after, seen, scope])
    return Buffer.concat([this.#mac(text), Buffer.from(text)]).toString('base64url')
  }

  #open (token: string): Mark {
    const bytes = Buffer.from(token, 'base64url')
    const text = bytes.toString('utf8', 32)
    if (bytes.length < 34 || token.length > 4096 || !timingSafeEqual(bytes.subarray(0, 32), this.#mac(text))) throw badRequest('continue key is not valid: it was not given by this server')
    const [revision, after, seen, scope] = JSON.parse(text) as [number, string, number, string]
    return { revision, after, seen, scope }
  }
}
