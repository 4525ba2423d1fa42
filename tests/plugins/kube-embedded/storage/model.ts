/** What a client asked for. `base`: the revision that it replaces or removes, 0: nothing may be there, -1: whatever is there. */
export interface Attempt {
  readonly id: string
  readonly key: string
  readonly remove: boolean
  readonly base: number
  /** `unknown`: the server was killed before it answered. */
  state: 'open' | 'done' | 'refused' | 'unknown'
  revision?: number
}

export interface Seen { readonly key: string, readonly revision: number, readonly data: Record<string, string> }
interface ListRecord { readonly revision: number, readonly items: ReadonlyMap<string, number> }
interface WatchRecord { readonly start: number, readonly revisions: Set<number>, last: number }
interface Death { readonly version: number, readonly revision: number }

const mirrored = (id: string): string => [...id].reverse().join('')

/** The content of a write: every part of it tells which write it was. */
export const contentOf = (id: string, size: number): Record<string, string> => ({ id, size: String(size), filler: id.repeat(size), mirror: mirrored(id) })
const isWhole = ({ id = '', size, filler, mirror }: Record<string, string>): boolean => filler === id.repeat(Number(size)) && mirror === mirrored(id)

/** The revision of a key below which no read may answer any more; a half more where that revision has been removed. */
export interface Floor { readonly global: number, readonly keys: ReadonlyMap<string, number> }

/**
 * All that clients know of a server, whoever of them learnt it, and what follows from it. Clients live in one process, so what was known before a
 * request was sent is known for certain. Whatever cannot be is told as one line in `violations`.
 */
export class Model {
  readonly violations: string[] = []
  readonly counts = { writes: 0, reads: 0, lists: 0, events: 0, unknown: 0 }
  #attempts = new Map<string, Attempt>()
  #versions = new Map<string, Map<number, string>>()
  #deaths = new Map<string, Death[]>()
  #absences: { key: string, floor: number }[] = []
  #lists: ListRecord[] = []
  #watches: WatchRecord[] = []
  #floors = new Map<string, number>()
  #global = 0
  #next = 0

  attempt (key: string, remove: boolean, base: number): Attempt {
    const attempt: Attempt = { id: `w${this.#next++}`, key, remove, base, state: 'open' }
    this.#attempts.set(attempt.id, attempt)
    return attempt
  }

  floor (): Floor { return { global: this.#global, keys: new Map(this.#floors) } }

  wrong (text: string): void { if (this.violations.length < 20) this.violations.push(text) }

  #raise (key: string, floor: number): void {
    this.#floors.set(key, Math.max(this.#floors.get(key) ?? 0, floor))
    this.#global = Math.max(this.#global, Math.floor(floor))
  }

  /** A version that somebody was shown. */
  #version (where: string, { key, revision, data }: Seen): void {
    const id = data['id'] ?? ''
    const attempt = this.#attempts.get(id)
    if (!isWhole(data)) this.wrong(`${where}: ${key}@${revision} is half of a write: ${JSON.stringify(data).slice(0, 200)}`)
    if (!attempt || attempt.key !== key || attempt.remove) return this.wrong(`${where}: ${key}@${revision} was written by nobody (${id})`)
    if (attempt.revision !== undefined && attempt.revision !== revision) this.wrong(`${where}: ${id} of ${key} is at revision ${revision} and at ${attempt.revision}`)
    const versions = this.#versions.get(key) ?? new Map<number, string>()
    if ((versions.get(revision) ?? id) !== id) this.wrong(`${where}: ${key}@${revision} is ${id} and ${versions.get(revision)}`)
    this.#versions.set(key, versions.set(revision, id))
    attempt.revision = revision
  }

  done (attempt: Attempt, revision = 0): void {
    attempt.state = 'done'
    this.counts.writes++
    if (attempt.remove) return this.#raise(attempt.key, attempt.base + 0.5)
    attempt.revision ??= revision
    if (attempt.revision !== revision) this.wrong(`${attempt.id} was acknowledged at ${revision} and seen at ${attempt.revision}`)
    this.#versions.set(attempt.key, (this.#versions.get(attempt.key) ?? new Map<number, string>()).set(revision, attempt.id))
    this.#raise(attempt.key, revision)
  }

  unknown (attempt: Attempt): void {
    attempt.state = 'unknown'
    this.counts.unknown++
  }

