import t from 'tap'
import type { Json } from '../../../helpers/embedded-api.js'
import { bindingObject, rbac, roleObject, withPeople } from './people.js'

const roles = `${rbac}/namespaces/a/roles`
const clusterRoles = `${rbac}/clusterroles`
const roleBindings = `${rbac}/namespaces/a/rolebindings`
const clusterRoleBindings = `${rbac}/clusterrolebindings`

const writes = 'create,update,patch,get,delete'
const all = `${writes} rbac.authorization.k8s.io roles,rolebindings,clusterroles,clusterrolebindings`

async function build (t: Parameters<typeof withPeople>[0]) {
  const api = await withPeople(t)
  const { grant, must } = api
  await grant('', 'writers', ['User/local', 'User/wide', 'User/escalator', 'User/binder', 'User/chief'], [all])
  await grant('a', 'local', ['User/local'], ['get,list core pods', 'get core configmaps x,y'])
  await grant('', 'wide', ['User/wide'], ['get,list core,apps pods,deployments,*/scale', 'get /metrics/*'])
  await grant('', 'escalator', ['User/escalator'], ['escalate rbac.authorization.k8s.io roles', 'escalate rbac.authorization.k8s.io clusterroles known'])
  await grant('', 'binder', ['User/binder'], ['bind rbac.authorization.k8s.io clusterroles view', 'bind rbac.authorization.k8s.io roles'])
  await grant('', 'chief', ['User/chief'], ['* * *', '* *'])
  await must('POST', roles, roleObject('secrets', ['get core secrets']))
  await must('POST', roles, roleObject('pods', ['list core pods']))
  return api
}

const refusal = (user: string, ...rules: string[]) => `user "${user}" (groups=["system:authenticated"]) is attempting to grant RBAC permissions not currently held:\n${rules.join('\n')}`

/** who, where, what rules; 201 or the words of the refusal. */
const creations: [string, string, Json, true | string][] = [
  ['local', roles, roleObject('l1', ['get core pods']), true],
  ['local', roles, roleObject('l2', ['get,list core pods', 'get core configmaps y']), true],
  ['local', roles, roleObject('l3', ['get,watch core pods']), refusal('local', '{APIGroups:[""], Resources:["pods"], Verbs:["watch"]}')],
  ['local', roles, roleObject('l4', ['get core configmaps']), refusal('local', '{APIGroups:[""], Resources:["configmaps"], Verbs:["get"]}')],
  ['local', roles, roleObject('l5', ['get core configmaps x,z']), refusal('local', '{APIGroups:[""], Resources:["configmaps"], ResourceNames:["z"], Verbs:["get"]}')],
  ['local', roles, roleObject('l6', ['get,update core secrets,pods']), refusal('local', '{APIGroups:[""], Resources:["pods"], Verbs:["update"]}', '{APIGroups:[""], Resources:["secrets"], Verbs:["get" "update"]}')],
  ['local', roles, roleObject('l7', ['* * *']), refusal('local', '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}')],
  ['local', clusterRoles, roleObject('l8', ['get core pods']), refusal('local', '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}')],
  ['local', `${rbac}/namespaces/b/roles`, roleObject('l9', ['get core pods']), refusal('local', '{APIGroups:[""], Resources:["pods"], Verbs:["get"]}')],
  ['local', roles, roleObject('l10', []), true],
  ['wide', clusterRoles, roleObject('w1', ['list apps deployments', 'get /metrics/a,/metrics/b*']), true],
  ['wide', clusterRoles, roleObject('w2', ['get apps deployments/scale']), true],
  ['wide', clusterRoles, roleObject('w3', ['get apps deployments/log', 'get /metrics']), refusal('wide', '{APIGroups:["apps"], Resources:["deployments/log"], Verbs:["get"]}', '{NonResourceURLs:["/metrics"], Verbs:["get"]}')],
  ['wide', clusterRoles, roleObject('w4', ['get core pods'], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { x: 'y' } }] } }), 'must have cluster-admin privileges to use the aggregationRule'],
  ['chief', clusterRoles, roleObject('c1', ['* * *'], { aggregationRule: { clusterRoleSelectors: [{ matchLabels: { x: 'y' } }] } }), true],
  ['escalator', roles, roleObject('e1', ['* * *']), true],
  ['escalator', clusterRoles, roleObject('known', ['* * *']), refusal('escalator', '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}')],
  ['local', roleBindings, bindingObject('b1', 'Role/pods', ['User/x']), true],
  ['local', roleBindings, bindingObject('b2', 'Role/secrets', ['User/x']), refusal('local', '{APIGroups:[""], Resources:["secrets"], Verbs:["get"]}')],
  ['binder', roleBindings, bindingObject('b3', 'Role/secrets', ['User/x']), true],
  ['binder', roleBindings, bindingObject('b4', 'ClusterRole/view', ['User/x']), true],
  ['binder', clusterRoleBindings, bindingObject('b5', 'ClusterRole/view', ['User/x']), true],
  ['binder', clusterRoleBindings, bindingObject('b6', 'ClusterRole/cluster-admin', ['User/x']), refusal('binder', '{APIGroups:["*"], Resources:["*"], Verbs:["*"]}', '{NonResourceURLs:["*"], Verbs:["*"]}')],
  ['chief', clusterRoleBindings, bindingObject('b7', 'ClusterRole/cluster-admin', ['User/x']), true],
]

