import { createHash, createHmac } from 'node:crypto'
import { hash } from 'bcrypt'
import t, { type Test } from 'tap'
import oauth from '../../../plugins/oauth/index.js'
import { createAuthentication } from '../../../core/auth/authentication.js'
import { createPasswords } from '../../../core/auth/bcrypt.js'
import type { Kube, Passwords } from '../../../core/sdk/index.js'
import { loginRecords, users, type User } from '../../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../../schemas/kube/builtin.js'
import { defaults, silent, testApp } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { until } from '../../helpers/until.js'

const secret = 'a-secret-of-more-than-thirty-two-bytes'
const password = 'P@88w0rd-Test'
const hashed = await hash(password, 4)
const user = (name: string, state: NonNullable<User['status']>['state'] = 'Active', extra: Partial<User['spec']> = {}): User =>
  ({ metadata: { name }, spec: { email: `${name}@example.com`, password: hashed, ...extra }, status: { state } })

interface Options { kube?: Kube, now?: () => number, passwords?: Passwords, maxTries?: number, multipleLogin?: boolean, redirectURIs?: string[] }

async function platform (t: Test, { now, passwords = createPasswords(), maxTries = 5, multipleLogin = true, redirectURIs = ['https://console.example/cb', 'https://other.example/cb'], kube = people() }: Options = {}) {
  const config = defaults()
  config.authentication.jwtSecret = secret
  config.authentication.multipleLogin = multipleLogin
  config.authentication.authenticateRateLimiterMaxTries = maxTries
  config.authentication.oauthOptions.clients = [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs }, { name: 'second', secret: 's2', redirectURIs: ['https://second.example/cb'] }] as never
  const authentication = createAuthentication({ kube, passwords, config, log: silent, ...(now ? { now } : {}) })
  t.teardown(() => authentication.close())
  const { ask } = await testApp(t, { groups: [oauth], kube, config, services: { authentication, authenticator: authentication } })
  const form = (path: string, values: Record<string, string>, as?: string) => ask('POST', path, { body: String(new URLSearchParams(values)), headers: { 'content-type': 'application/x-www-form-urlencoded' }, ...(as ? { as } : {}) })
  const token = (values: Record<string, string>, as?: string) => form('/oauth/token', { client_id: 'kubesphere', client_secret: 'kubesphere', ...values }, as)
  const login = (username: string, given = password) => token({ grant_type: 'password', username, password: given })
  const whoami = async (as: string) => (await ask('GET', '/oauth/userinfo', { as })).status
  return { ask, form, token, login, whoami, kube, authentication }
}
const people = () => fakeKube([namespaces, [{ metadata: { name: 'kubesphere-system' } }]], [users, [user('alice'), user('bob', 'Active', { groups: ['team', 'system:masters'] }), user('carol', 'Disabled'), { metadata: { name: 'dave' }, spec: { email: '' } } as User]])
const payload = (token: string) => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString()) as Record<string, unknown>

t.test('the password grant', async t => {
  const { login, token, form, whoami, kube } = await platform(t)
  const { status, json } = await login('alice')
  t.equal(status, 200)
  t.match(json, { token_type: 'Bearer', expires_in: 7200, access_token: String, refresh_token: String })
  t.match(payload(json.access_token), { iss: 'kubesphere', sub: 'alice', username: 'alice', token_type: 'access_token', iat: Number, exp: Number })
  t.equal(await whoami(json.access_token), 200)
  t.equal((await login('alice@example.com')).status, 200, 'by e-mail address')
  const rows: [string, Promise<{ status: number, json: unknown }>, number, unknown][] = [
    ['a wrong password', login('alice', 'x'), 400, { error: 'invalid_grant', error_description: 'incorrect password' }],
    ['nobody', login('nobody'), 400, { error: 'invalid_grant', error_description: 'incorrect password' }],
    ['a disabled account with a wrong password', login('carol', 'x'), 400, { error: 'invalid_grant', error_description: 'incorrect password' }],
    ['a disabled account with its password', login('carol'), 400, { error: 'invalid_grant', error_description: 'account is not active' }],
    ['no password set', login('dave'), 400, { error: 'invalid_grant', error_description: 'incorrect password' }],
    ['an empty password', login('alice', ''), 400, { error: 'invalid_grant', error_description: 'incorrect password' }],
    ['an unknown client', form('/oauth/token', { client_id: 'x', grant_type: 'password' }), 401, { error: 'invalid_client', error_description: 'the OAuth client was not found' }],
    ['a wrong client secret', form('/oauth/token', { client_id: 'kubesphere', client_secret: 'x' }), 401, { error: 'invalid_client', error_description: 'invalid client credential' }],
    ['another grant type', token({ grant_type: 'otp' }), 400, { error: 'unsupported_grant_type' }],
  ]
  for (const [what, asked, code, body] of rows) {
    const reply = await asked
    t.equal(reply.status, code, what)
    t.strictSame(reply.json, body, what)
  }
  await until(() => kube.store(loginRecords).size >= 4)
  t.match(kube.store(loginRecords).list().map(({ spec }) => [spec.type, spec.success]), [['Token', true], ['Token', true]].slice(0, 1))
})

