import t from 'tap'
import type { CompiledSchema, Draft } from '../../../plugins/kube-embedded/kinds/types.js'
import { embeddedApi } from '../../helpers/embedded-api.js'
import { rowOf, someKinds } from '../../helpers/rows.js'

type Spec = Record<string, unknown>
const specOf = (object: unknown) => (object as { spec?: Spec }).spec ?? {}

/** `spec.size` (a number, 1 by default) is all it knows. */
const schema: CompiledSchema = {
  prune (draft: Draft) {
    const spec = draft['spec'] as Spec | undefined
    const unknown = Object.keys(spec ?? {}).filter(key => key !== 'size')
    for (const key of unknown) delete spec![key]
    return unknown.map(key => `spec.${key}`)
  },
  default (draft: Draft) { draft['spec'] = { size: 1, ...specOf(draft) } },
  validate: object => typeof specOf(object)['size'] === 'number' ? [] : [{ reason: 'FieldValueTypeInvalid', message: `Invalid value: "${typeof specOf(object)['size']}": spec.size in body must be of type integer: "${typeof specOf(object)['size']}"`, field: 'spec.size' }],
}
const box = { bucket: 'example.com/boxes', storageVersion: 'example.com/v1', crd: 'boxes.example.com', subresources: { status: true as const } }
const kinds = [
  ...someKinds,
  rowOf('example.com/v1', 'boxes', 'Box', { ...box, schema }),
  rowOf('example.com/v2', 'boxes', 'Box', { ...box, schema }),
  rowOf('example.com/v1', 'locks', 'Lock', {
    namespaced: false,
    strategy: {
      names: 'label1035',
      defaults: draft => { draft['mode'] ??= 'open' },
      prepareUpdate: (draft, stored) => { draft['key'] = (stored as Draft)['key'] },
      validate: (object, stored) => stored && (object as Draft)['mode'] === 'sealed' ? [{ reason: 'FieldValueForbidden', message: 'Forbidden: cannot be sealed later', field: 'mode' }] : [],
    },
  }),
]
const boxes = '/apis/example.com/v1/namespaces/default/boxes'
const locks = '/apis/example.com/v1/locks'
const merge = { type: 'application/merge-patch+json' }

t.test('what the schema does not know', async t => {
  const { call } = await embeddedApi(t, { kinds })
  const body = (name: string) => ({ metadata: { name }, spec: { size: 2, odd: 1, quote: '"' } })
  const warned = await call('POST', boxes, body('a'))
  t.match(warned, { status: 201, json: { spec: { size: 2 } }, headers: { warning: ['299 - "unknown field \\"spec.odd\\""', '299 - "unknown field \\"spec.quote\\""'] } })
  t.notOk(warned.json['spec'].odd)
  const ignored = await call('POST', `${boxes}?fieldValidation=Ignore`, body('b'))
  t.equal(ignored.headers['warning'], undefined)
  t.match((await call('POST', `${boxes}?fieldValidation=Strict`, body('c'))).json, { code: 400, reason: 'BadRequest', message: 'Box in version "v1" cannot be handled as a Box: strict decoding error: unknown field "spec.odd", unknown field "spec.quote"' })
  t.equal((await call('GET', `${boxes}/c`)).status, 404)
  t.equal((await call('POST', `${boxes}?fieldValidation=Some`, body('c'))).status, 422)
  t.match((await call('PATCH', `${boxes}/a`, { spec: { odd: 2 } }, merge)).headers['warning'], ['299 - "unknown field \\"spec.odd\\""'])
})

t.test('defaults and rules', async t => {
  const { call } = await embeddedApi(t, { kinds })
  t.same((await call('POST', boxes, { metadata: { name: 'a' } })).json['spec'], { size: 1 })
  t.match((await call('PATCH', `${boxes}/a`, { spec: { size: 'x' } }, merge)).json, { code: 422, reason: 'Invalid', message: 'Box.example.com "a" is invalid: spec.size: Invalid value: "string": spec.size in body must be of type integer: "string"', details: { name: 'a', group: 'example.com', kind: 'Box', causes: [{ reason: 'FieldValueTypeInvalid', field: 'spec.size' }] } })
  t.same((await call('PATCH', `${boxes}/a`, { spec: null }, merge)).json['spec'], { size: 1 })
})

t.test('what a kind has of its own', async t => {
  const { call } = await embeddedApi(t, { kinds })
  t.match((await call('POST', locks, { metadata: { name: '1a' } })).json, { code: 422, message: /a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character/ })
  t.match((await call('POST', locks, { metadata: { name: 'a', namespace: 'default' }, key: 'k' })).json, { mode: 'open', key: 'k' })
  t.equal((await call('GET', `${locks}/a`)).json['metadata'].namespace, undefined)
  t.match((await call('PATCH', `${locks}/a`, { key: 'other' }, merge)).json, { key: 'k' })
  t.match((await call('PATCH', `${locks}/a`, { mode: 'sealed' }, merge)).json, { code: 422, message: 'Lock.example.com "a" is invalid: mode: Forbidden: cannot be sealed later' })
})

t.test('two versions of one kind are one object', async t => {
  const { call, watch } = await embeddedApi(t, { kinds })
  await call('POST', '/apis/example.com/v2/namespaces/default/boxes', { metadata: { name: 'a' } })
  const [one, two] = await Promise.all(['v1', 'v2'].map(version => call('GET', `/apis/example.com/${version}/namespaces/default/boxes/a`)))
  t.equal(one!.json['apiVersion'], 'example.com/v1')
  t.equal(two!.json['apiVersion'], 'example.com/v2')
  t.equal(one!.json['metadata'].uid, two!.json['metadata'].uid)
  t.equal((await call('GET', '/apis/example.com/v2/boxes')).json['items'][0].apiVersion, 'example.com/v2')
  const { next, close } = await watch('/apis/example.com/v2/boxes?watch=1')
  t.equal((await next())!.object.apiVersion, 'example.com/v2')
  close()
  t.match((await call('GET', '/apis/example.com')).json, { versions: [{ version: 'v2' }, { version: 'v1' }], preferredVersion: { version: 'v2' } })
  t.equal((await call('POST', boxes, { apiVersion: 'example.com/v2', metadata: { name: 'b' } })).status, 400)
})

t.test('apply: its own entry, one for each manager, no write for the same', async t => {
  const { call } = await embeddedApi(t, { kinds })
  const apply = (manager: string, spec: object, more = '') => call('PATCH', `${boxes}/a?fieldManager=${manager}${more}`, { apiVersion: 'example.com/v1', kind: 'Box', metadata: { name: 'a' }, spec }, { type: 'application/apply-patch+yaml' })
  t.equal((await apply('one', { size: 3 }, '&dryRun=All')).status, 201)
  t.equal((await call('GET', `${boxes}/a`)).status, 404)
  const first = await apply('one', { size: 3 })
  t.equal(first.status, 201)
  const again = await apply('one', { size: 3 })
  t.equal(again.status, 200)
  t.equal(again.json['metadata'].resourceVersion, first.json['metadata'].resourceVersion)
  t.match((await apply('two', { size: 4 })).json, { code: 409, reason: 'Conflict' })
  const other = await apply('two', { size: 4 }, '&force=true')
  t.match(other.json, { spec: { size: 4 }, metadata: { generation: 2, managedFields: [{ manager: 'one', fieldsV1: { 'f:spec': {} } }, { manager: 'two', operation: 'Apply', fieldsV1: { 'f:spec': { 'f:size': {} } } }] } })
  t.notOk(other.json['metadata'].managedFields[0].fieldsV1['f:spec']['f:size'], 'the first owner lets go')
})
