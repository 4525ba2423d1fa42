import { isDeepStrictEqual } from 'node:util'
import { StatusError, alreadyExists, conflict, notFound, type DeleteOptions, type KubeObject } from '../../core/sdk/index.js'
import { admitCreate, admitStatus, admitUpdate, fitName, fitNamespace, generatedName, isImmortal, isNamespaces, requireNamespace, type Part, type WriteOptions } from './admission.js'
import { copyOf, keyOf, timestamp, type Context } from './context.js'
import { cleanupFinalizer, isDefinition, markTerminating } from './definitions.js'
import type { Draft, KindRow } from './kinds/types.js'
import { protections } from './kinds/volumes.js'
import { kindName, refused, resourceName } from './status.js'
import { shownEntry } from './storage/entry.js'
import type { Entry, Mutation } from './storage/types.js'
import { inVersion } from './versions.js'

/** Where an object is: its row, '' or its namespace, its name. */
export interface Place { readonly row: KindRow, readonly namespace: string, readonly name: string }

/** A write without a caller to warn. */
export const silent = (): WriteOptions => ({ fieldValidation: 'Ignore', dryRun: false, warnings: [], problems: [], manager: '' })

const preview = (key: string, current: Entry | undefined, object: KubeObject): Entry =>
  shownEntry(key, current?.revision ?? 0, object)

/** Runs `decide` as the storage does; a dry run leaves all as it is and answers what would have been. */
async function commit ({ storage }: Context, row: KindRow, key: string, dryRun: boolean, decide: (current: Entry | undefined) => Mutation): Promise<Entry | undefined> {
  let would: Entry | undefined
  const entry = await storage.write(row.bucket, key, current => {
    const mutation = decide(current)
    if (!dryRun) return mutation
    would = 'keep' in mutation ? current : preview(key, current, 'put' in mutation ? mutation.put : mutation.remove)
    return { keep: true }
  })
  return dryRun ? would : entry
}

const isFinished = (row: KindRow, object: KubeObject) => {
  const { metadata, spec } = object as KubeObject & { spec?: { finalizers?: string[] } }
  return metadata.deletionTimestamp !== undefined && !metadata.finalizers?.length && !(isNamespaces(row) && spec?.finalizers?.length)
}

/** Puts the next state, or removes an object on its end whose last finalizer has gone, or writes nothing. */
function settle (row: KindRow, next: KubeObject, current: Entry): Mutation {
  // Watchers see what was stored, as it was before its last finalizer went.
  if (isFinished(row, next)) return { remove: copyOf(current) }
  return isDeepStrictEqual(next, copyOf(current)) ? { keep: true } : { put: next }
}

const attempts = 8

/** Creates an object; with generateName, tries other names while they are taken. */
export async function createObject (context: Context, row: KindRow, namespace: string, draft: Draft, options: WriteOptions): Promise<Entry> {
  fitNamespace(row, draft, namespace)
  const { name, generateName } = draft.metadata
  const generated = name === '' && !!generateName
  for (let attempt = 1; ; attempt++) {
    const fresh = generated ? structuredClone(draft) : draft
    if (generated) fresh.metadata.name = generatedName(generateName)
    try {
      return await createNamed(context, { row, namespace, name: fresh.metadata.name }, fresh, options)
    } catch (error) {
      if (!generated || attempt === attempts || (error as { reason?: string }).reason !== 'AlreadyExists') throw error
    }
  }
}

async function createNamed (context: Context, place: Place, draft: Draft, options: WriteOptions): Promise<Entry> {
  const { row, namespace, name } = place
  const entry = await commit(context, row, keyOf(row, namespace, name), options.dryRun, current => create(context, place, draft, current, options))
  return entry!
}

function stillThere (row: KindRow, name: string): StatusError {
  const { code, reason, details } = alreadyExists(resourceName(row), name)
  return new StatusError({ code, reason, ...(details ? { details } : {}), message: `object is being deleted: ${resourceName(row)} "${name}" already exists` })
}

function create (context: Context, { row, namespace, name }: Place, draft: Draft, current: Entry | undefined, options: WriteOptions): Mutation {
  requireNamespace(context, row, namespace, name)
  const put = admitCreate(context, row, draft, options)
  if (current) throw current.object.metadata.deletionTimestamp ? stillThere(row, name) : alreadyExists(resourceName(row), name)
  return { put }
}

/** Makes the next draft from the stored object, in the version of the row. */
export type Change = (stored: Draft) => Draft

export const storedDraft = (row: KindRow, entry: Entry): Draft => inVersion(row, copyOf(entry)) as Draft

/** Changes what is there; 404 where nothing is. `status` changes only the status. */
export async function changeObject (context: Context, place: Place, change: Change, options: WriteOptions, part: Part = 'all'): Promise<Entry> {
  const { row, namespace, name } = place
  const admit = part === 'all' ? admitUpdate : admitStatus
  let last: KubeObject | undefined
  const entry = await commit(context, row, keyOf(row, namespace, name), options.dryRun, current => {
    if (!current) throw notFound(resourceName(row), name)
    const draft = change(storedDraft(row, current))
    fitName(draft, name)
    fitNamespace(row, draft, namespace)
    const next = admit(context, row, draft, current.object, part === 'all' ? options : { ...options, subresource: part })
    last = isFinished(row, next) ? next : undefined
    return settle(row, next, current)
  })
  return last ? answered(entry!, last) : entry!
}

/** What is answered of an object that has gone by the write: its last state. */
function answered ({ key, revision }: Entry, object: KubeObject): Entry {
  const last = { ...object, metadata: { ...object.metadata, resourceVersion: String(revision) } }
  return shownEntry(key, revision, last)
}

