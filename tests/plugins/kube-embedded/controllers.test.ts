import t from 'tap'
import { embeddedApi, type Json } from '../../helpers/embedded-api.js'
import { memoryStorage } from '../../helpers/memory-storage.js'
import { someKinds } from '../../helpers/rows.js'
import { until } from '../../helpers/until.js'

const core = '/api/v1/namespaces'
const merge = { type: 'application/merge-patch+json' }
const names = (list: Json) => (list['items'] as Json[]).map(item => item['metadata'].name as string)
type Api = Awaited<ReturnType<typeof embeddedApi>>

const start = async (t: Parameters<typeof embeddedApi>[0]) => {
  const api = await embeddedApi(t, { kinds: someKinds })
  await api.kube.settled()
  return api
}
const create = async ({ call }: Api, url: string, object: Json) => {
  const { status, json } = await call('POST', url, object)
  if (status !== 201) throw new Error(`${url}: ${status} ${json['message'] as string}`)
  return json
}
const status = async ({ call }: Api, url: string) => (await call('GET', url)).status

t.test('what is there at the start', async t => {
  const { call } = await start(t)
  t.same(names((await call('GET', core)).json), ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  t.match((await call('GET', `${core}/default`)).json, { metadata: { labels: { 'kubernetes.io/metadata.name': 'default' } }, spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } })
  for (const name of ['default', 'kube-system']) {
    t.match((await call('DELETE', `${core}/${name}`)).json, { code: 403, reason: 'Forbidden', message: `namespaces "${name}" is forbidden: this namespace may not be deleted` })
    t.equal((await call('GET', `${core}/${name}/serviceaccounts/default`)).status, 200)
    t.equal((await call('GET', `${core}/${name}/configmaps/kube-root-ca.crt`)).status, 200)
  }
})

t.test('the default service account comes back', async t => {
  const { call, kube } = await start(t)
  await call('DELETE', `${core}/default/serviceaccounts/default`)
  await kube.settled()
  t.equal((await call('GET', `${core}/default/serviceaccounts/default`)).status, 200)
})

t.test('the end of a namespace', async t => {
  const api = await start(t)
  const { call, kube } = api
  await create(api, core, { metadata: { name: 'ns-a' }, spec: { finalizers: [] }, status: { phase: 'Odd' } })
  t.match((await call('GET', `${core}/ns-a`)).json, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } })
  await create(api, `${core}/ns-a/configmaps`, { metadata: { name: 'free' } })
  await create(api, `${core}/ns-a/configmaps`, { metadata: { name: 'held', finalizers: ['example.com/hold'] } })
  await create(api, '/apis/apps/v1/namespaces/ns-a/deployments', { metadata: { name: 'web' } })
  const deleted = await call('DELETE', `${core}/ns-a`)
  t.equal(deleted.status, 200)
  t.match(deleted.json, { kind: 'Namespace', metadata: { deletionTimestamp: String }, status: { phase: 'Terminating' } })
  const late = await call('POST', `${core}/ns-a/configmaps`, { metadata: { name: 'late' } })
  t.match(late.json, { code: 403, message: 'configmaps "late" is forbidden: unable to create new content in namespace ns-a because it is being terminated', details: { causes: [{ reason: 'NamespaceTerminating', message: 'namespace ns-a is being terminated', field: 'metadata.namespace' }] } })
  await kube.settled()
  t.equal(await status(api, `${core}/ns-a/configmaps/free`), 404)
  t.equal(await status(api, '/apis/apps/v1/namespaces/ns-a/deployments/web'), 404)
  t.equal(await status(api, `${core}/ns-a/configmaps/held`), 200, 'a finalizer is respected')
  t.equal(await status(api, `${core}/ns-a`), 200)
  await call('PATCH', `${core}/ns-a/configmaps/held`, { metadata: { finalizers: null } }, merge)
  await kube.settled()
  t.equal(await status(api, `${core}/ns-a`), 404)
  await create(api, core, { metadata: { name: 'ns-a' } })
  await kube.settled()
  t.same(names((await call('GET', `${core}/ns-a/configmaps`)).json), ['kube-root-ca.crt'], 'its successor has nothing of it')
  await create(api, `${core}/ns-a/configmaps`, { metadata: { name: 'new' } })
})

