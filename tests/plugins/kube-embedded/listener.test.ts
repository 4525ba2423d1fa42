import { mkdtemp, readFile, rm, stat, chmod, writeFile } from 'node:fs/promises'
import { createServer } from 'node:net'
import { connect } from 'node:tls'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import { Agent, request as send } from 'undici'
import { WebSocket } from 'ws'
import { createEmbeddedKubernetes } from '../../../plugins/kube-embedded/index.js'
import { embeddedApi } from '../../helpers/embedded-api.js'
import { memoryStorage } from '../../helpers/memory-storage.js'
import { someKinds } from '../../helpers/rows.js'

const trusting = async (dataDir: string) => new Agent({ connect: { ca: await readFile(join(dataDir, 'kube-tls.crt'), 'utf8') } })
const cms = '/api/v1/namespaces/default/configmaps'
const mode = async (path: string) => (await stat(path)).mode & 0o777

async function listening (t: Parameters<typeof embeddedApi>[0]) {
  const api = await embeddedApi(t, { kinds: someKinds })
  await api.kube.settled()
  const { url, kubeconfig } = await api.kube.listen()
  const token = (await readFile(join(api.dataDir, 'kube-token'), 'utf8')).trim()
  const dispatcher = await trusting(api.dataDir)
  t.teardown(() => dispatcher.destroy())
  const ca = await readFile(join(api.dataDir, 'kube-tls.crt'), 'utf8')
  const request = (url: string, options: Parameters<typeof send>[1] = {}) => send(url, { ...options, dispatcher })
  return { ...api, url, kubeconfig, ca, request, authorization: `Bearer ${token}` }
}

t.test('only with the token', async t => {
  const { url, request, authorization } = await listening(t)
  for (const header of [undefined, '', 'Bearer', 'Bearer x', authorization.slice(0, -1), `${authorization}0`, authorization.replace('Bearer', 'Basic')]) {
    const { statusCode, body } = await request(url + cms, { headers: header === undefined ? {} : { authorization: header } })
    t.equal(statusCode, 401, String(header?.slice(0, 9)))
    t.match(await body.json(), { kind: 'Status', code: 401, reason: 'Unauthorized', message: 'Unauthorized' })
  }
  const { statusCode, body } = await request(url + cms, { headers: { authorization } })
  t.equal(statusCode, 200)
  t.match(await body.json(), { kind: 'ConfigMapList' })
})

t.test('writes, large bodies, repeated headers', async t => {
  const { url, request, authorization } = await listening(t)
  const post = (path: string, body: string | Buffer, headers: Record<string, string | string[]> = {}) => request(url + path, { method: 'POST', headers: { authorization, 'content-type': 'application/json', ...headers }, body })
  t.equal((await post(cms, '{"metadata":{"name":"a"}}')).statusCode, 201)
  const large = await post(cms, Buffer.alloc(3 * 1024 * 1024 + 1, 32))
  t.equal(large.statusCode, 413)
  t.match(await large.body.json(), { reason: 'RequestEntityTooLarge' })
  const who = await post('/apis/authentication.k8s.io/v1/selfsubjectreviews', '{}', { 'impersonate-user': 'alice', 'impersonate-group': ['a', 'b'] })
  t.match(await who.body.json(), { status: { userInfo: { username: 'alice', groups: ['a', 'b', 'system:authenticated'] } } })
})

t.test('files are private, the port stays, the token stays', async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kube-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  const open = () => createEmbeddedKubernetes({ dataDir, log: pino({ level: 'silent' }), storage: memoryStorage(), kinds: someKinds })
  const first = await open()
  const { url, kubeconfig } = await first.listen()
  const token = await readFile(join(dataDir, 'kube-token'), 'utf8')
  t.match(await readFile(kubeconfig, 'utf8'), `server: ${url}`)
  for (const name of ['kubeconfig', 'kube-token', 'kube-port', 'kube-secret', 'kube-tls.key', 'kube-tls.crt']) t.equal(await mode(join(dataDir, name)), 0o600, name)
  await first.close()
  const second = await open()
  t.equal((await second.listen()).url, url)
  t.equal(await readFile(join(dataDir, 'kube-token'), 'utf8'), token)
  await second.close()
  const taken = createServer().listen(Number(new URL(url).port), '127.0.0.1')
  await new Promise(resolve => taken.once('listening', resolve))
  const third = await open()
  const moved = await third.listen()
  t.not(moved.url, url, 'another port where that one is taken')
  t.match(await readFile(kubeconfig, 'utf8'), `server: ${moved.url}`)
  await third.close()
  await new Promise(resolve => taken.close(resolve))
})

t.test('a token that others can read stops the start', { skip: process.platform === 'win32' }, async t => {
  const dataDir = await mkdtemp(join(tmpdir(), 'kube-'))
  t.teardown(() => rm(dataDir, { recursive: true, force: true }))
  await writeFile(join(dataDir, 'kube-secret'), 'ab'.repeat(32))
  await chmod(join(dataDir, 'kube-secret'), 0o644)
  await t.rejects(createEmbeddedKubernetes({ dataDir, log: pino({ level: 'silent' }), storage: memoryStorage(), kinds: someKinds }), { message: /kube-secret can be read by others \(mode 644\): expected 600/ })
})

t.test('watches over HTTP come as they happen and end with the server', async t => {
  const { url, request, authorization, call, kube } = await listening(t)
  const { body } = await request(`${url}${cms}?watch=1`, { headers: { authorization } })
  const chunks = body[Symbol.asyncIterator]()
  t.match(String((await chunks.next()).value), /"type":"ADDED"/)
  await call('POST', cms, { metadata: { name: 'late' } })
  t.match(String((await chunks.next()).value), /"name":"late"/)
  const end = chunks.next().catch(() => ({ done: true }))
  await kube.close()
  t.equal((await end).done, true)
})

