import t, { type Test } from 'tap'
import { loginRecords, users, type User } from '../../../../schemas/iam/v1alpha2.js'
import type { Identity } from '../../../../core/sdk/index.js'
import { ldapServer } from '../../../helpers/ldap-server.js'
import { claimsOf, linked, providerPlatform } from '../../../helpers/provider-platform.js'
import { until } from '../../../helpers/until.js'
import { webServer } from '../../../helpers/web-server.js'

type Options = Parameters<typeof providerPlatform>[2]

/** One person at two providers: a page that tells who it is, and a directory. */
async function setUp (t: Test, entry: Record<string, unknown>, options: Options = {}) {
  const person = { login: 'Jane', email: 'jane@example.com' as string | null }
  const server = await webServer(t, ({ url }) => ({ body: url.pathname === '/token' ? { access_token: 'x' } : person }))
  const directory = await ldapServer(t, { entries: [{ dn: 'uid=Jane,dc=x', password: 'pw', attributes: { uid: ['Jane'], mail: ['jane@example.com'] } }] })
  const endpoint = { authURL: server.base, tokenURL: `${server.base}/token`, userInfoURL: `${server.base}/user` }
  const platform = await providerPlatform(t, [
    { name: 'hub', type: 'GitHubIdentityProvider', ...entry, provider: { clientID: 'id', endpoint } },
    { name: 'ldap', type: 'LDAPIdentityProvider', ...entry, provider: { host: directory.host, userSearchBase: 'dc=x', loginAttribute: 'uid', mailAttribute: 'mail' } },
  ], options)
  const byCode = () => platform.comeBack('hub', { code: 'x' })
  const byPassword = () => platform.form('/oauth/login/ldap', { username: 'Jane', password: 'pw' })
  return { ...platform, person, byCode, byPassword }
}

const both = ['hub', 'ldap'].map((provider, i) => linked(`jane-${i}`, provider, 'Jane'))

t.test('whoever has an account', async t => {
  for (const mappingMethod of ['auto', 'lookup', 'mixed', '']) {
    const { byCode, byPassword, whoami } = await setUp(t, { mappingMethod, disableLoginConfirmation: false }, { people: both })
    t.equal((await whoami((await byCode()).json.access_token)).sub, 'jane-0', `${mappingMethod || 'no method'}: the account with the labels`)
    t.equal((await whoami((await byPassword()).json.access_token)).sub, 'jane-1')
  }
})

t.test('whoever has none, and may not be given one', async t => {
  for (const mappingMethod of ['lookup', 'mixed', 'manual', '']) {
    const { byCode, byPassword, people } = await setUp(t, { mappingMethod })
    t.match(await byCode(), { status: 401, text: 'Unauthorized: user.iam.kubesphere.io "Jane" not found\n' }, mappingMethod)
    t.match(await byPassword(), { status: 400, json: { error: 'invalid_grant', error_description: 'incorrect password' } })
    t.equal(people.size, 0)
  }
  const twice = [linked('a', 'hub', 'Jane'), linked('b', 'hub', 'Jane')]
  t.equal((await (await setUp(t, { mappingMethod: 'lookup' }, { people: twice })).byCode()).status, 401, 'two accounts are as none')
})

t.test('accounts made at the first log-in', async t => {
  const { byCode, people, kube, person } = await setUp(t, {})
  const replies = await Promise.all([byCode(), byCode()])
  t.strictSame(replies.map(({ status }) => status), [200, 200], 'two log-ins at once make one')
  t.match(people.get('jane'), { metadata: { labels: { 'iam.kubesphere.io/identify-provider': 'hub', 'iam.kubesphere.io/origin-uid': 'Jane' } }, spec: { email: 'jane@example.com' }, status: { state: 'Active' } })
  t.equal(people.get('jane')?.spec.password, undefined)
  const rows: [string, string, string | null, RegExp][] = [
    ['a name that is somebody else\'s', 'admin', null, /users\.iam\.kubesphere\.io "admin" already exists/],
    ['an address that is somebody else\'s', 'eve', 'jane@example.com', /user email: jane@example\.com already exists/],
    ['an address that is none', 'eve', 'x', /invalid email address:x/],
    ['an id that is no label', 'eve/1', null, /a valid label must consist of/],
    ['a name without end', 'e'.repeat(400), null, /at too great length/],
    ['a name of the system', 'system:masters', null, /a valid label must consist of/],
  ]
  await kube.create(users, { metadata: { name: 'admin' }, spec: { email: 'admin@example.com' } } as User)
  for (const [what, login, email, text] of rows) {
    Object.assign(person, { login, email })
    t.match(await byCode(), { status: 401, text }, what)
  }
  t.strictSame(people.list().map(({ metadata: { name } }) => name), ['admin', 'jane'])
})

