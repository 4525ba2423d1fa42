import { singularOf } from '../../schemas/kube/object.js'
import { annotations } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { listPage, notFound, type Kube, type ListQuery, type Page } from '../../core/sdk/index.js'
import { perScope, scopes, type Place, type Scope } from './places.js'
import type { Bindings, Person } from './bindings.js'

/** Names in the aggregation annotation of a role; anything that is not a list of texts counts as none. */
export function aggregated ({ metadata }: Pick<RoleObject, 'metadata'>): string[] {
  try {
    const names: unknown = JSON.parse(metadata.annotations?.[annotations.aggregationRoles] || '[]')
    return Array.isArray(names) ? names.filter(name => typeof name === 'string') : []
  } catch { return [] }
}

const newest = (a: RoleObject, b: RoleObject): number => (a.metadata.creationTimestamp ?? '') < (b.metadata.creationTimestamp ?? '') ? 1 : -1
const byKind: Readonly<Record<string, Scope>> = { GlobalRole: 'global', ClusterRole: 'cluster', WorkspaceRole: 'workspace', Role: 'namespace' }

/** Without rules as Go writes it: null where the kind is Kubernetes' own, an empty list where it is the platform's. */
export const shownRole = (role: RoleObject, { scope }: Pick<Place, 'scope'>): RoleObject => role.rules?.length ? role : { ...role, rules: scope === 'cluster' || scope === 'namespace' ? null : [] }

/** Roles of every scope, from the shared watch caches. */
export function createCatalog ({ kube, bindings }: { kube: Kube, bindings: Bindings }) {
  const kept = perScope(({ roles, placeOf }, scope) => {
    const store = kube.store(roles)
    return { store, inWorkspace: scope === 'workspace' ? store.index('workspace', role => [placeOf(role)]) : undefined }
  })

  const lookUp = ({ scope, name: place }: Place, name: string): RoleObject | undefined => kept[scope].store.get(name, scope === 'namespace' ? place : undefined)

  /** A role of the place itself. */
  function find (place: Place, name: string): RoleObject | undefined {
    const role = lookUp(place, name)
    return role && place.scope === 'workspace' && scopes.workspace.placeOf(role) !== place.name ? undefined : role
  }

  /** A role that others of the place may be put together from: its own, and in a workspace the templates that all share. */
  function part (place: Place, name: string): RoleObject | undefined {
    const role = lookUp(place, name)
    const owner = role && place.scope === 'workspace' ? scopes.workspace.placeOf(role) : ''
    return owner === '' || owner === place.name ? role : undefined
  }

  const partsOf = (place: Place, role: RoleObject): RoleObject[] => aggregated(role).flatMap(name => part(place, name) ?? [])

  /** Roles of a workspace, and where templates are asked for, those that all workspaces share. */
  function ofWorkspace (place: Place, { filters, labelSelector }: ListQuery): readonly RoleObject[] {
    const own = kept.workspace.inWorkspace?.get(place.name) ?? []
    const templates = filters.get('label') === 'iam.kubesphere.io/role-template=true' || labelSelector.includes('iam.kubesphere.io/role-template')
    return templates && place.name !== '' ? [...kept.workspace.inWorkspace?.get('') ?? [], ...own] : own
  }

  function list (place: Place, query: ListQuery): Page<RoleObject> {
    const { store } = kept[place.scope]
    const show = (role: RoleObject): RoleObject => shownRole(role, place)
    const whole = query.filters.get('aggregateTo')
    // As ks-apiserver: an empty name is a filter that nothing passes.
    if (whole) {
      const role = part(place, whole)
      const filters = new Map([...query.filters].filter(([key]) => key !== 'aggregateTo' && (key !== 'workspace' || place.scope !== 'workspace')))
      return listPage(store, { ...query, filters }, { among: role ? partsOf(place, role) : [], ignoreLabelSelector: true, show })
    }
    if (place.scope === 'namespace') return listPage(store, query, { namespace: place.name, show })
    if (place.scope !== 'workspace') return listPage(store, query, { show })
    const filters = new Map([...query.filters].filter(([key]) => key !== 'workspace'))
    return listPage(store, { ...query, filters }, { among: ofWorkspace(place, query), show })
  }

  return {
    find,
    part,
    list,
    /** A role by name; a 404 Status where it is not there. */
    get (place: Place, name: string): RoleObject {
      const role = find(place, name)
      if (!role) throw notFound(singularOf(scopes[place.scope].roles), name)
      return shownRole(role, place)
    },
    /** What a binding refers to, wherever its kind of role lives; another workspace's role is nothing, as in every decision. */
    ofBinding (binding: BindingObject): RoleObject | undefined {
      const { roleRef: { kind, name }, metadata: { namespace = '' } } = binding
      const role = Object.hasOwn(byKind, kind) ? lookUp({ scope: byKind[kind] as Scope, name: namespace }, name) : undefined
      const [owner, of] = role && kind === 'WorkspaceRole' ? [role, binding].map(scopes.workspace.placeOf) : []
      return owner && of && owner !== of ? undefined : role
    },
    /** The templates of the one role that counts for a user on the platform or in the cluster, newest first. */
    partsOfFirst (place: Place, user: string): RoleObject[] {
      const [binding] = bindings.ofUser(place, user)
      const role = binding && find(place, binding.roleRef.name)
      return role ? partsOf(place, role).sort(newest).map(role => shownRole(role, place)) : []
    },
    /** The templates of all roles that a person has in a workspace or project; none where one of the roles is missing. */
    partsOfAll (place: Place, person: Person): RoleObject[] {
      const roles = bindings.ofPerson(place, person).map(({ roleRef }) => find(place, roleRef.name))
      if (!roles.every(role => role !== undefined)) return []
      const parts = new Map(roles.flatMap(role => partsOf(place, role)).map(part => [part.metadata.name, shownRole(part, place)]))
      return [...parts.values()]
    },
  }
}

export type Catalog = ReturnType<typeof createCatalog>
