import t from 'tap'
import { withPeople } from './people.js'

/** namespace, whom, rules. */
const grants: [string, string[], string[]][] = [
  ['a', ['User/reader'], ['get,list,watch core pods,configmaps']],
  ['', ['User/everywhere'], ['get,list core configmaps', 'get core namespaces a']],
  ['a', ['Group/dev'], ['* apps *']],
  ['a', ['User/named'], ['get,list,watch,update,delete core configmaps one']],
  ['a', ['User/logs'], ['get core pods/log', 'update core */status', 'patch apps deployments/*']],
  ['', ['User/paths'], ['get /metrics,/logs/*', 'post /hook']],
  ['a', ['ServiceAccount/b/robot'], ['create core configmaps']],
  ['', ['User/all'], ['* * *', '* *']],
  ['a', ['User/collector'], ['deletecollection core configmaps']],
]

const cms = '/api/v1/namespaces/a/configmaps'
/** user (and groups), method, path, status where it is allowed to go on. */
const rows: [string, string, string, number][] = [
  ['reader', 'GET', cms, 200],
  ['reader', 'GET', `${cms}/kube-root-ca.crt`, 200],
  ['reader', 'GET', `${cms}/kube-root-ca.crt/status`, 403],
  ['reader', 'DELETE', `${cms}/kube-root-ca.crt`, 403],
  ['reader', 'GET', '/api/v1/namespaces/b/configmaps', 403],
  ['reader', 'GET', '/api/v1/configmaps', 403],
  ['reader', 'GET', '/api/v1/namespaces/a/secrets', 403],
  ['reader', 'GET', '/api/v1/namespaces/a/pods/x/log', 403],
  ['reader', 'POST', `${cms}`, 403],
  ['reader', 'DELETE', cms, 403],
  ['collector', 'DELETE', `${cms}?labelSelector=none%3Dof`, 200],
  ['collector', 'DELETE', `${cms}/x`, 403],
  ['everywhere', 'GET', '/api/v1/configmaps', 200],
  ['everywhere', 'GET', cms, 200],
  ['everywhere', 'GET', '/api/v1/namespaces/a', 200],
  ['everywhere', 'GET', '/api/v1/namespaces/b', 403],
  ['everywhere', 'GET', '/api/v1/namespaces', 403],
  ['carol dev', 'GET', '/apis/apps/v1/namespaces/a/deployments', 200],
  ['carol dev', 'GET', '/apis/apps/v1/namespaces/a/deployments/none/scale', 404],
  ['carol dev', 'GET', '/apis/apps/v1/deployments', 403],
  ['carol dev', 'GET', '/apis/batch/v1/namespaces/a/jobs', 403],
  ['carol', 'GET', '/apis/apps/v1/namespaces/a/deployments', 403],
  ['named', 'GET', `${cms}/one`, 404],
  ['named', 'GET', `${cms}/two`, 403],
  ['named', 'GET', cms, 403],
  ['named', 'GET', `${cms}?fieldSelector=metadata.name%3Done`, 200],
  ['named', 'GET', `${cms}?fieldSelector=metadata.name%3D%3Done,metadata.namespace%3Da`, 200],
  ['named', 'GET', `${cms}?fieldSelector=metadata.name%3Dtwo`, 403],
  ['named', 'GET', `${cms}?fieldSelector=metadata.name!%3Done`, 403],
  ['named', 'GET', `${cms}?fieldSelector=metadata.name%3Dtwo&fieldSelector=metadata.name%3Done`, 403],
  ['named', 'DELETE', `${cms}?fieldSelector=metadata.name%3Done`, 403],
  ['named', 'DELETE', `${cms}/one`, 404],
  ['named', 'PUT', `${cms}/two`, 403],
  ['logs', 'GET', '/api/v1/namespaces/a/pods/x/log', 404],
  ['logs', 'GET', '/api/v1/namespaces/a/pods/x', 403],
  ['logs', 'GET', '/api/v1/namespaces/a/pods/x/status', 403],
  // As Kubernetes: `deployments/*` is not a pattern.
  ['logs', 'PATCH', '/apis/apps/v1/namespaces/a/deployments/x/scale', 403],
  ['paths', 'GET', '/metrics', 404],
  ['paths', 'GET', '/metrics/more', 403],
  ['paths', 'GET', '/logs/a/b', 404],
  ['paths', 'GET', '/logs', 403],
  ['paths', 'POST', '/hook', 405],
  ['paths', 'HEAD', '/metrics', 403],
  ['paths', 'GET', '/version', 200],
  ['paths', 'GET', '/apis', 200],
  ['paths', 'GET', '/apis/apps/v1', 200],
  ['paths', 'GET', '/healthz', 200],
  ['paths', 'GET', '/apis/nobody.io/v1/things', 403],
  ['system:serviceaccount:b:robot', 'POST', cms, 400],
  ['system:serviceaccount:a:robot', 'POST', cms, 403],
  ['all', 'GET', '/api/v1/secrets', 200],
  ['all', 'GET', '/nothing', 404],
  ['anybody system:masters', 'GET', '/api/v1/secrets', 200],
  ['nobody', 'GET', '/api/v1/namespaces/%61/configmaps', 403],
  ['reader', 'GET', '/api/v1/namespaces/%61/configmaps', 200],
  ['reader', 'GET', '/api/v1/watch/namespaces/b/configmaps', 403],
  ['nobody', 'GET', '/api/v1/namespaces//configmaps', 404],
  ['nobody', 'GET', '//api/v1/configmaps', 403],
  ['nobody', 'GET', '/api/v1/configmaps/', 403],
]

