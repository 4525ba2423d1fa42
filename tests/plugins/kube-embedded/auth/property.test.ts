import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { Policy } from '../../../../plugins/kube-embedded/auth/policy.js'
import { aboutPath, aboutResource, type Question } from '../../../../plugins/kube-embedded/auth/question.js'
import { missingRights } from '../../../../plugins/kube-embedded/auth/rights.js'
import { Matcher } from '../../../../plugins/kube-embedded/auth/matcher.js'
import type { User } from '../../../../plugins/kube-embedded/auth/users.js'
import type { BindingObject, PolicyRule, RoleObject } from '../../../../schemas/kube/builtin.js'

const some = (values: string[], min = 0) => fc.subarray(values, { minLength: min, maxLength: Math.min(3, values.length) })
const verbs = ['get', 'list', 'delete', '*']
const resourceRule = fc.record({ verbs: some(verbs, 1), apiGroups: some(['', 'apps', '*'], 1), resources: some(['pods', 'pods/log', '*/log', '*', 'nodes', 'pods/*'], 1), resourceNames: some(['x', 'y']) })
const pathRule = fc.record({ verbs: some(verbs, 1), nonResourceURLs: some(['/a', '/a/*', '/b*', '*', '/a/b'], 1) })
const rule = fc.oneof({ weight: 4, arbitrary: resourceRule }, { weight: 1, arbitrary: pathRule }) as fc.Arbitrary<PolicyRule>

const names = ['r1', 'r2']
const namespaces = ['', 'n1']
const role = fc.record({ name: fc.constantFrom(...names), namespace: fc.constantFrom(...namespaces), rules: fc.array(rule, { minLength: 1, maxLength: 3 }) })
const subject = fc.oneof(
  fc.record({ kind: fc.constant('User'), name: fc.constantFrom('u1', 'u2', 'system:serviceaccount:n1:s') }),
  fc.record({ kind: fc.constant('Group'), name: fc.constantFrom('g1', 'g2', 'u1') }),
  fc.record({ kind: fc.constant('ServiceAccount'), name: fc.constant('s'), namespace: fc.constantFrom('n1', 'n2') })
)
const binding = fc.record({ name: fc.constantFrom('b1', 'b2', 'b3', 'b4'), namespace: fc.constantFrom(...namespaces), kind: fc.constantFrom('Role', 'ClusterRole'), role: fc.constantFrom(...names), subjects: fc.array(subject, { minLength: 1, maxLength: 3 }) })

type RoleModel = typeof role extends fc.Arbitrary<infer T> ? T : never
type BindingModel = typeof binding extends fc.Arbitrary<infer T> ? T : never
/** Three of four changes set something, the others remove it. */
const set = fc.nat(3).map(n => n > 0)
const change = fc.oneof(
  fc.record({ set, role }),
  fc.record({ set, binding })
)

const user: fc.Arbitrary<User> = fc.record({ name: fc.constantFrom('u1', 'u2', 'u3', 'system:serviceaccount:n1:s'), groups: some(['g1', 'g2', 'g3']) })
const question: fc.Arbitrary<Question> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ verb: fc.constantFrom('get', 'list', 'delete', 'patch'), apiGroup: fc.constantFrom('', 'apps', 'batch'), namespace: fc.constantFrom(...namespaces), resource: fc.constantFrom('pods', 'nodes'), subresource: fc.constantFrom('', 'log', 'exec'), name: fc.constantFrom('', 'x', 'z') }).map(({ verb, ...about }) => aboutResource(verb, about)) },
  { weight: 1, arbitrary: fc.record({ verb: fc.constantFrom('get', 'post'), path: fc.constantFrom('/a', '/a/b', '/b', '/bc', '/c') }).map(({ verb, path }) => aboutPath(verb, path)) }
)

const has = (list: readonly string[] | undefined, ...values: string[]) => list?.includes('*') === true || values.some(value => list?.includes(value))

