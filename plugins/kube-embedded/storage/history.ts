import { gone } from '../../../core/sdk/index.js'
import type { Change, WatchOptions } from './types.js'

/** What is kept of a bucket's past: so many changes, and so many bytes of them. */
export interface HistoryLimits { changes: number, bytes: number }

/** The last changes of a bucket, for watches that begin in the past, and the watches of now. */
export class History {
  #changes: Change[] = []
  #head = 0
  #bytes = 0
  readonly #watchers = new Set<WatchOptions>()

  /** `oldest`: the revision after which everything is known. */
  constructor (private readonly limits: HistoryLimits, public oldest: number) {}

  publish (change: Change): void {
    this.#changes.push(change)
    this.#bytes += change.entry.json.length
    while (this.#changes.length - this.#head > 1 && (this.#changes.length - this.#head > this.limits.changes || this.#bytes > this.limits.bytes)) this.#forget()
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

  #forget (): void {
    const { entry } = this.#changes[this.#head]!
    this.#changes[this.#head++] = undefined as never
    this.#bytes -= entry.json.length
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
