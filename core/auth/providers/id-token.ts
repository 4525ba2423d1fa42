import { createDecoder, createVerifier } from 'fast-jwt'
import type { KeySet, VerifyingKey } from './key-set.js'
import { ProviderFailure } from './types.js'

/** Tolerance between the clocks of the issuer and of this server (ms). */
const clockTolerance = 30_000
const longest = 32 * 1024

export interface Expected {
  /** '' where only the keys are known. */
  issuer: string
  clientID: string
  nonce?: string
  now: number
}

type Claims = Record<string, unknown>
const decode = createDecoder({ complete: true })
const refuse = (why: string, cause?: unknown): ProviderFailure => new ProviderFailure(`the id token of the identity provider is refused: ${why}`, { cause })

function headerOf (token: string): { kid?: unknown, crit?: unknown } {
  if (token.length > longest) throw refuse('it is too long')
  try { return (decode(token) as { header: { kid?: unknown, crit?: unknown } }).header } catch (error) { throw refuse('it is malformed', error) }
}

function verified (token: string, { pem, algorithms }: VerifyingKey, { issuer, clientID, nonce, now }: Expected): Claims {
  return createVerifier({
    key: pem,
    algorithms,
    cache: false,
    clockTimestamp: now,
    clockTolerance,
    allowedAud: clientID,
    requiredClaims: ['sub', 'aud', 'exp', 'iat', ...(issuer ? ['iss'] : []), ...(nonce === undefined ? [] : ['nonce'])],
    ...(issuer ? { allowedIss: issuer } : {}),
    ...(nonce === undefined ? {} : { allowedNonce: nonce }),
  })(token) as Claims
}

/** The claims of a good id token (OpenID Connect Core, section 3.1.3.7); throws a ProviderFailure. */
export async function verifyIdToken (token: string, keys: KeySet, jwksURL: string, expected: Expected): Promise<Claims> {
  const { kid, crit } = headerOf(token)
  if (crit !== undefined) throw refuse('a critical header is not understood')
  const candidates = await keys.find(jwksURL, typeof kid === 'string' ? kid : undefined)
  if (candidates.length === 0) throw refuse('its key is not known')
  let failure: unknown
  for (const key of candidates) {
    try { return checked(verified(token, key, expected), expected) } catch (error) { failure = error }
  }
  throw failure instanceof ProviderFailure ? failure : refuse((failure as Error).message, failure)
}

/** What the signature does not say: for whom the token was made. */
function checked (claims: Claims, { clientID }: Expected): Claims {
  const { aud, azp, sub, iat, exp } = claims
  if (typeof sub !== 'string' || sub === '') throw refuse('it has no subject')
  if (typeof iat !== 'number' || typeof exp !== 'number') throw refuse('its times are no numbers')
  if (azp !== undefined ? azp !== clientID : Array.isArray(aud) && aud.length > 1) throw refuse('it was issued to another party')
  return claims
}
