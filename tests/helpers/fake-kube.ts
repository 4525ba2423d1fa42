import { alreadyExists, conflict, notFound, type Brief, type Index, type Kind, type Kube, type KubeObject, type KubeTransport, type ObjectRef, type Store, type StoreEvent } from '../../core/sdk/index.js'
import { qualifiedResource } from '../../schemas/kube/object.js'

const byName = (a: KubeObject, b: KubeObject) => a.metadata.name < b.metadata.name ? -1 : a.metadata.name > b.metadata.name ? 1 : (a.metadata.namespace ?? '') < (b.metadata.namespace ?? '') ? -1 : 1
const keyOf = ({ name, namespace = '' }: ObjectRef) => `${namespace}/${name}`

/** RFC 7396. */
function merge (target: unknown, patch: unknown): unknown {
  if (patch === null || typeof patch !== 'object' || Array.isArray(patch)) return patch
  const result: Record<string, unknown> = target !== null && typeof target === 'object' && !Array.isArray(target) ? { ...target } : {}
  for (const [key, value] of Object.entries(patch)) if (value === null) delete result[key]; else result[key] = merge(result[key], value)
  return result
}

class FakeStore<T extends KubeObject> implements Store<T> {
  readonly synced = true
  version = 0
  readonly objects = new Map<string, T>()
  readonly #listeners = new Set<(event: StoreEvent<T>) => void>()

  constructor (readonly kind: Kind<T>, private readonly revision: () => number) {}
  get resourceVersion () { return String(this.revision()) }
  get size () { return this.objects.size }
  async ready () {}
  async waitFor () { return true }
  get (name: string, namespace?: string) { return this.objects.get(keyOf({ name, ...(namespace ? { namespace } : {}) })) }
  list (namespace?: string) { return [...this.objects.values()].filter(o => namespace === undefined || o.metadata.namespace === namespace).sort(byName) }
  byCreation (namespace?: string) { return this.list(namespace).sort((a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion)) }
  page (order: 'name' | 'creation', start: number, end: number, namespace?: string) { return (order === 'name' ? this.list(namespace) : this.byCreation(namespace)).slice(start, end) }
  count (namespace?: string) { return this.list(namespace).length }
  index (_name: string, keysOf: (object: T) => readonly string[]): Index<T> {
    const get = (key: string) => this.list().filter(o => keysOf(o).includes(key))
    return { get, count: key => get(key).length }
  }

  subscribe (listener: (event: StoreEvent<T>) => void, { replay = false } = {}) {
    if (replay) for (const object of this.list()) listener({ type: 'added', object })
    this.#listeners.add(listener)
    return () => { this.#listeners.delete(listener) }
  }

  put (object: T) {
    const key = keyOf(object.metadata)
    const previous = this.objects.get(key)
    this.objects.set(key, object)
    this.#tell({ type: previous ? 'updated' : 'added', object, ...(previous ? { previous } : {}) })
  }

  drop (object: T) {
    this.objects.delete(keyOf(object.metadata))
    this.#tell({ type: 'deleted', object, previous: object })
  }

  #tell (event: StoreEvent<T>) {
    this.version++
    for (const listener of this.#listeners) listener(event)
  }
}

/**
 * A Kubernetes in a map, for tests of what stands above it: revisions, conflicts, finalizers and watches are real, admission and schemas are not.
 * Give it the objects that are there at the start, by kind.
 */
export function fakeKube (...start: [Kind<any>, KubeObject[]][]): Kube {
  let revision = 0
  const stores = new Map<string, FakeStore<KubeObject>>()
  const storeOf = <T extends KubeObject>(kind: Kind<T>): FakeStore<T> => {
    const name = qualifiedResource(kind)
    let store = stores.get(name)
    if (!store) stores.set(name, store = new FakeStore<KubeObject>(kind as Kind, () => revision))
    return store as unknown as FakeStore<T>
  }
  const briefStoreOf = <T extends KubeObject>(kind: Kind<T>, brief: Brief): FakeStore<T> => {
    const name = `${qualifiedResource(kind)} (${brief.name})`
    const known = stores.get(name) as unknown as FakeStore<T> | undefined
    if (known) return known
    const store = new FakeStore<T>(kind, () => revision)
    stores.set(name, store as unknown as FakeStore<KubeObject>)
    storeOf(kind).subscribe(({ type, object }) => {
      const kept = brief.of(structuredClone(object)) as T
      if (type === 'deleted') store.drop(kept); else store.put(kept)
    }, { replay: true })
    return store
  }
  const stamp = <T extends KubeObject>(object: T, previous?: T): T => {
    revision++
    const { metadata } = object
    const name = metadata.name || `${metadata.generateName ?? ''}${revision.toString(36).padStart(5, '0')}`
    return structuredClone({ ...object, metadata: { ...metadata, name, uid: previous?.metadata.uid ?? metadata.uid ?? `uid-${revision}`, creationTimestamp: previous?.metadata.creationTimestamp ?? metadata.creationTimestamp ?? new Date().toISOString().replace(/\.\d+Z/, 'Z'), resourceVersion: String(revision) } })
  }
  const transport: KubeTransport = {
    send: () => Promise.reject(new Error('the fake Kubernetes has no wire')),
    upgrade: () => Promise.reject(new Error('the fake Kubernetes has no wire')),
    close: async () => {},
  }

  const kube: Kube = {
    transport,
    store: (kind, { brief } = {}) => brief ? briefStoreOf(kind, brief) : storeOf(kind),
    find: async (kind, { name, namespace }) => storeOf(kind).get(name, namespace),
    async get (kind, ref) {
      const found = await kube.find(kind, ref)
      if (!found) throw notFound(qualifiedResource(kind), ref.name)
      return found
    },
    list: async (kind, { namespace } = {}) => ({ items: [...storeOf(kind).list(namespace)], metadata: { resourceVersion: String(revision) } }),
    async create (kind, object) {
      if (storeOf(kind).get(object.metadata.name, object.metadata.namespace)) throw alreadyExists(qualifiedResource(kind), object.metadata.name)
      const stored = stamp(object)
      storeOf(kind).put(stored)
      return stored
    },
    async update (kind, object) {
      const current = await kube.get(kind, object.metadata)
      if (object.metadata.resourceVersion && object.metadata.resourceVersion !== current.metadata.resourceVersion) throw conflict(qualifiedResource(kind), object.metadata.name)
      const stored = stamp(object, current)
      if (current.metadata.deletionTimestamp && !stored.metadata.finalizers?.length) storeOf(kind).drop(stored)
      else storeOf(kind).put(stored)
      return stored
    },
    updateStatus: (kind, object) => kube.update(kind, object),
    async patch (kind, ref, patch, type = 'merge') {
      if (type !== 'merge' && type !== 'strategic') throw new Error(`the fake Kubernetes has no ${type} patch`)
      return kube.update(kind, merge(await kube.get(kind, ref), patch) as never)
    },
    async delete (kind, ref) {
      const current = await kube.get(kind, ref)
      if (current.metadata.finalizers?.length) storeOf(kind).put(stamp({ ...current, metadata: { ...current.metadata, deletionTimestamp: new Date().toISOString() } }, current))
      else { revision++; storeOf(kind).drop(current) }
    },
    async modify (kind, ref, change) {
      const current = await kube.get(kind, ref)
      const next = change(structuredClone(current))
      return next === undefined ? current : kube.update(kind, next)
    },
  }
  for (const [kind, objects] of start) for (const object of objects) storeOf(kind).put(stamp(object))
  return kube
}
