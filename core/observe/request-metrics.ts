import type { FastifyInstance } from 'fastify'
import type { Metrics } from './metrics.js'

/** As 3.x: counted are requests that reached the router with an API group; what is forwarded to Kubernetes is counted there. */
export function attachMetrics (app: FastifyInstance, metrics: Metrics): void {
  app.addHook('onResponse', (request, reply, done) => {
    const { target, grant } = request
    if (target && grant && target.info.apiGroup && !target.info.isKubernetesRequest) {
      const { verb, apiGroup: group, apiVersion: version, resource } = target.info
      const known = request.is404 ? { group: 'unknown', version: '', resource: '' } : { group, version, resource }
      metrics.observe({ verb, ...known, code: reply.statusCode, seconds: reply.elapsedTime / 1000 })
    }
    done()
  })
}
