import t from 'tap'
import { password, platform } from '../helpers/platform.js'

const iam = '/apis/iam.kubesphere.io/v1alpha2'
const apis = '/apis/tenant.kubesphere.io/v1alpha2'
const v2 = '/kapis/tenant.kubesphere.io/v1alpha2'
const v3 = '/kapis/tenant.kubesphere.io/v1alpha3'
const jsonPatch = { 'content-type': 'application/json-patch+json' }
const merge = { 'content-type': 'application/merge-patch+json' }

const user = (name: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name }, spec: { email: `${name}@example.com`, password } })
const globally = (name: string, role: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'GlobalRoleBinding', metadata: { name: `${name}-${role}`, labels: { 'iam.kubesphere.io/user-ref': name } }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: role } })
const inWorkspace = (name: string, workspace: string, role: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'WorkspaceRoleBinding', metadata: { name: `${name}-${workspace}-${role}`, labels: { 'iam.kubesphere.io/user-ref': name, 'kubesphere.io/workspace': workspace } }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: `${workspace}-${role}` } })
const template = (name: string, manager: string, metadata: object = {}) => ({ metadata: { name, ...metadata }, spec: { template: { spec: { manager } } } })
const project = (name: string, metadata: object = {}) => ({ metadata: { name, ...metadata } })

