import { createHash } from 'node:crypto'
import t from 'tap'
import { createPersonalTokens } from '../../core/auth/personal-tokens.js'
import { secrets, type Secret } from '../../schemas/kube/builtin.js'
import { users } from '../../schemas/iam/v1alpha2.js'
import { silent } from '../helpers/app.js'
import { password } from '../helpers/platform.js'
import { cast, iam, raw as objects, user } from '../plugins/iam/cast.js'

const namespace = 'kubesphere-system'
const merge = { 'content-type': 'application/merge-patch+json' }
const rule = (verbs: string, resources: string, apiGroups = ['']) => ({ verbs: verbs.split(' '), apiGroups, resources: resources.split(' ') })
const configMap = (name: string) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name } })
const review = (verb: string) => ({ apiVersion: 'authorization.k8s.io/v1', kind: 'SelfSubjectAccessReview', spec: { resourceAttributes: { verb, resource: 'configmaps', namespace: 'ns-a' } } })
const dayMs = 86_400_000

/** The cast, with somebody who manages people, and tokens by name. */
async function withTokens (t: Parameters<typeof cast>[0]) {
  const server = await cast(t)
  const { does, raw } = server
  await does('admin', 'POST', `${objects}/globalroles`, 201, { metadata: { name: 'people' }, rules: [rule('*', 'users', ['*'])] })
  await does('admin', 'POST', '/users', 200, user('manny', { role: 'people' }))
  const tokens = new Map<string, string>()
  const tell = (token: string, method: string, path: string, body?: unknown, headers: Record<string, string> = {}) =>
    raw(method, path.startsWith('/users') || path.startsWith('/workspaces') || path.startsWith('/namespaces') ? iam + path : path, { as: tokens.get(token) ?? token, headers, ...(body === undefined ? {} : { body }) })
  async function make (who: string, name: string, more: object = {}): Promise<string> {
    const { json } = await does(who, 'POST', `/users/${who}/tokens`, 200, { name, ...more })
    tokens.set(name, json.token as string)
    return json.token as string
  }
  const secretOf = async (token: string): Promise<Secret> => server.kube.get(secrets, { name: `personal-access-token-${token.split('_')[1]}`, namespace })
  return { ...server, tell, make, secretOf }
}

