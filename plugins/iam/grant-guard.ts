import { groupBindings, groups, labels, roleBases, type Group, type GroupBinding, type RoleBase } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { forbidden, withEntry, withMetadata, type Identity, type Kind, type KubeObject, type KubeWrite, type ObjectGuard } from '../../core/sdk/index.js'
import type { Catalog } from './catalog.js'
import { missing } from './errors.js'
import type { Holdings } from './holdings.js'
import { protectedAnnotations, protectedLabels } from './metadata.js'
import { isNowhere, platform, scopeNames, scopes, type Place, type Scope } from './places.js'
import { sameRules } from './rules.js'

export interface GrantGuardOptions { catalog: Catalog, holdings: Holdings, findGroup: (name: string) => Group | undefined }

const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
const workspaceOf = ({ metadata }: KubeObject): string | undefined => metadata.labels?.[labels.workspace]
const staysIn = <T extends KubeObject>(object: T, stored: KubeObject | undefined): T => stored ? withEntry(object, 'labels', labels.workspace, workspaceOf(stored)) : object
const filled = (map: Record<string, string>): Record<string, string> | undefined => Object.keys(map).length ? map : undefined
const same = (a: unknown, b: unknown): boolean => JSON.stringify(a ?? null) === JSON.stringify(b ?? null)

/** Roles, bindings and groups where they are reached as plain Kubernetes objects: nobody gives there either what they do not hold. */
export function grantGuards ({ catalog, holdings, findGroup }: GrantGuardOptions): ObjectGuard[] {
  /** Where an object holds; a role that no workspace owns is everybody's. */
  function placeOf (scope: Scope, object: KubeObject, { info }: KubeWrite): Place {
    const name = scopes[scope].placeOf(object) || (scope === 'namespace' ? info.namespace : '')
    return isNowhere({ scope, name }) ? platform : { scope, name }
  }

  /** A guard of writes by those who do not hold everything anyway. */
  const guard = <T extends KubeObject>(kind: Kind, look: (write: KubeWrite, object: T, stored: T | undefined) => T): ObjectGuard => ({
    resource: qualifiedResource(kind),
    write: write => write.object && !holdings.isAdministrator(write.user) ? look(write, write.object as T, write.stored as T | undefined) : undefined,
  })

  function marked (object: RoleObject, stored: RoleObject | undefined): RoleObject {
    const own = protectedLabels(object.metadata.labels, stored?.metadata.labels, stored ? [] : [labels.workspace])
    const notes = protectedAnnotations(object.metadata.annotations, stored?.metadata.annotations)
    return withMetadata(object, { labels: filled(own), annotations: filled(notes) })
  }

  const roleGuard = (scope: Scope): ObjectGuard => guard<RoleObject>(scopes[scope].roles, (write, object, stored) => {
    const role = marked(object, stored)
    if (!sameRules(stored?.rules, role.rules)) holdings.requireRules(write.user, placeOf(scope, role, write), role.metadata.name, role.rules ?? [])
    return role
  })

  function requireBound (user: Identity, place: Place, binding: BindingObject): void {
    const role = catalog.ofBinding(binding)
    if (role) holdings.requireRole(user, place, role)
    // A role that may come later could be any.
    else if (!holdings.covers(user, place, everything)) throw missing(scopes[place.scope].roles, binding.roleRef.name)
  }

  const bindingGuard = (scope: Scope): ObjectGuard => guard<BindingObject>(scopes[scope].bindings, (write, object, stored) => {
    const binding = scope === 'workspace' ? staysIn(object, stored) : object
    const changed = !stored || !same(stored.subjects, binding.subjects) || !same(stored.roleRef, binding.roleRef)
    const place = placeOf(scope, binding, write)
    if (changed) requireBound(write.user, place, scope === 'namespace' ? withMetadata(binding, { namespace: place.name }) : binding)
    return binding
  })

  const groupGuard = guard<Group>(groups, (_write, group, stored) => staysIn(group, stored))

  const groupBindingGuard = guard<GroupBinding>(groupBindings, ({ user }, object, stored) => {
    const binding = staysIn(object, stored)
    if (stored && same(stored.users, binding.users) && same(stored.groupRef, binding.groupRef)) return binding
    const name = binding.groupRef?.name ?? ''
    const group = findGroup(name)
    if (!group || workspaceOf(group) !== workspaceOf(binding)) throw forbidden(qualifiedResource(groupBindings), binding.metadata.name, `group "${name}" is not a group of the workspace that the binding names`)
    holdings.requireGroup(user, name, groupBindings)
    return binding
  })

  const baseGuard = guard<RoleBase>(roleBases, ({ user }, base, stored) => {
    if (!sameRules(stored?.role.rules, base.role?.rules)) holdings.requireRules(user, platform, base.metadata.name, base.role?.rules ?? [])
    return base
  })

  return [...scopeNames.map(roleGuard), ...scopeNames.map(bindingGuard), groupGuard, groupBindingGuard, baseGuard]
}
