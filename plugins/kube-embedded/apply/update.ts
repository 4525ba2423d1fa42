import { isRecord, type Json, type KubeObject } from '../../../core/sdk/index.js'
import { current, give, take, type By } from './changes.js'
import { capUpdaters, decodeManagers, encodeManagers, type ManagedFieldsEntry, type Managers } from './managers.js'
import { rootOf, type Schema } from './nodes.js'
import { TypeProblem, validate } from './validate.js'
import { blank, filled } from './zero.js'

/** An object without its managedFields, which do not manage themselves. */
export function bare (object: KubeObject): Json {
  if (!Object.hasOwn(object.metadata ?? {}, 'managedFields')) return object as unknown as Json
  const { managedFields: _, ...metadata } = object.metadata
  return { ...object, metadata }
}

/** As recorded before and as written now: `managers` after an update by one of them. */
export function updated (schema: Schema, before: Json, after: Json, managers: Managers, by: By): Managers {
  const node = rootOf(schema)
  for (const object of [after, before]) validate(node, object, { duplicates: true })
  const next = current(managers, node, by)
  give(next, take(next, node, before, after, by, { force: true }), by)
  capUpdaters(next)
  return next
}

const sentFields = (object: KubeObject | undefined): unknown => object?.metadata?.['managedFields']

function decoded (entries: unknown): Managers | undefined {
  try {
    return decodeManagers(entries)
  } catch {
    return undefined
  }
}

const isReset = (entries: unknown): boolean =>
  Array.isArray(entries) && (entries.length === 0 || (entries.length === 1 && isRecord(entries[0]) && Object.keys(entries[0]).length === 0))

/** A client may change managedFields through the object itself, never through a subresource; what cannot be read does not count. */
function recorded (live: KubeObject | undefined, next: KubeObject, { subresource }: By): Managers {
  const sent = subresource ? undefined : sentFields(next)
  if (isReset(sent)) return new Map()
  const managers = decoded(sent)
  return managers?.size ? managers : decoded(sentFields(live)) ?? new Map()
}

/**
 * The managedFields of `next`, by whatever it is written but apply; `live` is what was stored before, undefined for a create. undefined where there are none to store.
 * What the client sent in `next.metadata.managedFields` counts: none keeps those of `live`; `[]` or `[{}]` drops all and records nothing, this write included.
 */
export function trackUpdate (schema: Schema, live: KubeObject | undefined, next: KubeObject, by: By): ManagedFieldsEntry[] | undefined {
  const managers = recorded(live, next, by)
  if (managers.size === 0 && live) return undefined
  const after = filled(schema, bare(next))
  try {
    return encodeManagers(updated(schema, live ? filled(schema, bare(live)) : blank(schema, after), after, managers, by))
  } catch (error) {
    // As Kubernetes: an object that does not have its types is stored without managers.
    if (error instanceof TypeProblem) return undefined
    throw error
  }
}