t.test('tokens that open nothing', async t => {
  const { login, ask, token } = await platform(t)
  const { json: { access_token: access, refresh_token: refresh } } = await login('alice')
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const forge = (header: object, claims: object, key: string) => {
    const head = `${b64(header)}.${b64(claims)}`
    return `${head}.${createHmac('sha256', key).update(head).digest('base64url')}`
  }
  const claims = { ...payload(access) }
  const [h, , s] = access.split('.')
  const rows: [string, string][] = [
    ['none as algorithm', `${b64({ alg: 'none' })}.${b64(claims)}.`],
    ['signed with another key', forge({ alg: 'HS256' }, claims, 'other')],
    ['an empty key', forge({ alg: 'HS256' }, claims, '')],
    ['RS256 by header', forge({ alg: 'RS256' }, claims, secret)],
    ['a key of its own', forge({ alg: 'HS256', jwk: { kty: 'oct', k: 'eA' } }, claims, 'x')],
    ['a kid that climbs', forge({ alg: 'HS256', kid: '../../dev/null' }, claims, '')],
    ['an unknown critical header', forge({ alg: 'HS256', crit: ['b64'], b64: true }, claims, secret)],
    ['a changed payload', `${h}.${b64({ ...claims, username: 'bob' })}.${s}`],
    ['expired', forge({ alg: 'HS256' }, { ...claims, exp: 1 }, secret)],
    ['from the future', forge({ alg: 'HS256' }, { ...claims, iat: Math.floor(Date.now() / 1000) + 3600 }, secret)],
    ['two segments', 'a.b'],
    ['a refresh token', refresh],
    ['somebody who is gone', forge({ alg: 'HS256' }, { ...claims, username: 'gone' }, secret)],
    ['somebody who is disabled', forge({ alg: 'HS256' }, { ...claims, username: 'carol' }, secret)],
  ]
  for (const [what, bad] of rows) {
    const reply = await ask('GET', '/oauth/userinfo', { as: bad })
    t.match(reply, { status: 401, json: { kind: 'Status', reason: 'Unauthorized', message: /^Unauthorized: / } }, what)
  }
  t.equal((await ask('GET', '/oauth/userinfo', { as: forge({ alg: 'HS256' }, { username: 'alice', iat: claims.iat, exp: claims.exp, token_type: 'access_token' }, secret) })).status, 200, 'one that another server of the fleet signed is good')
  for (const headers of [{ authorization: 'Bearer ' }, { authorization: 'Basic eA==' }, { authorization: 'Negotiate x' }, { authorization: 'Bearer' }]) {
    t.equal((await ask('GET', '/oauth/userinfo', { headers })).status, headers.authorization.trim() ? 401 : 401, headers.authorization)
  }
  for (const headers of [{ 'x-remote-user': 'alice' }, { 'impersonate-user': 'alice' }, { 'x-forwarded-user': 'alice' }]) {
    t.strictSame((await ask('GET', '/oauth/userinfo', { headers })).json, { error: 'login_required' }, `${Object.keys(headers).join()} is inert`)
  }
  t.match(await token({ grant_type: 'refresh_token', refresh_token: access }), { status: 400, json: { error_description: 'ivalid token type access_token want refresh_token' } })
  t.match(await token({ grant_type: 'code', code: access }), { status: 400, json: { error_description: 'ivalid token type access_token want code' } })
})

