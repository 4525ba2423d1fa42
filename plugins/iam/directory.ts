import { LRUCache } from 'lru-cache'
import { singularOf } from '../../schemas/kube/object.js'
import { annotations, labels, loginRecords, users, type LoginRecord, type User } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject } from '../../schemas/kube/builtin.js'
import { listPage, notFound, withEntry, type Kube, type ListQuery, type ListSpec, type Page } from '../../core/sdk/index.js'
import { byAge, userSubjects, type Bindings, type Person } from './bindings.js'
import { cluster, namespace, platform, scopes, workspace, type Place, type Scope } from './places.js'

/** Without its password hash, and with the fields that clients count on. */
export const withoutPassword = (user: User): User => {
  const { password: _password, ...spec } = user.spec ?? { email: '' }
  return { ...user, spec: { ...spec, email: spec.email ?? '' }, status: user.status ?? {} }
}

const withZeros = (record: LoginRecord): LoginRecord => ({ ...record, spec: { ...record.spec, reason: record.spec.reason ?? '', provider: record.spec.provider ?? '', sourceIP: record.spec.sourceIP ?? '' } })

const userFilters: NonNullable<ListSpec<User>['filters']> = {
  email: ({ spec }, value) => spec.email === value,
  ingroup: ({ spec }, value) => spec.groups?.includes(value) ?? false,
  notingroup: ({ spec }, value) => !spec.groups?.includes(value),
}
const recordFilters = { type: ({ spec }: LoginRecord, value: string) => spec.type === value }

/** The filter that narrows members of a scope to a role. */
const roleKeys: Partial<Record<Scope, string>> = { namespace: 'role', workspace: 'workspacerole', cluster: 'clusterrole' }

/** Filters that ask for the members of a place, in the order in which they win. */
const placeKeys: readonly { key: string, placeOf: (value: string) => Place | undefined }[] = [
  { key: 'namespace', placeOf: namespace },
  { key: 'workspace', placeOf: workspace },
  { key: 'cluster', placeOf: value => value === 'true' ? cluster : undefined },
]

const without = ({ filters, ...query }: ListQuery, ...keys: readonly (string | undefined)[]): ListQuery =>
  ({ ...query, filters: new Map([...filters].filter(([key]) => !keys.includes(key))) })

/** `system:` groups are Kubernetes' to give, whatever a User object says. */
export const personOf = ({ metadata: { name }, spec }: User): Person => ({ name, groups: (spec?.groups ?? []).filter(group => !group.startsWith('system:')) })

/** How many lists of members are kept until somebody changes. */
const keptLists = 256

/** People, from the shared watch caches. */
export function createDirectory ({ kube, bindings }: { kube: Kube, bindings: Bindings }) {
  const people = kube.store(users)
  const records = kube.store(loginRecords)
  const recordsOf = records.index('user', ({ metadata }) => [metadata.labels?.[labels.userRef] ?? ''])
  const kept = new LRUCache<string, { version: string, members: readonly User[] }>({ max: keptLists })

  const globalRoleOf = (user: string): string | undefined => bindings.ofUser(platform, user)[0]?.roleRef.name
  const show = (user: User): User => withEntry(withoutPassword(user), 'annotations', annotations.globalRole, globalRoleOf(user.metadata.name) ?? user.metadata.annotations?.[annotations.globalRole])

  /** Everybody whom the bindings name and who exists, once, with the role of the first binding. */
  function membersIn (annotation: string, among: readonly BindingObject[]): User[] {
    const found = new Map<string, User>()
    for (const binding of [...among].sort(byAge)) {
      for (const name of userSubjects(binding)) {
        const user = people.get(name)
        if (user && !found.has(name)) found.set(name, withEntry(user, 'annotations', annotation, binding.roleRef.name))
      }
    }
    return [...found.values()]
  }

  function remembered (place: Place, role: string | undefined, find: () => User[]): readonly User[] {
    const key = JSON.stringify([place.scope, place.name, role])
    const version = `${people.version} ${bindings.versionOf(place)}`
    const known = kept.get(key)
    if (known?.version === version) return known.members
    const members = find()
    kept.set(key, { version, members })
    return members
  }

  function membersOf (place: Place, role: string | undefined): readonly User[] {
    return remembered(place, role, () => {
      const all = place.scope === 'global' ? bindings.toGlobalRole(role ?? '') : bindings.of(place)
      return membersIn(scopes[place.scope].annotation, role === undefined ? all : all.filter(({ roleRef }) => roleRef.name === role))
    })
  }

  function pageOf (place: Place, query: ListQuery, shown: (user: User) => User): Page<User> {
    const roleKey = roleKeys[place.scope]
    const among = membersOf(place, roleKey ? query.filters.get(roleKey) : query.filters.get('globalrole'))
    return listPage(people, without(query, roleKey ?? 'globalrole'), { among, filters: userFilters, ignoreLabelSelector: true, show: shown })
  }

  return {
    find: (name: string): User | undefined => people.get(name),
    show,
    getUser (name: string): User {
      const user = people.get(name)
      if (!user) throw notFound(singularOf(users), name)
      return show(user)
    },
    listUsers (query: ListQuery): Page<User> {
      const asked = placeKeys.find(({ key }) => query.filters.has(key))
      if (asked) {
        const place = asked.placeOf(query.filters.get(asked.key) ?? '')
        return place ? pageOf(place, without(query, asked.key), show) : { items: [], totalItems: 0 }
      }
      return query.filters.has('globalrole') ? pageOf(platform, query, show) : listPage(people, query, { filters: userFilters, show })
    },
    /** Members of a place, whatever place the query names itself. */
    listMembers (place: Place, query: ListQuery): Page<User> {
      const own = place.scope === 'cluster' ? 'cluster' : place.scope
      return pageOf(place, without(query, own), withoutPassword)
    },
    getMember (place: Place, name: string): User | undefined {
      const [binding] = bindings.ofUser(place, name)
      const [member] = binding ? membersIn(scopes[place.scope].annotation, [{ ...binding, subjects: [{ kind: 'User', name }] }]) : []
      return member && withoutPassword(member)
    },
    listLoginRecords: (user: string, query: ListQuery): Page<LoginRecord> =>
      listPage(records, without(query, 'label'), { among: recordsOf.get(user), filters: recordFilters, show: withZeros }),
  }
}

export type Directory = ReturnType<typeof createDirectory>
