import { createServer, type IncomingMessage } from 'node:http'
import { connect } from 'node:net'
import t, { type Test } from 'tap'
import { defineGroup, groupProxy } from '../../../core/sdk/index.js'
import { testApp } from '../../helpers/app.js'

interface Seen { method: string, url: string, headers: IncomingMessage['headers'], body: string }

const group = 'old.kubesphere.io'
const base = `/kapis/${group}`

/** A server that keeps what it sees; what it answers is in its path. */
async function behind (t: Test) {
  const seen: Seen[] = []
  const server = createServer(async (request, response) => {
    const chunks: Buffer[] = []
    for await (const chunk of request) chunks.push(chunk as Buffer)
    const url = request.url ?? ''
    seen.push({ method: request.method ?? '', url, headers: request.headers, body: Buffer.concat(chunks).toString() })
    if (url.includes('/hang')) return
    if (url.includes('/reset')) { request.socket.destroy(); return }
    const code = Number(/\/code\/(\d+)/.exec(url)?.[1] ?? 200)
    response.writeHead(code, { 'content-type': 'application/json', location: 'http://inner:1/x', 'set-cookie': 'a=b', 'x-remote-user': 'root', 'x-forwarded-host': 'inner', 'access-control-allow-origin': '*', 'x-total': '3', connection: 'keep-alive, x-hop', 'x-hop': '1' })
    response.end(code === 204 ? undefined : JSON.stringify({ url }))
  })
  await new Promise<void>(resolve => { server.listen(0, '127.0.0.1', resolve) })
  t.teardown(() => new Promise<void>(resolve => { server.closeAllConnections(); server.close(() => { resolve() }) }))
  return { seen, address: `127.0.0.1:${(server.address() as { port: number }).port}` }
}

const proxied = (endpoint: string, more: object = {}) => defineGroup({
  name: 'old',
  apiGroup: group,
  needs: [],
  setup: () => ({
    versions: { v2: app => { app.get('/things', () => ({ here: true })) } },
    root: groupProxy({ group, endpoint, key: 'old.endpoint', served: ['v2'], ...more }),
  }),
})

t.test('paths go on behind that of the endpoint, and those that are not the group\'s do not', async t => {
  const { seen, address } = await behind(t)
  const { ask } = await testApp(t, { groups: [proxied(`http://${address}/api/`)] })
  const cases: [method: string, path: string, status: number, url?: string][] = [
    ['GET', '/v1/foo/bar?id=1', 200, '/api/v1/foo/bar?id=1'],
    ['GET', '/v1', 200, '/api/v1'],
    ['GET', '/v1/foo/', 200, '/api/v1/foo/'],
    ['GET', '/v1alpha1/%E2%82%AC%20x', 200, '/api/v1alpha1/%E2%82%AC%20x'],
    ['GET', '/v1/foo?a=%26&b=x%20y&a=2', 200, '/api/v1/foo?a=%26&b=x%20y&a=2'],
    ['POST', '/v1/code/201', 201, '/api/v1/code/201'],
    ['PUT', '/v1/code/409', 409, '/api/v1/code/409'],
    ['PATCH', '/v1/code/503', 503, '/api/v1/code/503'],
    ['DELETE', '/v1/code/204', 204, '/api/v1/code/204'],
    ['GET', '/v1/code/302', 302, '/api/v1/code/302'],
    ['GET', '', 404],
    ['GET', '/', 404],
    ['GET', '/things', 404],
    ['GET', '/receivers/v1', 404],
    ['GET', '/v2/unknown', 404],
    ['GET', '/v2', 404],
    ['GET', '/v2/things', 200],
    ['POST', '/v2/things', 405],
    ['GET', '/v1/namespaces/a/../../x', 400],
    ['GET', '/v1/%2e%2e/x', 400],
    ['GET', '/v1/a%2Fb', 400],
    ['GET', '/v1//x', 400],
    ['HEAD', '/v1/foo', 404],
    ['OPTIONS', '/v1/foo', 405],
  ]
  for (const [method, path, status, url] of cases) {
    const before = seen.length
    const reply = await ask(method, base + path, { as: 'alice', ...(method === 'POST' || method === 'PUT' || method === 'PATCH' ? { body: { a: 1 } } : {}) })
    if (method !== 'HEAD') t.equal(reply.status, status, `${method} ${path} ${reply.text}`)
    t.strictSame(seen.slice(before).map(one => [one.method, one.url]), url ? [[method, url]] : [], `${method} ${path}`)
  }
  t.equal(seen.find(({ method }) => method === 'POST')?.body, '{"a":1}')
})

