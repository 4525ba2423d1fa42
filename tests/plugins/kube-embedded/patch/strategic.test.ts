import { isDeepStrictEqual } from 'node:util'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import type { KubeObject } from '../../../../core/sdk/index.js'
import { applyPatch } from '../../../../plugins/kube-embedded/patch/index.js'

const byName = { type: 'array', 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge' }
const openapi = {
  type: 'object',
  properties: {
    containers: {
      ...byName,
      items: {
        type: 'object',
        properties: { name: { type: 'string' }, args: { type: 'array', items: { type: 'string' } }, env: { ...byName, items: { type: 'object' } } },
      },
    },
    volumes: { ...byName, 'x-kubernetes-patch-strategy': 'merge,retainKeys', items: { type: 'object' } },
    tags: { type: 'array', items: { type: 'string' }, 'x-kubernetes-patch-strategy': 'merge' },
    set: { type: 'array', items: { type: 'string' }, 'x-kubernetes-list-type': 'set' },
    ports: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['port', 'protocol'], items: { type: 'object' } },
    plain: { type: 'array', items: { type: 'string' } },
    strategy: { type: 'object', 'x-kubernetes-patch-strategy': 'retainKeys' },
    whole: { type: 'object', 'x-kubernetes-patch-strategy': 'replace' },
    pools: { type: 'object', additionalProperties: { type: 'object', properties: { members: { ...byName, items: { type: 'object' } } } } },
    viaAllOf: { allOf: [{ type: 'array', 'x-kubernetes-patch-merge-key': 'name', 'x-kubernetes-patch-strategy': 'merge' }] },
  },
}
const run = (before: object, patch: unknown) => applyPatch('strategic', before as KubeObject, patch, openapi) as unknown

const table: [string, object, object, object][] = [
  ['a field', { a: 1, b: { c: 1 } }, { b: { d: 2 } }, { a: 1, b: { c: 1, d: 2 } }],
  ['null deletes', { a: 1, b: { c: 1 } }, { a: null, b: { c: null, x: null } }, { b: {} }],
  ['nulls of what is new', {}, { a: { b: null, c: 1 } }, { a: { c: 1 } }],
  ['lists are replaced', { plain: ['a', 'b'] }, { plain: ['c'] }, { plain: ['c'] }],
  ['lists nobody knows are replaced', { other: [{ name: 'a' }] }, { other: [{ name: 'b' }] }, { other: [{ name: 'b' }] }],
  ['items merge by key', { containers: [{ name: 'a', image: '1' }, { name: 'b', image: '1' }] }, { containers: [{ name: 'b', image: '2' }] }, { containers: [{ name: 'a', image: '1' }, { name: 'b', image: '2' }] }],
  ['a new item stands first', { containers: [{ name: 'a' }] }, { containers: [{ name: 'new' }] }, { containers: [{ name: 'new' }, { name: 'a' }] }],
  ['lists in items', { containers: [{ name: 'a', args: ['x'], env: [{ name: 'E', value: '1' }, { name: 'F', value: '1' }] }] }, { containers: [{ name: 'a', args: ['y'], env: [{ name: 'E', value: '2' }] }] }, { containers: [{ name: 'a', args: ['y'], env: [{ name: 'E', value: '2' }, { name: 'F', value: '1' }] }] }],
  ['an item goes', { containers: [{ name: 'a' }, { name: 'b' }] }, { containers: [{ $patch: 'delete', name: 'a' }] }, { containers: [{ name: 'b' }] }],
  ['a list is replaced on demand', { containers: [{ name: 'a' }, { name: 'b' }] }, { containers: [{ $patch: 'replace' }, { name: 'c' }] }, { containers: [{ name: 'c' }] }],
  ['deletion of what is not there', {}, { containers: [{ $patch: 'delete', name: 'a' }, { name: 'b' }] }, { containers: [{ name: 'b' }] }],
  ['order', { containers: [{ name: 'a' }, { name: 'b' }] }, { '$setElementOrder/containers': [{ name: 'b' }, { name: 'new' }, { name: 'a' }], containers: [{ name: 'new' }] }, { containers: [{ name: 'b' }, { name: 'new' }, { name: 'a' }] }],
  ['order alone', { containers: [{ name: 'a' }, { name: 'b' }] }, { '$setElementOrder/containers': [{ name: 'b' }, { name: 'a' }] }, { containers: [{ name: 'b' }, { name: 'a' }] }],
  ['what the order does not name keeps its place', { containers: [{ name: 'a' }, { name: 's' }, { name: 'b' }] }, { '$setElementOrder/containers': [{ name: 'a' }, { name: 'b' }] }, { containers: [{ name: 'a' }, { name: 's' }, { name: 'b' }] }],
  ['values merge as a set', { tags: ['a', 'b'], set: ['a'] }, { tags: ['b', 'c'], set: ['a', 'b'] }, { tags: ['a', 'b', 'c'], set: ['a', 'b'] }],
  ['values go', { tags: ['a', 'b', 'a'] }, { '$deleteFromPrimitiveList/tags': ['a'] }, { tags: ['b'] }],
  ['values go and come', { tags: ['a', 'b'] }, { '$deleteFromPrimitiveList/tags': ['a'], '$setElementOrder/tags': ['c', 'b'], tags: ['c'] }, { tags: ['c', 'b'] }],
  ['composite keys', { ports: [{ port: 1, protocol: 'TCP' }, { port: 1, protocol: 'UDP' }] }, { ports: [{ port: 1, protocol: 'UDP', name: 'x' }] }, { ports: [{ port: 1, protocol: 'TCP' }, { port: 1, protocol: 'UDP', name: 'x' }] }],
  ['an object is replaced on demand', { a: { b: 1, c: 2 } }, { a: { $patch: 'replace', d: 3 } }, { a: { d: 3 } }],
  ['an object is emptied', { a: { b: 1 } }, { a: { $patch: 'delete' } }, { a: {} }],
  ['merge is what happens anyway', { a: { b: 1 } }, { a: { $patch: 'merge', c: 2 } }, { a: { b: 1, c: 2 } }],
  ['a field that is always replaced', { whole: { a: 1 } }, { whole: { b: 1 } }, { whole: { b: 1 } }],
  ['retained keys', { strategy: { type: 'Rolling', rolling: { max: 1 } } }, { strategy: { $retainKeys: ['type'], type: 'Recreate' } }, { strategy: { type: 'Recreate' } }],
  ['retained keys in items', { volumes: [{ name: 'v', emptyDir: {} }] }, { volumes: [{ $retainKeys: ['name', 'secret'], name: 'v', secret: { name: 's' } }] }, { volumes: [{ name: 'v', secret: { name: 's' } }] }],
  ['values of a map', { pools: { p: { members: [{ name: 'a', w: 1 }] } } }, { pools: { p: { members: [{ name: 'a', x: 2 }] } } }, { pools: { p: { members: [{ name: 'a', w: 1, x: 2 }] } } }],
  ['a rule beside a reference', { viaAllOf: [{ name: 'a', x: 1 }] }, { viaAllOf: [{ name: 'a', y: 1 }] }, { viaAllOf: [{ name: 'a', x: 1, y: 1 }] }],
  ['metadata of every kind', { metadata: { finalizers: ['a'], ownerReferences: [{ uid: '1', name: 'x' }] } }, { metadata: { finalizers: ['b'], ownerReferences: [{ uid: '1', controller: true }] } }, { metadata: { finalizers: ['b', 'a'], ownerReferences: [{ uid: '1', name: 'x', controller: true }] } }],
  ['prototypes', {}, JSON.parse('{"__proto__": {"x": 1}, "constructor": {"prototype": {"x": 1}}, "$deleteFromPrimitiveList/__proto__": [1], "$setElementOrder/__proto__": []}'), { constructor: { prototype: { x: 1 } } }],
]

