import { StatusError, gone, type KubeObject } from '../../core/sdk/index.js'
import type { Change, Entry, Mutation, Snapshot, Storage, WatchOptions } from '../../plugins/kube-embedded/storage/types.js'

function freeze<T> (value: T): T {
  if (value !== null && typeof value === 'object' && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const item of Object.values(value)) freeze(item)
  }
  return value
}

function snapshotOf (revision: number, entries: Map<string, Entry>): Snapshot {
  const kept = new Map([...entries].sort(([a], [b]) => a < b ? -1 : 1))
  const under = (prefix: string) => [...kept.values()].filter(({ key }) => key.startsWith(prefix))
  return {
    revision,
    size: kept.size,
    get: key => kept.get(key),
    range: (prefix, after = '') => under(prefix).filter(({ key }) => key > after)[Symbol.iterator](),
    count: prefix => under(prefix).length,
  }
}

/** The contract of Storage in maps, for tests: every write is published in the next microtask, `history` changes are kept for watches. */
export function memoryStorage ({ history = 1000 } = {}): Storage {
  let revision = 0
  const buckets = new Map<string, Map<string, Entry>>()
  const changes: { bucket: string, change: Change }[] = []
  const watchers = new Set<WatchOptions>()
  let oldest = 0
  const bucketOf = (name: string) => buckets.get(name) ?? buckets.set(name, new Map()).get(name)!
  const entryOf = (key: string, object: KubeObject): Entry => {
    const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
    const json = Buffer.from(JSON.stringify(stamped))
    return { key, revision, object: freeze(JSON.parse(json.toString())) as KubeObject, json, size: json.length }
  }
  const publish = (bucket: string, change: Change) => {
    changes.push({ bucket, change })
    while (changes.length > history) oldest = changes.shift()!.change.entry.revision
    for (const watcher of [...watchers]) if (watcher.bucket === bucket && change.entry.key.startsWith(watcher.prefix)) watcher.onChange(change)
  }
  const apply = (bucket: string, key: string, current: Entry | undefined, mutation: Mutation): Entry | undefined => {
    if ('keep' in mutation) return current
    revision++
    const entry = entryOf(key, 'put' in mutation ? mutation.put : mutation.remove)
    if ('put' in mutation) bucketOf(bucket).set(key, entry)
    else bucketOf(bucket).delete(key)
    publish(bucket, { type: 'put' in mutation ? 'put' : 'remove', entry, ...(current ? { previous: current } : {}) })
    return entry
  }

  return {
    get revision () { return revision },
    get: (bucket, key) => bucketOf(bucket).get(key),
    snapshot: bucket => snapshotOf(revision, bucketOf(bucket)),
    async write (bucket, key, decide) {
      await Promise.resolve()
      const current = bucketOf(bucket).get(key)
      return apply(bucket, key, current, decide(current, revision + 1))
    },
    watch (options) {
      if (options.after < oldest) throw gone(`too old resource version: ${options.after} (${oldest})`)
      for (const { bucket, change } of [...changes]) if (bucket === options.bucket && change.entry.revision > options.after && change.entry.key.startsWith(options.prefix)) options.onChange(change)
      watchers.add(options)
      return () => { watchers.delete(options) }
    },
    oldest: () => oldest,
    buckets: () => [...buckets.keys()],
    backup: () => Promise.reject(new StatusError({ code: 501, reason: 'NotImplemented', message: 'a store in memory has no backup' })),
    close: async () => { watchers.clear() },
  }
}
