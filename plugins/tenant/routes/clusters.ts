import { Type } from '@sinclair/typebox'
import { parseListQuery, type App } from '../../../core/sdk/index.js'
import type { TenantClusters } from '../clusters.js'

const Params = Type.Object({ workspace: Type.String() })
const tags = ['Cluster']

/** Clusters as tenants see them; to read. */
export function clusterRoutes (app: App, clusters: TenantClusters): void {
  app.get('/clusters', { schema: { tags } }, ({ identity, target }) => clusters.list(identity, parseListQuery(target.query)))
  app.get<{ Params: { workspace: string } }>('/workspaces/:workspace/clusters', { schema: { tags, params: Params } }, ({ identity, params }) => clusters.ofWorkspace(identity, params.workspace))
}
