import { annotations, globalRoleBindings, globalRoles, labels, loginRecords, users, type User } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { listPage, notFound, withEntry, type Kube, type ListQuery, type ListSpec } from '../../core/sdk/index.js'

/** Names in the aggregation annotation of a role; anything that is not a list of texts counts as none. */
export function aggregated ({ metadata }: RoleObject): string[] {
  try {
    const names: unknown = JSON.parse(metadata.annotations?.[annotations.aggregationRoles] ?? '[]')
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : []
  } catch { return [] }
}

const userSubjects = ({ subjects = [] }: BindingObject): string[] => subjects.flatMap(({ kind, name }) => kind === 'User' ? [name] : [])

/** Newest first, then by name from the end: the first one is the one that counts. */
const byAge = (a: BindingObject, b: BindingObject): number => {
  const [x, y] = [a, b].map(({ metadata }) => `${metadata.creationTimestamp ?? ''} ${metadata.name}`) as [string, string]
  return x < y ? 1 : x > y ? -1 : 0
}

const newest = (a: RoleObject, b: RoleObject): number => (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1

/** Without its password hash, and with the fields that clients count on. */
export const withoutPassword = (user: User): User => {
  const { password: _password, ...spec } = user.spec ?? { email: '' }
  return { ...user, spec: { ...spec, email: spec.email ?? '' }, status: user.status ?? {} }
}

const userFilters: NonNullable<ListSpec<User>['filters']> = {
  email: ({ spec }, value) => spec.email === value,
  ingroup: ({ spec }, value) => spec.groups?.includes(value) ?? false,
  notingroup: ({ spec }, value) => !spec.groups?.includes(value),
}

/** People and global roles, from the shared watch caches. */
export function createDirectory (kube: Kube) {
  const people = kube.store(users)
  const roles = kube.store(globalRoles)
  const records = kube.store(loginRecords)
  const bindings = kube.store(globalRoleBindings)
  const byUser = bindings.index('user', userSubjects)
  const byRole = bindings.index('role', ({ roleRef }) => [roleRef.name])
  const recordsOf = records.index('user', ({ metadata }) => [metadata.labels?.[labels.userRef] ?? ''])

  const roleNameOf = (user: string): string | undefined => [...byUser.get(user)].sort(byAge)[0]?.roleRef.name
  const show = (user: User): User => withEntry(withoutPassword(user), 'annotations', annotations.globalRole, roleNameOf(user.metadata.name) ?? user.metadata.annotations?.[annotations.globalRole])

  /** The holders of a role, each once, in name order. */
  function holdersOf (role: string): User[] {
    const names = new Set(byRole.get(role).flatMap(userSubjects))
    return [...names].sort().flatMap(name => people.get(name) ?? [])
  }

  return {
    getUser (name: string): User {
      const user = people.get(name)
      if (!user) throw notFound('user.iam.kubesphere.io', name)
      return show(user)
    },
    listUsers (query: ListQuery) {
      const role = query.filters.get('globalrole')
      if (role === undefined) return listPage(people, query, { filters: userFilters, show })
      const filters = new Map([...query.filters].filter(([key]) => key !== 'globalrole'))
      return listPage(people, { ...query, filters }, { among: holdersOf(role), filters: userFilters, ignoreLabelSelector: true, show })
    },
    listLoginRecords: (user: string, query: ListQuery) =>
      listPage(records, { ...query, filters: new Map([...query.filters].filter(([key]) => key !== 'label')) }, { among: recordsOf.get(user), filters: { type: ({ spec }, value) => spec.type === value } }),
    getGlobalRole (name: string): RoleObject {
      const role = roles.get(name)
      if (!role) throw notFound('globalrole.iam.kubesphere.io', name)
      return role
    },
    listGlobalRoles (query: ListQuery) {
      const whole = query.filters.get('aggregateTo')
      if (!whole) return listPage(roles, query, { filters: { aggregateTo: () => true } })
      const role = roles.get(whole)
      const among = role ? [...new Set(aggregated(role))].sort().flatMap(name => roles.get(name) ?? []) : []
      return listPage(roles, query, { among, filters: { aggregateTo: () => true }, ignoreLabelSelector: true })
    },
    /** The templates that a user's global role is put together from, newest first. */
    globalRolesOf (user: string): RoleObject[] {
      const role = roles.get(roleNameOf(user) ?? '')
      return role ? aggregated(role).flatMap(name => roles.get(name) ?? []).sort(newest) : []
    },
  }
}

export type Directory = ReturnType<typeof createDirectory>
