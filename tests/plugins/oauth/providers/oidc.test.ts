import { createHmac } from 'node:crypto'
import t, { type Test } from 'tap'
import { keepCertificate } from '../../../../core/process/certificate.js'
import { loginRecords } from '../../../../schemas/iam/v1alpha2.js'
import { oidcProvider, jwt, signingKey, type OIDCProviderOptions } from '../../../helpers/oidc-provider.js'
import { providerPlatform } from '../../../helpers/provider-platform.js'
import { temporaryFolder } from '../../../helpers/process.js'
import { until } from '../../../helpers/until.js'

async function setUp (t: Test, more: Record<string, unknown> = {}, options: OIDCProviderOptions = {}, entry: Record<string, unknown> = {}) {
  const op = await oidcProvider(t, options)
  const provider = { issuer: op.base, clientID: op.clientID, clientSecret: op.clientSecret, redirectURL: op.redirectURIs[0], ...more }
  const platform = await providerPlatform(t, [{ name: 'oidc', type: 'OIDCIdentityProvider', provider, ...entry }])
  /** A log-in begun here, as a browser does it. */
  async function logIn () {
    const { location, cookie } = await platform.begin('oidc')
    const back = await op.visit(location)
    return platform.comeBack('oidc', back.searchParams, cookie)
  }
  /** One begun by a console of 3.x: its own address, no state, no cookie. */
  async function consoleLogIn (state = '') {
    const back = await op.visit(`${op.base}/authorize?${new URLSearchParams({ client_id: op.clientID, response_type: 'code', redirect_uri: op.redirectURIs[0] ?? '', ...(state ? { state } : {}) })}`)
    return platform.comeBack('oidc', back.searchParams)
  }
  return { op, ...platform, logIn, consoleLogIn }
}

t.test('a log-in that is begun here', async t => {
  const { op, begin, comeBack, whoami, kube } = await setUp(t, { scopes: ['profile'] })
  const { status, location, cookie, setCookie } = await begin('oidc')
  t.equal(status, 302)
  const { searchParams: sent } = new URL(location)
  t.match(Object.fromEntries(sent), { client_id: op.clientID, response_type: 'code', scope: 'openid profile', redirect_uri: op.redirectURIs[0], code_challenge_method: 'S256', state: /^ks1\./, nonce: /^[\w-]{43}$/, code_challenge: /^[\w-]{43}$/ })
  t.match(setCookie, /; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax$/)
  const back = await op.visit(location)
  t.match(await comeBack('oidc', back.searchParams), { status: 401, text: 'Unauthorized: the log-in was begun in another browser\n', headers: { 'content-type': 'text/plain; charset=utf-8' } }, 'another browser has no cookie')
  const other = await begin('oidc')
  t.equal((await comeBack('oidc', back.searchParams, other.cookie)).status, 401, 'nor that of another log-in')
  t.equal((await comeBack('oidc', { code: back.searchParams.get('code') ?? '' }, cookie)).status, 401, 'the state may not be left out')
  t.equal((await comeBack('oidc', { code: back.searchParams.get('code') ?? '', state: 'x' }, cookie)).status, 401, 'nor another be put in its place')
  const reply = await comeBack('oidc', back.searchParams, cookie)
  t.match(reply, { status: 200, json: { token_type: 'Bearer', expires_in: 7200, access_token: String, refresh_token: String } })
  t.match(reply.headers['set-cookie'], [/=; Max-Age=0;/], 'the cookie goes')
  t.equal(reply.headers['cache-control'], 'no-store')
  t.match(await whoami(reply.json.access_token), { sub: 'jane', email: 'jane@example.com' })
  t.equal((await comeBack('oidc', back.searchParams, cookie)).status, 401, 'once')
  await until(() => kube.store(loginRecords).size === 1)
  t.match(kube.store(loginRecords).list()[0]?.spec, { type: 'Token', provider: 'oidc', success: true })
})

t.test('one that a console of 3.x begins', async t => {
  const { consoleLogIn, whoami } = await setUp(t)
  const { status, json } = await consoleLogIn()
  t.equal(status, 200, 'without a state')
  t.equal((await whoami(json.access_token)).sub, 'jane')
  t.equal((await consoleLogIn('the-consoles-own')).status, 200, 'with one that the console checks')
  t.equal((await consoleLogIn(`ks1.zzzzzzzz.${'x'.repeat(43)}`)).status, 401, 'but not with a forged one of ours')
  const strict = await setUp(t, {}, {}, { requireState: true })
  t.match(await strict.consoleLogIn(), { status: 401, text: 'Unauthorized: the state of the log-in is missing\n' }, 'unless the configuration wants better')
  t.equal((await strict.logIn()).status, 200)
})

