import { createHash } from 'node:crypto'
import { Type, type Static, type TObject } from '@sinclair/typebox'
import { checkURL, flag, needed, text, texts } from './options.js'
import { objectOf, type Answer, type Outbound } from './outbound.js'
import { ProviderFailure, type Endpoint, type ExternalIdentity, type Flow, type RedirectProvider } from './types.js'

/** What every provider of codes is told. */
export const clientOptions = {
  clientID: needed(),
  clientSecret: text(),
  redirectURL: text(),
  scopes: texts(),
  insecureSkipVerify: flag(),
}
type Client = Static<TObject<typeof clientOptions>>

/** The addresses of a provider of codes, with their defaults. */
export const endpointOptions = (authURL: string, tokenURL: string, userInfoURL: string) => Type.Object({
  authURL: Type.String({ default: authURL }),
  tokenURL: Type.String({ default: tokenURL }),
  userInfoURL: Type.String({ default: userInfoURL }),
}, { default: {} })

export interface Tokens { accessToken: string, idToken: string }

/** A form, or JSON: GitHub and older servers answer the former. */
function membersOf ({ text, type }: Answer): Record<string, unknown> {
  if (/x-www-form-urlencoded|text\/plain/.test(type)) return Object.fromEntries(new URLSearchParams(text))
  try {
    const value: unknown = JSON.parse(text)
    return typeof value === 'object' && value !== null ? value as Record<string, unknown> : {}
  } catch { return {} }
}

/** Errors that another way to show the client's secret would not mend. */
const final = new Set(['invalid_grant', 'bad_verification_code', 'expired_token'])
/** An error code of a provider, as far as it may be repeated. */
export const errorCode = (value: unknown): string => typeof value === 'string' && /^[A-Za-z0-9_.-]{1,64}$/.test(value) ? value : 'an error'
const queryEscape = (value: string): string => encodeURIComponent(value).replaceAll('%20', '+')

/** Exchanges codes (RFC 6749 section 4.1.3). As ks-apiserver: the secret goes as HTTP Basic, and once more in the body where that fails; what worked is kept. */
export function createExchange ({ clientID, clientSecret, redirectURL }: Client, outbound: Outbound) {
  const basic = { authorization: `Basic ${Buffer.from(`${queryEscape(clientID)}:${queryEscape(clientSecret)}`).toString('base64')}` }
  let ways: readonly ('basic' | 'body')[] = ['basic', 'body']

  function formOf (code: string, verifier: string | undefined, way: 'basic' | 'body'): URLSearchParams {
    const secret = way === 'body' ? { client_id: clientID, ...(clientSecret ? { client_secret: clientSecret } : {}) } : {}
    return new URLSearchParams({ grant_type: 'authorization_code', code, ...(redirectURL ? { redirect_uri: redirectURL } : {}), ...(verifier ? { code_verifier: verifier } : {}), ...secret })
  }

  return async (tokenURL: string, code: string, verifier?: string): Promise<Tokens> => {
    let error: unknown
    for (const way of ways) {
      const answer = await outbound.post(tokenURL, formOf(code, verifier, way), way === 'basic' ? basic : {})
      const members = membersOf(answer)
      const { access_token: accessToken, id_token: idToken } = members
      if (answer.status >= 200 && answer.status < 300 && typeof accessToken === 'string' && accessToken) {
        ways = [way]
        return { accessToken, idToken: typeof idToken === 'string' ? idToken : '' }
      }
      error = members.error
      if (answer.status >= 500 || final.has(String(error))) break
    }
    throw new ProviderFailure(`the identity provider refused the code: ${errorCode(error)}`)
  }
}

export const userInfo = async (outbound: Outbound, url: string, accessToken: string): Promise<Record<string, unknown>> =>
  objectOf(await outbound.get(url, { authorization: `Bearer ${accessToken}` }), 'who it is')

/** The code of a callback; throws what the provider said where there is none. */
export function codeOf (parameter: (name: string) => string): string {
  const error = parameter('error')
  if (error) throw new ProviderFailure(`the identity provider refused: ${errorCode(error)}`)
  const code = parameter('code')
  if (!code) throw new ProviderFailure('the callback has no code')
  return code
}

/** RFC 7636, S256. */
const challengeOf = (verifier: string): string => createHash('sha256').update(verifier).digest('base64url')

export function authorizationURL (authURL: string, { clientID, redirectURL, scopes }: Client, { state, verifier }: Flow, more: Record<string, string> = {}): string {
  const url = new URL(authURL)
  const values = {
    client_id: clientID,
    response_type: 'code',
    ...(redirectURL ? { redirect_uri: redirectURL } : {}),
    ...(scopes.length ? { scope: scopes.join(' ') } : {}),
    state,
    code_challenge: challengeOf(verifier),
    code_challenge_method: 'S256',
    ...more,
  }
  for (const [key, value] of Object.entries(values)) url.searchParams.set(key, value)
  return url.href
}

export interface CodeProviderOptions {
  client: Client
  endpoint: Endpoint
  outbound: Outbound
  /** Who it is, by the answer of the user information endpoint. */
  identityOf: (info: Record<string, unknown>) => Omit<ExternalIdentity, 'groups'>
  /** Whether consoles are shown the addresses. */
  isShown: boolean
}

/** A provider of plain OAuth 2.0: a code, a token, and a question who it is. */
export function createCodeProvider ({ client, endpoint, outbound, identityOf, isShown }: CodeProviderOptions): RedirectProvider {
  for (const key of ['authURL', 'tokenURL', 'userInfoURL'] as const) checkURL(`endpoint.${key}`, endpoint[key], true)
  checkURL('redirectURL', client.redirectURL)
  const exchange = createExchange(client, outbound)
  return {
    kind: 'redirect',
    ...(isShown ? { endpoint: () => endpoint } : {}),
    location: async flow => authorizationURL(endpoint.authURL, client, flow),
    async identify (parameter, flow) {
      const { accessToken } = await exchange(endpoint.tokenURL, codeOf(parameter), flow?.verifier)
      const identity = identityOf(await userInfo(outbound, endpoint.userInfoURL, accessToken))
      if (!identity.uid) throw new ProviderFailure('the identity provider did not say who it is')
      return { ...identity, groups: [] }
    },
    close: () => outbound.close(),
  }
}
