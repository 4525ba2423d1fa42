import t from 'tap'
import gateway from '../../../plugins/kube-gateway/index.js'
import type { GrantSource } from '../../../core/sdk/index.js'
import { answer, fakeAccess, scriptedTransport, testApp } from '../../helpers/app.js'

const grants: Record<string, GrantSource> = { admin: 'global', alice: 'workspace', bob: 'kubernetes' }
const access = fakeAccess(name => grants[name] ? { source: grants[name] } : undefined, ['admin', 'bob'])
const podList = { kind: 'PodList', apiVersion: 'v1', metadata: { resourceVersion: '7' }, items: [] }

t.test('as whom a request reaches Kubernetes', async t => {
  const rows = [
    { as: 'admin', method: 'GET', path: '/api/v1/pods', status: 200, user: 'admin', why: 'Kubernetes grants it: as the caller' },
    { as: 'bob', method: 'DELETE', path: '/api/v1/nodes/n1', status: 200, user: 'bob', why: 'also for cluster-scoped writes' },
    { as: 'alice', method: 'GET', path: '/api/v1/namespaces/ns-a/secrets', status: 200, user: undefined, why: 'a workspace role: the server, inside a namespace' },
    { as: 'alice', method: 'POST', path: '/api/v1/namespaces/ns-a/pods', body: {}, status: 200, user: undefined, why: 'a write too' },
    { as: 'alice', method: 'GET', path: '/api/v1/nodes', status: 200, user: undefined, why: 'a read of what is not in a namespace' },
    { as: 'alice', method: 'DELETE', path: '/api/v1/nodes/n1', status: 403, why: 'a write of what is not in a namespace' },
    { as: 'alice', method: 'PATCH', path: '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates/ws-b', body: {}, status: 403, why: 'a rule for the platform does not open the Kubernetes path' },
    { as: 'carol', method: 'GET', path: '/api/v1/pods', status: 403, why: 'no grant' },
    { method: 'GET', path: '/api/v1/pods', status: 403, why: 'nobody' },
  ]
  const transport = scriptedTransport(() => answer(200, podList))
  const { ask } = await testApp(t, { groups: [gateway], transport, access })
  for (const { as, method, path, body, status, user, why } of rows) {
    transport.sent.length = 0
    const reply = await ask(method, path, { ...(as ? { as } : {}), body })
    t.equal(reply.status, status, `${as ?? 'anonymous'} ${method} ${path}: ${why}`)
    if (status === 200) t.equal(transport.sent[0]?.headers?.['impersonate-user'], user, `${as} ${path}: identity`)
    else t.strictSame(transport.sent, [], `${as ?? 'anonymous'} ${path}: nothing reaches Kubernetes`)
  }
})

t.test('what a client sends about identity never passes', async t => {
  const transport = scriptedTransport(() => answer(200, podList))
  const { ask } = await testApp(t, { groups: [gateway], transport, access })
  const forged = {
    connection: 'Impersonate-User, Impersonate-Group, Authorization, Accept, close',
    'impersonate-user': 'system:admin',
    'impersonate-group': 'system:masters',
    'impersonate-extra-x': '1',
    'impersonate-uid': '1',
    'x-remote-user': 'root',
    'x-remote-group': 'system:masters',
    'x-remote-extra-a': 'b',
    'x-forwarded-user': 'root',
    'x-forwarded-for': '10.1.1.1',
    'x-original-url': '/api/v1/secrets',
    'x-http-method-override': 'DELETE',
    cookie: 'token=1',
    'proxy-authorization': 'Basic eA==',
    impersonate_user: 'root',
  }
  await ask('GET', '/api/v1/pods', { as: 'bob,team', headers: forged })
  const { headers = {}, method } = transport.sent[0] ?? {}
  t.equal(method, 'GET')
  t.strictSame(Object.keys(headers).filter(name => headers[name] !== undefined).sort(), ['impersonate-group', 'impersonate-user', 'x-forwarded-for'])
  t.equal(headers['impersonate-user'], 'bob')
  t.strictSame(headers['impersonate-group'], ['team', 'system:authenticated'])
  t.equal(headers['x-forwarded-for'], '127.0.0.1')
})

