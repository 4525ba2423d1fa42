import t from 'tap'
import { createPlacement, type Placement } from '../../../plugins/tenant/placement.js'
import { createRights } from '../../../plugins/tenant/rights.js'
import { createAccess } from '../../../core/auth/access.js'
import type { KubeObject } from '../../../core/sdk/index.js'
import { clusterRoleBindings } from '../../../schemas/kube/builtin.js'
import { clusters, workspaceTemplates, type WorkspaceTemplate } from '../../../schemas/tenant/kinds.js'
import { silent } from '../../helpers/app.js'
import { build, cluster, jsonPatch, tenants, v2, v3, workspace } from './build.js'

const open = { 'cluster.kubesphere.io/visibility': 'public' }
const host = { 'cluster-role.kubesphere.io/host': '' }
const administrator = (user: string): KubeObject => ({ metadata: { name: `${user}-cluster-admin`, labels: { 'iam.kubesphere.io/user-ref': user } }, subjects: [], roleRef: { apiGroup: '', kind: 'ClusterRole', name: 'cluster-admin' } }) as unknown as KubeObject
const platform = () => tenants(
  [clusters, [cluster('open', open), cluster('closed', host), cluster('other', host)]],
  [clusterRoleBindings, [administrator('connie')]],
  [workspaceTemplates, [workspace('w-open', { clusters: [{ name: 'open' }] }), workspace('w-both', { clusters: [{ name: 'open' }, { name: 'closed' }] }), workspace('w-all', { clusterSelector: {} })]]
)
const add = (path: string, value: unknown) => ({ op: 'add', path: `/spec/placement${path}`, value })
const remove = (path: string, value?: unknown) => ({ op: 'remove', path: `/spec/placement${path}`, ...(value === undefined ? {} : { value }) })

/** T1, T9, P33: what a patch does is what is authorised, not what it says. connie administers the clusters, and no workspace; carol has nothing. */
const patches: [string, string, string, unknown, number, RegExp?][] = [
  ['the manager of all', 'root', 'w-open', [add('/clusters/-', { name: 'closed' })], 200],
  ['who administers the cluster', 'connie', 'w-open', [add('/clusters/-', { name: 'closed' })], 200],
  ['who administers it not', 'alice', 'w-open', [add('/clusters/-', { name: 'closed' })], 403, /user is not allowed to use the cluster closed/],
  ['nobody', 'carol', 'w-open', [add('/clusters/-', { name: 'closed' })], 403],
  ['an open cluster, in a foreign workspace', 'carol', 'ws-a', [add('/clusters', { })], 400],
  ['an open cluster in one\'s own', 'alice', 'ws-a', [add('', { clusters: [{ name: 'open' }] })], 200],
  ['an open cluster in a foreign one', 'carol', 'ws-a', [add('', { clusters: [{ name: 'open' }] })], 403],
  ['an absent cluster', 'root', 'w-open', [add('/clusters/-', { name: 'gone' })], 404, /clusters.cluster.kubesphere.io "gone" not found/],
  ['remove what value does not name', 'carol', 'w-both', [remove('/clusters/1', { name: 'open' })], 403],
  ['remove what one administers', 'connie', 'w-both', [remove('/clusters/1', { name: 'closed' })], 200],
  ['remove all', 'carol', 'w-both', [remove('', { name: 'open' })], 403],
  ['empty it', 'carol', 'w-both', [add('', { clusters: [] })], 403],
  ['widen it to every cluster', 'carol', 'w-open', [add('', { clusterSelector: {} })], 403],
  ['widen it to clusters to come', 'connie', 'w-both', [add('', { clusterSelector: { matchLabels: { never: 'yet' } } })], 403],
  ['narrow what was everywhere', 'carol', 'w-all', [add('', { clusters: [{ name: 'open' }] })], 403],
  ['move', 'root', 'w-both', [{ op: 'move', from: '/spec/placement/clusters/0', path: '/spec/placement/clusters/1' }], 400, /not support operation type/],
  ['copy from outside', 'carol', 'w-open', [{ op: 'copy', from: '/metadata/labels', path: '/spec/placement/clusterSelector' }], 400],
  ['replace', 'carol', 'w-open', [{ op: 'replace', path: '/spec/placement', value: {} }], 400],
  ['take placement along with its parent', 'carol', 'w-open', [{ op: 'replace', path: '/spec', value: { placement: {} } }], 403],
  ['take over', 'carol', 'w-open', [{ op: 'replace', path: '/spec/template/spec/manager', value: 'carol' }], 403, /workspacetemplates.tenant.kubesphere.io "w-open" is forbidden: $/m],
  ['take over one\'s own', 'alice', 'ws-a', [{ op: 'replace', path: '/spec/template/spec/manager', value: 'alice' }], 403],
  ['guess', 'carol', 'w-open', [{ op: 'test', path: '/spec/template/spec/manager', value: 'root' }], 403],
  ['a path beside the placement', 'carol', 'w-open', [{ op: 'add', path: '/spec/placementx', value: {} }], 403],
  ['nothing, of one\'s own', 'alice', 'ws-a', [], 200],
  ['nothing, of somebody else\'s', 'carol', 'ws-a', [], 403],
  ['nothing, of what is not there', 'carol', 'absent', [], 403],
  ['an absent workspace', 'root', 'absent', [add('', { clusters: [] })], 404],
  ['a path that is not there', 'root', 'w-open', [remove('/clusters/7', {})], 422],
  ['a path that is not there, for who may not know', 'carol', 'w-open', [remove('/clusters/7', {})], 403],
  ['a test that fails', 'root', 'w-open', [{ op: 'test', path: '/metadata/name', value: 'x' }], 422],
  ['an object', 'root', 'w-open', { spec: {} }, 400],
  ['no value', 'root', 'w-open', [remove('/clusters/0')], 400],
  ['no operation', 'root', 'w-open', [{ path: '/x' }], 400],
  ['a text', 'root', 'w-open', '"x"', 400],
]