const nameOf = (url: string) => `${url.slice(url.lastIndexOf('/') + 1)}.rbac.authorization.k8s.io`

t.test('nobody grants what they do not hold', async t => {
  const { as } = await build(t)
  for (const [user, url, object, outcome] of creations) {
    const { status, json } = await as(user)('POST', url, object)
    const name = String(object['metadata'].name)
    t.equal(status, outcome === true ? 201 : 403, `${user} creates ${name}`)
    if (outcome === true) continue
    t.equal(json['message'], `${nameOf(url)} "${name}" is forbidden: ${outcome}`)
    t.match(json, { reason: 'Forbidden', details: { name, group: 'rbac.authorization.k8s.io' } })
  }
})

t.test('nor by a change, a patch or an apply', async t => {
  const { as, must } = await build(t)
  const local = as('local')
  await local('POST', roles, roleObject('mine', ['get core pods']))
  const more = { rules: [{ verbs: ['*'], apiGroups: [''], resources: ['secrets'] }] }
  t.equal((await local('PUT', `${roles}/mine`, { ...roleObject('mine', []), ...more })).status, 403)
  t.equal((await local('PATCH', `${roles}/mine`, more, { type: 'application/merge-patch+json' })).status, 403)
  t.equal((await local('PATCH', `${roles}/mine`, more, { type: 'application/strategic-merge-patch+json' })).status, 403)
  t.equal((await local('PATCH', `${roles}/mine`, [{ op: 'add', path: '/rules/-', value: more.rules[0] }], { type: 'application/json-patch+json' })).status, 403)
  const applied = { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'mine' }, ...more }
  t.equal((await local('PATCH', `${roles}/mine?fieldManager=x&force=true`, applied, { type: 'application/apply-patch+yaml' })).status, 403)
  t.equal((await local('PATCH', `${roles}/fresh?fieldManager=x`, { ...applied, metadata: { name: 'fresh' } }, { type: 'application/apply-patch+yaml' })).status, 403)
  t.equal((await local('PUT', `${roles}/mine?dryRun=All`, { ...roleObject('mine', []), ...more })).status, 403)
  t.same((await must('GET', `${roles}/mine`))['rules'], [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }])
})

t.test('who holds less may still leave a role as it is, and let it go', async t => {
  const { as, must } = await build(t)
  const local = as('local')
  const stored = await must('GET', `${roles}/secrets`)
  t.equal((await local('PUT', `${roles}/secrets`, stored)).status, 200)
  t.equal((await local('PATCH', `${roles}/secrets`, { metadata: { finalizers: ['example.com/wait'] } }, { type: 'application/merge-patch+json' })).status, 200)
  t.equal((await local('PATCH', `${roles}/secrets`, { metadata: { labels: { a: 'b' } } }, { type: 'application/merge-patch+json' })).status, 403)
  t.equal((await local('PATCH', `${roles}/secrets`, { metadata: { finalizers: null } }, { type: 'application/merge-patch+json' })).status, 200)
  t.equal((await local('DELETE', `${roles}/secrets`)).status, 200)
})

t.test('a binding needs its role', async t => {
  const { as } = await build(t)
  const { status, json } = await as('local')('POST', roleBindings, bindingObject('none', 'Role/gone', ['User/x']))
  t.equal(status, 404)
  t.equal(json['message'], 'roles.rbac.authorization.k8s.io "gone" not found')
  t.equal((await as('binder')('POST', roleBindings, bindingObject('none', 'Role/gone', ['User/x']))).status, 201, 'unless one may bind')
})

t.test('to apply what is not there is to create', async t => {
  const { as, grant } = await build(t)
  await grant('a', 'patcher', ['User/patcher'], ['patch core configmaps'])
  const apply = (name: string) => as('patcher')('PATCH', `/api/v1/namespaces/a/configmaps/${name}?fieldManager=x`, { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } }, { type: 'application/apply-patch+yaml' })
  const refused = await apply('new')
  t.equal(refused.status, 403)
  t.equal(refused.json['message'], 'configmaps "new" is forbidden: User "patcher" cannot create resource "configmaps" in API group "" in the namespace "a"')
  t.equal((await apply('kube-root-ca.crt')).status, 200)
})
