import { Readable } from 'node:stream'
import t from 'tap'
import gateway from '../../../plugins/kube-gateway/index.js'
import { badRequest, type KubeObject, type KubeWrite, type ObjectGuard } from '../../../core/sdk/index.js'
import { users } from '../../../schemas/iam/v1alpha2.js'
import { answer, fakeAccess, scriptedTransport, testApp, type Sent } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

const secret = '$2a$10$abcdefghijklmnopqrstuu'
const alice = (extra: Record<string, unknown> = {}): KubeObject => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name: 'alice', resourceVersion: '5' }, spec: { email: 'a@b.c', password: secret, ...extra } } as KubeObject)
const path = '/apis/iam.kubesphere.io/v1alpha2/users'
const access = fakeAccess(name => name === 'admin' ? { source: 'global' } : undefined, ['admin'])

const redact = (object: KubeObject): KubeObject => {
  const { spec } = object as { spec?: { password?: string } }
  return spec?.password ? { ...object, spec: { ...spec, password: '' } } as KubeObject : object
}

t.test('what a guard redacts leaves in no form', async t => {
  const event = (type: string, object: unknown) => `${JSON.stringify({ type, object })}\n`
  const stream = event('ADDED', alice()) + event('BOOKMARK', { metadata: { resourceVersion: '9' } })
  const rows: [string, string, unknown][] = [
    ['one', `${path}/alice`, alice()],
    ['a list', path, { kind: 'UserList', metadata: {}, items: [alice(), alice()] }],
    ['a Table', path, { kind: 'Table', rows: [{ cells: ['alice'], object: alice() }] }],
    ['a watch', `${path}?watch=true`, stream],
    ['a watch of Tables', `${path}?watch=1`, event('ADDED', { kind: 'Table', rows: [{ cells: [], object: alice() }] })],
    ['the old watch path', '/apis/iam.kubesphere.io/v1alpha2/watch/users', stream],
  ]
  for (const [what, url, body] of rows) {
    // Cut anywhere, inside characters and lines.
    const bytes = Buffer.from(typeof body === 'string' ? body : JSON.stringify(body))
    const chunks = [bytes.subarray(0, 7), bytes.subarray(7, 90), bytes.subarray(90)]
    const transport = scriptedTransport(() => ({ ...answer(200), body: Readable.from(chunks) }))
    const { ask } = await testApp(t, { groups: [gateway], transport, access, guards: [{ resource: 'users.iam.kubesphere.io', redact }] })
    const reply = await ask('GET', url, { as: 'admin', headers: { accept: 'application/vnd.kubernetes.protobuf, application/json;as=Table;v=v1;g=meta.k8s.io', 'accept-encoding': 'gzip' } })
    t.equal(reply.status, 200, what)
    t.notMatch(reply.text, '$2a$', `${what}: no hash`)
    t.match(reply.text, what.startsWith('a watch') || what.startsWith('the old') ? /"type":"ADDED"/ : /alice/, `${what}: the rest is there`)
    t.notMatch(transport.sent[0]?.headers?.accept, 'protobuf', 'only JSON is asked for')
    t.equal(transport.sent[0]?.headers?.['accept-encoding'], undefined)
  }
})

interface Case { what: string, method: string, url: string, body?: unknown, type?: string, status: number, sent: [string, string][] }

