import { annotations, globalRoleBindings, globalRoles, labels, loginRecords, users, workspaceRoleBindings, type User } from '../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, roleBindings, type BindingObject, type RoleObject } from '../../schemas/kube/builtin.js'
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

interface MemberScope {
  key: string
  roleKey?: string
  annotation: string
  bindings: (value: string) => readonly BindingObject[]
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
  const inProject = kube.store(roleBindings)
  const inCluster = kube.store(clusterRoleBindings)
  const byWorkspace = kube.store(workspaceRoleBindings).index('workspace', ({ metadata }) => [metadata.labels?.[labels.workspace] ?? ''])
  const byUser = bindings.index('user', userSubjects)
  const byRole = bindings.index('role', ({ roleRef }) => [roleRef.name])
  const recordsOf = records.index('user', ({ metadata }) => [metadata.labels?.[labels.userRef] ?? ''])

  const roleNameOf = (user: string): string | undefined => [...byUser.get(user)].sort(byAge)[0]?.roleRef.name
  const show = (user: User): User => withEntry(withoutPassword(user), 'annotations', annotations.globalRole, roleNameOf(user.metadata.name) ?? user.metadata.annotations?.[annotations.globalRole])

  /** Where somebody can be a member, by the filter that asks for it, in the order in which filters win. */
  const scopes: readonly MemberScope[] = [
    { key: 'namespace', roleKey: 'role', annotation: 'iam.kubesphere.io/role', bindings: namespace => inProject.list(namespace) },
    { key: 'workspace', roleKey: 'workspacerole', annotation: 'iam.kubesphere.io/workspacerole', bindings: workspace => byWorkspace.get(workspace) },
    { key: 'cluster', roleKey: 'clusterrole', annotation: 'iam.kubesphere.io/clusterrole', bindings: value => value === 'true' ? inCluster.list() : [] },
    { key: 'globalrole', annotation: annotations.globalRole, bindings: role => byRole.get(role) },
  ]

  /** Everybody whom the bindings name and who exists, once, with the role of the first binding. */
  function membersOf ({ annotation, bindings }: MemberScope, value: string, role: string | undefined): User[] {
    const found = new Map<string, User>()
    for (const binding of [...bindings(value)].sort(byAge)) {
      if (role !== undefined && binding.roleRef.name !== role) continue
      for (const name of userSubjects(binding)) {
        const user = people.get(name)
        if (user && !found.has(name)) found.set(name, withEntry(user, 'annotations', annotation, binding.roleRef.name))
      }
    }
    return [...found.values()].sort((a, b) => a.metadata.name < b.metadata.name ? -1 : 1)
  }

  return {
    getUser (name: string): User {
      const user = people.get(name)
      if (!user) throw notFound('user.iam.kubesphere.io', name)
      return show(user)
    },
    listUsers (query: ListQuery) {
      const scope = scopes.find(({ key }) => query.filters.has(key))
      if (!scope) return listPage(people, query, { filters: userFilters, show })
      const { key, roleKey = '' } = scope
      const filters = new Map([...query.filters].filter(([name]) => name !== key && name !== roleKey))
      const among = membersOf(scope, query.filters.get(key) ?? '', query.filters.get(roleKey))
      return listPage(people, { ...query, filters }, { among, filters: userFilters, ignoreLabelSelector: true, show })
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
