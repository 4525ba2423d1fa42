import type { KubeObject, OwnerReference } from '../../../core/sdk/index.js'
import { keyOf, type Context } from '../context.js'
import type { Draft, KindRow } from '../kinds/types.js'
import { adjustObject, removeObject, type Place } from '../writes.js'
import type { Listener } from './changes.js'
import { Queue } from './queue.js'

/** Where an object is, as one text: the bucket, its namespace and its name. */
type Id = string
const idOf = (row: KindRow, { metadata }: KubeObject): Id => `${row.bucket} ${metadata.namespace ?? ''} ${metadata.name}`

/** Who depends on whom, by uid. */
class Dependents {
  readonly #byOwner = new Map<string, Set<Id>>()
  readonly #owners = new Map<Id, readonly string[]>()

  set (id: Id, owners: readonly string[]) {
    for (const uid of this.#owners.get(id) ?? []) {
      const ids = this.#byOwner.get(uid)
      ids?.delete(id)
      if (ids?.size === 0) this.#byOwner.delete(uid)
    }
    if (owners.length) this.#owners.set(id, owners)
    else this.#owners.delete(id)
    for (const uid of owners) this.#byOwner.set(uid, (this.#byOwner.get(uid) ?? new Set()).add(id))
  }

  of (uid: string): readonly Id[] { return [...this.#byOwner.get(uid) ?? []] }
}

const waiting = (object: KubeObject, finalizer: string) => object.metadata.deletionTimestamp !== undefined && object.metadata.finalizers?.includes(finalizer) === true

/**
 * Deletes what nobody owns any more and serves the finalizers `orphan` and `foregroundDeletion`.
 * An owner counts only with its uid: another object under the same name is another owner.
 */
export function garbageCollector (context: Context): { listener: Listener, queue: Queue } {
  const dependents = new Dependents()
  const queue = new Queue('garbage', id => collect(context, dependents, id), context.log)
  const seen = (row: KindRow, object: KubeObject) => {
    const id = idOf(row, object)
    const owners = object.metadata.ownerReferences ?? []
    dependents.set(id, owners.map(({ uid }) => uid))
    if (owners.length || waiting(object, 'orphan') || waiting(object, 'foregroundDeletion')) queue.add(id)
  }
  const listener: Listener = {
    found: (row, { object }) => { seen(row, object) },
    changed: (row, { type, entry: { object } }) => {
      if (type === 'put') return seen(row, object)
      dependents.set(idOf(row, object), [])
      for (const id of dependents.of(object.metadata.uid ?? '')) queue.add(id)
      // A dependent that has gone may have been the last for which its owner waits.
      for (const owner of object.metadata.ownerReferences ?? []) {
        const place = ownerOf(context, owner, object.metadata.namespace ?? '')
        if (place) queue.add(`${place.row.bucket} ${place.row.namespaced ? place.namespace : ''} ${place.name}`)
      }
    },
  }
  return { listener, queue }
}

function placeOf ({ rows }: Context, id: Id): Place | undefined {
  // Names of RBAC kinds may have spaces, buckets and namespaces have none.
  const [bucket = '', namespace = '', ...name] = id.split(' ')
  const row = rows.buckets().get(bucket)
  return row && { row, namespace, name: name.join(' ') }
}

const load = ({ storage }: Context, { row, namespace, name }: Place) => storage.get(row.bucket, keyOf(row, namespace, name))?.object

function ownerOf ({ rows }: Context, { apiVersion, kind, name }: OwnerReference, namespace: string): Place | undefined {
  const row = rows.ofKind(apiVersion, kind)
  return row && { row, namespace: row.namespaced ? namespace : '', name }
}

/** What is known of an owner: `unknown` where its kind is not served. */
function stateOf (context: Context, reference: OwnerReference, namespace: string): 'there' | 'waits' | 'absent' | 'unknown' {
  const place = ownerOf(context, reference, namespace)
  if (!place) return 'unknown'
  const owner = load(context, place)
  if (!owner || owner.metadata.uid !== reference.uid) return 'absent'
  return waiting(owner, 'foregroundDeletion') ? 'waits' : 'there'
}

async function collect (context: Context, dependents: Dependents, id: Id): Promise<void> {
  const place = placeOf(context, id)
  const object = place && load(context, place)
  if (!object) return
  if (waiting(object, 'orphan')) return orphan(context, dependents, place, object)
  if (waiting(object, 'foregroundDeletion')) return foreground(context, dependents, place, object)
  const { ownerReferences = [], namespace = '', deletionTimestamp, uid } = object.metadata
  if (deletionTimestamp || ownerReferences.length === 0) return
  const states = ownerReferences.map(reference => stateOf(context, reference, namespace))
  if (states.every(state => state === 'absent')) return drop(context, place, uid)
  if (states.every(state => state === 'absent' || state === 'waits')) return drop(context, place, uid, 'Foreground')
  if (!states.includes('absent')) return
  const lost = new Set(ownerReferences.filter((_, i) => states[i] === 'absent').map(reference => reference.uid))
  await adjustObject(context, place, draft => withoutOwners(draft, lost))
}

async function drop (context: Context, place: Place, uid: string | undefined, propagationPolicy: 'Background' | 'Foreground' = 'Background'): Promise<void> {
  await removeObject(context, place, { propagationPolicy, preconditions: uid ? { uid } : {} }).catch((error: { code?: number }) => {
    if (error.code !== 404 && error.code !== 409) throw error
  })
}

function withoutOwners (draft: Draft, uids: ReadonlySet<string>): Draft | undefined {
  const before = draft.metadata.ownerReferences ?? []
  const after = before.filter(({ uid }) => !uids.has(uid))
  if (after.length === before.length) return undefined
  if (after.length) draft.metadata.ownerReferences = after
  else delete draft.metadata.ownerReferences
  return draft
}

const withoutFinalizer = (draft: Draft, finalizer: string): Draft | undefined => {
  const { finalizers = [] } = draft.metadata
  if (!finalizers.includes(finalizer)) return undefined
  const left = finalizers.filter(name => name !== finalizer)
  if (left.length) draft.metadata.finalizers = left
  else delete draft.metadata.finalizers
  return draft
}

async function orphan (context: Context, dependents: Dependents, place: Place, { metadata: { uid = '' } }: KubeObject): Promise<void> {
  for (const id of dependents.of(uid)) {
    const dependent = placeOf(context, id)
    if (dependent) await adjustObject(context, dependent, draft => withoutOwners(draft, new Set([uid])))
  }
  await adjustObject(context, place, draft => draft.metadata.uid === uid ? withoutFinalizer(draft, 'orphan') : undefined)
}

async function foreground (context: Context, dependents: Dependents, place: Place, { metadata: { uid = '' } }: KubeObject): Promise<void> {
  let blocked = false
  for (const id of dependents.of(uid)) {
    const dependent = placeOf(context, id)
    const object = dependent && load(context, dependent)
    if (!object) continue
    await collect(context, dependents, id)
    const now = load(context, dependent)
    if (now?.metadata.ownerReferences?.some(owner => owner.uid === uid && owner.blockOwnerDeletion === true)) blocked = true
  }
  if (!blocked) await adjustObject(context, place, draft => draft.metadata.uid === uid ? withoutFinalizer(draft, 'foregroundDeletion') : undefined)
}
