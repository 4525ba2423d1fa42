import { generateKeyPairSync } from 'node:crypto'
import { connect } from 'node:net'
import { connect as connectTLS } from 'node:tls'
import t, { type Test } from 'tap'
import { selfSigned } from '../../../core/process/certificate.js'
import { listen, type Handler } from '../../../core/process/listener.js'
import { until } from '../../helpers/until.js'

const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
const certificate = { key: String(privateKey.export({ type: 'pkcs8', format: 'pem' })), cert: selfSigned(privateKey, Date.now()) }

async function open (t: Test) {
  const seen: string[] = []
  const handler: Handler = {
    handle: (request, response) => { seen.push(`${request.method} ${request.url}`); request.resume().on('end', () => { response.end('ok') }) },
    upgrade: (request, socket) => { seen.push(`UPGRADE ${request.url}`); socket.end('HTTP/1.1 101 Switching Protocols\r\n\r\n') },
  }
  const listener = await listen({ host: '127.0.0.1', port: 0, protocol: 'both', certificate, handler: () => handler })
  t.teardown(() => listener.close())
  const send = (text: string, secure = false): Promise<string> => new Promise((resolve, reject) => {
    const socket = secure ? connectTLS({ host: '127.0.0.1', port: listener.port, ca: certificate.cert }) : connect(listener.port, '127.0.0.1')
    let answer = ''
    socket.setTimeout(5_000, () => { socket.destroy(new Error('no end')) })
    socket.on('data', chunk => { answer += String(chunk) }).on('error', reject).on('close', () => { resolve(answer) })
    socket.write(text)
  })
  return { send, seen, listener }
}

const close = 'Connection: close\r\n'
const host = 'Host: x\r\n'
const cases: { what: string, text: string, status: RegExp, seen: string[] }[] = [
  { what: 'an ordinary request', text: `GET /a HTTP/1.1\r\n${host}${close}\r\n`, status: /^HTTP\/1.1 200/, seen: ['GET /a'] },
  { what: 'TRACE', text: `TRACE /a HTTP/1.1\r\n${host}${close}\r\n`, status: /^HTTP\/1.1 405/, seen: [] },
  { what: 'CONNECT', text: `CONNECT a:1 HTTP/1.1\r\n${host}\r\n`, status: /^HTTP\/1.1 501/, seen: [] },
  { what: 'the absolute form', text: `GET http://evil/a HTTP/1.1\r\n${host}${close}\r\n`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'a length and chunks', text: `POST /a HTTP/1.1\r\n${host}Content-Length: 4\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'two lengths', text: `POST /a HTTP/1.1\r\n${host}Content-Length: 4\r\nContent-Length: 5\r\n\r\nabcd`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'an unknown transfer encoding', text: `POST /a HTTP/1.1\r\n${host}Transfer-Encoding: xchunked\r\n\r\n`, status: /^HTTP\/1.1 501/, seen: [] },
  { what: 'a folded header', text: `GET /a HTTP/1.1\r\n${host}X: a\r\n b\r\n${close}\r\n`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'a bare line feed', text: `GET /a HTTP/1.1\n${host}\r\n`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'a header of 20 KiB', text: `GET /a HTTP/1.1\r\n${host}X: ${'a'.repeat(20_000)}\r\n\r\n`, status: /^HTTP\/1.1 431/, seen: [] },
  { what: '150 headers', text: `GET /a HTTP/1.1\r\n${host}${close}${Array.from({ length: 150 }, (_, i) => `X${i}: 1\r\n`).join('')}\r\n`, status: /^HTTP\/1.1 431/, seen: [] },
  { what: 'an upgrade', text: `GET /w HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, status: /^HTTP\/1.1 101/, seen: ['UPGRADE /w'] },
  { what: 'an upgrade in absolute form', text: `GET http://x/w HTTP/1.1\r\n${host}Connection: Upgrade\r\nUpgrade: websocket\r\n\r\n`, status: /^HTTP\/1.1 400/, seen: [] },
  { what: 'no HTTP at all', text: 'hello\r\n\r\n', status: /^HTTP\/1.1 400/, seen: [] },
]

