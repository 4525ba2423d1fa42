import t, { type Test } from 'tap'
import { connect } from '../../../../core/auth/providers/ldap-connection.js'
import { keepCertificate } from '../../../../core/process/certificate.js'
import { loginRecords } from '../../../../schemas/iam/v1alpha2.js'
import { ldapServer, type LDAPEntry, type LDAPServerOptions } from '../../../helpers/ldap-server.js'
import { linked, providerPlatform } from '../../../helpers/provider-platform.js'
import { temporaryFolder } from '../../../helpers/process.js'
import { until } from '../../../helpers/until.js'

const people = 'ou=people,dc=example,dc=org'
const groups = 'ou=groups,dc=example,dc=org'
const manager = 'cn=admin,dc=example,dc=org'
const person = (uid: string, password: string, more: Record<string, string[]> = {}): LDAPEntry => ({ dn: `uid=${uid},${people}`, password, attributes: { objectClass: ['inetOrgPerson'], uid: [uid], mail: [`${uid}@example.org`], ...more } })
const entries = (): LDAPEntry[] => [
  { dn: manager, password: 'manager-secret', attributes: {} },
  person('Jane', 'jane-secret', { memberOf: [`cn=ops,${groups}`] }),
  person('star*(x)\\', 'star-secret'),
  person('twin', 'one', {}),
  { ...person('twin', 'two'), dn: `uid=twin,ou=other,${people}` },
  { dn: `cn=Devs,${groups}`, attributes: { objectClass: ['groupOfNames'], cn: ['Devs'], member: [`uid=Jane,${people}`] } },
  { dn: `cn=unix,${groups}`, attributes: { objectClass: ['posixGroup'], cn: ['unix'], memberUid: ['Jane'] } },
]

async function setUp (t: Test, more: Record<string, unknown> = {}, options: Partial<LDAPServerOptions> = {}, entry: Record<string, unknown> = {}, platformOptions: Parameters<typeof providerPlatform>[2] = {}) {
  const server = await ldapServer(t, { entries: entries(), ...options })
  const provider = { host: server.host, readTimeout: 2000, managerDN: manager, managerPassword: 'manager-secret', userSearchBase: people, loginAttribute: 'uid', mailAttribute: 'mail', ...more }
  const platform = await providerPlatform(t, [{ name: 'ldap', type: 'LDAPIdentityProvider', provider, ...entry }], platformOptions)
  const logIn = (username: string, password: string, name = 'ldap') => platform.form(`/oauth/login/${name}`, { username, password })
  return { server, ...platform, logIn }
}

t.test('a password that a directory knows', async t => {
  const { server, logIn, whoami, kube } = await setUp(t)
  const reply = await logIn('jane', 'jane-secret')
  t.match(reply, { status: 200, json: { token_type: 'Bearer', access_token: String } })
  t.match(await whoami(reply.json.access_token), { sub: 'jane', email: 'Jane@example.org' })
  t.strictSame(server.binds.map(({ dn, password }) => [dn, password]), [[manager, 'manager-secret'], [`uid=Jane,${people}`, 'jane-secret']])
  t.match(server.searches, [{ base: people, filter: '(uid=jane)' }])
  await until(() => kube.store(loginRecords).size === 1)
  t.match(kube.store(loginRecords).list()[0], { metadata: { labels: { 'iam.kubesphere.io/user-ref': 'jane' } }, spec: { type: 'Token', provider: 'ldap', success: true } })
  t.match(await logIn('jane', 'wrong'), { status: 400, json: { error: 'invalid_grant', error_description: 'incorrect password' } })
  await until(() => kube.store(loginRecords).size === 2)
  t.match(kube.store(loginRecords).list().find(({ spec }) => !spec.success)?.spec, { type: 'Token', provider: '', success: false, reason: 'incorrect password' })
})

t.test('what is no password', async t => {
  const { server, logIn } = await setUp(t)
  const incorrect = { error: 'invalid_grant', error_description: 'incorrect password' }
  const rows: [string, string, string, number, unknown, string?][] = [
    ['an empty one, which a directory would take for nobody\'s', 'Jane', '', 400, incorrect],
    ['an empty name', '', 'x', 400, incorrect],
    ['nobody', 'nobody', 'x', 400, incorrect],
    ['a wildcard', '*', 'jane-secret', 400, incorrect],
    ['a filter', 'Jane)(|(uid=*', 'jane-secret', 400, incorrect],
    ['a NUL', 'Jane\u0000', 'jane-secret', 400, incorrect],
    ['two entries of one name', 'twin', 'one', 500, { error: 'server_error', error_description: 'LDAP Result Code 4 "Size Limit Exceeded"' }],
    ['an unknown provider', 'Jane', 'jane-secret', 500, { error: 'server_error', error_description: 'the identity provider was not found' }, 'other'],
  ]
  for (const [what, username, password, status, json, name] of rows) {
    const reply = await logIn(username, password, name)
    t.equal(reply.status, status, what)
    t.strictSame(reply.json, json, what)
  }
  t.notOk(server.binds.some(({ password }) => password === ''), 'an empty password never travels')
})

t.test('names that must be escaped', async t => {
  const { server, logIn } = await setUp(t, {}, {}, {}, { people: [linked('star', 'ldap', 'star*(x)\\')] })
  t.equal((await logIn('star*(x)\\', 'star-secret')).status, 200)
  t.equal(server.searches[0]?.filter, '(uid=star*(x)\\)', 'one equality, whatever is in the value')
})

