import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { decodeFields, difference, encodeFields, equalSets, intersection, textsOf, union, without } from '../../../../plugins/kube-embedded/apply/field-set.js'
import { keyElement, sortElements, valueElement } from '../../../../plugins/kube-embedded/apply/path-element.js'

const set = (fields: object) => decodeFields(fields as Record<string, unknown>)
const written = (fields: object) => JSON.stringify(encodeFields(set(fields)))

const encodings: [string, object, string][] = [
  ['nothing', {}, '{}'],
  ['fields by name', { 'f:b': {}, 'f:a': {} }, '{"f:a":{},"f:b":{}}'],
  ['the node itself first', { 'f:a': { 'f:z': {}, '.': {} } }, '{"f:a":{".":{},"f:z":{}}}'],
  ['fields, keys, values, places', { 'i:1': {}, 'v:"a"': {}, 'k:{"a":1}': {}, 'f:x': {} }, '{"f:x":{},"k:{\\"a\\":1}":{},"v:\\"a\\"":{},"i:1":{}}'],
  ['numbers as numbers', { 'v:443': {}, 'v:80': {}, 'i:10': {}, 'i:9': {} }, '{"v:80":{},"v:443":{},"i:9":{},"i:10":{}}'],
  ['keys by their values', { 'k:{"port":443}': {}, 'k:{"port":80}': {} }, '{"k:{\\"port\\":80}":{},"k:{\\"port\\":443}":{}}'],
  ['keys sorted and close', { 'k: { "b" : 1.0, "a": "x" }': {} }, '{"k:{\\"a\\":\\"x\\",\\"b\\":1}":{}}'],
  ['two spellings of one', { 'v:1': { 'f:a': {} }, 'v:1.0': { 'f:b': {} } }, '{"v:1":{"f:a":{},"f:b":{}}}'],
  ['types of another day are left out', { 'x:y': {}, 'f:a': {} }, '{"f:a":{}}'],
  ['null is nothing below', { 'f:a': null }, '{"f:a":{}}'],
  ['angle brackets as Go', { 'v:"<a>"': {} }, JSON.stringify({ 'v:"\\u003ca\\u003e"': {} })],
  ['names of prototypes', { 'f:__proto__': {}, 'f:constructor': {} }, '{"f:__proto__":{},"f:constructor":{}}'],
]
for (const [name, fields, want] of encodings) t.test(`FieldsV1: ${name}`, async t => { t.equal(written(fields), want) })

for (const key of ['a', '', 'fa', 'v:', 'v:x', 'k:1', 'k:{', 'k:[]', 'i:', 'i:x']) {
  t.test(`FieldsV1: ${JSON.stringify(key)} is malformed`, async t => { t.throws(() => set({ [key]: {} })) })
}
t.test('FieldsV1: what is below is an object', async t => { for (const value of [1, 'a', true, []]) t.throws(() => set({ 'f:a': value })) })

t.test('paths as people read them: a level before what is below', async t => {
  const fields = { 'f:spec': { 'f:list': { 'k:{"name":"a","n":1}': { '.': {}, 'f:image': {} }, 'i:0': {} }, 'f:set': { 'v:"v"': {} }, 'f:z': {} } }
  t.same([...textsOf(set(fields))], ['.spec.z', '.spec.list[n=1,name="a"]', '.spec.list[0]', '.spec.list[n=1,name="a"].image', '.spec.set[="v"]'])
})

const algebra: [string, (a: ReturnType<typeof set>, b: ReturnType<typeof set>) => ReturnType<typeof set>, object, object, object][] = [
  ['union', union, { 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': { 'f:c': {} }, 'f:d': {} }, { 'f:a': { '.': {}, 'f:b': {}, 'f:c': {} }, 'f:d': {} }],
  ['intersection', intersection, { 'f:a': { '.': {}, 'f:b': {} }, 'f:d': {} }, { 'f:a': { 'f:b': {} }, 'f:d': { 'f:e': {} } }, { 'f:a': { 'f:b': {} } }],
  ['difference keeps what is below', difference, { 'f:a': { '.': {}, 'f:b': {} } }, { 'f:a': {} }, { 'f:a': { 'f:b': {} } }],
  ['without drops what is below', without, { 'f:a': { '.': {}, 'f:b': {} }, 'f:c': {} }, { 'f:a': {} }, { 'f:c': {} }],
]
for (const [name, run, a, b, want] of algebra) t.test(name, async t => { t.same(encodeFields(run(set(a), set(b))), want) })

const scalar = fc.oneof(fc.string(), fc.integer(), fc.boolean())
const element = fc.oneof(
  fc.string().map(name => `f:${name}`), scalar.map(valueElement), fc.nat(20).map(n => `i:${n}`),
  fc.dictionary(fc.string({ minLength: 1 }), scalar, { minKeys: 1, maxKeys: 2, noNullPrototype: true }).map(keyElement))
const { fields } = fc.letrec(tie => ({
  fields: fc.oneof({ depthSize: 'small' }, fc.constant({}), fc.uniqueArray(fc.tuple(element, fc.boolean(), tie('fields')), { selector: ([name]) => name, maxLength: 4 })
    .map(list => Object.fromEntries(list.map(([name, member, below]) => [name, { ...(member ? { '.': {} } : {}), ...below as object }])))),
}))
const sets = fields.map(value => set(value as object))

t.test('what is encoded is decoded again', async () => {
  fc.assert(fc.property(sets, a => equalSets(decodeFields(JSON.parse(JSON.stringify(encodeFields(a)))), a)))
})
t.test('the order of elements does not hang on where they came from', async () => {
  fc.assert(fc.property(fc.uniqueArray(element), fc.nat(), (list, n) => {
    const turned = [...list.slice(n % (list.length || 1)), ...list.slice(0, n % (list.length || 1))].reverse()
    return JSON.stringify(sortElements(list)) === JSON.stringify(sortElements(turned))
  }))
})
t.test('sets keep the laws of sets', async () => {
  fc.assert(fc.property(sets, sets, (a, b) =>
    equalSets(union(difference(a, b), intersection(a, b)), a) && equalSets(union(a, b), union(b, a)) &&
    difference(a, union(a, b)).size === 0 && intersection(difference(a, b), b).size === 0))
})
