import { createServer as createPlain, type IncomingMessage, type Server as HTTPServer, type ServerOptions, type ServerResponse } from 'node:http'
import { createServer as createSecure, type Server as HTTPSServer } from 'node:https'
import { createServer as createSockets, type AddressInfo, type Server as SocketServer, type Socket } from 'node:net'
import type { Duplex } from 'node:stream'

/** Where requests go; a reload puts another one in its place. */
export interface Handler {
  handle (request: IncomingMessage, response: ServerResponse): void
  upgrade (request: IncomingMessage, socket: Duplex, head: Buffer): void
}

export interface Certificate { cert: string | Buffer, key: string | Buffer }

export interface ListenerOptions {
  host: string
  /** 0: any free one. */
  port: number
  /** `plain`; `tls`; or `both` on one port, told apart by the first byte. */
  protocol: 'plain' | 'tls' | 'both'
  certificate?: Certificate
  handler: () => Handler
  /** When a client that leaves its answer unread loses its connection; one that has nothing to read may wait as long as it likes. */
  unread?: Unread
}

/** How long nothing need move (ms), and how slowly one long piece of an answer may be read (bytes a second). */
export interface Unread { idle: number, rate: number }

export interface Listener {
  readonly port: number
  setCertificate (certificate: Certificate): void
  /** Takes no new connections, and ends those that are idle. */
  drain (): void
  close (): Promise<void>
}

/** Bytes, headers, ms. Streams outlive the request time: it bounds how long a request may take to arrive. */
const limits = { headerBytes: 16 * 1024, headers: 100, headersTimeout: 10_000, requestTimeout: 60_000, keepAlive: 75_000, firstByte: 10_000, unread: { idle: 60_000, rate: 64 * 1024 } }

const options: ServerOptions = { maxHeaderSize: limits.headerBytes, headersTimeout: limits.headersTimeout, requestTimeout: limits.requestTimeout, keepAliveTimeout: limits.keepAlive, connectionsCheckingInterval: 2_000 }

const refuse = (socket: Duplex, line: string): void => {
  if (!socket.writable) { socket.destroy(); return }
  socket.end(`HTTP/1.1 ${line}\r\nConnection: close\r\nContent-Length: 0\r\n\r\n`)
}

/** Requests that no handler may see: other forms of the request line, TRACE, too many headers. */
function unacceptable ({ method, url = '', headers, rawHeaders }: IncomingMessage): string | undefined {
  if (method === 'TRACE') return '405 Method Not Allowed'
  if (headers['transfer-encoding'] !== undefined && headers['transfer-encoding'].toLowerCase() !== 'chunked') return '501 Not Implemented'
  if (!url.startsWith('/')) return '400 Bad Request'
  return rawHeaders.length / 2 > limits.headers ? '431 Request Header Fields Too Large' : undefined
}

/** Ends connections whose answers nobody reads: what waits to be sent must not be held for ever. Looks at all of them now and then, and costs a request nothing. */
function endUnread (sockets: ReadonlySet<Socket>, { idle, rate }: Unread): NodeJS.Timeout {
  const waiting = new WeakMap<Socket, { sent: number, since: number }>()
  return setInterval(() => {
    const now = performance.now()
    for (const socket of sockets) {
      const pending = socket.writableLength
      if (pending === 0) { waiting.delete(socket); continue }
      const sent = socket.bytesWritten - pending
      const seen = waiting.get(socket)
      // How far one long piece has come cannot be seen.
      if (seen?.sent !== sent) waiting.set(socket, { sent, since: now })
      else if (now - seen.since > idle + pending / rate * 1000) socket.destroy()
    }
  }, idle / 4).unref()
}

