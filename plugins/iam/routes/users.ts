import { parseListQuery, type App } from '../../../core/sdk/index.js'
import type { User } from '../../../schemas/iam/v1alpha2.js'
import { decode, metadataOf, PasswordBody, UserBody } from '../bodies.js'
import type { Catalog } from '../catalog.js'
import type { Directory } from '../directory.js'
import type { People } from '../people.js'
import { platform } from '../places.js'
import { success } from './success.js'

interface One { Params: { user: string } }
const schema = { tags: ['User'] }

function userOf (body: unknown): User {
  const { metadata, spec = {}, status } = decode(UserBody, body)
  return { metadata: metadataOf({ ...(metadata ? { metadata } : {}) }), spec: { ...spec, email: spec.email ?? '' }, ...(status ? { status } : {}) } as User
}

/** People, their accounts, their log-ins, and the templates of their role on the platform. */
export function userRoutes (app: App, { directory, people, catalog }: { directory: Directory, people: People, catalog: Catalog }): void {
  app.get('/users', { schema }, ({ target }) => directory.listUsers(parseListQuery(target.query)))
  app.post('/users', { schema }, request => people.create(request, userOf(request.body)))
  app.get<One>('/users/:user', { schema }, ({ params }) => directory.getUser(params.user))
  app.put<One>('/users/:user', { schema }, request => people.update(request, request.params.user, userOf(request.body)))
  app.delete<One>('/users/:user', { schema }, request => success(people.remove(request, request.params.user)))
  app.put<One>('/users/:user/password', { schema }, request => success(people.changePassword(request, request.params.user, decode(PasswordBody, request.body), request.target)))
  app.get<One>('/users/:user/globalroles', { schema }, ({ params }) => catalog.partsOfFirst(platform, params.user))
  app.get<One>('/users/:user/loginrecords', { schema }, ({ params, target }) => directory.listLoginRecords(params.user, parseListQuery(target.query)))
}