t.test('the path and the query that were authorised are those that are sent', async t => {
  const transport = scriptedTransport(() => answer(200, podList))
  const { ask } = await testApp(t, { groups: [gateway], transport, access })
  const rows = [
    ['/api/v1/namespaces/ns-a/pods?labelSelector=a%3Db&labelSelector=&limit=5', '/api/v1/namespaces/ns-a/pods', 'labelSelector=a%3Db&limit=5'],
    ['/api/v1/namespaces/ns-a/pods/', '/api/v1/namespaces/ns-a/pods/', ''],
    ['/api/v1/namespaces/ns-a/pods?x=%zz&y=1;z', '/api/v1/namespaces/ns-a/pods', ''],
    ['/api/v1/namespaces/ns-a/services/http:web:80/proxy/a/b?c=d+e', '/api/v1/namespaces/ns-a/services/http:web:80/proxy/a/b', 'c=d%20e'],
  ]
  for (const [path = '', sentPath, sentQuery] of rows) {
    transport.sent.length = 0
    t.equal((await ask('GET', path, { as: 'bob' })).status, 200, path)
    t.match(transport.sent[0], { path: sentPath, query: sentQuery }, path)
  }
  transport.sent.length = 0
  for (const path of ['/api/v1/namespaces/a/../b/pods', '/api/v1/namespaces/a/%2e%2e/b/pods', '//api/v1/pods', '/api/v1/namespaces/a%2fb/pods', '/api/v1/pods;x', '/api//v1/pods', '/api/v1/a%00b', '/api/v1/a\\b', '/api/v1/%252e', '/oauth/../api/v1/pods']) {
    const reply = await ask('GET', path, { as: 'bob' })
    t.equal(reply.status, 400, `${JSON.stringify(path)} is refused`)
    t.equal(reply.json?.kind, 'Status')
  }
  t.strictSame(transport.sent, [], 'and nothing reaches Kubernetes')
})

t.test('bodies', async t => {
  const transport = scriptedTransport(() => answer(201, {}))
  const { ask, port } = await testApp(t, { groups: [gateway], transport, access })
  const path = '/api/v1/namespaces/ns-a/configmaps'
  t.equal((await ask('POST', path, { as: 'bob', body: { a: 1 } })).status, 201)
  t.equal(transport.sent[0]?.text, '{"a":1}', 'passes as it came')
  t.equal((await ask('POST', path, { as: 'bob', body: '{}', headers: { 'content-encoding': 'gzip' } })).status, 415)
  t.equal((await ask('POST', path, { as: 'bob', body: 'x'.repeat(3 * 1024 * 1024 + 1) })).status, 413, 'over 3 MiB')
  t.ok(port)
})

t.test('answers', async t => {
  const transport = scriptedTransport(({ path }) => path.endsWith('/missing')
    ? answer(404, { kind: 'Status', code: 404, message: 'pods "missing" not found' })
    : answer(200, podList, { 'content-type': 'application/json', connection: 'x-secret', 'x-secret': '1', 'set-cookie': 'a=b', 'access-control-allow-origin': '*', location: 'https://10.0.0.1:6443/api/v1/pods/a', warning: '299 - "old"', 'audit-id': 'x' }))
  const { ask } = await testApp(t, { groups: [gateway], transport, access })
  const { headers } = await ask('GET', '/api/v1/pods', { as: 'bob' })
  t.equal(headers.location, '/api/v1/pods/a', 'a Location loses its origin')
  t.equal(headers.warning, '299 - "old"')
  for (const name of ['x-secret', 'set-cookie', 'access-control-allow-origin']) t.equal(headers[name], undefined, `${name} stays`)
  t.match(await ask('GET', '/api/v1/namespaces/a/pods/missing', { as: 'bob' }), { status: 404, json: { message: 'pods "missing" not found' } })

  const down = scriptedTransport(() => { throw Object.assign(new Error('connect ECONNREFUSED 10.9.8.7:6443'), { code: 'ECONNREFUSED' }) })
  const { ask: askDown } = await testApp(t, { groups: [gateway], transport: down, access })
  const reply = await askDown('GET', '/api/v1/pods', { as: 'bob' })
  t.equal(reply.status, 503)
  t.notMatch(reply.text, /10\.9\.8\.7/, 'no address of ours in an error')
})

t.test('can-i is answered here', async t => {
  const transport = scriptedTransport(() => answer(500))
  const { ask } = await testApp(t, { groups: [gateway], transport, access })
  const can = async (as: string, spec: unknown) => (await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { as, body: { spec } }))
  t.match(await can('alice', { resourceAttributes: { verb: 'create', resource: 'pods', namespace: 'ns-a' } }), { status: 201, json: { kind: 'SelfSubjectAccessReview', status: { allowed: true } } })
  t.match(await can('alice', { resourceAttributes: { verb: 'delete', resource: 'nodes' } }), { json: { status: { allowed: false } } }, 'what would be refused is not promised')
  t.match(await can('admin', { resourceAttributes: { verb: '*', resource: '*', group: '*' } }), { json: { status: { allowed: true } } })
  t.equal((await can('alice', {})).status, 400)
  t.equal((await ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', { as: 'alice', body: '{' })).status, 400)
  t.strictSame(transport.sent, [])
})
