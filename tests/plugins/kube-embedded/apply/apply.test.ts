import t from 'tap'
import { ApplyConflict } from '../../../../plugins/kube-embedded/apply/index.js'
import { StatusError, type KubeObject } from '../../../../core/sdk/index.js'
import { apply, at, entries, fieldsOf, thing, update, type Json, type Options } from './thing.js'

const errorOf = (run: () => unknown): StatusError => {
  try {
    run()
  } catch (error) {
    if (error instanceof StatusError) return error
    throw error
  }
  throw new Error('no error')
}

const owned: [string, Json, object][] = [
  ['scalars', { replicas: 1, paused: false }, { 'f:replicas': {}, 'f:paused': {} }],
  ['items by key', { containers: [{ name: 'a', image: 'i' }] }, { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:image': {}, 'f:name': {} } } }],
  ['a key left to its default', { containers: [{ name: 'a', ports: [{ port: 80 }] }] }, { 'f:containers': { 'k:{"name":"a"}': { '.': {}, 'f:name': {}, 'f:ports': { 'k:{"port":80,"protocol":"TCP"}': { '.': {}, 'f:port': {} } } } } }],
  ['a default is a key too', { containers: [{ image: 'i' }] }, { 'f:containers': { 'k:{"name":""}': { '.': {}, 'f:image': {} } } }],
  ['items by their merge key', { patched: [{ key: 'a' }] }, { 'f:patched': { 'k:{"key":"a"}': { '.': {}, 'f:key': {} } } }],
  ['sets by value', { zones: ['a', 'b'] }, { 'f:zones': { 'v:"a"': {}, 'v:"b"': {} } }],
  ['lists of no type as a whole', { args: ['a'] }, { 'f:args': {} }],
  ['maps by name', { labels: { a: 'b' } }, { 'f:labels': { 'f:a': {} } }],
  ['atomic maps as a whole', { selector: { a: 'b' } }, { 'f:selector': {} }],
  ['an empty map', { labels: {} }, { 'f:labels': {} }],
  ['an empty list of items is nobody\'s', { containers: [], replicas: 1 }, { 'f:replicas': {} }],
  ['null', { labels: null, replicas: null }, { 'f:labels': {}, 'f:replicas': {} }],
  ['of any type', { open: { a: { b: [1] }, c: 1 } }, { 'f:open': { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} } }],
  ['a number or a text', { target: 'http' }, { 'f:target': {} }],
]
for (const [name, spec, want] of owned) {
  t.test(`who applies owns: ${name}`, async t => { t.same(fieldsOf(apply(undefined, thing(spec)), 'm'), { 'f:spec': want }) })
}

t.test('metadata: what nobody owns is left out', async t => {
  const metadata = { generateName: 'g', uid: 'u', resourceVersion: '1', generation: 1, creationTimestamp: at(0), labels: { a: 'b' }, finalizers: ['f'], ownerReferences: [{ uid: 'o', name: 'x' }] }
  t.same(fieldsOf(apply(undefined, thing(undefined, metadata)), 'm'), { 'f:metadata': { 'f:finalizers': { 'v:"f"': {} }, 'f:generateName': {}, 'f:labels': { 'f:a': {} }, 'f:ownerReferences': { 'k:{"uid":"o"}': {} } } })
  t.equal(apply(undefined, thing()).metadata['managedFields'], undefined, 'nothing owned, nothing recorded')
})

t.test('the entry is complete, its keys in the order of Kubernetes', async t => {
  const [entry] = entries(apply(undefined, thing({ replicas: 1 }), 'm', { subresource: 'scale' }))
  t.equal(JSON.stringify(entry), JSON.stringify({ manager: 'm', operation: 'Apply', apiVersion: 'x.io/v1', time: at(0), fieldsType: 'FieldsV1', fieldsV1: { 'f:spec': { 'f:replicas': {} } }, subresource: 'scale' }))
})

const merges: [string, Json, Json, Json][] = [
  ['new and changed fields', { replicas: 1, args: ['a'] }, { replicas: 2, paused: true }, { replicas: 2, paused: true, args: ['a'] }],
  ['atomic lists and maps are replaced', { args: ['a', 'b'], selector: { a: 'b' } }, { args: ['c'], selector: { c: 'd' } }, { args: ['c'], selector: { c: 'd' } }],
  ['maps are merged', { labels: { a: '1' } }, { labels: { b: '2' } }, { labels: { a: '1', b: '2' } }],
  ['items are merged', { containers: [{ name: 'a', image: '1' }] }, { containers: [{ name: 'a', ports: [{ port: 80 }] }] }, { containers: [{ name: 'a', image: '1', ports: [{ port: 80 }] }] }],
  ['new items come last', { zones: ['a', 'b'] }, { zones: ['c'] }, { zones: ['a', 'b', 'c'] }],
  ['the applied order rules', { zones: ['a', 'b', 'c'] }, { zones: ['c', 'a'] }, { zones: ['b', 'c', 'a'] }],
  ['others stay behind what they followed', { zones: ['a', 'x', 'b', 'y'] }, { zones: ['b', 'a'] }, { zones: ['x', 'b', 'y', 'a'] }],
  ['new items stand where they were applied', { zones: ['a', 'b'] }, { zones: ['a', 'n', 'b'] }, { zones: ['a', 'n', 'b'] }],
]
for (const [name, live, applied, want] of merges) {
  t.test(`merging: ${name}`, async t => { t.same(apply(update(undefined, thing(live)), thing(applied), 'm', { force: true }).spec, want) })
}

const chain = (steps: [string, Json][]) => steps.reduce<KubeObject | undefined>((live, [who, spec]) =>
  who.startsWith('u') ? update(live, thing(spec), who) : apply(live, thing(spec), who, { force: true }), undefined) as KubeObject & { spec: Json }

const pruned: [string, [string, Json][], Json][] = [
  ['a field', [['m', { replicas: 1, paused: true }], ['m', { replicas: 1 }]], { replicas: 1 }],
  ['an item', [['m', { containers: [{ name: 'a' }, { name: 'b' }] }], ['m', { containers: [{ name: 'b' }] }]], { containers: [{ name: 'b' }] }],
  ['a value of a set', [['m', { zones: ['a', 'b'] }], ['m', { zones: ['b'] }]], { zones: ['b'] }],
  ['all there was', [['m', { labels: { a: '1' }, replicas: 1 }], ['m', { replicas: 1 }]], { replicas: 1 }],
  ['not what another applies', [['m', { replicas: 1 }], ['n', { replicas: 1 }], ['m', { paused: true }]], { replicas: 1, paused: true }],
  ['not what was never applied', [['u', { replicas: 1, labels: { x: '1' } }], ['m', { labels: { a: '1' } }], ['m', { paused: true }]], { replicas: 1, labels: { x: '1' }, paused: true }],
  ['not an item in which another has a field', [['m', { containers: [{ name: 'a', image: 'i' }] }], ['n', { containers: [{ name: 'a', ports: [{ port: 1 }] }] }], ['m', { replicas: 1 }]], { replicas: 1, containers: [{ name: 'a', ports: [{ port: 1 }] }] }],
]
for (const [name, steps, want] of pruned) t.test(`pruning: ${name}`, async t => { t.same(chain(steps).spec, want) })

const live = update(apply(undefined, thing({ replicas: 1, labels: { a: '1' }, containers: [{ name: 'a', image: 'i' }] }), 'first'), thing({ replicas: 1, labels: { a: '1', b: '1' }, containers: [{ name: 'a', image: 'i' }] }), 'u')
const conflicts: [string, Json, Options, string][] = [
  ['one field of an applier', { replicas: 2 }, {}, 'Apply failed with 1 conflict: conflict with "first": .spec.replicas'],
  ['one field of an updater', { labels: { b: '2' } }, {}, 'Apply failed with 1 conflict: conflict with "u" using x.io/v1: .spec.labels.b'],
  ['several', { replicas: 2, labels: { b: '2' }, containers: [{ name: 'a', image: 'j' }] }, {}, 'Apply failed with 3 conflicts: conflicts with "first":\n- .spec.replicas\n- .spec.containers[name="a"].image\nconflicts with "u" using x.io/v1:\n- .spec.labels.b'],
]
for (const [name, spec, options, message] of conflicts) {
  t.test(`conflicts: ${name}`, async t => {
    const error = errorOf(() => apply(live, thing(spec), 'm', options))
    t.ok(error instanceof ApplyConflict)
    t.match({ code: error.code, reason: error.reason, message: error.message }, { code: 409, reason: 'Conflict', message })
    t.same(error.details?.causes?.[0]?.reason, 'FieldManagerConflict')
  })
}

t.test('conflicts: causes, and subresources', async t => {
  const scaled = update(live, thing({ replicas: 3, labels: { a: '1', b: '1' }, containers: [{ name: 'a', image: 'i' }] }), 'hpa', { subresource: 'scale' })
  const error = errorOf(() => apply(scaled, thing({ replicas: 2 })))
  t.equal(error.message, 'Apply failed with 1 conflict: conflict with "hpa" with subresource "scale" using x.io/v1: .spec.replicas')
  t.same(error.details, { causes: [{ reason: 'FieldManagerConflict', message: 'conflict with "hpa" with subresource "scale" using x.io/v1', field: '.spec.replicas' }] })
})

t.test('the same value is shared, a forced one is taken', async t => {
  const shared = apply(live, thing({ replicas: 1 }), 'm', { time: at(5) })
  t.same(fieldsOf(shared, 'm'), { 'f:spec': { 'f:replicas': {} } })
  t.equal(entries(shared).find(({ manager }) => manager === 'm')?.time, undefined, 'as Kubernetes: no time where the object did not change')
  const taken = apply(live, thing({ replicas: 2 }), 'm', { force: true })
  t.notMatch(fieldsOf(taken, 'first'), { 'f:spec': { 'f:replicas': {} } })
  t.same(fieldsOf(taken, 'm'), { 'f:spec': { 'f:replicas': {} } })
})

t.test('applying the same again changes nothing, and time stands still', async t => {
  const first = apply(live, thing({ paused: true }), 'm', { time: at(1) })
  t.strictSame(apply(first, thing({ paused: true }), 'm', { time: at(9) }), first)
  const moved = apply(first, thing({ paused: false }), 'm', { time: at(9) })
  t.same(entries(moved).map(({ manager, time }) => [manager, time]), [['first', at(0)], ['m', at(9)], ['u', at(0)]])
})

t.test('what was there before anybody applied', async t => {
  const bare = thing({ replicas: 1, labels: { a: '1' } })
  const next = apply(bare, thing({ paused: true }))
  t.same(fieldsOf(next, 'before-first-apply/Update'), { 'f:spec': { '.': {}, 'f:labels': { '.': {}, 'f:a': {} }, 'f:replicas': {} } })
  t.equal(errorOf(() => apply(bare, thing({ replicas: 2 }))).message, 'Apply failed with 1 conflict: conflict with "before-first-apply" using x.io/v1: .spec.replicas')
})

t.test('a manager that applies keeps one entry over versions', async t => {
  const old = apply(undefined, thing({ replicas: 1, paused: true }))
  const next = apply(old, { ...thing({ replicas: 1 }), apiVersion: 'x.io/v2' }, 'm', { apiVersion: 'x.io/v2' })
  t.same(entries(next).map(({ apiVersion }) => apiVersion), ['x.io/v2'])
  t.same(next.spec, { replicas: 1 })
  t.same(entries(apply(old, { ...thing({ labels: { a: '1' } }), apiVersion: 'x.io/v2' }, 'n', { apiVersion: 'x.io/v2', versions: ['x.io/v2'] })).map(({ manager }) => manager), ['n'], 'versions of another day are dropped')
})

t.test('what the endpoint resets is nobody\'s', async t => {
  const applied = thing({ replicas: 1 }, {}, { status: { ready: 1 } })
  t.same(fieldsOf(apply(undefined, applied, 'm', { resetFields: [['status']] }), 'm'), { 'f:spec': { 'f:replicas': {} } })
  t.same(fieldsOf(apply(undefined, applied, 'm', { resetFields: [['spec'], ['metadata']], subresource: 'status' }), 'm'), { 'f:status': { 'f:ready': {} } })
})

t.test('kubectl takes over what it wrote from the client', async t => {
  const annotation = 'kubectl.kubernetes.io/last-applied-configuration'
  const clientSide = (spec: Json) => thing(spec, { annotations: { [annotation]: JSON.stringify(thing(spec)) } })
  const stored = update(undefined, clientSide({ replicas: 1, paused: true }), 'kubectl-client-side-apply')
  const next = apply(stored, thing({ replicas: 2 }), 'kubectl')
  t.equal(next.spec?.['replicas'], 2)
  t.equal((next.metadata.annotations ?? {})[annotation], '{"apiVersion":"x.io/v1","kind":"Thing","metadata":{"name":"a","namespace":"n"},"spec":{"replicas":2}}\n')
  t.equal(errorOf(() => apply(stored, thing({ replicas: 2 }), 'other')).code, 409)
  const changed = update(stored, { ...stored, spec: { replicas: 5, paused: true } } as KubeObject, 'scaler')
  t.equal(errorOf(() => apply(changed, thing({ replicas: 2, paused: false }), 'kubectl')).message, 'Apply failed with 1 conflict: conflict with "scaler" using x.io/v1: .spec.replicas')
})

const refused: [string, KubeObject, number, string][] = [
  ['managedFields', thing({}, { managedFields: [] }), 400, 'metadata.managedFields must be nil'],
  ['a second item of one key', thing({ containers: [{ name: 'a' }, { name: 'a' }] }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.containers: duplicate entries for key [name="a"]'],
  ['a second value of a set', thing({ zones: ['a', 'a'] }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.zones: duplicate entries for key [="a"]'],
  ['an item without keys', thing({ patched: [{}] }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.patched: element 0: associative list with keys has an element that omits all key fields ["key"] (and doesn\'t have default values for any key fields)'],
  ['a null item', thing({ patched: [null] }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.patched: element 0: associative list with keys may not have a null element'],
  ['a text for a number', thing({ replicas: 'x' }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.replicas: expected numeric (int or float), got string'],
  ['a list for a map', thing({ labels: [] }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): .spec.labels: expected map, got &{[]}'],
  ['two at once', thing({ paused: 1, labels: { a: 1 } }), 400, 'failed to create typed patch object (n/a; x.io/v1, Kind=Thing): errors:\n  .spec.paused: expected boolean, got &{1}\n  .spec.labels.a: expected string, got &value.valueUnstructured{Value:1}'],
  ['another version', { ...thing({}), apiVersion: 'x.io/v2' }, 400, 'Incorrect version specified in apply patch. Specified patch version: x.io/v2, expected: x.io/v1'],
]
for (const [name, applied, code, message] of refused) {
  t.test(`refused: ${name}`, async t => {
    const error = errorOf(() => apply(undefined, applied))
    t.equal(error.code, code)
    t.equal(error.message, message)
  })
}

t.test('refused: managedFields that cannot be read', async t => {
  const error = errorOf(() => apply(thing({}, { managedFields: [{ manager: 'x', operation: 'Update', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { bad: {} } }] }), thing({})))
  t.equal(error.code, 500)
  t.match(error.message, /^failed to decode managed fields: /)
})

t.test('fields that no schema has, and names of prototypes, pass', async t => {
  const spec = JSON.parse('{"unknown":{"a":1},"labels":{"__proto__":"x","constructor":"y"}}') as Json
  const next = apply(undefined, thing(spec))
  t.equal(JSON.stringify(next.spec), JSON.stringify(spec))
  t.equal(({} as Json)['x'], undefined)
})
