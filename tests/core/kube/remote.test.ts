import { once, getEventListeners } from 'node:events'
import { createServer as createHTTP, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type AddressInfo, type Socket } from 'node:net'
import { text } from 'node:stream/consumers'
import t, { type Test } from 'tap'
import { createRemoteTransport } from '../../../core/kube/remote.js'
import type { KubeTransport, KubeUpgrade } from '../../../core/kube/types.js'

async function overHTTP (t: Test, answer: (request: IncomingMessage, response: ServerResponse) => void, host = '127.0.0.1') {
  const server = createHTTP(answer)
  server.listen(0, host)
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  const transport = await createRemoteTransport({ master: `http://${host.includes(':') ? `[${host}]` : host}:${port}` })
  t.teardown(async () => {
    server.closeAllConnections()
    server.close()
    await transport.close()
  })
  return { server, transport }
}

/** A server that answers the first bytes of every connection with a text. */
async function overTCP (t: Test, answer: string) {
  const heads: string[] = []
  const sockets = new Set<Socket>()
  const server = createServer(socket => {
    sockets.add(socket)
    socket.on('error', () => {}).on('close', () => sockets.delete(socket)).once('data', bytes => {
      heads.push(bytes.toString('latin1'))
      socket.write(answer)
      socket.on('data', more => socket.write(`<${more.toString()}>`))
    })
  }).listen(0, '127.0.0.1')
  await once(server, 'listening')
  const transport = await createRemoteTransport({ master: `http://127.0.0.1:${(server.address() as AddressInfo).port}` })
  t.teardown(async () => {
    for (const socket of sockets) socket.destroy()
    server.close()
    await transport.close()
  })
  return { heads, sockets, transport }
}

const switching = 'HTTP/1.1 101 Switching Protocols\r\nconnection: upgrade\r\nupgrade: spdy/3.1\r\n\r\n'

t.test('what would break a request line or a header is a 400, before anything is sent', async t => {
  const { heads, transport } = await overTCP(t, switching)
  const requests = [
    { path: '/a', headers: { 'x-a': 'a\r\nimpersonate-user: admin' } },
    { path: '/a', headers: { 'x-a': ['b', 'a\nb'] } },
    { path: '/a', headers: { 'x-a': 'a\0b' } },
    { path: '/a', headers: { 'x-a\r\ny': 'a' } },
    { path: '/a', headers: { 'x a': 'a' } },
    { path: '/a', headers: { '': 'a' } },
    { path: '/a HTTP/1.1\r\nx: y\r\n\r\n' },
    { path: '/a b' },
    { path: '/a', query: 'b=c d' },
    { path: '/a', query: 'b=c\r\nx: y' },
    { path: '/\u010d\u010a' },
    { path: '/a', method: 'GET /x' },
  ]
  for (const request of requests) {
    await t.rejects(transport.upgrade({ method: 'GET', ...request }), { code: 400 }, `upgrade ${JSON.stringify(request)}`)
    await t.rejects(transport.send({ method: 'GET', ...request }), { code: 400 }, `send ${JSON.stringify(request)}`)
  }
  t.same(heads, [])
  const { socket } = await transport.upgrade({ method: 'GET', path: '/a', query: 'b=%0d', headers: { 'x-a': ['one', 'tw\u00f6\t'] } }) as KubeUpgrade
  t.match(heads[0], /^GET \/a\?b=%0d HTTP\/1\.1\r\nx-a: one\r\nx-a: tw\u00f6\t\r\nhost: 127\.0\.0\.1:\d+\r\n\r\n$/)
  socket.destroy()
})

t.test('bytes that came with the head reach whoever reads next', async t => {
  const readers: Record<string, (socket: KubeUpgrade['socket']) => Promise<string>> = {
    'by listening': socket => new Promise(resolve => { let seen = ''; socket.on('data', bytes => { seen += String(bytes); if (seen.endsWith('>')) resolve(seen) }) }),
    'by listening, later': async socket => { await new Promise(resolve => setImmediate(resolve)); return await readers['by listening']!(socket) },
    'by iterating': async socket => { let seen = ''; for await (const bytes of socket) { seen += String(bytes); if (seen.endsWith('>')) break } return seen },
  }
  for (const [name, read] of Object.entries(readers)) {
    const { transport } = await overTCP(t, `${switching}early`)
    const { status, socket } = await transport.upgrade({ method: 'GET', path: '/exec' }) as KubeUpgrade
    t.equal(status, 101)
    socket.write('late')
    t.equal(await read(socket), 'early<late>', name)
    socket.destroy()
  }
})

t.test('a refused upgrade is a plain answer', async t => {
  const answers = [
    ['HTTP/1.1 403 Forbidden\r\ncontent-length: 2\r\n\r\nnotmore', 403, 'no'],
    ['HTTP/1.1 400 Bad Request\r\ntransfer-encoding: chunked\r\n\r\n2\r\nno\r\n3\r\n!!!\r\n0\r\n\r\n', 400, 'no!!!'],
    ['HTTP/1.1 404 Not Found\r\ncontent-length: 0\r\n\r\n', 404, ''],
  ] as const
  for (const [answer, status, body] of answers) {
    const { transport } = await overTCP(t, answer)
    const refused = await transport.upgrade({ method: 'GET', path: '/exec' })
    t.equal(refused.status, status)
    t.equal('body' in refused ? await text(refused.body) : undefined, body)
  }
  const { transport } = await overTCP(t, 'SSH-2.0-none\r\n\r\n')
  await t.rejects(transport.upgrade({ method: 'GET', path: '/exec' }), /not HTTP/)
})