t.test('what a personal token reaches', { timeout: 180_000 }, async t => {
  const { tell, make } = await withTokens(t)
  const limits: Record<string, [string, object | undefined]> = {
    all: ['alice', undefined],
    reader: ['alice', { readOnly: true }],
    rules: ['alice', { rules: [rule('get list', 'configmaps')] }],
    space: ['alice', { workspaces: ['ws-a'] }],
    project: ['alice', { namespaces: ['ns-a'] }],
    both: ['alice', { readOnly: true, namespaces: ['ns-a'], rules: [rule('*', 'configmaps')] }],
    root: ['admin', undefined],
    'root-reads': ['admin', { readOnly: true }],
    'root-a': ['admin', { workspaces: ['ws-a'] }],
  }
  for (const [name, [who, scope]] of Object.entries(limits)) await make(who, name, scope ? { scope } : {})

  const [inA, inB, secretsA] = ['/api/v1/namespaces/ns-a/configmaps', '/api/v1/namespaces/ns-b/configmaps', '/api/v1/namespaces/ns-a/secrets']
  const facts: [method: string, path: string, body: ((token: string) => unknown) | undefined, answers: Record<string, number>][] = [
    ['GET', inA, undefined, { all: 200, reader: 200, rules: 200, space: 200, project: 200, both: 200, root: 200, 'root-reads': 200, 'root-a': 200 }],
    ['POST', inA, configMap, { all: 201, reader: 403, rules: 403, space: 201, project: 201, both: 403, root: 201, 'root-reads': 403, 'root-a': 201 }],
    ['GET', inB, undefined, { all: 403, space: 403, project: 403, root: 200, 'root-reads': 200, 'root-a': 403 }],
    ['GET', secretsA, undefined, { all: 200, reader: 200, rules: 403, space: 200, both: 403, 'root-a': 200 }],
    ['GET', '/api/v1/namespaces/ns-a', undefined, { all: 200, project: 200, space: 200, rules: 403, 'root-a': 200 }],
    ['GET', '/api/v1/namespaces', undefined, { root: 200, 'root-reads': 200, 'root-a': 403 }],
    ['GET', '/api/v1/nodes', undefined, { root: 200, 'root-reads': 200, 'root-a': 403 }],
    ['GET', '/api', undefined, { all: 200, reader: 200, rules: 200, space: 200, 'root-a': 200 }],
    ['GET', '/workspaces/ws-a/workspacemembers', undefined, { space: 200, project: 403, 'root-a': 200, rules: 403 }],
    ['GET', '/workspaces/ws-b/workspacemembers', undefined, { space: 403, root: 200, 'root-a': 403 }],
    ['GET', '/namespaces/ns-a/members', undefined, { space: 200, project: 200, 'root-a': 200 }],
    ['GET', '/workspaces/ws-a/namespaces/ns-b/members', undefined, { 'root-a': 403 }],
    ['GET', '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/ws-a/namespaces', undefined, { all: 200, space: 200, project: 403, rules: 403 }],
    ['GET', '/kapis/tenant.kubesphere.io/v1alpha2/namespaces/ns-a/metering/hierarchy?namespace=ns-b', undefined, { root: 200, 'root-a': 400, all: 400 }],
    ['GET', '/kapis/tenant.kubesphere.io/v1alpha2/metering?level=LevelNamespace', undefined, { all: 200, 'root-a': 403, project: 403 }],
    ['GET', '/api/v1/namespaces/ns-a/pods/any/exec?command=id', undefined, { reader: 403, 'root-reads': 403 }],
    ['GET', '/api/v1/namespaces/ns-a/services/any/proxy/x', undefined, { 'root-reads': 403 }],
    ['GET', '/users/alice', undefined, { all: 200, reader: 200, rules: 403, project: 403, root: 200, 'root-a': 403 }],
    // Credentials are for people.
    ['GET', '/users/alice/tokens', undefined, { all: 200, reader: 200, rules: 403, project: 403, root: 200 }],
    ['POST', '/users/alice/tokens', () => ({ name: 'more' }), { all: 403, root: 403 }],
    ['POST', '/users/admin/tokens', () => ({ name: 'more' }), { root: 403 }],
    ['PUT', '/users/alice/password', () => ({ currentPassword: password, password: 'Other-1-Password' }), { all: 403, root: 403 }],
    ['PUT', '/users/admin/password', () => ({ currentPassword: password, password: 'Other-1-Password' }), { root: 403 }],
    ['PATCH', `${objects}/users/alice`, () => ({ spec: { password: 'Other-1-Password' } }), { all: 403, root: 403 }],
    ['POST', `${objects}/users`, () => user('made', { role: '' }), { root: 403 }],
    ['GET', '/oauth/userinfo', undefined, { all: 200, reader: 200, project: 200 }],
    ['GET', '/oauth/logout', undefined, { all: 401, root: 401 }],
    ['POST', '/oauth/token', undefined, { all: 401 }],
    ['GET', '/oauth/authorize?response_type=token&client_id=kubesphere&redirect_uri=http://x', undefined, { all: 401, root: 401 }],
  ]
  for (const [method, path, body, answers] of facts) {
    for (const [token, status] of Object.entries(answers)) {
      const reply = await tell(token, method, path, body?.(`by-${token}`), method === 'PATCH' ? merge : {})
      t.equal(reply.status, status, `${token} ${method} ${path} → ${status} ${reply.text.slice(0, 200)}`)
    }
  }

  for (const [token, verb, allowed] of [['all', 'create', true], ['reader', 'create', false], ['reader', 'list', true], ['rules', 'list', true], ['rules', 'watch', false], ['root-a', 'create', true]] as const) {
    const { status, json } = await tell(token, 'POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', review(verb))
    t.strictSame([status, json.status?.allowed], [201, allowed], `${token} can-i ${verb}`)
  }
  t.equal((await tell('', 'POST', '/oauth/authenticate', { apiVersion: 'authentication.k8s.io/v1', kind: 'TokenReview', spec: { token: await make('alice', 'reviewed') } })).status, 400, 'elsewhere it would be without its limits')
})

