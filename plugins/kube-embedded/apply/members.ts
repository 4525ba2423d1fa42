import { isRecord, type Json } from '../../../core/sdk/index.js'
import { entryOf, type Entry, type FieldSet } from './field-set.js'
import { fieldIn, type ListNode, type MapNode, type Node } from './nodes.js'
import { fieldElement, fieldName, isKey, type PathElement } from './path-element.js'
import { asList, asMap, formIn, itemElement, namesOf, walk } from './typed.js'

const nothing = (value: unknown): boolean => value === null || (isRecord(value) && namesOf(value).length === 0)

function fieldEntries (map: MapNode, value: Json): FieldSet {
  const set = new Map<PathElement, Entry>()
  for (const name of namesOf(value)) {
    const entry = membersOf(fieldIn(map, name).node, value[name])
    const member = nothing(value[name]) || !map.fields.has(name)
    const whole = entryOf(member || entry?.member === true, entry?.below)
    if (whole) set.set(fieldElement(name), whole)
  }
  return set
}

/** Items that are there twice are owned as a whole. */
function itemEntries (list: ListNode, items: readonly unknown[]): FieldSet {
  const set = new Map<PathElement, Entry>()
  for (const item of items) {
    const element = itemElement(list, item)
    set.set(element, entryOf(true, set.has(element) ? undefined : membersOf(list.element.node, item)?.below) as Entry)
  }
  return set
}

/** What a value names: its leaves, the items of its lists, and the fields of its maps. */
function membersOf (node: Node, value: unknown): Entry | undefined {
  return walk(node, formIn(node, value), {
    scalar: () => entryOf(true, undefined),
    map: map => map.atomic ? entryOf(true, undefined) : entryOf(false, asMap(value) && fieldEntries(map, asMap(value) as Json)),
    list: list => list.atomic ? entryOf(true, undefined) : entryOf(false, asList(value) && itemEntries(list, asList(value) as readonly unknown[])),
  })
}

/** The set of an applied configuration, or of a whole object. */
export const fieldsOf = (node: Node, value: unknown): FieldSet => membersOf(node, value)?.below ?? new Map()

const nodeBelow = (node: Node | undefined, element: PathElement): Node | undefined => {
  const name = fieldName(element)
  if (name !== undefined) return node?.map && fieldIn(node.map, name).node
  return isKey(element) ? node?.list?.element.node : undefined
}

const isNamed = (node: Node | undefined, element: PathElement): boolean => {
  const name = fieldName(element)
  return name !== undefined && node?.map?.fields.has(name) === true
}

/** The set with every declared field in it that it has something below of. */
export function withNamed (set: FieldSet, node: Node | undefined): FieldSet {
  const result = new Map<PathElement, Entry>()
  for (const [element, { member, below }] of set) {
    result.set(element, entryOf(member || isNamed(node, element), below && withNamed(below, nodeBelow(node, element))) as Entry)
  }
  return result
}