t.test('merges', async t => {
  for (const [name, before, patch, after] of table) {
    const [b, p] = [JSON.stringify(before), JSON.stringify(patch)]
    t.equal(JSON.stringify(run(before, patch)), JSON.stringify(after), name)
    t.same([JSON.stringify(before), JSON.stringify(patch)], [b, p], `${name}: arguments are untouched`)
  }
  t.equal((Object.prototype as Record<string, unknown>)['x'], undefined)
})

const failing: [string, object, unknown, number, RegExp][] = [
  ['no object', {}, [], 400, /^error decoding patch: json: cannot unmarshal array/],
  ['an item without its key', { containers: [{ name: 'a' }] }, { containers: [{ image: 'x' }] }, 400, /does not contain declared merge key: name/],
  ['an unknown directive', { a: {} }, { a: { $patch: 'spam' } }, 422, /rejected our request/],
  ['an unknown directive in a list', { containers: [] }, { containers: [{ $patch: 'merge', name: 'a' }] }, 422, /rejected our request/],
  ['a value among objects', { containers: [{ name: 'a' }] }, { containers: ['x'] }, 422, /rejected our request/],
  ['objects among values', { tags: ['a'] }, { tags: [{}] }, 400, /primitive list/],
  ['keys that are not retained', { strategy: { a: 1 } }, { strategy: { $retainKeys: ['a'], b: 1 } }, 400, /retainKeys/],
  ['retained keys that are no list', { strategy: { a: 1 } }, { strategy: { $retainKeys: 'a' } }, 400, /retainKeys/],
  ['an order that is no list', { tags: ['a'] }, { '$setElementOrder/tags': 'a' }, 400, /setElementOrder/],
  ['an item that its order does not name', { tags: ['a'] }, { '$setElementOrder/tags': ['a'], tags: ['b'] }, 400, /setElementOrder/],
]

t.test('refusals', async t => {
  for (const [name, before, patch, code, message] of failing) t.throws(() => run(before, patch), { code, message }, name)
})

const named = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'constructor'), v: fc.nat(3) })
const containers = fc.uniqueArray(named, { selector: ({ name }) => name, maxLength: 4 })
const value = fc.record({ containers, tags: fc.uniqueArray(fc.constantFrom('x', 'y', 'z')), whole: fc.dictionary(fc.constantFrom('p', 'toString', '__proto__'), fc.nat(3), { noNullPrototype: true }) }, { requiredKeys: [] })

t.test('property: a patch that is applied again changes nothing', async t => {
  fc.assert(fc.property(value, value, (before, patch) => {
    const once = run(before, patch)
    return isDeepStrictEqual(run(once as object, patch), once)
  }), { numRuns: 300 })
})

t.test('property: lists merge as sets by their keys', async t => {
  fc.assert(fc.property(containers, containers, (before, patch) => {
    const merged = (run({ containers: before }, { containers: patch }) as { containers: { name: string, v: number }[] }).containers
    const model = new Map<string, number>([...before, ...patch].map(({ name, v }) => [name, v]))
    const ordered = (list: { name: string }[]) => merged.filter(({ name }) => list.some(item => item.name === name)).map(({ name }) => name)
    return merged.length === model.size && merged.every(({ name, v }) => model.get(name) === v) && isDeepStrictEqual(ordered(patch), patch.map(({ name }) => name))
  }), { numRuns: 300 })
})
