import { join } from 'node:path'
import t from 'tap'
import { createKube } from '../../../../core/kube/client.js'
import { createInstance } from '../../../../core/process/instance.js'
import { listen } from '../../../../core/process/listener.js'
import { configOf } from '../../../../core/sdk/collect.js'
import { defaultConfig } from '../../../../config/load.js'
import type { IdentityProviderEntry, ServerConfig } from '../../../../config/server.js'
import { createEmbeddedKubernetes, groups } from '../../../../plugins/index.js'
import { labels, users } from '../../../../schemas/iam/v1alpha2.js'
import { client, silent } from '../../../helpers/app.js'
import { oidcProvider } from '../../../helpers/oidc-provider.js'
import { temporaryFolder } from '../../../helpers/process.js'
import { claimsOf } from '../../../helpers/provider-platform.js'
import { webServer } from '../../../helpers/web-server.js'

t.test('a whole server, through reloads', async t => {
  const dataDir = join(temporaryFolder(t), 'data')
  const configured = (...entries: Partial<IdentityProviderEntry>[]): ServerConfig => {
    const config = defaultConfig(configOf(groups))
    Object.assign(config.server, { dataDir })
    config.bootstrap = true
    Object.assign(config.authentication, { jwtSecret: 'a-secret-for-tests-of-32-letters', multipleLogin: false })
    Object.assign(config.authentication.oauthOptions, { identityProviders: entries, clients: [{ name: 'kubesphere', secret: 'kubesphere', redirectURIs: ['*'] }] })
    return config
  }
  const embedded = await createEmbeddedKubernetes({ dataDir, log: silent })
  const kube = createKube({ transport: embedded.transport, log: silent })
  const instance = await createInstance({ config: configured(), groups, kube, log: silent })
  const listener = await listen({ host: '127.0.0.1', port: 0, protocol: 'plain', handler: () => instance })
  t.teardown(async () => {
    listener.drain()
    await instance.close()
    await listener.close()
    await kube.close()
    await embedded.close()
  })
  const ask = client(listener.port)
  const op = await oidcProvider(t)
  const provider = { issuer: op.base, clientID: op.clientID, clientSecret: op.clientSecret, redirectURL: op.redirectURIs[0] }
  const oidc = { name: 'oidc', type: 'OIDCIdentityProvider', mappingMethod: 'auto', disableLoginConfirmation: false, provider }
  async function begin () {
    const reply = await ask('GET', '/oauth/login/oidc')
    const [cookie = ''] = reply.headers['set-cookie'] ?? []
    return { status: reply.status, location: reply.headers.location ?? '', cookie: cookie.split(';')[0] ?? '' }
  }
  const end = async ({ location, cookie }: { location: string, cookie: string }) => ask('GET', `/oauth/callback/oidc${(await op.visit(location)).search}`, { headers: { cookie } })

  t.match(await ask('GET', '/oauth/callback/oidc?code=x'), { status: 401, text: 'Unauthorized: the identity provider was not found\n' })
  await t.rejects(instance.replace(configured({ ...oidc, type: 'SAML' })), { message: /identityProviders\[0\]\.type: "SAML" is not supported/ }, 'a wrong configuration is not taken up')
  t.equal((await ask('GET', '/oauth/callback/oidc?code=x')).status, 401, 'and the old one goes on')
  await instance.replace(configured(oidc))
  const first = await end(await begin())
  t.match(claimsOf(first.json.access_token), { username: 'system:pre-registration', extra: { idp: ['oidc'], uid: ['248289761001'], email: ['jane@example.com'] } })
  t.equal((await ask('GET', '/api/v1/namespaces', { as: first.json.access_token })).status, 403, 'which opens nothing')

  const posted = { metadata: { name: 'jane', labels: { [labels.originUID]: 'other' } }, spec: { email: 'jane@example.com', groups: ['team'] } }
  t.match(await ask('POST', '/kapis/iam.kubesphere.io/v1alpha2/users', { as: first.json.access_token, body: posted }), { status: 200 }, 'but the registration')
  const refreshed = await ask('POST', '/oauth/token', { as: first.json.refresh_token, body: String(new URLSearchParams({ grant_type: 'refresh_token', refresh_token: first.json.refresh_token, client_id: 'kubesphere', client_secret: 'kubesphere' })), headers: { 'content-type': 'application/x-www-form-urlencoded' } })
  t.match([refreshed.status, claimsOf(refreshed.json.access_token).username], [200, 'jane'], 'who was to register has an account by now')
  const account = await kube.get(users, { name: 'jane' })
  t.match(account, { metadata: { labels: { [labels.identityProvider]: 'oidc', [labels.originUID]: '248289761001' } }, spec: { email: 'jane@example.com' } })
  t.notOk(account.spec.groups?.length)

  const begun = await begin()
  await instance.replace(configured({ ...oidc, disableLoginConfirmation: true }))
  const second = await end(begun)
  t.match([second.status, claimsOf(second.json.access_token).username], [200, 'jane'], 'a log-in goes on through a reload, and finds what is configured now')
  t.equal((await ask('GET', '/kapis/iam.kubesphere.io/v1alpha2/users/jane', { as: second.json.access_token })).status, 200)

  const casServer = await webServer(t, () => ({ type: 'text/xml', body: '<serviceResponse><authenticationSuccess><user>Casey</user></authenticationSuccess></serviceResponse>' }))
  await instance.replace(configured({ name: 'cas', type: 'CASIdentityProvider', mappingMethod: 'auto', disableLoginConfirmation: true, provider: { casServerURL: casServer.base, redirectURL: 'http://c.example/cb' } }))
  const casey = await ask('GET', '/oauth/callback/cas?ticket=ST-1')
  t.equal(casey.status, 200, `an account without an address ${casey.status === 200 ? '' : casey.text}`)
  t.equal((await begin()).status, 401, 'a provider that has been taken out is gone')
})
