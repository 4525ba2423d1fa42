import t from 'tap'
import { password, platform } from '../helpers/platform.js'

const iam = '/apis/iam.kubesphere.io/v1alpha2'
const tenant = '/apis/tenant.kubesphere.io/v1alpha2'
const rbac = '/apis/rbac.authorization.k8s.io/v1'

const user = (name: string, spec: object = {}, metadata: object = {}) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name, ...metadata }, spec: { email: `${name}@example.com`, password, ...spec } })
const globalBinding = (name: string, role: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'GlobalRoleBinding', metadata: { name: `${name}-${role}`, labels: { 'iam.kubesphere.io/user-ref': name } }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: role } })
const workspace = (name: string, manager = '') => ({ apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name }, spec: { placement: {}, template: { spec: { manager } } } })
const project = (name: string, workspace?: string, creator?: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: workspace ? { 'kubesphere.io/workspace': workspace } : {}, annotations: creator ? { 'kubesphere.io/creator': creator } : {} } })
const member = (name: string, namespace: string, role: string) => ({ apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'RoleBinding', metadata: { name: `${name}-${role}`, namespace }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role } })
const merge = { 'content-type': 'application/merge-patch+json' }
const jsonPatch = { 'content-type': 'application/json-patch+json' }

t.test('a platform, from its first log-in to its last clean-up', { timeout: 180_000 }, async t => {
  const { ask, raw, login, until, kube } = await platform(t)
  const post = async (path: string, body: object, status = 201) => { const reply = await ask('admin', 'POST', path, { body }); t.equal(reply.status, status, `POST ${path} ${reply.text.slice(0, 300)}`); return reply }

  await t.test('accounts', async t => {
    for (const name of ['alice', 'bob', 'carol']) {
      await post(`${iam}/users`, user(name))
      await post(`${iam}/globalrolebindings`, globalBinding(name, 'platform-regular'))
    }
    t.equal((await login('alice')).status, 200, 'somebody new logs in at once')
    t.match((await login('alice', 'Wrong-Pass-1')).json, { error: 'invalid_grant', error_description: 'incorrect password' })

    const bad: [string, object, number, RegExp][] = [
      ['a short password', user('dave', { password: 'short' }), 422, /at least 8 chars/],
      ['a password without digits', user('dave', { password: 'OnlyLetters' }), 422, /spec.password/],
      ['a password that is too long', user('dave', { password: 'Aa1' + 'x'.repeat(80) }), 422, /Too long/],
      ['no address', user('dave', { email: 'nobody' }), 400, /invalid email address:nobody/],
      ['an address of somebody else', user('dave', { email: 'alice@example.com' }), 409, /user email: alice@example.com already exists/],
      ['a name that is no label', user('d'.repeat(64)), 422, /must be no more than 63/],
      ['a name that is none', user('Bad_Name'), 422, /RFC 1123/],
      ['groups of Kubernetes', user('dave', { groups: ['system:masters'] }), 422, /system:masters/],
      ['no e-mail', { ...user('dave'), spec: { password } }, 422, /spec.email/],
    ]
    for (const [what, body, status, text] of bad) {
      const reply = await ask('admin', 'POST', `${iam}/users`, { body })
      t.equal(reply.status, status, `${what}: ${reply.text.slice(0, 200)}`)
      t.match(reply.text, text, what)
      for (const secret of ['short', 'OnlyLetters', 'xxxxxxxx']) t.notMatch(reply.text, `"${secret}`, `${what}: the password is not repeated`)
    }
    t.equal((await ask('admin', 'GET', `${iam}/users/dave`)).status, 404, 'nothing was stored')
  })

  await t.test('no hash leaves by any way', async t => {
    for (const [who, path, headers] of [
      ['carol', `${iam}/users`, {}],
      ['carol', `${iam}/users/carol`, {}],
      ['admin', `${iam}/users`, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json' }],
      ['admin', `${iam}/users/alice`, { accept: 'application/yaml' }],
      ['admin', '/kapis/iam.kubesphere.io/v1alpha2/users', {}],
      ['admin', '/kapis/iam.kubesphere.io/v1alpha2/users/alice', {}],
      ['admin', `${iam}/users?watch=true&timeoutSeconds=1`, {}],
    ] as const) {
      const reply = await ask(who, 'GET', path, { headers })
      t.ok(reply.status < 500, `${who} ${path}`)
      t.notMatch(reply.text, /\$2[aby]\$/, `${who} GET ${path}`)
    }
    const patched = await ask('admin', 'PATCH', `${iam}/users/alice`, { body: { spec: { password: 'tooshort' } }, headers: merge })
    t.equal(patched.status, 422)
    t.notMatch(patched.text, 'tooshort')
  })

  await t.test('one\'s own account', async t => {
    for (const [method, path, body, headers] of [
      ['PATCH', `${iam}/users/carol`, { spec: { groups: ['system:masters'] } }, merge],
      ['PATCH', `${iam}/users/carol`, { status: { state: 'Active' }, metadata: { labels: { 'iam.kubesphere.io/origin-uid': 'x' } } }, merge],
      ['PUT', `${iam}/users/carol`, user('carol', { groups: ['system:masters'] }), {}],
      ['DELETE', `${iam}/users/carol`, undefined, {}],
      ['POST', `${iam}/globalrolebindings`, globalBinding('carol', 'platform-admin'), {}],
    ] as const) {
      const reply = await ask('carol', method, path, { ...(body ? { body } : {}), headers })
      t.equal(reply.status, 403, `${method} ${path} ${reply.text.slice(0, 200)}`)
    }
    await post(`${iam}/users`, user('erin', {}, { annotations: { 'iam.kubesphere.io/uninitialized': 'true' } }))
    await post(`${iam}/globalrolebindings`, globalBinding('erin', 'platform-regular'))
    const first = [{ op: 'remove', path: '/metadata/annotations/iam.kubesphere.io~1uninitialized' }, { op: 'replace', path: '/spec/password', value: 'Another-Pass-2' }, { op: 'add', path: '/spec/groups', value: ['system:masters'] }]
    t.equal((await ask('erin', 'PATCH', `${iam}/users/erin`, { body: first, headers: jsonPatch })).status, 200, 'the first password is one\'s own to set')
    const { json } = await ask('admin', 'GET', `${iam}/users/erin`)
    t.notOk(json.metadata.annotations['iam.kubesphere.io/uninitialized'])
    t.notOk(json.spec.groups?.length, 'and nothing else with it')
    t.equal((await login('erin', 'Another-Pass-2')).status, 200)
    t.equal((await login('erin')).status, 400)
    t.equal((await ask('erin', 'GET', `${iam}/users/erin`)).status, 200, 'the session that changed it goes on')
    t.equal((await ask('erin', 'PATCH', `${iam}/users/erin`, { body: [{ op: 'replace', path: '/spec/password', value: 'Third-Pass-3' }], headers: jsonPatch })).status, 403, 'once')
  })

  await t.test('workspaces and projects', async t => {
    await post(`${tenant}/workspacetemplates`, workspace('ws-a', 'alice'))
    await post(`${tenant}/workspacetemplates`, workspace('ws-b', 'bob'))
    await until('admin', `${iam}/workspaceroles/ws-a-viewer`, ({ status }) => status === 200)
    await until('admin', `${iam}/workspacerolebindings/ws-a-admin`, ({ json }) => json.subjects?.[0]?.name === 'alice')
    await until('admin', '/apis/tenant.kubesphere.io/v1alpha1/workspaces/ws-a', ({ status }) => status === 200)
    await post('/api/v1/namespaces', project('ns-a', 'ws-a', 'alice'))
    await post('/api/v1/namespaces', project('ns-b', 'ws-b'))
    await post('/api/v1/namespaces', project('free'))
    await until('admin', `${rbac}/namespaces/ns-a/roles`, ({ json }) => json.items?.length === 26)
    await until('admin', `${rbac}/namespaces/ns-a/rolebindings/alice-admin`, ({ json }) => json.roleRef?.name === 'admin')
    await until('admin', '/api/v1/namespaces/ns-a', ({ json }) => json.metadata.ownerReferences?.[0]?.kind === 'Workspace' && json.metadata.labels['kubesphere.io/namespace'] === 'ns-a')
    await until('admin', `${rbac}/namespaces/ns-b/roles/viewer`, ({ status }) => status === 200)
    await post(`${rbac}/namespaces/ns-b/rolebindings`, member('carol', 'ns-b', 'viewer'))
    await until('carol', '/api/v1/namespaces/ns-b/configmaps', ({ status }) => status === 200)
  })

  await t.test('who may reach what', async t => {
    const facts: [string, string, string, number][] = [
      ['alice', 'GET', '/api/v1/namespaces/ns-a/secrets', 200],
      ['alice', 'GET', '/api/v1/namespaces/ns-b/secrets', 403],
      ['alice', 'GET', '/api/v1/namespaces/free/secrets', 403],
      ['alice', 'GET', '/api/v1/namespaces/absent/secrets', 403],
      ['alice', 'GET', '/api/v1/namespaces/kube-system/secrets', 403],
      ['alice', 'GET', '/api/v1/secrets', 403],
      ['carol', 'GET', '/api/v1/namespaces/ns-b/configmaps', 200],
      ['carol', 'DELETE', '/api/v1/namespaces/ns-b/configmaps/kube-root-ca.crt', 403],
      ['carol', 'GET', '/api/v1/nodes', 200],
      ['carol', 'DELETE', '/api/v1/nodes/x', 403],
      ['', 'GET', '/api/v1/pods', 403],
      ['', 'GET', '/kapis/version', 200],
      ['admin', 'GET', '/api/v1/secrets', 200],
    ]
    for (const [who, method, path, status] of facts) {
      const reply = await ask(who, method, path)
      t.equal(reply.status, status, `${who || 'nobody'} ${method} ${path} ${reply.text.slice(0, 200)}`)
    }
  })

  await t.test('a project stays where it is', async t => {
    const moved = await ask('alice', 'PATCH', '/api/v1/namespaces/ns-a', { body: { metadata: { labels: { 'kubesphere.io/workspace': 'ws-b', own: 'x' } } }, headers: merge })
    t.ok([200, 403].includes(moved.status), moved.text.slice(0, 200))
    const { json } = await ask('admin', 'GET', '/api/v1/namespaces/ns-a')
    t.equal(json.metadata.labels['kubesphere.io/workspace'], 'ws-a')
  })

  await t.test('an administrator\'s account is an administrator\'s to change', async t => {
    await post(`${iam}/users`, user('manny'))
    await post(`${iam}/globalroles`, { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'GlobalRole', metadata: { name: 'people' }, rules: [{ apiGroups: ['iam.kubesphere.io'], resources: ['users'], verbs: ['*'] }] })
    await post(`${iam}/globalrolebindings`, globalBinding('manny', 'people'))
    await kube.create({ group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterroles', kind: 'ClusterRole', namespaced: false } as never, { metadata: { name: 'people' }, rules: [{ apiGroups: ['iam.kubesphere.io'], resources: ['users'], verbs: ['*'] }] } as never)
    await kube.create({ group: 'rbac.authorization.k8s.io', version: 'v1', resource: 'clusterrolebindings', kind: 'ClusterRoleBinding', namespaced: false } as never, { metadata: { name: 'people' }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'people' }, subjects: [{ kind: 'User', name: 'manny' }] } as never)
    await until('manny', `${iam}/users/bob`, ({ status }) => status === 200)
    const patch = (name: string) => ask('manny', 'PATCH', `${iam}/users/${name}`, { body: { spec: { password: 'Taken-Over-1' } }, headers: merge })
    t.equal((await patch('admin')).status, 403)
    t.equal((await login('admin')).status, 200)
    t.equal((await patch('bob')).status, 200)
    t.equal((await login('bob', 'Taken-Over-1')).status, 200)
  })

  await t.test('a new password ends the sessions of the old one', async t => {
    const { json: { access_token: old } } = await login('carol')
    t.equal((await raw('GET', '/oauth/userinfo', { as: old })).status, 200)
    t.equal((await ask('admin', 'PATCH', `${iam}/users/carol`, { body: { spec: { password: 'Fresh-Pass-4' } }, headers: merge })).status, 200)
    t.equal((await raw('GET', '/oauth/userinfo', { as: old })).status, 401)
  })

  await t.test('groups', async t => {
    await post(`${iam}/groups`, { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'Group', metadata: { name: 'red', labels: { 'kubesphere.io/workspace': 'ws-a' } }, spec: {} })
    await post(`${iam}/groupbindings`, { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'GroupBinding', metadata: { name: 'alice-red', labels: { 'iam.kubesphere.io/group-ref': 'red' } }, users: ['alice'], groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'groups', name: 'red' } })
    await until('admin', `${iam}/users/alice`, ({ json }) => json.spec.groups?.includes('red'))
    t.equal((await ask('admin', 'DELETE', `${iam}/groups/red`)).status, 200)
    await until('admin', `${iam}/users/alice`, ({ json }) => !json.spec.groups?.includes('red'))
  })

  await t.test('what goes takes along what was its own', async t => {
    t.equal((await ask('admin', 'DELETE', `${iam}/users/bob`)).status, 200)
    await until('admin', `${iam}/users/bob`, ({ status }) => status === 404)
    await until('admin', `${iam}/globalrolebindings/bob-platform-regular`, ({ status }) => status === 404)
    t.equal((await ask('admin', 'DELETE', `${tenant}/workspacetemplates/ws-a`)).status, 200)
    await until('admin', `${tenant}/workspacetemplates/ws-a`, ({ status }) => status === 404)
    await until('admin', '/apis/tenant.kubesphere.io/v1alpha1/workspaces/ws-a', ({ status }) => status === 404)
    await until('admin', '/api/v1/namespaces/ns-a', ({ status }) => status === 404)
    await until('admin', `${iam}/workspaceroles/ws-a-viewer`, ({ status }) => status === 404)
    t.equal((await ask('admin', 'GET', '/api/v1/namespaces/ns-b')).status, 200)
  })
})
