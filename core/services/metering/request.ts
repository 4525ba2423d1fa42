import type { FastifyReply } from 'fastify'
import { readExpression, readSort, readTimes } from '../monitoring/parameters.js'
import type { MetricScope } from '../monitoring/scope.js'
import { wireResults } from '../monitoring/wire.js'
import type { Query } from '../../request/types.js'
import type { Metering, MeteringQuestion } from './index.js'

/** Parameters of the path or, for those that a query may give, of the query. */
type Params = Readonly<Record<string, string | undefined>>

/** Reads what all questions of metering share. What the caller was authorised for stands in `params`, and nothing of the query changes it. */
export function readMeteringQuestion (level: MetricScope['level'], params: Params, query: Query, now: () => number): MeteringQuestion {
  const given = Object.entries({
    ...params,
    kind: query.get('kind'),
    node: params.node || query.get('node'),
    resourcesFilter: readExpression(query, 'resources_filter'),
    namespacedResourcesFilter: query.get('namespaced_resources_filter'),
  }).filter(([, value]) => value)
  const metricsFilter = readExpression(query, 'metrics_filter')
  const times = readTimes(query, now)
  const sort = readSort(query)
  return { scope: { level, ...Object.fromEntries(given) } as MetricScope, metricsFilter, times, ...(sort ? { sort } : {}) }
}

/** Answers the meters, or sends them as a file. */
export async function sendMeters (reply: FastifyReply, metering: Pick<Metering, 'measure' | 'export'>, question: MeteringQuestion, { export: asFile }: { export: boolean }): Promise<unknown> {
  if (asFile) {
    const text = await metering.export(question)
    if (text !== null) return reply.type('text/plain').headers({ 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' }).send(text)
    return { results: null }
  }
  const measured = await metering.measure(question)
  return measured ? wireResults(measured) : { results: null }
}
