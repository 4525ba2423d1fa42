import t from 'tap'
import { aggregation, cast, iam, made, raw, rbac } from '../plugins/iam/cast.js'

t.test('members, roles and groups', { timeout: 180_000 }, async t => {
  const { ask, does, until } = await cast(t)
  const names = ({ json }: { json: any }): string[] => json.items.map(({ metadata }: any) => metadata.name).sort()
  const rolesOf = async (label: string, path: string): Promise<string[]> => (await does('admin', 'GET', `${path}?labelSelector=iam.kubesphere.io/user-ref%3D${label}`, 200)).json.items.map(({ roleRef }: any) => roleRef.name)

  await t.test('members of every scope', async t => {
    const scopes = [
      { who: 'alice', base: '/workspaces/ws-a/workspacemembers', roles: ['ws-a-viewer', 'ws-a-regular'], key: 'workspacerole', raw: `${raw}/workspacerolebindings` },
      { who: 'alice', base: '/namespaces/ns-a/members', roles: ['viewer', 'operator'], key: 'role', raw: `${rbac}/namespaces/ns-a/rolebindings` },
      { who: 'admin', base: '/clustermembers', roles: ['cluster-viewer', 'cluster-admin'], key: 'clusterrole', raw: `${rbac}/clusterrolebindings` },
    ] as const
    for (const { who, base, roles: [first, second], key, raw } of scopes) {
      const member = { username: 'carol', roleRef: first }
      t.strictSame((await does(who, 'POST', base, 200, [member])).json, [member])
      await does(who, 'POST', base, 200, [member])
      t.match((await does(who, 'GET', `${base}/carol`, 200)).json.metadata.annotations, { [`iam.kubesphere.io/${key}`]: first })
      t.ok(names(await does(who, 'GET', base, 200)).includes('carol'), base)
      t.strictSame((await does(who, 'PUT', `${base}/carol`, 200, { username: 'carol', roleRef: second })).json, { username: 'carol', roleRef: second })
      t.strictSame(await rolesOf('carol', raw), [second], 'the new role in place of the old one')
      t.strictSame(names(await does(who, 'GET', `${base}?${key}=${second}&name=carol`, 200)), ['carol'])
      t.strictSame(names(await does(who, 'GET', `${base}?${key}=${first}&name=carol`, 200)), [])
      const before = names(await does(who, 'GET', base, 200))
      const bad: [string, string, unknown, number, RegExp][] = [
        ['POST', base, [{ username: '', roleRef: first }], 400, /must not be empty/],
        ['POST', base, [{ username: 'dave', roleRef: first }, { username: '', roleRef: first }], 400, /must not be empty/],
        ['POST', base, [{ username: 'dave', roleRef: first }, { username: 'dave', roleRef: 'absent' }], 404, /"absent" not found/],
        ['POST', base, [{ username: 'dave' }], 404, /"" not found/],
        ['POST', base, { username: 'dave', roleRef: first }, 400, /cannot be read/],
        ['POST', base, undefined, 400, /EOF/],
        ['PUT', `${base}/carol`, { username: 'dave', roleRef: first }, 400, /the name of the object \(dave\) does not match the name on the URL \(carol\)/],
        ['PUT', `${base}/carol`, { username: 'carol', roleRef: 'absent' }, 404, /"absent" not found/],
      ]
      for (const [method, path, body, status, says] of bad) t.match((await does(who, method, path, status, body)).text, says, `${method} ${path}`)
      t.strictSame(names(await does(who, 'GET', base, 200)), before, 'W20: nothing of it was done')
      await does(who, 'DELETE', `${base}/carol`, 200)
      await does(who, 'DELETE', `${base}/carol`, 200)
      t.equal((await does(who, 'GET', `${base}/carol`, 404)).text, 'user.iam.kubesphere.io "carol" not found\n')
    }
    await does('alice', 'POST', '/workspaces/ws-a/workspacemembers', 200, [{ username: 'to-come', roleRef: 'ws-a-viewer' }])
    t.notOk(names(await does('alice', 'GET', '/workspaces/ws-a/workspacemembers', 200)).includes('to-come'), 'W4: bound before there is an account, listed after')
    await does('alice', 'DELETE', '/workspaces/ws-a/workspacemembers/to-come', 200)
  })

  await t.test('W8: a binding of several loses one', async t => {
    const binding = { metadata: { name: 'shared' }, subjects: ['carol', 'dave'].map(name => ({ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name })), roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' } }
    await does('alice', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, 201, binding)
    await until('alice', `${iam}/namespaces/ns-a/members/carol`, ({ status }) => status === 200)
    await does('alice', 'PUT', '/namespaces/ns-a/members/carol', 200, { username: 'carol', roleRef: 'operator' })
    t.match((await does('admin', 'GET', `${rbac}/namespaces/ns-a/rolebindings/shared`, 200)).json.subjects, [{ name: 'dave' }])
    await does('alice', 'DELETE', '/namespaces/ns-a/members/carol', 200)
    await does('alice', 'DELETE', '/namespaces/ns-a/members/dave', 200)
    await does('admin', 'GET', `${rbac}/namespaces/ns-a/rolebindings/shared`, 404)
  })

  await t.test('two writers at once: one role for one member', async t => {
    const roles = ['viewer', 'operator', 'admin', 'viewer', 'operator', 'admin']
    const replies = await Promise.all(roles.map(roleRef => ask('alice', 'PUT', `${iam}/namespaces/ns-a/members/carol`, { body: { username: 'carol', roleRef } })))
    t.ok(replies.every(({ status }) => status === 200))
    t.equal((await rolesOf('carol', `${rbac}/namespaces/ns-a/rolebindings`)).length, 1)
    await does('alice', 'DELETE', '/namespaces/ns-a/members/carol', 200)
  })

  await t.test('roles of every scope', async t => {
    const scopes = [
      { who: 'admin', base: '/globalroles', part: 'role-template-view-users', other: 'role-template-view-roles', singular: 'globalrole.iam.kubesphere.io', plural: 'globalroles.iam.kubesphere.io', custom: true },
      { who: 'admin', base: '/clusterroles', part: 'role-template-view-nodes', other: 'role-template-view-members', singular: 'clusterrole.rbac.authorization.k8s.io', plural: 'clusterroles.rbac.authorization.k8s.io' },
      { who: 'alice', base: '/workspaces/ws-a/workspaceroles', part: 'role-template-view-projects', other: 'role-template-view-members', singular: 'workspacerole.iam.kubesphere.io', plural: 'workspaceroles.iam.kubesphere.io', custom: true },
      { who: 'alice', base: '/namespaces/ns-a/roles', part: 'role-template-view-configmaps', other: 'role-template-view-secrets', singular: 'role.rbac.authorization.k8s.io', plural: 'roles.rbac.authorization.k8s.io' },
    ]
    for (const { who, base, part, other, singular, plural, custom } of scopes) {
      const rules = async (name: string): Promise<unknown> => (await does(who, 'GET', `${base}${base.includes('workspaces') ? `?names=${name}&labelSelector=iam.kubesphere.io/role-template` : `?names=${name}`}`, 200)).json.items[0]?.rules ?? null
      const wanted = { ...made('mine', [part]), rules: [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }] }
      const { json } = await does(who, 'POST', base, 200, wanted)
      if (who === 'alice') t.ok(json.rules.length > 0 && json.rules.every(({ resources }: any) => !resources.includes('*') || base.includes('workspaces')), `${base}: the rules of the body are ignored`)
      if (base.startsWith('/workspaces')) t.equal(json.metadata.labels['kubesphere.io/workspace'], 'ws-a')
      t.equal((await does(who, 'POST', base, 409, wanted)).text, `${plural} "mine" already exists\n`)
      t.equal((await does(who, 'PUT', `${base}/mine`, 409, wanted)).text, `${plural} "mine" already exists\n`)
      t.match((await does(who, 'PUT', `${base}/mine`, 400, made('other', []))).text, /does not match the name on the URL/)
      t.equal((await does(who, 'POST', base, 404, made('broken', ['absent']))).text, `${singular} "absent" not found\n`)
      t.match((await does(who, 'GET', `${base}/broken`, 404)).json, { kind: 'Status', reason: 'NotFound' })
      const current = base.startsWith('/workspaces') ? await until(who, `${iam}${base}/mine`, ({ json }) => json.metadata.ownerReferences) : await does(who, 'GET', `${base}/mine`, 200)
      await does(who, 'PUT', `${base}/mine`, 200, { ...json, metadata: { ...current.json.metadata, annotations: { [aggregation]: JSON.stringify([part, other]) } } })
      await does(who, 'PUT', `${base}/mine`, 409, json)
      t.strictSame(names(await does(who, 'GET', `${base}?aggregateTo=mine`, 200)), [part, other].sort())
      t.equal((await does(who, 'GET', `${base}?aggregateTo=`, 200)).json.totalItems, 0)
      const patched = await does(who, 'PATCH', `${base}/mine`, 200, { metadata: { name: 'ignored', annotations: { [aggregation]: JSON.stringify([other]), gone: null } } }, { 'content-type': 'application/merge-patch+json' })
      t.match(patched.json, { metadata: { name: 'mine', annotations: { gone: '' } } })
      t.strictSame(patched.json.rules?.length ? patched.json.rules : null, await rules(other), `${base}: the rules follow`)
      t.match((await does(who, 'PATCH', `${base}/mine`, 200, { metadata: { annotations: { note: 'x' } } })).json.metadata.annotations, { note: 'x', [aggregation]: JSON.stringify([other]) })
      await does(who, 'PATCH', `${base}/mine`, 409, { metadata: { resourceVersion: '1', annotations: { note: 'y' } } })
      await does(who, 'PATCH', `${base}/mine`, 400, [{ op: 'remove', path: '/rules' }], { 'content-type': 'application/json-patch+json' })
      await does(who, 'PATCH', `${base}/absent`, 404, { metadata: {} })
      await does(who, 'DELETE', `${base}/mine`, 200)
      await does(who, 'DELETE', `${base}/mine`, 404)
      if (custom) await does(who, 'PUT', `${base}/mine`, 404, json)
      await does(who, 'POST', base, 422, made('', []))
    }
    await does('alice', 'POST', '/namespaces/ns-a/roles', 400, made('moved', [], { namespace: 'ns-b' }))
    await does('admin', 'POST', '/namespaces/absent/roles', 404, made('mine', []))
    await does('alice', 'POST', '/namespaces/ns-a/roles', 400, 'text', { 'content-type': 'text/plain' })
  })

  await t.test('templates behind what somebody may do', async t => {
    const list = async (who: string, path: string, status = 200): Promise<string[]> => { const { json } = await does(who, 'GET', path, status); return Array.isArray(json) ? json.map(({ metadata }: any) => metadata.name) : [] }
    t.ok((await list('alice', '/workspaces/ws-a/workspacemembers/alice/workspaceroles')).includes('role-template-manage-members'))
    t.ok((await list('alice', '/namespaces/ns-a/members/alice/roles')).includes('role-template-manage-secrets'))
    t.strictSame(await list('admin', '/users/carol/globalroles'), ['role-template-view-app-templates'])
    t.strictSame(await list('admin', '/users/absent/globalroles'), [])
    t.strictSame(await list('admin', '/clustermembers/carol/clusterroles'), [])
    t.strictSame(await list('alice', '/workspaces/ws-a/workspacemembers/carol/workspaceroles'), [])
    await does('alice', 'GET', '/namespaces/ns-a/members/absent/roles', 404)
    await does('admin', 'GET', '/devops/absent/members', 404)
    await does('admin', 'GET', '/devops/absent/roles', 404)
  })

  await t.test('groups', async t => {
    const groups = '/workspaces/ws-a/groups'
    t.match((await does('alice', 'POST', groups, 422, { metadata: { name: 'x' } })).text, 'generateName is required')
    const both = await Promise.all([1, 2].map(() => ask('alice', 'POST', `${iam}${groups}`, { body: { metadata: { generateName: 'dev' } } })))
    t.strictSame(both.map(({ status }) => status).sort(), [200, 409], 'two writers at once')
    const group = both.find(({ status }) => status === 200)?.json
    const { name } = group.metadata
    t.match(group, { metadata: { name: /^dev[a-z0-9]{5}$/, labels: { 'kubesphere.io/workspace': 'ws-a' } }, spec: {}, status: {} })
    await does('alice', 'PUT', `${groups}/${name}`, 400, { ...group, metadata: { ...group.metadata, name: 'other' } })
    await does('alice', 'PATCH', `${groups}/${name}`, 200, { metadata: { labels: { 'kubesphere.io/workspace': 'ws-b' }, annotations: { note: 'x' } } })
    t.match((await does('alice', 'GET', `${groups}/${name}`, 200)).json.metadata, { labels: { 'kubesphere.io/workspace': 'ws-a' }, annotations: { note: 'x' } })
    t.match((await does('alice', 'POST', groups, 404, { metadata: { generateName: 'child', labels: { 'iam.kubesphere.io/group-parent': 'absent' } } })).text, 'group "absent" not found')

    const [bound] = (await does('alice', 'POST', '/workspaces/ws-a/workspacerolebindings', 200, [{ subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: 'ws-a-viewer' } }])).json
    t.match(bound.metadata, { name: new RegExp(`^${name}-ws-a-viewer-[a-z0-9]{5}$`), labels: { 'iam.kubesphere.io/group-ref': name } })
    const [inProject] = (await does('alice', 'POST', '/namespaces/ns-a/rolebindings', 200, [{ subjects: [{ kind: 'Group', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' } }])).json
    t.equal((await does('alice', 'GET', `/workspaces/ws-a/rolebindings?labelSelector=iam.kubesphere.io/group-ref%3D${name}`, 200)).json.length, 1)
    await does('carol', 'GET', '/workspaces/ws-a/workspaceroles', 403)
    const [membership] = (await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 200, [{ userName: 'carol', groupName: name }])).json
    t.match(membership, { users: ['carol'], groupRef: { kind: 'groups', name } })
    await until('carol', `${iam}/workspaces/ws-a/workspaceroles`, ({ status }) => status === 200)
    t.strictSame(names(await does('admin', 'GET', `/users?ingroup=${name}`, 200)), ['carol'])
    t.equal((await does('alice', 'GET', `/workspaces/ws-a/groupbindings?user=carol&labelSelector=iam.kubesphere.io/group-ref%3D${name}`, 200)).json.totalItems, 1)
    t.ok((await does('alice', 'GET', '/workspaces/ws-a/workspacemembers/carol/workspaceroles', 200)).json.length > 0, 'roles of groups count')
    await does('alice', 'GET', '/workspaces/ws-a/groupbindings?labelSelector=a%20in%20(b)', 400)
    await does('alice', 'GET', '/workspaces/ws-a/workspacerolebindings?labelSelector=((', 400)
    t.equal((await does('alice', 'GET', '/workspaces/ws-a/groupbindings?labelSelector=kubesphere.io/workspace%3Dws-b', 200)).json.totalItems, 1, 'the workspace of the URL counts')
    t.equal((await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 200, [])).text, 'null')
    await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 400, [{ userName: '', groupName: name }])
    t.equal((await does('alice', 'POST', '/workspaces/ws-a/groupbindings', 404, [{ userName: 'dave', groupName: name }, { userName: 'dave', groupName: 'absent' }])).text, 'group "absent" not found\n')
    t.strictSame(names(await does('admin', 'GET', `/users?ingroup=${name}`, 200)), ['carol'], 'nothing half done')
    t.match((await does('alice', 'POST', '/workspaces/ws-a/workspacerolebindings', 404, [{ subjects: [], roleRef: { name: 'ws-a-viewer' } }])).text, 'users.iam.kubesphere.io "" not found')
    await does('alice', 'POST', '/workspaces/ws-a/workspacerolebindings', 404, [{ subjects: [{ kind: 'Group', name }], roleRef: { name: 'absent' } }])

    await does('alice', 'DELETE', `/workspaces/ws-a/groupbindings/${membership.metadata.name}`, 200)
    await until('carol', `${iam}/workspaces/ws-a/workspaceroles`, ({ status }) => status === 403)
    await does('alice', 'DELETE', `/namespaces/ns-a/rolebindings/${inProject.metadata.name}`, 200)
    await does('alice', 'DELETE', `${groups}/${name}`, 200)
    await until('admin', `${raw}/workspacerolebindings/${bound.metadata.name}`, ({ status }) => status === 404)
    t.equal((await does('alice', 'DELETE', `${groups}/${name}`, 404)).text, `group "${name}" not found\n`)
  })

  await t.test('lists', async t => {
    t.equal((await does('admin', 'GET', '/users?nothing=1', 200)).json.totalItems, 0)
    t.strictSame(names(await does('admin', 'GET', '/users?workspace=ws-a', 200)), ['alice'])
    t.strictSame(names(await does('admin', 'GET', '/users?namespace=ns-b', 200)), ['bob'])
    t.equal((await does('admin', 'GET', '/users?cluster=false', 200)).json.totalItems, 0)
    t.strictSame(names(await does('admin', 'GET', '/users?cluster=true', 200)), ['admin'])
    t.match((await does('admin', 'GET', '/users?globalrole=platform-regular&sortBy=name&ascending=true&limit=2&page=2', 200)).json, { totalItems: 4, items: [{ metadata: { name: 'carol' } }, { metadata: { name: 'dave' } }] })
    t.match((await does('admin', 'GET', '/workspaces/ws-a/workspacemembers?namespace=ns-b', 200)).json, { totalItems: 0 }, 'a place of another scope is an unknown filter')
    t.strictSame(names(await does('alice', 'GET', '/workspaces/ws-a/workspaceroles?labelSelector=iam.kubesphere.io/role-template', 200)).filter(name => !name.startsWith('role-template')), [], 'templates')
    const all = names(await does('alice', 'GET', '/workspaces/ws-a/workspaceroles?labelSelector=!iam.kubesphere.io/role-template', 200))
    t.notOk(all.some(name => name.startsWith('ws-b')), 'W21: other workspaces are not listed')
    t.equal((await does('alice', 'GET', '/workspaces/ws-a/workspaceroles?aggregateTo=ws-b-admin', 200)).json.totalItems, 0)
    await does('alice', 'GET', '/workspaces/ws-a/workspaceroles/ws-b-admin', 404)
    const refused = await ask('admin', 'GET', `${iam}/users`, { headers: { accept: 'application/xml' } })
    t.strictSame([refused.status, refused.text.split('\n')[0]], [406, '406: Not Acceptable'])
  })
})
