import { spawn, spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { join } from 'node:path'
import t from 'tap'
import { certificateFile, keepCertificate } from '../../core/process/certificate.js'
import { freePort, temporaryFolder } from '../helpers/process.js'
import { linked, providerPlatform } from '../helpers/provider-platform.js'
import { until } from '../helpers/until.js'

const slapd = '/usr/sbin/slapd'
if (!existsSync(slapd) && !process.env.CI) {
  t.plan(0, 'slapd is not installed here: run scripts/real/slapd.mjs as root on Debian.')
  process.exit(0)
}

const suffix = 'dc=example,dc=org'
const people = `ou=people,${suffix}`
const groups = `ou=groups,${suffix}`
const folder = temporaryFolder(t)
const [plainPort, securePort] = [await freePort(), await freePort()]

const configuration = `
include /etc/ldap/schema/core.schema
include /etc/ldap/schema/cosine.schema
include /etc/ldap/schema/inetorgperson.schema
include /etc/ldap/schema/nis.schema
modulepath /usr/lib/ldap
moduleload back_mdb
moduleload memberof
pidfile ${folder}/slapd.pid
argsfile ${folder}/slapd.args
TLSCertificateFile ${folder}/${certificateFile}
TLSCertificateKeyFile ${folder}/kube-tls.key
TLSVerifyClient never
database mdb
suffix "${suffix}"
rootdn "cn=admin,${suffix}"
rootpw manager-secret
directory ${folder}/data
overlay memberof
access to attrs=userPassword by anonymous auth by * none
access to * by dn.exact="cn=reader,${suffix}" read by * none
`

const person = (uid: string, password: string, more = '', at = people) => `dn: uid=${uid},${at}
objectClass: inetOrgPerson
uid: ${uid}
cn: ${uid}
sn: ${uid}
mail: ${uid.toLowerCase()}@example.org
userPassword: ${password}
${more}
`
const entries = `dn: ${suffix}
objectClass: dcObject
objectClass: organization
dc: example
o: example

dn: cn=reader,${suffix}
objectClass: organizationalRole
objectClass: simpleSecurityObject
cn: reader
userPassword: reader-secret

dn: ${people}
objectClass: organizationalUnit
ou: people

dn: ou=other,${people}
objectClass: organizationalUnit
ou: other

dn: ${groups}
objectClass: organizationalUnit
ou: groups

${person('Jane', 'jane-secret')}
${person('twin', 'one')}
${person('twin', 'two', '', `ou=other,${people}`)}
dn: uid=star\\2A(x)\\5C,${people}
objectClass: inetOrgPerson
uid: star*(x)\\
cn: star
sn: star
userPassword: star-secret

dn: cn=Devs,${groups}
objectClass: groupOfNames
cn: Devs
member: uid=Jane,${people}

dn: cn=unix,${groups}
objectClass: posixGroup
cn: unix
gidNumber: 100
memberUid: Jane
`

await keepCertificate(folder, Date.now())
mkdirSync(join(folder, 'data'))
writeFileSync(join(folder, 'slapd.conf'), configuration)
writeFileSync(join(folder, 'entries.ldif'), entries)
const added = spawnSync('/usr/sbin/slapadd', ['-f', join(folder, 'slapd.conf'), '-l', join(folder, 'entries.ldif')], { encoding: 'utf8' })
if (added.status !== 0) throw new Error(`the entries were not added: ${added.stderr}`)
const server = spawn(slapd, ['-d', '0', '-f', join(folder, 'slapd.conf'), '-h', `ldap://127.0.0.1:${plainPort} ldaps://127.0.0.1:${securePort}`], { stdio: ['ignore', 'ignore', 'pipe'] })
let said = ''
server.stderr.on('data', (chunk: Buffer) => { said += String(chunk) })
const ended = new Promise<void>(resolve => { server.once('exit', () => { resolve() }) })
t.teardown(async () => {
  server.kill('SIGTERM')
  await ended
})
const answers = (port: number): Promise<boolean> => new Promise(resolve => {
  const socket = connect(port, '127.0.0.1', () => { socket.destroy(); resolve(true) })
  socket.once('error', () => { resolve(false) })
})
await until(async () => await answers(plainPort) && await answers(securePort), `slapd (${said})`)

const common = { readTimeout: 5000, managerDN: `cn=reader,${suffix}`, managerPassword: 'reader-secret', userSearchBase: people, userSearchFilter: '(objectClass=inetOrgPerson)', loginAttribute: 'uid', mailAttribute: 'mail' }
const [plain, secure] = [`127.0.0.1:${plainPort}`, `127.0.0.1:${securePort}`]
const rootCA = join(folder, certificateFile)

t.test('ways to connect', async t => {
  const rows: [string, Record<string, unknown>, number][] = [
    ['plain', { host: plain }, 200],
    ['TLS, by the key of 3.x', { host: secure, startTLS: true, rootCA }, 200],
    ['StartTLS', { host: plain, tls: 'starttls', rootCA }, 200],
    ['any certificate', { host: plain, tls: 'starttls', insecureSkipVerify: true }, 200],
    ['an unknown certificate', { host: secure, startTLS: true }, 500],
    ['StartTLS with an unknown certificate', { host: plain, tls: 'starttls' }, 500],
    ['TLS where there is none', { host: plain, startTLS: true, rootCA }, 500],
    ['a manager who is not let in', { host: plain, managerPassword: 'x' }, 500],
    ['nobody as manager, who may not search', { host: plain, managerDN: '' }, 400],
    ['a base that is not there', { host: plain, userSearchBase: `ou=nowhere,${suffix}` }, 400],
  ]
  for (const [what, more, status] of rows) {
    const { form, whoami } = await providerPlatform(t, [{ name: 'ldap', type: 'LDAPIdentityProvider', provider: { ...common, ...more } }])
    const reply = await form('/oauth/login/ldap', { username: 'jane', password: 'jane-secret' })
    t.equal(reply.status, status, `${what}: ${reply.text}`)
    if (status === 200) t.match(await whoami(reply.json.access_token), { sub: 'jane', email: 'jane@example.org' }, what)
  }
})

t.test('names and passwords', async t => {
  const { form } = await providerPlatform(t, [{ name: 'ldap', type: 'LDAPIdentityProvider', provider: { ...common, host: plain } }], { people: [linked('star', 'ldap', 'star*(x)\\')], maxTries: 100 })
  const rows: [string, string, string, number, string?][] = [
    ['a wrong password', 'jane', 'wrong', 400],
    ['an empty password', 'jane', '', 400],
    ['nobody', 'nobody', 'x', 400],
    ['a wildcard', 'j*', 'jane-secret', 400],
    ['a filter', 'jane)(uid=*', 'jane-secret', 400],
    ['a name that must be escaped', 'star*(x)\\', 'star-secret', 200],
    ['two entries', 'twin', 'one', 500, 'LDAP Result Code 4 "Size Limit Exceeded"'],
  ]
  for (const [what, username, password, status, said] of rows) {
    const reply = await form('/oauth/login/ldap', { username, password })
    t.equal(reply.status, status, `${what}: ${reply.text}`)
    if (said) t.equal(reply.json.error_description, said)
  }
})

t.test('groups', async t => {
  const groupMapping = { devs: 'developers', unix: 'unix', [`cn=Devs,${groups}`]: 'by-dn' }
  for (const [groupMemberAttribute, wanted] of [['member', ['by-dn', 'developers']], ['memberUid', ['unix']]] as const) {
    const { form, people: store } = await providerPlatform(t, [{ name: 'ldap', type: 'LDAPIdentityProvider', groupMapping, provider: { ...common, host: plain, groupSearchBase: groups, groupMemberAttribute } }])
    t.equal((await form('/oauth/login/ldap', { username: 'jane', password: 'jane-secret' })).status, 200)
    t.strictSame(store.get('jane')?.spec.groups, wanted, groupMemberAttribute)
  }
})
