import type { IncomingMessage } from 'node:http'
import type { FastifyInstance } from 'fastify'
import { badRequest } from '../errors/status-error.js'
import type { Target } from './types.js'

/** Reads a raw request; throws what the caller may see. */
export type FrontDoor = (raw: { method: string, url: string, headers: IncomingMessage['headers'], remoteAddress: string }) => Target

const read = Symbol('target')
interface Read { target?: Target, refusal?: unknown }
type WithRead = IncomingMessage & { [read]?: Read }

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
  app.addHook('onRequest', (request, _reply, done) => {
    const { target, refusal } = (request.raw as WithRead)[read] ?? {}
    if (target === undefined) return done((refusal ?? badRequest('the request cannot be read')) as Error)
    request.target = target
    done()
  })
}
