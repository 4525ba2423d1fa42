import type { Answer } from '../exchange.js'
import { issuer, type Tokens } from './tokens.js'

const answer = (type: string, value: unknown): Answer =>
  ({ status: 200, headers: { 'content-type': type, 'cache-control': 'public, max-age=3600' }, body: [Buffer.from(JSON.stringify(value))] })

const configuration = {
  issuer,
  jwks_uri: `${issuer}/openid/v1/jwks`,
  response_types_supported: ['id_token'],
  subject_types_supported: ['public'],
  id_token_signing_alg_values_supported: ['ES256'],
}

/** OpenID Connect discovery of the issuer of service account tokens; undefined for other paths. */
export function openid (parts: readonly string[], tokens: Tokens): Answer | undefined {
  const path = parts.join('/')
  if (path === '.well-known/openid-configuration') return answer('application/json', configuration)
  return path === 'openid/v1/jwks' ? answer('application/jwk-set+json', tokens.jwks) : undefined
}
