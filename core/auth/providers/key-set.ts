import { createPublicKey, type JsonWebKey } from 'node:crypto'
import type { Algorithm } from 'fast-jwt'
import { objectOf, type Outbound } from './outbound.js'

/** A key that verifies, and the algorithms that it may be used with: the key decides, never a token. */
export interface VerifyingKey { kid: string | undefined, pem: string, algorithms: Algorithm[] }

/** Times in ms: how long keys are believed, and how soon after a look they may be asked for again because of an unknown id. */
const times = { life: 10 * 60_000, pause: 10_000 }
const mostKeys = 64

const byCurve: Record<string, Algorithm> = { 'P-256': 'ES256', 'P-384': 'ES384', 'P-521': 'ES512', Ed25519: 'EdDSA', Ed448: 'EdDSA' }
const forRSA: Algorithm[] = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512']

/** Algorithms of a key by its type; secret keys have none. */
function algorithmsOf ({ kty, crv, alg }: JsonWebKey & { alg?: unknown }): Algorithm[] {
  const curve = byCurve[String(crv)]
  const possible = kty === 'RSA' ? forRSA : curve && (kty === 'EC' || kty === 'OKP') ? [curve] : []
  return alg === undefined ? possible : possible.filter(name => name === alg)
}

function keyOf (jwk: unknown): VerifyingKey[] {
  if (typeof jwk !== 'object' || jwk === null) return []
  const { kid, use } = jwk as { kid?: unknown, use?: unknown }
  const algorithms = algorithmsOf(jwk as JsonWebKey)
  if (algorithms.length === 0 || (use !== undefined && use !== 'sig')) return []
  try {
    return [{ kid: typeof kid === 'string' ? kid : undefined, pem: String(createPublicKey({ key: jwk as JsonWebKey, format: 'jwk' }).export({ type: 'spki', format: 'pem' })), algorithms }]
  } catch { return [] }
}

/** The keys that an issuer publishes (RFC 7517), fetched when they are first needed and again when a token names one that is new. */
export function createKeySet (outbound: Outbound, now: () => number) {
  let keys: VerifyingKey[] = []
  let fetchedAt = -Infinity
  let fetching: Promise<void> | undefined

  async function fetchKeys (url: string): Promise<void> {
    const { keys: found } = objectOf(await outbound.get(url), 'its keys')
    keys = (Array.isArray(found) ? found.slice(0, mostKeys) : []).flatMap(keyOf)
    fetchedAt = now()
  }
  function refresh (url: string): Promise<void> {
    fetching ??= fetchKeys(url).finally(() => { fetching = undefined })
    return fetching
  }

  const fits = (kid: string | undefined): VerifyingKey[] => kid === undefined ? keys : keys.filter(key => key.kid === kid)

  return {
    /** Keys that a token with this id may be signed with. */
    async find (url: string, kid: string | undefined): Promise<readonly VerifyingKey[]> {
      const age = now() - fetchedAt
      if (age > times.life || (fits(kid).length === 0 && age > times.pause)) await refresh(url)
      return fits(kid)
    },
  }
}

export type KeySet = ReturnType<typeof createKeySet>