t.test('whose tokens are whose', { timeout: 180_000 }, async t => {
  const { ask, does, make, secretOf } = await withTokens(t)
  const token = await make('alice', 'ci', { days: 90, scope: { readOnly: true } })
  await make('admin', 'root')
  const { json } = await does('alice', 'GET', '/users/alice/tokens', 200)
  t.match(json, { totalItems: 1, items: [{ name: 'ci', scope: { readOnly: true } }] })
  t.equal(Date.parse(json.items[0].expires) - Date.parse(json.items[0].created), 90 * dayMs)
  t.strictSame(Object.keys(json.items[0]).sort(), ['created', 'expires', 'name', 'scope'], 'and nothing by which it is checked')
  t.match((await does('alice', 'POST', '/users/alice/tokens', 200, { name: 'short' })).headers, { 'cache-control': 'no-store' })
  const stored = JSON.stringify(await secretOf(token)) + Buffer.from((await secretOf(token)).data?.state ?? '', 'base64').toString()
  t.notMatch(stored, token.split('_').slice(2).join('_'), 'hashed at rest')

  const facts: [who: string, method: string, path: string, status: number, body?: unknown][] = [
    ['bob', 'GET', '/users/alice/tokens', 403],
    ['bob', 'POST', '/users/alice/tokens', 403, { name: 'x' }],
    ['bob', 'DELETE', '/users/alice/tokens/ci', 403],
    ['', 'GET', '/users/alice/tokens', 403],
    ['manny', 'GET', '/users/alice/tokens', 200],
    ['manny', 'POST', '/users/alice/tokens', 403, { name: 'x' }],
    ['admin', 'POST', '/users/alice/tokens', 403, { name: 'x' }],
    ['manny', 'DELETE', '/users/admin/tokens/root', 403],
    ['manny', 'DELETE', '/users/admin/tokens', 403],
    ['admin', 'GET', '/users/alice/tokens', 200],
    ['admin', 'GET', '/users/nobody/tokens', 404],
    ['alice', 'DELETE', '/users/alice/tokens/none', 404],
    ['alice', 'POST', '/users/alice/tokens', 409, { name: 'ci' }],
    ...[{}, { name: 'Not A Label' }, { name: 'x', days: 0 }, { name: 'x', days: 367 }, { name: 'x', days: 1.5 }, { name: 'x', expires: 'never' }, { name: 'x', scope: { readonly: true } }, { name: 'x', scope: { rules: [] } }, { name: 'x', scope: { namespaces: [] } }, { name: 'x', scope: { rules: [{ verbs: ['get'], resources: ['pods'] }] } }, { name: 'x', scope: 'all' }]
      .map((body): [string, string, string, number, unknown] => ['alice', 'POST', '/users/alice/tokens', 400, body]),
    ['alice', 'POST', '/users/alice/tokens', 413, { name: 'x', scope: { namespaces: ['n'.repeat(20_000)] } }],
    ['manny', 'DELETE', '/users/alice/tokens/ci', 200],
    ['alice', 'POST', '/users/alice/tokens', 200, { name: 'ci' }],
  ]
  for (const fact of facts) await does(...fact)

  for (let i = 0; i < 48; i++) await does('dave', 'POST', '/users/dave/tokens', 200, { name: `n-${i}` })
  const last = await Promise.all(Array.from({ length: 5 }, (_, i) => ask('dave', 'POST', `${iam}/users/dave/tokens`, { body: { name: `last-${i}` } })))
  t.strictSame(last.map(({ status }) => status).sort(), [200, 200, 403, 403, 403], 'as many as one may have')
  await does('dave', 'DELETE', '/users/dave/tokens', 200)
  t.equal((await does('dave', 'GET', '/users/dave/tokens', 200)).json.totalItems, 0)
})

