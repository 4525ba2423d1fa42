import t from 'tap'
import { embeddedApi, type Json } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

const cms = '/api/v1/namespaces/default/configmaps'
const names = (list: Json) => (list['items'] as Json[]).map(item => item['metadata'].name as string)

async function filled (t: Parameters<typeof embeddedApi>[0], more: Parameters<typeof embeddedApi>[1] = {}) {
  const api = await embeddedApi(t, { kinds: someKinds, ...more })
  await api.kube.settled()
  await api.call('POST', '/api/v1/namespaces', { metadata: { name: 'other' } })
  await api.kube.settled()
  for (const name of ['a', 'b', 'c', 'd', 'e']) await api.call('POST', cms, { metadata: { name, labels: { app: name < 'c' ? 'one' : 'two' } } })
  await api.call('POST', '/api/v1/namespaces/other/configmaps', { metadata: { name: 'x', labels: { app: 'one' } } })
  await api.call('POST', '/api/v1/namespaces/default/pods', { metadata: { name: 'p' } })
  await api.call('PATCH', '/api/v1/namespaces/default/pods/p/status', { status: { phase: 'Running' } }, { type: 'application/merge-patch+json' })
  return api
}

const cases = [
  { url: cms, status: 200, names: ['a', 'b', 'c', 'd', 'e', 'kube-root-ca.crt'] },
  { url: `${cms}?labelSelector=app%3Done`, status: 200, names: ['a', 'b'] },
  { url: '/api/v1/configmaps?labelSelector=app%3Done', status: 200, names: ['a', 'b', 'x'] },
  { url: `${cms}?fieldSelector=metadata.name%3Dc`, status: 200, names: ['c'] },
  { url: '/api/v1/configmaps?fieldSelector=metadata.name%3Dx', status: 200, names: ['x'] },
  { url: '/api/v1/configmaps?fieldSelector=metadata.namespace%3Dother,metadata.name!%3Dkube-root-ca.crt', status: 200, names: ['x'] },
  { url: `${cms}?fieldSelector=metadata.name%3Dnobody`, status: 200, names: [] },
  { url: '/api/v1/namespaces/default/pods?fieldSelector=status.phase%3DRunning', status: 200, names: ['p'] },
  { url: '/api/v1/namespaces/default/pods?fieldSelector=status.phase!%3DRunning', status: 200, names: [] },
  { url: `${cms}?fieldSelector=data.x%3D1`, status: 400, message: '"data.x" is not a known field selector: only "metadata.name", "metadata.namespace"' },
  { url: `${cms}?fieldSelector=constructor%3D1`, status: 400, message: '"constructor" is not a known field selector: only "metadata.name", "metadata.namespace"' },
  { url: '/api/v1/namespaces/nowhere/configmaps', status: 200, names: [] },
  { url: `${cms}?limit=x`, status: 400 },
  { url: `${cms}?resourceVersion=x`, status: 400 },
  { url: `${cms}?resourceVersion=0`, status: 200, names: ['a', 'b', 'c', 'd', 'e', 'kube-root-ca.crt'] },
  { url: `${cms}?resourceVersion=999999`, status: 504, message: /^Timeout: Too large resource version: 999999, current: \d+$/ },
  { url: `${cms}/a?resourceVersion=999999`, status: 504 },
  { url: `${cms}?resourceVersionMatch=Exact`, status: 422, message: 'ListOptions.meta.k8s.io "" is invalid: resourceVersionMatch: Forbidden: resourceVersionMatch is forbidden unless resourceVersion is provided' },
  { url: `${cms}?resourceVersionMatch=Exact&resourceVersion=1`, status: 200, names: [] },
  { url: `${cms}?resourceVersionMatch=NotOlderThan&resourceVersion=1`, status: 200, names: ['a', 'b', 'c', 'd', 'e', 'kube-root-ca.crt'] },
  { url: `${cms}?continue=abc`, status: 400, message: /^continue key is not valid: / },
]

t.test('what a list selects', async t => {
  const { call } = await filled(t)
  for (const { url, status, names: expected, message } of cases) {
    const reply = await call('GET', url)
    t.equal(reply.status, status, url)
    if (expected) t.same(names(reply.json), expected, url)
    if (message) t.match(reply.json['message'], message, url)
  }
})