function serve (server: HTTPServer | HTTPSServer, handler: () => Handler): void {
  server.maxHeadersCount = 0
  server.on('request', (request: IncomingMessage, response: ServerResponse) => {
    const refusal = unacceptable(request)
    if (refusal === undefined) { handler().handle(request, response); return }
    const [code = '400'] = refusal.split(' ')
    response.writeHead(Number(code), { connection: 'close', 'content-length': 0, ...(code === '405' ? { allow: 'GET, HEAD, POST, PUT, PATCH, DELETE, OPTIONS' } : {}) }).end()
  })
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    // Whatever becomes of it, an error of the connection is not the process's.
    socket.on('error', () => { socket.destroy() })
    const refusal = unacceptable(request)
    if (refusal === undefined) handler().upgrade(request, socket, head)
    else refuse(socket, refusal)
  })
  server.on('connect', (_request: IncomingMessage, socket: Duplex) => { refuse(socket, '501 Not Implemented') })
  server.on('checkExpectation', (_request: IncomingMessage, response: ServerResponse) => { response.writeHead(417, { connection: 'close', 'content-length': 0 }).end() })
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Duplex) => {
    refuse(socket, error.code === 'HPE_HEADER_OVERFLOW' ? '431 Request Header Fields Too Large' : error.code === 'ERR_HTTP_REQUEST_TIMEOUT' ? '408 Request Timeout' : '400 Bad Request')
  })
}

const tlsRecord = 0x16

/** Hands a connection on by its first byte: TLS begins with a handshake record, HTTP with a letter. */
function tellApart (plain: HTTPServer, secure: HTTPSServer) {
  return (socket: Socket): void => {
    const late = () => { socket.destroy() }
    socket.setTimeout(limits.firstByte, late)
    socket.once('error', () => { socket.destroy() })
    socket.once('data', first => {
      socket.setTimeout(0, late)
      socket.pause()
      socket.unshift(first);
      (first[0] === tlsRecord ? secure : plain).emit('connection', socket)
      process.nextTick(() => { socket.resume() })
    })
  }
}

/** Opens a port. Failures (the port is taken) reject with a sentence. */
export async function listen ({ host, port, protocol, certificate, handler, unread = limits.unread }: ListenerOptions): Promise<Listener> {
  const plain = protocol === 'tls' ? undefined : createPlain(options)
  const secure = protocol === 'plain' ? undefined : createSecure({ ...options, ...certificate, minVersion: 'TLSv1.2', ALPNProtocols: ['http/1.1'] })
  const servers = [plain, secure].flatMap(server => server ?? [])
  for (const server of servers) serve(server, handler)
  const outer: SocketServer | HTTPServer | HTTPSServer = plain && secure ? createSockets(tellApart(plain, secure)) : servers[0] as HTTPServer
  const sockets = new Set<Socket>()
  const keep = (socket: Socket): void => {
    if (sockets.has(socket)) return
    sockets.add(socket)
    socket.once('close', () => { sockets.delete(socket) })
  }
  for (const server of new Set([outer, ...servers])) server.on('connection', keep)
  secure?.on('secureConnection', keep)
  const sweep = endUnread(sockets, unread)
  await new Promise<void>((resolve, reject) => {
    outer.once('error', error => {
      const { code } = error as NodeJS.ErrnoException
      reject(new Error(code === 'EADDRINUSE' ? `port ${port} on ${host} is taken: choose another with --insecure-port or --secure-port` : `port ${port} on ${host} cannot be opened (${code ?? error.message})`))
    })
    outer.listen(port, host, resolve)
  })
  const drain = (): void => {
    if (outer.listening) outer.close()
    for (const server of servers) server.closeIdleConnections()
  }
  return {
    port: (outer.address() as AddressInfo).port,
    setCertificate: next => { secure?.setSecureContext({ cert: next.cert, key: next.key, minVersion: 'TLSv1.2' }) },
    drain,
    async close () {
      drain()
      clearInterval(sweep)
      for (const socket of sockets) socket.destroy()
      for (const server of servers) server.closeAllConnections()
    },
  }
}
