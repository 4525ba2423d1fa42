import { tooLarge, type KubeObject } from '../../../core/sdk/index.js'
import { headOf, part, whole } from './text.js'
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

/** The entries that were written or parsed last, so many bytes of JSON: of the others, the kept text is all there is. */
class Recent {
  #entries: StoredEntry[] = []
  #head = 0
  #bytes = 0

  constructor (private readonly most: number) {}

  add (entry: StoredEntry): void {
    this.#entries.push(entry)
    this.#bytes += entry.size
    while (this.#bytes > this.most && this.#head < this.#entries.length - 1) this.#forget()
    if (this.#head < 1024 || this.#head * 2 < this.#entries.length) return
    this.#entries = this.#entries.slice(this.#head)
    this.#head = 0
  }

  #forget (): void {
    const entry = this.#entries[this.#head]!
    this.#entries[this.#head++] = undefined as never
    this.#bytes -= entry.size
    entry.forget()
  }
}

const recent = new Recent(2 * 1024 * 1024)
const beginning = /^\{(?:"kind":"[^"\\]*",)?"apiVersion":"([^"\\]*)"/

/** An entry whose object is parsed when somebody looks at it, and whose text is taken apart when nobody has for long. */
export class StoredEntry implements Entry {
  readonly size: number
  /** All of the text, or where `#form` is there what is its own. */
  #text: Buffer | string
  #form: string | undefined
  #object: KubeObject | undefined

  /** Without its object, the bytes are copied if they are kept. */
  constructor (readonly key: string, readonly revision: number, json: Buffer, object?: KubeObject) {
    this.size = json.length
    this.#text = json
    this.#object = object
    if (object) recent.add(this)
    else if (!this.#part()) this.#text = Buffer.from(json)
  }

  get json (): Buffer { return this.#text instanceof Buffer ? this.#text : whole(this.#text as string, this.#form!) }

  get object (): KubeObject {
    const known = this.#object
    if (known) return known
    const object = this.#object = freeze(JSON.parse(this.json.toString('utf8')) as KubeObject)
    recent.add(this)
    return object
  }

  get apiVersion (): string | undefined {
    if (this.#object) return this.#object.apiVersion
    const head = this.#text instanceof Buffer ? this.#text.toString('latin1', 0, 256) : headOf(this.#text as string, this.#form!)
    return beginning.exec(head)?.[1] ?? this.object.apiVersion
  }

  /** Leaves the text alone in memory. */
  forget (): void {
    this.#object = undefined
    this.#part()
  }

  #part (): boolean {
    const parted = this.#text instanceof Buffer ? part(this.#text) : undefined
    if (parted) { this.#text = parted.own; this.#form = parted.form }
    return parted !== undefined
  }
}

/** An entry that is shown and not stored. */
export function shownEntry (key: string, revision: number, object: KubeObject): Entry {
  const json = Buffer.from(JSON.stringify(object))
  return { key, revision, object, json, size: json.length }
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
  if (entry.size > maxObject && entry.size > (current?.size ?? 0)) throw tooLarge('etcdserver: request is too large')
}
