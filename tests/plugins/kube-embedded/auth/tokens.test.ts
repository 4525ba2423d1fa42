import { createPublicKey, verify } from 'node:crypto'
import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import t from 'tap'
import { WebSocket } from 'ws'
import type { Json } from '../../../helpers/embedded-api.js'
import { overHTTP, withPeople } from './people.js'

const accounts = '/api/v1/namespaces/a/serviceaccounts'
const secrets = '/api/v1/namespaces/a/secrets'
const reviews = '/apis/authentication.k8s.io/v1/tokenreviews'
const issuer = 'https://kubernetes.default.svc.cluster.local'
const robot = 'system:serviceaccount:a:robot'

async function build (t: Parameters<typeof withPeople>[0]) {
  let now = Date.parse('2026-01-01T00:00:00Z')
  const api = await withPeople(t, { now: () => now })
  const account = await api.must('POST', accounts, { metadata: { name: 'robot' } })
  const order = async (spec: Json = {}) => api.call('POST', `${accounts}/robot/token`, { spec })
  const issue = async (spec: Json = {}): Promise<string> => (await order(spec)).json['status'].token
  const review = async (token: string, audiences?: string[]): Promise<Json> => (await api.must('POST', reviews, { spec: { token, ...(audiences ? { audiences } : {}) } }))['status']
  return { ...api, account, order, issue, review, pass: (ms: number) => { now += ms } }
}

const claimsOf = (token: string): Json => JSON.parse(Buffer.from(token.split('.')[1] ?? '', 'base64url').toString('utf8')) as Json

t.test('a token is ordered', async t => {
  const { order, account, call, dataDir } = await build(t)
  const { status, json } = await order()
  t.equal(status, 201)
  t.match(json, { kind: 'TokenRequest', apiVersion: 'authentication.k8s.io/v1', metadata: { name: 'robot', namespace: 'a' }, spec: { audiences: [issuer], expirationSeconds: 3600, boundObjectRef: null }, status: { expirationTimestamp: '2026-01-01T01:00:00Z' } })
  t.match(claimsOf(json['status'].token), { aud: [issuer], iss: issuer, sub: robot, iat: 1767225600, nbf: 1767225600, exp: 1767229200, jti: /^[0-9a-f-]{36}$/, 'kubernetes.io': { namespace: 'a', serviceaccount: { name: 'robot', uid: account['metadata'].uid } } })
  t.equal((await stat(join(dataDir, 'kube-service-account.key'))).mode & 0o777, 0o600)
  t.equal((await call('GET', `${accounts}/robot/token`)).status, 405)
  t.equal((await call('POST', `${accounts}/gone/token`, {})).status, 404)
  t.equal((await call('POST', '/api/v1/namespaces/a/configmaps/kube-root-ca.crt/token', {})).status, 404)
})

t.test('what cannot be ordered', async t => {
  const { order, must, call } = await build(t)
  await must('POST', '/api/v1/namespaces/a/pods', { metadata: { name: 'other' }, spec: { serviceAccountName: 'default', containers: [{ name: 'c', image: 'i' }] } })
  await must('POST', '/api/v1/namespaces/a/pods', { metadata: { name: 'own' }, spec: { serviceAccountName: 'robot', containers: [{ name: 'c', image: 'i' }] } })
  const rows: [Json, number, string | RegExp][] = [
    [{ expirationSeconds: 599 }, 422, 'TokenRequest.authentication.k8s.io "" is invalid: spec.expirationSeconds: Invalid value: 599: may not specify a duration less than 10 minutes'],
    [{ expirationSeconds: 2 ** 32 + 1 }, 422, /may not specify a duration larger than 2\^32 seconds/],
    [{ expirationSeconds: 'long' }, 400, /cannot unmarshal/],
    [{ boundObjectRef: { kind: 'Job', apiVersion: 'batch/v1', name: 'x' } }, 400, 'cannot bind token to object of type batch/v1, Kind=Job'],
    [{ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'gone' } }, 404, 'pods "gone" not found'],
    [{ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'other' } }, 400, 'cannot bind token for serviceaccount "robot" to pod running with different serviceaccount name.'],
    [{ boundObjectRef: { kind: 'Pod', apiVersion: 'v1', name: 'own', uid: 'x' } }, 409, /the UID in the bound object reference \(x\) does not match the UID in record/],
  ]
  for (const [spec, status, message] of rows) {
    const reply = await order(spec)
    t.equal(reply.status, status, JSON.stringify(spec))
    t.match(reply.json['message'], message)
  }
  t.equal((await call('POST', `${accounts}/robot/token`, { metadata: { name: 'other' } })).status, 400)
  t.equal((await call('POST', `${accounts}/robot/token?dryRun=All`, {})).json['status'].token, '')
})