t.test('a disabled account', async t => {
  const people = both.map(user => ({ ...user, status: { state: 'Disabled' as const } }))
  const { byCode, byPassword } = await setUp(t, {}, { people })
  t.match(await byCode(), { status: 401, text: 'Unauthorized: account is not active\n' })
  t.match(await byPassword(), { status: 400, json: { error: 'invalid_grant', error_description: 'account is not active' } })
  const limited = await setUp(t, {}, { people: both.map(user => ({ ...user, status: { state: 'AuthLimitExceeded' as const } })) })
  t.equal((await limited.byCode()).status, 200, 'a lock for passwords of ours is none here')
})

t.test('whoever must register first', async t => {
  for (const multipleLogin of [true, false]) {
    const { byCode, byPassword, refresh, whoami, ask, authentication, kube, people } = await setUp(t, { disableLoginConfirmation: false }, { multipleLogin })
    const { status, json: tokens } = await byCode()
    t.equal(status, 200)
    t.match(claimsOf(tokens.access_token), { username: 'system:pre-registration', extra: { idp: ['hub'], uid: ['Jane'], username: ['Jane'], email: ['jane@example.com'] } })
    const other = (await byPassword()).json
    t.match(claimsOf(other.access_token), { extra: { idp: ['ldap'] } })
    t.equal(people.size, 0)
    const caller = authentication.review(tokens.access_token) as Identity
    t.match(caller, { name: 'system:pre-registration', groups: [], extra: { uid: ['Jane'] } })
    t.match(await refresh(tokens.refresh_token), { status: 400, json: { error: 'invalid_grant', error_description: 'authenticated user does not exist' } })
    t.equal(kube.store(loginRecords).size, 0)

    const posted = { metadata: { name: 'jane', labels: { x: 'y' }, annotations: { 'iam.kubesphere.io/globalrole': 'platform-admin' } }, spec: { email: 'jane@example.com', groups: ['team'], password: 'P@88w0rd', lang: 'en' }, status: { state: 'Active' } } as User
    const account = authentication.identities.registration(caller, posted)
    t.strictSame(account, { metadata: { name: 'jane', labels: { 'iam.kubesphere.io/identify-provider': 'hub', 'iam.kubesphere.io/origin-uid': 'Jane' } }, spec: { email: 'jane@example.com', lang: 'en' }, status: { state: 'Active' } }, 'the account has what a stranger may choose, and no more')
    await kube.create(users, account)
    t.throws(() => authentication.identities.registration(caller, { ...posted, metadata: { name: 'jane2' } }), { code: 409 }, 'once')
    const changed = await refresh(tokens.refresh_token)
    t.equal(changed.status, 200, 'the refresh token becomes the account\'s')
    t.equal((await whoami(changed.json.access_token)).sub, 'jane')
    t.equal((await refresh(tokens.refresh_token)).status, 400, 'once')
    t.equal((await whoami(changed.json.access_token)).sub, undefined, 'and its second use ends what the first one got')

    t.equal((await ask('GET', '/oauth/logout', { as: other.access_token })).status, 200)
    t.throws(() => authentication.review(other.access_token), 'a log-out ends one\'s own')
    t.ok(authentication.review((await byPassword()).json.access_token), 'and nobody else\'s')
  }
})

t.test('tokens that register nobody', async t => {
  const { authentication: { identities } } = await setUp(t, {})
  const posted = { metadata: { name: 'eve' }, spec: { email: '' } } as User
  const caller = (name: string, extra?: Identity['extra']): Identity => ({ name, groups: [], by: 'bearer', ...(extra ? { extra } : {}) })
  for (const bad of [caller('alice', { idp: ['hub'], uid: ['1'] }), caller('system:pre-registration'), ...[{ idp: ['hub'] }, { uid: ['1'] }, { idp: ['hub', 'b'], uid: ['1'] }, { idp: ['hub'], uid: ['1', '2'] }, { idp: [''], uid: ['1'] }].map(extra => caller('system:pre-registration', extra))]) {
    t.throws(() => identities.registration(bad, posted), { code: 400, message: 'invalid registration token' }, JSON.stringify(bad))
  }
  t.equal(identities.originOf(caller('alice')), undefined, 'others come from nowhere')
})

t.test('a record of every log-in', async t => {
  const { byPassword, kube } = await setUp(t, {}, { people: both })
  await byPassword()
  await until(() => kube.store(loginRecords).size === 1)
  t.match(kube.store(loginRecords).list()[0]?.spec, { type: 'Token', provider: 'ldap', success: true, reason: 'authenticated successfully' })
})
