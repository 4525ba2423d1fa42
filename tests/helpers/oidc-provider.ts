import { createHash, generateKeyPairSync, randomUUID, sign, type KeyObject } from 'node:crypto'
import type { Owner } from './process.js'
import { webServer, type Answered, type Asked } from './web-server.js'

export interface SigningKey { kid: string, alg: 'RS256' | 'PS256' | 'ES256' | 'EdDSA', privateKey: KeyObject, publicKey: KeyObject }

export function signingKey (alg: SigningKey['alg'], kid: string = randomUUID()): SigningKey {
  const pair = alg === 'ES256' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : alg === 'EdDSA' ? generateKeyPairSync('ed25519') : generateKeyPairSync('rsa', { modulusLength: 2048 })
  return { kid, alg, ...pair }
}

const b64 = (value: unknown): string => Buffer.from(JSON.stringify(value)).toString('base64url')

/** A JWT, signed with nothing but Node's own cryptography. */
export function jwt ({ alg, kid, privateKey }: SigningKey, claims: object, header: object = {}): string {
  const head = `${b64({ alg, kid, typ: 'JWT', ...header })}.${b64(claims)}`
  const how = alg === 'ES256' ? { key: privateKey, dsaEncoding: 'ieee-p1363' as const } : alg === 'PS256' ? { key: privateKey, padding: 6, saltLength: 32 } : privateKey
  return `${head}.${sign(alg === 'EdDSA' ? null : 'sha256', Buffer.from(head), how).toString('base64url')}`
}

interface Grant { clientID: string, redirectURI: string, nonce: string, challenge: string }

export interface OIDCProviderOptions {
  certificate?: { cert: string | Buffer, key: string | Buffer }
  /** How the client must show its secret. */
  secretIn?: 'basic' | 'body'
}

/** An OpenID provider with real keys: discovery, key set, code flow with PKCE, user information. Whoever comes to /authorize is logged in as `person`. */
export async function oidcProvider (t: Owner, { certificate, secretIn = 'basic' }: OIDCProviderOptions = {}) {
  const clientID = 'ks-apiserver'
  const clientSecret = 's/e:c+ret %'
  const grants = new Map<string, Grant>()
  const provider = {
    clientID,
    clientSecret,
    redirectURIs: ['http://127.0.0.1/oauth/callback/oidc'],
    keys: [signingKey('RS256')],
    person: { sub: '248289761001', preferred_username: 'Jane', email: 'jane@example.com', email_verified: true } as Record<string, unknown>,
    info: undefined as Record<string, unknown> | undefined,
    /** Changes what is put into an id token, or the token itself. */
    claims: (claims: Record<string, unknown>): Record<string, unknown> => claims,
    token: (claims: Record<string, unknown>): string => jwt(provider.keys[0] as SigningKey, claims),
    document: (document: Record<string, unknown>): Record<string, unknown> => document,
  }

  function authorize ({ searchParams: query }: URL): Answered {
    const redirectURI = query.get('redirect_uri') ?? ''
    const [challenge, nonce] = [query.get('code_challenge') ?? '', query.get('nonce') ?? '']
    if (query.get('client_id') !== clientID || !provider.redirectURIs.includes(redirectURI) || query.get('response_type') !== 'code') return { status: 400, body: { error: 'invalid_request' } }
    if (challenge && query.get('code_challenge_method') !== 'S256') return { status: 400, body: { error: 'invalid_request' } }
    const code = randomUUID()
    grants.set(code, { clientID, redirectURI, nonce, challenge })
    const back = new URL(redirectURI)
    back.searchParams.set('code', code)
    if (query.get('state')) back.searchParams.set('state', query.get('state') ?? '')
    return { status: 302, headers: { location: back.href } }
  }

  function isClient ({ headers: { authorization }, form }: Asked): boolean {
    const escape = (text: string) => encodeURIComponent(text).replaceAll('%20', '+')
    return secretIn === 'basic'
      ? authorization === `Basic ${Buffer.from(`${escape(clientID)}:${escape(clientSecret)}`).toString('base64')}`
      : !authorization && form.get('client_id') === clientID && form.get('client_secret') === clientSecret
  }

  function token (asked: Asked): Answered {
    const { form } = asked
    if (!isClient(asked)) return { status: 401, body: { error: 'invalid_client' } }
    const grant = grants.get(form.get('code') ?? '')
    grants.delete(form.get('code') ?? '')
    const verifier = form.get('code_verifier') ?? ''
    const isProved = !grant?.challenge || createHash('sha256').update(verifier).digest('base64url') === grant.challenge
    if (!grant || form.get('grant_type') !== 'authorization_code' || form.get('redirect_uri') !== grant.redirectURI || !isProved) return { status: 400, body: { error: 'invalid_grant' } }
    const at = Math.floor(Date.now() / 1000)
    const claims = provider.claims({ iss: server.base, aud: clientID, iat: at, exp: at + 300, ...provider.person, ...(grant.nonce ? { nonce: grant.nonce } : {}) })
    return { body: { access_token: 'opaque', token_type: 'Bearer', expires_in: 300, id_token: provider.token(claims) } }
  }

  const routes: Record<string, (asked: Asked) => Answered> = {
    '/.well-known/openid-configuration': () => ({ body: provider.document({ issuer: server.base, authorization_endpoint: `${server.base}/authorize`, token_endpoint: `${server.base}/token`, userinfo_endpoint: `${server.base}/userinfo`, jwks_uri: `${server.base}/keys`, end_session_endpoint: `${server.base}/logout` }) }),
    '/keys': () => ({ body: { keys: provider.keys.map(({ publicKey, kid, alg }) => ({ ...publicKey.export({ format: 'jwk' }), kid, alg, use: 'sig' })) } }),
    '/authorize': ({ url }) => authorize(url),
    '/token': token,
    '/userinfo': ({ headers: { authorization } }) => authorization === 'Bearer opaque' ? { body: provider.info ?? provider.person } : { status: 401 },
  }
  const server = await webServer(t, asked => routes[asked.url.pathname]?.(asked) ?? { status: 404 }, certificate)

  /** What the browser does at the provider: comes with an address, is sent back with another. */
  async function visit (location: string): Promise<URL> {
    const answer = authorize(new URL(location))
    if (answer.status !== 302) throw new Error(`the provider refused: ${JSON.stringify(answer.body)}`)
    return new URL(answer.headers?.location ?? '')
  }
  return Object.assign(provider, { base: server.base, asked: server.asked, close: server.close, visit })
}
