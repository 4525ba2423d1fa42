import t from 'tap'
import { conflict, type Kube } from '../../../core/sdk/index.js'
import { workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings, roles, type Namespace } from '../../../schemas/kube/builtin.js'
import { workspaceQuotas, workspaces, workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { build, tenants, v2, v3 } from './build.js'

const creator = 'kubesphere.io/creator'
const template = (name: string, metadata: object = {}) => ({ apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name, ...metadata }, spec: { template: { spec: { manager: 'erin' } } } })
const project = (name: string, metadata: object = {}) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, ...metadata } })

t.test('bad input is refused, and nothing is stored', async t => {
  const { ask, kube } = await build(t)
  const rows: [string, string, string, string, unknown, number, RegExp?][] = [
    ['no body', 'root', 'POST', '/workspaces', undefined, 400],
    ['a list', 'root', 'POST', '/workspaces', [], 400],
    ['null', 'root', 'POST', '/workspaces', 'null', 400],
    ['broken', 'root', 'POST', '/workspaces', '{', 400],
    ['labels that are none', 'root', 'POST', '/workspaces', { metadata: { name: 'x', labels: 'a' } }, 400],
    ['a label that is no text', 'root', 'POST', '/workspaces', { metadata: { name: 'x', labels: { a: 1 } } }, 400],
    ['a name that is no text', 'root', 'POST', '/workspaces', { metadata: { name: 7 } }, 400],
    ['a spec that is none', 'root', 'POST', '/workspaces', { metadata: { name: 'x' }, spec: [] }, 400],
    ['a name that is no label value', 'root', 'POST', '/workspaces', template('w'.repeat(64)), 422, /63 characters/],
    ['a name that is there', 'root', 'POST', '/workspaces', template('ws-a'), 400, /workspacetemplates.tenant.kubesphere.io "ws-a" already exists/],
    ['another name than the path\'s', 'root', 'PUT', '/workspaces/ws-a', template('ws-b'), 400, /the name of the object \(ws-b\) does not match the name on the URL \(ws-a\)/],
    ['no name', 'root', 'PUT', '/workspaces/ws-a', template(''), 400],
    ['an absent one', 'root', 'PUT', '/workspaces/gone', template('gone'), 404, /workspacetemplates.tenant.kubesphere.io "gone" not found/],
    ['a stale one', 'root', 'PUT', '/workspaces/ws-a', template('ws-a', { resourceVersion: '1' }), 409, /the object has been modified/],
    ['an absent one', 'root', 'DELETE', '/workspaces/gone', undefined, 404],
    ['the platform\'s own', 'root', 'DELETE', '/workspaces/system-workspace', undefined, 403],
    ['an unknown policy', 'root', 'DELETE', '/workspaces/ws-a', { propagationPolicy: 'Later' }, 400],
    ['options that are none', 'root', 'DELETE', '/workspaces/ws-a', [], 400],
    ['a project that is there', 'alice', 'POST', '/workspaces/ws-a/namespaces', project('ns-a1'), 400],
    ['a project that is somebody else\'s', 'alice', 'POST', '/workspaces/ws-a/namespaces', project('ns-b1'), 400],
    ['a reserved name', 'alice', 'POST', '/workspaces/ws-a/namespaces', project('kube-mine'), 403, /reserved for the platform/],
    ['a reserved name', 'alice', 'POST', '/workspaces/ws-a/namespaces', project('kubesphere-devops-system'), 403],
    ['a reserved beginning', 'alice', 'POST', '/workspaces/ws-a/namespaces', { metadata: { generateName: 'kube-' } }, 403],
    ['an absent workspace', 'root', 'POST', '/workspaces/gone/namespaces', project('orphan'), 404, /workspaces.tenant.kubesphere.io "gone" not found/],
    ['a list', 'alice', 'PATCH', '/workspaces/ws-a/namespaces/ns-a1', [], 400],
    ['a stale one', 'alice', 'PATCH', '/workspaces/ws-a/namespaces/ns-a1', { metadata: { resourceVersion: '1' } }, 409],
    ['a stale one', 'alice', 'PUT', '/workspaces/ws-a/namespaces/ns-a1', project('ns-a1', { resourceVersion: '1' }), 409],
    ['a quota in an absent workspace', 'root', 'POST', '/workspaces/gone/resourcequotas', project('gone'), 404],
    ['a quota whose spec is none', 'root', 'POST', '/workspaces/ws-a/resourcequotas', { metadata: { name: 'q' }, spec: 'x' }, 400],
    ['an absent quota', 'root', 'DELETE', '/workspaces/ws-a/resourcequotas/gone', undefined, 404, /resourcequota.quota.kubesphere.io "gone" not found/],
    ['an absent quota', 'root', 'PUT', '/workspaces/ws-a/resourcequotas/gone', project('gone'), 404],
  ]
  const state = () => JSON.stringify([namespaces, workspaceTemplates, workspaces, workspaceQuotas].map(kind => kube.store(kind as typeof namespaces).list()))
  const before = state()
  for (const [what, who, method, path, body, status, text] of rows) {
    const answer = await ask(who, method, v2 + path, body === undefined ? {} : { body })
    t.equal(answer.status, status, `${what}: ${method} ${path} ${answer.text.slice(0, 200)}`)
    if (text) t.match(answer.text, text, what)
    t.match(String(answer.headers['content-type']), /^text\/plain/, `${what}: in one line of text`)
  }
  t.equal(state(), before)
  t.equal((await ask('root', 'GET', `${v2}/workspaces/ws-a/resourcequotas`)).status, 405, 'there is no list of quotas')
})