t.test('a list in pages is one state', async t => {
  const { call } = await filled(t)
  const first = await call('GET', `${cms}?limit=2`)
  t.same(names(first.json), ['a', 'b'])
  t.equal(first.json['metadata'].remainingItemCount, 4)
  await call('DELETE', `${cms}/d`)
  await call('POST', cms, { metadata: { name: 'bb' } })
  const next = await call('GET', `${cms}?limit=3&continue=${first.json['metadata'].continue as string}`)
  t.same(names(next.json), ['c', 'd', 'e'])
  t.equal(next.json['metadata'].resourceVersion, first.json['metadata'].resourceVersion)
  t.equal(next.json['metadata'].remainingItemCount, 1)
  const last = await call('GET', `${cms}?limit=3&continue=${next.json['metadata'].continue as string}`)
  t.same(names(last.json), ['kube-root-ca.crt'])
  t.equal(last.json['metadata'].continue, undefined)
})

t.test('with a selector the rest is not counted, and a full last page ends the list', async t => {
  const { call } = await filled(t)
  const first = await call('GET', `${cms}?limit=2&labelSelector=app%3Dtwo`)
  t.same(names(first.json), ['c', 'd'])
  t.equal(first.json['metadata'].remainingItemCount, undefined)
  const last = await call('GET', `${cms}?limit=1&labelSelector=app%3Dtwo&continue=${first.json['metadata'].continue as string}`)
  t.same(names(last.json), ['e'])
  t.equal(last.json['metadata'].continue, undefined)
})

t.test('P52: a continue token serves only the list that it was given for', async t => {
  const { call } = await filled(t)
  const { json } = await call('GET', `${cms}?limit=1`)
  const token = json['metadata'].continue as string
  const bytes = Buffer.from(token, 'base64url')
  bytes[bytes.length - 1]! ^= 1
  const elsewhere = [
    `/api/v1/namespaces/other/configmaps?continue=${token}`,
    `/api/v1/configmaps?continue=${token}`,
    `/api/v1/namespaces/default/pods?continue=${token}`,
    `${cms}?labelSelector=app%3Done&continue=${token}`,
    `${cms}?continue=${bytes.toString('base64url')}`,
    `${cms}?continue=${token.slice(0, 20)}`,
    `${cms}?continue=${Buffer.from('{"v":"meta.k8s.io/v1","rv":1,"start":"x"}').toString('base64url')}`,
  ]
  for (const url of elsewhere) {
    const reply = await call('GET', url)
    t.equal(reply.status, 400, url)
    t.match(reply.json['message'], /^continue key is not valid/)
  }
  t.equal((await call('GET', `${cms}?resourceVersion=5&continue=${token}`)).status, 400)
})

t.test('a token outlives its snapshot only by another token', async t => {
  let now = 1_700_000_000_000
  const { call } = await filled(t, { now: () => now })
  const first = await call('GET', `${cms}?limit=2`)
  now += 6 * 60_000
  await call('POST', cms, { metadata: { name: 'bb' } })
  const expired = await call('GET', `${cms}?limit=2&continue=${first.json['metadata'].continue as string}`)
  t.equal(expired.status, 410)
  t.match(expired.json, { reason: 'Expired', message: /^The provided continue parameter is too old to display a consistent list result\./ })
  const rest = await call('GET', `${cms}?limit=2&continue=${expired.json['metadata'].continue as string}`)
  t.same(names(rest.json), ['bb', 'c'])
})

t.test('forms of a list', async t => {
  const { call } = await filled(t)
  const table = await call('GET', `${cms}?limit=1`, undefined, { accept: 'application/json;as=Table;v=v1;g=meta.k8s.io' })
  t.match(table.json, { kind: 'Table', metadata: { resourceVersion: String, continue: String, remainingItemCount: 5 }, rows: [{ cells: ['a'], object: { kind: 'PartialObjectMetadata' } }] })
  const partial = await call('GET', `${cms}?limit=1`, undefined, { accept: 'application/json;as=PartialObjectMetadataList;v=v1;g=meta.k8s.io' })
  t.match(partial.json, { kind: 'PartialObjectMetadataList', apiVersion: 'meta.k8s.io/v1', items: [{ kind: 'PartialObjectMetadata', metadata: { name: 'a' } }] })
  const plain = await call('GET', cms)
  t.match(plain.json, { kind: 'ConfigMapList', apiVersion: 'v1', metadata: { resourceVersion: /^\d+$/ } })
  t.equal(plain.headers['content-length'], String(Buffer.byteLength(plain.text)))
})

t.test('deletecollection takes what is selected', async t => {
  const { call } = await filled(t)
  const reply = await call('DELETE', `${cms}?labelSelector=app%3Done`)
  t.equal(reply.status, 200)
  t.same(names(reply.json), ['a', 'b'])
  t.same(names((await call('GET', cms)).json), ['c', 'd', 'e', 'kube-root-ca.crt'])
  t.equal((await call('DELETE', '/api/v1/configmaps')).status, 405)
})
