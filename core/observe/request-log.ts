import type { FastifyInstance } from 'fastify'
import type { Query } from '../request/types.js'

/** Query parameters that carry a credential. */
const masked = new Set(['code', 'access_token', 'refresh_token', 'id_token', 'id_token_hint', 'token', 'ticket', 'password'])

const maskQuery = (query: Query): string => query.pairs.length === 0
  ? ''
  : '?' + query.pairs.map(([key, value]) => `${key}=${masked.has(key.toLowerCase()) ? '***' : value}`).join('&').slice(0, 2048)

/** One line a request, written after the answer. Control characters are escaped by JSON; credentials in the query are masked. */
export function attachRequestLog (app: FastifyInstance): void {
  // What is written here is chosen field by field: nothing is left to look for and take out.
  const log = app.log.child({}, { redact: [] } as never)
  app.addHook('onResponse', (request, reply, done) => {
    const { target, identity } = request
    const status = reply.statusCode
    log[status >= 500 ? 'error' : status > 400 ? 'warn' : 'info']({
      reqId: request.id,
      ip: target?.sourceIP,
      user: identity?.name,
      method: request.method,
      path: target ? target.path + maskQuery(target.query) : undefined,
      status,
      ms: Math.round(reply.elapsedTime * 10) / 10,
    }, 'request')
    done()
  })
}
