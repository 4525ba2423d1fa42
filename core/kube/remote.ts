import { validateHeaderName, validateHeaderValue } from 'node:http'
import { isIP, connect as connectPlain, type Socket } from 'node:net'
import { Readable, type Duplex } from 'node:stream'
import { connect as connectTLS } from 'node:tls'
import { Pool, type Dispatcher } from 'undici'
import { badRequest } from '../errors/status-error.js'
import { clusterAccess, type ClusterAccess, type ClusterOptions } from './kubeconfig.js'
import { exchange, wrongHeader } from './exchange.js'
import { readHead } from './http-head.js'
import { wait } from './wait.js'
import type { Headers, KubeRequest, KubeResponse, KubeTransport } from './types.js'

/** Bounds towards the kube-apiserver, in ms and connections. Streams may last as long as they like once they have begun, so they have connections of their own. */
const bounds = { connect: 5_000, firstByte: 30_000, requests: 256, streams: 12_000 }

/** Names and values in turn. Credentials are the transport's own, whatever is among them. */
function flat (headers: Headers): string[] {
  const pairs: string[] = []
  for (const name of Object.keys(headers)) {
    const value = headers[name]
    if (value === undefined || name === 'authorization' || name === 'host') continue
    if (Array.isArray(value)) for (const one of value) pairs.push(name, one)
    else pairs.push(name, value)
  }
  return pairs
}

/** What could end a request line early is refused before anything is dialled. */
function checkLine (method: string, target: string): void {
  if (!/^[A-Z]{1,32}$/.test(method)) throw badRequest('the method of the request is not one of HTTP')
  if (!/^\/[\x21-\x7e]*$/.test(target)) throw badRequest('the path or the query of the request has characters that are not encoded')
}

/** The same for headers; what goes through undici's pools is checked there. */
function checkHeaders (headers: readonly string[]): void {
  try {
    for (let i = 0; i < headers.length; i += 2) {
      validateHeaderName(headers[i] ?? '')
      validateHeaderValue(headers[i] ?? '', headers[i + 1] ?? '')
    }
  } catch (error) { throw wrongHeader(error) }
}

const refuse = async (error: unknown): Promise<never> => { throw error }

const said = (value: string | null): boolean => value !== null && value !== '0' && value.toLowerCase() !== 'false'

/** Whether an answer lasts: watches, logs that are followed, and what the caller says. */
function isStream ({ path, query = '', stream }: KubeRequest): boolean {
  if (stream !== undefined) return stream
  if (/^\/(api\/[^/]+|apis\/[^/]+\/[^/]+)\/watch\//.test(path)) return true
  if (!/watch|follow|%/i.test(query)) return false
  const parameters = new URLSearchParams(query)
  return said(parameters.get('watch')) || said(parameters.get('follow'))
}

function connectionTo ({ url, tls }: ClusterAccess): { socket: Socket, ready: 'connect' | 'secureConnect' } {
  const host = url.hostname.replace(/^\[(.*)\]$/, '$1')
  const secure = url.protocol === 'https:'
  const port = Number(url.port || (secure ? 443 : 80))
  return secure
    ? { socket: connectTLS({ host, port, ALPNProtocols: ['http/1.1'], ...(isIP(host) ? {} : { servername: host }), ...tls }), ready: 'secureConnect' }
    : { socket: connectPlain({ host, port }), ready: 'connect' }
}

/** A connection of its own, which the signal ends for as long as it lives. */
function dial (access: ClusterAccess, signal: AbortSignal | undefined): Promise<Socket> {
  signal?.throwIfAborted()
  return new Promise((resolve, reject) => {
    const { socket, ready } = connectionTo(access)
    const timer = setTimeout(() => { socket.destroy(Object.assign(new Error('the connection took too long'), { code: 'UND_ERR_CONNECT_TIMEOUT' })) }, bounds.connect)
    const abort = () => { socket.destroy(signal?.reason instanceof Error ? signal.reason : new Error('the request was given up')) }
    signal?.addEventListener('abort', abort, { once: true })
    // The listener for errors stays: one that comes between two readers must not end the process.
    socket.on('error', reject).once('close', () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', abort)
      reject(new Error('the connection was closed'))
    })
    socket.once(ready, () => { clearTimeout(timer); resolve(socket) })
  })
}

