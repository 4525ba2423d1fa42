import type { FastifyReply, FastifyRequest } from 'fastify'
import { askingOf, badRequest, readMeteringQuestion, readTimes, sendMeters, type App, type Monitoring } from '../../../core/sdk/index.js'
import { readLevel, type TenantMetering } from '../metering.js'

const places = ['node', 'workspace', 'namespace', 'workload', 'pod', 'storageclass'] as const

/** Meters within what the caller may see, their prices, and who used what in a project. */
export function meteringRoutes (app: App, metering: TenantMetering, monitoring: Monitoring): void {
  const schema = { tags: ['Metering'] }

  app.get('/metering', { schema }, async (request: FastifyRequest, reply: FastifyReply) => {
    const { target: { query }, identity } = request
    const { now, options } = askingOf(request, reply, monitoring)
    const level = readLevel(query.get('level'), query.get('namespace'))
    const question = readMeteringQuestion(level, Object.fromEntries(places.map(place => [place, query.get(place)])), query, now)
    const asFile = query.get('operation') === 'export'
    if (asFile && !('step' in question.times)) throw badRequest('strconv.ParseInt: parsing "": invalid syntax')
    const wanted = level === 'application' ? query.get('applications') : query.get('services')
    return sendMeters(reply, metering.of(identity), { ...question, wanted: wanted ?? '', options }, { export: asFile })
  })

  app.get<{ Params: { namespace: string } }>('/namespaces/:namespace/metering/hierarchy', { schema }, (request, reply) => {
    const { target: { query }, params, identity } = request
    const { now, options } = askingOf(request, reply, monitoring)
    return metering.hierarchy(identity, { path: params.namespace, other: query.get('namespace') }, readTimes(query, now), options)
  })

  app.get('/metering/price', { schema }, () => metering.prices())
}
