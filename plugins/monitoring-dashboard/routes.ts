import { Type } from '@sinclair/typebox'
import { clusterDashboards, dashboards } from '../../schemas/monitoring/dashboards.js'
import type { App } from '../../core/sdk/index.js'
import type { ImportDashboard } from './importer.js'
import { warningsOf } from './warnings.js'

const name = { grafanaDashboardName: Type.String({ minLength: 1 }) }
const rows = [
  { path: '/clusterdashboards/:grafanaDashboardName/template', kind: clusterDashboards, params: Type.Object(name) },
  { path: '/namespaces/:namespace/dashboards/:grafanaDashboardName/template', kind: dashboards, params: Type.Object({ namespace: Type.String(), ...name }) },
]
interface Named { Params: { namespace?: string, grafanaDashboardName: string } }

/** The import of Grafana dashboards, at both scopes. */
export function importRoutes (app: App, importDashboard: ImportDashboard): void {
  app.removeContentTypeParser('text/plain')
  for (const { path, kind, params } of rows) {
    app.post<Named>(path, { schema: { tags: ['Custom Monitoring'], params } }, async ({ params: { namespace, grafanaDashboardName }, body }, reply) => {
      const { dashboard, lost } = await importDashboard(kind, { name: grafanaDashboardName, ...namespace ? { namespace } : {} }, body)
      if (lost.length > 0) reply.header('warning', warningsOf(lost))
      return dashboard
    })
  }
}
