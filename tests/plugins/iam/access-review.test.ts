import t from 'tap'
import { cast, iam, raw, rbac, user } from './cast.js'

const rule = (verbs: string, resources: string, more: object = {}) => ({ apiGroups: [''], verbs: verbs.split(' '), resources: resources.split(' '), ...more })

t.test('why somebody may or may not', { timeout: 180_000 }, async t => {
  const { does, until } = await cast(t)
  const why = async (who: string, place: string, query: string, status = 200) => (await does(who, 'GET', `${place}/accessreview?${query}`, status)).json
  const inPods = { metadata: { name: 'pods' }, rules: [rule('get', 'configmaps'), rule('get list', 'pods'), rule('get', 'secrets', { resourceNames: ['one'] }), { apiGroups: ['apps'], verbs: ['get'], resources: ['deployments'] }] }
  await does('admin', 'POST', `${rbac}/namespaces/ns-a/roles`, 201, inPods)
  await until('admin', `${iam}/namespaces/ns-a/roles/pods`, ({ status }) => status === 200)
  await does('admin', 'POST', '/namespaces/ns-a/members', 200, [{ username: 'dave', roleRef: 'pods' }])
  await does('admin', 'POST', '/users', 200, user('manny', { role: 'platform-self-provisioner' }))
  await until('alice', `${iam}/namespaces/ns-a/accessreview?user=dave&verb=list&resource=pods`, ({ json }) => json.allowed === true)

  await t.test('what allows it: the binding, the role, the rule', async t => {
    const everything = { verbs: ['*'], apiGroups: ['*'], resources: ['*'] }
    const rows: [string, string, string, object][] = [
      ['admin', '', 'verb=delete&resource=nodes&name=n', { scope: 'global', source: 'global', role: 'GlobalRole/platform-admin', rule: everything }],
      ['alice', '/namespaces/ns-a', 'verb=list&resource=secrets', { scope: 'workspace', source: 'workspace', role: 'WorkspaceRole/ws-a-admin', rule: everything }],
      ['alice', '', 'verb=list&resource=secrets&namespace=ns-a', { scope: 'workspace' }],
      ['alice', '/workspaces/ws-a', 'verb=create&group=iam.kubesphere.io&resource=workspacemembers', { scope: 'workspace', source: 'workspace' }],
      ['alice', '', 'verb=get&path=/api/v1/namespaces/ns-a/pods', { scope: 'workspace' }],
      ['dave', '/namespaces/ns-a', 'verb=list&resource=pods', { scope: 'namespace', source: 'kubernetes', role: 'Role/pods', rule: rule('get list', 'pods') }],
      ['dave', '/namespaces/ns-a', 'verb=get&resource=secrets&name=one', { scope: 'namespace', rule: rule('get', 'secrets', { resourceNames: ['one'] }) }],
      ['carol', '', 'verb=get&group=iam.kubesphere.io&resource=users&name=carol', { source: 'self' }],
      ['carol', '', 'verb=get&path=/kapis/version', { source: 'open' }],
    ]
    for (const [who, place, query, grant] of rows) t.match(await why(who, place, query), { allowed: true, user: who, grant }, `${who} ${place} ${query}`)
    t.match((await why('dave', '/namespaces/ns-a', 'verb=list&resource=pods')).grant.binding, /^RoleBinding\/ns-a\/.*dave/)
    t.match(await why('admin', '/namespaces/ns-a', 'user=dave&verb=list&resource=pods'), { allowed: true, user: 'dave', request: { verb: 'list', group: '', resource: 'pods', namespace: 'ns-a' } })
  })

  await t.test('what is lacking, at each scope', async t => {
    const rows: [string, string][] = [
      ['verb=get&resource=secrets&name=two', 'resourceName'],
      ['verb=delete&resource=pods&name=p', 'verb'],
      ['verb=get&group=more.io&resource=pods&name=p', 'apiGroup'],
      ['verb=get&resource=services&name=s', 'resource'],
      ['verb=get&resource=pods&subresource=log&name=p', 'resource'],
    ]
    for (const [query, lacks] of rows) {
      const { allowed, grant, misses } = await why('dave', '/namespaces/ns-a', query)
      t.strictSame([allowed, grant, misses.map(({ scope }: any) => scope)], [false, undefined, ['global', 'workspace', 'namespace', 'cluster']], query)
      t.match(misses[2], { place: 'ns-a', bindings: [{ role: 'Role/pods', lacks }] }, query)
      t.ok(misses[0].bindings.some(({ role }: any) => role === 'GlobalRole/platform-regular'), 'a role of the platform is named')
    }
    const { allowed, misses } = await why('alice', '', 'verb=delete&resource=nodes&name=n')
    t.strictSame([allowed, misses.map(({ scope }: any) => scope)], [false, ['global', 'cluster']])
    await does('admin', 'POST', `${rbac}/namespaces/ns-a/rolebindings`, 201, { metadata: { name: 'lost' }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: 'carol' }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'gone' } })
    await until('carol', `${iam}/namespaces/ns-a/accessreview?verb=get&resource=pods`, ({ json }) => json.misses[2].bindings[0]?.lacks === 'role')
  })

  await t.test('what a role of the platform does not reach', async t => {
    await does('admin', 'POST', `${raw}/globalroles`, 201, { metadata: { name: 'nodes' }, rules: [rule('*', 'nodes')] })
    await does('admin', 'POST', '/users', 200, user('nora', { role: 'nodes' }))
    await until('nora', `${iam}/accessreview?verb=get&resource=nodes&name=n`, ({ json }) => json.allowed === true && json.grant.role === 'GlobalRole/nodes')
    const { allowed, reason, grant } = await why('nora', '', 'verb=delete&resource=nodes&name=n')
    t.strictSame([allowed, grant], [false, undefined])
    t.match((await does('nora', 'DELETE', '/api/v1/nodes/n', 403)).json.message, reason)
  })

  await t.test('it answers what the server does', async t => {
    const rows: [string, string, string][] = [
      ['alice', '/api/v1/namespaces/ns-a/secrets', 'list'],
      ['alice', '/api/v1/namespaces/ns-b/secrets', 'list'],
      ['alice', '/api/v1/nodes', 'list'],
      ['dave', '/api/v1/namespaces/ns-a/pods', 'list'],
      ['dave', '/api/v1/namespaces/ns-a/configmaps', 'list'],
      ['carol', `${iam}/users`, 'list'],
      ['carol', `${raw}/globalroles`, 'list'],
      ['carol', `${iam}/workspaces/ws-a/workspacemembers`, 'list'],
    ]
    for (const [who, path, verb] of rows) {
      const { allowed } = await why(who, '', `verb=${verb}&path=${path}`)
      await does(who, 'GET', path, allowed ? 200 : 403)
    }
  })

  await t.test('who may ask, and about whom', async t => {
    const pods = 'verb=list&resource=pods'
    const rows: [string, string, string, number][] = [
      ['carol', '', pods, 200],
      ['carol', '/namespaces/ns-b', `${pods}&user=carol`, 200],
      ['', '', pods, 403],
      ['carol', '/namespaces/ns-b', `${pods}&user=bob`, 403],
      ['carol', '', `${pods}&user=nobody-here`, 403],
      ['alice', '/namespaces/ns-a', `${pods}&user=dave`, 200],
      ['alice', '/workspaces/ws-a', `${pods}&user=dave`, 200],
      ['alice', '/workspaces/ws-b', `${pods}&user=bob`, 403],
      ['alice', '/namespaces/ns-b', `${pods}&user=bob`, 403],
      ['alice', '/namespaces/ns-b', `${pods}&user=bob&workspace=ws-a`, 403],
      ['alice', '/workspaces/ws-a', `${pods}&user=bob&namespace=ns-b`, 403],
      ['alice', '/workspaces/ws-a', `${pods}&user=bob&workspace=ws-b`, 200],
      ['alice', '', `${pods}&user=bob`, 403],
      ['alice', '/workspaces/ws-a', 'verb=get&path=/api/v1/namespaces/ns-b/pods&user=bob', 403],
      ['alice', '/namespaces/ns-a', `${pods}&user=nobody-here`, 404],
      ['admin', '', `${pods}&user=nobody-here`, 404],
      ['admin', '', `${pods}&user=bob`, 200],
    ]
    for (const [who, place, query, status] of rows) await why(who, place, query, status)
    t.match((await why('alice', '/namespaces/ns-b', `${pods}&user=bob`, 403)).message, 'User "alice" cannot list resource "members" in API group "iam.kubesphere.io" in the namespace "ns-b"')
    t.equal((await why('alice', '/workspaces/ws-a', `${pods}&workspace=ws-b`)).request.workspace, 'ws-a', 'the place is the path\'s')
  })

  await t.test('nobody learns to which workspace a project belongs', async t => {
    const [other, contrary, agreeing, absent] = await Promise.all(['namespace=ns-b', 'namespace=ns-b&workspace=ws-a', 'namespace=ns-b&workspace=ws-b', 'namespace=absent'].map(place => why('carol', '', `verb=list&resource=pods&${place}`)))
    const shown = ({ misses }: any) => misses.map(({ scope, place, bindings }: any) => [scope, place === 'absent' ? 'ns-b' : place, bindings.length])
    t.strictSame(shown(other), shown(absent))
    t.strictSame(shown(contrary), shown(absent))
    t.strictSame(shown(agreeing), shown(absent))
    t.match(shown(await why('alice', '', 'user=carol&verb=list&resource=pods&namespace=ns-a')), [['global'], ['workspace', 'ws-a', 0], ['namespace', 'ns-a'], ['cluster']], 'but who manages its members')
  })

  await t.test('questions that are none', async t => {
    for (const query of ['', 'verb=get', 'resource=pods', 'verb=get&resource=pods&path=/x', 'path=/x', 'verb=get&path=x', 'verb=get&path=/x?y', 'verb=bind&path=/api/v1/pods', 'verb=get&resource=a/b', 'verb=get&resource=pods&name=../x', `verb=get&resource=${'x'.repeat(300)}`]) await why('carol', '', query, 400)
  })
})
