import { createHash } from 'node:crypto'
import { createSigner } from 'fast-jwt'
import type { ServerConfig } from '../../config/server.js'
import type { User } from '../../schemas/iam/v1alpha2.js'
import { annotations } from '../../schemas/iam/v1alpha2.js'
import { sameText } from './clients.js'
import { preRegistration, type Identities } from './identities.js'
import type { Sessions } from './sessions.js'
import type { SignKey } from './sign-key.js'
import { newTokenId, type Claims, type Tokens } from './tokens.js'

/** The answer of the token endpoint. */
export interface TokenAnswer { access_token: string, token_type: 'Bearer', refresh_token: string, id_token?: string, expires_in?: number }

/** What an authorization code stands for. */
export interface CodeRequest { username: string, clientId: string, redirectURI: string, scopes: readonly string[], nonce?: string, challenge?: { value: string, method: 'S256' | 'plain' } }

/** Why a grant is refused; the message is the description of an `invalid_grant`. */
export class GrantRefused extends Error {}

const codeLifetime = 10 * 60_000

export interface IssuerOptions {
  config: ServerConfig['authentication']
  tokens: Tokens
  sessions: Sessions
  signKey: () => Promise<SignKey>
  findUser: (name: string) => User | undefined
  identities: Identities
  now: () => number
}

const verifier = ({ value, method }: NonNullable<CodeRequest['challenge']>, given: string): boolean =>
  sameText(method === 'S256' ? createHash('sha256').update(given).digest('base64url') : given, value)

