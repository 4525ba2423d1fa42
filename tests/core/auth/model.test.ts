import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { createAccess } from '../../../core/auth/access.js'
import type { Attributes } from '../../../core/auth/types.js'
import { globalRoleBindings, globalRoles, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, clusterRoles, namespaces, roleBindings, roles, type PolicyRule } from '../../../schemas/kube/builtin.js'
import { silent } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

const users = ['u1', 'u2'] as const
const groups = ['g1', 'g2'] as const
const word = (...words: string[]) => fc.constantFrom(...words)
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  verbs: fc.subarray(['get', 'list', 'create', '*'], { minLength: 1, maxLength: 2 }),
  apiGroups: fc.subarray(['', 'apps', '*'], { minLength: 1, maxLength: 2 }),
  resources: fc.subarray(['pods', 'pods/log', '*/log', '*', 'deployments'], { minLength: 1, maxLength: 2 }),
  resourceNames: fc.oneof({ weight: 3, arbitrary: fc.constant([] as string[]) }, fc.constant(['n1'] as string[])),
})
type Level = 'global' | 'workspace' | 'namespace' | 'cluster'
interface Bound { level: Level, place: string, subject: { kind: string, name: string }, rules: PolicyRule[] }
const bound: fc.Arbitrary<Bound> = fc.record({
  level: word('global', 'workspace', 'namespace', 'cluster') as fc.Arbitrary<Level>,
  place: word('1', '2'),
  subject: fc.oneof(fc.record({ kind: fc.constant('User'), name: word(...users) }), fc.record({ kind: fc.constant('Group'), name: word(...groups) })),
  rules: fc.array(rule, { minLength: 1, maxLength: 2 }),
})
interface Asked { user: string, groups: string[], verb: string, apiGroup: string, resource: string, subresource: string, name: string, namespace: string }
const asked: fc.Arbitrary<Asked> = fc.record({ user: word(...users), groups: fc.subarray([...groups]), verb: word('get', 'list', 'create', 'delete'), apiGroup: word('', 'apps'), resource: word('pods', 'deployments', 'secrets'), subresource: word('', 'log'), name: word('', 'n1', 'n2'), namespace: word('', 'ns1', 'ns2', 'free', 'absent') })

/** Workspaces of namespaces: ns1 is in ws1, ns2 in ws2, free in none, absent not there. */
const workspaceOf: Record<string, string> = { ns1: 'ws1', ns2: 'ws2' }

function covers ({ verbs, apiGroups = [], resources = [], resourceNames = [] }: PolicyRule, { verb, apiGroup, resource, subresource, name }: Asked): boolean {
  const wanted = subresource ? [`${resource}/${subresource}`, `*/${subresource}`, '*'] : [resource, '*']
  return (verbs.includes(verb) || verbs.includes('*')) && (apiGroups.includes(apiGroup) || apiGroups.includes('*')) && resources.some(one => wanted.includes(one)) && (resourceNames.length === 0 || resourceNames.includes(name))
}

/** The rules of the platform, read aloud: every binding is looked at. */
function naive (bindings: readonly Bound[], ask: Asked): boolean {
  return bindings.some(({ level, place, subject, rules }) => {
    if (!(subject.kind === 'User' ? subject.name === ask.user : ask.groups.includes(subject.name))) return false
    if (!rules.some(one => covers(one, ask))) return false
    if (level === 'workspace') return ask.namespace !== '' && workspaceOf[ask.namespace] === `ws${place}`
    return level === 'namespace' ? ask.namespace === `ns${place}` : true
  })
}

function accessOf (bindings: readonly Bound[]) {
  const of = (level: Level) => bindings.flatMap((one, i) => one.level === level ? [{ ...one, i }] : [])
  const role = ({ i, rules, level, place }: Bound & { i: number }) => ({ metadata: { name: `r${i}`, ...(level === 'namespace' ? { namespace: `ns${place}` } : {}), ...(level === 'workspace' ? { labels: { 'kubesphere.io/workspace': `ws${place}` } } : {}) }, rules })
  const binding = (kind: string) => ({ i, subject, level, place }: Bound & { i: number }) => ({ metadata: { name: `b${i}`, ...(level === 'namespace' ? { namespace: `ns${place}` } : {}), ...(level === 'workspace' ? { labels: { 'kubesphere.io/workspace': `ws${place}` } } : {}) }, subjects: [subject], roleRef: { apiGroup: '', kind, name: `r${i}` } })
  const kube = fakeKube(
    [namespaces, [{ metadata: { name: 'ns1', labels: { 'kubesphere.io/workspace': 'ws1' } } }, { metadata: { name: 'ns2', labels: { 'kubesphere.io/workspace': 'ws2' } } }, { metadata: { name: 'free' } }]],
    [globalRoles, of('global').map(role)], [globalRoleBindings, of('global').map(binding('GlobalRole'))],
    [workspaceRoles, of('workspace').map(role)], [workspaceRoleBindings, of('workspace').map(binding('WorkspaceRole'))],
    [roles, of('namespace').map(role)], [roleBindings, of('namespace').map(binding('Role'))],
    [clusterRoles, of('cluster').map(role)], [clusterRoleBindings, of('cluster').map(binding('ClusterRole'))]
  )
  return createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent })
}

const attributes = ({ user, groups, ...ask }: Asked): Attributes => ({ user: { name: user, groups, by: 'bearer' }, ...ask, workspace: '', devops: '', apiVersion: 'v1', isKubernetesRequest: true, isResourceRequest: true, path: '/x', resourceScope: ask.namespace ? 'Namespace' : 'Cluster' })

t.test('10,000 decisions as a plain reading of the rules gives them', async t => {
  let allowed = 0
  await fc.assert(fc.asyncProperty(fc.array(bound, { maxLength: 6 }), fc.array(asked, { minLength: 10, maxLength: 10 }), async (bindings, asks) => {
    const access = accessOf(bindings)
    for (const ask of asks) {
      const decision = await access.authorizeRBAC(attributes(ask))
      if (decision.allowed !== naive(bindings, ask)) throw new Error(`${JSON.stringify(ask)} is ${decision.allowed ? 'allowed' : 'refused'}`)
      if (decision.allowed) allowed++
    }
  }), { numRuns: 1_000 })
  t.ok(allowed > 500, `${allowed} of 10,000 were allowed`)
})

t.test('taking a binding away never allows more', async t => {
  await fc.assert(fc.asyncProperty(fc.array(bound, { minLength: 1, maxLength: 5 }), fc.nat(4), asked, async (bindings, drop, ask) => {
    const fewer = bindings.filter((_, i) => i !== drop % bindings.length)
    const [all, less] = await Promise.all([accessOf(bindings).authorizeRBAC(attributes(ask)), accessOf(fewer).authorizeRBAC(attributes(ask))])
    if (less.allowed && !all.allowed) throw new Error('fewer bindings allow more')
  }), { numRuns: 500 })
  t.pass('500 pairs')
})
