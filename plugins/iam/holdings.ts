import type { PolicyRule, RoleObject } from '../../schemas/kube/builtin.js'
import type { Kind } from '../../core/sdk/index.js'
import type { Bindings, Person } from './bindings.js'
import type { Catalog } from './catalog.js'
import { notHeld } from './errors.js'
import { cluster, platform, scopes, workspace, type Place } from './places.js'
import { cover, names } from './rules.js'

/** Everything that can be held; whoever covers it is an administrator of the platform. */
const everything: readonly PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]

/** Where bindings count for what happens in a place, widest first. */
function levelsOf (place: Place, workspaceOf: (namespace: string) => string): Place[] {
  switch (place.scope) {
    case 'global': return [platform]
    case 'cluster': return [platform, cluster]
    case 'workspace': return [platform, place, cluster]
    case 'namespace': return [platform, workspace(workspaceOf(place.name)), place, cluster]
  }
}

export interface HoldingsOptions {
  bindings: Bindings
  catalog: Catalog
  /** The workspace of a project; '' for none. */
  workspaceOf (namespace: string): string
}

/** What people hold, and so may give to others: nobody grants more than that, by whatever route. */
export function createHoldings ({ bindings, catalog, workspaceOf }: HoldingsOptions) {
  const at = (level: Place, person: Person): PolicyRule[] => bindings.ofPerson(level, person).flatMap(binding => catalog.ofBinding(binding)?.rules ?? [])
  const held = (person: Person, place: Place): PolicyRule[] => levelsOf(place, workspaceOf).flatMap(level => at(level, person))

  /** `bind` and `escalate` let somebody give on what is not theirs; a `*` among verbs does not say either. */
  function mayGive (rules: readonly PolicyRule[], verb: 'bind' | 'escalate', kind: Kind, name: string): boolean {
    return names(rules, verb, kind.resource, [kind.group, 'iam.kubesphere.io'], name)
  }

  function require (person: Person, place: Place, wanted: readonly PolicyRule[], verb: 'bind' | 'escalate', kind: Kind, name: string): void {
    const rules = held(person, place)
    if (!cover(rules, wanted) && !mayGive(rules, verb, kind, name)) throw notHeld(kind, name)
  }

  return {
    isAdministrator: (person: Person): boolean => cover(at(platform, person), everything),
    covers: (person: Person, place: Place, rules: readonly PolicyRule[]): boolean => cover(held(person, place), rules),
    /** Refuses a role (a 403) to whoever does not hold what it allows. */
    requireRole (person: Person, place: Place, role: RoleObject): void {
      require(person, place, role.rules ?? [], 'bind', scopes[place.scope].roles, role.metadata.name)
    },
    /** Refuses to put these rules into a role. */
    requireRules (person: Person, place: Place, name: string, rules: readonly PolicyRule[]): void {
      require(person, place, rules, 'escalate', scopes[place.scope].roles, name)
    },
    /** Refuses a group whose members hold, wherever that is, what the caller does not. */
    requireGroup (person: Person, group: string, kind: Kind): void {
      for (const { place, binding } of bindings.ofGroup(group)) {
        const rules = catalog.ofBinding(binding)?.rules ?? []
        if (!cover(held(person, place), rules)) throw notHeld(kind, group)
      }
    },
    /** What somebody holds on the platform and in the cluster: what their account is worth. */
    worth: (person: Person): PolicyRule[] => held(person, cluster),
  }
}

export type Holdings = ReturnType<typeof createHoldings>
