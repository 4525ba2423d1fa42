import type { FastifyRequest } from 'fastify'
import { defineGroup, oauthError, preRegistration, textError, type App, type Authentication, type Services } from '../../core/sdk/index.js'
import { authorize } from './authorize.js'
import { begin, callback } from './callback.js'
import { formOf, takes } from './form.js'
import { providerLogin } from './provider-login.js'
import { passwordLogin, refusal, token } from './token.js'

type Needs = Pick<Services, 'authentication' | 'server' | 'log'>

/** RFC 8414 metadata. The issuer stands in front of the paths as it is configured. */
const discovery = (issuer: string) => ({
  issuer,
  authorization_endpoint: `${issuer}/authorize`,
  token_endpoint: `${issuer}/token`,
  userinfo_endpoint: `${issuer}/userinfo`,
  jwks_uri: `${issuer}/keys`,
  grant_types_supported: ['authorization_code', 'refresh_token'],
  response_types_supported: ['code', 'token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['RS256'],
  code_challenge_methods_supported: ['S256', 'plain'],
  scopes_supported: ['openid', 'email', 'profile', 'offline_access'],
  token_endpoint_auth_methods_supported: ['client_secret_basic', 'client_secret_post'],
  claims_supported: ['iss', 'sub', 'aud', 'iat', 'exp', 'email', 'locale', 'preferred_username'],
})

function userinfo ({ user }: Authentication, { identity }: FastifyRequest) {
  if (identity.by === 'anonymous') throw oauthError(401, 'login_required')
  const found = user(identity.name)
  if (!found) throw oauthError(500, 'server_error', `user.iam.kubesphere.io "${identity.name}" not found`)
  const { name } = found.metadata
  return { sub: name, name, ...(found.spec.email ? { email: found.spec.email } : {}), ...(found.spec.lang ? { locale: found.spec.lang } : {}), preferred_username: name }
}

/** Where a log-out leads: only to addresses that clients have registered. */
function logoutTarget ({ clients }: Authentication, uri: string, state: string): string {
  if (!clients.registered(uri)) throw textError(400, `invalid logout redirect URI: ${uri}`)
  return state ? `${uri}${uri.includes('?') ? '&' : '?'}state=${encodeURIComponent(state)}` : uri
}

/** Ends everything of an account; those who have none yet share a name, and end only what is theirs. */
async function endSession ({ issuer }: Authentication, { identity: { name, token } }: FastifyRequest): Promise<void> {
  if (name !== preRegistration) await issuer.endAll(name)
  else if (token?.family) await issuer.endFamily(name, token.family)
}

interface TokenReview { apiVersion?: string, spec?: { token?: unknown } }

function review ({ review }: Authentication, body: TokenReview | null) {
  const given = body?.spec?.token
  if (typeof given !== 'string' || given === '') throw textError(400, 'token must not be null')
  let identity: ReturnType<typeof review>
  try { identity = review(given) } catch (error) { throw textError(400, (error as Error).message) }
  return { apiVersion: body?.apiVersion ?? '', kind: 'TokenReview', status: identity ? { authenticated: true, user: { uid: '', username: identity.name } } : { authenticated: false } }
}

interface ProviderParams { Params: { provider: string } }

function getRoutes (app: App, { authentication, server, log }: Needs): void {
  const described = discovery(server.authentication.oauthOptions.issuer)
  app.get('/oauth/.well-known/openid-configuration', () => described)
  app.get('/oauth/keys', async () => ({ keys: [(await authentication.signKey()).jwk] }))
  app.get('/oauth/userinfo', request => userinfo(authentication, request))
  app.get('/oauth/authorize', (request, reply) => authorize(authentication, request, reply, key => request.target.query.get(key) ?? ''))
  app.get('/oauth/logout', async (request, reply) => {
    const { identity, target: { query } } = request
    const uri = query.get('post_logout_redirect_uri') ?? ''
    const target = uri && logoutTarget(authentication, uri, query.get('state') ?? '')
    if (identity.by !== 'anonymous') await endSession(authentication, request)
    return target ? reply.type('text/plain').redirect(target, 302) : { message: 'success' }
  })
  app.get<ProviderParams>('/oauth/login/:provider', (request, reply) => begin(authentication, request.params.provider, reply, log))
  app.get<ProviderParams>('/oauth/callback/:provider', (request, reply) => callback(authentication, request, request.params.provider, reply, log))
}

function formRoutes (app: App, { authentication, log }: Omit<Needs, 'server'>): void {
  takes(app, 'application/x-www-form-urlencoded')
  app.post('/oauth/authorize', (request, reply) => authorize(authentication, request, reply, formOf(request.body)))
  app.post('/oauth/token', async (request, reply) => {
    reply.header('cache-control', 'no-store')
    return token(authentication, request, formOf(request.body))
  })
  app.post<ProviderParams>('/oauth/login/:provider', (request, reply) => {
    reply.header('cache-control', 'no-store')
    return providerLogin(authentication, request, request.params.provider, formOf(request.body), log)
  })
}

/** OAuth 2.0 and the discovery part of OpenID Connect, as clients of 3.x use them. */
export default defineGroup({
  name: 'oauth',
  needs: ['authentication', 'server', 'log'],
  openPaths: ['/oauth/*', '/kapis/iam.kubesphere.io/v1alpha2/login'],
  setup: ({ authentication, server, log }) => ({
    root: async (app: App) => {
      getRoutes(app, { authentication, server, log })
      await app.register(async scope => { formRoutes(scope, { authentication, log }) })
      await app.register(async scope => {
        takes(scope, 'application/json')
        scope.post('/oauth/authenticate', request => review(authentication, request.body as TokenReview | null))
        // The log-in of 3.2: JSON instead of a form, no client.
        scope.post('/kapis/iam.kubesphere.io/v1alpha2/login', async request => {
          const { username, password } = (request.body ?? {}) as { username?: unknown, password?: unknown }
          return passwordLogin(authentication, request, String(username ?? ''), String(password ?? '')).catch((error: unknown) => { throw refusal(error) })
        })
      })
    },
  }),
})