t.test('what may come in, in plain text and over TLS on one port', async t => {
  for (const secure of [false, true]) {
    const { send, seen } = await open(t)
    for (const { what, text, status, seen: wanted } of cases) {
      seen.length = 0
      const answer = await send(text, secure)
      t.match(answer, status, `${what}${secure ? ' over TLS' : ''}`)
      t.strictSame(seen, wanted, `${what}: what reaches the server`)
    }
  }
})

t.test('a certificate is replaced while serving', async t => {
  const { listener } = await open(t)
  const other = generateKeyPairSync('ec', { namedCurve: 'P-256' }).privateKey
  const next = { key: String(other.export({ type: 'pkcs8', format: 'pem' })), cert: selfSigned(other, Date.now()) }
  listener.setCertificate(next)
  const serial = await new Promise<string>((resolve, reject) => {
    const socket = connectTLS({ host: '127.0.0.1', port: listener.port, ca: next.cert }, () => { resolve(socket.getPeerCertificate().fingerprint256); socket.destroy() })
    socket.on('error', reject)
  })
  t.ok(serial)
})

t.test('a port that is taken is told in a sentence', async t => {
  const { listener } = await open(t)
  const { port } = listener
  await t.rejects(listen({ host: '127.0.0.1', port, protocol: 'plain', handler: () => { throw new Error('nobody asks') } }), { message: new RegExp(`port ${port} on 127.0.0.1 is taken`) })
})

t.test('an answer that nobody reads ends; one that comes slowly, or has nothing to say, does not', async t => {
  const size = 64 * 1024 * 1024
  const unreadSize = size / 4
  const ends = new Set<string>()
  const handler: Handler = {
    handle ({ url = '' }, response) {
      response.once('close', () => { ends.add(url) })
      if (url === '/watch') response.writeHead(200).flushHeaders()
      else response.writeHead(200, { 'content-length': url.startsWith('/slow') ? size : unreadSize }).end(Buffer.alloc(url.startsWith('/slow') ? size : unreadSize))
    },
    upgrade: (_request, socket) => { socket.write('HTTP/1.1 101 Switching Protocols\r\n\r\n') },
  }
  const listener = await listen({ host: '127.0.0.1', port: 0, protocol: 'both', certificate, handler: () => handler, unread: { idle: 1000, rate: 4 * 1024 * 1024 } })
  t.teardown(() => listener.close())
  const ask = (path: string, more = '', secure = false) => {
    const socket = secure ? connectTLS({ host: '127.0.0.1', port: listener.port, ca: certificate.cert }) : connect(listener.port, '127.0.0.1')
    socket.on('error', () => {})
    socket.write(`GET ${path} HTTP/1.1\r\n${host}${more}\r\n`)
    t.teardown(() => { socket.destroy() })
    return socket
  }
  const unread = [ask('/unread').pause(), ask('/unread-secure', '', true).pause()]
  const [watch, upgraded] = [ask('/watch'), ask('/up', 'Connection: Upgrade\r\nUpgrade: websocket\r\n')]
  for (const secure of [false, true]) {
    const slow = ask('/slow', '', secure)
    let [read, rested] = [0, 0]
    await new Promise<void>(resolve => {
      slow.once('close', resolve).on('data', chunk => {
        read += chunk.length
        if (read >= size) resolve()
        else if (read - rested > size / 64) {
          rested = read
          slow.pause()
          setTimeout(() => { slow.resume() }, 20)
        }
      })
    })
    t.ok(read >= size, `all of it came in ${secure ? 'TLS' : 'plain text'}`)
  }
  for (const path of ['/unread', '/unread-secure']) await until(() => ends.has(path), `the end of ${path}`)
  t.notOk(ends.has('/watch'), 'a watch lives on')
  for (const socket of [watch, upgraded]) t.notOk(socket.destroyed || socket.readableEnded, 'its connection is open')
  t.equal(unread.length, 2)
})