t.test('a signal ends an upgrade, and is let go of afterwards', async t => {
  const { heads, sockets, transport } = await overTCP(t, switching)
  await t.rejects(transport.upgrade({ method: 'GET', path: '/exec', signal: AbortSignal.abort(new Error('gone')) }), { message: 'gone' })
  t.equal(heads.length, 0)

  const silent = await overTCP(t, '')
  const during = new AbortController()
  const waiting = transportWaits(silent.transport, during.signal)
  while (silent.heads.length === 0) await new Promise(resolve => setImmediate(resolve))
  during.abort(new Error('gone'))
  await t.rejects(waiting, { message: 'gone' })
  t.equal(getEventListeners(during.signal, 'abort').length, 0)

  const { signal } = new AbortController()
  const { socket } = await transport.upgrade({ method: 'GET', path: '/exec', signal }) as KubeUpgrade
  const closed = once(socket, 'close')
  socket.destroy()
  await closed
  t.equal(getEventListeners(signal, 'abort').length, 0)

  const later = new AbortController()
  const open = await transport.upgrade({ method: 'GET', path: '/exec', signal: later.signal }) as KubeUpgrade
  const ended = new Promise(resolve => { open.socket.on('error', () => {}).once('close', resolve) })
  later.abort()
  await ended
  t.ok(sockets)
})

const transportWaits = (transport: KubeTransport, signal: AbortSignal) => transport.upgrade({ method: 'GET', path: '/exec', signal })

t.test('an upgrade that nobody answers ends', async t => {
  const { transport } = await overTCP(t, '')
  await t.rejects(transport.upgrade({ method: 'GET', path: '/exec', timeout: 50 }), { code: 'UND_ERR_HEADERS_TIMEOUT' })
})

t.test('watches do not take the connections of requests', async t => {
  let open = 0
  const { transport } = await overHTTP(t, (request, response) => {
    if (/pods|stream/.test(request.url ?? '')) { open++; response.flushHeaders() } else response.end('ok')
  })
  const streams = [
    ...Array.from({ length: 300 }, () => ({ path: '/api/v1/pods', query: 'limit=1&watch=true' })),
    { path: '/api/v1/pods', query: 'watch=1' },
    { path: '/api/v1/watch/pods' },
    { path: '/api/v1/namespaces/a/pods/b/log', query: 'follow=true' },
    { path: '/stream', stream: true },
  ]
  const ending = new AbortController()
  const answers = await Promise.all(streams.map(request => transport.send({ method: 'GET', signal: ending.signal, ...request })))
  t.equal(open, streams.length)
  const { body } = await transport.send({ method: 'GET', path: '/api/v1/nodes', query: 'watch=false', timeout: 5_000 })
  t.equal(await text(body), 'ok')
  const closed = answers.map(({ body }) => new Promise(resolve => { body.on('error', () => {}).once('close', resolve) }))
  ending.abort()
  await Promise.all(closed)
  t.equal(getEventListeners(ending.signal, 'abort').length, 0)
})

t.test('a body that its reader has had enough of ends quietly', async t => {
  const { transport } = await overHTTP(t, (_request, response) => { response.end('a'.repeat(1024)) })
  for (const stream of [false, true]) {
    const { body } = await transport.send({ method: 'GET', path: '/version', stream })
    const closed = new Promise(resolve => { body.once('close', resolve) })
    body.destroy()
    await closed
  }
  t.pass('the process goes on')
})

t.test('the wait for a connection counts as a wait for the first byte', async t => {
  const seen: string[] = []
  const { transport } = await overHTTP(t, (request, response) => { seen.push(request.url ?? ''); response.flushHeaders() })
  const busy = await Promise.all(Array.from({ length: 256 }, () => transport.send({ method: 'GET', path: '/slow' })))
  await t.rejects(transport.send({ method: 'GET', path: '/late', timeout: 50 }), { name: 'TimeoutError' })
  const leaving = new AbortController()
  const waiting = transport.send({ method: 'GET', path: '/left', signal: leaving.signal })
  leaving.abort(new Error('gone'))
  await t.rejects(waiting, { message: 'gone' })
  await t.rejects(transport.send({ method: 'GET', path: '/never', signal: AbortSignal.abort(new Error('gone')) }), { message: 'gone' })
  t.equal(getEventListeners(leaving.signal, 'abort').length, 0)
  for (const { body } of busy) body.on('error', () => {}).destroy()
  t.same(seen.filter(url => url !== '/slow'), [])
})

t.test('an address of IPv6', async t => {
  const { server, transport } = await overHTTP(t, (_, response) => { response.end('six') }, '::1')
  server.on('upgrade', (_, socket) => { socket.end(switching) })
  const { body } = await transport.send({ method: 'GET', path: '/' })
  t.equal(await text(body), 'six')
  const upgraded = await transport.upgrade({ method: 'GET', path: '/', headers: { connection: 'upgrade', upgrade: 'spdy/3.1' } }) as KubeUpgrade
  t.equal(upgraded.status, 101)
  upgraded.socket.destroy()
})

t.test('closing ends streams and upgraded connections', async t => {
  const { transport } = await overHTTP(t, (_, response) => { response.flushHeaders() })
  const { body } = await transport.send({ method: 'GET', path: '/', query: 'watch=true' })
  const raw = await overTCP(t, switching)
  const { socket } = await raw.transport.upgrade({ method: 'GET', path: '/' }) as KubeUpgrade
  const ended = [body, socket].map(stream => new Promise(resolve => { stream.on('error', () => {}).once('close', resolve) }))
  await Promise.all([transport.close(), raw.transport.close()])
  await Promise.all(ended)
})
