import { isMeter, isRange, metricNamesOf, nameFilter, readDuration, readExpression, readSort, readTimes, sortAndPage, wireResults, type Asking, type MetricScope, type Monitoring, type Query, type Results } from '../../core/sdk/index.js'
import type { Creation } from './creation.js'
import type { LevelPath } from './levels.js'
import type { Statistics } from './statistics.js'

export type Params = Readonly<Record<string, string | undefined>>

/** A request of one of the level paths. */
export interface Asked extends Asking {
  params: Params
  query: Query
}

export interface NamedMetrics {
  answer (path: LevelPath, asked: Asked): Promise<Results | { results: null }>
}

/** The window of ingress metrics: told together with a time, and only where it is a duration. */
function windowOf (query: Query): { duration?: number } {
  const text = query.get('duration')
  if (!text || !query.get('time')) return {}
  try { return { duration: readDuration(text) } } catch { return {} }
}

function scopeOf (level: string, { node, workspace, namespace, kind, workload, pod, container, pvc, storageclass, ingress }: Params, query: Query): MetricScope {
  const given = Object.entries({
    node,
    workspace,
    namespace,
    kind,
    workload,
    pod,
    container,
    persistentVolumeClaim: pvc,
    storageClass: storageclass,
    ingress,
    resourcesFilter: readExpression(query, 'resources_filter'),
    namespacedResourcesFilter: query.get('namespaced_resources_filter'),
    job: query.get('job'),
    controllerPod: query.get('pod'),
  }).filter(([, value]) => value)
  return { level, ...Object.fromEntries(given), ...windowOf(query), rank: query.get('type') === 'rank' } as MetricScope
}

/** Named metrics as clients ask for them; the order in which parameters are read is the order in which what is wrong with them is told. */
export function createNamedMetrics ({ monitoring, creation, statistics }: { monitoring: Monitoring, creation: Creation, statistics: Statistics }): NamedMetrics {
  return {
    async answer ({ level: fixed, identifier, statistics: counts }, { params, query, now, options }) {
      const level = fixed ?? `component:${params.component}`
      const all = metricNamesOf(level)
      const fits = nameFilter(readExpression(query, 'metrics_filter'))
      const scope = scopeOf(level, params, query)
      let times = readTimes(query, now)
      if (params.namespace !== undefined) {
        const since = await creation.since(params.namespace, times)
        if (!since) return { results: all.map(name => ({ metric_name: name, data: {} })) }
        times = since
      }
      const sort = readSort(query)
      if (counts && query.get('type') === 'statistics') return wireResults(await statistics.workspace(params.workspace ?? ''))

      const names = all.filter(name => !isMeter(name) && fits(name))
      if (names.length === 0) return { results: null }
      if (isRange(times)) return wireResults({ results: await monitoring.getNamedMetricsOverTime(names, times, scope, options) })
      const results = await monitoring.getNamedMetrics(names, times.time, scope, options)
      return wireResults(sort && identifier ? sortAndPage(results, sort, identifier) : { results })
    },
  }
}