const messages = (socket: WebSocket, count: number) => new Promise<string[]>((resolve, reject) => {
  const texts: string[] = []
  socket.on('message', (data, binary) => {
    texts.push(binary ? 'binary' : String(data))
    if (texts.length === count) resolve(texts)
  })
  socket.on('error', reject)
})

t.test('watches over WebSocket', async t => {
  const { url, ca, authorization, call } = await listening(t)
  const socket = new WebSocket(`${url.replace('http', 'ws')}${cms}?watch=true`, ['base64.binary.k8s.io'], { headers: { authorization }, ca })
  const first = messages(socket, 2)
  await new Promise(resolve => socket.once('open', resolve))
  await call('POST', cms, { metadata: { name: 'late' } })
  const events = (await first).map(text => JSON.parse(text) as { type: string, object: { metadata: { name: string } } })
  t.same(events.map(({ type, object }) => `${type} ${object.metadata.name}`), ['ADDED kube-root-ca.crt', 'ADDED late'])
  const closed = new Promise(resolve => socket.once('close', resolve))
  socket.close()
  await closed
})

const refusal = (url: string, headers: Record<string, string>, ca: string) => new Promise<number>((resolve, reject) => {
  const socket = new WebSocket(url.replace('http', 'ws'), { headers, ca })
  socket.on('unexpected-response', (_request, response) => {
    response.resume()
    resolve(response.statusCode ?? 0)
  })
  socket.on('open', () => { reject(new Error('opened')) })
  socket.on('error', () => {})
})

t.test('nothing else is upgraded', async t => {
  const { url, ca, authorization, call } = await listening(t)
  await call('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' } })
  const cases: [string, Record<string, string>, number][] = [
    [`${cms}?watch=1`, {}, 401],
    [cms, { authorization }, 200],
    ['/api/v1/namespaces/default/pods/p/exec', { authorization }, 501],
    [`${cms}?watch=1&resourceVersion=x`, { authorization }, 400],
    ['/api/v1/nothing?watch=1', { authorization }, 404],
  ]
  for (const [path, headers, status] of cases) t.equal(await refusal(url + path, headers, ca), status, path)
})

t.test('in process: the upgrade is bytes on a stream', async t => {
  const { kube, call } = await listening(t)
  const headers = { connection: 'Upgrade', upgrade: 'websocket', 'sec-websocket-version': '13', 'sec-websocket-key': 'dGhlIHNhbXBsZSBub25jZQ==' }
  const answer = await kube.transport.upgrade({ method: 'GET', path: cms, query: 'watch=1', headers })
  t.equal(answer.status, 101)
  t.equal(answer.headers['sec-websocket-accept'], 's3pPLMBiTxaQ9kYGzzhZRbK+xOo=')
  if (!('socket' in answer)) throw new Error('no socket')
  const { socket } = answer
  const bytes = await new Promise<Buffer>(resolve => socket.once('data', resolve))
  t.equal(bytes[0], 0x81, 'a text frame')
  socket.destroy()
  const plain = await kube.transport.upgrade({ method: 'GET', path: `${cms}/nobody`, headers })
  t.equal(plain.status, 404)
  const bad = await kube.transport.upgrade({ method: 'GET', path: cms, query: 'watch=1', headers: { ...headers, 'sec-websocket-key': 'x' } })
  t.equal(bad.status, 400)
  t.equal((await call('GET', cms)).status, 200)
})

t.test('what is not HTTP gets no further', async t => {
  const { url, ca } = await listening(t)
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca })
  socket.write('NONSENSE\r\n\r\n')
  const text = await new Promise<string>(resolve => socket.once('data', data => { resolve(String(data)) }))
  t.match(text, /^HTTP\/1\.1 400 /)
  socket.destroy()
})

t.test('connections are used again', async t => {
  const { ca, url, authorization } = await listening(t)
  const pool = new Agent({ connections: 1, pipelining: 1, connect: { ca } })
  t.teardown(() => pool.destroy())
  let opened = 0
  pool.on('connect', () => { opened++ })
  for (let i = 0; i < 5; i++) await (await send(url + cms, { headers: { authorization }, dispatcher: pool })).body.text()
  await (await send(url + cms, { method: 'POST', headers: { authorization, 'content-type': 'application/json' }, body: '{"metadata":{"name":"again"}}', dispatcher: pool })).body.text()
  await (await send(url + cms, { headers: { authorization }, dispatcher: pool })).body.text()
  t.equal(opened, 1)
})

t.test('a write under way is finished before the end', async t => {
  const { ca, url, authorization, kube } = await listening(t)
  const socket = connect({ port: Number(new URL(url).port), host: '127.0.0.1', ca })
  const next = () => new Promise<string>(resolve => socket.once('data', data => { resolve(String(data)) }))
  const body = '{"metadata":{"name":"last"}}'
  socket.write(`POST ${cms} HTTP/1.1\r\nHost: localhost\r\nAuthorization: ${authorization}\r\nContent-Type: application/json\r\nContent-Length: ${body.length}\r\nExpect: 100-continue\r\n\r\n`)
  t.match(await next(), /^HTTP\/1\.1 100 /)
  const closed = kube.close()
  socket.write(body)
  t.match(await next(), /^HTTP\/1\.1 201 /)
  socket.destroy()
  await closed
})
