import type { Test } from 'tap'
import oauth from '../../plugins/oauth/index.js'
import { createAuthentication } from '../../core/auth/authentication.js'
import type { Kube, Passwords } from '../../core/sdk/index.js'
import type { IdentityProviderEntry } from '../../config/server.js'
import { labels, users, type User } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { defaults, silent, testApp, type Ask } from './app.js'
import { fakeKube } from './fake-kube.js'

export type Entry = Partial<IdentityProviderEntry> & Pick<IdentityProviderEntry, 'name' | 'type' | 'provider'>

const plain: Passwords = { hash: async text => text, isHash: () => true, verify: async (given, stored) => given === stored }

/** An account that belongs to somebody of a provider. */
export const linked = (name: string, provider: string, uid: string, more: Partial<User> = {}): User =>
  ({ metadata: { name, labels: { [labels.identityProvider]: provider, [labels.originUID]: uid } }, spec: { email: '' }, status: { state: 'Active' }, ...more })

interface Options { kube?: Kube, people?: User[], multipleLogin?: boolean, maxTries?: number, now?: () => number }

/** The oauth group over a Kubernetes in a map, with identity providers. */
export async function providerPlatform (t: Test, entries: Entry[], { people = [], kube = fakeKube([namespaces, [{ metadata: { name: 'kubesphere-system' } }]], [users, people]), multipleLogin = true, maxTries = 5, now }: Options = {}) {
  const config = defaults()
  config.authentication.jwtSecret = 'a-secret-of-more-than-thirty-two-bytes'
  config.authentication.multipleLogin = multipleLogin
  config.authentication.authenticateRateLimiterMaxTries = maxTries
  config.authentication.oauthOptions.clients = [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'], respondWithChallenges: false, grantMethod: '', scopeRestrictions: [] }]
  config.authentication.oauthOptions.identityProviders = entries.map(entry => ({ mappingMethod: 'auto', disableLoginConfirmation: true, ...entry }))
  const log = silent
  const authentication = createAuthentication({ kube, passwords: plain, config, log, ...(now ? { now } : {}) })
  t.teardown(() => authentication.close())
  const { ask } = await testApp(t, { groups: [oauth], kube, config, services: { authentication, authenticator: authentication, log } })

  const form = (path: string, values: Record<string, string>, more: Ask = {}) => ask('POST', path, { ...more, body: String(new URLSearchParams(values)), headers: { 'content-type': 'application/x-www-form-urlencoded', ...more.headers } })
  const refresh = (token: string) => form('/oauth/token', { client_id: 'kubesphere', client_secret: 'kubesphere', grant_type: 'refresh_token', refresh_token: token }, { as: token })
  const whoami = async (token: string) => (await ask('GET', '/oauth/userinfo', { as: token })).json as { sub?: string, email?: string }

  /** Begins a log-in here: where the browser is sent, and its cookie. */
  async function begin (name: string) {
    const reply = await ask('GET', `/oauth/login/${name}`)
    const [cookie = ''] = reply.headers['set-cookie'] ?? []
    return { ...reply, cookie: cookie.split(';')[0] ?? '', setCookie: cookie, location: reply.headers.location ?? '' }
  }
  const comeBack = (name: string, query: Record<string, string> | URLSearchParams, cookie?: string) => ask('GET', `/oauth/callback/${name}?${new URLSearchParams(query)}`, cookie ? { headers: { cookie } } : {})
  return { ask, form, refresh, whoami, begin, comeBack, kube, authentication, config, people: kube.store(users) }
}

export const claimsOf = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>
