import { Type } from '@sinclair/typebox'
import type { App } from '../../../core/sdk/index.js'
import type { Quotas } from '../quotas.js'

const Workspace = Type.Object({ workspace: Type.String() })
const Params = Type.Object({ workspace: Type.String(), resourcequota: Type.String() })
interface Named { Params: { workspace: string, resourcequota: string } }

/** Quotas of workspaces; there is no list. */
export function quotaRoutes (app: App, quotas: Quotas): void {
  const path = '/workspaces/:workspace/resourcequotas'
  const tags = ['Workspace Quota']
  const named = { schema: { tags, params: Params } }
  app.post<{ Params: { workspace: string } }>(path, { schema: { tags, params: Workspace } }, ({ identity, params, body }) => quotas.create(identity, params.workspace, body))
  app.get<Named>(`${path}/:resourcequota`, named, ({ identity, params }) => quotas.get(identity, params.workspace, params.resourcequota))
  app.put<Named>(`${path}/:resourcequota`, named, ({ identity, params, body }) => quotas.update(identity, params.workspace, params.resourcequota, body))
  app.delete<Named>(`${path}/:resourcequota`, named, async ({ params }) => {
    await quotas.remove(params.workspace, params.resourcequota)
    return { message: 'success' }
  })
}