t.test('a guarded write is stored as the guard left it', async t => {
  const seen: KubeWrite[] = []
  const guard: ObjectGuard = {
    resource: 'users.iam.kubesphere.io',
    redact,
    write (write) {
      seen.push(write)
      const object = write.object as (KubeObject & { spec: Record<string, unknown> }) | undefined
      if (object?.spec.password === 'bad') throw badRequest('not this one')
      return object && { ...object, spec: { ...object.spec, password: secret } }
    },
  }
  const patched = alice({ password: 'Plain-1', description: 'new' })
  const transport = scriptedTransport((request: Sent) => request.method === 'PATCH'
    ? answer(200, request.text?.includes('bad') ? alice({ password: 'bad' }) : patched)
    : answer(request.method === 'POST' ? 201 : 200, JSON.parse(request.text || '{"kind":"Status"}')))
  const kube = fakeKube([users, [alice()]])
  const { ask } = await testApp(t, { groups: [gateway], kube: { ...kube, transport }, access, guards: [guard] })
  const cases: Case[] = [
    { what: 'create', method: 'POST', url: path, body: alice({ password: 'Plain-1' }), status: 201, sent: [['POST', secret]] },
    { what: 'create from YAML', method: 'POST', url: path, body: 'metadata: {name: x}\nspec: {password: Plain-1}', type: 'application/yaml', status: 201, sent: [['POST', secret]] },
    { what: 'update', method: 'PUT', url: `${path}/alice`, body: alice({ password: 'Plain-1' }), status: 200, sent: [['PUT', secret]] },
    { what: 'merge patch', method: 'PATCH', url: `${path}/alice`, body: { spec: { description: 'new' } }, type: 'application/merge-patch+json', status: 200, sent: [['PATCH', 'description'], ['PUT', secret]] },
    { what: 'a patch that the guard refuses', method: 'PATCH', url: `${path}/alice`, body: { spec: { password: 'bad' } }, type: 'application/merge-patch+json', status: 400, sent: [['PATCH', 'bad']] },
    { what: 'a create that the guard refuses', method: 'POST', url: path, body: alice({ password: 'bad' }), status: 400, sent: [] },
    { what: 'broken JSON', method: 'POST', url: path, body: '{"metadata":', status: 400, sent: [] },
    { what: 'no object', method: 'POST', url: path, body: '[]', status: 400, sent: [] },
    { what: 'a prototype', method: 'POST', url: path, body: '{"__proto__":{},"metadata":{}}', status: 400, sent: [] },
    { what: 'protobuf', method: 'POST', url: path, body: 'k8s', type: 'application/vnd.kubernetes.protobuf', status: 400, sent: [] },
    { what: 'delete', method: 'DELETE', url: `${path}/alice`, status: 200, sent: [['DELETE', '']] },
  ]
  for (const { what, method, url, body, type, status, sent } of cases) {
    transport.sent.length = 0
    const reply = await ask(method, url, { as: 'admin', body, ...(type ? { headers: { 'content-type': type } } : {}) })
    t.equal(reply.status, status, what)
    t.notMatch(reply.text, '$2a$', `${what}: redacted`)
    t.strictSame(transport.sent.map(one => one.method), sent.map(([m]) => m), `${what}: what is sent`)
    for (const [i, [, text]] of sent.entries()) t.match(transport.sent[i]?.text ?? '', text, `${what}: body ${i}`)
  }
  const put = seen.find(write => write.info.verb === 'patch')
  t.equal(put?.stored?.metadata.resourceVersion, '1', 'a patch is shown with what is stored')
})

t.test('a patch that meets a faster writer is worked out again', async t => {
  let puts = 0
  const transport = scriptedTransport(({ method }) => method === 'PUT' && puts++ < 2 ? answer(409, { kind: 'Status', code: 409 }) : answer(200, alice({ password: '' })))
  const kube = fakeKube([users, [alice()]])
  const { ask } = await testApp(t, { groups: [gateway], kube: { ...kube, transport }, access, guards: [{ resource: 'users.iam.kubesphere.io', write: ({ object }) => object }] })
  const patch = () => ask('PATCH', `${path}/alice`, { as: 'admin', body: {}, headers: { 'content-type': 'application/merge-patch+json' } })
  t.equal((await patch()).status, 200)
  t.equal(puts, 3)
  puts = -100
  t.equal((await patch()).status, 409, 'not for ever')
})

t.test('a guard may permit what authorization refused', async t => {
  const transport = scriptedTransport(() => answer(200, alice({ password: '' })))
  const kube = fakeKube([users, [alice()]])
  const guard: ObjectGuard = { resource: 'users.iam.kubesphere.io', permits: (user, info) => info.verb === 'get' && info.name === user.name }
  const { ask } = await testApp(t, { groups: [gateway], kube: { ...kube, transport }, access, guards: [guard] })
  t.equal((await ask('GET', `${path}/alice`, { as: 'alice' })).status, 200)
  t.equal(transport.sent[0]?.headers?.['impersonate-user'], undefined)
  t.equal((await ask('GET', `${path}/bob`, { as: 'alice' })).status, 403)
  t.equal((await ask('PUT', `${path}/alice`, { as: 'alice', body: alice() })).status, 403)
})