t.test('finalizers of a namespace: in metadata, and by /finalize', async t => {
  const api = await start(t)
  const { call, kube } = api
  await create(api, core, { metadata: { name: 'ns-f', finalizers: ['example.com/hold'] } })
  await call('DELETE', `${core}/ns-f`)
  await kube.settled()
  t.match((await call('GET', `${core}/ns-f`)).json, { metadata: { finalizers: ['example.com/hold'] }, spec: {} })
  await call('PATCH', `${core}/ns-f`, { metadata: { finalizers: null } }, merge)
  t.equal(await status(api, `${core}/ns-f`), 404)
  await create(api, core, { metadata: { name: 'ns-g' } })
  const moved = await call('PUT', `${core}/ns-g/finalize`, { metadata: { name: 'ns-g', labels: { 'kubesphere.io/workspace': 'ws-b' } }, spec: { finalizers: ['kubernetes', 'example.com/also'] } })
  t.same(moved.json['spec'].finalizers, ['kubernetes', 'example.com/also'])
  t.notOk(moved.json['metadata'].labels['kubesphere.io/workspace'], 'P34: /finalize changes finalizers alone')
  await call('DELETE', `${core}/ns-g`)
  await kube.settled()
  t.same((await call('GET', `${core}/ns-g`)).json['spec'], { finalizers: ['example.com/also'] })
  await call('PUT', `${core}/ns-g/finalize`, { metadata: { name: 'ns-g' }, spec: { finalizers: [] } })
  t.equal(await status(api, `${core}/ns-g`), 404)
})

const cms = `${core}/default/configmaps`
const ownedBy = (owner: Json, more: Json = {}) => [{ apiVersion: owner['apiVersion'], kind: owner['kind'], name: owner['metadata'].name, uid: owner['metadata'].uid, ...more }]
const family = async (api: Api) => {
  const owner = await create(api, cms, { metadata: { name: 'owner' } })
  const child = await create(api, cms, { metadata: { name: 'child', ownerReferences: ownedBy(owner, { blockOwnerDeletion: true }) } })
  await create(api, cms, { metadata: { name: 'grandchild', ownerReferences: ownedBy(child) } })
  return owner
}

t.test('dependents go after their owner', async t => {
  const api = await start(t)
  await family(api)
  t.match((await api.call('DELETE', `${cms}/owner`)).json, { status: 'Success' })
  await api.kube.settled()
  t.same(names((await api.call('GET', cms)).json), ['kube-root-ca.crt'])
})

t.test('or before it', async t => {
  const api = await start(t)
  await family(api)
  await create(api, cms, { metadata: { name: 'pin', finalizers: ['example.com/hold'], ownerReferences: ownedBy((await api.call('GET', `${cms}/owner`)).json, { blockOwnerDeletion: true }) } })
  t.match((await api.call('DELETE', `${cms}/owner?propagationPolicy=Foreground`)).json, { metadata: { finalizers: ['foregroundDeletion'], deletionTimestamp: String } })
  await api.kube.settled()
  t.same(names((await api.call('GET', cms)).json), ['kube-root-ca.crt', 'owner', 'pin'])
  await api.call('PATCH', `${cms}/pin`, { metadata: { finalizers: null } }, merge)
  await api.kube.settled()
  t.same(names((await api.call('GET', cms)).json), ['kube-root-ca.crt'])
})

t.test('or stay as orphans', async t => {
  const api = await start(t)
  await family(api)
  await api.call('DELETE', `${cms}/owner`, { propagationPolicy: 'Orphan' })
  await api.kube.settled()
  t.same(names((await api.call('GET', cms)).json), ['child', 'grandchild', 'kube-root-ca.crt'])
  t.equal((await api.call('GET', `${cms}/child`)).json['metadata'].ownerReferences, undefined)
})

