import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Writable } from 'node:stream'
import pino from 'pino'
import t from 'tap'
import { loadConfig } from '../../../../config/load.js'
import { createProviders } from '../../../../core/auth/providers/index.js'
import type { IdentityProviderEntry } from '../../../../config/server.js'
import { oauthOptions } from '../../../../plugins/config/oauth-options.js'
import { silent } from '../../../helpers/app.js'
import { temporaryFolder } from '../../../helpers/process.js'

type Entry = Partial<IdentityProviderEntry>
const make = (entries: Entry[], log = silent) => createProviders({ entries: entries as IdentityProviderEntry[], log, now: Date.now })
const ldap = { host: 'ldap.example:389', userSearchBase: 'dc=x', loginAttribute: 'uid' }
const oidc = { clientID: 'id', endpoint: { authURL: 'https://i.example/a', tokenURL: 'https://i.example/t', jwksURL: 'https://i.example/k' } }
const endpoint = { authURL: 'https://i.example/a', tokenURL: 'https://i.example/t', userInfoURL: 'https://i.example/u' }

t.test('what fits', async t => {
  const providers = make([
    { name: 'a', type: 'LDAPIdentityProvider', provider: { HOST: 'ldap.example', usersearchbase: 'dc=x', LoginAttribute: 'uid', rootCA: null, unknown: [1] } },
    { name: 'b', type: 'OIDCIdentityProvider', provider: oidc },
    { name: 'c', type: 'GitHubIdentityProvider', provider: { clientid: 'id' } },
    { name: 'd', type: 'GitlabIdentityProvider', provider: { clientID: 'id', endpoint: { tokenurl: 'https://git.example/t' } } },
    { name: 'e', type: 'AliyunIDaaSProvider', provider: { clientID: 'id', endpoint } },
    { name: 'f', type: 'CASIdentityProvider', provider: { casServerURL: 'https://cas.example/cas', redirectURL: 'https://c.example/cb' } },
  ])
  t.strictSame(['a', 'b', 'c', 'd', 'e', 'f', 'g', '__proto__'].map(name => providers.find(name)?.provider.kind), ['password', ...Array(5).fill('redirect'), undefined, undefined], 'keys match whatever their case')
  const found = providers.find('d')?.provider
  t.match(found?.kind === 'redirect' && found.endpoint?.(), { authURL: 'https://gitlab.com/oauth/authorize', tokenURL: 'https://git.example/t' }, 'addresses one by one')
  await providers.close()
})

t.test('what does not fit is one sentence that names the key', t => {
  const key = 'authentication.oauthOptions.identityProviders'
  const secret = 'sEcReT-value'
  const rows: [Entry[], string | RegExp][] = [
    [[{ type: 'GitHubIdentityProvider' }], `${key}[0].name: expected a text that is not empty`],
    [[{ name: 'a', type: 'CASIdentityProvider', provider: { casServerURL: 'https://x.example', redirectURL: 'https://x.example' } }, { name: 'a', type: 'GitHubIdentityProvider' }], `${key}[1].name: "a" is the name of another identity provider already`],
    [[{ name: 'a', type: 'SAML' }], new RegExp(`^${key.replaceAll('.', '\\.')}\\[0\\]\\.type: "SAML" is not supported: expected LDAPIdentityProvider, OIDCIdentityProvider, `)],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: {} }], `${key}[0] (a): provider.clientID: expected a text that is not empty`],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: { clientID: 'x', clientSecret: { secret } } }], `${key}[0] (a): provider.clientSecret: expected a text`],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: { clientID: 'x', insecureSkipVerify: 'yes' } }], `${key}[0] (a): provider.insecureSkipVerify: expected true or false`],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: { clientID: 'x', scopes: 'user' } }], `${key}[0] (a): provider.scopes: expected a list of texts`],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: { clientID: 'x', endpoint: { tokenURL: 'file:///etc/passwd' } } }], `${key}[0] (a): provider.endpoint.tokenURL: expected an absolute http or https address`],
    [[{ name: 'a', type: 'GitHubIdentityProvider', provider: { clientID: 'x', redirectURL: '/cb' } }], `${key}[0] (a): provider.redirectURL: expected an absolute http or https address`],
    [[{ name: 'a', type: 'AliyunIDaaSProvider', provider: { clientID: 'x' } }], `${key}[0] (a): provider.endpoint.authURL: expected an absolute http or https address`],
    [[{ name: 'a', type: 'OIDCIdentityProvider', provider: { clientID: 'x' } }], `${key}[0] (a): provider.issuer: expected the address of the issuer, or endpoint.jwksURL instead`],
    [[{ name: 'a', type: 'OIDCIdentityProvider', provider: { clientID: 'x', issuer: 'accounts.example' } }], `${key}[0] (a): provider.issuer: expected an absolute http or https address`],
    [[{ name: 'a', type: 'CASIdentityProvider', provider: { casServerURL: 'https://cas.example' } }], `${key}[0] (a): provider.redirectURL: expected a text that is not empty`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, host: `u:${secret}@x` } }], `${key}[0] (a): provider.host: expected host:port`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, readTimeout: '5s' } }], `${key}[0] (a): provider.readTimeout: expected a whole number`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, tls: 'yes' } }], `${key}[0] (a): provider.tls: expected ldaps, starttls or none`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, userSearchFilter: '(a=b' } }], `${key}[0] (a): provider.userSearchFilter: expected a search filter (RFC 4515)`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, loginAttribute: 'uid)(x' } }], `${key}[0] (a): provider.loginAttribute: expected the name of an attribute`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, rootCA: '/nowhere' } }], `${key}[0] (a): provider.rootCA: expected a file with a certificate (PEM)`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: { ...ldap, rootCAData: secret } }], `${key}[0] (a): provider.rootCAData: expected a certificate (PEM) as base64 text`],
    [[{ name: 'a', type: 'LDAPIdentityProvider', provider: ldap, groupMapping: { ops: 'system:masters' } }], `${key}[0].groupMapping: "ops" must lead to the name of a group, not of Kubernetes' own`],
  ]
  for (const [entries, message] of rows) {
    t.throws(() => make(entries), { message }, String(message))
    try { make(entries) } catch (error) { t.notMatch(String(error), secret, 'without the value') }
  }
  t.end()
})

