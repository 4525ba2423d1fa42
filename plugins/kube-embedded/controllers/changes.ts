import type { Context } from '../context.js'
import type { KindRow } from '../kinds/types.js'
import type { Change, Entry } from '../storage/types.js'

export interface Listener {
  /** Called for every object that is there at the start. */
  found? (row: KindRow, entry: Entry): void
  changed (row: KindRow, change: Change): void
}

/** Tells listeners about every change of every kind, one subscription a bucket. Kinds that come later join by themselves. */
export function followChanges (context: Context, listeners: readonly Listener[]): () => void {
  const { storage, rows } = context
  const followed = new Map<string, () => void>()
  const follow = () => {
    for (const [bucket, row] of rows.buckets()) {
      if (followed.has(bucket)) continue
      const snapshot = storage.snapshot(bucket)
      for (const entry of snapshot.range(`${bucket}/`)) for (const listener of listeners) listener.found?.(row, entry)
      const onChange = (change: Change) => { for (const listener of listeners) listener.changed(rows.buckets().get(bucket) ?? row, change) }
      followed.set(bucket, storage.watch({ bucket, prefix: `${bucket}/`, after: snapshot.revision, onChange }))
    }
  }
  follow()
  rows.onChange(follow)
  return () => { for (const stop of followed.values()) stop() }
}