t.test('what ends a token', { timeout: 180_000 }, async t => {
  const { does, tell, make, kube, until, login, secretOf } = await withTokens(t)
  const who = async (token: string): Promise<string | number> => {
    const { status, json } = await tell(token, 'GET', '/oauth/userinfo')
    return status === 200 ? json.sub as string : status
  }
  const elsewhere = async (now: () => number) => {
    const replica = createPersonalTokens({ kube, secret: 'a-secret-for-tests-of-32-letters', log: silent, now })
    await replica.ready()
    t.teardown(() => replica.close())
    return replica
  }

  await t.test('its owner and its time', async t => {
    const token = await make('alice', 'revoked')
    t.equal(await who(token), 'alice')
    t.equal(await who(`${token.slice(0, -1)}${token.endsWith('A') ? 'B' : 'A'}`), 401)
    t.equal(await who('kspat_x'), 401)
    await does('alice', 'DELETE', '/users/alice/tokens/revoked', 200)
    t.equal(await who(token), 401)
    const again = await make('alice', 'revoked')
    t.strictSame([await who(token), await who(again)], [401, 'alice'], 'the same name is another token')

    const later = await elsewhere(() => Date.now() + 31 * dayMs)
    t.throws(() => later.verify(again), { message: 'the personal access token has expired' })
    const soon = await elsewhere(() => Date.now() + 29 * dayMs)
    t.equal(soon.verify(again).owner.metadata.name, 'alice')
    const owner = await kube.get(users, { name: 'alice' })
    t.ok((await later.create(owner, { name: 'revoked', lifetime: dayMs, scope: {} })).token, 'what has expired gives its name free')
  })

  await t.test('a password change only where its owner asks', async t => {
    const token = await make('bob', 'kept')
    await does('bob', 'PUT', '/users/bob/password', 200, { currentPassword: password, password: 'Changed-1-Password' })
    t.equal(await who(token), 'bob')
    t.equal((await login('bob', 'Changed-1-Password')).status, 200)
    await does('bob', 'DELETE', '/users/bob/tokens', 200)
    t.equal(await who(token), 401)
  })

  await t.test('the end of the account, for good', async t => {
    const token = await make('carol', 'ci')
    await make('dave', 'old')
    const disable = async (state: string) => {
      const { json } = await does('admin', 'GET', '/users/carol', 200)
      await does('admin', 'PUT', '/users/carol', 200, { ...json, status: { state } })
    }
    await disable('Disabled')
    t.equal(await who(token), 401)
    await until('admin', `${iam}/users/carol/tokens`, ({ json }) => json.totalItems === 0)
    await disable('Active')
    t.equal(await who(token), 401)
    t.equal(await who('old'), 'dave')
    await does('admin', 'DELETE', '/users/dave', 200)
    t.equal(await who('old'), 401)
    await until('admin', `${iam}/users/dave`, ({ status }) => status === 404)
    await does('admin', 'POST', '/users', 200, user('dave'))
    t.equal(await who('old'), 401, 'another account of the same name')
  })

  await t.test('what others write is no token', async t => {
    const token = await make('alice', 'model')
    const secret = await secretOf(token)
    const state = JSON.parse(Buffer.from(secret.data?.state ?? '', 'base64').toString()) as Record<string, unknown>
    const forged = `kspat_${'0'.repeat(20)}_${'A'.repeat(43)}`
    const hash = createHash('sha256').update(forged).digest('base64url')
    const admin = await kube.get(users, { name: 'admin' })
    const data = { ...secret.data, state: Buffer.from(JSON.stringify({ ...state, id: '0'.repeat(20), hash, owner: 'admin', ownerUid: admin.metadata.uid })).toString('base64') }
    await does('admin', 'POST', `/api/v1/namespaces/${namespace}/secrets`, 201, { ...secret, metadata: { name: `personal-access-token-${'0'.repeat(20)}`, labels: secret.metadata.labels }, data })
    t.equal(await who(forged), 401)
    await does('admin', 'PATCH', `/api/v1/namespaces/${namespace}/secrets/${secret.metadata.name}`, 200, { data: { state: data.state } }, merge)
    t.equal(await who(token), 401)
    t.equal(await who(forged), 401)
    t.equal(await who(await make('alice', 'model')), 'alice', 'and keeps no name taken')
  })

  await t.test('the last use is written, and not for every request', async t => {
    const token = await make('alice', 'used')
    for (let i = 0; i < 20; i++) await who(token)
    const { json } = await until('alice', `${iam}/users/alice/tokens`, ({ json }) => json.items.some(({ name, lastUsed }: { name: string, lastUsed?: string }) => name === 'used' && lastUsed))
    t.ok(Math.abs(Date.now() - Date.parse(json.items.find(({ name }: { name: string }) => name === 'used').lastUsed as string)) < 60_000)
    const { metadata: { resourceVersion } } = await secretOf(token)
    for (let i = 0; i < 20; i++) await who(token)
    t.equal((await secretOf(token)).metadata.resourceVersion, resourceVersion)
  })
})
