import { STATUS_CODES, type IncomingMessage, type ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import type { AddressInfo } from 'node:net'
import { join } from 'node:path'
import { Readable, type Duplex } from 'node:stream'
import { goneSignal, readPrivate, unauthorized, writePrivate, type Headers, type KubeRequest, type KubeResponse } from '../../core/sdk/index.js'
import { certified } from './auth/client-certificates.js'
import type { Context } from './context.js'
import { errorAnswer, type Entry } from './entry.js'
import type { Answer } from './exchange.js'
import { exchangeOf, responseOf } from './transport.js'
import type { createUpgrades } from './websocket.js'

const host = '127.0.0.1'

export interface Listener {
  /** `https://127.0.0.1:…` */
  readonly url: string
  /** Path of the kubeconfig that leads here. */
  readonly kubeconfig: string
  close (): Promise<void>
}

interface ListenerOptions {
  context: Context
  entry: Entry
  upgrades: ReturnType<typeof createUpgrades>
  dir: string
  /** PEM. */
  certificate: { key: string, cert: string }
  /** PEM of the authority that certificates of clients are checked by. */
  clients: string
  /** 0 is the port of the last time, or any. */
  port: number
}

/** All values of a header, as they came. */
const valuesOf = (raw: readonly string[], wanted: string): string[] => raw.filter((_text, i) => i % 2 === 1 && raw[i - 1]?.toLowerCase() === wanted)

/** Repeated headers that must stay apart. */
function headersOf ({ headers: received, rawHeaders }: IncomingMessage): Headers {
  const headers: Headers = { ...received }
  for (const name in headers) if (name.startsWith('impersonate-')) headers[name] = valuesOf(rawHeaders, name)
  return headers
}

function requestOf (message: IncomingMessage, signal: AbortSignal): KubeRequest {
  const url = message.url ?? '/'
  const mark = url.indexOf('?')
  return { method: message.method ?? 'GET', path: mark < 0 ? url : url.slice(0, mark), query: mark < 0 ? '' : url.slice(mark + 1), headers: headersOf(message), body: message, signal }
}

/** What fits into one write goes in one; streams begin with their headers, however long their first event takes. */
function write (response: ServerResponse, method: string, answer: Answer) {
  const { status, headers, body } = responseOf(method, answer)
  response.writeHead(status, headers as Record<string, string | string[]>)
  if (Array.isArray(answer.body) && Number(headers['content-length'] ?? 0) <= oneWrite) {
    response.end(method === 'HEAD' ? undefined : answer.body.length === 1 ? answer.body[0] : Buffer.concat(answer.body))
    return
  }
  response.flushHeaders()
  body.on('error', () => { response.destroy() })
  response.on('close', () => { body.destroy() })
  body.pipe(response)
}

const oneWrite = 256 * 1024

/** A plain answer on a socket that asked to be upgraded. */
async function writeRaw (socket: Duplex, { status, headers, body }: KubeResponse) {
  const lines = Object.entries({ ...headers, connection: 'close' }).flatMap(([name, value]) => (Array.isArray(value) ? value : [value]).map(text => `${name}: ${text ?? ''}`))
  socket.write(`HTTP/1.1 ${status} ${STATUS_CODES[status] ?? ''}\r\n${lines.join('\r\n')}\r\n\r\n`)
  for await (const part of body) socket.write(part)
  socket.end()
}

const listenOn = (server: Server, port: number) => new Promise<void>((resolve, reject) => {
  server.once('error', reject)
  server.listen(port, host, () => {
    server.off('error', reject)
    resolve()
  })
})

/** Takes the wished port, or any where somebody else has it. */
async function bind (server: Server, port: number): Promise<number> {
  try {
    await listenOn(server, port)
  } catch (error) {
    if (port === 0 || !['EADDRINUSE', 'EACCES'].includes((error as NodeJS.ErrnoException).code ?? '')) throw error
    await listenOn(server, 0)
  }
  return (server.address() as AddressInfo).port
}

const kubeconfigOf = (url: string, token: string, cert: string) => `apiVersion: v1
kind: Config
clusters:
- name: embedded
  cluster:
    server: ${url}
    certificate-authority-data: ${Buffer.from(cert).toString('base64')}
users:
- name: admin
  user:
    token: ${token}
contexts:
- name: embedded
  context:
    cluster: embedded
    user: admin
current-context: embedded
`

/**
 * Serves the entry on loopback, to whoever shows a certificate or a token that is known; the kubeconfig has that of system:admin.
 * Over TLS, because kubectl keeps its token to itself where the server's address is plain http.
 */
export async function startListener ({ context, entry, upgrades, dir, certificate, clients, port }: ListenerOptions): Promise<Listener> {
  const { authenticator, adminToken } = context.auth
  const identify = ({ socket, headers }: IncomingMessage) => certified(socket, context.now()) ?? authenticator.identify(headers)
  const refuse = (message: IncomingMessage) => errorAnswer(context, { method: message.method ?? '', path: message.url ?? '' }, unauthorized('Unauthorized'))

  const server = createServer({ ...certificate, ca: clients, requestCert: true, rejectUnauthorized: false, minVersion: 'TLSv1.2', maxHeaderSize: 16 * 1024, headersTimeout: 10_000, requestTimeout: 60_000, keepAliveTimeout: 90_000 }, (message, response) => {
    const request = requestOf(message, goneSignal(message.socket))
    const user = identify(message)
    const answer = user ? entry(exchangeOf(request, user)) : Promise.resolve(refuse(message))
    answer.then(answer => {
      // Bytes of a body that nobody read would be taken for the next request.
      if (!message.complete) response.setHeader('connection', 'close')
      write(response, request.method, answer)
    }).catch((error: unknown) => {
      context.log.error({ err: error }, 'an answer of the embedded Kubernetes could not be written')
      response.destroy()
    })
  })
  server.on('upgrade', (message: IncomingMessage, socket: Duplex, head: Buffer) => {
    socket.on('error', () => { socket.destroy() })
    const ended = new AbortController()
    socket.on('close', () => { ended.abort() })
    const request = { ...requestOf(message, ended.signal), body: Readable.from([]) }
    const user = identify(message)
    const answer = user ? upgrades.accept(exchangeOf(request, user), message, socket, head) : Promise.resolve(refuse(message))
    answer.then(answer => answer && writeRaw(socket, responseOf(request.method, answer))).catch(() => { socket.destroy() })
  })

  const wished = port || Number(await readPrivate(dir, 'kube-port') ?? 0)
  const bound = await bind(server, Number.isInteger(wished) && wished > 0 && wished < 65_536 ? wished : 0)
  const url = `https://${host}:${bound}`
  await writePrivate(dir, 'kube-port', `${bound}\n`)
  await writePrivate(dir, 'kubeconfig', kubeconfigOf(url, adminToken, certificate.cert))
  return {
    url,
    kubeconfig: join(dir, 'kubeconfig'),
    close: () => new Promise(resolve => {
      const late = setTimeout(() => { server.closeAllConnections() }, 5000)
      server.close(() => {
        clearTimeout(late)
        resolve()
      })
      server.closeIdleConnections()
    }),
  }
}
