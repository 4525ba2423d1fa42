import { badRequest, isRange, readTimes, wireMetric, type Metric, type MetadataEntry, type Monitoring } from '../../core/sdk/index.js'
import type { Creation } from './creation.js'
import type { Asked } from './named-metrics.js'

export interface Targets {
  metadata (asked: Asked): Promise<{ data: MetadataEntry[] | null }>
  labelSets (asked: Asked): Promise<{ data: Record<string, string>[] | null }>
  query (asked: Asked): Promise<Metric>
}

/** What people ask of Prometheus in its own language; within a project, of what the project has. */
export function createTargets ({ monitoring, creation }: { monitoring: Monitoring, creation: Creation }): Targets {
  /** The times that are asked for, as far as the project was there. */
  async function timesOf ({ params, query, now }: Asked) {
    const times = readTimes(query, now)
    return params.namespace === undefined ? times : creation.since(params.namespace, times)
  }

  return {
    metadata: async ({ params, options }) => ({ data: await monitoring.getMetadata(params.namespace, options) }),

    async labelSets (asked) {
      const { params, query, options } = asked
      const metric = query.get('metric')
      if (!metric || !query.get('start') || !query.get('end')) throw badRequest('required fields are missing: [metric, start, end]')
      const times = await timesOf(asked)
      return { data: times && isRange(times) ? await monitoring.getMetricLabelSet(metric, times, params.namespace, options) : null }
    },

    async query (asked) {
      const { params: { namespace }, query, options } = asked
      const expression = query.get('expr') ?? ''
      const times = await timesOf(asked)
      if (!times) return { data: {} }
      return wireMetric(await (isRange(times) ? monitoring.getMetricOverTime(expression, times, namespace, options) : monitoring.getMetric(expression, times.time, namespace, options)))
    },
  }
}
