import type { FastifyReply, FastifyRequest } from 'fastify'
import { within, type App, type Check, type Health } from '../../core/sdk/index.js'

/** How long a check may take (ms). */
const patience = 2_000

/** What a check says: lines where it is well, else why it is not. */
async function ask (check: Check): Promise<{ lines: readonly string[] } | { why: string }> {
  const answer = (async () => await check())()
  return within(answer, patience, `no answer within ${patience} ms`).then(lines => ({ lines: lines ?? [] }), (error: unknown) => ({ why: error instanceof Error ? error.message : 'failed' }))
}

const plain = (reply: FastifyReply, code: number, text: string): FastifyReply =>
  reply.code(code).headers({ 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' }).send(text)

/** The format of Kubernetes' health endpoints: `[+]name ok`, `[-]name failed: why`; what a check has to tell stands below it, indented. */
async function report (name: string, checks: ReadonlyMap<string, Check>, request: FastifyRequest, reply: FastifyReply): Promise<FastifyReply> {
  const { query } = request.target
  const excluded = query.get('exclude') ?? ''
  const lines = await Promise.all([...checks].map(async ([check, run]) => {
    if (check === excluded) return { well: true, line: `[+]${check} excluded: ok` }
    const answer = await ask(run)
    if ('why' in answer) return { well: false, line: `[-]${check} failed: ${answer.why}` }
    return { well: true, line: [`[+]${check} ok`, ...answer.lines.map(text => `   ${text}`)].join('\n') }
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
    return report('readyz', new Map<string, Check>([...ping, ['shutdown', draining] as const, ...health.checks]), request, reply)
  })
}
