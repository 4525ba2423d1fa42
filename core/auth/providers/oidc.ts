import { Type, type Static } from '@sinclair/typebox'
import { verifyIdToken } from './id-token.js'
import { createKeySet } from './key-set.js'
import { authorizationURL, clientOptions, codeOf, createExchange, userInfo } from './oauth.js'
import { checkURL, flag, isWebAddress, OptionError, text } from './options.js'
import { createOutbound, objectOf, textOf, type Outbound } from './outbound.js'
import { defineProvider, ProviderFailure, type Endpoint, type ExternalIdentity } from './types.js'

const OIDCOptions = Type.Object({
  ...clientOptions,
  issuer: text(),
  getUserInfo: flag(),
  emailKey: Type.String({ default: 'email' }),
  preferredUsernameKey: Type.String({ default: 'preferred_username' }),
  /** Our own: the claim with the groups of `groupMapping`. */
  groupsKey: Type.String({ default: 'groups' }),
  endpoint: Type.Object({ authURL: text(), tokenURL: text(), userInfoURL: text(), jwksURL: text(), endSessionURL: text() }, { default: {} }),
})
type Options = Static<typeof OIDCOptions>
type Addresses = Required<Endpoint>
type Claims = Record<string, unknown>

/** How soon a discovery that failed is tried again (ms). */
const retryAfter = 10_000
const discovered: Record<keyof Addresses, string> = { authURL: 'authorization_endpoint', tokenURL: 'token_endpoint', userInfoURL: 'userinfo_endpoint', jwksURL: 'jwks_uri', endSessionURL: 'end_session_endpoint' }
const keysOf = Object.keys(discovered) as (keyof Addresses)[]

/** As with a log-in over TLS, so with all that it leads to. */
const isFitting = (issuer: string, url: string): boolean => isWebAddress(url) && (!issuer.startsWith('https:') || url.startsWith('https:'))

/** OpenID Connect Discovery 1.0; what is configured stands. */
async function discover ({ issuer, endpoint }: Options, outbound: Outbound): Promise<Addresses> {
  const document = objectOf(await outbound.get(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`), 'its discovery')
  if (document.issuer !== issuer) throw new ProviderFailure('the identity provider names another issuer than the configured one')
  const found = Object.fromEntries(keysOf.map(key => [key, endpoint[key] || textOf(document, discovered[key])])) as unknown as Addresses
  const wrong = keysOf.find(key => found[key] !== '' && !isFitting(issuer, found[key]))
  if (wrong) throw new ProviderFailure(`the identity provider names an address that cannot be used: ${discovered[wrong]}`)
  if (!found.authURL || !found.tokenURL || !found.jwksURL) throw new ProviderFailure('the identity provider does not name its addresses')
  return found
}

/** Addresses once they are known; a discovery that fails is tried again when somebody next asks. */
function createAddresses (options: Options, outbound: Outbound, now: () => number) {
  const { issuer, endpoint, getUserInfo } = options
  const isComplete = Boolean(endpoint.authURL && endpoint.tokenURL && endpoint.jwksURL && (endpoint.userInfoURL || !getUserInfo))
  let known: Addresses | undefined = isComplete || !issuer ? endpoint : undefined
  let asking: Promise<Addresses> | undefined
  let failed: { at: number, error: unknown } | undefined

  async function ask (): Promise<Addresses> {
    try {
      known = await discover(options, outbound)
      return known
    } catch (error) {
      // As ks-apiserver says of a provider that is not initialised.
      failed = { at: now(), error: new ProviderFailure('identity provider not found', { cause: error }) }
      throw failed.error
    }
  }
  async function get (): Promise<Addresses> {
    if (known) return known
    if (!asking && failed && now() - failed.at < retryAfter) throw failed.error
    asking ??= ask().finally(() => { asking = undefined })
    return asking
  }
  return { known: () => known, get }
}

function check ({ issuer, redirectURL, endpoint }: Options): void {
  if (!issuer && !endpoint.jwksURL) throw new OptionError('issuer', 'the address of the issuer, or endpoint.jwksURL instead')
  checkURL('issuer', issuer)
  checkURL('redirectURL', redirectURL)
  for (const key of keysOf) checkURL(`endpoint.${key}`, endpoint[key], !issuer && (key === 'authURL' || key === 'tokenURL'))
}

const groupsOf = (claim: unknown): string[] => Array.isArray(claim) ? claim.filter(group => typeof group === 'string').slice(0, 1_000) : []

function identityOf (claims: Claims, { emailKey, preferredUsernameKey, groupsKey }: Options): ExternalIdentity {
  const isUnverified = claims.email_verified === false || claims.email_verified === 'false'
  return {
    uid: textOf(claims, 'sub'),
    username: textOf(claims, preferredUsernameKey) || textOf(claims, 'name'),
    email: isUnverified ? '' : textOf(claims, emailKey),
    groups: groupsOf(claims[groupsKey]),
  }
}

/** OpenID Connect, code flow. */
export const oidc = defineProvider({
  type: 'OIDCIdentityProvider',
  options: OIDCOptions,
  create (options, { log, now }) {
    check(options)
    const outbound = createOutbound(options)
    const addresses = createAddresses(options, outbound, now)
    const keys = createKeySet(outbound, now)
    const exchange = createExchange(options, outbound)
    addresses.get().catch((error: unknown) => { log.warn({ err: error }, 'an identity provider cannot be used yet: its discovery failed') })

    /** Claims with what the user information says beside; its subject must be the token's. */
    async function withUserInfo (claims: Claims, url: string, accessToken: string): Promise<Claims> {
      if (!options.getUserInfo) return claims
      if (!url) throw new ProviderFailure('the identity provider has no address for user information')
      const info = await userInfo(outbound, url, accessToken)
      if (info.sub !== claims.sub) throw new ProviderFailure('the user information of the identity provider is about somebody else')
      return { ...claims, ...info }
    }

    return {
      kind: 'redirect',
      endpoint: () => options.issuer ? addresses.known() : undefined,
      location: async flow => authorizationURL((await addresses.get()).authURL, { ...options, scopes: [...new Set(['openid', ...options.scopes])] }, flow, { nonce: flow.nonce }),
      async identify (parameter, flow) {
        // RFC 9207: an answer that says whose it is must be of this issuer.
        if (options.issuer && parameter('iss') && parameter('iss') !== options.issuer) throw new ProviderFailure('the callback is of another issuer')
        const { tokenURL, jwksURL, userInfoURL } = await addresses.get()
        const { accessToken, idToken } = await exchange(tokenURL, codeOf(parameter), flow?.verifier)
        if (!idToken) throw new ProviderFailure('the identity provider answered without an id token')
        const claims = await verifyIdToken(idToken, keys, jwksURL, { issuer: options.issuer, clientID: options.clientID, now: now(), ...(flow ? { nonce: flow.nonce } : {}) })
        return identityOf(await withUserInfo(claims, userInfoURL, accessToken), options)
      },
      close: () => outbound.close(),
    }
  },
})
