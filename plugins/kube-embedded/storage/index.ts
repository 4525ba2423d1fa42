import { chmodSync, existsSync } from 'node:fs'
import { join } from 'node:path'
import { open, type Database, type RootDatabase } from 'lmdb'
import type { Logger } from 'pino'
import { serviceUnavailable, type KubeObject } from '../../../core/sdk/index.js'
import { takeDirectory } from './directory.js'
import { History } from './history.js'
import { Sorted } from './sorted.js'
import type { Change, Entry, Mutation, Storage } from './types.js'

export interface StorageOptions {
  dir: string
  log?: Logger
  /** Changes kept per bucket for watches that begin in the past. */
  history?: number
}

const historyBytes = 64 * 1024 * 1024
const format = 1

function freeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}

/** An entry whose object is parsed when somebody looks at it. */
class StoredEntry implements Entry {
  #object: KubeObject | undefined
  constructor (readonly key: string, readonly revision: number, readonly json: Buffer, object?: KubeObject) { this.#object = object }

  get object (): KubeObject {
    this.#object ??= freeze(JSON.parse(this.json.toString('utf8')) as KubeObject)
    return this.#object
  }
}

function entryOf (key: string, revision: number, object: KubeObject): Entry {
  const stamped = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
  const text = JSON.stringify(stamped)
  return new StoredEntry(key, revision, Buffer.from(text), freeze(JSON.parse(text) as KubeObject))
}

/** A key begins with its bucket: two parts of it. */
const bucketOf = (key: string): string => key.slice(0, key.indexOf('/', key.indexOf('/') + 1))

interface Write { bucket: string, change: Change, resolve: (entry: Entry) => void, reject: (error: unknown) => void }

interface Files { root: RootDatabase, objects: Database<Buffer, string>, meta: Database<number, string> }

function openFiles (dir: string): Files {
  const path = join(dir, 'store.mdb')
  try {
    // A transaction is acknowledged after it has been synced to the disk, not merely handed to the system.
    const root = open({ path, noSubdir: true, overlappingSync: false, maxDbs: 4, compression: false, mapSize: 1024 ** 3 })
    const objects = root.openDB<Buffer, string>({ name: 'objects', encoding: 'binary' })
    const meta = root.openDB<number, string>({ name: 'meta', encoding: 'json' })
    for (const file of [path, `${path}-lock`]) if (existsSync(file)) chmodSync(file, 0o600)
    return { root, objects, meta }
  } catch (error) {
    throw new Error(`the store ${path} cannot be opened: ${(error as Error).message}`)
  }
}

class LmdbStorage implements Storage {
  revision: number
  readonly #objects = new Map<string, Map<string, Entry>>()
  readonly #sorted = new Map<string, Sorted>()
  readonly #histories = new Map<string, History>()
  readonly #limits: { changes: number, bytes: number }
  /** The newest state of keys whose writes are not on the disk yet; undefined: removed. */
  readonly #pending = new Map<string, { entry: Entry | undefined, writes: number }>()
  readonly #start: number
  #assigned: number
  #queue: Write[] = []
  #flushing: Promise<void> | undefined
  #broken: unknown
  #closed = false

  constructor (private readonly files: Files, private readonly release: () => void, { history = 10_000, log }: StorageOptions) {
    this.#limits = { changes: history, bytes: historyBytes }
    this.log = log
    const known = files.meta.get('format')
    if (known !== undefined && known !== format) throw new Error(`the store was written by another version (format ${known}): expected format ${format}`)
    this.#start = this.revision = this.#assigned = files.meta.get('revision') ?? 0
    for (const { key, value } of files.objects.getRange({})) this.#load(key, value)
  }

  private readonly log: Logger | undefined

  #load (key: string, value: Buffer): void {
    const revision = Number(value.readBigUInt64BE(0))
    if (revision > this.revision) throw new Error('the store is damaged: it holds what was never acknowledged')
    this.#show(bucketOf(key), new StoredEntry(key, revision, Buffer.from(value.subarray(8))))
  }

  #show (bucket: string, entry: Entry): void {
    this.#objectsOf(bucket).set(entry.key, entry)
    this.#sortedOf(bucket).set(entry)
  }

  #objectsOf (bucket: string): Map<string, Entry> {
    let objects = this.#objects.get(bucket)
    if (!objects) this.#objects.set(bucket, objects = new Map())
    return objects
  }

  #sortedOf (bucket: string): Sorted {
    let sorted = this.#sorted.get(bucket)
    if (!sorted) this.#sorted.set(bucket, sorted = new Sorted())
    return sorted
  }

  #historyOf (bucket: string): History {
    let history = this.#histories.get(bucket)
    if (!history) this.#histories.set(bucket, history = new History(this.#limits, this.#start))
    return history
  }

  get (bucket: string, key: string): Entry | undefined { return this.#objects.get(bucket)?.get(key) }
  snapshot (bucket: string) { return this.#sortedOf(bucket).snapshot(this.revision) }
  watch (options: Parameters<Storage['watch']>[0]) { return this.#historyOf(options.bucket).watch(options) }
  oldest (bucket: string): number { return this.#historyOf(bucket).oldest }
  buckets (): string[] { return [...this.#objects.keys()] }

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
    }
    this.#flushing = undefined
  }

  #commit (batch: readonly Write[]): Promise<unknown> {
    const { root, objects, meta } = this.files
    return root.transaction(() => {
      for (const { change: { type, entry } } of batch) {
        if (type === 'remove') { objects.removeSync(entry.key); continue }
        const head = Buffer.alloc(8)
        head.writeBigUInt64BE(BigInt(entry.revision))
        objects.putSync(entry.key, Buffer.concat([head, entry.json]))
      }
      meta.putSync('format', format)
      meta.putSync('revision', batch.at(-1)!.change.entry.revision)
    })
  }

  #publish ({ bucket, change, resolve }: Write): void {
    const { type, entry } = change
    const pending = this.#pending.get(entry.key)
    if (pending && --pending.writes === 0) this.#pending.delete(entry.key)
    if (type === 'put') this.#show(bucket, entry)
    else {
      this.#objects.get(bucket)?.delete(entry.key)
      this.#sorted.get(bucket)?.delete(entry.key)
    }
    this.revision = entry.revision
    this.#historyOf(bucket).publish(change)
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
    if (existsSync(file)) throw new Error(`${file} exists already`)
    await this.files.root.backup(file, true)
    chmodSync(file, 0o600)
  }

  async close (): Promise<void> {
    if (this.#closed) return
    this.#closed = true
    await this.#flushing
    for (const history of this.#histories.values()) history.close()
    await this.files.root.close()
    this.release()
  }
}

/** Opens the store of a directory, for this process alone; throws a sentence where it cannot be used. */
export async function openStorage (options: StorageOptions): Promise<Storage> {
  const release = takeDirectory(options.dir)
  try {
    const files = openFiles(options.dir)
    try { return new LmdbStorage(files, release, options) } catch (error) { await files.root.close(); throw error }
  } catch (error) { release(); throw error }
}
