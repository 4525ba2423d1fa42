import { Type } from '@sinclair/typebox'
import type { App } from '../../../core/sdk/index.js'
import { decode } from '../bodies.js'
import type { Tokens } from '../tokens.js'
import { success } from './success.js'

interface Owner { Params: { user: string } }
interface One { Params: { user: string, token: string } }

const schema = { tags: ['User'] }
const bodyLimit = 16 * 1024
// A limit that is misspelt must not be no limit.
const exact = { additionalProperties: false }
const Texts = Type.Array(Type.String({ maxLength: 253 }), { minItems: 1, maxItems: 50 })
const Rule = Type.Object({ verbs: Texts, apiGroups: Texts, resources: Texts }, exact)
const Scope = Type.Object({
  rules: Type.Optional(Type.Array(Rule, { minItems: 1, maxItems: 50 })),
  readOnly: Type.Optional(Type.Boolean()),
  workspaces: Type.Optional(Texts),
  namespaces: Type.Optional(Texts),
}, exact)
const TokenBody = Type.Object({
  name: Type.String({ pattern: '^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$' }),
  days: Type.Optional(Type.Integer({ minimum: 1, maximum: 366 })),
  scope: Type.Optional(Scope),
}, exact)

/** Personal access tokens of an account. */
export function tokenRoutes (app: App, tokens: Tokens): void {
  const [all, one] = ['/users/:user/tokens', '/users/:user/tokens/:token']
  app.get<Owner>(all, { schema }, ({ params }) => tokens.list(params.user))
  app.post<Owner>(all, { schema, bodyLimit }, ({ identity, params, body }, reply) => {
    reply.header('cache-control', 'no-store')
    return tokens.create(identity, params.user, decode(TokenBody, body))
  })
  app.delete<Owner>(all, { schema }, ({ identity, params }) => success(tokens.removeAll(identity, params.user)))
  app.delete<One>(one, { schema }, ({ identity, params }) => success(tokens.remove(identity, params.user, params.token)))
}
