import type { Json } from '../../../core/sdk/index.js'
import { compare, type Comparison } from './compare.js'
import { ApplyConflict, type Conflicts } from './conflicts.js'
import { difference, fieldsAt, intersection, noFields, union, without, type FieldSet } from './field-set.js'
import { identityOf, type Manager, type Managers } from './managers.js'
import type { Node } from './nodes.js'
import { reconcile } from './reconcile.js'

/** Who writes. `manager` is never empty on the wire: `unknown` then. */
export interface By {
  readonly manager: string
  readonly apiVersion: string
  /** RFC 3339 in whole seconds. */
  readonly time: string
  readonly subresource?: string
  /** Paths that this endpoint resets, so that nobody owns them through it: [['status']] for a resource with a status, [['spec'], …] for its status. */
  readonly resetFields?: readonly (readonly string[])[]
  /** The apiVersions that are served of the kind; entries of others are dropped. All are kept where this is left out. */
  readonly versions?: readonly string[]
}

/** Never owned by anybody. */
const unowned = fieldsAt([['apiVersion'], ['kind'], ['metadata'],
  ...['name', 'namespace', 'creationTimestamp', 'selfLink', 'uid', 'clusterName', 'generation', 'managedFields', 'resourceVersion'].map(name => ['metadata', name])])

/** A set without what the endpoint resets. */
export const kept = (set: FieldSet, { resetFields = [] }: By): FieldSet => resetFields.length === 0 ? set : without(set, fieldsAt(resetFields))

export const managerOf = ({ manager, apiVersion, subresource = '', time }: By, applied: boolean, set: FieldSet): Manager =>
  ({ manager: manager === '' ? 'unknown' : manager, apiVersion, subresource, time, applied, set })

function assign (managers: Managers, id: string, manager: Manager, set: FieldSet): void {
  if (set.size === 0) managers.delete(id)
  else if (set !== manager.set) managers.set(id, { ...manager, set })
}

/** Without the metadata that is never owned. */
export function strip (managers: Managers, id: string): void {
  const manager = managers.get(id)
  if (manager) assign(managers, id, manager, difference(manager.set, unowned))
}

/** Managers of today's versions, their sets as the schema reads today. */
export function current (managers: Managers, node: Node, { versions }: By): Managers {
  const result: Managers = new Map()
  for (const [id, manager] of managers) {
    if (versions && !versions.includes(manager.apiVersion)) continue
    const set = reconcile(node, manager.set)
    result.set(id, set === manager.set ? manager : { ...manager, set })
  }
  return result
}

function conflictsIn (managers: Managers, changed: FieldSet, self: string | undefined): Conflicts {
  const conflicts = new Map<string, { owner: Manager, set: FieldSet }>()
  if (changed.size === 0) return conflicts
  for (const [id, owner] of managers) {
    const set = id === self ? noFields : intersection(owner.set, changed)
    if (set.size > 0) conflicts.set(id, { owner, set })
  }
  return conflicts
}

/** Takes from all managers but `self` what changed and what is gone; an ApplyConflict where somebody owns what changed and `force` does not hold. */
export function take (managers: Managers, node: Node, before: Json, after: Json, by: By, { self, force }: { self?: string, force: boolean }): Comparison {
  const { added, modified, removed } = compare(node, before, after)
  const comparison = { added: kept(added, by), modified: kept(modified, by), removed: kept(removed, by) }
  const conflicts = conflictsIn(managers, union(comparison.added, comparison.modified), self)
  if (!force && conflicts.size > 0) throw new ApplyConflict(conflicts)
  for (const [id, manager] of managers) {
    const set = difference(manager.set, conflicts.get(id)?.set ?? noFields)
    assign(managers, id, manager, id === self ? manager.set : difference(set, comparison.removed))
  }
  return comparison
}

/** Gives what changed to the manager that updates. */
export function give (managers: Managers, { added, modified }: Comparison, by: By): void {
  const self = managerOf(by, false, union(modified, added))
  const id = identityOf(self)
  const set = difference(self.set, unowned)
  if (set.size > 0) managers.set(id, { ...self, set: union(set, managers.get(id)?.set ?? noFields) })
}