t.test('from a file', t => {
  const file = join(temporaryFolder(t), 'kubesphere.yaml')
  writeFileSync(file, `authentication:
  jwtSecret: x
  oauthOptions:
    identityProviders:
    - name: ldap
      type: LDAPIdentityProvider
      mappingMethod: auto
      groupMapping: {Devs: developers}
      provider: {host: "h:389", managerPassword: m-secret, userSearchBase: dc=x, loginAttribute: uid}
    - {name: oidc, type: OIDCIdentityProvider, mappingMethod: auto, requireState: true, provider: {issuer: "https://i.example", clientID: id, ClientSecret: c-secret, nested: [{clientSecret: n-secret}]}}
`)
  const { config } = loadConfig({ argv: ['--config', file], env: {}, cwd: '/' })
  const entries = config.authentication.oauthOptions.identityProviders
  t.match(entries, [{ groupMapping: { Devs: 'developers' }, disableLoginConfirmation: false }, { requireState: true }])
  const shown = JSON.stringify(oauthOptions(config.authentication.oauthOptions))
  t.match(shown, /"clientID":"id"/)
  t.notMatch(shown, /-secret|groupMapping|requireState/, 'what consoles are shown has no secret, and the five keys of 3.x')
  t.end()
})

t.test('no secret in a log', async t => {
  let lines = ''
  const log = pino({ level: 'trace' }, new Writable({ write (chunk, _encoding, done) { lines += String(chunk); done() } }))
  const providers = make([
    { name: 'ldap', type: 'LDAPIdentityProvider', provider: { ...ldap, host: '127.0.0.1:1', managerDN: 'cn=m', managerPassword: 'manager-secret' } },
    { name: 'hub', type: 'GitHubIdentityProvider', provider: { clientID: 'id', clientSecret: 'client-secret', endpoint: { authURL: 'http://127.0.0.1:1', tokenURL: 'http://127.0.0.1:1', userInfoURL: 'http://127.0.0.1:1' } } },
  ], log)
  const [one, two] = [providers.find('ldap')?.provider, providers.find('hub')?.provider]
  if (one?.kind === 'password') await one.authenticate('jane', 'jane-secret').catch((err: unknown) => { log.warn({ err }, 'failed') })
  if (two?.kind === 'redirect') await two.identify(key => key === 'code' ? 'code-secret' : '').catch((err: unknown) => { log.warn({ err }, 'failed') })
  t.equal(lines.match(/"failed"/g)?.length, 2)
  t.notMatch(lines, /-secret/)
  await providers.close()
})
