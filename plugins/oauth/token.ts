import type { FastifyRequest } from 'fastify'
import { GrantRefused, LoginFailure, StatusError, oauthError, type Authentication, type TokenAnswer } from '../../core/sdk/index.js'
import type { Form } from './form.js'

/** What a refused grant is answered with: 400, or 429 for an account that has failed too often (clients of 3.x read it so). */
export function refusal (error: unknown): StatusError {
  if (error instanceof LoginFailure) return oauthError(error.reason === 'auth rate limit exceeded' ? 429 : 400, 'invalid_grant', error.message)
  if (error instanceof GrantRefused) return oauthError(400, 'invalid_grant', error.message)
  if (error instanceof StatusError && (error.code === 429 || error.code === 400)) return oauthError(error.code, 'invalid_grant', error.message, error.headers)
  if (error instanceof StatusError) return error.form === 'oauth' ? error : oauthError(error.code === 503 ? 503 : 500, 'server_error', 'the token service is not available')
  throw error
}

/** Logs in with a password: the tokens, and a record of it. */
export async function passwordLogin ({ login, issuer }: Authentication, { target: { sourceIP, userAgent } }: FastifyRequest, username: string, password: string): Promise<TokenAnswer> {
  const attempt = { sourceIP, userAgent, type: 'Token' as const }
  const user = await login.attempt({ ...attempt, username, password })
  const answer = await issuer.issueFor(user)
  login.succeeded(user, attempt)
  return answer
}

type Grant = (authentication: Authentication, request: FastifyRequest, form: Form) => Promise<TokenAnswer>

const exchange: Grant = ({ issuer }, _request, form) => issuer.exchange(form('code'), { clientId: form('client_id'), redirectURI: form('redirect_uri'), codeVerifier: form('code_verifier') })

const grants: ReadonlyMap<string, Grant> = new Map<string, Grant>([
  ['password', (authentication, request, form) => passwordLogin(authentication, request, form('username'), form('password'))],
  ['refresh_token', ({ issuer }, _request, form) => issuer.refresh(form('refresh_token'))],
  ['authorization_code', exchange],
  // The name that the server of 3.x wants.
  ['code', exchange],
])

/** POST /oauth/token (RFC 6749 section 3.2): client credentials come in the body. */
export async function token (authentication: Authentication, request: FastifyRequest, form: Form): Promise<TokenAnswer> {
  const client = authentication.clients.find(form('client_id'))
  if (!client) throw oauthError(401, 'invalid_client', 'the OAuth client was not found')
  if (!authentication.clients.authenticates(client, form('client_secret'))) throw oauthError(401, 'invalid_client', 'invalid client credential')
  const grant = grants.get(form('grant_type'))
  if (!grant) throw oauthError(400, 'unsupported_grant_type')
  try { return await grant(authentication, request, form) } catch (error) { throw refusal(error) }
}