t.test('refresh', async t => {
  const { login, token, whoami } = await platform(t)
  const { json: first } = await login('alice')
  const refresh = (refreshToken: string, as?: string) => token({ grant_type: 'refresh_token', refresh_token: refreshToken }, as)
  const second = await refresh(first.refresh_token, first.refresh_token)
  t.equal(second.status, 200, 'with the refresh token as bearer too, as consoles send it')
  t.equal(await whoami(second.json.access_token), 200)
  t.equal(await whoami(first.access_token), 200, 'the old access token lives on')
  t.equal((await refresh(first.refresh_token)).status, 400, 'a refresh token is good once')
  t.equal(await whoami(second.json.access_token), 401, 'and its second use ends all that came of that log-in')
  t.equal((await refresh(second.json.refresh_token)).status, 400)
  const { json: other } = await login('alice')
  t.equal(await whoami(other.access_token), 200, 'another log-in is another family')
  const both = await Promise.all([refresh(other.refresh_token), refresh(other.refresh_token)])
  t.strictSame(both.map(({ status }) => status).sort(), [200, 400], 'of two at once, one wins')
})

t.test('one session at a time', async t => {
  const { login, whoami } = await platform(t, { multipleLogin: false })
  const { json: first } = await login('alice')
  t.equal(await whoami(first.access_token), 200)
  const { json: second } = await login('alice')
  t.equal(await whoami(first.access_token), 401)
  t.equal(await whoami(second.access_token), 200)
  const { json: bob } = await login('bob')
  await login('alice')
  t.equal(await whoami(bob.access_token), 200, 'others are left alone')
})

