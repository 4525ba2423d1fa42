import type { FastifyInstance } from 'fastify'
import { StatusError, type Kube } from './sdk/index.js'
import { clusters } from '../schemas/tenant/kinds.js'

const hostLabel = 'cluster-role.kubesphere.io/host'

/** Whether a name is that of a Cluster object for this very cluster. */
export const hostCluster = (kube: Kube) => (name: string): boolean =>
  kube.store(clusters).get(name)?.metadata.labels?.[hostLabel] !== undefined

/** As ks-apiserver: an unknown cluster is a 400 whose body wraps the Status (cluster dispatch alone writes it so). */
const unknownCluster = (name: string): StatusError =>
  new StatusError({ code: 400, reason: 'BadRequest', message: `cluster ${name} not exists`, form: 'wrapped' })

/**
 * Requests for `/clusters/{cluster}`: those for this cluster go on (the front door has routed them without the prefix), those for a member are
 * answered here. Members decide for themselves, so this stands before authorization.
 */
export function attachMulticluster (app: FastifyInstance, kube: Kube, enabled: boolean): void {
  if (!enabled) return
  const store = kube.store(clusters)
  const isHost = hostCluster(kube)
  app.addHook('onRequest', (request, _reply, done) => {
    const { cluster } = request.target.info
    if (!cluster || isHost(cluster)) return done()
    if (!store.get(cluster)) return done(unknownCluster(cluster))
    done(new StatusError({ code: 500, reason: 'InternalError', message: `Internal Server Error: "${request.target.path}": cluster ${cluster} is not ready`, form: 'text' }))
  })
}
