import { Type } from '@sinclair/typebox'
import { parseListQuery, type App } from '../../../core/sdk/index.js'
import type { Directory } from '../directory.js'

const Params = Type.Object({ user: Type.String() })
const params = { params: Params, tags: ['User'] }

/** People, their global role's templates and their log-ins; to read. */
export function userRoutes (app: App, directory: Directory): void {
  app.get('/users', { schema: { tags: ['User'] } }, ({ target }) => directory.listUsers(parseListQuery(target.query)))
  app.get<{ Params: { user: string } }>('/users/:user', { schema: params }, ({ params }) => directory.getUser(params.user))
  app.get<{ Params: { user: string } }>('/users/:user/globalroles', { schema: params }, ({ params }) => directory.globalRolesOf(params.user))
  app.get<{ Params: { user: string } }>('/users/:user/loginrecords', { schema: params }, ({ params, target }) => directory.listLoginRecords(params.user, parseListQuery(target.query)))
}
