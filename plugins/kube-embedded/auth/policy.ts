import type { BindingObject, PolicyRule, RoleObject, RoleRef, Subject } from '../../../schemas/kube/builtin.js'
import { Matcher } from './matcher.js'
import type { Question } from './question.js'
import { accountUser, type User } from './users.js'

export interface Decision { readonly allowed: boolean, readonly reason: string }

/** A role as it is now; its rules are compiled when somebody first asks. */
class Role {
  #matcher: Matcher | undefined
  constructor (readonly rules: readonly PolicyRule[]) {}
  get matcher (): Matcher { return (this.#matcher ??= new Matcher(this.rules)) }
}

interface Binding {
  /** `ClusterRoleBinding "x" of ClusterRole "y"` */
  readonly text: string
  readonly role: string
  /** `clusterrole.rbac.authorization.k8s.io "y" not found` */
  readonly missing: string
  readonly namespace: string
  /** What each subject is called, by its key. */
  readonly subjects: ReadonlyMap<string, string>
}

const roleKey = (namespace: string, name: string): string => `${namespace}/${name}`
const refKey = ({ kind, name }: RoleRef, namespace: string): string => roleKey(kind === 'Role' ? namespace : '', name)
const userKey = (name: string): string => `user ${name}`
const groupKey = (name: string): string => `group ${name}`

function subjectOf ({ kind, name, namespace: own = '' }: Subject, namespace: string): [string, string] {
  const of = own || namespace
  if (kind === 'ServiceAccount') return [userKey(accountUser(of, name)), `ServiceAccount ${JSON.stringify(`${name}/${of}`)}`]
  return [kind === 'Group' ? groupKey(name) : userKey(name), `${kind} ${JSON.stringify(name)}`]
}

function bindingOf ({ metadata, roleRef, subjects }: BindingObject): Binding {
  const { name, namespace = '' } = metadata
  const [kind, id] = namespace ? ['RoleBinding', `${name}/${namespace}`] : ['ClusterRoleBinding', name]
  return {
    text: `${kind} ${JSON.stringify(id)} of ${roleRef.kind} ${JSON.stringify(roleRef.name)}`,
    role: refKey(roleRef, namespace),
    missing: `${roleRef.kind.toLowerCase()}.rbac.authorization.k8s.io ${JSON.stringify(roleRef.name)} not found`,
    namespace,
    subjects: new Map([...subjects ?? []].reverse().map(subject => subjectOf(subject, namespace))),
  }
}

const aggregate = (texts: readonly string[]): string => texts.length === 1 ? texts[0] ?? '' : `[${texts.join(', ')}]`

/** Roles and bindings, by whom they are for: a decision looks at nothing but the caller's own bindings. */
export class Policy {
  readonly #roles = new Map<string, Role>()
  readonly #bindings = new Map<string, Binding>()
  /** Subject → namespace ('' for the cluster) → bindings by their key. */
  readonly #bySubject = new Map<string, Map<string, Map<string, Binding>>>()

  setRole ({ metadata: { name, namespace = '' }, rules }: RoleObject) { this.#roles.set(roleKey(namespace, name), new Role(rules ?? [])) }
  removeRole ({ metadata: { name, namespace = '' } }: RoleObject) { this.#roles.delete(roleKey(namespace, name)) }

  setBinding (object: BindingObject) {
    this.removeBinding(object)
    const { name, namespace = '' } = object.metadata
    const key = roleKey(namespace, name)
    const binding = bindingOf(object)
    this.#bindings.set(key, binding)
    for (const subject of binding.subjects.keys()) {
      const places = this.#bySubject.get(subject) ?? new Map<string, Map<string, Binding>>()
      this.#bySubject.set(subject, places.set(namespace, (places.get(namespace) ?? new Map<string, Binding>()).set(key, binding)))
    }
  }

  removeBinding ({ metadata: { name, namespace = '' } }: Pick<BindingObject, 'metadata'>) {
    const key = roleKey(namespace, name)
    const binding = this.#bindings.get(key)
    if (!binding) return
    this.#bindings.delete(key)
    for (const subject of binding.subjects.keys()) this.#forget(subject, namespace, key)
  }

  #forget (subject: string, namespace: string, key: string) {
    const places = this.#bySubject.get(subject)
    const bindings = places?.get(namespace)
    bindings?.delete(key)
    if (bindings?.size === 0) places?.delete(namespace)
    if (places?.size === 0) this.#bySubject.delete(subject)
  }

  /** The bindings that hold for somebody in a namespace ('': the whole cluster alone), those of the cluster first. */
  * #bindingsOf ({ name, groups }: User, namespace: string): Generator<[Binding, string]> {
    const subjects = [userKey(name), ...groups.map(groupKey)]
    for (const place of namespace ? ['', namespace] : ['']) {
      for (const subject of subjects) {
        for (const binding of this.#bySubject.get(subject)?.get(place)?.values() ?? []) yield [binding, subject]
      }
    }
  }

  decide (user: User, question: Question): Decision {
    const missing = new Set<string>()
    for (const [{ text, role, missing: why, subjects }, subject] of this.#bindingsOf(user, question.namespace)) {
      const found = this.#roles.get(role)
      if (!found) missing.add(why)
      else if (found.matcher.allows(question)) return { allowed: true, reason: `RBAC: allowed by ${text} to ${subjects.get(subject) ?? ''}` }
    }
    return { allowed: false, reason: missing.size ? `RBAC: ${aggregate([...missing])}` : '' }
  }

  /** What somebody holds in a namespace; `error` names roles that are bound and not there. */
  held (user: User, namespace: string): { rules: PolicyRule[], matchers: Matcher[], error: string } {
    const roles = new Set<Role>()
    const missing = new Set<string>()
    for (const [{ role, missing: why }] of this.#bindingsOf(user, namespace)) {
      const found = this.#roles.get(role)
      if (found) roles.add(found)
      else missing.add(why)
    }
    return { rules: [...roles].flatMap(({ rules }) => rules), matchers: [...roles].map(({ matcher }) => matcher), error: missing.size ? aggregate([...missing]) : '' }
  }

  /** The rules that a reference leads to; undefined where the role is not there. */
  rulesOf (ref: RoleRef, namespace: string): readonly PolicyRule[] | undefined { return this.#roles.get(refKey(ref, namespace))?.rules }
}
