import { badRequest, isRecord, StatusError, type Json, type KubeObject } from '../../../core/sdk/index.js'
import { current, kept, managerOf, strip, take, type By } from './changes.js'
import { ApplyConflict } from './conflicts.js'
import { remaining, syncLastApplied } from './last-applied.js'
import { decodeManagers, encodeManagers, identityOf, type Managers } from './managers.js'
import { fieldsOf } from './members.js'
import { merge } from './merge.js'
import { rootOf, type Node, type Schema } from './nodes.js'
import { prune } from './prune.js'
import { bare, updated } from './update.js'
import { TypeProblem, validate } from './validate.js'
import { clone, equal } from './values.js'
import { blank, filled } from './zero.js'

export type ApplyBy = By & { readonly force: boolean }

/** What is stored cannot be read as the schema says: nothing that the client could do better. */
const failure = (message: string, cause: unknown): StatusError => new StatusError({ code: 500, reason: 'InternalError', message, cause })

function nameOf ({ apiVersion = '', kind = '', metadata }: KubeObject): string {
  const version = apiVersion.includes('/') ? apiVersion : `/${apiVersion}`
  return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}; ${version}, Kind=${kind}`
}

function checked (node: Node, object: Json, what: string, name: string, duplicates: boolean): void {
  try {
    validate(node, object, { duplicates })
  } catch (error) {
    const message = error instanceof TypeProblem ? `failed to create typed ${what} object (${name}): ${error.message}` : ''
    throw message === '' ? error : what === 'patch' ? badRequest(message) : failure(message, error)
  }
}

function managersOf (live: KubeObject | undefined): Managers {
  try {
    return decodeManagers(live?.metadata?.['managedFields'])
  } catch (error) {
    throw failure(`failed to decode managed fields: ${(error as Error).message}`, error)
  }
}

interface Outcome { readonly object: Json, readonly managers: Managers }

/** One attempt: the merged and pruned object, and who manages what of it. A manager's time moves with the object alone. */
function attempt (node: Node, live: Json, applied: Json, recorded: Managers, by: ApplyBy): Outcome {
  const managers = current(recorded, node, by)
  const self = managerOf(by, true, kept(fieldsOf(node, applied), by))
  const id = identityOf(self)
  const last = managers.get(id)
  managers.set(id, { ...self, time: last?.time })
  const { object, settle } = prune(node, merge(node, live, applied) as Json, managers, last?.set)
  take(managers, node, live, object, by, { self: id, force: by.force })
  const owner = managers.get(id)
  if (owner && !equal(live, object)) managers.set(id, { ...owner, time: by.time })
  strip(managers, id)
  settle()
  return { object, managers }
}

/** kubectl takes over, without force, what it wrote from the client. */
function attemptAs (node: Node, live: Json, applied: Json, recorded: Managers, by: ApplyBy): Outcome {
  try {
    return attempt(node, live, applied, recorded, by)
  } catch (error) {
    if (!(error instanceof ApplyConflict) || by.manager !== 'kubectl') throw error
    const rest = remaining(error, node, live, by.apiVersion)
    if (rest) throw rest
    return attempt(node, live, applied, recorded, { ...by, force: true })
  }
}

/** Whatever is there before anybody applies belongs to one manager who never lets go of it by applying. */
function adopted (schema: Schema, live: KubeObject | undefined, by: By): Managers {
  const managers = managersOf(live)
  if (!live || managers.size > 0) return managers
  const object = filled(schema, bare(live))
  return updated(schema, blank(schema, object), object, managers, { ...by, manager: 'before-first-apply' })
}

function refuse (applied: KubeObject, { apiVersion }: By): void {
  if (Array.isArray(applied.metadata?.['managedFields'])) throw badRequest('metadata.managedFields must be nil')
  if (applied.apiVersion !== apiVersion) throw badRequest(`Incorrect version specified in apply patch. Specified patch version: ${applied.apiVersion ?? ''}, expected: ${apiVersion}`)
}

/**
 * Server-side apply: `live` (undefined: nothing is stored yet) with `applied` in it, as a fresh object with its managedFields. What this manager applied last and not now is taken
 * away where nobody else owns it. Applying the same again answers an object equal to `live`. StatusErrors: 409 an ApplyConflict, unless `force`; 400 what may not be
 * applied; 500, as Kubernetes, for values of the wrong type and items of lists that nothing tells apart.
 */
export function applyObject (schema: Schema, live: KubeObject | undefined, applied: KubeObject, by: ApplyBy): KubeObject {
  refuse(applied, by)
  const node = rootOf(schema)
  const config = bare(applied)
  const before = live ? bare(live) : { apiVersion: applied.apiVersion, kind: applied.kind }
  checked(node, config, 'patch', nameOf(applied), false)
  checked(node, before, 'live', nameOf(live ?? applied), true)
  const { object, managers } = attemptAs(node, before, config, adopted(schema, live, by), by)
  const next = clone(object)
  if (by.manager === 'kubectl') syncLastApplied(next, config)
  return withManagers(next, managers)
}

function withManagers (object: Json, managers: Managers): KubeObject {
  const managedFields = encodeManagers(managers)
  const metadata = isRecord(object['metadata']) ? object['metadata'] : {}
  return { ...object, metadata: managedFields ? { ...metadata, managedFields } : metadata } as unknown as KubeObject
}
