import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { applyPatch } from '../../../../plugins/kube-embedded/patch/index.js'
import type { KubeObject } from '../../../../core/sdk/index.js'

const thing = (more: object) => ({ kind: 'Thing', apiVersion: 'v1', metadata: { name: 'a' }, ...more }) as KubeObject
const codeOf = (run: () => unknown) => {
  try {
    run()
  } catch (error) {
    return (error as { code?: number }).code
  }
  return 200
}

const fitting: [string, object, object[], object][] = [
  ['add a field', { a: 1 }, [{ op: 'add', path: '/b', value: 2 }], { a: 1, b: 2 }],
  ['add null', { a: 1 }, [{ op: 'add', path: '/b', value: null }], { a: 1, b: null }],
  ['add at the end', { a: [1] }, [{ op: 'add', path: '/a/-', value: 2 }], { a: [1, 2] }],
  ['add in the middle', { a: [1, 3] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2, 3] }],
  ['add just past the end', { a: [1] }, [{ op: 'add', path: '/a/1', value: 2 }], { a: [1, 2] }],
  ['escaped names', { a: { 'x/y': 1, 'x~1': 2 } }, [{ op: 'remove', path: '/a/x~1y' }, { op: 'replace', path: '/a/x~01', value: 3 }], { a: { 'x~1': 3 } }],
  ['replace', { a: 1 }, [{ op: 'replace', path: '/a', value: { b: 1 } }], { a: { b: 1 } }],
  ['move', { a: { b: 1 }, c: {} }, [{ op: 'move', from: '/a/b', path: '/c/d' }], { a: {}, c: { d: 1 } }],
  ['move to itself', { a: [1, 2] }, [{ op: 'move', from: '/a/0', path: '/a/0' }], { a: [1, 2] }],
  ['copy is a copy', { a: { b: 1 } }, [{ op: 'copy', from: '/a', path: '/c' }, { op: 'replace', path: '/c/b', value: 2 }], { a: { b: 1 }, c: { b: 2 } }],
  ['test holds', { a: [{ b: 1 }] }, [{ op: 'test', path: '/a', value: [{ b: 1 }] }], { a: [{ b: 1 }] }],
  ['a name of Object.prototype', { a: {} }, [{ op: 'add', path: '/a/constructor', value: 'x' }], { a: { constructor: 'x' } }],
]

const failing: [string, object, unknown, number][] = [
  ['remove what is not there', {}, [{ op: 'remove', path: '/x' }], 422],
  ['replace what is not there', {}, [{ op: 'replace', path: '/x', value: 1 }], 422],
  ['replace what is inherited', {}, [{ op: 'replace', path: '/toString', value: 1 }], 422],
  ['no parent', {}, [{ op: 'add', path: '/x/y', value: 1 }], 422],
  ['inherited parent', {}, [{ op: 'add', path: '/constructor/keys', value: 1 }], 422],
  ['inherited source', {}, [{ op: 'copy', from: '/constructor', path: '/x' }], 422],
  ['prototype', {}, [{ op: 'add', path: '/__proto__/x', value: 1 }], 422],
  ['prototype of the constructor', {}, [{ op: 'add', path: '/constructor/prototype/x', value: 1 }], 422],
  ['far past the end', { a: [1] }, [{ op: 'add', path: '/a/3', value: 2 }], 422],
  ['an index with a zero in front', { a: [1, 2] }, [{ op: 'remove', path: '/a/01' }], 422],
  ['a list by name', { a: [1] }, [{ op: 'add', path: '/a/length', value: 0 }], 422],
  ['test does not hold', { a: 1 }, [{ op: 'test', path: '/a', value: 2 }], 422],
  ['move into itself', { a: { b: {} } }, [{ op: 'move', from: '/a', path: '/a/b/c' }], 422],
  ['the whole away', {}, [{ op: 'remove', path: '' }], 422],
  ['unknown operation', {}, [{ op: 'spam', path: '/a' }], 422],
  ['an operation of the library alone', { a: 1 }, [{ op: '_get', path: '/a' }], 422],
  ['add without a value', {}, [{ op: 'add', path: '/a' }], 422],
  ['a pointer without a slash', { a: 1 }, [{ op: 'remove', path: 'a' }], 422],
  ['no path', {}, [{ op: 'remove' }], 422],
  ['no source', {}, [{ op: 'copy', path: '/a' }], 422],
  ['no list', {}, { op: 'remove', path: '/x' }, 400],
  ['text', {}, 'x', 400],
  ['a list of numbers', {}, [1], 400],
  ['10,000 operations', { a: 1 }, Array.from({ length: 10_000 }, () => ({ op: 'replace', path: '/a', value: 1 })), 200],
  ['more than 10,000 operations', { a: 1 }, Array.from({ length: 10_001 }, () => ({ op: 'replace', path: '/a', value: 1 })), 413],
  ['copies that double and double', { a: ['x'.repeat(100)] }, Array.from({ length: 40 }, () => ({ op: 'copy', from: '/a', path: '/a/-' })), 422],
]

t.test('operations', async t => {
  for (const [name, before, patch, after] of fitting) t.strictSame(applyPatch('json', thing(before), patch), thing(after), name)
})

t.test('refusals', async t => {
  for (const [name, before, patch, code] of failing) {
    const object = thing(before)
    t.equal(codeOf(() => applyPatch('json', object, patch)), code, name)
    t.strictSame(object, thing(before), `${name}: the original is untouched`)
  }
  t.throws(() => applyPatch('json', thing({}), [{ op: 'remove', path: '/x' }]), { message: 'the server rejected our request due to an error in our request', reason: 'Invalid' })
  t.throws(() => applyPatch('json', thing({}), {}), { message: 'error decoding patch: json: cannot unmarshal object into Go value of type jsonpatch.Patch' })
  t.equal((Object as unknown as Record<string, unknown>)['x'], undefined)
})

t.test('a large value is moved as cheaply as a small one', async t => {
  const list = Array.from({ length: 90_000 }, (_, i) => i)
  const steps = Array.from({ length: 10_000 }, (_, i) => i % 2 ? { op: 'move', from: '/b', path: '/a' } : { op: 'move', from: '/a', path: '/b' })
  t.strictSame(Object.keys(applyPatch('json', thing({ a: list }), steps)), ['kind', 'apiVersion', 'metadata', 'a'])
})

t.test('values of a patch are copied', async t => {
  const value = { b: 1 }
  const result = applyPatch('json', thing({}), [{ op: 'add', path: '/a', value }, { op: 'replace', path: '/a/b', value: 2 }]) as unknown as Record<string, unknown>
  t.same([value, result['a']], [{ b: 1 }, { b: 2 }])
})

t.test('property: no patch reaches a prototype', async t => {
  const part = fc.constantFrom('__proto__', 'constructor', 'prototype', 'a', '0', '-', 'toString')
  const pointer = fc.array(part, { maxLength: 4 }).map(parts => parts.map(p => `/${p}`).join(''))
  const step = fc.record({ op: fc.constantFrom('add', 'remove', 'replace', 'move', 'copy', 'test'), path: pointer, from: pointer, value: fc.constantFrom<unknown>(1, {}, { polluted: 1 }, []) })
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  fc.assert(fc.property(fc.array(step, { maxLength: 6 }), steps => {
    const code = codeOf(() => applyPatch('json', thing({ a: [{ a: {} }] }), steps))
    return [200, 422].includes(code ?? 0) && ({} as Record<string, unknown>)['polluted'] === undefined && Object.getOwnPropertyNames(Object.prototype).join() === before
  }))
})
