import { own } from '../../../core/sdk/index.js'
import { entryOf, noFields, unionEntries, type Entry, type FieldSet } from './field-set.js'
import { fieldIn, type ListNode, type MapNode, type Node } from './nodes.js'
import { fieldElement, type PathElement } from './path-element.js'
import { asList, asMap, formIn, itemElement, namesOf, walk, type Form } from './typed.js'
import { isScalarOf } from './validate.js'
import { equal } from './values.js'

/** What differs between two values; no path is in two of the sets. */
export interface Comparison { readonly added: FieldSet, readonly modified: FieldSet, readonly removed: FieldSet }

const parts = ['added', 'modified', 'removed'] as const
type Part = typeof parts[number]
type Change = Partial<Record<Part, Entry>> | undefined
type Sets = Partial<Record<Part, Map<PathElement, Entry>>>

const member = entryOf(true, undefined) as Entry

function joined (a: Change, b: Change): Change {
  if (!a || !b) return a ?? b
  const change: NonNullable<Change> = {}
  for (const part of parts) {
    const entry = unionEntries(a[part], b[part])
    if (entry) change[part] = entry
  }
  return change
}

/** Collects what changed below one path. */
class Below {
  #sets: Sets | undefined

  add (element: PathElement, change: Change): void {
    if (!change) return
    this.#sets ??= {}
    for (const part of parts) {
      const entry = change[part]
      if (!entry) continue
      const set = this.#sets[part] ??= new Map()
      set.set(element, unionEntries(set.get(element), entry) as Entry)
    }
  }

  get change (): Change {
    if (!this.#sets) return undefined
    const change: NonNullable<Change> = {}
    for (const part of parts) {
      const entry = entryOf(false, this.#sets[part])
      if (entry) change[part] = entry
    }
    return change
  }
}

const wholly = (before: unknown, after: unknown): Change => before === undefined ? { added: member } : after === undefined ? { removed: member } : undefined

const leafChange = (before: unknown, after: unknown): Change => wholly(before, after) ?? (equal(before, after) ? undefined : { modified: member })

function fieldChanges (map: MapNode, before: unknown, after: unknown): Change {
  const lhs = asMap(before); const rhs = asMap(after)
  const names = namesOf(lhs); const others = namesOf(rhs)
  if (map.atomic || (names.length === 0 && others.length === 0)) return leafChange(before, after)
  const below = new Below()
  for (const name of names) below.add(fieldElement(name), changeOf(fieldIn(map, name).node, lhs?.[name], rhs && own(rhs, name)))
  for (const name of others) if (!lhs || own(lhs, name) === undefined) below.add(fieldElement(name), changeOf(fieldIn(map, name).node, undefined, rhs?.[name]))
  return joined(below.change, wholly(before, after))
}

function grouped (list: ListNode, items: readonly unknown[]): Map<PathElement, unknown[]> {
  const groups = new Map<PathElement, unknown[]>()
  for (const item of items) {
    const element = itemElement(list, item)
    const group = groups.get(element)
    if (group) group.push(item)
    else groups.set(element, [item])
  }
  return groups
}

/** An item that is there more than once is one leaf, marked at its path. */
function itemChange (list: ListNode, before: readonly unknown[], after: readonly unknown[]): Change {
  const node = list.element.node
  if (before.length > 1 && after.length > 1) return equal(before, after) ? undefined : { modified: member }
  if (before.length > 1) return joined(after.length ? changeOf(node, undefined, after[0]) : undefined, { removed: member })
  if (after.length > 1) return joined(before.length ? changeOf(node, before[0], undefined) : undefined, { added: member })
  return changeOf(node, before[0], after[0])
}

function itemChanges (list: ListNode, before: unknown, after: unknown): Change {
  const lhs = asList(before) ?? []; const rhs = asList(after) ?? []
  if (list.atomic || (lhs.length === 0 && rhs.length === 0)) return leafChange(before, after)
  const groups = grouped(list, lhs); const others = grouped(list, rhs)
  const below = new Below()
  for (const [element, items] of groups) below.add(element, itemChange(list, items, others.get(element) ?? []))
  for (const [element, items] of others) if (!groups.has(element)) below.add(element, itemChange(list, [], items))
  return joined(below.change, wholly(before, after))
}

const changeAs = (node: Node, form: Form, before: unknown, after: unknown): Change => walk(node, form, {
  scalar: type => isScalarOf(type, before) || isScalarOf(type, after) ? leafChange(before, after) : undefined,
  map: map => fieldChanges(map, before, after),
  list: list => itemChanges(list, before, after),
})

/** A value that changes its form goes as the one and comes as the other. */
function changeOf (node: Node, before: unknown, after: unknown): Change {
  if (before === after) return undefined
  const form = formIn(node, before); const next = formIn(node, after)
  if (after === undefined) return changeAs(node, form, before, after)
  if (before === undefined || form === next) return changeAs(node, next, before, after)
  return joined(changeAs(node, form, before, after), changeAs(node, next, before, after))
}

/** Compares two values of a type that validate() has found right. */
export function compare (node: Node, before: unknown, after: unknown): Comparison {
  const change = changeOf(node, before, after)
  return { added: change?.added?.below ?? noFields, modified: change?.modified?.below ?? noFields, removed: change?.removed?.below ?? noFields }
}