  read (key: string, seen: Seen | undefined, floor: Floor): void {
    this.counts.reads++
    const least = floor.keys.get(key) ?? 0
    if (!seen) { if (least > 0) this.#absences.push({ key, floor: Math.floor(least) }); return }
    this.#version('get', seen)
    if (seen.revision < least) this.wrong(`get: ${key} went back from ${least} to ${seen.revision}`)
    this.#raise(key, seen.revision)
  }

  list (revision: number, items: readonly Seen[], floor: Floor): void {
    this.counts.lists++
    if (revision < floor.global) this.wrong(`list: revision ${revision} after ${floor.global}`)
    for (const seen of items) {
      this.#version('list', seen)
      if (seen.revision > revision) this.wrong(`list@${revision}: ${seen.key}@${seen.revision} is from later`)
      if (seen.revision < (floor.keys.get(seen.key) ?? 0)) this.wrong(`list@${revision}: ${seen.key}@${seen.revision} is older than ${floor.keys.get(seen.key)}`)
      this.#raise(seen.key, seen.revision)
    }
    this.#global = Math.max(this.#global, revision)
    this.#lists.push({ revision, items: new Map(items.map(({ key, revision }) => [key, revision])) })
  }

  /** A watch that goes on behind a revision; tell it each event. */
  watch (start: number) {
    const record: WatchRecord = { start, revisions: new Set(), last: start }
    this.#watches.push(record)
    return (type: string, seen: Seen): void => {
      this.counts.events++
      if (seen.revision <= record.last) this.wrong(`watch: revision ${seen.revision} after ${record.last}`)
      record.last = seen.revision
      record.revisions.add(seen.revision)
      if (type === 'DELETED') return this.#died(seen)
      this.#version('watch', seen)
      this.#raise(seen.key, seen.revision)
    }
  }

  #died ({ key, revision, data }: Seen): void {
    const version = this.#attempts.get(data['id'] ?? '')?.revision
    if (version === undefined) return this.wrong(`watch: ${key}@${revision} removes what was not there (${data['id']})`)
    const deaths = this.#deaths.get(key) ?? []
    if (!deaths.some(death => death.revision === revision)) this.#deaths.set(key, [...deaths, { version, revision }])
    this.#raise(key, version + 0.5)
  }

  /**
   * Checks what can be said once nothing is under way any more: call it after a kill, when the state that is left has been listed.
   * Forgets what is not needed for what comes.
   */
  settle (): void {
    for (const attempt of this.#attempts.values()) if (!attempt.remove) this.#checkWrite(attempt)
    for (const [key, deaths] of this.#deaths) for (const death of deaths) this.#checkDeath(key, death)
    for (const { key, floor } of this.#absences) if (![...this.#removals(key)].some(base => base >= floor)) this.wrong(`get: ${key}@${floor} was lost`)
    for (const record of this.#lists) this.#checkList(record)
    for (const record of this.#watches) this.#checkWatch(record)
    this.#forget()
  }

  /** The revisions of a key that may have been removed. */
  * #removals (key: string): Iterable<number> {
    for (const attempt of this.#attempts.values()) if (attempt.remove && attempt.key === key && attempt.state !== 'refused') yield attempt.base
  }

  #between (key: string, after: number, before: number): number[] {
    return [...this.#versions.get(key)?.keys() ?? []].filter(revision => revision > after && revision < before)
  }

  #isRemoved (key: string, revision: number): boolean {
    for (const base of this.#removals(key)) if (base === revision) return true
    return false
  }

  #checkWrite ({ id, key, base, state, revision }: Attempt): void {
    if (revision === undefined) return
    if (state === 'refused') this.wrong(`${id} of ${key} was refused and is there at ${revision}`)
    if (base < 0) return
    if (base > 0) {
      const lost = this.#between(key, base, revision)
      if (lost.length) this.wrong(`lost update: ${id} of ${key}@${revision} replaced ${base}, and ${lost.join()} came between`)
      return
    }
    const before = Math.max(0, ...this.#between(key, 0, revision))
    if (before > 0 && !this.#isRemoved(key, before)) this.wrong(`lost update: ${id} of ${key}@${revision} was created while ${before} was there`)
  }

  #checkDeath (key: string, { version, revision }: Death): void {
    if (!this.#isRemoved(key, version)) this.wrong(`watch: ${key}@${version} was removed at ${revision} by nobody`)
    const lost = this.#between(key, version, revision)
    if (lost.length) this.wrong(`watch: ${key}@${version} was removed at ${revision}, and ${lost.join()} came between`)
  }

  #checkList ({ revision, items }: ListRecord): void {
    for (const [key, versions] of this.#versions) {
      const newest = Math.max(0, ...[...versions.keys()].filter(version => version <= revision))
      const shown = items.get(key)
      if (shown === undefined ? newest > 0 && !this.#isRemoved(key, newest) : shown < newest) this.wrong(`list@${revision}: ${key} is ${shown ?? 'absent'} instead of ${newest}`)
      const death = this.#deaths.get(key)?.find(death => death.version === shown && death.revision <= revision)
      if (death) this.wrong(`list@${revision}: ${key}@${shown} was removed at ${death.revision}`)
    }
  }

  #checkWatch ({ start, last, revisions }: WatchRecord): void {
    for (const [key, versions] of this.#versions) for (const version of versions.keys()) if (version > start && version <= last && !revisions.has(version)) this.wrong(`watch from ${start}: ${key}@${version} was left out before ${last}`)
  }

  #forget (): void {
    const kept = new Map<string, Attempt>()
    for (const [key, versions] of this.#versions) {
      const newest = Math.max(...versions.keys())
      const id = versions.get(newest) ?? ''
      this.#versions.set(key, new Map([[newest, id]]))
      for (const attempt of this.#attempts.values()) if (attempt.id === id || (attempt.remove && attempt.key === key && attempt.base === newest)) kept.set(attempt.id, attempt)
    }
    this.#attempts = kept
    this.#deaths.clear()
    this.#absences = []
    this.#lists = []
    this.#watches = []
  }
}
