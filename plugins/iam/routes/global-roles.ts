import { Type } from '@sinclair/typebox'
import { parseListQuery, type App } from '../../../core/sdk/index.js'
import type { Directory } from '../directory.js'

const Params = Type.Object({ globalrole: Type.String() })

/** Global roles and their templates; to read. */
export function globalRoleRoutes (app: App, directory: Directory): void {
  app.get('/globalroles', { schema: { tags: ['Global Role'] } }, ({ target }) => directory.listGlobalRoles(parseListQuery(target.query)))
  app.get<{ Params: { globalrole: string } }>('/globalroles/:globalrole', { schema: { tags: ['Global Role'], params: Params } }, ({ params }) => directory.getGlobalRole(params.globalrole))
}
