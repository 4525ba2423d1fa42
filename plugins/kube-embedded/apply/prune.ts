import type { Json } from '../../../core/sdk/index.js'
import { difference, intersection, noFields, union, type FieldSet } from './field-set.js'
import type { Managers } from './managers.js'
import { fieldsOf, withNamed } from './members.js'
import type { Node } from './nodes.js'
import { remove } from './remove.js'

export interface Pruned {
  readonly object: Json
  /** Takes away the maps and lists that pruning has emptied. Until then they are null, as Kubernetes compares them. */
  settle (): void
}

/** Takes away what a manager applied last and not now, unless another manager owns it or something below it. `managers` has the new set already. */
export function prune (node: Node, merged: Json, managers: Managers, last: FieldSet | undefined): Pruned {
  if (!last?.size) return { object: merged, settle () {} }
  const named = (set: FieldSet) => withNamed(set, node)
  const all = named(fieldsOf(node, merged))
  const owned = [...managers.values()].reduce<FieldSet>((set, manager) => union(set, manager.set), noFields)
  const left = named(fieldsOf(node, remove(node, merged, named(last))))
  const back = remove(node, merged, difference(all, union(left, named(owned))))
  const gone = difference(all, named(fieldsOf(node, back)))
  const emptied: [Json, string][] = []
  const object = remove(node, merged, intersection(gone, named(last)), (map, name) => { emptied.push([map, name]) }) as Json
  return { object, settle () { for (const [map, name] of emptied) delete map[name] } }
}