t.test('id tokens', async t => {
  const { op, logIn } = await setUp(t)
  const at = Math.floor(Date.now() / 1000)
  const other = signingKey('RS256')
  const own = op.keys[0] as NonNullable<typeof op.keys[0]>
  const pem = String(own.publicKey.export({ type: 'spki', format: 'pem' }))
  const b64 = (value: unknown) => Buffer.from(JSON.stringify(value)).toString('base64url')
  const hmac = (claims: object) => {
    const head = `${b64({ alg: 'HS256', kid: own.kid })}.${b64(claims)}`
    return `${head}.${createHmac('sha256', pem).update(head).digest('base64url')}`
  }
  const { claims: sameClaims, token: sameToken } = op
  const rows: [string, Partial<typeof op>][] = [
    ['of another issuer', { claims: c => ({ ...c, iss: 'https://evil.example' }) }],
    ['without an issuer', { claims: ({ iss, ...c }) => c }],
    ['for another client', { claims: c => ({ ...c, aud: 'other' }) }],
    ['for several, without saying who asked', { claims: c => ({ ...c, aud: [op.clientID, 'other'] }) }],
    ['asked by another', { claims: c => ({ ...c, aud: [op.clientID, 'other'], azp: 'other' }) }],
    ['expired', { claims: c => ({ ...c, exp: at - 60 }) }],
    ['without an end', { claims: ({ exp, ...c }) => c }],
    ['not valid yet', { claims: c => ({ ...c, nbf: at + 600 }) }],
    ['with another nonce', { claims: c => ({ ...c, nonce: 'x' }) }],
    ['without a nonce', { claims: ({ nonce, ...c }) => c }],
    ['without a subject', { claims: ({ sub, ...c }) => c }],
    ['with a number for a subject', { claims: c => ({ ...c, sub: 1 }) }],
    ['signed with another key of the same id', { token: c => jwt({ ...other, kid: own.kid }, c) }],
    ['signed with a key that is not published', { token: c => jwt(other, c) }],
    ['with its own key', { token: c => jwt({ ...other, kid: own.kid }, c, { jwk: other.publicKey.export({ format: 'jwk' }) }) }],
    ['unsigned', { token: c => `${b64({ alg: 'none', kid: own.kid })}.${b64(c)}.` }],
    ['signed with the public key as a secret', { token: hmac }],
    ['with a critical header', { token: c => jwt(own, c, { crit: ['x'], x: 1 }) }],
    ['that is none', { token: () => 'x' }],
    ['that is absent', { token: () => '' }],
  ]
  for (const [what, change] of rows) {
    Object.assign(op, { claims: sameClaims, token: sameToken }, change)
    t.match(await logIn(), { status: 401, text: /^Unauthorized: the id(entity provider| token)/ }, what)
  }
  Object.assign(op, { claims: sameClaims, token: sameToken })
  t.equal((await logIn()).status, 200)
  op.claims = c => ({ ...c, aud: [op.clientID, 'other'], azp: op.clientID })
  t.equal((await logIn()).status, 200, 'for several, and asked by us')
})

t.test('keys', async t => {
  let at = Date.now()
  const op = await oidcProvider(t)
  const provider = { issuer: op.base, clientID: op.clientID, clientSecret: op.clientSecret, redirectURL: op.redirectURIs[0] }
  const platform = await providerPlatform(t, [{ name: 'oidc', type: 'OIDCIdentityProvider', provider }], { now: () => at })
  const logIn = async () => {
    const { location, cookie } = await platform.begin('oidc')
    return (await platform.comeBack('oidc', (await op.visit(location)).searchParams, cookie)).status
  }
  const looks = () => op.asked.filter(({ url }) => url.pathname === '/keys').length
  t.strictSame([await logIn(), await logIn(), looks()], [200, 200, 1], 'are kept')
  for (const alg of ['PS256', 'ES256', 'EdDSA'] as const) {
    at += 11_000
    op.keys = [signingKey(alg)]
    t.equal(await logIn(), 200, `a new one is looked for: ${alg}`)
  }
  op.keys = [signingKey('RS256')]
  const before = looks()
  t.strictSame([await logIn(), await logIn(), looks()], [401, 401, before], 'but not at every unknown id')
})

