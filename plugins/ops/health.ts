import type { FastifyReply, FastifyRequest } from 'fastify'
import type { App, Health } from '../../core/sdk/index.js'

/** How long a check may take (ms). */
const patience = 2_000

/** undefined where the check is well. */
async function failure (check: () => void | Promise<void>): Promise<string | undefined> {
  let timer: NodeJS.Timeout | undefined
  const late = new Promise<string>(resolve => { timer = setTimeout(resolve, patience, `no answer within ${patience} ms`) })
  const outcome = (async () => { await check() })().then(() => undefined, (error: unknown) => error instanceof Error ? error.message : 'failed')
  return Promise.race([outcome, late]).finally(() => { clearTimeout(timer) })
}

const plain = (reply: FastifyReply, code: number, text: string): FastifyReply =>
  reply.code(code).headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).send(text)

/** The format of Kubernetes' health endpoints: `[+]name ok`, `[-]name failed: why`. */
async function report (name: string, checks: ReadonlyMap<string, () => void | Promise<void>>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { query } = request.target
  const excluded = query.get('exclude') ?? ''
  const lines = await Promise.all([...checks].map(async ([check, run]) => {
    if (check === excluded) return { well: true, line: `[+]${check} excluded: ok` }
    const why = await failure(run)
    return { well: why === undefined, line: why === undefined ? `[+]${check} ok` : `[-]${check} failed: ${why}` }
  }))
  if (excluded && !checks.has(excluded)) lines.push({ well: true, line: `warn: some health checks cannot be excluded: no matches for "${excluded}"` })
  const well = lines.every(line => line.well)
  const text = lines.map(({ line }) => `${line}\n`).join('')
  if (!well) return plain(reply, 503, `${text}${name} check failed\n`)
  return plain(reply, 200, query.has('verbose') ? `${text}${name} check passed\n` : 'ok')
}

const ping = new Map([['ping', () => {}]])

/** `/healthz` and `/livez`: this process answers. `/readyz`: it should be sent requests; `?verbose` tells of every backend. */
export function healthRoutes (app: App, health: Health): void {
  app.get('/healthz', (request, reply) => report('healthz', ping, request, reply))
  app.get('/healthz/ping', (_request, reply) => plain(reply, 200, 'ok'))
  app.get('/livez', (request, reply) => report('livez', ping, request, reply))
  app.get('/readyz', (request, reply) => {
    const draining = () => { if (health.draining) throw new Error('the server is on its way down') }
    return report('readyz', new Map([...ping, ['shutdown', draining] as const, ...health.checks]), request, reply)
  })
}
