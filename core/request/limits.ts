import type { FastifyInstance } from 'fastify'
import { tooManyRequests } from '../errors/status-error.js'

/** Requests under way at once; a further one is answered 429 with Retry-After. */
export interface InFlightLimits { read: number, write: number, perUser: number }

const reading = new Set(['get', 'list', 'watch', 'GET', 'HEAD'])

/** Bounds what is in flight, in all and per caller. Streams leave the count once they have begun (see streams.ts, which bounds those). */
export function attachLimits (app: FastifyInstance, limits: InFlightLimits): void {
  const inFlight = { read: 0, write: 0 }
  const users = new Map<string, number>()
  const release = Symbol('release')
  type Counted = { [release]?: () => void }

  app.decorateRequest('leaveInFlight', function () { (this.raw as Counted)[release]?.() })
  app.addHook('onRequest', (request, reply, done) => {
    const kind = reading.has(request.target.info.verb) ? 'read' : 'write'
    const { name } = request.identity
    const mine = users.get(name) ?? 0
    if (inFlight[kind] >= limits[kind] || mine >= limits.perUser) return done(tooManyRequests('too many requests, please try again later'))
    inFlight[kind]++
    users.set(name, mine + 1)
    let counted = true
    const leave = () => {
      if (!counted) return
      counted = false
      inFlight[kind]--
      const left = (users.get(name) ?? 1) - 1
      if (left > 0) users.set(name, left); else users.delete(name)
    }
    (request.raw as Counted)[release] = leave
    reply.raw.once('close', leave)
    done()
  })
}

declare module 'fastify' {
  interface FastifyRequest {
    /** A handler whose answer has become a long-lived stream calls this, so that the stream does not count as a request in flight. */
    leaveInFlight (): void
  }
}
