import type { IncomingMessage } from 'node:http'
import type { Duplex } from 'node:stream'
import type { FastifyInstance } from 'fastify'
import { badRequest } from '../errors/status-error.js'
import type { Target } from './types.js'

/** Reads a raw request; throws what the caller may see. */
export type FrontDoor = (raw: { method: string, url: string, headers: IncomingMessage['headers'], remoteAddress: string }) => Target

const read = Symbol('target')
interface Read { target?: Target, refusal?: unknown }
const upgrading = Symbol('upgrade')
type Upgrade = { readonly socket: Duplex, readonly head: Buffer }
type WithRead = IncomingMessage & { [read]?: Read, [upgrading]?: Upgrade }

/** Notes that a raw request asks for an upgrade, and on what connection. */
export const markUpgrade = (raw: IncomingMessage, upgrade: Upgrade): void => { (raw as WithRead)[upgrading] = upgrade }

/**
 * Before routing: the one reading of the request line. The router, and all that follows, sees only what came out of it;
 * a request that cannot be read goes to `/`, where the hook below refuses it.
 */
export const rewriteUrl = (frontDoor: FrontDoor) => (raw: IncomingMessage): string => {
  try {
    const target = frontDoor({ method: raw.method ?? '', url: raw.url ?? '', headers: raw.headers, remoteAddress: raw.socket?.remoteAddress ?? '' });
    (raw as WithRead)[read] = { target }
    const query = target.query.toString()
    return query ? `${target.route}?${query}` : target.route
  } catch (refusal) {
    (raw as WithRead)[read] = { refusal }
    return '/'
  }
}

export function attachRequestInfo (app: FastifyInstance): void {
  app.decorateRequest('target')
  app.decorateRequest('upgradeSocket')
  app.addHook('onRequest', (request, _reply, done) => {
    const { [read]: { target, refusal } = {}, [upgrading]: upgrade } = request.raw as WithRead
    request.upgradeSocket = upgrade
    if (target === undefined) return done((refusal ?? badRequest('the request cannot be read')) as Error)
    request.target = target
    done()
  })
}
