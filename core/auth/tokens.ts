import { randomBytes } from 'node:crypto'
import { createSigner, createVerifier, TokenError } from 'fast-jwt'
import { LRUCache } from 'lru-cache'

export type TokenType = 'access_token' | 'refresh_token' | 'code' | 'static_token' | 'id_token'

/** What our tokens say. `jti` and `fam` are our own: the id carries the time of issue in ms, the family ties what one log-in led to. */
export interface Claims {
  iss: string
  sub?: string
  username: string
  iat: number
  exp?: number
  token_type?: TokenType
  extra?: Record<string, string[]>
  aud?: string[]
  scopes?: string[]
  nonce?: string
  jti?: string
  fam?: string
  /** Of a code: where it may be redeemed, and the PKCE challenge. */
  redirect_uri?: string
  code_challenge?: string
  code_challenge_method?: string
}

export interface TokenOptions {
  secret: string
  issuer: string
  /** Tolerance for `iat`, in ms. */
  maximumClockSkew: number
  now?: () => number
}

export interface Tokens {
  /** `lifetime` in ms; 0: no expiry. */
  sign (claims: Omit<Claims, 'iss' | 'iat' | 'exp' | 'jti'> & { jti?: string }, lifetime: number): string
  /** The claims of a good token; throws an Error whose message is what 3.x says. */
  verify (token: string): Claims
}

/** When a token was issued, in ms: to the millisecond for ours, to the second for those of other servers. */
export const issuedAt = ({ jti, iat }: Pick<Claims, 'jti' | 'iat'>): number => {
  const ms = parseInt(jti?.split('.')[0] ?? '', 36)
  return jti?.includes('.') && Number.isSafeInteger(ms) ? ms : iat * 1000
}

/** A new id whose time is `ms`. */
export const newTokenId = (ms: number): string => `${ms.toString(36)}.${randomBytes(12).toString('base64url')}`

class InvalidToken extends Error {}

const goDuration = (ms: number): string => {
  const seconds = Math.floor(ms / 1000)
  const [h, m, s] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60, seconds % 60]
  return `${h ? `${h}h` : ''}${h || m ? `${m}m` : ''}${s}s`
}

function decodePart (part: string): Record<string, unknown> {
  if (!/^[A-Za-z0-9_-]+$/.test(part)) throw new InvalidToken('illegal base64 data at input byte 0')
  let value: unknown
  try { value = JSON.parse(Buffer.from(part, 'base64url').toString('utf8')) } catch { throw new InvalidToken('invalid character in the token') }
  if (typeof value !== 'object' || value === null || Array.isArray(value)) throw new InvalidToken('json: cannot unmarshal the token')
  return value as Record<string, unknown>
}

const isText = (value: unknown): boolean => value === undefined || typeof value === 'string'
const isNumber = (value: unknown): boolean => value === undefined || value === null || typeof value === 'number'
const isTexts = (value: unknown): boolean => value === undefined || (Array.isArray(value) && value.every(one => typeof one === 'string'))
const isExtra = (value: unknown): boolean => value === undefined || value === null || (typeof value === 'object' && Object.values(value).every(isTexts))

/** Types of the claims that we read. */
function checkShape (claims: Record<string, unknown>): void {
  const { iss, sub, username, token_type: type, jti, fam, iat, exp, extra, scopes } = claims
  const good = [iss, sub, username, type, jti, fam].every(isText) && isNumber(iat) && isNumber(exp) && isExtra(extra) && isTexts(scopes) && (isText(claims.aud) || isTexts(claims.aud))
  if (!good) throw new InvalidToken('json: cannot unmarshal the claims of the token')
}

/** The header as far as it may speak: one algorithm, and no claim that it must be understood otherwise. Keys in it are never looked at. */
function checkHeader ({ alg, crit }: Record<string, unknown>): void {
  if (alg === 'none') throw new InvalidToken('signing method (alg) is unspecified.')
  if (alg === 'RS256') throw new InvalidToken('key is of invalid type')
  if (alg !== 'HS256') throw new InvalidToken(typeof alg === 'string' && /^(HS|RS|ES|PS)\d{3}$|^EdDSA$/.test(alg) ? `signing method ${alg} is invalid` : 'signing method (alg) is unavailable.')
  if (crit !== undefined) throw new InvalidToken('a critical header of the token is not understood')
}

/** Tokens whose claims are kept, so that a caller's next request costs a look-up. */
const keptTokens = 10_000

export function createTokens ({ secret, issuer, maximumClockSkew, now = Date.now }: TokenOptions): Tokens {
  const key = Buffer.from(secret)
  const sign = createSigner({ key, algorithm: 'HS256' })
  const verifySignature = createVerifier({ key, algorithms: ['HS256'], ignoreExpiration: true, cache: false, complete: false })
  const kept = new LRUCache<string, Claims>({ max: keptTokens })

  function read (token: string): Claims {
    const parts = token.split('.')
    if (parts.length !== 3) throw new InvalidToken('token contains an invalid number of segments')
    const header = decodePart(parts[0] ?? '')
    const claims = decodePart(parts[1] ?? '')
    checkShape(claims)
    checkHeader(header)
    try { verifySignature(token) } catch (error) {
      if (error instanceof TokenError && (error.code === 'FAST_JWT_INACTIVE' || error.code === 'FAST_JWT_EXPIRED')) return claims as unknown as Claims
      throw new InvalidToken('signature is invalid')
    }
    return claims as unknown as Claims
  }

  return {
    sign (claims, lifetime) {
      const at = now()
      return sign({ iss: issuer, sub: claims.username, ...claims, iat: Math.floor(at / 1000), ...(lifetime > 0 ? { exp: Math.floor((at + lifetime) / 1000) } : {}), jti: claims.jti ?? newTokenId(at) })
    },
    verify (token) {
      let claims = kept.get(token)
      if (!claims) {
        claims = read(token)
        kept.set(token, claims)
      }
      const at = now()
      if (typeof claims.exp === 'number' && at >= claims.exp * 1000) throw new InvalidToken(`jwt: token is expired by ${goDuration(at - claims.exp * 1000)}`)
      if (typeof claims.iat === 'number' && claims.iat * 1000 > at + maximumClockSkew) throw new InvalidToken(`jwt: token used before issued, iat:${claims.iat}, now:${Math.floor(at / 1000)}`)
      return claims
    },
  }
}
