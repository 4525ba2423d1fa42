import { createHmac, randomBytes } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import type { ServerConfig } from '../../config/server.js'
import { users, type User } from '../../schemas/iam/v1alpha2.js'
import { serviceUnavailable, unauthorized, StatusError } from '../errors/status-error.js'
import type { Kube } from '../kube/types.js'
import { createClients, type Clients } from './clients.js'
import type { Authenticator } from './hooks.js'
import { createIdentities, preRegistration, type Identities } from './identities.js'
import { createIssuer, type Issuer } from './issuer.js'
import { createLogin, LoginFailure, type Login } from './login.js'
import { isPersonalToken } from './personal-token-record.js'
import { createPersonalTokens, type PersonalTokens } from './personal-tokens.js'
import type { Passwords } from './passwords.js'
import { createFlows, flowLifetime, type Flows } from './providers/flows.js'
import { createProviders, type Providers } from './providers/index.js'
import { createSessions } from './sessions.js'
import { loadSignKey, type SignKey } from './sign-key.js'
import { createTokens, issuedAt, type Claims } from './tokens.js'
import type { Identity } from './types.js'

export interface AuthenticationOptions { kube: Kube, passwords: Passwords, config: ServerConfig, log: Logger, now?: () => number }

/** Everything about who somebody is: credentials, log-in, tokens. */
export interface Authentication extends Authenticator {
  readonly login: Login
  readonly issuer: Issuer
  readonly clients: Clients
  readonly personalTokens: PersonalTokens
  /** People who come from identity providers, and their accounts. */
  readonly identities: Identities
  readonly providers: Providers
  /** Log-ins at providers that were begun here. */
  readonly flows: Flows
  /** Uses a flow up: true for the first who does so, on whatever replica. */
  spendFlow (provider: string, state: string): Promise<boolean>
  signKey (): Promise<SignKey>
  user (name: string): User | undefined
  /** The identity behind a token; undefined where it is good but opens nothing (another type, a user who is gone or disabled). Throws an Error with 3.x's text for any other. */
  review (token: string): Identity | undefined
  ready (): Promise<void>
  close (): Promise<void>
}

const anonymous: Identity = Object.freeze({ name: 'system:anonymous', groups: Object.freeze(['system:unauthenticated']), by: 'anonymous' })
/** Types that open the API. The token endpoint also takes the refresh token that consoles send along there. */
const bearerTypes = new Set<string | undefined>(['access_token', 'static_token', undefined])

/** How long a checked Basic password is believed (ms), and of how many callers. */
const basicCache = { ttl: 30_000, max: 1_000 }

