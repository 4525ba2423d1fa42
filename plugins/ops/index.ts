import { defineGroup } from '../../core/sdk/index.js'
import { healthRoutes } from './health.js'
import { versionRoutes } from './version.js'

/** What operators and their tools ask: health, version, metrics. */
export default defineGroup({
  name: 'ops',
  needs: ['kube', 'health', 'metrics'],
  openPaths: ['/kapis/version', '/kapis/metrics', '/healthz', '/livez', '/readyz'],
  setup: ({ kube, health, metrics }) => ({
    root: app => {
      healthRoutes(app, health)
      versionRoutes(app, kube)
      app.get('/kapis/metrics', async (_request, reply) => reply.type(metrics.contentType).send(await metrics.text()))
    },
    checks: {
      kubernetes: async () => {
        const { status, body } = await kube.transport.send({ method: 'GET', path: '/version', timeout: 1_500 }).catch(() => { throw new Error('the Kubernetes API cannot be reached') })
        body.destroy()
        if (status >= 500) throw new Error(`the Kubernetes API answers ${status}`)
      },
    },
  }),
})