t.test('who somebody is', async t => {
  const { op, logIn, whoami, people } = await setUp(t, { getUserInfo: true, emailKey: 'mail', preferredUsernameKey: 'nick' }, { secretIn: 'body' })
  op.person = { sub: 'abc', nick: 'Nick', mail: 'nick@example.com' }
  op.info = { sub: 'abc', mail: 'new@example.com', email_verified: true }
  const { json } = await logIn()
  t.match(await whoami(json.access_token), { sub: 'nick', email: 'new@example.com' }, 'what the user information says, wins')
  op.info = { sub: 'somebody-else' }
  t.match(await logIn(), { status: 401, text: /is about somebody else/ })
  op.person = { sub: 'def', name: 'Eve', mail: 'admin@example.com' }
  op.info = { ...op.person, email_verified: false }
  t.equal((await logIn()).status, 200)
  t.match(people.get('eve')?.spec, { email: '' }, 'an address that is not verified is nobody\'s; `name` stands in for the user name')
})

t.test('discovery', async t => {
  const down = await setUp(t)
  await down.op.close()
  t.match(await down.comeBack('oidc', { code: 'x' }), { status: 401, text: 'Unauthorized: identity provider not found\n' }, 'a provider that is not there is not initialised')
  const another = await setUp(t, {})
  another.op.document = document => ({ ...document, issuer: 'https://evil.example' })
  const { begin } = await providerPlatform(t, [{ name: 'oidc', type: 'OIDCIdentityProvider', provider: { issuer: another.op.base, clientID: 'x' } }])
  t.equal((await begin('oidc')).status, 401, 'another issuer')
  let at = Date.now()
  const op = await oidcProvider(t)
  const { document: good } = op
  op.document = () => ({})
  const late = await providerPlatform(t, [{ name: 'oidc', type: 'OIDCIdentityProvider', provider: { issuer: op.base, clientID: op.clientID } }], { now: () => at })
  t.equal((await late.begin('oidc')).status, 401)
  op.document = good
  t.equal((await late.begin('oidc')).status, 401, 'is not asked at every request')
  at += 11_000
  t.equal((await late.begin('oidc')).status, 302, 'but again')
  const found = late.authentication.providers.find('oidc')?.provider
  t.match(found?.kind === 'redirect' && found.endpoint?.(), { authURL: `${op.base}/authorize`, endSessionURL: `${op.base}/logout` }, 'addresses for consoles')
})

t.test('addresses that are configured', async t => {
  const op = await oidcProvider(t)
  const endpoint = { authURL: `${op.base}/authorize`, tokenURL: `${op.base}/token`, jwksURL: `${op.base}/keys` }
  for (const issuer of [op.base, '']) {
    const { begin, comeBack } = await providerPlatform(t, [{ name: 'oidc', type: 'OIDCIdentityProvider', provider: { issuer, clientID: op.clientID, clientSecret: op.clientSecret, redirectURL: op.redirectURIs[0], endpoint } }])
    const { location, cookie } = await begin('oidc')
    t.equal((await comeBack('oidc', (await op.visit(location)).searchParams, cookie)).status, 200, issuer ? 'with an issuer' : 'with keys alone')
  }
  t.notOk(op.asked.some(({ url }) => url.pathname.startsWith('/.well-known')), 'nothing is looked up')
})

t.test('TLS', async t => {
  const certificate = await keepCertificate(temporaryFolder(t), Date.now())
  const trusting = await setUp(t, { insecureSkipVerify: true }, { certificate })
  t.equal((await trusting.logIn()).status, 200, 'a certificate of its own making, where that is allowed')
  const { begin } = await setUp(t, {}, { certificate })
  t.match(await begin('oidc'), { status: 401, text: 'Unauthorized: identity provider not found\n' })
})

t.test('callbacks without a code', async t => {
  const { comeBack, ask } = await setUp(t)
  const rows: [string, Record<string, string>, string][] = [
    ['oidc', {}, 'Unauthorized: the callback has no code\n'],
    ['oidc', { error: 'access_denied' }, 'Unauthorized: the identity provider refused: access_denied\n'],
    ['oidc', { error: '<script>' }, 'Unauthorized: the identity provider refused: an error\n'],
    ['oidc', { code: 'x' }, 'Unauthorized: the identity provider refused the code: invalid_grant\n'],
    ['oidc', { code: 'x', iss: 'https://evil.example' }, 'Unauthorized: the callback is of another issuer\n'],
    ['nobody', { code: 'x' }, 'Unauthorized: the identity provider was not found\n'],
    ['__proto__', { code: 'x' }, 'Unauthorized: the identity provider was not found\n'],
  ]
  for (const [name, query, text] of rows) t.match(await comeBack(name, query), { status: 401, text, headers: { 'content-type': 'text/plain; charset=utf-8' } }, text)
  t.equal((await ask('POST', '/oauth/callback/oidc')).status, 405, 'as in 3.x there is no POST')
})
