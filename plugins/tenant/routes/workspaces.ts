import { Type } from '@sinclair/typebox'
import { parseListQuery, type App } from '../../../core/sdk/index.js'
import { readDeleteOptions } from '../delete-options.js'
import type { Workspaces } from '../workspaces.js'

const Params = Type.Object({ workspace: Type.String() })
interface Named { Params: { workspace: string } }
const success = { message: 'success' }

/** Workspaces by their templates; `path` is /workspaces in v1alpha2, /workspacetemplates in v1alpha3. */
export function templateRoutes (app: App, workspaces: Workspaces, path: string): void {
  const schema = { tags: ['Workspace'] }
  const named = { schema: { ...schema, params: Params } }
  app.get(path, { schema }, ({ identity, target }) => workspaces.listTemplates(identity, parseListQuery(target.query)))
  app.post(path, { schema }, ({ identity, body }) => workspaces.create(identity, body))
  app.get<Named>(`${path}/:workspace`, named, ({ identity, params }) => workspaces.getTemplate(identity, params.workspace))
  app.put<Named>(`${path}/:workspace`, named, ({ identity, params, body }) => workspaces.update(identity, params.workspace, body))
  app.patch<Named>(`${path}/:workspace`, named, ({ identity, params, body }) => workspaces.patch(identity, params.workspace, body))
  app.delete<Named>(`${path}/:workspace`, named, async ({ params, body }) => {
    await workspaces.remove(params.workspace, readDeleteOptions(body))
    return success
  })
}

/** What of the workspaces is in this cluster. */
export function workspaceRoutes (app: App, workspaces: Workspaces): void {
  const schema = { tags: ['Workspace'] }
  app.get('/workspaces', { schema }, ({ identity, target }) => workspaces.listHere(identity, parseListQuery(target.query)))
  app.get<Named>('/workspaces/:workspace', { schema: { ...schema, params: Params } }, ({ identity, params }) => workspaces.getHere(identity, params.workspace))
}
