import type { FastifyReply, FastifyRequest } from 'fastify'
import { askingOf, readMeteringQuestion, sendMeters, type App, type Metering, type Monitoring } from '../../core/sdk/index.js'
import { meteredPaths } from './levels.js'

/** Meters of the cluster, and of all that is in it. */
export function meteringRoutes (app: App, { metering, monitoring }: { metering: Metering, monitoring: Monitoring }): void {
  for (const { path, level, wanted } of meteredPaths) {
    app.get(path, { schema: { tags: ['Metering'] } }, async (request: FastifyRequest, reply: FastifyReply) => {
      const { params, target: { query } } = request
      const { now, options } = askingOf(request, reply, monitoring)
      return sendMeters(reply, metering, {
        ...readMeteringQuestion(level, params as Record<string, string | undefined>, query, now),
        releases: wanted === 'openpitrix_ids',
        ...(wanted ? { wanted: query.get(wanted) ?? '' } : {}),
        options,
      }, { export: query.get('operation') === 'export' })
    })
  }
}