export function createAuthentication ({ kube, passwords, config, log, now = Date.now }: AuthenticationOptions): Authentication {
  const { authentication: options } = config
  const people = kube.store(users)
  const sessions = createSessions({ kube, log, now })
  const tokens = createTokens({ secret: options.jwtSecret, issuer: options.oauthOptions.issuer, maximumClockSkew: options.maximumClockSkew, now })
  const personalTokens = createPersonalTokens({ kube, secret: options.jwtSecret, log, now })
  const login = createLogin({ kube, passwords, config, log, now })
  const basics = new LRUCache<string, { name: string, hash: string }>({ ...basicCache })
  const basicKey = randomBytes(32)
  const groupLists = new WeakMap<User, readonly string[]>()

  let key: Promise<SignKey> | undefined
  const signKey = (): Promise<SignKey> => {
    key ??= loadSignKey(options.oauthOptions, kube).catch((error: unknown) => { key = undefined; throw error })
    return key
  }
  const identities = createIdentities({ kube })
  const providers = createProviders({ entries: options.oauthOptions.identityProviders, log, now })
  const issuer = createIssuer({ config: options, tokens, sessions, signKey, findUser: name => people.get(name), identities, now })

  /** `system:` groups are Kubernetes' to give, whatever a User object says. */
  function groupsOf (user: User): readonly string[] {
    let groups = groupLists.get(user)
    if (!groups) groupLists.set(user, groups = Object.freeze([...(user.spec?.groups ?? []).filter(group => !group.startsWith('system:')), 'system:authenticated']))
    return groups
  }

  const tokenOf = (claims: Claims): NonNullable<Identity['token']> =>
    ({ id: claims.jti ?? '', issuedAt: issuedAt(claims), expiresAt: (claims.exp ?? 0) * 1000, type: claims.token_type ?? '', family: claims.fam ?? '' })

  /** The identity that a token gave, and the account as it was then. */
  const given = new WeakMap<Claims, { user: User, identity: Identity }>()

  function identityOf (claims: Claims): Identity {
    const { username: name, extra } = claims
    if (name === preRegistration) return { name, groups: [], by: 'bearer', token: tokenOf(claims), ...(extra ? { extra } : {}) }
    const user = people.get(name)
    if (!user && !people.synced) throw serviceUnavailable('the accounts have not been read yet, please try again later')
    if (!user) throw new Error(`user.iam.kubesphere.io "${name}" not found`)
    if (user.status?.state === 'Disabled') throw new Error('account is not active')
    const known = given.get(claims)
    if (known?.user === user) return known.identity
    const identity: Identity = Object.freeze({ name, groups: groupsOf(user), by: 'bearer', token: tokenOf(claims) })
    given.set(claims, { user, identity })
    return identity
  }

  function verified (token: string): Claims {
    const claims = tokens.verify(token)
    const ended = sessions.ended(claims)
    if (ended) throw new Error(ended)
    return claims
  }

  function bearer (token: string, isTokenEndpoint: boolean): Identity {
    const claims = verified(token)
    if (!bearerTypes.has(claims.token_type) && !(isTokenEndpoint && claims.token_type === 'refresh_token')) throw new Error(`a ${claims.token_type} is no credential here`)
    return identityOf(claims)
  }

  /** Its owner, within the token's limits; where tokens are given out and log-ins end it is no credential. */
  function personal (token: string, path: string): Identity {
    if (/^\/oauth(\/|$)/.test(path) && path !== '/oauth/userinfo') throw new Error('a personal access token is no credential here')
    const { owner, record: { id, created, expires, restriction } } = personalTokens.verify(token)
    return { name: owner.metadata.name, groups: groupsOf(owner), by: 'bearer', token: { id, issuedAt: created, expiresAt: expires, type: 'personal_access_token', family: '' }, restriction }
  }

  async function basic (encoded: string, sourceIP: string, userAgent: string): Promise<Identity> {
    const text = Buffer.from(encoded, 'base64').toString('utf8')
    const colon = text.indexOf(':')
    if (colon < 0) throw unauthorized('Unauthorized: no credentials provided')
    const cached = createHmac('sha256', basicKey).update(encoded).digest('base64url')
    const known = basics.get(cached)
    const knownUser = known && people.get(known.name)
    if (knownUser && knownUser.spec.password === known.hash && knownUser.status?.state === 'Active') return { name: known.name, groups: groupsOf(knownUser), by: 'basic' }
    const user = await login.attempt({ username: text.slice(0, colon), password: text.slice(colon + 1), sourceIP, userAgent, type: 'Password' })
    basics.set(cached, { name: user.metadata.name, hash: user.spec.password ?? '' })
    return { name: user.metadata.name, groups: groupsOf(user), by: 'basic' }
  }

  const refused = (error: unknown): StatusError => {
    if (error instanceof StatusError) return error
    if (error instanceof LoginFailure || error instanceof Error) return unauthorized(`Unauthorized: ${error.message}`)
    return unauthorized('Unauthorized')
  }

  return {
    login,
    issuer,
    clients: createClients(options.oauthOptions.clients),
    personalTokens,
    identities,
    providers,
    flows: createFlows({ secret: options.jwtSecret, now }),
    spendFlow: (provider, state) => sessions.spend(`system:identity-provider:${provider}`, state, now() + flowLifetime),
    signKey,
    user: name => people.get(name),
    review (token) {
      const claims = verified(token)
      try { return bearerTypes.has(claims.token_type) ? identityOf(claims) : undefined } catch { return undefined }
    },
    authenticate ({ authorization = '', method, path, sourceIP, userAgent }) {
      const sent = authorization.trim()
      if (sent === '') return anonymous
      const [scheme = '', credential = ''] = sent.split(' ', 2)
      if (!credential) throw unauthorized('Unauthorized: no credentials provided')
      switch (scheme.toLowerCase()) {
        case 'bearer':
          try { return isPersonalToken(credential) ? personal(credential, path) : bearer(credential, method === 'POST' && path === '/oauth/token') } catch (error) { throw refused(error) }
        case 'basic':
          return basic(credential, sourceIP, userAgent).catch((error: unknown) => { throw refused(error) })
        default:
          throw unauthorized('Unauthorized: no credentials provided')
      }
    },
    ready: async () => { await Promise.all([people.ready(), login.ready(), sessions.ready(), personalTokens.ready()]) },
    close: async () => { personalTokens.close(); await Promise.all([login.close(), providers.close()]) },
  }
}
