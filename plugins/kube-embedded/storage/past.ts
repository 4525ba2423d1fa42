import { gone } from '../../../core/sdk/index.js'
import type { Change, Entry, Snapshot, Storage } from './types.js'

/** A bucket as it was: the newest state, with what has changed since put back. */
class Past implements Snapshot {
  constructor (private readonly newest: Snapshot, private readonly before: ReadonlyMap<string, Entry | undefined>, readonly revision: number) {}

  get size (): number { return this.count('') }
  get (key: string): Entry | undefined { return this.before.has(key) ? this.before.get(key) : this.newest.get(key) }
  count (prefix: string): number { return [...this.range(prefix)].length }

  * range (prefix: string, after = ''): IterableIterator<Entry> {
    const past = [...this.before.values()].filter(entry => entry !== undefined).filter(({ key }) => key.startsWith(prefix) && key > after)
    past.sort((a, b) => a.key < b.key ? -1 : 1)
    let i = 0
    for (const entry of this.newest.range(prefix, after)) {
      for (; i < past.length && past[i]!.key < entry.key; i++) yield past[i]!
      if (!this.before.has(entry.key)) yield entry
    }
    yield * past.slice(i)
  }
}

/** The state of a bucket at a revision that watches could still begin from; 410 where it is too long ago. */
export function pastOf (storage: Storage, newest: Snapshot, bucket: string, revision: number): Snapshot {
  if (revision < storage.oldest(bucket)) throw gone('The resourceVersion for the provided list is too old.')
  const before = new Map<string, Entry | undefined>()
  const onChange = ({ entry, previous }: Change) => { if (!before.has(entry.key)) before.set(entry.key, previous) }
  storage.watch({ bucket, prefix: '', after: revision, onChange })()
  return new Past(newest, before, revision)
}