t.test('patches of workspaces', async t => {
  for (const [what, who, name, body, status, text] of patches) {
    const kube = platform()
    const { ask } = await build(t, kube)
    const before = JSON.stringify(kube.store(workspaceTemplates).get(name)?.spec)
    const answer = await ask(who, 'PATCH', `${v3}/workspacetemplates/${name}`, { body, headers: jsonPatch })
    t.equal(answer.status, status, `${what}: ${answer.text.slice(0, 200)}`)
    if (text) t.match(answer.text, text, what)
    if (status !== 200) t.equal(JSON.stringify(kube.store(workspaceTemplates).get(name)?.spec), before, `${what}: nothing changed`)
  }
})

t.test('placement of new and whole workspaces', async t => {
  const kube = platform()
  const { ask } = await build(t, kube)
  const template = (name: string, placement: unknown, metadata = {}) => ({ metadata: { name, ...metadata }, spec: { placement, template: { spec: { manager: 'erin' } } } })
  const rows: [string, string, unknown, number][] = [
    ['erin', 'n1', { clusters: [{ name: 'open' }] }, 200],
    ['erin', 'n2', { clusters: [{ name: 'closed' }] }, 403],
    ['erin', 'n3', { clusters: [{ name: 'gone' }] }, 404],
    ['erin', 'n4', { clusterSelector: {} }, 403],
    ['erin', 'n5', { clusters: [] }, 200],
    ['erin', 'n6', undefined, 200],
    ['erin', 'n7', { clusters: 'all' }, 400],
    ['erin', 'n8', { clusters: [{ name: 7 }] }, 400],
    ['root', 'n9', { clusterSelector: {} }, 200],
  ]
  for (const [who, name, placement, status] of rows) {
    const answer = await ask(who, 'POST', `${v2}/workspaces`, { body: template(name, placement) })
    t.equal(answer.status, status, `${name} ${answer.text.slice(0, 200)}`)
    t.equal(kube.store(workspaceTemplates).get(name) !== undefined, status === 200, 'stored, or not at all')
  }
  t.same((kube.store(workspaceTemplates).get('n5') as WorkspaceTemplate).spec?.placement, {}, 'a list of no clusters is dropped')
  const { metadata: { resourceVersion } } = kube.store(workspaceTemplates).get('w-both') as WorkspaceTemplate
  t.equal((await ask('root', 'PUT', `${v2}/workspaces/w-both`, { body: template('w-both', { clusters: [{ name: 'gone' }] }, { resourceVersion }) })).status, 404)
  t.equal((await ask('root', 'PUT', `${v2}/workspaces/w-both`, { body: template('w-both', { clusters: [{ name: 'open' }] }, { resourceVersion }) })).status, 200)
})

t.test('without any cluster a selector takes in nothing', async t => {
  const { ask } = await build(t, tenants([workspaceTemplates, [workspace('w-all', { clusterSelector: {} })]]))
  t.equal((await ask('erin', 'POST', `${v2}/workspaces`, { body: { metadata: { name: 'mine' }, spec: { placement: { clusterSelector: {} } } } })).status, 200)
  const rows: [string, string, unknown, number][] = [
    ['carol', 'ws-a', add('', { clusterSelector: {} }), 403], ['carol', 'w-all', add('', { clusters: [] }), 403], ['carol', 'w-all', remove('/clusterSelector', {}), 403],
    ['rob', 'ws-a', add('', { clusterSelector: {} }), 403], ['bob', 'ws-a', add('', { clusterSelector: {} }), 403],
    ['alice', 'ws-a', add('', { clusterSelector: {} }), 200], ['root', 'w-all', remove('/clusterSelector', {}), 200],
  ]
  for (const [who, name, operation, status] of rows) {
    t.equal((await ask(who, 'PATCH', `${v3}/workspacetemplates/${name}`, { body: [operation], headers: jsonPatch })).status, status, `${who} ${JSON.stringify(operation)}`)
  }
})

t.test('a member cluster is asked who administers it', async t => {
  const kube = tenants([clusters, [cluster('member'), { metadata: { name: 'mute' }, spec: {} } as unknown as KubeObject]])
  const rights = createRights({ kube, access: createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent }) })
  const asked: string[] = []
  const { authorise } = createPlacement({
    kube,
    rights,
    askMember: async (kubeconfig, path, query) => {
      asked.push(`${kubeconfig} ${path}?${query}`)
      if (query.includes('vera')) throw new Error('dialled in vain at 10.0.0.1')
      return { items: query.includes('rob') ? [administrator('rob')] : [] } as never
    },
  })
  const use = (name: string, placement: Placement) => authorise({ name, groups: [] }, {}, placement, { openly: true }).then(() => 200, ({ code, message }: { code: number, message: string }) => `${code} ${message}`)
  const member = { clusters: [{ name: 'member' }] }
  t.equal(await use('rob', member), 200)
  t.match(await use('carol', member), /^403/)
  t.match(await use('vera', member), /^400 cluster member cannot be asked/, 'and nothing of its address')
  t.match(await use('rob', { clusters: [{ name: 'mute' }] }), /^400/)
  t.equal(asked[0], 'secret /apis/rbac.authorization.k8s.io/v1/clusterrolebindings?labelSelector=iam.kubesphere.io%2Fuser-ref%3Drob')
})
