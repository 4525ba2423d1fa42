import { createHash } from 'node:crypto'
import t, { type Test } from 'tap'
import { providerPlatform } from '../../../helpers/provider-platform.js'
import { webServer, type Answered, type Asked } from '../../../helpers/web-server.js'

interface StandIn {
  /** Where the secret must be, and what the token is answered as. */
  secretIn: 'basic' | 'body'
  token: (token: string) => Answered
  refused: Answered
  info: object
}

/** A server of RFC 6749's code grant with a page that tells who it is, as the provider documents them. */
async function standIn (t: Test, { secretIn, token, refused, info }: StandIn) {
  const codes = new Map([['good', ''], ['bound', createHash('sha256').update('x').digest('base64url')]])
  const isClient = ({ headers, form }: Asked) => secretIn === 'basic'
    ? headers.authorization === `Basic ${Buffer.from('id:secret').toString('base64')}`
    : form.get('client_id') === 'id' && form.get('client_secret') === 'secret' && !headers.authorization
  return webServer(t, asked => {
    const { url: { pathname }, form, headers } = asked
    if (pathname === '/token') {
      if (!isClient(asked)) return { status: 401, body: { error: 'invalid_client' } }
      if (form.get('redirect_uri') !== 'https://console.example/cb' || !codes.delete(form.get('code') ?? '')) return refused
      return token('opaque')
    }
    return pathname === '/user' && headers.authorization === 'Bearer opaque' ? { body: info } : { status: 401, body: { message: 'Bad credentials' } }
  })
}

const json = (token: string): Answered => ({ body: { access_token: token, token_type: 'bearer', scope: 'user:email' } })
const rows: [type: string, standIn: StandIn, who: { sub: string, email?: string }, uid: string][] = [
  ['GitHubIdentityProvider', {
    secretIn: 'body',
    token: token => ({ type: 'application/x-www-form-urlencoded; charset=utf-8', body: `access_token=${token}&scope=user&token_type=bearer` }),
    refused: { type: 'application/x-www-form-urlencoded; charset=utf-8', body: 'error=bad_verification_code&error_description=The+code+passed+is+incorrect+or+expired.' },
    info: { login: 'Octocat', id: 583231, email: 'octocat@example.com', name: 'The Octocat' },
  }, { sub: 'octocat', email: 'octocat@example.com' }, 'Octocat'],
  ['GitlabIdentityProvider', {
    secretIn: 'basic',
    token: json,
    refused: { status: 400, body: { error: 'invalid_grant', error_description: 'The provided authorization grant is invalid' } },
    info: { id: 1042, username: 'Tanuki', email: 'tanuki@example.com', state: 'active' },
  }, { sub: 'tanuki', email: 'tanuki@example.com' }, '1042'],
  ['AliyunIDaaSProvider', {
    secretIn: 'basic',
    token: json,
    refused: { status: 401, body: { error: 'invalid_grant' } },
    info: { success: true, message: null, code: '200', data: { sub: '3274512', ou_id: '1', nickname: 'Wei', username: 'Wei', email: 'wei@example.com' } },
  }, { sub: 'wei', email: 'wei@example.com' }, '3274512'],
]

