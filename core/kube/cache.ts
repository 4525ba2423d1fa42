import type { Logger } from 'pino'
import { compareTexts } from '../sdk/values.js'
import { KeptIndex } from './kept-index.js'
import { byName, Ordered } from './order.js'
import { kept } from './sharing.js'
import type { Index, Kind, KubeObject, ObjectRef, Store, StoreEvent } from './types.js'

const creation = (a: KubeObject, b: KubeObject): number => compareTexts(a.metadata.creationTimestamp ?? '', b.metadata.creationTimestamp ?? '') || byName(a, b)

// Joined, for a template would keep its parts beside the whole: with 75,000 objects that is 5 MB.
export const keyOf = ({ name, namespace = '' }: ObjectRef): string => [namespace, name].join('/')

/** `byCreation` is made when it is first asked for: most namespaces are listed by nobody. */
interface NamespaceViews<T> { readonly byName: Ordered<T>, byCreation?: Ordered<T> }

interface Waiter { revision: bigint, resolve: (seen: boolean) => void, timer: NodeJS.Timeout }

/** Revisions are compared as numbers where they are; Kubernetes calls them opaque, but its own and ours are. */
const revisionOf = (object: { resourceVersion?: string }): bigint => /^\d+$/.test(object.resourceVersion ?? '') ? BigInt(object.resourceVersion ?? 0) : 0n

/** The objects of a kind with their views and indexes; fed by a watch (store.ts). An event costs a few binary searches, whatever the number of objects. */
export class Cache<T extends KubeObject> implements Store<T> {
  version = 0
  synced = false
  resourceVersion = ''
  /** What is in no namespace, by name. What is in one is found in its view: with 130,000 objects, keys of their own were 12 MB. */
  readonly #clusterWide = new Map<string, T>()
  readonly #byName = new Ordered<T>(byName)
  readonly #byCreation = new Ordered<T>(creation)
  readonly #namespaces = new Map<string, NamespaceViews<T>>()
  readonly #indexes = new Map<string, KeptIndex<T>>()
  readonly #listeners = new Set<(event: StoreEvent<T>) => void>()
  readonly #waiters = new Map<string, Set<Waiter>>()
  readonly #first: Promise<void>
  #markFirst = () => {}

  constructor (readonly kind: Kind<T>, private readonly log: Logger) {
    this.#first = new Promise(resolve => { this.#markFirst = resolve })
  }

