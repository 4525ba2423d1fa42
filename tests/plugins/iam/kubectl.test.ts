import t from 'tap'
import { clusterRoleBindings } from '../../../schemas/kube/builtin.js'
import { platform } from '../../helpers/platform.js'
import { globalRole, iam, rbac, user } from './cast.js'

const deployments = '/apis/apps/v1/namespaces/kubesphere-controls-system/deployments'
const at = (name: string): string => `${deployments}/kubectl-${name}`
const image = 'registry.example.com/kubectl:1'

t.test('cluster administrators have a pod with kubectl', async t => {
  const { ask, until, kube } = await platform(t, config => { config.authentication.kubectlImage = image })
  const there = (name: string) => until('admin', at(name), ({ status }) => status === 200)
  const gone = (name: string) => until('admin', at(name), ({ status }) => status === 404)
  const does = async (method: string, path: string, body?: unknown) => {
    const reply = await ask('admin', method, path, { ...(body === undefined ? {} : { body }), ...(method === 'PATCH' ? { headers: { 'content-type': 'application/merge-patch+json' } } : {}) })
    t.ok(reply.status < 300, `${method} ${path} ${reply.text.slice(0, 200)}`)
    return reply
  }

  const { json } = await there('admin')
  t.match(json, {
    metadata: { ownerReferences: [{ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRoleBinding', name: 'admin-cluster-admin', controller: true, blockOwnerDeletion: true }] },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'kubesphere.io/username': 'admin' } },
      template: { metadata: { labels: { 'kubesphere.io/username': 'admin' } }, spec: { serviceAccountName: 'kubesphere-cluster-admin', containers: [{ name: 'kubectl', image }] } },
    },
  })
  t.notOk(json.spec.template.spec.volumes, 'nothing of the node is in it')
  t.equal((await ask('admin', 'GET', '/api/v1/namespaces/kubesphere-controls-system/serviceaccounts/kubesphere-cluster-admin')).status, 200)
  t.match((await ask('admin', 'GET', `${rbac}/clusterrolebindings/system:kubesphere-cluster-admin`)).json, {
    subjects: [{ kind: 'ServiceAccount', name: 'kubesphere-cluster-admin', namespace: 'kubesphere-controls-system' }],
    roleRef: { kind: 'ClusterRole', name: 'cluster-admin' },
  })

  await does('POST', `${iam}/users`, user('root2', { role: 'platform-admin' }))
  await does('POST', `${iam}/users`, user('plain'))
  for (const name of ['one', 'two']) await does('POST', `${iam}/users`, user(name))
  await there('root2')
  await kube.create(clusterRoleBindings, { metadata: { name: 'both' }, subjects: ['one', 'two', 'unheard-of'].map(name => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name })), roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' } })
  await kube.create(clusterRoleBindings, { metadata: { name: 'plain' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'plain' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' } })
  for (const name of ['one', 'two']) await there(name)
  for (const name of ['unheard-of', 'plain']) t.equal((await ask('admin', 'GET', at(name))).status, 404, `${name} is no cluster administrator with an account`)

  await does('PATCH', `${at('one')}/scale`, { spec: { replicas: 3 } })
  await does('DELETE', at('two'))
  await until('admin', at('two'), ({ status, json }) => status === 200 && json.metadata.deletionTimestamp === undefined)
  t.equal((await there('one')).json.spec.replicas, 3, 'what is there is left as people want it')

  await does('DELETE', `${iam}/users/one`)
  await gone('one')
  t.ok(await until('admin', `${rbac}/clusterrolebindings/both`, ({ json }) => json.subjects.length === 2), 'the binding is that of others, too')
  await there('two')
  await does('DELETE', `${rbac}/clusterrolebindings/both`)
  await gone('two')
  const root2 = (await ask('admin', 'GET', `${iam}/users/root2`)).json
  await does('PUT', `${iam}/users/root2`, { ...root2, metadata: { ...root2.metadata, annotations: { ...root2.metadata.annotations, [globalRole]: 'platform-regular' } } })
  await gone('root2')
  await there('admin')
})
