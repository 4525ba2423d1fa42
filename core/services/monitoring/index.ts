import { badRequest } from '../../errors/status-error.js'
import type { Kube } from '../../kube/types.js'
import { createRooms, type RoomLimits } from '../prometheus/room.js'
import { weightOf } from '../prometheus/slices.js'
import type { AskOptions, Prometheus, QueryAnswer } from '../prometheus/types.js'
import { matcher, PromQLError, restrict, RestrictionError } from '../promql/index.js'
import { catalogue } from './catalogue.js'
import { createDiagnosis } from './diagnosis.js'
import { createEdge } from './edge.js'
import { holesOf, namedPods, type MetricScope } from './scope.js'
import { createSharedClock } from './shared-clock.js'
import { fill } from './template.js'
import type { Metric, Monitoring } from './types.js'

export { askingOf, type Asking } from './asking.js'
export { isMeter, metricNamesOf, type Level } from './catalogue.js'
export { readDuration } from './duration.js'
export { sortAndPage } from './order.js'
export { isRange, nameFilter, readExpression, readSort, readTimes, timesAfter, type SortAndPage, type Times } from './parameters.js'
export type { MetricScope } from './scope.js'
export type { Figures, Metric, Monitoring, Results, Value } from './types.js'
export { wireMetric, wireResults } from './wire.js'

/** As a namespace may ask it; a 400 in the words of Prometheus for what is no PromQL. */
function limited (expression: string, namespace?: string): string {
  if (namespace === undefined) return expression
  try { return restrict(expression, { namespace }) } catch (error) {
    if (error instanceof PromQLError || error instanceof RestrictionError) throw badRequest(error.message, error)
    throw error
  }
}

const mebibyte = 1024 * 1024

/** Leaves the pods that a filter names, exactly. */
function namedOnly (answer: QueryAnswer, { level, namespacedResourcesFilter }: MetricScope): QueryAnswer {
  if (level !== 'pod' || !namespacedResourcesFilter || !answer.data.result) return answer
  const names = new Set(namedPods(namespacedResourcesFilter).map(({ namespace, pod }) => `${namespace}/${pod}`))
  const { result, ...data } = answer.data
  const left = result.filter(({ metric = {} }) => names.has(`${metric.namespace ?? ''}/${metric.pod ?? ''}`))
  return { ...answer, data: left.length > 0 ? { ...data, result: left } : data }
}

/** The service of named metrics; see `Monitoring`. */
export function createMonitoring ({ kube, prometheus, rooms = { perCaller: 384 * mebibyte, total: 768 * mebibyte } }: { kube: Kube, prometheus: Prometheus, rooms?: RoomLimits }): Monitoring {
  const edge = createEdge(kube)

  async function named (names: readonly string[], scope: MetricScope, kind: 'value' | 'values', options: AskOptions, ask: (expression: string) => Promise<QueryAnswer>): Promise<Metric[]> {
    const level = catalogue.get(scope.level)
    const holes = holesOf(scope)
    const asked = names.flatMap(name => level?.get(name) ?? [])
    const metrics = await Promise.all(asked.map(async ({ name, template }): Promise<Metric> => ({ metric_name: name, ...namedOnly(await ask(fill(template, holes)), scope) })))
    return edge.complete(metrics, scope, kind, options.signal)
  }

  return {
    configured: prometheus.configured,
    getMetric: async (expression, time, namespace, options) => prometheus.query(limited(expression, namespace), time, options),
    getMetricOverTime: async (expression, grid, namespace, options) => prometheus.queryRange(limited(expression, namespace), grid, options),
    getNamedMetrics: (names, time, scope, options = {}) => named(names, scope, 'value', options, expression => prometheus.query(expression, time, options)),
    getNamedMetricsOverTime: (names, grid, scope, options = {}) => named(names, scope, 'values', options, expression => prometheus.queryRange(expression, grid, options)),

    async getMetadata (namespace, options) {
      const { data } = await prometheus.metadata(namespace === undefined ? '' : `{${matcher('namespace', '=', namespace)}}`, options)
      return data?.length ? data : null
    },

    async getMetricLabelSet (selector, range, namespace, options) {
      let asked
      try { asked = limited(selector, namespace) } catch { return null }
      const { data, error } = await prometheus.series(asked, range, options)
      if (error !== undefined || (data && options?.room?.take(weightOf(data.map(metric => ({ metric })))) === false)) return []
      return data?.length ? data.map(({ __name__: _name, ...labels }) => labels) : null
    },

    now: createSharedClock(),
    room: createRooms(rooms),
    diagnose: createDiagnosis(prometheus),
  }
}

declare module '../../sdk/services.js' {
  interface Services {
    /** Named metrics of clusters, nodes, workspaces, projects and what is in them. */
    monitoring: Monitoring
  }
}