t.test('neither credentials nor identities go in either direction', async t => {
  const { seen, address } = await behind(t)
  const { ask } = await testApp(t, { groups: [proxied(`http://${address}`)] })
  const hostile = { cookie: 'session=1', 'x-remote-user': 'root', x_remote_group: 'system:masters', 'impersonate-user': 'root', 'x-forwarded-user': 'root', 'x-forwarded-for': '1.2.3.4', forwarded: 'for=1.2.3.4', 'proxy-authorization': 'Basic x', 'x-kubesphere-authorization': 'x', connection: 'keep-alive, x-drop', 'x-drop': '1', 'x-custom': 'stays', 'x-original-url': '/y' }
  const { headers, status } = await ask('GET', `${base}/v1/foo`, { as: 'alice', headers: hostile })
  t.equal(status, 200)
  const sent = seen[0]?.headers ?? {}
  t.strictSame(Object.keys(sent).filter(name => !['host', 'connection', 'x-custom'].includes(name)), ['x-forwarded-for'])
  t.equal(sent['x-forwarded-for'], '127.0.0.1')
  t.equal(sent['x-custom'], 'stays')
  t.equal(sent.host, address)
  for (const name of ['location', 'set-cookie', 'x-remote-user', 'x-forwarded-host', 'access-control-allow-origin', 'x-hop']) t.equal(headers[name], undefined, name)
  t.equal(headers['x-total'], '3')
})

t.test('what is refused before anything is sent', async t => {
  const { seen, address } = await behind(t)
  const { ask, port } = await testApp(t, { groups: [proxied(`http://${address}`, { bodyLimit: 1000 })] })
  t.equal((await ask('GET', `${base}/v1/foo`, { as: 'alice', headers: { accept: 'text/html' } })).status, 406)
  t.equal((await ask('POST', `${base}/v1/foo`, { as: 'alice', body: 'x'.repeat(1001) })).status, 413)
  const upgrade = await new Promise<string>(resolve => {
    const socket = connect(port, '127.0.0.1', () => { socket.write(`GET ${base}/v1/foo HTTP/1.1\r\nHost: x\r\nAuthorization: Bearer alice\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n\r\n`) })
    socket.once('data', data => { resolve(String(data)); socket.destroy() })
  })
  t.match(upgrade, /^HTTP\/1.1 400 /)
  t.equal(seen.length, 0)
  const chunked = await ask('POST', `${base}/v1/foo`, { as: 'alice', body: 'x'.repeat(5000), headers: { 'transfer-encoding': 'chunked', 'content-length': [] as never } })
  t.equal(chunked.status, 413, chunked.text)
})

t.test('a server behind that fails is a 503 or 504 without its address', async t => {
  const { address } = await behind(t)
  const { ask } = await testApp(t, { groups: [proxied(`http://${address}`, { firstByte: 300 })] })
  const reset = await ask('GET', `${base}/v1/reset`, { as: 'alice' })
  t.strictSame([reset.status, reset.text], [503, 'the server behind old.kubesphere.io cannot be reached\n'])
  const late = await ask('GET', `${base}/v1/hang`, { as: 'alice' })
  t.strictSame([late.status, late.text], [504, 'the server behind old.kubesphere.io did not answer in time\n'])
  const gone = await testApp(t, { groups: [proxied('http://127.0.0.1:1/x')] })
  const reply = await gone.ask('GET', `${base}/v1/foo`, { as: 'alice' })
  t.strictSame([reply.status, reply.text], [503, 'the server behind old.kubesphere.io cannot be reached\n'])
})

t.test('without an endpoint there is nothing; a bad one stops the start', async t => {
  const { ask } = await testApp(t, { groups: [proxied('')] })
  t.equal((await ask('GET', `${base}/v1/foo`, { as: 'alice' })).status, 404)
  for (const endpoint of ['nowhere', 'ftp://x', 'http://']) t.throws(() => groupProxy({ group, endpoint, key: 'old.endpoint' }), /^old\.endpoint: .* is not an http or https address/)
})
