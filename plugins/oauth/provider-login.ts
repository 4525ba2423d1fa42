import type { FastifyRequest } from 'fastify'
import { LoginFailure, oauthError, preRegistration, ProviderFailure, StatusError, type Authentication, type ConfiguredProvider, type ExternalIdentity, type PasswordProvider, type Services, type TokenAnswer } from '../../core/sdk/index.js'
import type { Form } from './form.js'
import { refusal } from './token.js'

type Entry = ConfiguredProvider['entry']

/** Somebody whom a provider knows, and who has no account here; the text is that of ks-apiserver. */
class NoAccount extends ProviderFailure {
  constructor (uid: string) { super(`user.iam.kubesphere.io "${uid}" not found`) }
}

/** Tokens for somebody who came from a provider: those of the account, or those that only open its registration. */
export async function tokensOf ({ identities, issuer, login }: Authentication, { target: { sourceIP, userAgent } }: FastifyRequest, entry: Entry, identity: ExternalIdentity): Promise<TokenAnswer> {
  const mapped = await identities.map(entry, identity)
  if (!mapped) throw new NoAccount(identity.uid)
  if ('extra' in mapped) return issuer.issue(preRegistration, mapped.extra)
  if (mapped.user.status?.state === 'Disabled') throw new LoginFailure('account is not active')
  const answer = await issuer.issue(mapped.user.metadata.name)
  login.succeeded(mapped.user, { sourceIP, userAgent, type: 'Token' }, entry.name)
  return answer
}

function passwordProvider ({ providers }: Authentication, name: string): { entry: Entry, provider: PasswordProvider } {
  const found = providers.find(name)
  if (!found) throw new ProviderFailure('the identity provider was not found')
  const { entry, provider } = found
  if (provider.kind !== 'password') throw new ProviderFailure('identity provider not found')
  return { entry, provider }
}

/** POST /oauth/login/{provider}: a password that a directory knows. */
export async function providerLogin (authentication: Authentication, request: FastifyRequest, name: string, form: Form, log: Services['log']): Promise<TokenAnswer> {
  const { target: { sourceIP, userAgent } } = request
  const [username, password] = [form('username'), form('password')]
  try {
    const { entry, provider } = passwordProvider(authentication, name)
    const identity = await authentication.login.attemptAt(name, { username, password, sourceIP, userAgent, type: 'Token' }, () => provider.authenticate(username, password))
    return await tokensOf(authentication, request, entry, identity)
  } catch (error) {
    if (error instanceof NoAccount) throw oauthError(400, 'invalid_grant', 'incorrect password')
    if (!(error instanceof ProviderFailure) && !(error instanceof StatusError && error.code < 500 && error.code !== 429)) throw refusal(error)
    log.warn({ identityProvider: name, err: error }, 'a log-in at an identity provider failed')
    throw oauthError(500, 'server_error', error.message)
  }
}
