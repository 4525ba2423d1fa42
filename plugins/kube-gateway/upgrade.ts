import type { FastifyReply, FastifyRequest } from 'fastify'
import { unreachable, type Identity, type KubeTransport, type KubeUpgrade, type Streams } from '../../core/sdk/index.js'
import { forwardedQuery, relay } from './forward.js'
import { responseHeaders, upgradeHeaders } from './headers.js'

export interface UpgradeContext {
  transport: KubeTransport
  streams: Streams
  as: Identity | undefined
  /** Whether the caller may still have the connection. */
  alive: () => boolean | Promise<boolean>
}

const lines = (headers: Record<string, string | string[]>): string =>
  Object.entries(headers).flatMap(([name, value]) => [value].flat().map(one => `${name}: ${one}\r\n`)).join('')

/** Joins the two connections until either ends. */
function join (request: FastifyRequest, { headers, socket: upstream }: KubeUpgrade, context: UpgradeContext): void {
  const { socket: client, head } = request.upgradeSocket!
  const end = () => { client.destroy(); upstream.destroy() }
  let release = () => {}
  try {
    release = context.streams.track(request.identity.name, context.alive, end)
  } catch (error) { end(); throw error }
  for (const socket of [client, upstream]) socket.on('error', end).once('close', () => { release(); end() })
  // Sockets of an HTTP server stay half open: an end of either side ends both, once what it said has been passed on.
  client.once('end', () => { upstream.end(end) })
  upstream.once('end', () => { client.end(end) })
  client.write(`HTTP/1.1 101 Switching Protocols\r\nconnection: Upgrade\r\nupgrade: ${headers.upgrade ?? 'websocket'}\r\n${lines(responseHeaders(headers))}\r\n`)
  if (head.length) upstream.write(head)
  client.pipe(upstream, { end: false }).pipe(client, { end: false })
}

/** exec, attach, port-forward and watches over WebSocket: one handshake, then bytes both ways. A refusal is passed on as it is. */
export async function upgrade (request: FastifyRequest, reply: FastifyReply, context: UpgradeContext): Promise<FastifyReply | void> {
  const { target, headers, method } = request
  const controller = new AbortController()
  request.upgradeSocket!.socket.once('close', () => controller.abort())
  const answer = await context.transport.upgrade({
    method,
    path: target.path,
    query: forwardedQuery(target.query),
    headers: upgradeHeaders(headers, target.sourceIP, context.as),
    signal: controller.signal,
  }).catch((error: unknown) => { throw unreachable(error) })
  if (!('socket' in answer)) return relay(reply, answer)
  reply.hijack()
  request.leaveInFlight()
  join(request, answer, context)
}