t.test('the filter of the configuration', async t => {
  const { server, logIn } = await setUp(t, { userSearchFilter: '(&(objectClass=inetOrgPerson)(memberOf=cn=ops,ou=groups,dc=example,dc=org))' })
  t.equal((await logIn('jane', 'jane-secret')).status, 200)
  t.equal((await logIn('star*(x)\\', 'star-secret')).status, 400, 'who does not match is nobody')
  t.match(server.searches[0]?.filter, /^\(&\(uid=jane\)\(&\(objectClass=inetOrgPerson\)/)
})

t.test('groups', async t => {
  const table = { Devs: 'developers', [`cn=ops,${groups}`]: 'operators', unix: 'unix', other: 'others' }
  const { server, logIn, people: store, kube } = await setUp(t, { groupSearchBase: groups, groupMemberAttribute: 'member', userMemberAttribute: 'memberOf' }, {}, { groupMapping: table }, { people: [linked('jane', 'ldap', 'Jane', { spec: { email: '', groups: ['kept', 'others'] } })] })
  t.equal((await logIn('jane', 'jane-secret')).status, 200)
  t.strictSame(store.get('jane')?.spec.groups, ['kept', 'developers', 'operators'], 'given and taken; others stay')
  const version = store.get('jane')?.metadata.resourceVersion
  await logIn('jane', 'jane-secret')
  t.equal(store.get('jane')?.metadata.resourceVersion, version, 'nothing is written where nothing changes')
  server.entries.splice(5, 1)
  await logIn('jane', 'jane-secret')
  t.strictSame(store.get('jane')?.spec.groups, ['kept', 'operators'])
  const byName = await setUp(t, { groupSearchBase: groups, groupMemberAttribute: 'memberUid' }, {}, { groupMapping: table }, { kube })
  t.equal((await byName.logIn('jane', 'jane-secret')).status, 200)
  t.strictSame(store.get('jane')?.spec.groups, ['kept', 'unix'], 'by the name of the member')
})

t.test('TLS', async t => {
  const folder = temporaryFolder(t)
  const certificate = await keepCertificate(folder, Date.now())
  const root = Buffer.from(certificate.cert).toString('base64')
  const rows: [string, Record<string, unknown>, boolean, number][] = [
    ['TLS from the first byte, by the key of 3.x', { startTLS: true, rootCAData: root }, true, 200],
    ['the same by our own key', { tls: 'ldaps', rootCA: `${folder}/kube-tls.crt` }, true, 200],
    ['begun on a plain connection', { tls: 'starttls', rootCAData: root }, false, 200],
    ['an unknown certificate', { startTLS: true }, true, 500],
    ['an unknown certificate, begun on a plain connection', { tls: 'starttls' }, false, 500],
    ['an unknown certificate, where that is allowed', { startTLS: true, insecureSkipVerify: true }, true, 200],
  ]
  for (const [what, more, secure, status] of rows) {
    const { server, logIn } = await setUp(t, more, { certificate, secure })
    const reply = await logIn('jane', 'jane-secret')
    t.equal(reply.status, status, what)
    if (status === 500) t.strictSame([reply.json.error_description, server.binds.length], ['LDAP Result Code 200 "Network Error"', 0], `${what}: nothing is shown`)
    t.ok(server.binds.every(({ encrypted }) => encrypted), `${what}: no password in the clear`)
  }
})

t.test('a connection that is lost is not made again', async t => {
  const certificate = await keepCertificate(temporaryFolder(t), Date.now())
  const server = await ldapServer(t, { entries: entries(), certificate })
  const connection = await connect({ host: '127.0.0.1', port: server.port, mode: 'starttls', timeout: 300, tls: { rejectUnauthorized: false } })
  t.teardown(() => { connection.close() })
  await connection.bind(manager, 'manager-secret')
  server.hangUp()
  for (let i = 0; i < 3; i++) await t.rejects(connection.bind(manager, 'manager-secret'))
  t.equal(server.connections(), 1, 'for it would be one without TLS')
  t.ok(server.binds.every(({ encrypted }) => encrypted))
})

t.test('a directory that misbehaves', async t => {
  const wrongManager = await setUp(t, { managerPassword: 'x' })
  t.strictSame((await wrongManager.logIn('jane', 'jane-secret')).json, { error: 'server_error', error_description: 'LDAP Result Code 49 "Invalid Credentials"' }, 'the manager is not let in')
  const { host } = await ldapServer(t, { entries: [] })
  const gone = await setUp(t, { host: host.replace(/\d+$/, '1') })
  const reply = await gone.logIn('jane', 'jane-secret')
  t.strictSame(reply.json, { error: 'server_error', error_description: 'LDAP Result Code 200 "Network Error"' }, 'not there, and no address in the answer')
  const flooding = await setUp(t, {}, { flood: Buffer.alloc(4 * 1024 * 1024, 0x30) })
  t.equal((await flooding.logIn('jane', 'jane-secret')).status, 500, 'too much')
  const silentOne = await setUp(t, { readTimeout: 200 }, { flood: Buffer.alloc(0) })
  t.equal((await silentOne.logIn('jane', 'jane-secret')).status, 500, 'too late')
})

t.test('guessing', async t => {
  const { server, logIn } = await setUp(t, {}, {}, {}, { maxTries: 5 })
  const statuses: number[] = []
  for (const name of ['jane', 'JANE', 'Jane', ' jane', 'jane ', 'jAne', 'janE']) statuses.push((await logIn(name, 'guess')).status)
  t.strictSame(statuses, [400, 400, 400, 400, 400, 429, 429], 'a name is one name however it is written')
  t.equal(server.binds.filter(({ dn }) => dn !== manager).length <= 5, true)
  t.match(await logIn('jane', 'jane-secret'), { status: 429, json: { error: 'invalid_grant', error_description: 'auth rate limit exceeded' } })
})
