import t from 'tap'
import type { Json } from '../../../helpers/embedded-api.js'
import { withPeople } from './people.js'

const base = '/apis/authorization.k8s.io/v1'
const on = (verb: string, resource: string, more: Json = {}): Json => ({ resourceAttributes: { verb, resource, ...more } })

async function build (t: Parameters<typeof withPeople>[0]) {
  const api = await withPeople(t)
  await api.grant('a', 'pods', ['User/alice', 'Group/dev', 'ServiceAccount/b/robot'], ['get,list core pods,pods/log', 'get core configmaps one'])
  await api.grant('', 'nodes', ['User/alice'], ['list core nodes', 'get /metrics'])
  return api
}

const byRole = (to: string) => `RBAC: allowed by RoleBinding "pods/a" of Role "pods" to ${to}`
const byNodes = 'RBAC: allowed by ClusterRoleBinding "nodes" of ClusterRole "nodes" to User "alice"'
const self: [Json, string | false][] = [
  [on('get', 'pods', { namespace: 'a' }), byRole('User "alice"')],
  [on('get', 'pods', { namespace: 'a', name: 'x', subresource: 'log' }), byRole('User "alice"')],
  [on('get', 'pods', { namespace: 'b' }), false],
  [on('get', 'pods'), false],
  [on('get', 'pods', { namespace: 'a', group: 'apps' }), false],
  [on('get', 'configmaps', { namespace: 'a', name: 'one' }), byRole('User "alice"')],
  [on('get', 'configmaps', { namespace: 'a' }), false],
  [on('list', 'nodes'), byNodes],
  [{ nonResourceAttributes: { path: '/metrics', verb: 'get' } }, byNodes],
  [{ nonResourceAttributes: { path: '/secrets', verb: 'get' } }, false],
  [on('*', '*'), false],
]

t.test('may I?', async t => {
  const { as } = await build(t)
  for (const [spec, reason] of self) {
    const { status, json } = await as('alice')('POST', `${base}/selfsubjectaccessreviews`, { spec })
    t.equal(status, 201)
    t.same(json['status'], reason ? { allowed: true, reason } : { allowed: false }, JSON.stringify(spec))
    t.same(json['spec'], spec)
  }
})

const others: [Json, string | false][] = [
  [{ user: 'alice', ...on('get', 'pods', { namespace: 'a' }) }, byRole('User "alice"')],
  [{ user: 'bob', groups: ['dev'], ...on('get', 'pods', { namespace: 'a' }) }, byRole('Group "dev"')],
  [{ groups: ['dev'], ...on('get', 'pods', { namespace: 'a' }) }, byRole('Group "dev"')],
  [{ user: 'system:serviceaccount:b:robot', ...on('get', 'pods', { namespace: 'a' }) }, byRole('ServiceAccount "robot/b"')],
  [{ user: 'bob', ...on('get', 'pods', { namespace: 'a' }) }, false],
  [{ user: 'bob', groups: ['system:masters'], ...on('*', '*') }, ''],
]

t.test('may somebody?', async t => {
  const { call, as } = await build(t)
  for (const [spec, reason] of others) {
    const { json } = await call('POST', `${base}/subjectaccessreviews`, { spec })
    t.same(json['status'], reason === false ? { allowed: false } : { allowed: true, ...(reason ? { reason } : {}) }, JSON.stringify(spec))
  }
  const local = await call('POST', `${base}/namespaces/a/localsubjectaccessreviews`, { metadata: { namespace: 'a' }, spec: { user: 'alice', ...on('get', 'pods', { namespace: 'a' }) } })
  t.equal(local.json['status'].allowed, true)
  t.equal((await as('alice')('POST', `${base}/subjectaccessreviews`, { spec: others[0]?.[0] })).status, 403, 'not everybody may ask about others')
})

const wrong: [string, Json, number, string | RegExp][] = [
  ['selfsubjectaccessreviews', { spec: {} }, 422, /^SelfSubjectAccessReview\.authorization\.k8s\.io "" is invalid: spec\.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified$/],
  ['selfsubjectaccessreviews', {}, 422, /exactly one of/],
  ['selfsubjectaccessreviews', { spec: { ...on('get', 'pods'), nonResourceAttributes: { path: '/' } } }, 422, /spec\.nonResourceAttributes: Invalid value: .* cannot be specified in combination with resourceAttributes/],
  ['selfsubjectaccessreviews', { metadata: { name: 'x' }, spec: on('get', 'pods') }, 422, /metadata: Invalid value: .* must be empty/],
  ['selfsubjectaccessreviews', { spec: { resourceAttributes: { verb: 1 } } }, 400, /cannot unmarshal/],
  ['selfsubjectaccessreviews', { spec: 'x' }, 400, /cannot unmarshal/],
  ['subjectaccessreviews', { spec: on('get', 'pods') }, 422, /spec\.user: Invalid value: "": at least one of user or group must be specified$/],
  ['namespaces/a/localsubjectaccessreviews', { spec: { user: 'x', ...on('get', 'pods', { namespace: 'b' }) } }, 422, /spec\.resourceAttributes\.namespace: Invalid value: "b": must match metadata\.namespace$/],
  ['namespaces/a/localsubjectaccessreviews', { spec: { user: 'x', nonResourceAttributes: { path: '/x', verb: 'get' } } }, 422, /spec\.nonResourceAttributes: Invalid value: .*: disallowed on this kind of request$/],
  ['namespaces/a/localsubjectaccessreviews', { metadata: { namespace: 'b' }, spec: { user: 'x', ...on('get', 'pods') } }, 400, /namespace/],
  ['selfsubjectrulesreviews', { spec: {} }, 400, 'no namespace on request'],
]

t.test('what is no question', async t => {
  const { call } = await build(t)
  for (const [url, body, status, message] of wrong) {
    const reply = await call('POST', `${base}/${url}`, body)
    t.equal(reply.status, status, `${url} ${JSON.stringify(body)}`)
    t.match(reply.json['message'], message)
  }
})

t.test('what may I?', async t => {
  const { as, call } = await build(t)
  const { json } = await as('alice')('POST', `${base}/selfsubjectrulesreviews`, { spec: { namespace: 'a' } })
  t.equal(json['status'].incomplete, false)
  t.match(json['status'].resourceRules.filter((rule: Json) => rule['apiGroups'][0] === ''), [
    { verbs: ['list'], apiGroups: [''], resources: ['nodes'] },
    { verbs: ['get', 'list'], apiGroups: [''], resources: ['pods', 'pods/log'] },
    { verbs: ['get'], apiGroups: [''], resources: ['configmaps'], resourceNames: ['one'] },
  ])
  t.ok(json['status'].nonResourceRules.some((rule: Json) => rule['nonResourceURLs'].includes('/metrics')))
  const elsewhere = await as('alice')('POST', `${base}/selfsubjectrulesreviews`, { spec: { namespace: 'b' } })
  t.notOk(JSON.stringify(elsewhere.json['status']).includes('pods/log'))
  const own = await call('POST', `${base}/selfsubjectrulesreviews`, { spec: { namespace: 'b' } })
  t.same(own.json['status'].resourceRules, [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }])
})
