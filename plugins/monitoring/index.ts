import { defineGroup, type ServerConfig } from '../../core/sdk/index.js'
import { createCreation } from './creation.js'
import { createNamedMetrics } from './named-metrics.js'
import { monitoringRoutes } from './routes.js'
import { createStatistics } from './statistics.js'
import { createTargets } from './targets.js'

/** Metrics of the cluster, of workspaces and projects, and of what is in them. */
export default defineGroup({
  name: 'monitoring',
  apiGroup: 'monitoring.kubesphere.io',
  needs: ['kube', 'monitoring', 'server'],
  setup ({ kube, monitoring, server }) {
    const { openpitrix } = server as ServerConfig & { openpitrix?: { s3: { endpoint: string } } }
    const creation = createCreation(kube)
    const statistics = createStatistics(kube, { appStore: Boolean(openpitrix?.s3.endpoint) })
    const named = createNamedMetrics({ monitoring, creation, statistics })
    const targets = createTargets({ monitoring, creation })
    return { versions: { v1alpha3: app => { monitoringRoutes(app, { monitoring, named, targets, statistics }) } } }
  },
})