t.test('authorization codes', async t => {
  const { login, ask, token, whoami, form } = await platform(t)
  const { json: { access_token: access } } = await login('alice')
  const redirect = 'https://console.example/cb'
  const ask1 = async (more: Record<string, string> = {}) => {
    const reply = await ask('GET', `/oauth/authorize?${new URLSearchParams({ client_id: 'kubesphere', redirect_uri: redirect, response_type: 'code', state: 's/1', scope: 'openid profile email', nonce: 'n', ...more })}`, { as: access })
    return { ...reply, url: new URL(reply.headers.location ?? 'http://none') }
  }
  const redeem = (code: string, more: Record<string, string> = {}) => token({ grant_type: 'authorization_code', code, redirect_uri: redirect, ...more })
  const codeOf = async (more?: Record<string, string>) => (await ask1(more)).url.searchParams.get('code') ?? ''

  const granted = await ask1()
  t.equal(granted.status, 302)
  t.equal(granted.url.origin + granted.url.pathname, redirect)
  t.equal(granted.url.searchParams.get('state'), 's/1')
  const code = granted.url.searchParams.get('code') ?? ''
  t.equal((await ask('GET', '/oauth/userinfo', { as: code })).status, 401, 'a code is no credential')
  const { status, json } = await redeem(code)
  t.equal(status, 200)
  t.match(payload(json.id_token), { aud: ['kubesphere'], nonce: 'n', email: 'alice@example.com', preferred_username: 'alice' })
  t.equal((await ask('GET', '/oauth/userinfo', { as: json.id_token })).status, 401, 'an id token is none either')
  t.equal(await whoami(json.access_token), 200)
  t.equal((await redeem(code)).status, 400, 'a code is good once')
  t.equal(await whoami(json.access_token), 401, 'its second use ends what the first one got')
  t.equal((await redeem(await codeOf(), { grant_type: 'code' })).status, 200, 'also by the name of 3.x')
  t.equal((await form('/oauth/token', { client_id: 'second', client_secret: 's2', grant_type: 'code', code: await codeOf() })).status, 400, 'by its own client only')
  t.equal((await redeem(await codeOf(), { redirect_uri: 'https://other.example/cb' })).status, 400, 'for its own redirect only')
  const challenge = createHash('sha256').update('v'.repeat(43)).digest('base64url')
  t.equal((await redeem(await codeOf({ code_challenge: challenge, code_challenge_method: 'S256' }))).status, 400, 'PKCE: a verifier is needed')
  t.equal((await redeem(await codeOf({ code_challenge: challenge, code_challenge_method: 'S256' }), { code_verifier: 'w'.repeat(43) })).status, 400, 'PKCE: the right one')
  t.equal((await redeem(await codeOf({ code_challenge: challenge, code_challenge_method: 'S256' }), { code_verifier: 'v'.repeat(43) })).status, 200, 'PKCE')

  const rows: [string, Record<string, string>, number, RegExp][] = [
    ['an unknown client', { client_id: 'x' }, 400, /invalid_client/],
    ['a redirect that is not registered', { redirect_uri: 'https://console.example/cb/' }, 400, /redirect URL is not allowed/],
    ['an unknown response type', { response_type: 'code magic' }, 302, /error=invalid_request&error_description=Some\+requested\+response\+types\+were\+invalid&state=s%2F1/],
    ['an id token alone', { response_type: 'id_token' }, 302, /error=unsupported_response_type&state=s%2F1/],
    ['tokens in the fragment', { response_type: 'token' }, 302, /#access_token=.*&token_type=Bearer&state=s%2F1/],
    ['an unknown challenge method', { code_challenge: 'x', code_challenge_method: 'S1' }, 302, /error=invalid_request/],
  ]
  for (const [what, more, code, said] of rows) {
    const reply = await ask1(more)
    t.equal(reply.status, code, what)
    t.match(reply.text + (reply.headers.location ?? ''), said, what)
  }
  const stranger = await ask('GET', `/oauth/authorize?client_id=kubesphere&redirect_uri=${encodeURIComponent(redirect)}&response_type=code`)
  t.match(stranger, { status: 401, json: { error: 'login_required' }, headers: { 'www-authenticate': 'Basic' } })
})

t.test('where a redirect may lead', async t => {
  const { login, ask } = await platform(t, { redirectURIs: ['*'] })
  const { json: { access_token: access } } = await login('alice')
  for (const [uri, status] of [['https://a.example/x?y=1', 302], ['http://localhost:3000/cb', 302], ['//a.example', 400], ['javascript:alert(1)', 400], ['https://u:p@a.example/', 400], ['https://a.example/#x', 400], ['/relative', 400], ['*', 400]] as const) {
    t.equal((await ask('GET', `/oauth/authorize?client_id=kubesphere&response_type=code&redirect_uri=${encodeURIComponent(uri)}`, { as: access })).status, status, uri)
  }
  const { ask: strict } = await platform(t)
  t.equal((await strict('GET', '/oauth/logout?post_logout_redirect_uri=https://evil.example/')).status, 400)
  t.match(await strict('GET', '/oauth/logout?post_logout_redirect_uri=https://console.example/cb&state=x'), { status: 302, headers: { location: 'https://console.example/cb?state=x' } })
})

t.test('log-out', async t => {
  const { login, ask, whoami, token } = await platform(t)
  const { json } = await login('alice')
  t.match(await ask('GET', '/oauth/logout', { as: json.access_token }), { status: 200, json: { message: 'success' } })
  t.equal(await whoami(json.access_token), 401)
  t.equal((await token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })).status, 400)
  t.equal((await ask('GET', '/oauth/logout')).status, 200, 'nobody may, too')
})

t.test('TokenReview', async t => {
  const { login, ask, kube } = await platform(t)
  const { json: { access_token: access, refresh_token: refresh } } = await login('alice')
  const review = (token: unknown) => ask('POST', '/oauth/authenticate', { body: { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token } } })
  t.match(await review(access), { status: 200, json: { kind: 'TokenReview', status: { authenticated: true, user: { username: 'alice' } } } })
  t.strictSame((await review(refresh)).json.status, { authenticated: false })
  t.match(await review('x'), { status: 400, text: 'token contains an invalid number of segments\n' })
  t.match(await review(''), { status: 400, text: 'token must not be null\n' })
  await kube.modify(users, { name: 'alice' }, one => ({ ...one, status: { state: 'Disabled' as const } }))
  t.strictSame((await review(access)).json.status, { authenticated: false }, 'somebody who has been disabled')
})

t.test('a disabled account is out at once', async t => {
  const { login, whoami, kube } = await platform(t)
  const { json } = await login('alice')
  await kube.modify(users, { name: 'alice' }, one => ({ ...one, status: { state: 'Disabled' as const } }))
  t.equal(await whoami(json.access_token), 401)
})

