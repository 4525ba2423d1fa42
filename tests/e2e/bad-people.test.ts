import t, { type Test } from 'tap'
import { createKube } from '../../core/kube/client.js'
import { createServer } from '../../core/server.js'
import type { ServerConfig } from '../../config/server.js'
import { groups as served } from '../../plugins/index.js'
import { groupBindings, users, workspaceRoleBindings, workspaceRoles } from '../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings, roles } from '../../schemas/kube/builtin.js'
import { workspaces } from '../../schemas/tenant/kinds.js'
import { silent } from '../helpers/app.js'
import { platform } from '../helpers/platform.js'
import { cast, iam, made, raw, rbac, user } from '../plugins/iam/cast.js'

const tenant = '/kapis/tenant.kubesphere.io/v1alpha2'
const workspace = (name: string, manager: string) => ({ metadata: { name }, spec: { template: { spec: { manager } } } })

t.test('what is in use, reserved, or gone', { timeout: 180_000 }, async t => {
  const { ask, does, kube, login, raw: send, until } = await cast(t)
  const names = ({ json }: { json: any }): string[] => json.items.map(({ metadata }: any) => metadata.name).sort()
  type Row = [string, string, string, unknown, number, RegExp?]
  const facts = async (rows: Row[]) => {
    for (const [who, method, path, body, status, says] of rows) {
      const { text } = await does(who, method, path, status, body)
      if (says) t.match(text, says, `${who} ${method} ${path}`)
    }
  }

  await t.test('names that are reserved or taken', async () => facts([
    ['admin', 'POST', '/users', user('admin', { spec: { email: '' } }), 409, /"admin" already exists/],
    ['admin', 'POST', '/users', user('system:anonymous', { spec: { email: '' } }), 422],
    ['admin', 'POST', `${tenant}/workspaces`, workspace('system-workspace', 'alice'), 400, /already exists/],
    ['alice', 'POST', `${tenant}/workspaces/ws-a/namespaces`, { metadata: { name: 'kubesphere-own' } }, 403, /reserved/],
    ['alice', 'POST', `${tenant}/workspaces/ws-a/namespaces`, { metadata: { name: '' } }, 422],
    ['alice', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-admin', []), 409, /"ws-a-admin" already exists/],
    ['alice', 'POST', '/workspaces/ws-a/workspaceroles', made('role-template-view-projects', []), 409, /already exists/],
    ['alice', 'POST', '/namespaces/ns-a/roles', made('admin', []), 409, /"admin" already exists/],
    ['admin', 'DELETE', `${tenant}/workspaces/system-workspace`, undefined, 403],
    ['admin', 'DELETE', '/users/absent', undefined, 404],
    ['alice', 'DELETE', '/workspaces/ws-a/workspaceroles/absent', undefined, 404],
    ['alice', 'DELETE', '/workspaces/ws-a/groups/absent', undefined, 404],
    ['alice', 'DELETE', '/workspaces/ws-a/groupbindings/absent', undefined, 404],
    ['alice', 'DELETE', '/namespaces/ns-a/rolebindings/absent', undefined, 404],
    ['alice', 'POST', '/namespaces/ns-a/rolebindings', [{ subjects: [{ kind: 'User', name: 'carol' }], roleRef: { name: 'viewer' } }, { subjects: [{ kind: 'User', name: '' }], roleRef: { name: 'viewer' } }], 400],
    ['carol', 'GET', '/namespaces/ns-a/members', undefined, 403],
  ]))

  await t.test('an account and its role come together or not at all', async t => {
    const bound = async (name: string): Promise<string[]> => (await does('admin', 'GET', `${raw}/globalrolebindings?labelSelector=iam.kubesphere.io/user-ref%3D${name}`, 200)).json.items.map(({ roleRef }: any) => roleRef.name)
    await does('admin', 'POST', '/users', 422, user('max', { metadata: { annotations: { 'no key!': 'x' } } }))
    t.strictSame(await bound('max'), [], 'refused by Kubernetes: nothing is left')
    const promised = { metadata: { name: 'lou-platform-regular', labels: { 'iam.kubesphere.io/user-ref': 'lou' } }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'lou' }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: 'platform-regular' } }
    await does('admin', 'POST', `${raw}/globalrolebindings`, 201, promised)
    await does('admin', 'POST', '/users', 200, user('lou'))
    t.strictSame(await bound('lou'), ['platform-regular'], 'cut short before the account: asked again, it is whole')
    const asked = ['platform-regular', 'platform-self-provisioner', 'platform-regular', 'platform-admin', 'platform-regular']
    for (let round = 0; round < 20; round++) {
      const name = `max-${round}`
      const replies = await Promise.all(asked.map((role, i) => ask('admin', 'POST', `${iam}/users`, { body: user(name, { role, spec: { email: `${name}.${i}@example.com` } }) })))
      t.strictSame(replies.map(({ status }) => status).sort(), [200, 409, 409, 409, 409])
      t.strictSame(await bound(name), [asked[replies.findIndex(({ status }) => status === 200)]], 'of several at once the one that made the account')
    }
    t.end()
  })

  await t.test('a role that people have is deleted: they have nothing of it, and it is told as gone', async t => {
    await facts([
      ['admin', 'POST', '/globalroles', made('keepers', ['role-template-view-workspaces']), 200],
      ['admin', 'POST', '/users', user('kim', { role: 'keepers' }), 200],
      ['kim', 'GET', `${tenant}/workspaces/ws-a`, undefined, 200],
      ['admin', 'DELETE', '/globalroles/keepers', undefined, 200],
      ['kim', 'GET', `${tenant}/workspaces/ws-a`, undefined, 404],
      ['admin', 'GET', '/users/kim', undefined, 200, /"iam.kubesphere.io\/globalrole":"keepers"/],
      ['admin', 'GET', '/users/kim/globalroles', undefined, 200, /^\[\]$/],
      ['kim', 'GET', '/accessreview?verb=delete&group=iam.kubesphere.io&resource=globalroles', undefined, 200, /"lacks":"role"/],
      ['alice', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-a-readers', ['role-template-view-members', 'role-template-view-groups']), 200],
      ['alice', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'carol', roleRef: 'ws-a-readers' }], 200],
      ['carol', 'GET', '/workspaces/ws-a/groups', undefined, 200],
      ['alice', 'DELETE', '/workspaces/ws-a/workspaceroles/ws-a-readers', undefined, 200],
      ['carol', 'GET', '/workspaces/ws-a/groups', undefined, 403, /cannot list resource \\"groups\\" in API group \\"iam.kubesphere.io\\" in the workspace \\"ws-a\\"/],
      ['alice', 'GET', '/workspaces/ws-a/workspacemembers/carol', undefined, 200, /ws-a-readers/],
      ['alice', 'PUT', '/workspaces/ws-a/workspacemembers/carol', { username: 'carol', roleRef: 'ws-a-readers' }, 404],
      ['alice', 'PUT', '/workspaces/ws-a/workspacemembers/carol', { username: 'carol', roleRef: 'ws-a-viewer' }, 200],
      ['carol', 'GET', '/workspaces/ws-a/groups', undefined, 200],
      ['alice', 'DELETE', '/workspaces/ws-a/workspacemembers/carol', undefined, 200],
    ])
    await does('admin', 'DELETE', '/users/kim', 200)
    t.end()
  })

  await t.test('the name of a role that a workspace to come will have', async t => {
    await facts([
      ['admin', 'POST', `${raw}/workspaceroles`, { metadata: { name: 'ws-a-makers', labels: { 'kubesphere.io/workspace': 'ws-a' } }, rules: [{ apiGroups: ['iam.kubesphere.io'], resources: ['workspaceroles', 'workspacemembers'], verbs: ['*'] }] }, 201],
      ['admin', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'carol', roleRef: 'ws-a-makers' }], 200],
      ['carol', 'POST', '/workspaces/ws-a/workspaceroles', made('ws-c-admin', []), 200],
      ['carol', 'PUT', '/workspaces/ws-a/workspacemembers/dave', { username: 'dave', roleRef: 'ws-c-admin' }, 200],
      ['admin', 'POST', `${tenant}/workspaces`, workspace('ws-c', 'bob'), 200],
    ])
    await until('bob', `${iam}/workspaces/ws-c/workspaceroles/ws-c-admin`, ({ json }) => json.rules?.length > 0)
    await facts([
      ['bob', 'GET', '/workspaces/ws-c/groups', undefined, 200],
      ['dave', 'GET', '/workspaces/ws-a/groups', undefined, 403],
      ['dave', 'GET', '/workspaces/ws-c/groups', undefined, 403],
      ['dave', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'dave', roleRef: 'ws-a-admin' }], 403],
      ['alice', 'GET', '/workspaces/ws-a/workspaceroles/ws-c-admin', undefined, 404],
    ])
    for (const name of ['carol', 'dave']) await does('alice', 'DELETE', `/workspaces/ws-a/workspacemembers/${name}`, 200)
    t.end()
  })

  await t.test('a person whom everything names is deleted, and a successor of that name has nothing', async t => {
    await does('admin', 'POST', '/users', 200, user('mona'))
    await does('admin', 'POST', `${tenant}/workspaces`, 200, workspace('ws-m', 'alice'))
    await does('alice', 'POST', '/workspaces/ws-m/workspacemembers', 200, [{ username: 'mona', roleRef: 'ws-m-admin' }])
    await does('mona', 'POST', `${tenant}/workspaces/ws-m/namespaces`, 200, { metadata: { name: 'ns-m' } })
    const group = (await does('alice', 'POST', '/workspaces/ws-a/groups', 200, { metadata: { generateName: 'crew' } })).json.metadata.name as string
    await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 200, [{ userName: 'mona', groupName: group }])
    await does('alice', 'POST', '/workspaces/ws-a/workspacemembers', 200, [{ username: 'mona', roleRef: 'ws-a-viewer' }])
    await until('admin', `${iam}/users?ingroup=${group}`, ({ json }) => json.totalItems === 1)
    await does('admin', 'DELETE', '/users/mona', 200)
    await until('admin', `${iam}/users/mona`, ({ status }) => status === 404)
    const left = await Promise.all([[workspaceRoleBindings, undefined], [roleBindings, 'ns-m'], [groupBindings, undefined]].map(async ([kind, namespace]) => (await kube.list(kind as typeof roleBindings, { labelSelector: 'iam.kubesphere.io/user-ref=mona', ...(namespace ? { namespace: namespace as string } : {}) })).items.length))
    t.strictSame(left, [0, 0, 0], 'nothing speaks of her any more')
    await does('admin', 'GET', `${tenant}/workspaces/ws-m`, 200)
    t.strictSame(names(await does('alice', 'GET', `/workspaces/ws-a/groups?names=${group}`, 200)), [group], 'the group stays')
    await does('admin', 'POST', '/users', 200, user('mona'))
    await facts([['mona', 'GET', '/users/mona', undefined, 401]])
    const { json: { access_token: as } } = await login('mona')
    for (const path of [`${iam}/workspaces/ws-a/workspacemembers`, '/api/v1/namespaces/ns-m/pods']) t.equal((await send('GET', path, { as })).status, 403, path)
    t.equal((await send('GET', `${iam}/users/mona`, { as })).status, 200)
    t.end()
  })

  await t.test('a group that is in use, and a workspace with people in it', async t => {
    const group = (await does('bob', 'POST', '/workspaces/ws-b/groups', 200, { metadata: { generateName: 'crew' } })).json.metadata.name as string
    await does('bob', 'POST', '/workspaces/ws-b/workspacerolebindings', 200, [{ subjects: [{ kind: 'Group', name: group }], roleRef: { name: 'ws-b-viewer' } }])
    await does('bob', 'POST', '/workspaces/ws-b/groupbindings', 200, [{ userName: 'carol', groupName: group }])
    await until('carol', `${iam}/workspaces/ws-b/groups`, ({ status }) => status === 200)
    await does('bob', 'DELETE', `/workspaces/ws-b/groups/${group}`, 200)
    await until('carol', `${iam}/workspaces/ws-b/groups`, ({ status }) => status === 403)
    await until('admin', `${iam}/users?ingroup=${group}`, ({ json }) => json.totalItems === 0)
    await does('bob', 'POST', '/workspaces/ws-b/workspacemembers', 200, [{ username: 'carol', roleRef: 'ws-b-viewer' }])
    await does('admin', 'DELETE', `${tenant}/workspaces/ws-b`, 200)
    await until('admin', `${raw}/workspacerolebindings/carol-ws-b-viewer`, ({ status }) => status === 404)
    await until('admin', '/api/v1/namespaces/ns-b', ({ status }) => status === 404)
    await facts([
      ['carol', 'GET', '/workspaces/ws-b/groups', undefined, 403],
      ['bob', 'POST', `${tenant}/workspaces/ws-b/namespaces`, { metadata: { name: 'late' } }, 403],
      ['admin', 'POST', `${tenant}/workspaces/ws-b/namespaces`, { metadata: { name: 'late' } }, 404],
      ['admin', 'GET', `${rbac}/namespaces/ns-b/rolebindings/bob-admin`, undefined, 404],
    ])
    t.end()
  })
})