/** One rule, read as the documentation of Kubernetes has it. */
function ruleAllows ({ verbs, apiGroups, resources, resourceNames, nonResourceURLs }: PolicyRule, q: Question): boolean {
  if (!has(verbs, q.verb)) return false
  if (!q.isResource) return (nonResourceURLs ?? []).some(url => url === q.path || (url.endsWith('*') && q.path.startsWith(url.slice(0, -1))))
  const asked = q.subresource ? [`${q.resource}/${q.subresource}`, `*/${q.subresource}`] : [q.resource]
  return has(apiGroups, q.apiGroup) && has(resources, ...asked) && (!resourceNames?.length || resourceNames.includes(q.name))
}

const subjectIs = (user: User) => ({ kind, name, namespace }: BindingModel['subjects'][number] & { namespace?: string }) =>
  kind === 'User' ? user.name === name : kind === 'Group' ? user.groups.includes(name) : user.name === `system:serviceaccount:${namespace}:${name}`

const fits = ({ namespace, kind }: BindingModel) => namespace !== '' || kind === 'ClusterRole'

/** Every binding, every subject, every rule. */
function plainly (roles: Map<string, RoleModel>, bindings: Map<string, BindingModel>, user: User, q: Question): boolean {
  return [...bindings.values()].some(({ namespace, kind, role, subjects }) => {
    if (namespace !== '' && namespace !== q.namespace) return false
    const found = roles.get(`${kind === 'Role' ? namespace : ''}/${role}`)
    return found !== undefined && subjects.some(subjectIs(user)) && found.rules.some(rule => ruleAllows(rule, q))
  })
}

const metadataOf = ({ name, namespace }: { name: string, namespace: string }) => ({ name, ...(namespace ? { namespace } : {}) })

t.test('a decision is that of a plain reading of all rules, whatever was written before', async t => {
  let allowed = 0
  let all = 0
  fc.assert(fc.property(fc.array(change, { minLength: 8, maxLength: 25, size: 'max' }), fc.array(fc.tuple(user, question), { minLength: 1, maxLength: 12, size: 'max' }), (changes, asked) => {
    const policy = new Policy()
    const roles = new Map<string, RoleModel>()
    const bindings = new Map<string, BindingModel>()
    for (const one of changes) {
      if ('role' in one) {
        const key = `${one.role.namespace}/${one.role.name}`
        const object = { metadata: metadataOf(one.role), rules: one.role.rules } as RoleObject
        if (one.set) { policy.setRole(object); roles.set(key, one.role) } else { policy.removeRole(object); roles.delete(key) }
      } else if (fits(one.binding)) {
        const { kind, role, subjects } = one.binding
        const key = `${one.binding.namespace}/${one.binding.name}`
        const object = { metadata: metadataOf(one.binding), roleRef: { apiGroup: '', kind, name: role }, subjects } as BindingObject
        if (one.set) { policy.setBinding(object); bindings.set(key, one.binding) } else { policy.removeBinding(object); bindings.delete(key) }
      }
    }
    for (const [user, q] of asked) {
      const expected = plainly(roles, bindings, user, q)
      all++
      if (expected) allowed++
      if (policy.decide(user, q).allowed !== expected) return false
    }
    return true
  }), { numRuns: 2000 })
  t.ok(allowed > all / 50, `${allowed} of ${all} were allowed`)
})

t.test('rights that are held grant no more than the holder has', async t => {
  fc.assert(fc.property(fc.array(rule, { maxLength: 4 }), rule, question, (held, wanted, q) => {
    const covered = missingRights([new Matcher(held)], [wanted]).length === 0
    return !covered || !ruleAllows(wanted, q) || held.some(rule => ruleAllows(rule, q))
  }), { numRuns: 3000 })
  fc.assert(fc.property(fc.array(rule, { maxLength: 4 }), held => missingRights([new Matcher(held)], held).length === 0), { numRuns: 1000 })
  t.pass()
})
