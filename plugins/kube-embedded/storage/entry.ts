import { tooLarge, type KubeObject } from '../../../core/sdk/index.js'
import type { Entry } from './types.js'

/** The largest object that is stored, in bytes of JSON: what an etcd takes by default. */
export const maxObject = 1.5 * 1024 * 1024

function freeze<T> (value: T): T {
  if (typeof value === 'object' && value !== null && !Object.isFrozen(value)) {
    Object.freeze(value)
    for (const inner of Object.values(value)) freeze(inner)
  }
  return value
}

/** The entries that were parsed last, so many bytes of JSON: the others keep their bytes alone. */
class Parsed {
  #entries: StoredEntry[] = []
  #head = 0
  #bytes = 0

  constructor (private readonly most: number) {}

  add (entry: StoredEntry): void {
    this.#entries.push(entry)
    this.#bytes += entry.json.length
    while (this.#bytes > this.most && this.#head < this.#entries.length - 1) this.#forget()
    if (this.#head < 1024 || this.#head * 2 < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }

  #forget (): void {
    const entry = this.#entries[this.#head]!
    this.#entries[this.#head++] = undefined as never
    this.#bytes -= entry.json.length
    entry.forget()
  }
}

const parsed = new Parsed(16 * 1024 * 1024)
const beginning = /^\{(?:"kind":"[^"\\]*",)?"apiVersion":"([^"\\]*)"/

/** An entry whose object is parsed when somebody looks at it. */
export class StoredEntry implements Entry {
  #object: KubeObject | undefined

  constructor (readonly key: string, readonly revision: number, readonly json: Buffer, object?: KubeObject) {
    this.#object = object
    if (object) parsed.add(this)
  }

  get object (): KubeObject {
    const known = this.#object
    if (known) return known
    const object = this.#object = freeze(JSON.parse(this.json.toString('utf8')) as KubeObject)
    parsed.add(this)
    return object
  }

  get apiVersion (): string | undefined {
    return this.#object ? this.#object.apiVersion : beginning.exec(this.json.toString('latin1', 0, 256))?.[1] ?? this.object.apiVersion
  }

  /** Leaves the bytes alone in memory. */
  forget (): void { this.#object = undefined }
}

/** Bytes of their own: taken from Node's pool, they would keep what lies beside them in memory. */
function bytesOf (text: string): Buffer {
  const bytes = Buffer.allocUnsafeSlow(Buffer.byteLength(text))
  bytes.write(text)
  return bytes
}

/** Fields in the order in which Kubernetes writes them. */
function ordered ({ kind, apiVersion, metadata, ...rest }: KubeObject, resourceVersion: string): object {
  const { name, generateName, namespace, uid, resourceVersion: _, generation, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers, managedFields, ...more } = metadata
  return { kind, apiVersion, metadata: { name, generateName, namespace, uid, resourceVersion, generation, creationTimestamp, deletionTimestamp, deletionGracePeriodSeconds, labels, annotations, ownerReferences, finalizers, managedFields, ...more }, ...rest }
}

/** An object with its revision, as it is stored. */
export function entryOf (key: string, revision: number, object: KubeObject): Entry {
  const text = JSON.stringify(ordered(object, String(revision)))
  return new StoredEntry(key, revision, bytesOf(text), freeze(JSON.parse(text) as KubeObject))
}

/** Refuses an object that is too large, in etcd's words; one that is there already may shrink, or stay as large. */
export function checkSize (entry: Entry, current: Entry | undefined): void {
  if (entry.json.length > maxObject && entry.json.length > (current?.json.length ?? 0)) throw tooLarge('etcdserver: request is too large')
}
