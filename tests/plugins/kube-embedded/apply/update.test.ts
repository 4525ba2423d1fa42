import t from 'tap'
import { trackUpdate } from '../../../../plugins/kube-embedded/apply/index.js'
import { apiVersion, apply, at, entries, fieldsOf, resolve, thing, thingSchema, update, type Json } from './thing.js'

const by = { manager: 'u', apiVersion, time: at(0) }

t.test('a create owns all that it writes, maps and lists themselves included', async t => {
  const made = update(undefined, thing({ replicas: 1, labels: { a: '1' }, containers: [{ name: 'a' }], zones: ['z'], args: [], selector: {} }, { labels: { l: '1' } }))
  t.same(fieldsOf(made, 'u'), {
    'f:metadata': { 'f:labels': { '.': {}, 'f:l': {} } },
    'f:spec': { '.': {}, 'f:args': {}, 'f:containers': { '.': {}, 'k:{"name":"a"}': { '.': {}, 'f:name': {} } }, 'f:labels': { '.': {}, 'f:a': {} }, 'f:replicas': {}, 'f:selector': {}, 'f:zones': { '.': {}, 'v:"z"': {} } },
  })
})

t.test('kinds of Go types have their structs before anybody writes them', async t => {
  const schema = { ...thingSchema, structs: true }
  const made = update(undefined, thing({ containers: [{ name: 'a' }] }), 'u', { schema })
  t.same(fieldsOf(made, 'u'), { 'f:spec': { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:resources': {} } } } })
})

const start = thing({ replicas: 1, labels: { a: '1', b: '1' }, zones: ['a', 'b'] })
const changes: [string, Json, object | undefined, object | undefined][] = [
  ['nothing', { replicas: 1, labels: { a: '1', b: '1' }, zones: ['a', 'b'] }, { 'f:labels': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:replicas': {}, 'f:zones': { '.': {}, 'v:"a"': {}, 'v:"b"': {} } }, undefined],
  ['the order of a set', { replicas: 1, labels: { a: '1', b: '1' }, zones: ['b', 'a'] }, { 'f:labels': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:replicas': {}, 'f:zones': { '.': {}, 'v:"a"': {}, 'v:"b"': {} } }, undefined],
  ['a value', { replicas: 2, labels: { a: '1', b: '1' }, zones: ['a', 'b'] }, { 'f:labels': { '.': {}, 'f:a': {}, 'f:b': {} }, 'f:zones': { '.': {}, 'v:"a"': {}, 'v:"b"': {} } }, { 'f:replicas': {} }],
  ['a removal takes from everybody', { labels: { a: '1' }, zones: ['b'] }, { 'f:labels': { '.': {}, 'f:a': {} }, 'f:zones': { '.': {}, 'v:"b"': {} } }, undefined],
]
for (const [name, spec, first, second] of changes) {
  t.test(`an update by another: ${name}`, async t => {
    const next = update(update(undefined, start, 'one'), thing(spec), 'two')
    t.same(fieldsOf(next, 'one'), { 'f:spec': { '.': {}, ...first } })
    t.same(fieldsOf(next, 'two'), second && { 'f:spec': second })
  })
}

t.test('an applier loses what an update changes', async t => {
  const next = update(apply(undefined, thing({ replicas: 1, paused: true }), 'm'), thing({ replicas: 2, paused: true }), 'm', { time: at(3) })
  t.same(entries(next).map(({ operation, time, fieldsV1 }) => [operation, time, fieldsV1]), [['Apply', at(0), { 'f:spec': { 'f:paused': {} } }], ['Update', at(3), { 'f:spec': { 'f:replicas': {} } }]])
})

t.test('time moves with what a manager changes, and only then', async t => {
  const first = update(undefined, start, 'u', { time: at(1) })
  t.equal(entries(update(first, start, 'u', { time: at(2) }))[0]?.time, at(1))
  t.equal(entries(update(first, thing({ replicas: 2, labels: { a: '1', b: '1' }, zones: ['a', 'b'] }), 'u', { time: at(2) }))[0]?.time, at(2))
})

t.test('entries: appliers first, then by time, name, version and subresource', async t => {
  const entry = (manager: string, operation: string, time: string, more: object = {}) => ({ manager, operation, apiVersion, time, fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } }, ...more })
  const managedFields = [entry('c', 'Update', at(9)), entry('b', 'Update', at(1), { subresource: 'status' }), entry('b', 'Update', at(1)), entry('b', 'Update', at(1), { apiVersion: 'x.io/a' }), entry('a', 'Update', at(1)), entry('z', 'Apply', at(5))]
  const next = update(undefined, thing(undefined, { managedFields }))
  t.same(entries(next), [5, 4, 3, 2, 1, 0].map(i => managedFields[i]))
})

t.test('old updates become one', async t => {
  let live = update(undefined, thing({ labels: { l0: '' } }), 'u0', { time: at(0) })
  for (let i = 1; i < 13; i++) live = update(live, thing({ labels: Object.fromEntries(Array.from({ length: i + 1 }, (_, n) => [`l${n}`, ''])) }), `u${i}`, { time: at(i) })
  t.same(entries(live).map(({ manager, time }) => [manager, time]), [['ancient-changes', at(3)], ...Array.from({ length: 9 }, (_, n) => [`u${n + 4}`, at(n + 4)])])
  t.same(fieldsOf(live, 'ancient-changes'), { 'f:spec': { '.': {}, 'f:labels': { '.': {}, 'f:l0': {}, 'f:l1': {}, 'f:l2': {}, 'f:l3': {} } } })
})

const bad = { manager: 'x', operation: 'Update', apiVersion, fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } } }
const sent: [string, unknown, (string | undefined)[] | undefined][] = [
  ['none', undefined, ['one']],
  ['null', null, ['one']],
  ['an empty list', [], undefined],
  ['an empty entry', [{}], undefined],
  ['a manager', [bad], ['x']],
  ['no operation', [{ ...bad, operation: 'Delete' }], ['one']],
  ['no version', [{ ...bad, apiVersion: '' }], ['one']],
  ['no type', [{ ...bad, fieldsType: undefined }], ['one']],
  ['another type', [{ ...bad, fieldsType: 'FieldsV2' }], ['one']],
  ['broken fields', [{ ...bad, fieldsV1: { 'k:x': {} } }], ['one']],
  ['no list', 'x', ['one']],
  ['a list of texts', ['x'], ['one']],
]
for (const [name, managedFields, want] of sent) {
  t.test(`managedFields of the client: ${name}`, async t => {
    const live = update(undefined, start, 'one')
    const next = trackUpdate(thingSchema, live, { ...start, metadata: { ...start.metadata, managedFields } }, by)
    t.same(next?.map(({ manager }) => manager), want)
  })
}

t.test('managedFields of the client do not count through a subresource', async t => {
  const live = update(undefined, start, 'one')
  const next = trackUpdate(thingSchema, live, { ...start, metadata: { ...start.metadata, managedFields: [] } }, { ...by, subresource: 'status' })
  t.same(next?.map(({ manager }) => manager), ['one'])
})

t.test('an object without managers stays so until somebody applies', async t => {
  t.equal(trackUpdate(thingSchema, start, thing({ replicas: 5 }), by), undefined)
})

t.test('what the endpoint resets stays with its owners', async t => {
  const live = update(undefined, thing({ replicas: 1 }, {}, { status: { ready: 1 } }), 'one')
  const next = trackUpdate(thingSchema, live, thing({ replicas: 2 }), { ...by, resetFields: [['status']] })
  t.same(next?.map(({ manager, fieldsV1 }) => [manager, fieldsV1]), [['one', { 'f:spec': {}, 'f:status': { '.': {}, 'f:ready': {} } }], ['u', { 'f:spec': { 'f:replicas': {} } }]])
})

t.test('values of another type are stored without managers', async t => {
  t.equal(trackUpdate(thingSchema, undefined, thing({ zones: [{}] }), by), undefined)
})

t.test('an item that is there twice is one leaf', async t => {
  const next = update(undefined, thing({ containers: [{ name: 'a', image: '1' }, { name: 'a', image: '2' }] }))
  t.same(fieldsOf(next, 'u'), { 'f:spec': { '.': {}, 'f:containers': { '.': {}, 'k:{"name":"a"}': {} } } })
})

t.test('what became atomic is owned as a whole', async t => {
  const managedFields = [{ ...bad, fieldsV1: { 'f:spec': { 'f:selector': { 'f:a': {} }, 'f:args': { 'v:"x"': {} } } } }]
  t.same(fieldsOf(update(undefined, thing(undefined, { managedFields }), 'u'), 'x'), { 'f:spec': { 'f:args': {}, 'f:selector': {} } })
})

const schemaless: [string, Json | undefined][] = [['no schema', undefined], ['an open one', { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }], ['a reference to nothing', { type: 'object', properties: { spec: { $ref: '#/components/schemas/Nothing' } } }]]
for (const [name, root] of schemaless) {
  t.test(`${name}: maps by name, lists as a whole, metadata as ever`, async t => {
    const made = update(undefined, thing({ a: { b: [{ c: 1 }] } }, { finalizers: ['f'] }), 'u', { schema: { root, resolve } })
    t.same(fieldsOf(made, 'u'), { 'f:metadata': { 'f:finalizers': { '.': {}, 'v:"f"': {} } }, 'f:spec': { '.': {}, 'f:a': { '.': {}, 'f:b': {} } } })
  })
}

t.test('a schema may contain itself', async t => {
  const node: Json = { type: 'object', properties: { name: { type: 'string' }, children: { type: 'array', items: { $ref: '#/components/schemas/Node' }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] } } }
  const schema = { root: { type: 'object', properties: { spec: { $ref: '#/components/schemas/Node' } } }, resolve: () => node }
  const made = apply(undefined, thing({ children: [{ name: 'a', children: [{ name: 'b' }] }] }), 'm', { schema })
  t.same(fieldsOf(made, 'm'), { 'f:spec': { 'f:children': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:children': { 'k:{"name":"b"}': { '.': {}, 'f:name': {} } } } } } })
})
