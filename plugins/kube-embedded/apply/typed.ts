import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import type { ListNode, MapNode, Node, ScalarType } from './nodes.js'
import { keyElement, valueElement, type PathElement } from './path-element.js'

/** How a value of a node is walked. `any`: null where the schema does not tell; walked as a map. */
export type Form = 'map' | 'scalar' | 'list' | 'any'

const formOf = (value: unknown): Form => Array.isArray(value) ? 'list' : isRecord(value) ? 'map' : value === null ? 'any' : 'scalar'

/** The form that the node has for a value; undefined is an absent value, which takes any form. */
export function formIn (node: Node, value: unknown): Form {
  const form = formOf(value)
  if (value !== undefined && form !== 'any' && node[form]) return form
  if (node.map && (node.scalar || node.list)) return 'any'
  return node.map ? 'map' : node.scalar ? 'scalar' : 'list'
}

/** What walks a value, by its form. */
export interface Walker<T> { map (map: MapNode): T, scalar (type: ScalarType): T, list (list: ListNode): T }

export function walk<T> (node: Node, form: Form, walker: Walker<T>): T {
  if (node.map && (form === 'map' || form === 'any')) return walker.map(node.map)
  if (node.scalar && form !== 'list') return walker.scalar(node.scalar)
  return walker.list(node.list as ListNode)
}

/** Nothing where the value is no map. */
export const asMap = (value: unknown): Json | undefined => isRecord(value) ? value : undefined
export const asList = (value: unknown): readonly unknown[] | undefined => Array.isArray(value) ? value : undefined

/** The names of a map's fields; what is undefined is absent. */
export const namesOf = (map: Json | undefined): string[] => map ? Object.keys(map).filter(name => map[name] !== undefined) : []

const quoted = (keys: readonly string[]): string => `[${keys.map(key => JSON.stringify(key)).join(' ')}]`

function keyed (list: ListNode, item: unknown): PathElement {
  if (item === null) throw new Error('associative list with keys may not have a null element')
  if (!isRecord(item)) throw new Error('associative list with keys may not have non-map elements')
  const keys: Json = {}
  for (const name of list.keys) {
    const value = own(item, name) ?? (Object.hasOwn(item, name) && item[name] === null ? null : list.element.node.map?.fields.get(name)?.fallback)
    if (value !== undefined) keys[name] = value
  }
  if (Object.keys(keys).length === 0) throw new Error(`associative list with keys has an element that omits all key fields ${quoted(list.keys)} (and doesn't have default values for any key fields)`)
  return keyElement(keys)
}

function valued (item: unknown): PathElement {
  if (isRecord(item)) throw new Error('associative list without keys has an element that\'s a map type')
  if (Array.isArray(item)) throw new Error('not supported: associative list with lists as elements')
  if (item === null || item === undefined) throw new Error('associative list without keys has an element that\'s an explicit null')
  return valueElement(item)
}

/** What tells an item of a list with keys, or of a set, from the others. An Error where it has nothing that does. */
export const itemElement = (list: ListNode, item: unknown): PathElement => list.keys.length > 0 ? keyed(list, item) : valued(item)