t.test('an owner is known by its uid', async t => {
  const api = await start(t)
  const owner = await create(api, cms, { metadata: { name: 'owner' } })
  await create(api, cms, { metadata: { name: 'impostor', ownerReferences: ownedBy({ ...owner, metadata: { name: 'owner', uid: 'somebody-else' } }) } })
  await create(api, cms, { metadata: { name: 'two', ownerReferences: [...ownedBy(owner), ...ownedBy({ ...owner, metadata: { name: 'gone', uid: 'gone' } })] } })
  await create(api, cms, { metadata: { name: 'strange', ownerReferences: [{ apiVersion: 'unknown.io/v1', kind: 'Unknown', name: 'u', uid: 'u' }] } })
  await api.kube.settled()
  t.same(names((await api.call('GET', cms)).json), ['kube-root-ca.crt', 'owner', 'strange', 'two'])
  t.same((await api.call('GET', `${cms}/two`)).json['metadata'].ownerReferences, ownedBy(owner), 'an absent owner among others is forgotten')
})

t.test('an owner reference without its parts', async t => {
  const { call } = await start(t)
  const { json } = await call('POST', cms, { metadata: { name: 'x', ownerReferences: [{ kind: 'ConfigMap' }] } })
  t.match(json, { code: 422, message: /metadata\.ownerReferences\.apiVersion: Invalid value: "": version must not be empty/ })
})

t.test('an Event lives for an hour after it was last written', async t => {
  let now = Date.parse('2024-05-01T10:00:00Z')
  const options = { now: () => now, timings: { expiryInterval: 5 } }
  const api = await embeddedApi(t, options)
  const { call } = api
  const url = `${core}/default/events`
  const event = (name: string) => ({ metadata: { name }, involvedObject: { kind: 'User', name: 'alice' }, reason: 'Locked', type: 'Normal' })
  await create(api, url, event('older'))
  now += 60_000
  for (const name of ['left', 'again']) await create(api, url, event(name))
  await create(api, '/apis/events.k8s.io/v1/namespaces/default/events', { metadata: { name: 'newer' }, regarding: { kind: 'User', name: 'alice' }, reason: 'Locked', action: 'Lock', type: 'Normal', eventTime: '2024-05-01T10:00:00.000000Z', reportingController: 'a.b/c', reportingInstance: 'd' })
  await create(api, `${core}/default/configmaps`, { metadata: { name: 'kept' } })
  now += 30 * 60_000
  t.equal((await call('PATCH', `${url}/again`, { count: 2 }, merge)).status, 200)
  now += 29 * 60_000
  await until(async () => await status(api, `${url}/older`) === 404, 'the end of the oldest event')
  t.same(names((await call('GET', url)).json), ['again', 'left', 'newer'])
  now += 60_000
  await until(async () => names((await call('GET', url)).json).length === 1, 'the end of old events')
  t.same(names((await call('GET', url)).json), ['again'], 'a new write is a new life')
  now += 30 * 60_000
  await until(async () => names((await call('GET', url)).json).length === 0, 'the end of the last event')
  t.equal((await call('GET', `${core}/default/configmaps/kept`)).status, 200)
})

t.test('Events of another life of the server end in their time', async t => {
  let now = Date.parse('2024-05-01T10:00:00Z')
  const storage = memoryStorage()
  const first = await embeddedApi(t, { now: () => now, storage })
  await create(first, `${core}/default/events`, { metadata: { name: 'old' }, involvedObject: { kind: 'User', name: 'alice' } })
  await first.kube.settled()
  now += 3_600_000
  const { call } = await embeddedApi(t, { now: () => now, storage, timings: { expiryInterval: 5 } })
  await until(async () => names((await call('GET', `${core}/default/events`)).json).length === 0, 'the end of an old event')
})
