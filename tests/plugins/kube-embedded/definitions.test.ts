import t from 'tap'
import { embeddedApi, type Json } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

const crds = '/apis/apiextensions.k8s.io/v1/customresourcedefinitions'
const things = '/apis/example.com/v1/things'
const merge = { type: 'application/merge-patch+json' }

const spec = { type: 'object', properties: { size: { type: 'integer', default: 1, minimum: 0 }, color: { type: 'string' } } }
const definition = (more: Json = {}) => ({
  kind: 'CustomResourceDefinition',
  apiVersion: 'apiextensions.k8s.io/v1',
  metadata: { name: 'things.example.com' },
  spec: {
    group: 'example.com',
    scope: 'Cluster',
    names: { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', shortNames: ['th'] },
    versions: [{ name: 'v1', served: true, storage: true, subresources: { status: {} }, schema: { openAPIV3Schema: { type: 'object', properties: { spec, status: { type: 'object', properties: { ready: { type: 'boolean' } } } } } } }],
    ...more,
  },
})
const thing = (name: string, more: Json = {}) => ({ kind: 'Thing', apiVersion: 'example.com/v1', metadata: { name }, ...more })

async function defined (t: Parameters<typeof embeddedApi>[0]) {
  const api = await embeddedApi(t, { kinds: someKinds })
  await api.kube.settled()
  const { status, json } = await api.call('POST', crds, definition())
  return { ...api, made: { status, json } }
}

t.test('a kind is served with the write that brings it', async t => {
  const { call, made } = await defined(t)
  t.equal(made.status, 201)
  t.match((made.json['status'].conditions as Json[]).map(({ type, status }) => `${type as string}=${status as string}`).sort(), ['Established=True', 'NamesAccepted=True'])
  t.equal((await call('POST', things, thing('a'))).status, 201)
  const { json } = await call('GET', '/apis/example.com/v1')
  t.match((json['resources'] as Json[]).map(({ name }) => name as string), ['things', 'things/status'])
  t.match((await call('GET', '/apis/example.com')).json, { kind: 'APIGroup', name: 'example.com', preferredVersion: { groupVersion: 'example.com/v1' } })
  t.match((await call('GET', '/apis', undefined, { accept: 'application/json;g=apidiscovery.k8s.io;v=v2;as=APIGroupDiscoveryList' })).text, /"example\.com"/)
})

t.test('an update of a custom resource needs its revision', async t => {
  const { call } = await defined(t)
  const { json } = await call('POST', things, thing('a', { spec: { size: 1 } }))
  t.equal(json['metadata'].generation, 1)
  const blind = await call('PUT', `${things}/a`, thing('a'))
  t.match(blind.json, { code: 422, message: 'things.example.com "a" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update' })
  const next = await call('PUT', `${things}/a`, { ...json, spec: { size: 2 }, status: { ready: true } })
  t.match(next.json, { spec: { size: 2 }, metadata: { generation: 2 } })
  t.equal(next.json['status'], undefined, 'status has its own way')
  t.equal((await call('PUT', `${things}/a`, json)).status, 409)
  const status = await call('PUT', `${things}/a/status`, { ...next.json, spec: { size: 9 }, status: { ready: true } })
  t.match(status.json, { spec: { size: 2 }, status: { ready: true }, metadata: { generation: 2 } })
})

t.test('custom resources know no strategic patch', async t => {
  const { call } = await defined(t)
  await call('POST', things, thing('a'))
  const reply = await call('PATCH', `${things}/a`, {}, { type: 'application/strategic-merge-patch+json' })
  t.match(reply.json, { code: 415, reason: 'UnsupportedMediaType', message: 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml' })
})

t.test('a watch of a kind that goes away', async t => {
  const { call, watch, kube } = await defined(t)
  await call('POST', things, thing('a'))
  await call('POST', things, thing('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } }))
  const { take, next } = await watch(`${things}?watch=1`)
  await take(2)
  const reply = await call('DELETE', `${crds}/things.example.com`)
  t.match(reply.json, { metadata: { finalizers: ['customresourcecleanup.apiextensions.k8s.io'] } })
  await kube.settled()
  t.equal((await call('GET', `${things}/a`)).status, 404)
  t.equal((await call('GET', `${things}/held`)).status, 200, 'finalizers are respected')
  await call('PATCH', `${things}/held`, { metadata: { finalizers: null } }, merge)
  await kube.settled()
  t.equal((await call('GET', `${crds}/things.example.com`)).status, 404)
  t.match(await call('GET', things), { status: 404, text: '404 page not found\n' })
  t.equal((await call('GET', '/apis/example.com')).status, 404)
  let event
  let deleted = 0
  while ((event = await next())) if (event.type === 'DELETED') deleted++
  t.equal(deleted, 2, 'its objects are seen to go, then the watch ends')
  t.equal((await call('POST', crds, definition())).status, 201)
  t.same((await call('GET', things)).json['items'], [])
})

t.test('writing a definition again changes nothing', async t => {
  const { call, made } = await defined(t)
  const again = await call('PUT', `${crds}/things.example.com`, { ...definition(), metadata: made.json['metadata'] as Json })
  t.equal(again.status, 200)
  t.equal(again.json['metadata'].resourceVersion, made.json['metadata'].resourceVersion)
  t.same(again.json['status'], made.json['status'])
})
