import { createHash } from 'node:crypto'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { LoginFailure, ProviderFailure, StatusError, textError, type Authentication, type ConfiguredProvider, type RedirectProvider, type Services, type TokenAnswer } from '../../core/sdk/index.js'
import { tokensOf } from './provider-login.js'

type Log = Services['log']
type Redirecting = Pick<ConfiguredProvider, 'entry'> & { provider: RedirectProvider }

/** Seconds that a log-in at a provider may take. */
const lifetime = 600

/** As ks-apiserver: whatever goes wrong is a 401 with its cause as text. */
function refusal (error: unknown, name: string, log: Log): StatusError {
  if (error instanceof StatusError && error.code >= 500) return error
  if (!(error instanceof ProviderFailure || error instanceof LoginFailure || error instanceof StatusError)) throw error
  log.warn({ identityProvider: name, err: error }, 'a log-in at an identity provider failed')
  return textError(401, `Unauthorized: ${error.message}`, error)
}

function redirecting ({ providers }: Authentication, name: string): Redirecting {
  const found = providers.find(name)
  if (!found) throw new ProviderFailure('the identity provider was not found')
  const { entry, provider } = found
  if (provider.kind !== 'redirect') throw new ProviderFailure('identity provider not found')
  return { entry, provider }
}

/** The cookie of a log-in under way. Where the way back is over TLS, no other host and no plain page can set it. */
function cookieOf ({ entry: { name, provider } }: Redirecting): { name: string, attributes: string } {
  const id = `ks-login-${createHash('sha256').update(name).digest('hex').slice(0, 16)}`
  const isSecure = /^https:/i.test(String(Object.entries(provider).find(([key]) => key.toLowerCase() === 'redirecturl')?.[1] ?? ''))
  return { name: isSecure ? `__Host-${id}` : id, attributes: `; Path=/; HttpOnly; SameSite=Lax${isSecure ? '; Secure' : ''}` }
}

function cookieValue ({ headers: { cookie = '' } }: FastifyRequest, name: string): string | undefined {
  const pair = cookie.split(';').map(one => one.trim()).find(one => one.startsWith(`${name}=`))
  return pair?.slice(name.length + 1) || undefined
}

/** GET /oauth/login/{provider}, our own: sends the browser to the provider with state, nonce and PKCE challenge, all bound to a cookie. */
export async function begin (authentication: Authentication, name: string, reply: FastifyReply, log: Log): Promise<FastifyReply> {
  try {
    const found = redirecting(authentication, name)
    const cookie = cookieOf(found)
    const { browser, ...flow } = authentication.flows.begin(name)
    const location = await found.provider.location(flow)
    return await reply.header('set-cookie', `${cookie.name}=${browser}; Max-Age=${lifetime}${cookie.attributes}`).header('cache-control', 'no-store').redirect(location, 302)
  } catch (error) { throw refusal(error, name, log) }
}

/** GET /oauth/callback/{provider}: a code or ticket becomes tokens. */
export async function callback (authentication: Authentication, request: FastifyRequest, name: string, reply: FastifyReply, log: Log): Promise<TokenAnswer> {
  const { target: { query } } = request
  const parameter = (key: string): string => query.get(key) ?? ''
  reply.header('cache-control', 'no-store')
  try {
    const { entry, provider } = redirecting(authentication, name)
    const cookie = cookieOf({ entry, provider })
    const browser = cookieValue(request, cookie.name)
    const flow = authentication.flows.resume(name, parameter('state'), browser, entry.requireState === true)
    if (browser !== undefined) reply.header('set-cookie', `${cookie.name}=; Max-Age=0${cookie.attributes}`)
    const identity = await provider.identify(parameter, flow)
    if (flow && !await authentication.spendFlow(name, flow.state)) throw new ProviderFailure('the log-in has been used before')
    return await tokensOf(authentication, request, entry, identity)
  } catch (error) { throw refusal(error, name, log) }
}