/** Changes what is there or creates it; `created` tells which. */
export async function applyObject (context: Context, place: Place, change: (stored: Draft | undefined) => Draft, options: WriteOptions, part: Part = 'all'): Promise<{ entry: Entry, created: boolean }> {
  const { row, namespace, name } = place
  const admit = part === 'all' ? admitUpdate : admitStatus
  let created = false
  const entry = await commit(context, row, keyOf(row, namespace, name), options.dryRun, current => {
    created = !current
    if (!current && part !== 'all') throw notFound(resourceName(row), name)
    const draft = change(current && storedDraft(row, current))
    fitName(draft, name)
    fitNamespace(row, draft, namespace)
    if (!current) return create(context, place, draft, current, options)
    return settle(row, admit(context, row, draft, current.object, options), current)
  })
  return { entry: entry!, created }
}

/** Changes metadata, spec.finalizers or status as a controller does: no admission. Nothing happens where `change` answers undefined or nothing is there. */
export async function adjustObject (context: Context, { row, namespace, name }: Place, change: (draft: Draft) => Draft | undefined): Promise<Entry | undefined> {
  return commit(context, row, keyOf(row, namespace, name), false, current => {
    const next = current && change(copyOf<Draft>(current))
    return next ? settle(row, next, current) : { keep: true }
  })
}

export interface Removal extends DeleteOptions { readonly dryRun?: boolean }

const policyFinalizers = ['orphan', 'foregroundDeletion']

function finalizersAfter (row: KindRow, { finalizers = [] }: KubeObject['metadata'], { propagationPolicy }: Removal): string[] {
  const own = finalizers.filter(finalizer => !protections.includes(finalizer))
  const kept = propagationPolicy ? own.filter(finalizer => !policyFinalizers.includes(finalizer)) : own
  if (propagationPolicy === 'Orphan') kept.push('orphan')
  if (propagationPolicy === 'Foreground') kept.push('foregroundDeletion')
  if (isDefinition(row) && !kept.includes(cleanupFinalizer)) kept.push(cleanupFinalizer)
  return kept
}

function checkPreconditions (row: KindRow, { metadata: { name, uid, resourceVersion } }: KubeObject, { preconditions = {} }: Removal) {
  if (preconditions.uid !== undefined && preconditions.uid !== uid) throw conflict(kindName(row), name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid ?? ''}). The object might have been deleted and then recreated`)
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) throw conflict(kindName(row), name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion ?? ''}). The object might have been modified`)
}

type Running = Draft & { spec?: { nodeName?: string, terminationGracePeriodSeconds?: number }, status?: { phase?: string } }

/** How long an object may take to end, in seconds: a Pod on a node as long as it says, all else no time. */
function graceOf (row: KindRow, { metadata, spec, status }: Running, { gracePeriodSeconds }: Removal): number {
  if (row.group !== '' || row.resource !== 'pods' || !spec?.nodeName || status?.phase === 'Succeeded' || status?.phase === 'Failed') return 0
  const asked = gracePeriodSeconds ?? spec.terminationGracePeriodSeconds ?? 30
  const before = metadata['deletionGracePeriodSeconds']
  return Math.min(asked < 0 ? 1 : asked, typeof before === 'number' ? before : Infinity)
}

const isOver = ({ metadata }: KubeObject): boolean => !metadata['deletionGracePeriodSeconds']

/** The object as it waits for its finalizers, and for its own end. */
function ending (context: Context, row: KindRow, draft: Draft, removal: Removal): Draft {
  const { metadata } = draft
  const finalizers = finalizersAfter(row, metadata, removal)
  const grace = graceOf(row, draft, removal)
  if (!metadata.deletionTimestamp && metadata.generation !== undefined) metadata.generation++
  if (!metadata.deletionTimestamp || grace < Number(metadata['deletionGracePeriodSeconds'] ?? 0)) {
    metadata.deletionTimestamp = timestamp(context.now() + grace * 1000)
    if (!isNamespaces(row)) metadata['deletionGracePeriodSeconds'] = grace
  }
  if (finalizers.length) metadata.finalizers = finalizers
  else delete metadata.finalizers
  if (isNamespaces(row)) draft['status'] = { ...draft['status'] as object, phase: 'Terminating' }
  if (isDefinition(row)) markTerminating(draft, context.now())
  return draft
}

/** Deletes an object, or marks it and leaves the rest to its finalizers: `gone` tells which. */
export async function removeObject (context: Context, place: Place, removal: Removal = {}): Promise<{ entry: Entry, gone: boolean }> {
  const { row, namespace, name } = place
  let gone = false
  let closed = false
  let last: KubeObject | undefined
  const entry = await commit(context, row, keyOf(row, namespace, name), removal.dryRun ?? false, current => {
    if (!current) throw notFound(resourceName(row), name)
    if (isImmortal(row, name)) throw refused(row, name, 'this namespace may not be deleted')
    checkPreconditions(row, current.object, removal)
    const draft = copyOf<Draft>(current)
    const next = ending(context, row, draft, removal)
    gone = isFinished(row, next) && isOver(next)
    last = gone ? next : undefined
    if (isNamespaces(row) && !removal.dryRun && !context.terminating.has(name)) {
      context.terminating.add(name)
      closed = true
    }
    return gone ? { remove: copyOf(current) } : isOver(next) ? settle(row, next, current) : { put: next }
  }).catch((error: unknown) => {
    if (closed) context.terminating.delete(name)
    throw error
  })
  return { entry: last && !removal.dryRun ? answered(entry!, last) : entry!, gone }
}
