import { gone } from '../../../core/sdk/index.js'
import type { Change, WatchOptions } from './types.js'

/** What is kept of the past: so many changes of one bucket, so many bytes of them, and so many bytes of all buckets. */
export interface HistoryLimits { changes: number, bytes: number, total: number }

/** The last changes of a bucket, for watches that begin in the past, and the watches of now. */
export class History {
  #changes: Change[] = []
  #head = 0
  #bytes = 0
  readonly #watchers = new Set<WatchOptions>()

  /** `oldest`: the revision after which everything is known. */
  constructor (private readonly limits: HistoryLimits, public oldest: number) {}

  get bytes (): number { return this.#bytes }
  get size (): number { return this.#changes.length - this.#head }

  publish (change: Change): void {
    this.#changes.push(change)
    this.#bytes += change.entry.size
    while (this.size > 1 && (this.size > this.limits.changes || this.#bytes > this.limits.bytes)) this.forget()
    for (const watcher of [...this.#watchers]) if (change.entry.key.startsWith(watcher.prefix)) watcher.onChange(change)
  }

  watch (options: WatchOptions): () => void {
    if (options.after < this.oldest) throw gone(`too old resource version: ${options.after} (${this.oldest})`)
    for (let i = this.#firstAfter(options.after); i < this.#changes.length; i++) {
      const change = this.#changes[i]!
      if (change.entry.key.startsWith(options.prefix)) options.onChange(change)
    }
    this.#watchers.add(options)
    return () => { this.#watchers.delete(options) }
  }

  close (): void { this.#watchers.clear() }

  /** Lets go of the oldest change. */
  forget (): void {
    const { entry } = this.#changes[this.#head]!
    this.#changes[this.#head++] = undefined as never
    this.#bytes -= entry.size
    this.oldest = entry.revision
    if (this.#head > 1024 && this.#head * 2 > this.#changes.length) {
      this.#changes = this.#changes.slice(this.#head)
      this.#head = 0
    }
  }

  #firstAfter (revision: number): number {
    let low = this.#head; let high = this.#changes.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.#changes[middle]!.entry.revision <= revision) low = middle + 1; else high = middle
    }
    return low
  }
}

/** The pasts of all buckets. */
export class Histories {
  readonly #all = new Map<string, History>()
  #bytes = 0

  /** `start`: the revision after which everything is known. */
  constructor (private readonly limits: HistoryLimits, private readonly start: number) {}

  of (bucket: string): History {
    let history = this.#all.get(bucket)
    if (!history) this.#all.set(bucket, history = new History(this.limits, this.start))
    return history
  }

  publish (bucket: string, change: Change): void {
    const history = this.of(bucket)
    this.#bytes -= history.bytes
    history.publish(change)
    this.#bytes += history.bytes
    while (this.#bytes > this.limits.total && this.#shorten());
  }

  close (): void { for (const history of this.#all.values()) history.close() }

  /** The bucket that takes the most forgets its oldest change; false where each has but one. */
  #shorten (): boolean {
    let largest: History | undefined
    for (const history of this.#all.values()) if (history.size > 1 && history.bytes > (largest?.bytes ?? 0)) largest = history
    if (!largest) return false
    this.#bytes -= largest.bytes
    largest.forget()
    this.#bytes += largest.bytes
    return true
  }
}