t.test('who may what', async t => {
  const { as, grant } = await withPeople(t)
  let i = 0
  for (const [namespace, subjects, rules] of grants) await grant(namespace, `r${i++}`, subjects, rules)
  for (const [who, method, path, status] of rows) {
    const [user = '', ...groups] = who.split(' ')
    const reply = await as(user, groups)(method, path)
    t.equal(reply.status, status, `${who}: ${method} ${path} → ${status}`)
  }
})

const words: [string, string, string, string][] = [
  ['alice', 'GET', '/api/v1/namespaces/default/pods', 'pods is forbidden: User "alice" cannot list resource "pods" in API group "" in the namespace "default"'],
  ['alice', 'GET', '/api/v1/namespaces/default/pods?watch=1', 'pods is forbidden: User "alice" cannot watch resource "pods" in API group "" in the namespace "default"'],
  ['alice', 'GET', '/api/v1/namespaces/default/pods/x', 'pods "x" is forbidden: User "alice" cannot get resource "pods" in API group "" in the namespace "default"'],
  ['alice', 'GET', '/api/v1/namespaces/default/pods/x/log', 'pods "x" is forbidden: User "alice" cannot get resource "pods/log" in API group "" in the namespace "default"'],
  ['alice', 'GET', '/apis/apps/v1/deployments', 'deployments.apps is forbidden: User "alice" cannot list resource "deployments" in API group "apps" at the cluster scope'],
  ['alice', 'DELETE', '/api/v1/nodes', 'nodes is forbidden: User "alice" cannot deletecollection resource "nodes" in API group "" at the cluster scope'],
  ['alice', 'PATCH', '/api/v1/namespaces/default', 'namespaces "default" is forbidden: User "alice" cannot patch resource "namespaces" in API group "" in the namespace "default"'],
  ['alice', 'GET', '/metrics', 'forbidden: User "alice" cannot get path "/metrics"'],
  ['alice', 'POST', '/', 'forbidden: User "alice" cannot post path "/"'],
  ['a<b', 'GET', '/metrics', 'forbidden: User "a&lt;b" cannot get path "/metrics"'],
  ['lost', 'GET', '/api/v1/nodes', 'nodes is forbidden: User "lost" cannot list resource "nodes" in API group "" at the cluster scope: RBAC: clusterrole.rbac.authorization.k8s.io "gone" not found'],
]

t.test('a refusal has the words of Kubernetes', async t => {
  const { as, must } = await withPeople(t)
  await must('POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings', { metadata: { name: 'lost' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'gone' }, subjects: [{ kind: 'User', name: 'lost' }] })
  for (const [user, method, path, message] of words) {
    const { status, json } = await as(user)(method, path)
    t.match(json, { kind: 'Status', status: 'Failure', code: 403, reason: 'Forbidden' }, `${method} ${path}`)
    t.equal(json['message'], message)
    t.equal(status, 403)
  }
})

t.test('roles and bindings count from the moment they are written', async t => {
  const { as, must, grant } = await withPeople(t)
  const alice = as('alice')
  const may = async () => (await alice('GET', cms)).status === 200
  const role = '/apis/rbac.authorization.k8s.io/v1/namespaces/a/roles/r'
  const binding = '/apis/rbac.authorization.k8s.io/v1/namespaces/a/rolebindings/r'
  t.equal(await may(), false)
  await grant('a', 'r', ['User/alice', 'User/bob'], ['list core configmaps'])
  t.equal(await may(), true)
  await must('PUT', role, { metadata: { name: 'r' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['configmaps'] }] })
  t.equal(await may(), false, 'the role is another')
  await must('PUT', role, { metadata: { name: 'r' }, rules: [{ verbs: ['list'], apiGroups: [''], resources: ['configmaps'] }] })
  t.equal(await may(), true)
  const stored = await must('GET', binding)
  await must('PUT', binding, { ...stored, subjects: [{ kind: 'User', name: 'bob' }] })
  t.equal(await may(), false, 'no subject any more')
  await must('PUT', binding, { ...await must('GET', binding), subjects: [{ kind: 'Group', name: 'system:authenticated' }] })
  t.equal(await may(), true)
  await must('DELETE', role)
  t.equal(await may(), false, 'the role is gone')
  await must('POST', role.slice(0, -2), { metadata: { name: 'r' }, rules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }] })
  t.equal(await may(), true, 'and back')
  await must('DELETE', binding)
  t.equal(await may(), false, 'the binding is gone')
})

t.test('upgrades and old watches go by the same gate', async t => {
  const { kube } = await withPeople(t)
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==', 'impersonate-user': 'alice' }
  const answer = await kube.transport.upgrade({ method: 'GET', path: '/api/v1/secrets', query: 'watch=1', headers })
  t.equal(answer.status, 403)
  t.notOk('socket' in answer)
})