  get size (): number { return this.#byName.size }
  ready (): Promise<void> { return this.#first }

  get (name: string, namespace?: string): T | undefined {
    return namespace ? this.#namespaces.get(namespace)?.byName.find({ metadata: { name, namespace } } as T) : this.#clusterWide.get(name)
  }

  list (namespace?: string): readonly T[] {
    return namespace === undefined ? this.#byName.toArray() : this.#namespaces.get(namespace)?.byName.toArray() ?? []
  }

  byCreation (namespace?: string): readonly T[] {
    return namespace === undefined ? this.#byCreation.toArray() : this.#createdIn(namespace)?.toArray() ?? []
  }

  page (order: 'name' | 'creation', start: number, end: number, namespace?: string): readonly T[] {
    if (namespace === undefined) return (order === 'name' ? this.#byName : this.#byCreation).slice(start, end)
    return (order === 'name' ? this.#namespaces.get(namespace)?.byName : this.#createdIn(namespace))?.slice(start, end) ?? []
  }

  count (namespace?: string): number { return namespace === undefined ? this.size : this.#namespaces.get(namespace)?.byName.size ?? 0 }

  index (id: string, keysOf: (object: T) => readonly string[]): Index<T> {
    const known = this.#indexes.get(id)
    if (known) return known
    const made = new KeptIndex(keysOf, byName)
    for (const object of this.#byName.slice(0, this.size)) made.add(object)
    this.#indexes.set(id, made)
    return made
  }

  subscribe (listener: (event: StoreEvent<T>) => void, { replay = false }: { replay?: boolean } = {}): () => void {
    if (replay) for (const object of this.list()) listener({ type: 'added', object })
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  waitFor (ref: ObjectRef, resourceVersion: string, timeoutMs = 2_000): Promise<boolean> {
    const revision = revisionOf({ resourceVersion })
    if (revisionOf(this) >= revision || revisionOf(this.get(ref.name, ref.namespace)?.metadata ?? {}) >= revision) return Promise.resolve(true)
    return new Promise(resolve => {
      const key = keyOf(ref)
      const waiting = this.#waiters.get(key) ?? new Set<Waiter>()
      this.#waiters.set(key, waiting)
      const waiter: Waiter = {
        revision,
        resolve: seen => {
          clearTimeout(waiter.timer)
          waiting.delete(waiter)
          if (waiting.size === 0) this.#waiters.delete(key)
          resolve(seen)
        },
        timer: setTimeout(() => { waiter.resolve(false) }, timeoutMs),
      }
      waiting.add(waiter)
    })
  }

  /** A whole list: what vanished is deleted, what changed is updated. */
  reset (objects: readonly T[], resourceVersion: string): void {
    const there = new Set(objects.map(({ metadata }) => keyOf(metadata)))
    for (const object of this.#byName.slice(0, this.size)) if (!there.has(keyOf(object.metadata))) this.remove(object)
    for (const object of objects) {
      const known = this.get(object.metadata.name, object.metadata.namespace)
      if (!known || known.metadata.resourceVersion !== object.metadata.resourceVersion || known.metadata.uid !== object.metadata.uid) this.put(object)
    }
    this.advance(resourceVersion)
    this.synced = true
    this.#markFirst()
  }

  put (fresh: T): void {
    const object = kept(fresh)
    const { name, namespace } = object.metadata
    const previous = this.get(name, namespace)
    if (previous) this.#drop(previous)
    if (!namespace) this.#clusterWide.set(name, object)
    for (const view of this.#viewsOf(object)) view.insert(object)
    for (const index of this.#indexes.values()) index.add(object)
    this.#tell(previous ? { type: 'updated', object, previous } : { type: 'added', object })
  }

  remove (last: T): void {
    const { name, namespace } = last.metadata
    const previous = this.get(name, namespace)
    if (!previous) return
    this.#drop(previous)
    if (!namespace) this.#clusterWide.delete(name)
    else if (this.#namespaces.get(namespace)?.byName.size === 0) this.#namespaces.delete(namespace)
    this.#tell({ type: 'deleted', object: kept(last), previous })
  }

  /** The watch has come so far. */
  advance (resourceVersion: string): void {
    this.resourceVersion = resourceVersion
    for (const waiting of [...this.#waiters.values()]) for (const waiter of [...waiting]) if (revisionOf(this) >= waiter.revision) waiter.resolve(true)
  }

  #viewsOf (object: T): Ordered<T>[] {
    const { namespace } = object.metadata
    if (!namespace) return [this.#byName, this.#byCreation]
    let own = this.#namespaces.get(namespace)
    if (!own) this.#namespaces.set(namespace, own = { byName: new Ordered<T>(byName) })
    return [this.#byName, this.#byCreation, own.byName, ...(own.byCreation ? [own.byCreation] : [])]
  }

  #createdIn (namespace: string): Ordered<T> | undefined {
    const views = this.#namespaces.get(namespace)
    if (!views) return undefined
    if (!views.byCreation) {
      views.byCreation = new Ordered<T>(creation)
      for (const object of views.byName.slice(0, views.byName.size)) views.byCreation.insert(object)
    }
    return views.byCreation
  }

  #drop (object: T): void {
    for (const view of this.#viewsOf(object)) view.delete(object)
    for (const index of this.#indexes.values()) index.remove(object)
  }

  #tell (event: StoreEvent<T>): void {
    this.version++
    const { metadata } = event.object
    for (const listener of this.#listeners) {
      try { listener(event) } catch (error) { this.log.error({ err: error, kind: this.kind.kind }, 'a listener of a watch cache failed') }
    }
    for (const waiter of [...this.#waiters.get(keyOf(metadata)) ?? []]) if (revisionOf(metadata) >= waiter.revision) waiter.resolve(true)
  }
}
