import t from 'tap'
import { clusterRoleBindings, clusterRoles } from '../../schemas/kube/builtin.js'
import { cast, globalRole, iam, made, raw, rbac, user } from '../plugins/iam/cast.js'

const merge = { 'content-type': 'application/merge-patch+json' }
const rule = (resources: string, verbs = '*', apiGroups = '*') => ({ apiGroups: apiGroups.split(' '), resources: resources.split(' '), verbs: verbs.split(' ') })
const toUser = (name: string, role: object) => ({ metadata: { name: `${name}-more` }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', ...role } })

t.test('nobody gives what they do not hold, or reaches what is not theirs', { timeout: 180_000 }, async t => {
  const { does, kube, login, until } = await cast(t)
  const names = ({ json }: { json: any }): string[] => json.items.map(({ metadata }: any) => metadata.name)

  // Operators short of everything: of people, of roles, of one workspace's members and groups, of one project's members and roles.
  const roles = {
    global: [
      ['people', [rule('users users/password users/loginrecords')], 'manny'],
      ['roles', [rule('globalroles')], 'rob'],
    ],
  } as const
  for (const [name, rules, who] of roles.global) {
    await does('admin', 'POST', `${raw}/globalroles`, 201, { metadata: { name }, rules })
    await does('admin', 'POST', '/users', 200, user(who, { role: name }))
  }
  await does('admin', 'POST', `${raw}/workspaceroles`, 201, { metadata: { name: 'ws-a-hosts', labels: { 'kubesphere.io/workspace': 'ws-a' } }, rules: [rule('workspacemembers workspaceroles groups groupbindings rolebindings workspacerolebindings')] })
  await does('admin', 'POST', `${rbac}/namespaces/ns-a/roles`, 201, { metadata: { name: 'hosts' }, rules: [rule('members roles rolebindings')] })
  for (const name of ['wanda', 'nina', 'ron']) await does('admin', 'POST', '/users', 200, user(name))
  await until('admin', `${iam}/workspaces/ws-a/workspaceroles/ws-a-hosts`, ({ status }) => status === 200)
  await until('admin', `${iam}/namespaces/ns-a/roles/hosts`, ({ status }) => status === 200)
  await does('admin', 'POST', '/workspaces/ws-a/workspacemembers', 200, [{ username: 'wanda', roleRef: 'ws-a-hosts' }])
  await does('admin', 'POST', '/namespaces/ns-a/members', 200, [{ username: 'nina', roleRef: 'hosts' }])

  await t.test('W3: people who manage people', async t => {
    t.match((await does('manny', 'POST', '/users', 403, user('evil', { role: 'platform-admin' }))).text, 'update global role binding is not allowed')
    await does('admin', 'GET', '/users/evil', 404)
    await does('manny', 'POST', '/users', 200, user('plain'))
    const { json: plain } = await until('manny', `${iam}/users/plain`, ({ json }) => json.metadata?.finalizers)
    await does('manny', 'PUT', '/users/plain', 403, { ...plain, metadata: { ...plain.metadata, annotations: { [globalRole]: 'platform-admin' } } })
    t.notOk((await does('manny', 'PUT', '/users/plain', 200, { ...plain, spec: { ...plain.spec, groups: ['any'] } })).json.spec.groups, 'groups follow from bindings of groups')
    t.notOk((await does('manny', 'POST', '/users', 200, user('grouped', { spec: { groups: ['any'] } }))).json.spec.groups)
    const { json: admin } = await does('admin', 'GET', '/users/admin', 200)
    await does('manny', 'PUT', '/users/admin', 403, { ...admin, spec: { ...admin.spec, email: 'manny2@example.com' } })
    await does('manny', 'PUT', '/users/admin/password', 403, { password: 'Taken-Over-1' })
    await does('manny', 'DELETE', '/users/admin', 403)
    await does('manny', 'PUT', '/users/rob/password', 403, { password: 'Taken-Over-1' })
    await does('manny', 'PUT', '/users/plain/password', 200, { password: 'Helped-Out-1' })
    t.equal((await login('plain', 'Helped-Out-1')).status, 200)
    await does('manny', 'PUT', '/users/manny', 403, { ...(await does('manny', 'GET', '/users/manny', 200)).json, metadata: { ...(await does('manny', 'GET', '/users/manny', 200)).json.metadata, annotations: { [globalRole]: 'platform-admin' } } })
  })

  await t.test('a name that has been bound before there is an account', async t => {
    const binding = { metadata: { name: 'promised' }, subjects: [{ kind: 'User', name: 'promised' }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: 'platform-admin' } }
    await does('admin', 'POST', `${raw}/globalrolebindings`, 201, binding)
    await until('admin', `${rbac}/clusterrolebindings/promised-cluster-admin`, ({ status }) => status === 200)
    await does('manny', 'POST', '/users', 403, user('promised', { role: '' }))
    await does('admin', 'POST', '/users', 200, user('promised', { role: '' }))
    t.match((await does('admin', 'GET', '/users/promised', 200)).json.metadata.annotations, { [globalRole]: 'platform-admin' })
    await does('admin', 'DELETE', '/users/promised', 200)
  })

  await t.test('W4, P39: roles are given by those who hold them', async t => {
    const facts: [string, string, string, unknown, number][] = [
      ['wanda', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'wanda', roleRef: 'ws-a-admin' }], 403],
      ['wanda', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'dave', roleRef: 'ws-a-hosts' }, { username: 'dave', roleRef: 'ws-a-admin' }], 403],
      ['wanda', 'PUT', '/workspaces/ws-a/workspacemembers/wanda', { username: 'wanda', roleRef: 'ws-a-admin' }, 403],
      ['wanda', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'dave', roleRef: 'ws-a-hosts' }], 200],
      ['wanda', 'POST', '/workspaces/ws-a/workspacerolebindings', [{ subjects: [{ kind: 'User', name: 'wanda' }], roleRef: { name: 'ws-a-admin' } }], 403],
      ['nina', 'POST', '/namespaces/ns-a/members', [{ username: 'nina', roleRef: 'admin' }], 403],
      ['nina', 'POST', '/namespaces/ns-a/rolebindings', [{ subjects: [{ kind: 'User', name: 'nina' }], roleRef: { kind: 'ClusterRole', name: 'admin' } }], 403],
      ['nina', 'POST', '/namespaces/ns-a/members', [{ username: 'dave', roleRef: 'hosts' }], 200],
      ['alice', 'POST', '/namespaces/ns-a/members', [{ username: 'dave', roleRef: 'admin' }], 200],
    ]
    for (const [who, method, path, body, status] of facts) await does(who, method, path, status, body)
    t.strictSame(names(await does('admin', 'GET', '/workspaces/ws-a/workspacemembers?workspacerole=ws-a-hosts&sortBy=name&ascending=true', 200)), ['dave', 'wanda'])
  })

  await t.test('W15, P16: roles are put together by those who hold their parts', async t => {
    const facts: [string, string, string, unknown, number][] = [
      ['rob', 'POST', '/globalroles', made('mine', ['platform-admin']), 403],
      ['rob', 'POST', '/globalroles', made('mine', ['role-template-manage-users']), 403],
      ['rob', 'POST', '/globalroles', made('mine', ['role-template-view-roles']), 200],
      ['rob', 'PATCH', '/globalroles/mine', made('mine', ['platform-admin']), 403],
      ['wanda', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-mine', ['ws-a-admin']), 403],
      ['wanda', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-mine', ['ws-b-admin']), 404],
      ['wanda', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-mine', ['role-template-manage-projects']), 403],
      ['wanda', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-mine', ['role-template-view-roles']), 200],
      ['nina', 'POST', '/namespaces/ns-a/roles', made('mine', ['admin']), 403],
      ['nina', 'POST', '/namespaces/ns-a/roles', made('mine', ['role-template-view-roles']), 200],
      ['nina', 'PATCH', '/namespaces/ns-a/roles/hosts', made('hosts', ['hosts', 'admin']), 403],
    ]
    for (const [who, method, path, body, status] of facts) await does(who, method, path, status, body)
    const policy = { 'iam.kubesphere.io/rego-override': 'package authz\nallow = true' }
    const { json } = await does('alice', 'POST', '/namespaces/ns-a/roles', 200, { metadata: { name: 'coded', annotations: policy, labels: { 'iam.kubesphere.io/role-template': 'true', own: 'x' }, finalizers: ['x.io/y'] } })
    t.strictSame([json.metadata.annotations, json.metadata.labels, json.metadata.finalizers], [undefined, { own: 'x' }, undefined], 'neither policy, nor the platform\'s labels, nor finalizers')
    t.notOk((await does('alice', 'PATCH', '/namespaces/ns-a/roles/coded', 200, { metadata: { annotations: policy } })).json.metadata.annotations)
    await does('alice', 'DELETE', '/namespaces/ns-a/roles/coded', 200)
  })

  await t.test('W5, W6, P14: another workspace through one\'s own path', async t => {
    const group = (await does('bob', 'POST', '/workspaces/ws-b/groups', 200, { metadata: { generateName: 'theirs' } })).json.metadata.name as string
    const [binding] = (await does('bob', 'POST', '/workspaces/ws-b/workspacerolebindings', 200, [{ subjects: [{ kind: 'Group', name: group }], roleRef: { name: 'ws-b-viewer' } }])).json
    const [membership] = (await does('bob', 'POST', '/workspaces/ws-b/groupbindings', 200, [{ userName: 'dave', groupName: group }])).json
    const { json: role } = await does('bob', 'GET', '/workspaces/ws-b/workspaceroles/ws-b-viewer', 200)
    const facts: [string, string, unknown][] = [
      ['GET', `/workspaces/ws-a/groups/${group}`, undefined],
      ['PUT', `/workspaces/ws-a/groups/${group}`, { metadata: { name: group } }],
      ['PATCH', `/workspaces/ws-a/groups/${group}`, { metadata: {} }],
      ['DELETE', `/workspaces/ws-a/groups/${group}`, undefined],
      ['POST', '/workspaces/ws-a/groupbindings', [{ userName: 'alice', groupName: group }]],
      ['POST', '/workspaces/ws-a/groups', { metadata: { generateName: 'child', labels: { 'iam.kubesphere.io/group-parent': group } } }],
      ['DELETE', `/workspaces/ws-a/groupbindings/${membership.metadata.name}`, undefined],
      ['DELETE', `/workspaces/ws-a/workspacerolebindings/${binding.metadata.name}`, undefined],
      ['GET', '/workspaces/ws-a/workspaceroles/ws-b-viewer', undefined],
      ['PUT', '/workspaces/ws-a/workspaceroles/ws-b-viewer', role],
      ['POST', '/workspaces/ws-a/workspaceroles', role],
      ['PATCH', '/workspaces/ws-a/workspaceroles/ws-b-viewer', { metadata: {} }],
      ['DELETE', '/workspaces/ws-a/workspaceroles/ws-b-viewer', undefined],
      ['POST', '/workspaces/ws-a/workspacemembers', [{ username: 'dave', roleRef: 'ws-b-viewer' }]],
      ['POST', '/workspaces/ws-a/workspacerolebindings', [{ subjects: [{ kind: 'User', name: 'dave' }], roleRef: { name: 'ws-b-viewer' } }]],
    ]
    for (const [method, path, body] of facts) await does('alice', method, path, 404, body)
    for (const path of ['/workspaces/ws-b/groups', '/workspaces/ws-b/workspacemembers', '/namespaces/ns-b/members', '/namespaces/free/members']) await does('alice', 'GET', path, 403)
    t.match((await does('bob', 'GET', '/workspaces/ws-b/workspaceroles/ws-b-viewer', 200)).json.metadata, { uid: role.metadata.uid, labels: { 'kubesphere.io/workspace': 'ws-b' } })
    t.strictSame(names(await does('bob', 'GET', '/workspaces/ws-b/groups', 200)), [group])
    t.strictSame(names(await does('bob', 'GET', '/workspaces/ws-b/groupbindings', 200)), [membership.metadata.name])
  })

  await t.test('one\'s own groups', async t => {
    const group = (await does('alice', 'POST', '/workspaces/ws-a/groups', 200, { metadata: { generateName: 'strong' } })).json.metadata.name as string
    await does('alice', 'POST', '/workspaces/ws-a/workspacerolebindings', 200, [{ subjects: [{ kind: 'Group', name: group }], roleRef: { name: 'ws-a-admin' } }])
    await until('admin', `${iam}/workspaces/ws-a/workspacerolebindings?labelSelector=iam.kubesphere.io/group-ref%3D${group}`, ({ json }) => json.totalItems === 1)
    await does('wanda', 'POST', '/workspaces/ws-a/groupbindings', 403, [{ userName: 'wanda', groupName: group }])
    await does('wanda', 'POST', '/workspaces/ws-a/groupbindings', 403, [{ userName: 'dave', groupName: group }])
    await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 200, [{ userName: 'dave', groupName: group }])
    t.equal((await does('admin', 'GET', `/users?ingroup=${group}&names=wanda`, 200)).json.totalItems, 0)
  })

  await t.test('the same through plain /apis', async t => {
    // Whom Kubernetes' own bindings let write these kinds, and nothing more.
    const kinds = 'users globalroles globalrolebindings workspaceroles workspacerolebindings rolebases groups groupbindings'
    const binding = (role: string) => ({ metadata: { name: `rons-${role}` }, subjects: [{ kind: 'User', name: 'ron' }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: role } })
    await kube.create(clusterRoles, { metadata: { name: 'iam-writers' }, rules: [rule(kinds, '*', 'iam.kubesphere.io'), rule('roles rolebindings clusterroles clusterrolebindings', '*', 'rbac.authorization.k8s.io')] })
    await kube.create(clusterRoleBindings, toUser('ron', { kind: 'ClusterRole', name: 'iam-writers' }) as never)
    await does('admin', 'POST', `${raw}/globalroles`, 201, { metadata: { name: 'iam-writers' }, rules: [rule(kinds, '*', 'iam.kubesphere.io')] })
    await does('admin', 'POST', `${raw}/globalrolebindings`, 201, { ...binding('iam-writers'), metadata: { name: 'ron-writes' } })
    await until('ron', `${raw}/globalroles`, ({ status }) => status === 200)
    const group = (await does('bob', 'GET', '/workspaces/ws-b/groups', 200)).json.items[0].metadata.name as string
    const everything = [rule('*')]
    const inB = { labels: { 'kubesphere.io/workspace': 'ws-b' } }
    const facts: [string, string, string, unknown, number][] = [
      ['ron', 'POST', `${raw}/globalrolebindings`, binding('platform-admin'), 403],
      ['ron', 'POST', `${raw}/globalrolebindings`, binding('absent'), 404],
      ['ron', 'POST', `${raw}/globalrolebindings`, binding('platform-regular'), 201],
      ['ron', 'PATCH', `${raw}/globalroles/platform-regular`, { rules: everything }, 403],
      ['ron', 'POST', `${raw}/globalroles`, { metadata: { name: 'rons' }, rules: everything }, 403],
      ['ron', 'POST', `${raw}/rolebases`, { metadata: { name: 'rons' }, role: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'Role', metadata: { name: 'viewer' }, rules: everything } }, 403],
      ['ron', 'POST', `${raw}/workspacerolebindings`, { metadata: { name: 'rons', ...inB }, subjects: [{ kind: 'User', name: 'ron' }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: 'ws-b-admin' } }, 403],
      ['ron', 'POST', `${raw}/workspaceroles`, { metadata: { name: 'rons', ...inB }, rules: everything }, 403],
      ['ron', 'POST', `${raw}/groupbindings`, { metadata: { name: 'rons', ...inB }, users: ['ron'], groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'groups', name: group } }, 403],
      ['ron', 'POST', `${raw}/groupbindings`, { metadata: { name: 'rons', labels: { 'kubesphere.io/workspace': 'ws-a' } }, users: ['ron'], groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'groups', name: group } }, 403],
      ['ron', 'POST', `${rbac}/clusterrolebindings`, toUser('ron', { kind: 'ClusterRole', name: 'cluster-admin' }), 403],
      ['ron', 'POST', `${rbac}/clusterroles`, { metadata: { name: 'rons' }, rules: everything }, 403],
      ['nina', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, toUser('nina', { kind: 'Role', name: 'admin' }), 403],
      ['nina', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, toUser('nina', { kind: 'ClusterRole', name: 'cluster-admin' }), 403],
      ['nina', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, toUser('nina', { kind: 'Role', name: 'absent' }), 404],
      ['nina', 'POST', `${rbac}/namespaces/ns-a/roles`, { metadata: { name: 'ninas' }, rules: everything }, 403],
      ['nina', 'PATCH', `${rbac}/namespaces/ns-a/roles/hosts`, { rules: everything }, 403],
      ['nina', 'POST', `${rbac}/namespaces/ns-a/roles`, { metadata: { name: 'ninas' }, rules: [rule('members')] }, 201],
      ['alice', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, toUser('dave', { kind: 'Role', name: 'admin' }), 201],
      ['ron', 'PATCH', `${raw}/users/admin`, { spec: { password: 'Taken-Over-1' } }, 403],
      ['ron', 'PATCH', `${raw}/users/rob`, { spec: { password: 'Taken-Over-1' } }, 403],
      ['ron', 'PATCH', `${raw}/users/rob`, { metadata: { labels: { 'iam.kubesphere.io/origin-uid': 'ron' } } }, 403],
      ['ron', 'PATCH', `${raw}/users/dave`, { spec: { password: 'Helped-Out-1' } }, 200],
    ]
    for (const [who, method, path, body, status] of facts) await does(who, method, path, status, body, method === 'PATCH' ? merge : {})
    await does('ron', 'PATCH', `${raw}/groups/${group}`, 200, { metadata: { labels: { 'kubesphere.io/workspace': 'ws-a' } } }, merge)
    t.equal((await does('bob', 'GET', `/workspaces/ws-b/groups/${group}`, 200)).json.metadata.labels['kubesphere.io/workspace'], 'ws-b', 'a group stays in its workspace')
    await does('ron', 'PATCH', `${raw}/users/wanda`, 200, { spec: { groups: [group], description: 'x' } }, merge)
    const { json } = await does('admin', 'GET', '/users/wanda', 200)
    t.strictSame([json.spec.groups ?? [], json.spec.description], [[], 'x'], 'groups follow from bindings of groups')
  })

  await t.test('no hash leaves by any of the routes', async t => {
    const paths = ['/users', '/users/alice', '/users?workspace=ws-a', '/users?globalrole=platform-regular', '/workspaces/ws-a/workspacemembers', '/workspaces/ws-a/workspacemembers/alice', '/namespaces/ns-a/members', '/namespaces/ns-a/members/alice', '/clustermembers', '/clustermembers/admin']
    for (const path of paths) t.notMatch((await does('admin', 'GET', path, 200)).text, /\$2[aby]\$|"password"/, path)
  })
})
