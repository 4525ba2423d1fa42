import { isDeepStrictEqual } from 'node:util'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import type { KubeObject } from '../../../../core/sdk/index.js'
import { applyPatch } from '../../../../plugins/kube-embedded/patch/index.js'

const merge = (before: unknown, patch: unknown) => applyPatch('merge', before as KubeObject, patch) as unknown

// The examples of RFC 7396 whose patch is an object.
const table: [unknown, unknown, unknown][] = [
  [{ a: 'b' }, { a: 'c' }, { a: 'c' }],
  [{ a: 'b' }, { b: 'c' }, { a: 'b', b: 'c' }],
  [{ a: 'b' }, { a: null }, {}],
  [{ a: 'b', b: 'c' }, { a: null }, { b: 'c' }],
  [{ a: ['b'] }, { a: 'c' }, { a: 'c' }],
  [{ a: 'c' }, { a: ['b'] }, { a: ['b'] }],
  [{ a: { b: 'c' } }, { a: { b: 'd', c: null } }, { a: { b: 'd' } }],
  [{ a: [{ b: 'c' }] }, { a: [1] }, { a: [1] }],
  [{ e: null }, { a: 1 }, { e: null, a: 1 }],
  [{}, { a: { bb: { ccc: null } } }, { a: { bb: {} } }],
  [{ a: 'x' }, { a: { b: null } }, { a: {} }],
  [{}, { constructor: { prototype: { x: 1 } } }, { constructor: { prototype: { x: 1 } } }],
  [{}, JSON.parse('{"__proto__": {"x": 1}, "a": {"__proto__": {"x": 1}}}'), { a: {} }],
]

t.test('RFC 7396', async t => {
  for (const [before, patch, after] of table) {
    const [b, p] = [JSON.stringify(before), JSON.stringify(patch)]
    t.equal(JSON.stringify(merge(before, patch)), JSON.stringify(after), `${b} + ${p}`)
    t.same([JSON.stringify(before), JSON.stringify(patch)], [b, p], 'arguments are untouched')
  }
  t.equal((Object.prototype as Record<string, unknown>)['x'], undefined)
})

t.test('no object, no patch', async t => {
  for (const patch of [null, [], 'x', 1, true]) t.throws(() => merge({}, patch), { code: 400, reason: 'BadRequest', message: /^error decoding patch: / }, JSON.stringify(patch))
})

// The pseudo code of the RFC over lists of pairs: no object is ever indexed by a name from outside.
type Model = [string, unknown][]
const isObject = (value: unknown): value is object => value !== null && typeof value === 'object' && !Array.isArray(value)
function model (target: unknown, patch: unknown): unknown {
  if (!isObject(patch)) return patch
  let pairs: Model = isObject(target) ? Object.entries(target) : []
  for (const [key, value] of Object.entries(patch) as Model) {
    const old = pairs.find(([name]) => name === key)?.[1]
    pairs = pairs.filter(([name]) => name !== key)
    if (value !== null) pairs.push([key, model(old, value)])
  }
  return Object.fromEntries(pairs)
}

const key = fc.constantFrom('a', 'b', 'c', 'constructor', 'toString', 'prototype')
const { json } = fc.letrec<{ json: unknown }>(tie => ({
  json: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom<unknown>(null, 1, 'x', false), fc.array(tie('json'), { maxLength: 2 }), fc.dictionary(key, tie('json'), { maxKeys: 4, noNullPrototype: true })),
}))
const object = fc.dictionary(key, json, { maxKeys: 4, noNullPrototype: true })

t.test('property: as the model of the RFC', async t => {
  fc.assert(fc.property(object, object, (before, patch) => {
    const result = merge(before, patch)
    return isDeepStrictEqual(result, model(before, patch))
  }), { numRuns: 300 })
})

t.test('property: the answer shares nothing', async t => {
  const freeze = (value: unknown): void => {
    if (value === null || typeof value !== 'object' || Object.isFrozen(value)) return
    Object.freeze(value)
    Object.values(value).forEach(freeze)
  }
  const thaw = (value: unknown): boolean => value === null || typeof value !== 'object' || (!Object.isFrozen(value) && Object.values(value).every(thaw))
  fc.assert(fc.property(object, object, (before, patch) => {
    const bound = { ...before, z: 1 }
    freeze(bound)
    freeze(patch)
    // An empty list or object is frozen only where it was given.
    return thaw(merge(bound, patch))
  }), { numRuns: 300 })
})
