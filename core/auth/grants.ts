import type { BindingObject, PolicyRule, RoleObject, Subject } from '../../schemas/kube/builtin.js'
import type { Kube, Store } from '../kube/types.js'
import { clusterRoleBindings, clusterRoles, roleBindings, roles } from '../../schemas/kube/builtin.js'
import { globalRoleBindings, globalRoles, labels, workspaceOf, workspaceRoleBindings, workspaceRoles } from '../../schemas/iam/v1alpha2.js'
import { Matcher } from './rules.js'
import type { Grant, GrantSource } from './types.js'

/** A binding as a decision needs it; nothing of it is kept twice, for there are as many as there are bindings. */
export class Held {
  #grant: Grant | undefined

  constructor (readonly source: GrantSource, private readonly kind: string, private readonly object: BindingObject) {}

  /** `RoleBinding/ns/name`. */
  get binding (): string {
    const { name, namespace } = this.object.metadata
    return namespace ? `${this.kind}/${namespace}/${name}` : `${this.kind}/${name}`
  }

  get roleKind (): string { return this.object.roleRef.kind }
  get roleName (): string { return this.object.roleRef.name }
  /** Where a Role is looked up. */
  get roleNamespace (): string { return this.object.metadata.namespace ?? '' }
  get workspace (): string { return workspaceOf(this.object) }

  /** `blanket`: by a group that everybody is in. */
  grant (blanket: boolean): Grant {
    if (!this.#grant || (this.#grant.blanket ?? false) !== blanket) this.#grant = { source: this.source, binding: this.binding, role: `${this.roleKind}/${this.roleName}`, ...(blanket ? { blanket } : {}) }
    return this.#grant
  }

  isOf ({ metadata: { name, namespace } }: BindingObject): boolean { return this.object.metadata.name === name && this.object.metadata.namespace === namespace }
}

const nothing: readonly Held[] = []
const none: readonly PolicyRule[] = []

/** The kinds of subjects that count; anything else never matches. */
function subjectKey ({ kind, name, namespace }: Subject, bindingNamespace: string): string | undefined {
  if (kind === 'User') return `u/${name}`
  if (kind === 'Group') return `g/${name}`
  return kind === 'ServiceAccount' ? `u/system:serviceaccount:${namespace || bindingNamespace}:${name}` : undefined
}

/** Which bindings name a subject, by the place they hold in. Kept up to date by watches; a look-up never sees other people's bindings. */
class BindingIndex {
  readonly #bySubject = new Map<string, Map<string, Held[]>>()

  constructor (store: Store<BindingObject>, kind: string, source: GrantSource, placeOf: (binding: BindingObject) => string) {
    const each = (binding: BindingObject, act: (subject: string, place: string) => void) => {
      const place = placeOf(binding)
      if (place === noPlace) return
      const keys = (binding.subjects ?? []).flatMap(subject => subjectKey(subject, binding.metadata.namespace ?? '') ?? [])
      for (const key of new Set(keys)) act(key, place)
    }
    store.subscribe(({ type, object, previous }) => {
      if (previous) each(previous, (subject, place) => { this.#delete(subject, place, previous) })
      if (type === 'deleted') return
      const held = new Held(source, kind, object)
      each(object, (subject, place) => { this.#add(subject, place, held) })
    }, { replay: true })
  }

  get (subject: string, place: string): Iterable<Held> {
    return this.#bySubject.get(subject)?.get(place) ?? nothing
  }

  places (subject: string): Iterable<string> {
    return this.#bySubject.get(subject)?.keys() ?? []
  }

  #add (subject: string, place: string, held: Held): void {
    let places = this.#bySubject.get(subject)
    if (!places) this.#bySubject.set(subject, places = new Map())
    const here = places.get(place)
    if (here) here.push(held); else places.set(place, [held])
  }

  #delete (subject: string, place: string, binding: BindingObject): void {
    const places = this.#bySubject.get(subject)
    const left = places?.get(place)?.filter(held => !held.isOf(binding))
    if (!places || !left) return
    if (left.length > 0) places.set(place, left); else places.delete(place)
    if (places.size === 0) this.#bySubject.delete(subject)
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
  // Rules are frozen, and shared by the copies of a role: the compiled form lives and goes with them.
  const compiled = new WeakMap<readonly PolicyRule[], Matcher>()

  /** The role of a binding. One that another workspace has come to own since is not what was given. */
  function roleOf ({ roleKind, roleName, roleNamespace, workspace }: Held): RoleObject | undefined {
    const store = Object.hasOwn(stores, roleKind) ? stores[roleKind as keyof typeof stores] : undefined
    const role = roleKind === 'Role' ? store?.get(roleName, roleNamespace) : store?.get(roleName)
    const owner = roleKind === 'WorkspaceRole' && workspace ? role?.metadata.labels?.[labels.workspace] : undefined
    return owner && owner !== workspace ? undefined : role
  }

  function matcherOf (held: Held): Matcher | undefined {
    const role = roleOf(held)
    if (!role) return undefined
    const rules = role.rules ?? none
    let matcher = compiled.get(rules)
    if (!matcher) compiled.set(rules, matcher = new Matcher(rules))
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
    ready: async () => { await Promise.all(all.map(store => store.ready())) },
    synced: () => all.every(store => store.synced),
  }
}

export type Grants = ReturnType<typeof createGrants>
