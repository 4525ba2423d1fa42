import { connect as connectPlain, type Socket } from 'node:net'
import { Readable, type Duplex } from 'node:stream'
import { connect as connectTLS } from 'node:tls'
import { Pool } from 'undici'
import { clusterAccess, type ClusterAccess, type ClusterOptions } from './kubeconfig.js'
import { readHead } from './http-head.js'
import type { Headers, KubeRequest, KubeTransport } from './types.js'

/** Bounds towards the kube-apiserver, in ms and connections. Streams may last as long as they like once they have begun. */
const bounds = { connect: 5_000, firstByte: 30_000, connections: 256 }

const flat = (headers: Headers): string[] =>
  Object.entries(headers).flatMap(([name, value]) => value === undefined ? [] : [value].flat().flatMap(one => [name, one]))

function dial ({ url, tls }: ClusterAccess, signal: AbortSignal | undefined): Promise<Socket> {
  const secure = url.protocol === 'https:'
  const port = Number(url.port || (secure ? 443 : 80))
  return new Promise((resolve, reject) => {
    const socket: Socket = secure ? connectTLS({ host: url.hostname, port, ALPNProtocols: ['http/1.1'], servername: url.hostname, ...tls }) : connectPlain({ host: url.hostname, port })
    const timer = setTimeout(() => { socket.destroy(Object.assign(new Error('the connection took too long'), { code: 'UND_ERR_CONNECT_TIMEOUT' })) }, bounds.connect)
    signal?.addEventListener('abort', () => { socket.destroy() }, { once: true })
    socket.once('error', reject).once('close', () => { clearTimeout(timer); reject(new Error('the connection was closed')) })
    socket.once(secure ? 'secureConnect' : 'connect', () => { clearTimeout(timer); resolve(socket) })
  })
}

/** A kube-apiserver over the network, with the credentials that were named. */
export async function createRemoteTransport (options: ClusterOptions): Promise<KubeTransport> {
  const access = await clusterAccess(options)
  const { url, tls, authorization } = access
  const prefix = url.pathname.replace(/\/$/, '')
  const pool = new Pool(url.origin, { connections: bounds.connections, pipelining: 1, headersTimeout: bounds.firstByte, bodyTimeout: 0, keepAliveTimeout: 30_000, connect: { timeout: bounds.connect, ...tls } })
  const targetOf = ({ path, query }: KubeRequest): string => prefix + path + (query ? `?${query}` : '')
  const own = async (headers: Headers): Promise<Headers> => {
    const credentials = await authorization()
    return { ...headers, authorization: credentials }
  }

  return {
    async send (request) {
      const { statusCode, headers, body } = await pool.request({
        method: request.method as 'GET',
        path: targetOf(request),
        headers: flat(await own(request.headers ?? {})),
        headersTimeout: request.timeout ?? bounds.firstByte,
        ...(request.signal ? { signal: request.signal } : {}),
        ...(request.body === undefined ? {} : { body: request.body }),
      })
      return { status: statusCode, headers: headers as Headers, body }
    },
    async upgrade (request) {
      const socket = await dial(access, request.signal)
      const headers = await own({ ...request.headers, host: url.host })
      const lines = flat(headers).reduce((text, part, i) => text + (i % 2 === 0 ? `${part}: ` : `${part}\r\n`), '')
      socket.write(`${request.method} ${targetOf(request)} HTTP/1.1\r\n${lines}\r\n`)
      const head = await readHead(socket, request.timeout ?? bounds.firstByte)
      if (head.status === 101) return { status: 101, headers: head.headers, socket: socket as Duplex }
      return { status: head.status, headers: head.headers, body: head.body(socket) as Readable }
    },
    close: () => pool.close(),
  }
}
