import type { FastifyReply, FastifyRequest } from 'fastify'
import { askingOf, wireResults, type App, type Monitoring } from '../../core/sdk/index.js'
import { levelPaths } from './levels.js'
import type { Asked, NamedMetrics, Params } from './named-metrics.js'
import type { Statistics } from './statistics.js'
import type { Targets } from './targets.js'

const unconfigured = '299 - "no Prometheus is configured (monitoring.endpoint)"'

/** All that is asked of the group, but for dashboards. */
export function monitoringRoutes (app: App, { monitoring, named, targets, statistics }: { monitoring: Monitoring, named: NamedMetrics, targets: Targets, statistics: Statistics }): void {
  const tags = ['Monitoring']
  const serve = (path: string, answer: (asked: Asked) => Promise<object>) => app.get(path, { schema: { tags } }, (request: FastifyRequest, reply: FastifyReply) => {
    if (!monitoring.configured) reply.header('warning', unconfigured)
    return answer({ params: request.params as Params, query: request.target.query, ...askingOf(request, reply, monitoring) })
  })

  for (const path of levelPaths) serve(path.path, asked => named.answer(path, asked))
  for (const place of ['', '/namespaces/:namespace']) {
    serve(`${place}/targets/metadata`, targets.metadata)
    serve(`${place}/targets/labelsets`, targets.labelSets)
    serve(`${place}/targets/query`, targets.query)
  }
  app.get('/kubesphere', { schema: { tags } }, () => statistics.platform().then(wireResults))
  serve('/diagnostics', async ({ options }) => {
    if (!monitoring.configured) return { results: [] }
    try { return { results: await monitoring.diagnose(options) } } catch (error) { return { results: [], error: (error as Error).message } }
  })
}
