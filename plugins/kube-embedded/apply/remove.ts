import type { Json } from '../../../core/sdk/index.js'
import type { FieldSet } from './field-set.js'
import { fieldIn, type ListNode, type MapNode, type Node } from './nodes.js'
import { fieldElement } from './path-element.js'
import { asList, asMap, formIn, itemElement, namesOf, walk } from './typed.js'
import { put } from './values.js'

/** Told of every field that has lost all that was in it. */
type Emptied = (map: Json, name: string) => void

function removeFields (map: MapNode, value: Json, set: FieldSet, emptied: Emptied): Json | null {
  const rest: Json = {}
  for (const name of namesOf(value)) {
    const entry = set.get(fieldElement(name))
    if (entry?.member) continue
    put(rest, name, entry?.below ? remove(fieldIn(map, name).node, value[name], entry.below, emptied) : value[name])
    if (rest[name] === null && value[name] !== null) emptied(rest, name)
  }
  return Object.keys(rest).length > 0 ? rest : null
}

function removeItems (list: ListNode, items: readonly unknown[], set: FieldSet, emptied: Emptied): unknown[] | null {
  const rest: unknown[] = []
  for (const item of items) {
    const entry = set.get(itemElement(list, item))
    if (entry?.member) continue
    const left = entry?.below ? remove(list.element.node, item, entry.below, emptied) : item
    if (left !== null) rest.push(left)
  }
  return rest.length > 0 ? rest : null
}

/** The value without the fields and items of a set. A map or list that has lost everything is null. */
export function remove (node: Node, value: unknown, set: FieldSet, emptied: Emptied = () => {}): unknown {
  if (set.size === 0) return value
  return walk(node, formIn(node, value), {
    scalar: () => value,
    map: map => map.atomic || !asMap(value) ? null : removeFields(map, asMap(value) as Json, set, emptied),
    list: list => list.atomic || !asList(value) ? null : removeItems(list, asList(value) as readonly unknown[], set, emptied),
  })
}
