import { connect } from 'node:net'
import { once } from 'node:events'
import { duplexPair, PassThrough } from 'node:stream'
import t from 'tap'
import gateway from '../../../plugins/kube-gateway/index.js'
import type { KubeRequest, KubeUpgrade } from '../../../core/sdk/index.js'
import { until } from '../../helpers/until.js'
import { answer, fakeAccess, scriptedTransport, testApp } from '../../helpers/app.js'

const access = fakeAccess(name => name === 'bob' ? { source: 'kubernetes' } : undefined, ['bob'])

/** Reads until the text has come; leaves the connection open. */
const readUntil = (socket: NodeJS.ReadableStream, text: string): Promise<string> => new Promise(resolve => {
  let seen = ''
  socket.on('data', chunk => {
    seen += String(chunk)
    if (seen.includes(text)) resolve(seen)
  })
})

const handshake = (path: string, as: string | undefined, more = '') =>
  `GET ${path} HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-key: a2V5\r\nsec-websocket-version: 13\r\n${as ? `authorization: Bearer ${as}\r\n` : ''}${more}\r\n`

t.test('an upgrade passes every gate, then carries bytes', async t => {
  const asked: KubeRequest[] = []
  const [server, far] = duplexPair()
  const transport = scriptedTransport(() => answer(200), async request => {
    asked.push(request)
    return { status: 101, headers: { upgrade: 'websocket', 'sec-websocket-accept': 'yes', 'sec-websocket-protocol': 'v5.channel.k8s.io' }, socket: server } satisfies KubeUpgrade
  })
  const { port, streams } = await testApp(t, { groups: [gateway], transport, access })
  const path = '/api/v1/namespaces/ns-a/pods/p/exec?command=sh&stdin=1'

  for (const [as, status] of [[undefined, 403], ['carol', 403]] as const) {
    const socket = connect(port, '127.0.0.1')
    socket.write(handshake(path, as))
    t.match(await readUntil(socket, '\r\n\r\n'), new RegExp(`^HTTP/1.1 ${status} `), `${as ?? 'anonymous'}: never 101`)
    socket.destroy()
  }
  t.strictSame(asked, [], 'nothing was dialled')

  const socket = connect(port, '127.0.0.1')
  socket.write(handshake(path, 'bob', 'impersonate-user: root\r\nsec-websocket-protocol: v5.channel.k8s.io, base64url.bearer.authorization.k8s.io.c2VjcmV0\r\n') + 'early')
  const far1 = readUntil(far, 'early')
  t.match(await new Promise<string>(resolve => socket.once('data', data => resolve(String(data)))), /^HTTP\/1\.1 101 [\s\S]*sec-websocket-protocol: v5\.channel\.k8s\.io/i)
  t.match(asked[0], { path: '/api/v1/namespaces/ns-a/pods/p/exec', query: 'command=sh&stdin=1', headers: { 'impersonate-user': 'bob', 'sec-websocket-protocol': 'v5.channel.k8s.io', upgrade: 'websocket' } })
  t.equal(await far1, 'early', 'bytes right behind the handshake arrive')
  t.equal(streams.size, 1)
  socket.destroy()
  await until(() => streams.size === 0 && server.destroyed)
  t.pass('closing one end closes the other')
})

t.test('a refused upgrade is passed on', async t => {
  const transport = scriptedTransport(() => answer(200), async () => answer(400, { kind: 'Status', message: 'no' }))
  const { port } = await testApp(t, { groups: [gateway], transport, access })
  const socket = connect(port, '127.0.0.1')
  socket.write(handshake('/api/v1/namespaces/a/pods/p/exec', 'bob'))
  t.match(await readUntil(socket, '"no"'), /^HTTP\/1\.1 400/)
  socket.destroy()
})

t.test('watches', async t => {
  let allowed = true
  const upstream = new PassThrough()
  let aborted = false
  const transport = scriptedTransport(({ signal }) => {
    signal?.addEventListener('abort', () => { aborted = true; upstream.destroy() })
    return { status: 200, headers: { 'content-type': 'application/json' }, body: upstream }
  })
  const { port, streams } = await testApp(t, { groups: [gateway], transport, access: fakeAccess(() => allowed ? { source: 'kubernetes' } : undefined, ['bob']) })
  const socket = connect(port, '127.0.0.1')
  socket.write('GET /api/v1/pods?watch=1 HTTP/1.1\r\nhost: x\r\nauthorization: Bearer bob\r\n\r\n')
  upstream.write('{"type":"ADDED"}\n')
  t.match(await new Promise<string>(resolve => { let seen = ''; socket.on('data', data => { seen += String(data); if (seen.includes('ADDED')) resolve(seen) }) }), /200/, 'an event arrives while the watch is open')
  t.equal(streams.size, 1)
  allowed = false
  await once(socket, 'close')
  t.pass('a watch ends with its caller\'s right to it')
  await until(() => aborted && streams.size === 0)
  t.pass('and the one behind it, too')
})