/** A kube-apiserver over the network, with the credentials that were named. */
export async function createRemoteTransport (options: ClusterOptions): Promise<KubeTransport> {
  const access = await clusterAccess(options)
  const { url, tls, authorization } = access
  const prefix = url.pathname.replace(/\/$/, '')
  const poolOf = (connections: number) => new Pool(url.origin, { connections, pipelining: 1, headersTimeout: bounds.firstByte, bodyTimeout: 0, keepAliveTimeout: 30_000, connect: { timeout: bounds.connect, ...tls } })
  const requests = poolOf(bounds.requests)
  const streams = poolOf(bounds.streams)
  const upgraded = new Set<Socket>()
  let closing: Promise<void> | undefined
  /** Connections of `requests` that are taken. */
  let busy = 0

  const free = (): void => { busy-- }

  function optionsOf (request: KubeRequest, credentials: string | undefined, headersTimeout: number): Dispatcher.DispatchOptions & { headers: string[] } {
    const { method, query, body } = request
    const path = prefix + request.path + (query ? `?${query}` : '')
    checkLine(method, path)
    const headers = flat(request.headers ?? {})
    if (credentials !== undefined) headers.push('authorization', credentials)
    return { method: method as 'GET', path, headers, headersTimeout, body: body ?? null }
  }

  /** With a connection at hand there is no queue to wait in, and undici's own deadline is the whole wait. */
  function sendNow (request: KubeRequest, timeout: number): Promise<KubeResponse> {
    const go = (credentials: string | undefined): Promise<KubeResponse> => {
      const options = optionsOf(request, credentials, timeout)
      busy++
      return exchange(requests, options, request.signal, free)
    }
    const credentials = authorization()
    if (credentials instanceof Promise) return credentials.then(go)
    try { return go(credentials) } catch (error) { return refuse(error) }
  }

  async function sendInTurn (request: KubeRequest, pool: Pool, timeout: number): Promise<KubeResponse> {
    const waiting = wait(request.signal, timeout)
    try {
      const options = optionsOf(request, await waiting.race(Promise.resolve(authorization())), timeout)
      const answer = await waiting.race(exchange(pool, options, waiting.signal, waiting.done))
      waiting.begun()
      return answer
    } catch (error) {
      waiting.done()
      throw error
    }
  }

  return {
    send (request) {
      const timeout = request.timeout ?? bounds.firstByte
      if (isStream(request)) return sendInTurn(request, streams, timeout)
      return busy < bounds.requests ? sendNow(request, timeout) : sendInTurn(request, requests, timeout)
    },
    async upgrade (request) {
      const { path, headers } = optionsOf(request, await authorization(), 0)
      checkHeaders(headers)
      headers.push('host', url.host)
      const socket = await dial(access, request.signal)
      upgraded.add(socket)
      socket.once('close', () => { upgraded.delete(socket) })
      const lines = headers.reduce((text, part, i) => text + (i % 2 === 0 ? `${part}: ` : `${part}\r\n`), '')
      socket.write(`${request.method} ${path} HTTP/1.1\r\n${lines}\r\n`, 'latin1')
      const head = await readHead(socket, request.timeout ?? bounds.firstByte)
      if (head.status === 101) return { status: 101, headers: head.headers, socket: socket as Duplex }
      return { status: head.status, headers: head.headers, body: head.body(socket) as Readable }
    },
    endpoint: () => ({ server: url.origin + prefix, ...(tls.ca ? { ca: String(tls.ca) } : {}) }),
    close () {
      closing ??= (async () => {
        for (const socket of upgraded) socket.destroy()
        await Promise.all([requests.close(), streams.destroy()])
      })()
      return closing
    },
  }
}