/** Issues, exchanges and ends tokens. */
export function createIssuer ({ config, tokens, sessions, signKey, findUser, identities, now }: IssuerOptions) {
  const { accessTokenMaxAge, accessTokenInactivityTimeout } = config.oauthOptions
  const refreshLifetime = accessTokenMaxAge + accessTokenInactivityTimeout

  async function idToken (user: User, { aud = [], scopes = [], nonce }: Claims): Promise<string> {
    const { pem, kid } = await signKey()
    const { name } = user.metadata
    const at = Math.floor(now() / 1000)
    return createSigner({ key: pem, algorithm: 'RS256', kid })({
      iss: config.oauthOptions.issuer,
      sub: name,
      username: name,
      name,
      aud,
      iat: at,
      exp: at + Math.floor(refreshLifetime / 1000),
      token_type: 'id_token',
      ...(nonce ? { nonce } : {}),
      ...(scopes.includes('email') ? { email: user.spec.email } : {}),
      ...(scopes.includes('profile') ? { preferred_username: name, ...(user.spec.lang ? { locale: user.spec.lang } : {}) } : {}),
    })
  }

  /** A pair of tokens. One log-in's tokens share a family; without `multipleLogin`, everything earlier ends first. */
  async function issue (username: string, extra?: Record<string, string[]>, family?: string): Promise<TokenAnswer> {
    let at = now()
    if (!config.multipleLogin && username !== preRegistration) at = Math.max(at, await sessions.endAll(username) + 1)
    const fam = family ?? newTokenId(at)
    const sign = (type: 'access_token' | 'refresh_token', lifetime: number) => tokens.sign({ username, token_type: type, fam, jti: newTokenId(at), ...(extra ? { extra } : {}) }, lifetime)
    return {
      access_token: sign('access_token', accessTokenMaxAge),
      token_type: 'Bearer',
      refresh_token: sign('refresh_token', refreshLifetime),
      ...(accessTokenMaxAge > 0 ? { expires_in: Math.floor(accessTokenMaxAge / 1000) } : {}),
    }
  }

  /** A token of the wanted type that has not been ended. */
  function redeemable (token: string, type: 'refresh_token' | 'code'): Claims {
    let claims: Claims
    try { claims = tokens.verify(token) } catch (error) { throw new GrantRefused((error as Error).message) }
    // As ks-apiserver: the text has lost a letter.
    if (claims.token_type !== type) throw new GrantRefused(`ivalid token type ${claims.token_type ?? ''} want ${type}`)
    const ended = sessions.ended(claims)
    if (ended) throw new GrantRefused(ended)
    return claims
  }

  const idOf = (token: string, { jti }: Claims): string => jti ?? createHash('sha256').update(token).digest('base64url')
  const expiryOf = ({ exp }: Claims): number => exp === undefined ? now() + refreshLifetime + 86_400_000 : exp * 1000

  /** Uses a token up; whoever comes second ends what the first one got. */
  async function useUp (token: string, claims: Claims, why: string, holder = claims.username): Promise<void> {
    if (await sessions.spend(claims.username, idOf(token, claims), expiryOf(claims))) return
    if (claims.fam) await sessions.end(holder, [claims.fam], now() + refreshLifetime)
    throw new GrantRefused(why)
  }

  /** Who is behind a token: whoever was to register has an account by now. */
  function subjectOf ({ username, extra }: Claims): string {
    if (username !== preRegistration) return username
    const origin = identities.originOf({ name: username, groups: [], by: 'bearer', ...(extra ? { extra } : {}) })
    const user = origin && identities.find(origin)
    if (!user) throw new GrantRefused('authenticated user does not exist')
    return user.metadata.name
  }

  const usable = (username: string): void => {
    const user = findUser(username)
    if (!user || user.status?.state === 'Disabled') throw new GrantRefused('account is not active')
  }

  return {
    issue,
    /** For a person who has proved a password: carries the mark of a first log-in. */
    issueFor: (user: User) => {
      const mark = user.metadata.annotations?.[annotations.uninitialized]
      return issue(user.metadata.name, mark ? { uninitialized: [mark] } : undefined)
    },
    async refresh (token: string): Promise<TokenAnswer> {
      const claims = redeemable(token, 'refresh_token')
      const subject = subjectOf(claims)
      usable(subject)
      await useUp(token, claims, 'the refresh token has been used before', subject)
      return issue(subject, subject === claims.username ? claims.extra : undefined, claims.fam)
    },
    code ({ username, clientId, redirectURI, scopes, nonce, challenge }: CodeRequest): string {
      return tokens.sign({
        username,
        token_type: 'code',
        aud: [clientId],
        scopes: [...scopes],
        fam: newTokenId(now()),
        redirect_uri: redirectURI,
        ...(nonce ? { nonce } : {}),
        ...(challenge ? { code_challenge: challenge.value, code_challenge_method: challenge.method } : {}),
      }, codeLifetime)
    },
    async exchange (code: string, { clientId, redirectURI, codeVerifier }: { clientId: string, redirectURI: string, codeVerifier: string }): Promise<TokenAnswer> {
      const claims = redeemable(code, 'code')
      if (!claims.aud?.includes(clientId)) throw new GrantRefused('the code was issued to another client')
      if (redirectURI !== '' && claims.redirect_uri !== undefined && redirectURI !== claims.redirect_uri) throw new GrantRefused('the redirect_uri differs from the one of the authorization request')
      if (claims.code_challenge !== undefined && !verifier({ value: claims.code_challenge, method: claims.code_challenge_method === 'S256' ? 'S256' : 'plain' }, codeVerifier)) throw new GrantRefused('the code_verifier does not fit')
      usable(claims.username)
      await useUp(code, claims, 'the code has been used before')
      const pair = await issue(claims.username, undefined, claims.fam)
      const user = findUser(claims.username)
      return claims.scopes?.includes('openid') && user ? { ...pair, id_token: await idToken(user, claims) } : pair
    },
    /** Ends what came from one log-in. */
    endFamily: (username: string, family: string): Promise<void> => sessions.end(username, [family], now() + refreshLifetime + 86_400_000),
    /** Ends everything issued to a user so far; what came from one log-in may be kept, by its family. */
    endAll: async (username: string, keepFamily = ''): Promise<void> => {
      await sessions.endAll(username, keepFamily ? { family: keepFamily, expires: now() + refreshLifetime + 86_400_000 } : undefined)
    },
  }
}

export type Issuer = ReturnType<typeof createIssuer>
