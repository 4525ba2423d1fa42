import type { BindingObject, RoleObject, Subject } from '../../schemas/kube/builtin.js'
import type { Kube, Store } from '../kube/types.js'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../schemas/kube/builtin.js'
import { globalRoleBindings, globalRoles, labels, workspaceRoleBindings, workspaceRoles } from '../../schemas/iam/v1alpha2.js'
import { Matcher } from './rules.js'
import type { Grant, GrantSource } from './types.js'

/** A binding as a decision needs it: the compiled rules of its role, looked up when it is asked. */
export interface Held {
  readonly source: GrantSource
  /** `RoleBinding/ns/name`. */
  readonly binding: string
  readonly roleKind: string
  readonly roleName: string
  /** Where a Role is looked up. */
  readonly roleNamespace: string
}

const nothing: readonly Held[] = []

/** The kinds of subjects that count; anything else never matches. */
function subjectKey ({ kind, name, namespace }: Subject, bindingNamespace: string): string | undefined {
  if (kind === 'User') return `u/${name}`
  if (kind === 'Group') return `g/${name}`
  return kind === 'ServiceAccount' ? `u/system:serviceaccount:${namespace || bindingNamespace}:${name}` : undefined
}

/** Which bindings name a subject, by the place they hold in. Kept up to date by watches; a look-up never sees other people's bindings. */
class BindingIndex {
  readonly #bySubject = new Map<string, Map<string, Map<string, Held>>>()

  constructor (store: Store<BindingObject>, kind: string, source: GrantSource, placeOf: (binding: BindingObject) => string) {
    const each = (binding: BindingObject, act: (subject: string, place: string, id: string) => void) => {
      const place = placeOf(binding)
      const { name, namespace = '' } = binding.metadata
      for (const subject of binding.subjects ?? []) {
        const key = subjectKey(subject, namespace)
        if (key !== undefined && place !== noPlace) act(key, place, namespace ? `${kind}/${namespace}/${name}` : `${kind}/${name}`)
      }
    }
    store.subscribe(({ type, object, previous }) => {
      if (previous) each(previous, (subject, place, id) => { this.#delete(subject, place, id) })
      if (type === 'deleted') return
      const { roleRef, metadata: { namespace = '' } } = object
      each(object, (subject, place, id) => { this.#set(subject, place, { source, binding: id, roleKind: roleRef.kind, roleName: roleRef.name, roleNamespace: namespace }) })
    }, { replay: true })
  }

  get (subject: string, place: string): Iterable<Held> {
    return this.#bySubject.get(subject)?.get(place)?.values() ?? nothing
  }

  places (subject: string): Iterable<string> {
    return this.#bySubject.get(subject)?.keys() ?? []
  }

  #set (subject: string, place: string, held: Held): void {
    let places = this.#bySubject.get(subject)
    if (!places) this.#bySubject.set(subject, places = new Map())
    let here = places.get(place)
    if (!here) places.set(place, here = new Map())
    here.set(held.binding, held)
  }

  #delete (subject: string, place: string, id: string): void {
    const places = this.#bySubject.get(subject)
    const here = places?.get(place)
    if (!here?.delete(id)) return
    if (here.size === 0) places?.delete(place)
    if (places?.size === 0) this.#bySubject.delete(subject)
  }
}

/** The place of a binding that holds nowhere (a WorkspaceRoleBinding without a workspace). */
const noPlace = Symbol('nowhere').toString()

/** A level of the decision: who is granted what there. */
export type Level = 'global' | 'workspace' | 'namespace' | 'cluster'

/** All bindings and roles of the platform, indexed by subject, and the compiled rules of every role that was asked for. */
export function createGrants (kube: Kube) {
  const stores = {
    GlobalRole: kube.store(globalRoles),
    WorkspaceRole: kube.store(workspaceRoles),
    ClusterRole: kube.store(clusterRoles),
    Role: kube.store(roles),
  } as const
  const bindings = {
    global: kube.store(globalRoleBindings),
    workspace: kube.store(workspaceRoleBindings),
    namespace: kube.store(roleBindings),
    cluster: kube.store(clusterRoleBindings),
  } as const
  const everywhere = () => ''
  const levels: Record<Level, BindingIndex> = {
    global: new BindingIndex(bindings.global, 'GlobalRoleBinding', 'global', everywhere),
    workspace: new BindingIndex(bindings.workspace, 'WorkspaceRoleBinding', 'workspace', ({ metadata }) => metadata.labels?.[labels.workspace] || noPlace),
    namespace: new BindingIndex(bindings.namespace, 'RoleBinding', 'kubernetes', ({ metadata }) => metadata.namespace ?? noPlace),
    cluster: new BindingIndex(bindings.cluster, 'ClusterRoleBinding', 'kubernetes', everywhere),
  }
  // A role object is frozen and replaced as a whole when it changes: the compiled form lives and goes with it.
  const compiled = new WeakMap<RoleObject, Matcher>()

  function roleOf ({ roleKind, roleName, roleNamespace }: Held): RoleObject | undefined {
    const store = Object.hasOwn(stores, roleKind) ? stores[roleKind as keyof typeof stores] : undefined
    return roleKind === 'Role' ? store?.get(roleName, roleNamespace) : store?.get(roleName)
  }

  function matcherOf (held: Held): Matcher | undefined {
    const role = roleOf(held)
    if (!role) return undefined
    let matcher = compiled.get(role)
    if (!matcher) compiled.set(role, matcher = new Matcher(role.rules ?? []))
    return matcher
  }

  const all = [...Object.values(stores), ...Object.values(bindings)]
  return {
    /** Bindings of a subject (`u/name`, `g/group`) at a level, in a place: a workspace's or namespace's name, '' for the other two. */
    held: (level: Level, subject: string, place: string): Iterable<Held> => levels[level].get(subject, place),
    /** Where bindings of a level name a subject. */
    places: (level: Level, subject: string): Iterable<string> => levels[level].places(subject),
    roleOf,
    matcherOf,
    grantOf: (held: Held, blanket: boolean): Grant => ({ source: held.source, binding: held.binding, role: `${held.roleKind}/${held.roleName}`, ...(blanket ? { blanket } : {}) }),
    ready: async () => { await Promise.all(all.map(store => store.ready())) },
    synced: () => all.every(store => store.synced),
  }
}

export type Grants = ReturnType<typeof createGrants>
