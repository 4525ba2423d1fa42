import { isRecord, type Json } from '../../../core/sdk/index.js'
import { decodeElement, elementText, sortElements, type PathElement } from './path-element.js'
import { put } from './values.js'

/** Whether a path itself is in a set, and what of the paths below it. */
export interface Entry { readonly member: boolean, readonly below: FieldSet | undefined }
/** A set of paths. Every entry is in it or has something below, so an empty map is the empty set. Shared, never changed once made. */
export type FieldSet = ReadonlyMap<PathElement, Entry>

export const noFields: FieldSet = new Map()
const leaf: Entry = { member: true, below: undefined }

/** An entry where there is anything in it. */
export function entryOf (member: boolean, below: FieldSet | undefined): Entry | undefined {
  const rest = below?.size ? below : undefined
  return rest ? { member, below: rest } : member ? leaf : undefined
}

/** The set made of what `change` leaves of every entry. */
function mapped (set: FieldSet, change: (entry: Entry, element: PathElement) => Entry | undefined): FieldSet {
  const result = new Map<PathElement, Entry>()
  for (const [element, entry] of set) {
    const next = change(entry, element)
    if (next) result.set(element, next)
  }
  return result
}

export const unionEntries = (a: Entry | undefined, b: Entry | undefined): Entry | undefined =>
  a && b ? { member: a.member || b.member, below: a.below && b.below ? union(a.below, b.below) : a.below ?? b.below } : a ?? b

export function union (a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || a === b) return b
  if (b.size === 0) return a
  const result = new Map(a)
  for (const [element, entry] of b) result.set(element, unionEntries(result.get(element), entry) as Entry)
  return result
}

export function intersection (a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || b.size === 0) return noFields
  return mapped(a, (entry, element) => {
    const other = b.get(element)
    return other && entryOf(entry.member && other.member, entry.below && other.below && intersection(entry.below, other.below))
  })
}

/** What is in `a` and not in `b`; what is below a path of `b` stays. */
export function difference (a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || b.size === 0) return a
  return mapped(a, (entry, element) => {
    const other = b.get(element)
    return other ? entryOf(entry.member && !other.member, entry.below && (other.below ? difference(entry.below, other.below) : entry.below)) : entry
  })
}

/** What is in `a` and neither in `b` nor below a path of `b`. */
export function without (a: FieldSet, b: FieldSet): FieldSet {
  if (a.size === 0 || b.size === 0) return a
  return mapped(a, (entry, element) => {
    const other = b.get(element)
    if (!other) return entry
    return other.member ? undefined : entryOf(entry.member, entry.below && other.below && without(entry.below, other.below))
  })
}

export function equalSets (a: FieldSet, b: FieldSet): boolean {
  if (a === b) return true
  if (a.size !== b.size) return false
  for (const [element, entry] of a) {
    const other = b.get(element)
    if (!other || other.member !== entry.member || !equalSets(entry.below ?? noFields, other.below ?? noFields)) return false
  }
  return true
}

/** A set of paths of fields. */
export const fieldsAt = (paths: readonly (readonly string[])[]): FieldSet =>
  paths.reduce<FieldSet>((set, path) => union(set, path.reduceRight<FieldSet | undefined>((below, name) => new Map([[`f:${name}`, entryOf(below === undefined, below) as Entry]]), undefined) ?? noFields), noFields)

/** The paths as people read them, those of one level before those below. */
export function * textsOf (set: FieldSet, prefix = ''): Generator<string> {
  const elements = sortElements(set.keys())
  for (const element of elements) if (set.get(element)?.member) yield prefix + elementText(element)
  for (const element of elements) {
    const below = set.get(element)?.below
    if (below) yield * textsOf(below, prefix + elementText(element))
  }
}

/** The set as FieldsV1, its keys in the order that Kubernetes writes. */
export function encodeFields (set: FieldSet, fields: Json = {}): Json {
  for (const element of sortElements(set.keys())) {
    const { member, below } = set.get(element) as Entry
    put(fields, element, below ? encodeFields(below, member ? { '.': {} } : {}) : {})
  }
  return fields
}

function decodeEntry (fields: unknown): Entry | undefined {
  if (fields === null) return leaf
  if (!isRecord(fields)) throw new Error('a field of FieldsV1 must be an object')
  const below = decodeFields(fields)
  return entryOf(below.size === 0 || Object.hasOwn(fields, '.'), below)
}

/** Reads FieldsV1; path elements of unknown types are left out, malformed ones throw an Error. */
export function decodeFields (fields: Json): FieldSet {
  const set = new Map<PathElement, Entry>()
  for (const key of Object.keys(fields)) {
    const element = key === '.' ? undefined : decodeElement(key)
    const entry = element === undefined ? undefined : decodeEntry(fields[key])
    if (element !== undefined && entry) set.set(element, unionEntries(set.get(element), entry) as Entry)
  }
  return set
}
