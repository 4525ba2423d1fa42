import { isDeepStrictEqual } from 'node:util'
import { alreadyExists, conflict, notFound, type DeleteOptions, type KubeObject } from '../../core/sdk/index.js'
import { admitCreate, admitStatus, admitUpdate, fitName, fitNamespace, generatedName, isImmortal, isNamespaces, requireNamespace, type WriteOptions } from './admission.js'
import { copyOf, keyOf, timestamp, type Context } from './context.js'
import { cleanupFinalizer, isDefinition, markTerminating } from './definitions.js'
import type { Draft, KindRow } from './kinds/types.js'
import { apiVersion, refused, resourceName } from './status.js'
import type { Entry, Mutation } from './storage/types.js'

/** Where an object is: its row, '' or its namespace, its name. */
export interface Place { readonly row: KindRow, readonly namespace: string, readonly name: string }

/** A write without a caller to warn. */
export const silent = (): WriteOptions => ({ fieldValidation: 'Ignore', dryRun: false, warnings: [] })

const preview = (key: string, current: Entry | undefined, object: KubeObject): Entry =>
  ({ key, revision: current?.revision ?? 0, object, json: Buffer.from(JSON.stringify(object)) })

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
  if (isFinished(row, next)) return { remove: next }
  return isDeepStrictEqual(next, JSON.parse(current.json.toString('utf8'))) ? { keep: true } : { put: next }
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

function create (context: Context, { row, namespace, name }: Place, draft: Draft, current: Entry | undefined, options: WriteOptions): Mutation {
  requireNamespace(context, row, namespace, name)
  if (current) throw alreadyExists(resourceName(row), name)
  return { put: admitCreate(context, row, draft, options) }
}

/** Makes the next draft from the stored object, in the version of the row. */
export type Change = (stored: Draft) => Draft

export const storedDraft = (row: KindRow, entry: Entry): Draft => {
  const draft = copyOf<Draft>(entry)
  draft.apiVersion = apiVersion(row)
  return draft
}

/** Changes what is there; 404 where nothing is. `status` changes only the status. */
export async function changeObject (context: Context, place: Place, change: Change, options: WriteOptions, part: 'all' | 'status' = 'all'): Promise<Entry> {
  const { row, namespace, name } = place
  const admit = part === 'status' ? admitStatus : admitUpdate
  const entry = await commit(context, row, keyOf(row, namespace, name), options.dryRun, current => {
    if (!current) throw notFound(resourceName(row), name)
    const draft = change(storedDraft(row, current))
    fitName(draft, name)
    fitNamespace(row, draft, namespace)
    return settle(row, admit(context, row, draft, current.object, options), current)
  })
  return entry!
}

/** Changes what is there or creates it; `created` tells which. */
export async function applyObject (context: Context, place: Place, change: (stored: Draft | undefined) => Draft, options: WriteOptions): Promise<{ entry: Entry, created: boolean }> {
  const { row, namespace, name } = place
  let created = false
  const entry = await commit(context, row, keyOf(row, namespace, name), options.dryRun, current => {
    created = !current
    const draft = change(current && storedDraft(row, current))
    fitName(draft, name)
    fitNamespace(row, draft, namespace)
    return current ? settle(row, admitUpdate(context, row, draft, current.object, options), current) : create(context, place, draft, current, options)
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
  const kept = propagationPolicy ? finalizers.filter(finalizer => !policyFinalizers.includes(finalizer)) : [...finalizers]
  if (propagationPolicy === 'Orphan') kept.push('orphan')
  if (propagationPolicy === 'Foreground') kept.push('foregroundDeletion')
  if (isDefinition(row) && !kept.includes(cleanupFinalizer)) kept.push(cleanupFinalizer)
  return kept
}

function checkPreconditions (row: KindRow, { metadata: { name, uid, resourceVersion } }: KubeObject, { preconditions = {} }: Removal) {
  if (preconditions.uid !== undefined && preconditions.uid !== uid) throw conflict(resourceName(row), name, `the UID in the precondition (${preconditions.uid}) does not match the UID in record (${uid ?? ''}). The object might have been deleted and then recreated`)
  if (preconditions.resourceVersion !== undefined && preconditions.resourceVersion !== resourceVersion) throw conflict(resourceName(row), name, `the ResourceVersion in the precondition (${preconditions.resourceVersion}) does not match the ResourceVersion in record (${resourceVersion ?? ''}). The object might have been modified`)
}

/** The object as it waits for its finalizers. */
function ending (context: Context, row: KindRow, draft: Draft, finalizers: string[]): Draft {
  const { metadata } = draft
  if (!metadata.deletionTimestamp) {
    metadata.deletionTimestamp = timestamp(context.now())
    metadata['deletionGracePeriodSeconds'] = 0
    if (metadata.generation !== undefined) metadata.generation++
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
  const entry = await commit(context, row, keyOf(row, namespace, name), removal.dryRun ?? false, current => {
    if (!current) throw notFound(resourceName(row), name)
    if (isImmortal(row, name)) throw refused(row, name, 'this namespace may not be deleted')
    checkPreconditions(row, current.object, removal)
    const draft = copyOf<Draft>(current)
    const next = ending(context, row, draft, finalizersAfter(row, draft.metadata, removal))
    gone = isFinished(row, next)
    if (isNamespaces(row) && !removal.dryRun && !context.terminating.has(name)) {
      context.terminating.add(name)
      closed = true
    }
    return gone ? { remove: copyOf(current) } : settle(row, next, current)
  }).catch((error: unknown) => {
    if (closed) context.terminating.delete(name)
    throw error
  })
  return { entry: entry!, gone }
}