t.test('a new workspace is whole when its request is answered', async t => {
  const { ask, kube } = await build(t)
  const { status, json } = await ask('erin', 'POST', `${v3}/workspacetemplates`, { body: template('mine', { finalizers: ['x'], ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u' }], labels: { 'kubesphere.io/workspace': 'ws-b', own: 'x' } }) })
  t.equal(status, 200)
  t.same(json.spec, { placement: {}, template: { metadata: {}, spec: { manager: 'erin' } } })
  t.same(json.metadata.labels, { own: 'x' }, 'what only the platform writes is not taken over')
  t.notOk(json.metadata.finalizers ?? json.metadata.ownerReferences)
  t.ok(kube.store(workspaces).get('mine'))
  t.ok(kube.store(workspaceRoles).get('mine-admin'))
  t.equal(kube.store(workspaceRoleBindings).get('mine-admin')?.subjects?.[0]?.name, 'erin')
  t.equal(kube.store(workspaceRoleBindings).get('mine-admin')?.metadata.ownerReferences?.[0]?.name, 'mine')
  t.equal((await ask('erin', 'GET', `${v2}/workspaces/mine`)).status, 200, 'and its manager sees it at once')
})

t.test('a new project is whole when its request is answered', async t => {
  const { ask, kube } = await build(t)
  const { status, json } = await ask('connie', 'POST', `${v2}/workspaces/ws-a/namespaces`, { body: project('fresh', { labels: { 'kubesphere.io/workspace': 'ws-b' }, finalizers: ['x'] }) })
  t.equal(status, 200)
  t.equal(json.metadata.labels['kubesphere.io/workspace'], 'ws-a')
  t.notOk(json.metadata.finalizers)
  t.ok(kube.store(roles).get('admin', 'fresh'))
  t.equal(kube.store(roleBindings).get('connie-admin', 'fresh')?.subjects?.[0]?.name, 'connie')
  t.equal((await ask('connie', 'PUT', `${v2}/workspaces/ws-a/namespaces/fresh`, { body: project('fresh', { labels: { own: 'x' } }) })).status, 200, 'and its creator\'s at once')
})

/** T5: who made something is not for its maker to say. */
t.test('creators', async t => {
  const { ask, kube } = await build(t)
  const post = async (who: string, path: string, body: object) => { const { status, json } = await ask(who, 'POST', v2 + path, { body }); t.equal(status, 200); return json.metadata.annotations?.[creator] }
  const claim = { annotations: { [creator]: 'bob' } }
  t.equal(await post('erin', '/workspaces', template('w1', claim)), 'erin')
  t.equal(await post('erin', '/workspaces', template('w2')), 'erin')
  t.equal(await post('root', '/workspaces', template('w3', claim)), 'bob', 'who manages people may name somebody')
  t.equal(await post('connie', '/workspaces/ws-a/namespaces', project('p1', claim)), 'connie')
  t.notOk(kube.store(roleBindings).get('bob-admin', 'p1'))
  t.equal(await post('root', '/workspaces/ws-a/namespaces', project('p2', claim)), 'bob')
  const patched = await ask('connie', 'PATCH', `${v2}/workspaces/ws-a/namespaces/p1`, { body: { metadata: claim } })
  t.equal(patched.json.metadata.annotations[creator], 'connie', 'and it stays who it was')
})

/** R10: what the platform goes by is not a tenant's to write, by any verb. */
t.test('fields of the platform', async t => {
  const { ask, kube } = await build(t)
  const claims = { labels: { 'kubesphere.io/workspace': 'ws-b', 'kubefed.io/managed': 'true', 'kubesphere.io/devopsproject': 'x', 'iam.kubesphere.io/y': 'z', own: 'x' }, annotations: { 'iam.kubesphere.io/rego-override': 'allow = true' }, finalizers: ['kubesphere.io/mine'], ownerReferences: [{ apiVersion: 'v1', kind: 'Node', name: 'n', uid: 'u' }] }
  for (const method of ['PATCH', 'PUT']) {
    const { status } = await ask('alice', method, `${v2}/workspaces/ws-a/namespaces/ns-a1`, { body: { ...project('ns-a1', claims), status: { phase: 'Terminating' } } })
    t.equal(status, 200)
    const { metadata } = kube.store(namespaces).get('ns-a1') as Namespace
    t.same(metadata.labels, { 'kubesphere.io/workspace': 'ws-a', own: 'x' }, method)
    t.notOk(metadata.annotations?.['iam.kubesphere.io/rego-override'] ?? metadata.finalizers ?? metadata.ownerReferences, method)
  }
  const { json } = await ask('alice', 'PATCH', `${v2}/workspaces/ws-a/namespaces/ns-a1`, { body: { metadata: { name: 'ns-b1', annotations: { 'kubesphere.io/network-isolate': 'enabled', empty: null } } } })
  t.equal(json.metadata.name, 'ns-a1', 'the name of the path counts')
  t.same(json.metadata.annotations, { 'kubesphere.io/network-isolate': 'enabled', empty: '' })
  t.equal(json.metadata.labels.own, 'x', 'a patch leaves what it does not name')
})

t.test('quotas', async t => {
  const { ask, kube } = await build(t)
  const body = { metadata: { name: 'ws-a', labels: { 'kubesphere.io/workspace': 'ws-b' } }, spec: { selector: { 'kubesphere.io/workspace': 'ws-b' }, quota: { hard: { pods: '5' } } } }
  const { status, json } = await ask('alice', 'POST', `${v2}/workspaces/ws-a/resourcequotas`, { body })
  t.equal(status, 200)
  t.same(json.spec, { selector: { 'kubesphere.io/workspace': 'ws-a' }, quota: { hard: { pods: '5' } } })
  t.same(json.status, { total: {}, namespaces: null })
  t.equal((await ask('alice', 'POST', `${v2}/workspaces/ws-a/resourcequotas`, { body })).status, 409)
  const read = await ask('vera', 'GET', `${v2}/workspaces/ws-a/resourcequotas/ws-a`)
  t.same(read.json.status.total, { hard: { pods: '5' }, used: { pods: '0' } }, 'what is used is told as it is now')
  t.equal((await ask('vera', 'DELETE', `${v2}/workspaces/ws-a/resourcequotas/ws-a`)).status, 403)
  t.equal((await ask('alice', 'PUT', `${v2}/workspaces/ws-a/resourcequotas/ws-a`, { body: { ...body, metadata: { ...json.metadata }, spec: { quota: { hard: { pods: '6' } } } } })).json.spec.selector['kubesphere.io/workspace'], 'ws-a')
  t.equal((await ask('alice', 'PUT', `${v2}/workspaces/ws-a/resourcequotas/ws-a`, { body: { ...body, metadata: { ...json.metadata } } })).status, 409, 'stale')
  t.same((await ask('alice', 'DELETE', `${v2}/workspaces/ws-a/resourcequotas/ws-a`)).json, { message: 'success' })
  t.equal(kube.store(workspaceQuotas).size, 0)
})

t.test('two writers at once', async t => {
  const { ask, kube } = await build(t)
  const made = await Promise.all(Array.from({ length: 5 }, () => ask('root', 'POST', `${v2}/workspaces`, { body: template('race') })))
  t.same(made.map(({ status }) => status).sort(), [200, 400, 400, 400, 400])
  const patched = await Promise.all(Array.from({ length: 4 }, (_, i) => ask('alice', 'PATCH', `${v2}/workspaces/ws-a/namespaces/ns-a1`, { body: { metadata: { annotations: { [`n${i}`]: 'x' } } } })))
  t.ok(patched.every(({ status }) => status === 200))
  t.same(Object.keys(kube.store(namespaces).get('ns-a1')?.metadata.annotations ?? {}).sort(), ['n0', 'n1', 'n2', 'n3'], 'nothing is lost')
})

/** A Kubernetes in which somebody else is always faster, a few times. */
function contested (kube: Kube, times: number): Kube {
  let left = times
  return { ...kube, update: async (kind, object) => { if (left-- > 0) throw conflict('namespaces', object.metadata.name); return kube.update(kind, object) } }
}

t.test('a faster writer', async t => {
  const patch = { body: { metadata: { annotations: { a: 'b' } } } }
  const few = await build(t, contested(tenants(), 3))
  t.equal((await few.ask('alice', 'PATCH', `${v2}/workspaces/ws-a/namespaces/ns-a1`, patch)).status, 200)
  const many = await build(t, contested(tenants(), 50))
  t.equal((await many.ask('alice', 'PATCH', `${v2}/workspaces/ws-a/namespaces/ns-a1`, patch)).status, 409)
})

t.test('what follows a creation may fail: the answer is still true, and the rest is the reconciler\'s', async t => {
  const kube = tenants()
  const failing: Kube = { ...kube, create: async (kind, object) => { if (kind !== (workspaceTemplates as typeof kind) && kind !== (namespaces as typeof kind)) throw new Error('cut short'); return kube.create(kind, object) } }
  const { ask } = await build(t, failing)
  t.equal((await ask('root', 'POST', `${v2}/workspaces`, { body: template('half') })).status, 200)
  t.equal((await ask('root', 'POST', `${v2}/workspaces/ws-a/namespaces`, { body: project('half') })).status, 200)
  t.notOk(kube.store(workspaceRoles).get('half-admin'))
})

t.test('a workspace may leave its projects behind', async t => {
  const { ask, kube } = await build(t)
  await kube.modify(workspaceTemplates, { name: 'ws-a' }, template => ({ ...template, metadata: { ...template.metadata, finalizers: ['finalizers.workspacetemplate.kubesphere.io'] } }))
  t.same((await ask('root', 'DELETE', `${v2}/workspaces/ws-a`, { body: { propagationPolicy: 'Orphan' } })).json, { message: 'success' })
  t.match(kube.store(workspaceTemplates).get('ws-a')?.metadata, { deletionTimestamp: String, finalizers: ['finalizers.workspacetemplate.kubesphere.io', 'orphan.finalizers.kubesphere.io'] })
  t.equal((await ask('root', 'POST', `${v2}/workspaces/ws-a/namespaces`, { body: project('late') })).status, 403, 'nothing new begins in it')
  await kube.modify(workspaceTemplates, { name: 'ws-b' }, template => ({ ...template, metadata: { ...template.metadata, finalizers: ['x', 'orphan.finalizers.kubesphere.io'] } }))
  t.equal((await ask('root', 'DELETE', `${v2}/workspaces/ws-b`)).status, 200)
  t.same(kube.store(workspaceTemplates).get('ws-b')?.metadata.finalizers, ['x'], 'a removal that was cut short says nothing of the next one')
})