t.test('a review says whose it is', async t => {
  const { issue, review, account, call, pass } = await build(t)
  const token = await issue()
  const own = { username: robot, uid: account['metadata'].uid, groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'], extra: { 'authentication.kubernetes.io/credential-id': [`JTI=${String(claimsOf(token)['jti'])}`] } }
  t.same(await review(token), { authenticated: true, user: own, audiences: [issuer] })
  t.same(await review(token, ['vault', issuer]), { authenticated: true, user: own, audiences: [issuer] })
  t.same(await review(token, ['vault']), { user: {}, error: `[invalid bearer token, token audiences ["${issuer}"] is invalid for the target audiences ["vault"]]` })
  const forVault = await issue({ audiences: ['vault', 'other'] })
  t.match(await review(forVault, ['vault']), { authenticated: true, audiences: ['vault'] })
  t.match(await review(forVault), { user: {}, error: /invalid for the target audiences/ })
  const forged = [token.slice(0, -4) + 'AAAA', `${token}.x`, 'x', token.replace(/^[^.]+/, Buffer.from('{"alg":"none"}').toString('base64url')), token.split('.').slice(0, 2).join('.') + '.']
  for (const text of forged) t.same(await review(text), { user: {}, error: 'invalid bearer token' })
  t.equal((await call('POST', reviews, { spec: {} })).json['message'], 'token is required for TokenReview in authentication')
  pass(3_600_000)
  t.match(await review(token), { user: {}, error: '[invalid bearer token, service account token has expired]' })
})

t.test('a token ends with what it stands on', async t => {
  const { issue, review, must } = await build(t)
  const bound = (kind: string, name: string) => issue({ boundObjectRef: { apiVersion: 'v1', kind, name } })
  await must('POST', '/api/v1/nodes', { metadata: { name: 'n' } })
  await must('POST', '/api/v1/namespaces/a/pods', { metadata: { name: 'p' }, spec: { serviceAccountName: 'robot', nodeName: 'n', containers: [{ name: 'c', image: 'i' }] } })
  await must('POST', secrets, { metadata: { name: 's' } })
  const tokens = { plain: await issue(), pod: await bound('Pod', 'p'), secret: await bound('Secret', 's'), node: await bound('Node', 'n') }
  const alive = async () => {
    const states = await Promise.all(Object.entries(tokens).map(async ([name, token]) => (await review(token))['authenticated'] === true ? [name] : []))
    return states.flat()
  }
  t.same(await alive(), ['plain', 'pod', 'secret', 'node'])
  t.match((await review(tokens.pod))['user'].extra, { 'authentication.kubernetes.io/pod-name': ['p'], 'authentication.kubernetes.io/node-name': ['n'] })
  await must('DELETE', '/api/v1/nodes/n')
  t.same(await alive(), ['plain', 'pod', 'secret'])
  await must('DELETE', `${secrets}/s`)
  await must('POST', secrets, { metadata: { name: 's' } })
  t.same(await alive(), ['plain', 'pod'], 'another of that name does not count')
  await must('DELETE', '/api/v1/namespaces/a/pods/p?gracePeriodSeconds=0')
  t.same(await alive(), ['plain'])
  await must('DELETE', `${accounts}/robot`)
  await must('POST', accounts, { metadata: { name: 'robot' } })
  t.same(await alive(), [])
})

t.test('over the listener', async t => {
  const api = await build(t)
  const { issue, grant, must } = api
  await grant('a', 'robot', ['ServiceAccount/a/robot'], ['get,list,watch core configmaps'])
  const { ask, url, ca, adminToken } = await overHTTP(t, api)
  const token = await issue()
  const cms = '/api/v1/namespaces/a/configmaps'
  const rows: [string, string, string | undefined, number][] = [
    ['GET', cms, token, 200],
    ['GET', '/api/v1/namespaces/b/configmaps', token, 403],
    ['GET', '/openid/v1/jwks', token, 200],
    ['GET', '/metrics', token, 403],
    ['GET', '/metrics', adminToken, 404],
    ['GET', '/api/v1/secrets', adminToken, 200],
    ['GET', cms, `${token.slice(0, -4)}AAAA`, 401],
    ['GET', cms, await issue({ audiences: ['vault'] }), 401],
    ['GET', cms, 'x', 401],
    ['GET', cms, undefined, 401],
    ['GET', '/healthz', undefined, 200],
    ['GET', '/livez', undefined, 200],
    ['GET', '/readyz', undefined, 200],
    ['GET', '/version', undefined, 200],
    ['GET', '/healthz', 'x', 401],
    ['POST', '/version', undefined, 401],
    ['GET', '/api', undefined, 401],
    ['GET', '/openid/v1/jwks', undefined, 401],
    ['GET', '/nothing', undefined, 401],
  ]
  for (const [method, path, shown, status] of rows) {
    const reply = await ask(method, path, shown)
    t.equal(reply.status, status, `${method} ${path}`)
    if (status === 401) t.match(reply.json, { kind: 'Status', reason: 'Unauthorized', message: 'Unauthorized' })
  }
  t.equal((await ask('GET', '/version', undefined, undefined, { 'impersonate-user': 'alice' })).status, 401, 'nobody becomes nobody else')

  const opened = (path: string, protocols: string[]) => new Promise<number>((resolve, reject) => {
    const socket = new WebSocket(url.replace('http', 'ws') + path, protocols, { ca })
    socket.on('open', () => { socket.terminate(); resolve(101) })
    socket.on('unexpected-response', (_request, response) => { response.resume(); resolve(response.statusCode ?? 0) })
    socket.on('error', reject)
  })
  const shown = `base64url.bearer.authorization.k8s.io.${Buffer.from(token).toString('base64url')}`
  t.equal(await opened(`${cms}?watch=1`, [shown, 'base64.binary.k8s.io']), 101)
  t.equal(await opened('/api/v1/namespaces/b/configmaps?watch=1', [shown, 'base64.binary.k8s.io']), 403)
  t.equal(await opened(`${cms}?watch=1`, ['base64.binary.k8s.io']), 401)

  await must('DELETE', `${accounts}/robot`)
  t.equal((await ask('GET', cms, token)).status, 401, 'the account has gone')
})

t.test('Secrets of service accounts', async t => {
  const { must, call, kube, review, account } = await build(t)
  const secret = (name: string, of: string): Json => ({ metadata: { name, annotations: { 'kubernetes.io/service-account.name': of } }, type: 'kubernetes.io/service-account-token' })
  await must('POST', secrets, secret('legacy', 'robot'))
  await must('POST', secrets, secret('lost', 'gone'))
  await must('POST', secrets, { metadata: { name: 'plain' } })
  await kube.settled()
  t.equal((await call('GET', `${secrets}/lost`)).status, 404, 'not without its account')
  const filled = await must('GET', `${secrets}/legacy`)
  t.equal(filled['metadata'].annotations['kubernetes.io/service-account.uid'], account['metadata'].uid)
  t.equal(Buffer.from(filled['data'].namespace, 'base64').toString(), 'a')
  t.match(Buffer.from(filled['data']['ca.crt'], 'base64').toString(), /^-----BEGIN CERTIFICATE/)
  const token = Buffer.from(filled['data'].token, 'base64').toString()
  t.same(await review(token), { authenticated: true, user: { username: robot, uid: account['metadata'].uid, groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'] }, audiences: [issuer] })
  await must('DELETE', `${secrets}/legacy`)
  t.match(await review(token), { user: {}, error: '[invalid bearer token, service account token has been invalidated]' })
  await must('POST', secrets, secret('legacy', 'robot'))
  await kube.settled()
  t.equal((await review(token))['authenticated'], undefined, 'the old token stays dead')
  await must('DELETE', `${accounts}/robot`)
  await kube.settled()
  t.equal((await call('GET', `${secrets}/legacy`)).status, 404, 'it goes with its account')
  t.equal((await call('GET', `${secrets}/plain`)).status, 200)
})

t.test('others can check tokens by themselves', async t => {
  const { call, issue, as } = await build(t)
  const { json: configuration } = await call('GET', '/.well-known/openid-configuration')
  t.match(configuration, { issuer, response_types_supported: ['id_token'], id_token_signing_alg_values_supported: ['ES256'] })
  const { json: { keys: [jwk] }, headers } = await call('GET', '/openid/v1/jwks')
  t.equal(headers['content-type'], 'application/jwk-set+json')
  t.match(jwk, { use: 'sig', kty: 'EC', crv: 'P-256', alg: 'ES256' })
  const [header = '', claims = '', signature = ''] = (await issue()).split('.')
  t.equal((JSON.parse(Buffer.from(header, 'base64url').toString()) as Json)['kid'], jwk.kid)
  t.ok(verify('sha256', Buffer.from(`${header}.${claims}`), { key: createPublicKey({ key: jwk, format: 'jwk' }), dsaEncoding: 'ieee-p1363' }, Buffer.from(signature, 'base64url')))
  t.equal((await as(robot)('GET', '/openid/v1/jwks')).status, 200)
  t.equal((await as('alice')('GET', '/openid/v1/jwks')).status, 403)
})
