import { entryOf, type Entry, type FieldSet } from './field-set.js'
import { fieldIn, type Field, type ListNode, type MapNode, type Node } from './nodes.js'
import { fieldName, type PathElement } from './path-element.js'

/** Maps of anything are left as they are. */
const isOpen = (map: MapNode): boolean => map.fields.size === 0 && map.element.node.scalar === 'untyped'

function below (set: FieldSet, fieldAt: (element: PathElement) => Field): FieldSet {
  let changed: Map<PathElement, Entry> | undefined
  for (const [element, entry] of set) {
    const next = reconciled(fieldAt(element).node, entry)
    if (next !== entry) (changed ??= new Map(set)).set(element, next)
  }
  return changed ?? set
}

function fieldsOf (map: MapNode, entry: Entry): Entry {
  if (!entry.below || isOpen(map)) return entry
  if (map.atomic) return entryOf(true, undefined) as Entry
  return withBelow(entry, below(entry.below, element => fieldIn(map, fieldName(element) ?? '')))
}

function itemsOf (list: ListNode, entry: Entry): Entry {
  if (!entry.below) return entry
  return list.atomic ? entryOf(true, undefined) as Entry : withBelow(entry, below(entry.below, () => list.element))
}

const withBelow = (entry: Entry, set: FieldSet): Entry => set === entry.below ? entry : entryOf(entry.member, set) as Entry

function reconciled (node: Node, entry: Entry): Entry {
  if (node.map) return fieldsOf(node.map, entry)
  return node.list ? itemsOf(node.list, entry) : entry
}

/** The set as the schema reads today: what became atomic is owned as a whole by whom owned a part. */
export const reconcile = (node: Node, set: FieldSet): FieldSet => set.size === 0 ? set : reconciled(node, { member: false, below: set }).below ?? set
