import { dashboardDefinitions } from '../../schemas/monitoring/dashboards-definitions.js'
import { defineGroup } from '../../core/sdk/index.js'
import { DashboardsConfig } from './config.js'
import { createDownload } from './download.js'
import { createFence } from './fence.js'
import { createImporter } from './importer.js'
import { importRoutes } from './routes.js'

/** Custom dashboards: their kinds, and the import of Grafana's. */
export default defineGroup({
  name: 'monitoring-dashboard',
  apiGroup: 'monitoring.kubesphere.io',
  needs: ['kube'],
  config: DashboardsConfig,
  seed: { crds: dashboardDefinitions },
  setup ({ kube, config: { dashboards } }) {
    const download = createDownload({ fence: createFence(dashboards) })
    const importDashboard = createImporter({ kube, download, config: dashboards })
    return { versions: { v1alpha3: app => { importRoutes(app, importDashboard) } } }
  },
})