t.test('replicas agree', async t => {
  const kube = people()
  const [one, two] = [await platform(t, { kube }), await platform(t, { kube })]
  const { json } = await one.login('alice')
  t.equal(await two.whoami(json.access_token), 200)
  const both = await Promise.all([one, two].map(({ token }) => token({ grant_type: 'refresh_token', refresh_token: json.refresh_token })))
  t.strictSame(both.map(({ status }) => status).sort(), [200, 400], 'a refresh token is good once, wherever')
  const { json: again } = await two.login('alice')
  await one.ask('GET', '/oauth/logout', { as: again.access_token })
  t.equal(await two.whoami(again.access_token), 401)
})

t.test('guessing', async t => {
  let compared = 0
  const passwords: Passwords = { hash: async plain => plain, isHash: () => true, verify: async (_plain, stored) => { compared++; await new Promise(resolve => setImmediate(resolve)); return stored === 'never' } }
  const { login, kube } = await platform(t, { passwords, maxTries: 5 })
  const statuses = (await Promise.all(Array.from({ length: 200 }, (_, i) => login('alice', `guess-${i}`)))).map(({ status }) => status)
  t.ok(compared <= 7, `${compared} of 200 parallel guesses were looked at`)
  t.ok(statuses.includes(429))
  await until(() => kube.store(users).get('alice')?.status?.state === 'AuthLimitExceeded')
  t.match(kube.store(users).get('alice')?.status?.reason, /^Failed login attempts exceed \d+ in last 30m0s$/)
  t.match(await login('alice'), { status: 429, json: { error: 'invalid_grant', error_description: 'auth rate limit exceeded' } })
  compared = 0
  await login('bob', 'x'); const known = compared; compared = 0
  await login('stranger', 'x'); const unknown = compared; compared = 0
  await login('carol', 'x')
  t.strictSame([known, unknown, compared], [1, 1, 1], 'the same work whoever is asked for')
})

t.test('HTTP Basic', async t => {
  const { ask, login } = await platform(t)
  const basic = (text: string) => ask('GET', '/oauth/userinfo', { headers: { authorization: `Basic ${Buffer.from(text).toString('base64')}` } })
  t.match(await basic(`alice:${password}`), { status: 200, json: { sub: 'alice' } })
  t.match(await basic('alice:x'), { status: 401, json: { message: 'Unauthorized: incorrect password' } })
  for (let i = 0; i < 6; i++) await basic('bob:x')
  t.equal((await login('bob')).status, 429, 'counts as an attempt')
})

t.test('what the group takes', async t => {
  const { ask } = await platform(t)
  const rows: [string, string, Record<string, string>, string | undefined, number][] = [
    ['POST', '/oauth/token', { 'content-type': 'application/json' }, '{}', 415],
    ['POST', '/oauth/authenticate', { 'content-type': 'application/x-www-form-urlencoded' }, 'a=b', 415],
    ['POST', '/oauth/authenticate', { 'content-encoding': 'gzip', 'content-type': 'application/json' }, 'x', 415],
    ['POST', '/oauth/token', { 'content-type': 'application/x-www-form-urlencoded' }, 'a='.padEnd(70_000, 'x'), 413],
    ['POST', '/oauth/authenticate', { 'content-type': 'application/json' }, '{', 400],
    ['POST', '/oauth/token', { 'content-length': '0' }, undefined, 406],
    ['GET', '/oauth/token', {}, undefined, 405],
    ['GET', '/oauth/nothing', {}, undefined, 404],
  ]
  for (const [method, path, headers, body, status] of rows) t.equal((await ask(method, path, { headers, ...(body === undefined ? {} : { body }) })).status, status, `${method} ${path} ${JSON.stringify(headers)}`)
  const { json } = await ask('GET', '/oauth/.well-known/openid-configuration', { headers: { host: 'evil.example', 'x-forwarded-host': 'evil.example' } })
  t.match(json, { issuer: 'kubesphere', token_endpoint: 'kubesphere/token', jwks_uri: 'kubesphere/keys' }, 'the configured issuer, whatever the Host')
  t.match((await ask('GET', '/oauth/keys')).json, { keys: [{ use: 'sig', kty: 'RSA', alg: 'RS256', kid: /^\d+$/ }] })
})