/** The controllers of a server that begins after another one has died. */
async function successor (t: Test, config: ServerConfig, { kube: { transport } }: Awaited<ReturnType<typeof platform>>): Promise<void> {
  const kube = createKube({ transport, log: silent })
  const server = await createServer({ config: { ...config, roles: ['reconcile'] }, groups: served, kube, log: silent })
  t.teardown(async () => {
    await server.close(2_000)
    await kube.close()
  })
}

t.test('what a server that died has left half done, the next one finishes', { timeout: 120_000 }, async t => {
  let config: ServerConfig | undefined
  const server = await platform(t, given => {
    config = given
    given.roles = ['api']
  })
  const { kube, until } = server
  const does = async (who: string, method: string, path: string, body?: unknown) => {
    const { status, json, text } = await server.ask(who, method, path.startsWith('/') && !path.startsWith('/kapis') ? iam + path : path, body === undefined ? {} : { body })
    t.equal(status, 200, `${who} ${method} ${path} ${text.slice(0, 200)}`)
    return json
  }
  for (const name of ['alice', 'carol', 'dave']) await does('admin', 'POST', '/users', user(name))
  for (const name of ['ws-a', 'ws-z']) await does('admin', 'POST', `${tenant}/workspaces`, workspace(name, 'alice'))
  for (const name of ['ns-a', 'ns-b']) await does('alice', 'POST', `${tenant}/workspaces/ws-a/namespaces`, { metadata: { name } })
  const { metadata: { name: group } } = await does('alice', 'POST', '/workspaces/ws-a/groups', { metadata: { generateName: 'crew' } })
  await does('alice', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'carol', roleRef: 'ws-a-viewer' }])

  // Workspaces and projects of which only the first object was written.
  await kube.delete(workspaces, { name: 'ws-a' })
  for (const name of ['ws-a-viewer', 'ws-a-regular']) await kube.delete(workspaceRoles, { name })
  await kube.delete(workspaceRoleBindings, { name: 'ws-a-admin' })
  await kube.delete(roles, { name: 'operator', namespace: 'ns-a' })
  await kube.delete(roleBindings, { name: 'alice-admin', namespace: 'ns-a' })
  // A membership of which only the binding was written, one whose group is gone, and an account on its way out with one of its bindings left.
  await kube.create(groupBindings, { metadata: { name: 'joined', labels: { 'iam.kubesphere.io/user-ref': 'dave', 'iam.kubesphere.io/group-ref': group, 'kubesphere.io/workspace': 'ws-a' } }, groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'groups', name: group }, users: ['dave'] })
  await kube.modify(users, { name: 'carol' }, account => ({ ...account, metadata: { ...account.metadata, finalizers: ['finalizers.kubesphere.io/users'] } }))
  await kube.delete(users, { name: 'carol' })
  // A workspace whose end was ordered.
  await does('admin', 'DELETE', `${tenant}/workspaces/ws-z`)

  await successor(t, config!, server)
  await until('admin', `${raw}/workspacerolebindings/ws-a-admin`, ({ status }) => status === 200)
  for (const name of ['ws-a-viewer', 'ws-a-regular']) await until('admin', `${raw}/workspaceroles/${name}`, ({ status }) => status === 200)
  await until('admin', '/apis/tenant.kubesphere.io/v1alpha1/workspaces/ws-a', ({ status }) => status === 200)
  await until('alice', `${iam}/namespaces/ns-a/roles/operator`, ({ status }) => status === 200)
  await until('admin', `${iam}/users?ingroup=${group}`, ({ json }) => json.totalItems === 1)
  await until('admin', `${iam}/users/carol`, ({ status }) => status === 404)
  await until('admin', `${raw}/workspacerolebindings/carol-ws-a-viewer`, ({ status }) => status === 404)
  await until('admin', `${raw}/workspaceroles/ws-z-viewer`, ({ status }) => status === 404)
  await until('admin', `${raw}/workspacerolebindings/ws-z-admin`, ({ status }) => status === 404)
  t.match(await kube.find(namespaces, { name: 'ns-a' }), { metadata: { labels: { 'kubesphere.io/workspace': 'ws-a' } } })
  await does('alice', 'POST', '/workspaces/ws-a/workspacemembers', [{ username: 'dave', roleRef: 'ws-a-viewer' }])
})