t.test('workspaces and projects, from the first to the last', { timeout: 120_000 }, async t => {
  const { ask, until } = await platform(t)
  const facts = async (rows: [string, string, string, unknown, number, (RegExp | undefined)?, Record<string, string>?][]) => {
    for (const [who, method, path, body, status, text, headers] of rows) {
      const answer = await ask(who, method, path, { ...(body === undefined ? {} : { body }), ...(headers ? { headers } : {}) })
      t.equal(answer.status, status, `${who || 'nobody'} ${method} ${path} ${answer.text.slice(0, 300)}`)
      if (text) t.match(answer.text, text, `${who} ${method} ${path}`)
    }
  }
  for (const name of ['alice', 'bob', 'vera', 'connie', 'erin', 'carol']) await facts([['admin', 'POST', `${iam}/users`, user(name), 201], ['admin', 'POST', `${iam}/globalrolebindings`, globally(name, name === 'erin' ? 'platform-self-provisioner' : 'platform-regular'), 201]])

  await t.test('a workspace is whole when it is answered', async t => {
    await facts([
      ['carol', 'POST', `${v2}/workspaces`, template('mine', 'carol'), 403],
      ['erin', 'POST', `${v2}/workspaces`, template('ws-e', 'erin'), 200, /"kubesphere.io\/creator":"erin"/],
      ['erin', 'GET', `${v2}/workspaces/ws-e`, undefined, 200],
      ['erin', 'GET', `${iam}/workspaceroles/ws-e-viewer`, undefined, 403],
      ['admin', 'GET', `${iam}/workspaceroles/ws-e-viewer`, undefined, 200],
      ['admin', 'GET', '/apis/tenant.kubesphere.io/v1alpha1/workspaces/ws-e', undefined, 200],
      ['admin', 'POST', `${v3}/workspacetemplates`, template('ws-a', 'alice'), 200],
      ['admin', 'POST', `${v2}/workspaces`, template('ws-b', 'bob'), 200],
      ['admin', 'POST', `${v2}/workspaces`, template('ws-a', 'alice'), 400, /workspacetemplates.tenant.kubesphere.io "ws-a" already exists/],
      ['admin', 'POST', `${v2}/workspaces`, template('Bad_Name', 'alice'), 422],
      ['admin', 'POST', `${v2}/workspaces`, { spec: {} }, 422],
      ['admin', 'POST', `${v2}/workspaces`, { metadata: { name: 'x' }, spec: { template: { spec: { manager: 7 } } } }, 422],
      ['admin', 'POST', `${v2}/workspaces`, { metadata: { name: 'x' }, spec: { placement: { clusters: [{ name: 'gone' }] } } }, 404],
      ['admin', 'GET', `${apis}/workspacetemplates/x`, undefined, 404],
    ])
    const raced = await Promise.all(Array.from({ length: 4 }, () => ask('admin', 'POST', `${v2}/workspaces`, { body: template('race', 'alice') })))
    t.same(raced.map(({ status }) => status).sort(), [200, 400, 400, 400])
    for (const [name, workspace, role] of [['vera', 'ws-a', 'viewer'], ['connie', 'ws-a', 'self-provisioner']] as const) await facts([['admin', 'POST', `${iam}/workspacerolebindings`, inWorkspace(name, workspace, role), 201]])
    await until('connie', `${v2}/workspaces`, ({ json }) => json.totalItems === 1)
  })

  await t.test('a project is whole when it is answered', async t => {
    await facts([
      ['connie', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('ns-c', { annotations: { 'kubesphere.io/creator': 'carol' } }), 200, /"kubesphere.io\/creator":"connie"/],
      ['connie', 'GET', '/api/v1/namespaces/ns-c/secrets', undefined, 200],
      ['connie', 'PATCH', `${v2}/workspaces/ws-a/namespaces/ns-c`, { metadata: { annotations: { 'kubesphere.io/description': 'mine' } } }, 200, /mine/, merge],
      ['vera', 'GET', `${v2}/workspaces/ws-a/namespaces/ns-c`, undefined, 200],
      ['vera', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('ns-v'), 403],
      ['bob', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('ns-x'), 403],
      ['alice', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('ns-a1'), 200],
      ['bob', 'POST', `${v2}/workspaces/ws-b/namespaces`, project('ns-b1'), 200],
      ['alice', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('ns-b1'), 400, /namespaces "ns-b1" already exists/],
      ['alice', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('kube-system'), 403],
      ['alice', 'POST', `${v2}/workspaces/ws-a/namespaces`, project('UPPER'), 422],
      ['alice', 'POST', `${v2}/workspaces/ws-a/namespaces`, {}, 422],
      ['admin', 'POST', `${v2}/workspaces/gone/namespaces`, project('ns-gone'), 404],
      ['carol', 'GET', '/api/v1/namespaces/ns-c/secrets', undefined, 403],
    ])
  })

  await t.test('what is somebody else\'s', async t => {
    await facts([
      ['alice', 'GET', `${v2}/workspaces/ws-a/namespaces/ns-b1`, undefined, 404],
      ['alice', 'GET', `${v2}/workspaces/ws-b`, undefined, 404],
      ['alice', 'DELETE', `${v2}/workspaces/ws-a/namespaces/ns-b1`, undefined, 403],
      ['alice', 'PUT', `${v2}/workspaces/ws-a/namespaces/ns-b1`, project('ns-b1'), 403],
      ['admin', 'PUT', `${v2}/workspaces/ws-a/namespaces/ns-b1`, project('ns-b1'), 404],
      ['carol', 'PATCH', `${v3}/workspacetemplates/ws-b`, [{ op: 'replace', path: '/spec/template/spec/manager', value: 'carol' }], 403, undefined, jsonPatch],
      ['carol', 'PATCH', `${v3}/workspacetemplates/ws-b`, [{ op: 'add', path: '/spec/placement', value: { clusterSelector: {} } }], 403, undefined, jsonPatch],
      ['carol', 'PATCH', `${v3}/workspacetemplates/ws-b`, [], 403, undefined, jsonPatch],
      ['carol', 'PATCH', `${apis}/workspacetemplates/ws-b`, { spec: { template: { spec: { manager: 'carol' } } } }, 403, undefined, merge],
      ['admin', 'PATCH', `${v3}/workspacetemplates/ws-b`, [{ op: 'remove', path: '/spec/nothing' }], 422, undefined, jsonPatch],
      ['admin', 'PATCH', `${v3}/workspacetemplates/ws-b`, [{ op: 'add', path: '/metadata/annotations', value: { 'kubesphere.io/description': 'ours' } }], 200, /ours/, jsonPatch],
    ])
    const { json } = await ask('admin', 'GET', `${v2}/workspaces/ws-b`)
    t.equal(json.spec.template.spec.manager, 'bob')
    t.equal((await ask('admin', 'PUT', `${v2}/workspaces/ws-b`, { body: { ...json, metadata: { ...json.metadata, resourceVersion: '1' } } })).status, 409)
    t.equal((await ask('admin', 'PUT', `${v2}/workspaces/ws-b`, { body: json })).status, 200)
    const { resourceVersion: _none, ...unversioned } = json.metadata
    t.equal((await ask('admin', 'PUT', `${v2}/workspaces/ws-b`, { body: { ...json, metadata: unversioned } })).status, 422)
  })

  await t.test('quotas', async t => {
    await facts([
      ['alice', 'POST', `${v2}/workspaces/ws-a/resourcequotas`, { metadata: { name: 'ws-a' }, spec: { quota: { hard: { 'limits.cpu': '10' } } } }, 200],
      ['alice', 'POST', `${v2}/workspaces/ws-a/resourcequotas`, { metadata: { name: 'ws-a' }, spec: { quota: { hard: { 'limits.cpu': '10' } } } }, 409],
      ['alice', 'POST', `${v2}/workspaces/ws-a/resourcequotas`, { metadata: { name: 'bad' }, spec: { quota: { hard: { 'limits.cpu': 'much' } } } }, 422],
      ['bob', 'GET', `${v2}/workspaces/ws-a/resourcequotas/ws-a`, undefined, 404],
      ['bob', 'DELETE', `${v2}/workspaces/ws-b/resourcequotas/ws-a`, undefined, 404],
    ])
    const pod = { metadata: { name: 'p', namespace: 'ns-a1' }, spec: { containers: [{ name: 'c', image: 'i', resources: { limits: { cpu: '300m', memory: '1Mi' } } }] } }
    t.equal((await ask('alice', 'POST', '/api/v1/namespaces/ns-a1/pods', { body: { apiVersion: 'v1', kind: 'Pod', ...pod } })).status, 201)
    const { json } = await until('alice', `${v2}/workspaces/ws-a/resourcequotas/ws-a`, ({ json }) => json.status?.total?.used?.['limits.cpu'] === '300m')
    t.equal(json.status.namespaces.length, 2)
    await until('admin', `${v2}/workspaces/ws-a/resourcequotas/ws-a`, ({ json }) => json.metadata.ownerReferences?.[0]?.name === 'ws-a')
  })

  await t.test('the end', async t => {
    await facts([
      ['admin', 'DELETE', `${v2}/workspaces/system-workspace`, undefined, 403],
      ['admin', 'DELETE', `${v2}/workspaces/gone`, undefined, 404],
      ['bob', 'DELETE', `${v2}/workspaces/ws-b`, undefined, 403],
      ['connie', 'DELETE', `${v2}/workspaces/ws-a/namespaces/ns-c`, undefined, 200, /success/],
      ['admin', 'DELETE', `${v2}/workspaces/ws-b`, { propagationPolicy: 'Orphan' }, 200],
      ['admin', 'DELETE', `${v3}/workspacetemplates/ws-a`, undefined, 200],
    ])
    for (const name of ['ws-a', 'ws-b']) await until('admin', `${apis}/workspacetemplates/${name}`, ({ status }) => status === 404)
    await until('admin', '/api/v1/namespaces/ns-a1', ({ status }) => status === 404)
    const { json } = await until('admin', '/api/v1/namespaces/ns-b1', ({ json }) => json.metadata?.labels?.['kubesphere.io/workspace'] === undefined && !json.metadata?.ownerReferences)
    t.equal(json.metadata.name, 'ns-b1', 'its project outlives the workspace that left it')
    for (const name of ['ws-a', 'ws-b']) {
      await until('admin', `${iam}/workspacerolebindings/${name}-admin`, ({ status }) => status === 404)
      await until('admin', `${iam}/workspaceroles/${name}-viewer`, ({ status }) => status === 404)
    }
    t.equal((await ask('admin', 'POST', `${v2}/workspaces`, { body: template('ws-a', 'erin') })).status, 200)
    t.equal((await ask('alice', 'GET', `${v2}/workspaces/ws-a`)).status, 404, 'a successor has none of the old members')
  })
})