for (const [type, behaviour, who, uid] of rows) {
  t.test(type, async t => {
    const server = await standIn(t, behaviour)
    const endpoint = { authURL: `${server.base}/authorize`, tokenURL: `${server.base}/token`, userInfoURL: `${server.base}/user` }
    const { begin, comeBack, whoami, people, authentication } = await providerPlatform(t, [{ name: 'idp', type, provider: { clientID: 'id', clientSecret: 'secret', redirectURL: 'https://console.example/cb', scopes: ['user'], endpoint } }])
    const reply = await comeBack('idp', { code: 'good' })
    t.equal(reply.status, 200)
    t.match(await whoami(reply.json.access_token), who)
    t.equal(people.get(who.sub)?.metadata.labels?.['iam.kubesphere.io/origin-uid'], uid)
    t.match(await comeBack('idp', { code: 'bad' }), { status: 401, text: /^Unauthorized: the identity provider refused the code: (bad_verification_code|invalid_grant)\n$/ })
    const posts = server.asked.filter(({ url }) => url.pathname === '/token')
    t.equal(posts.length, behaviour.secretIn === 'basic' ? 2 : 3, 'the way that worked is kept')
    t.notOk(server.asked.some(({ url }) => url.search), 'no secret in an address')

    const begun = await begin('idp')
    t.match(begun, { status: 302, setCookie: /^__Host-ks-login-\w+=[\w-]{43}; Max-Age=600; Path=\/; HttpOnly; SameSite=Lax; Secure$/ })
    const { searchParams: sent } = new URL(begun.location)
    t.match(Object.fromEntries(sent), { client_id: 'id', response_type: 'code', scope: 'user', redirect_uri: 'https://console.example/cb', code_challenge_method: 'S256' })
    t.equal((await comeBack('idp', { code: 'bound', state: sent.get('state') ?? '' }, begun.cookie)).status, 200)
    const verifier = server.asked.filter(({ url }) => url.pathname === '/token').at(-1)?.form.get('code_verifier') ?? ''
    t.equal(createHash('sha256').update(verifier).digest('base64url'), sent.get('code_challenge'), 'the verifier fits the challenge')
    const provider = authentication.providers.find('idp')?.provider
    t.strictSame(provider?.kind === 'redirect' && provider.endpoint?.(), type === 'AliyunIDaaSProvider' ? undefined : endpoint, 'addresses for consoles')
  })
}

t.test('the addresses of the public services', async t => {
  const { begin } = await providerPlatform(t, ['GitHubIdentityProvider', 'GitlabIdentityProvider'].map(type => ({ name: type, type, provider: { clientID: 'id' } })))
  t.match((await begin('GitHubIdentityProvider')).location, /^https:\/\/github\.com\/login\/oauth\/authorize\?client_id=id&/)
  t.match((await begin('GitlabIdentityProvider')).location, /^https:\/\/gitlab\.com\/oauth\/authorize\?client_id=id&/)
})

t.test('a provider that misbehaves', async t => {
  let info: Answered = {}
  let token: Answered = json('opaque')
  const server = await webServer(t, ({ url }) => url.pathname === '/token' ? token : url.pathname === '/user' ? info : { body: { login: 'somebody' } })
  const endpoint = { authURL: `${server.base}/authorize`, tokenURL: `${server.base}/token`, userInfoURL: `${server.base}/user` }
  const { comeBack } = await providerPlatform(t, [{ name: 'idp', type: 'GitHubIdentityProvider', provider: { clientID: 'id', endpoint } }])
  const rows: [string, Answered, Answered, RegExp][] = [
    ['a redirect is not followed', { status: 302, headers: { location: `${server.base}/elsewhere` } }, json('x'), /answered who it is with 302/],
    ['too much', { body: { login: 'x'.repeat(2 * 1024 * 1024) } }, json('x'), /cannot be reached/],
    ['not JSON', { body: '<html>' }, json('x'), /is not JSON/],
    ['no object', { body: '[]' }, json('x'), /is no object/],
    ['nobody', { body: { id: 1 } }, json('x'), /did not say who it is/],
    ['a token that is none', { body: { login: 'a' } }, { body: { access_token: { a: 1 } } }, /refused the code: an error/],
    ['an error that is a page', { body: { login: 'a' } }, { status: 400, body: { error: '<b>no</b>' } }, /refused the code: an error/],
  ]
  for (const [what, answered, given, text] of rows) {
    [info, token] = [answered, given]
    t.match(await comeBack('idp', { code: 'x' }), { status: 401, text }, what)
  }
  t.notOk(server.asked.some(({ url }) => url.pathname === '/elsewhere'))
})
