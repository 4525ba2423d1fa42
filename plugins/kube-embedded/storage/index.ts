import type { Logger } from 'pino'
import { serviceUnavailable } from '../../../core/sdk/index.js'
import { takeDirectory } from './directory.js'
import { checkSize, entryOf, StoredEntry } from './entry.js'
import { format, openFiles, packed, readPortion, revisionOf, storeFile, type Files } from './files.js'
import { Histories } from './history.js'
import { writeSnapshot } from './snapshot.js'
import { Sorted } from './sorted.js'
import type { Change, Entry, Mutation, Storage } from './types.js'

export interface StorageOptions {
  dir: string
  log?: Logger
  /** Changes kept per bucket for watches that begin in the past. */
  history?: number
}

/** Writes after which the file is opened anew: each may bring 64 KiB of it into memory. */
const unmapAfter = 500
/** Of one bucket, and of all. */
const historyBytes = { bytes: 8 * 1024 * 1024, total: 12 * 1024 * 1024 }

/** A key begins with its bucket: two parts of it. */
const bucketOf = (key: string): string => key.slice(0, key.indexOf('/', key.indexOf('/') + 1))

/** A key in one piece: lmdb puts it together of parts, which would stay beside it. */
const flat = (key: string): string => Buffer.from(key).toString()

interface Write { bucket: string, change: Change, resolve: (entry: Entry) => void, reject: (error: unknown) => void }

class LmdbStorage implements Storage {
  revision: number
  readonly #buckets = new Map<string, Sorted>()
  readonly #histories: Histories
  /** The newest state of keys whose writes are not on the disk yet; undefined: removed. */
  readonly #pending = new Map<string, { entry: Entry | undefined, writes: number }>()
  #assigned: number
  #queue: Write[] = []
  #flushing: Promise<void> | undefined
  #broken: unknown
  #closed = false
  #files: Files
  #unmapped = 0
  readonly #backups = new Set<Promise<unknown>>()

  constructor (private readonly path: string, entries: readonly Entry[], revision: number, private readonly release: () => void, { history = 10_000, log }: StorageOptions) {
    this.log = log
    this.#files = openFiles(path)
    this.#histories = new Histories({ ...historyBytes, changes: history }, revision)
    this.revision = this.#assigned = revision
    for (const entry of entries) this.#of(bucketOf(entry.key)).set(entry)
  }

  private readonly log: Logger | undefined

  #of (bucket: string): Sorted {
    let entries = this.#buckets.get(bucket)
    if (!entries) this.#buckets.set(bucket, entries = new Sorted())
    return entries
  }

  get (bucket: string, key: string): Entry | undefined { return this.#buckets.get(bucket)?.get(key) }
  snapshot (bucket: string) { return this.#of(bucket).snapshot(this.revision) }
  watch (options: Parameters<Storage['watch']>[0]) { return this.#histories.of(options.bucket).watch(options) }
  oldest (bucket: string): number { return this.#histories.of(bucket).oldest }
  buckets (): string[] { return [...this.#buckets.keys()] }

  async write (bucket: string, key: string, decide: (current: Entry | undefined, revision: number) => Mutation): Promise<Entry | undefined> {
    if (this.#closed || this.#broken) throw serviceUnavailable('the store is closed', this.#broken)
    if (bucketOf(key) !== bucket) throw new Error(`${key} is no key of ${bucket}`)
    const pending = this.#pending.get(key)
    const current = pending ? pending.entry : this.get(bucket, key)
    const revision = this.#assigned + 1
    const mutation = decide(current, revision)
    if ('keep' in mutation) {
      // What is answered as current must be durable, too.
      if (pending) await this.#flushing
      return current
    }
    const removed = 'remove' in mutation
    const entry = entryOf(key, revision, removed ? mutation.remove : mutation.put)
    if (!removed) checkSize(entry, current)
    this.#assigned = revision
    this.#pending.set(key, { entry: removed ? undefined : entry, writes: (pending?.writes ?? 0) + 1 })
    const change: Change = { type: removed ? 'remove' : 'put', entry, ...(current ? { previous: current } : {}) }
    return new Promise((resolve, reject) => {
      this.#queue.push({ bucket, change, resolve, reject })
      this.#flushing ??= this.#flush()
    })
  }

  /** Commits what has gathered, acknowledges and publishes it in order, until nothing is left. */
  async #flush (): Promise<void> {
    await Promise.resolve()
    while (this.#queue.length > 0) {
      const batch = this.#queue
      this.#queue = []
      try {
        await this.#commit(batch)
      } catch (error) {
        this.#fail(error, batch)
        break
      }
      for (const write of batch) this.#publish(write)
      if ((this.#unmapped += batch.length) > unmapAfter && this.#backups.size === 0) await this.#unmap().catch((error: unknown) => { this.#fail(error, []) })
    }
    this.#flushing = undefined
  }

  #commit (batch: readonly Write[]): Promise<unknown> {
    const { root, objects, meta } = this.#files
    return root.transaction(() => {
      for (const { change: { type, entry } } of batch) {
        if (type === 'remove') { objects.removeSync(entry.key); continue }
        objects.putSync(entry.key, packed(entry.revision, entry.json))
      }
      meta.putSync('format', format)
      meta.putSync('revision', batch.at(-1)!.change.entry.revision)
    })
  }

  /** Opens the file anew: what was looked at of it counts as memory of this process until then. */
  async #unmap (): Promise<void> {
    this.#unmapped = 0
    await this.#files.root.close()
    this.#files = openFiles(this.path)
  }

  #publish ({ bucket, change, resolve }: Write): void {
    const { type, entry } = change
    const pending = this.#pending.get(entry.key)
    if (pending && --pending.writes === 0) this.#pending.delete(entry.key)
    if (type === 'put') this.#of(bucket).set(entry)
    else this.#of(bucket).delete(entry.key)
    this.revision = entry.revision
    this.#histories.publish(bucket, change)
    resolve(entry)
  }

  /** A commit that failed leaves the disk as it was; what was decided on top of it cannot stand, so nothing more is taken. */
  #fail (error: unknown, batch: readonly Write[]): void {
    this.#broken = error
    this.log?.error({ err: error }, 'the store cannot be written: it takes no more writes until the server is started again')
    for (const { reject } of [...batch, ...this.#queue]) reject(serviceUnavailable('the store cannot be written', error))
    this.#queue = []
  }

  async backup (file: string): Promise<void> {
    const backup = writeSnapshot(this.#files.root, file)
    this.#backups.add(backup)
    try { await backup } finally { this.#backups.delete(backup) }
  }

  async close (): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#flushing
    await Promise.allSettled(this.#backups)
    this.#histories.close()
    await this.#files.root.close()
    this.release()
  }
}

/** Everything that a store holds. It is opened for a portion at a time: what is looked at of the file counts as memory until it is closed. */
async function load (path: string): Promise<{ entries: Entry[], revision: number }> {
  const entries: Entry[] = []
  for (let after: string | undefined; ;) {
    const files = openFiles(path)
    try {
      after = readPortion(files, after, (key, revision, json) => { entries.push(new StoredEntry(flat(key), revision, json)) })
      if (after === undefined) return { entries, revision: revisionOf(files) }
    } finally { await files.root.close() }
  }
}

/** Opens the store of a directory, for this process alone; throws a sentence where it cannot be used. */
export async function openStorage (options: StorageOptions): Promise<Storage> {
  const release = takeDirectory(options.dir)
  try {
    const path = storeFile(options.dir)
    const { entries, revision } = await load(path)
    return new LmdbStorage(path, entries, revision, release, options)
  } catch (error) { release(); throw error }
}
