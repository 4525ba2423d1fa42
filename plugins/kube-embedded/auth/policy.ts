import { LRUCache } from 'lru-cache'
import { sameTexts } from '../../../core/sdk/index.js'
import type { BindingObject, PolicyRule, RoleObject, RoleRef, Subject } from '../../../schemas/kube/builtin.js'
import { Matcher } from './matcher.js'
import type { Question } from './question.js'
import { accountUser, type User } from './users.js'

/** `reason` is made when it is read. */
export interface Decision { readonly allowed: boolean, readonly reason: string }

/** Rules, compiled when somebody first asks. */
class Rules {
  #matcher: Matcher | undefined
  constructor (readonly list: readonly PolicyRule[]) {}
  get matcher (): Matcher { return (this.#matcher ??= new Matcher(this.list)) }
}

/** Rules by their JSON: of a role that is copied into every project there are as many copies as projects. */
const known = new LRUCache<string, Rules>({ max: 1_024, maxSize: 8 * 1024 * 1024, maxEntrySize: 64 * 1024, sizeCalculation: (_rules, text) => text.length })

function rulesOf ({ rules }: RoleObject): Rules {
  const text = JSON.stringify(rules ?? [])
  const found = known.get(text) ?? new Rules(rules ?? [])
  known.set(text, found)
  return found
}

/** Of how many people it is kept what holds for them, and in how many namespaces of each. */
const kept = { people: 1_024, namespaces: 64 }

// Joined, for a template would keep its parts beside the whole.
const roleKey = (namespace: string, name: string): string => [namespace, name].join('/')
const refKey = ({ kind, name }: Pick<RoleRef, 'kind' | 'name'>, namespace: string): string => roleKey(kind === 'Role' ? namespace : '', name)
const userKey = (name: string): string => `user ${name}`
const groupKey = (name: string): string => `group ${name}`

function subjectOf ({ kind, name, namespace: own = '' }: Subject, namespace: string): [string, string] {
  const of = own || namespace
  if (kind === 'ServiceAccount') return [userKey(accountUser(of, name)), `ServiceAccount ${JSON.stringify(`${name}/${of}`)}`]
  return [kind === 'Group' ? groupKey(name) : userKey(name), `${kind} ${JSON.stringify(name)}`]
}

/** A binding as a decision needs it; its texts are made when they are told. */
class Binding {
  readonly name: string
  readonly namespace: string
  readonly roleKind: string
  readonly roleName: string
  readonly #subjects: readonly Subject[]

  constructor ({ metadata: { name, namespace = '' }, roleRef, subjects }: BindingObject) {
    this.name = name
    this.namespace = namespace
    this.roleKind = roleRef.kind
    this.roleName = roleRef.name
    this.#subjects = (subjects ?? []).map(({ kind, name, namespace }) => ({ kind, name, ...(namespace ? { namespace } : {}) }))
  }

  get key (): string { return roleKey(this.namespace, this.name) }
  get role (): string { return refKey({ kind: this.roleKind, name: this.roleName }, this.namespace) }
  /** What each subject is called, by its key. */
  get subjects (): ReadonlyMap<string, string> { return new Map([...this.#subjects].reverse().map(subject => subjectOf(subject, this.namespace))) }
  /** `ClusterRoleBinding "x" of ClusterRole "y"` */
  get text (): string {
    const [kind, id] = this.namespace ? ['RoleBinding', `${this.name}/${this.namespace}`] : ['ClusterRoleBinding', this.name]
    return `${kind} ${JSON.stringify(id)} of ${this.roleKind} ${JSON.stringify(this.roleName)}`
  }

  /** `clusterrole.rbac.authorization.k8s.io "y" not found` */
  get missing (): string { return `${this.roleKind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(this.roleName)} not found` }
}

/** A binding that holds for somebody, by which subject, with the rules of its role where that is there. */
interface Bound { readonly binding: Binding, readonly subject: string, readonly rules: Rules | undefined }

interface Standing { readonly groups: readonly string[], readonly places: Map<string, readonly Bound[]> }

class Allowed implements Decision {
  readonly allowed = true
  constructor (private readonly by: Bound) {}
  get reason (): string { return `RBAC: allowed by ${this.by.binding.text} to ${this.by.binding.subjects.get(this.by.subject) ?? ''}` }
}

const denied: Decision = { allowed: false, reason: '' }

const aggregate = (texts: readonly string[]): string => texts.length === 1 ? texts[0] ?? '' : `[${texts.join(', ')}]`

/** Roles and bindings, by whom they are for: a decision looks at nothing but the caller's own bindings. */
export class Policy {
  readonly #roles = new Map<string, Rules>()
  readonly #bindings = new Map<string, Binding>()
  /** Subject → namespace ('' for the cluster) → bindings. */
  readonly #bySubject = new Map<string, Map<string, Binding[]>>()
  /** What holds for those who asked lately, by name; until anything changes. */
  readonly #bound = new LRUCache<string, Standing>({ max: kept.people })

  setRole (object: RoleObject) {
    this.#changed()
    const { name, namespace = '' } = object.metadata
    this.#roles.set(roleKey(namespace, name), rulesOf(object))
  }

  removeRole ({ metadata: { name, namespace = '' } }: RoleObject) {
    this.#changed()
    this.#roles.delete(roleKey(namespace, name))
  }

  setBinding (object: BindingObject) {
    this.removeBinding(object)
    const binding = new Binding(object)
    this.#bindings.set(binding.key, binding)
    for (const subject of binding.subjects.keys()) {
      const places = this.#bySubject.get(subject) ?? new Map<string, Binding[]>()
      this.#bySubject.set(subject, places)
      const here = places.get(binding.namespace)
      if (here) here.push(binding); else places.set(binding.namespace, [binding])
    }
  }

  removeBinding ({ metadata: { name, namespace = '' } }: Pick<BindingObject, 'metadata'>) {
    this.#changed()
    const key = roleKey(namespace, name)
    const binding = this.#bindings.get(key)
    if (!binding) return
    this.#bindings.delete(key)
    for (const subject of binding.subjects.keys()) this.#forget(subject, binding)
  }

  #forget (subject: string, binding: Binding) {
    const places = this.#bySubject.get(subject)
    const left = places?.get(binding.namespace)?.filter(one => one !== binding) ?? []
    if (left.length > 0) places?.set(binding.namespace, left); else places?.delete(binding.namespace)
    if (places?.size === 0) this.#bySubject.delete(subject)
  }

  #changed () { if (this.#bound.size > 0) this.#bound.clear() }

  /** The bindings that hold for somebody in a namespace ('': the whole cluster alone), those of the cluster first. */
  #boundOf (user: User, namespace: string): readonly Bound[] {
    let standing = this.#bound.get(user.name)
    if (!standing || !sameTexts(standing.groups, user.groups)) this.#bound.set(user.name, standing = { groups: user.groups, places: new Map() })
    const { places } = standing
    let bound = places.get(namespace)
    if (!bound) {
      if (places.size >= kept.namespaces) places.clear()
      places.set(namespace, bound = this.#find(user, namespace))
    }
    return bound
  }

  #find ({ name, groups }: User, namespace: string): Bound[] {
    const subjects = [userKey(name), ...groups.map(groupKey)]
    return (namespace ? ['', namespace] : ['']).flatMap(place => subjects.flatMap(subject =>
      (this.#bySubject.get(subject)?.get(place) ?? []).map(binding => ({ binding, subject, rules: this.#roles.get(binding.role) }))))
  }

  decide (user: User, question: Question): Decision {
    const all = this.#boundOf(user, question.namespace)
    for (const bound of all) if (bound.rules?.matcher.allows(question)) return new Allowed(bound)
    const missing = new Set(all.filter(({ rules }) => !rules).map(({ binding }) => binding.missing))
    return missing.size ? { allowed: false, reason: `RBAC: ${aggregate([...missing])}` } : denied
  }

  /** What somebody holds in a namespace; `error` names roles that are bound and not there. */
  held (user: User, namespace: string): { rules: PolicyRule[], matchers: Matcher[], error: string } {
    const roles = new Map<string, Rules>()
    const missing = new Set<string>()
    for (const { binding, rules } of this.#boundOf(user, namespace)) {
      if (rules) roles.set(binding.role, rules)
      else missing.add(binding.missing)
    }
    return { rules: [...roles.values()].flatMap(({ list }) => list), matchers: [...roles.values()].map(({ matcher }) => matcher), error: missing.size ? aggregate([...missing]) : '' }
  }

  /** The rules that a reference leads to; undefined where the role is not there. */
  rulesOf (ref: RoleRef, namespace: string): readonly PolicyRule[] | undefined { return this.#roles.get(refKey(ref, namespace))?.list }
}
