import type { IncomingMessage } from 'node:http'
import { duplexPair, type Duplex } from 'node:stream'
import { WebSocketServer, type WebSocket } from 'ws'
import type { KubeRequest, KubeResponse, KubeUpgrade } from '../../core/sdk/index.js'
import type { Context } from './context.js'
import { errorAnswer, verbOf, type Entry } from './entry.js'
import { header, type Answer, type Exchange } from './exchange.js'
import type { Feed } from './feed.js'
import { routeOf } from './route.js'
import { noSuchMethod } from './status.js'
import { exchangeOf, responseOf } from './transport.js'
import { openFeed } from './watch.js'

const maxWaiting = 256 * 1024

/** Sends events as text frames, as fast as the other side reads. */
function pump (socket: WebSocket, feed: Feed) {
  const send = () => {
    while (socket.readyState === socket.OPEN && socket.bufferedAmount < maxWaiting) {
      const event = feed.next()
      if (event === undefined) return
      if (event === null) return socket.close(1000)
      socket.send(event.subarray(0, event.length - 1), { binary: false }, error => { if (error) feed.close(); else send() })
    }
  }
  feed.wake = send
  socket.on('close', () => { feed.close() })
  socket.on('error', () => { feed.close() })
  send()
}

/** The protocol that is answered: the first offered that is no credential. */
const protocolOf = (offered: Set<string>): string | false => [...offered].find(name => !name.startsWith('base64url.bearer.authorization.k8s.io.')) ?? false

/** Opens watches over WebSocket; whatever else asks to upgrade gets the plain answer of the entry. */
export function createUpgrades (context: Context, entry: Entry) {
  const server = new WebSocketServer({ noServer: true, maxPayload: 64 * 1024, perMessageDeflate: false, handleProtocols: protocolOf })

  const feedOf = (exchange: Exchange): Feed | undefined => {
    if (header(exchange, 'upgrade').toLowerCase() !== 'websocket' || exchange.method !== 'GET') return undefined
    const route = routeOf(exchange.path, context.rows)
    if (route.kind !== 'resource' || route.subresource || verbOf(route, exchange) !== 'watch') return undefined
    if (!route.row.verbs.includes('watch')) throw noSuchMethod()
    return openFeed(context, route, exchange)
  }

  /** Takes over the socket, or answers what is to be sent instead. */
  const accept = async (exchange: Exchange, request: Pick<IncomingMessage, 'method' | 'headers'>, socket: Duplex, head: Buffer): Promise<Answer | undefined> => {
    try {
      const feed = feedOf(exchange)
      if (!feed) return await entry(exchange)
      socket.on('close', () => { feed.close() })
      server.handleUpgrade(request as IncomingMessage, socket, head, websocket => { pump(websocket, feed) })
      return undefined
    } catch (error) {
      return errorAnswer(context, exchange, error)
    }
  }

  const inProcess = async (request: KubeRequest): Promise<KubeUpgrade | KubeResponse> => {
    const [near, far] = duplexPair()
    const exchange = exchangeOf(request)
    const answer = await accept(exchange, { method: request.method, headers: request.headers as IncomingMessage['headers'] }, far, Buffer.alloc(0))
    if (answer) return responseOf(request.method, answer)
    const { status, headers, rest } = await readHead(near)
    if (rest.length) near.unshift(rest)
    return status === 101 ? { status, headers, socket: near } : { status, headers, body: near }
  }

  return { accept, inProcess, close: () => { for (const socket of server.clients) socket.terminate() } }
}

/** Reads the head of an HTTP answer off a stream. */
async function readHead (stream: Duplex): Promise<{ status: number, headers: Record<string, string>, rest: Buffer }> {
  let bytes = Buffer.alloc(0)
  for (;;) {
    const end = bytes.indexOf('\r\n\r\n')
    if (end >= 0) {
      const [line = '', ...lines] = bytes.toString('latin1', 0, end).split('\r\n')
      const headers = Object.fromEntries(lines.map(text => [text.slice(0, text.indexOf(':')).toLowerCase(), text.slice(text.indexOf(':') + 1).trim()]))
      return { status: Number(line.split(' ')[1]), headers, rest: bytes.subarray(end + 4) }
    }
    const part = stream.read() as Buffer | null
    if (part) bytes = Buffer.concat([bytes, part])
    else await new Promise<void>(resolve => { stream.once('readable', resolve) })
  }
}
