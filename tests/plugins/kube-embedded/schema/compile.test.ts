import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import type { Draft } from '../../../../plugins/kube-embedded/kinds/types.js'
import { compileSchema } from '../../../../plugins/kube-embedded/schema/index.js'

type Json = Record<string, unknown>
const text = { type: 'string' }
const object = (properties: Json, more: Json = {}) => ({ type: 'object', properties, ...more })
const list = (items: Json, more: Json = {}) => ({ type: 'array', items, ...more })
const compiled = (spec: Json) => compileSchema(object({ spec }), { kind: 'Thing', group: 'example.com' })
const draft = (spec: unknown) => ({ kind: 'Thing', apiVersion: 'example.com/v1', metadata: { name: 'a' }, spec }) as Draft
const open = { 'x-kubernetes-preserve-unknown-fields': true }

const pruned: [string, Json, unknown, unknown, string[]][] = [
  ['what is known stays', object({ a: text }), { a: 'x' }, { a: 'x' }, []],
  ['what is not goes', object({ a: text }), { a: 'x', b: { c: 1 } }, { a: 'x' }, ['spec.b']],
  ['below too', object({ a: object({ b: text }) }), { a: { b: 'x', c: 1 } }, { a: { b: 'x' } }, ['spec.a.c']],
  ['in lists', object({ a: list(object({ b: text })) }), { a: [{ b: 'x', c: 1 }, { d: 1 }] }, { a: [{ b: 'x' }, {}] }, ['spec.a[0].c', 'spec.a[1].d']],
  ['in lists of lists', object({ a: list(list(object({}))) }), { a: [[{ c: 1 }]] }, { a: [[{}]] }, ['spec.a[0][0].c']],
  ['in maps', object({}, { properties: undefined, additionalProperties: object({ b: text }) }), { x: { b: 'x', c: 1 } }, { x: { b: 'x' } }, ['spec.x.c']],
  ['maps of anything', { type: 'object', additionalProperties: true }, { x: { y: 1 } }, { x: { y: 1 } }, []],
  ['an object of nothing', { type: 'object' }, { x: 1 }, {}, ['spec.x']],
  ['open objects keep all', { type: 'object', ...open }, { x: { y: 1 } }, { x: { y: 1 } }, []],
  ['open, and known below', object({ a: object({ b: text }) }, open), { x: 1, a: { b: 'x', c: 1 } }, { x: 1, a: { b: 'x' } }, ['spec.a.c']],
  ['an open value', object({ a: open }), { a: [{ b: [1] }] }, { a: [{ b: [1] }] }, []],
  ['a value that nobody describes', object({ a: {} }), { a: { b: [{ c: 1 }] } }, { a: { b: [{ c: 1 }] } }, []],
  ['an embedded object', object({ a: object({ b: text }, { 'x-kubernetes-embedded-resource': true }) }), { a: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n', labels: { a: 'b' } }, b: 'x', c: 1 } }, { a: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n', labels: { a: 'b' } }, b: 'x' } }, ['spec.a.c']],
  ['metadata that is not embedded', object({ a: object({}) }), { a: { metadata: {} } }, { a: {} }, ['spec.a.metadata']],
  ['names of Object.prototype', object({}), { constructor: 1, toString: 2 }, {}, ['spec.constructor', 'spec.toString']],
]

t.test('prune', async t => {
  for (const [name, schema, before, after, gone] of pruned) {
    const value = draft(before)
    t.same(compiled(schema).prune(value), gone, name)
    t.equal(JSON.stringify(value), JSON.stringify(draft(after)), name)
  }
  const value = { ...draft({}), status: { a: 1 }, extra: 1 }
  t.same(compiled(object({})).prune(value), ['extra', 'status'], 'the root keeps kind, apiVersion and metadata')
  t.same(value, draft({}))
})

const filled: [string, Json, unknown, unknown][] = [
  ['absent', object({ a: { ...text, default: 'x' } }), {}, { a: 'x' }],
  ['there', object({ a: { ...text, default: 'x' } }), { a: 'y' }, { a: 'y' }],
  ['falsy values are values', object({ a: { type: 'integer', default: 5 }, b: { type: 'boolean', default: true } }), { a: 0, b: false }, { a: 0, b: false }],
  ['null that may not be', object({ a: { ...text, default: 'x' } }), { a: null }, { a: 'x' }],
  ['null that may be', object({ a: { ...text, default: 'x', nullable: true } }), { a: null }, { a: null }],
  ['null without a default', object({ a: text }), { a: null }, {}],
  ['null of an open value', object({ a: open }), { a: null }, { a: null }],
  ['below what is there', object({ a: object({ b: { ...text, default: 'x' } }) }), { a: {} }, { a: { b: 'x' } }],
  ['not below what is absent', object({ a: object({ b: { ...text, default: 'x' } }) }), {}, {}],
  ['below a default', object({ a: object({ b: { ...text, default: 'x' } }, { default: {} }) }), {}, { a: { b: 'x' } }],
  ['in lists', object({ a: list(object({ b: { ...text, default: 'x' } })) }), { a: [{}, { b: 'y' }] }, { a: [{ b: 'x' }, { b: 'y' }] }],
  ['nulls in lists', object({ a: list({ ...text, default: 'x' }) }), { a: [null, 'y'] }, { a: ['x', 'y'] }],
  ['in maps', { type: 'object', additionalProperties: object({ b: { ...text, default: 'x' } }) }, { k: {} }, { k: { b: 'x' } }],
  ['nulls in maps', { type: 'object', additionalProperties: { ...text, default: 'x' } }, { k: null }, { k: 'x' }],
]

t.test('default', async t => {
  for (const [name, schema, before, after] of filled) {
    const value = draft(before)
    compiled(schema).default(value)
    t.same(value, draft(after), name)
  }
  const schema = compiled(object({ a: list(text, { default: ['x'] }) }))
  const [one, two] = [draft({}), draft({})]
  schema.default(one)
  ;((one['spec'] as { a: string[] }).a).push('y')
  schema.default(two)
  t.same(two['spec'], { a: ['x'] }, 'every object has its own')
  const wide = compiled(list(object(Object.fromEntries(Array.from({ length: 1000 }, (_, i) => [`p${i}`, { ...text, default: 'x'.repeat(100) }])))))
  t.throws(() => { wide.default(draft(Array.from({ length: 1000 }, () => ({})))) }, { code: 413 }, 'a small body stays small')
})

const long = 'x'.repeat(65)
const invalid: [string, Json, unknown, string[]][] = [
  ['right', object({ a: text }), { a: 'x' }, []],
  ['wrong type', object({ a: { type: 'integer' } }), { a: 'x' }, ['FieldValueTypeInvalid spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"']],
  ['float', object({ a: { type: 'integer' } }), { a: 1.5 }, ['FieldValueTypeInvalid spec.a: Invalid value: "number": spec.a in body must be of type integer: "number"']],
  ['integers are numbers', object({ a: { type: 'number' } }), { a: 1 }, []],
  ['list', object({ a: object({}) }), { a: [] }, ['FieldValueTypeInvalid spec.a: Invalid value: "array": spec.a in body must be of type object: "array"']],
  ['null', object({ a: text }), { a: null }, ['FieldValueTypeInvalid spec.a: Invalid value: "null": spec.a in body must be of type string: "null"']],
  ['nullable', object({ a: { ...text, nullable: true } }), { a: null }, []],
  ['required', object({ a: text, b: text }, { required: ['a', 'b'] }), { b: 'x' }, ['FieldValueRequired spec.a: Required value']],
  ['required, inherited', object({ toString: text }, { required: ['toString'] }), {}, ['FieldValueRequired spec.toString: Required value']],
  ['enum', object({ a: { ...text, enum: ['b', 'a'] } }), { a: 'c' }, ['FieldValueNotSupported spec.a: Unsupported value: "c": supported values: "b", "a"']],
  ['enum of numbers', object({ a: { type: 'integer', enum: [1, 2] } }), { a: 2 }, []],
  ['enum of objects', object({ a: { type: 'object', enum: [{ x: 1, y: 2 }], ...open } }), { a: { y: 2, x: 1 } }, []],
  ['quantities of built-in kinds', object({ a: { oneOf: [{ type: 'string' }, { type: 'number' }] }, b: { oneOf: [{ type: 'integer' }, { type: 'string' }], format: 'int-or-string' } }), { a: '1Gi', b: 80 }, []],
  ['pattern', object({ p: { ...text, pattern: '^[a-z]+$' } }), { p: 'A' }, ["FieldValueInvalid spec.p: Invalid value: \"A\": spec.p in body should match '^[a-z]+$'"]],
  ['pattern of plain escapes', object({ p: { ...text, pattern: '^a\\_b\\-c$' } }), { p: 'a_b-c' }, []],
  ['pattern, too much to look at', object({ p: { ...text, pattern: '^[a-z]+$' } }), { p: 'a'.repeat(4097) }, ['FieldValueTooLong spec.p: Too long: may not be more than 4096 bytes']],
  ['a look-around fits nothing', object({ p: { ...text, pattern: '^(?=a)a$' } }), { p: 'a' }, ["FieldValueInvalid spec.p: Invalid value: \"a\": spec.p in body should match '^(?=a)a$', but pattern is invalid: error parsing regexp: invalid or unsupported Perl syntax: `(?=`"]],
  ['too long', object({ p: { ...text, maxLength: 64, pattern: '^y' } }), { p: long }, ['FieldValueTooLong spec.p: Too long: may not be more than 64 bytes']],
  ['too short', object({ p: { ...text, minLength: 8 } }), { p: 'abc' }, ['FieldValueInvalid spec.p: Invalid value: "abc": spec.p in body should be at least 8 chars long']],
  ['length in characters', object({ p: { ...text, minLength: 2, maxLength: 2 } }), { p: '😀😀' }, []],
  ['minimum', object({ a: { type: 'integer', minimum: 1 } }), { a: 0 }, ['FieldValueInvalid spec.a: Invalid value: 0: spec.a in body should be greater than or equal to 1']],
  ['exclusive minimum', object({ a: { type: 'integer', minimum: 1, exclusiveMinimum: true } }), { a: 1 }, ['FieldValueInvalid spec.a: Invalid value: 1: spec.a in body should be greater than 1']],
  ['maximum', object({ a: { type: 'number', maximum: 1 } }), { a: 1.5 }, ['FieldValueInvalid spec.a: Invalid value: 1.5: spec.a in body should be less than or equal to 1']],
  ['exclusive maximum', object({ a: { type: 'number', maximum: 1, exclusiveMaximum: true } }), { a: 1 }, ['FieldValueInvalid spec.a: Invalid value: 1: spec.a in body should be less than 1']],
  ['multiple', object({ a: { type: 'number', multipleOf: 0.1 } }), { a: 0.3 }, []],
  ['no multiple', object({ a: { type: 'integer', multipleOf: 2 } }), { a: 3 }, ['FieldValueInvalid spec.a: Invalid value: 3: spec.a in body should be a multiple of 2']],
  ['int32', object({ a: { type: 'integer', format: 'int32' } }), { a: 2147483648 }, ['FieldValueInvalid spec.a: Invalid value: 2147483648: Checked value must be of type integer with format int32 in spec.a']],
  ['format', object({ a: { ...text, format: 'date-time' } }), { a: 'now' }, ['FieldValueTypeInvalid spec.a: Invalid value: "now": spec.a in body must be of type date-time: "now"']],
  ['an unknown format', object({ a: { ...text, format: 'constructor' } }), { a: 'now' }, []],
  ['too few', object({ a: list(text, { minItems: 1 }) }), { a: [] }, ['FieldValueInvalid spec.a: Invalid value: 0: spec.a in body should have at least 1 items']],
  ['too many', object({ a: list(text, { maxItems: 1 }) }), { a: ['x', 'y'] }, ['FieldValueTooMany spec.a: Too many: 2: must have at most 1 item']],
  ['items', object({ a: list(text) }), { a: ['x', 1] }, ['FieldValueTypeInvalid spec.a[1]: Invalid value: "integer": spec.a[1] in body must be of type string: "integer"']],
  ['values of maps', object({ a: { type: 'object', additionalProperties: text } }), { a: { k: 1 } }, ['FieldValueTypeInvalid spec.a.k: Invalid value: "integer": spec.a.k in body must be of type string: "integer"']],
  ['properties', object({}, { minProperties: 1, ...open }), {}, ['FieldValueInvalid spec: Invalid value: 0: spec in body should have at least 1 properties']],
  ['a list that is a map', object({ a: list(object({ k: text, v: text }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }) }), { a: [{ k: 'x', v: '1' }, { k: 'y' }, { k: 'x', v: '2' }] }, ['FieldValueDuplicate spec.a[2]: Duplicate value: {"k":"x"}']],
  ['a list that is a set', object({ a: list(text, { 'x-kubernetes-list-type': 'set' }) }), { a: ['x', 'y', 'x'] }, ['FieldValueDuplicate spec.a[2]: Duplicate value: "x"']],
  ['int or string', object({ a: { 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }], pattern: '^[0-9]+%$' } }), { a: 1 }, []],
  ['int or string, its pattern', object({ a: { 'x-kubernetes-int-or-string': true, pattern: '^[0-9]+%$' } }), { a: 'x' }, ["FieldValueInvalid spec.a: Invalid value: \"x\": spec.a in body should match '^[0-9]+%$'"]],
  ['neither', object({ a: { 'x-kubernetes-int-or-string': true } }), { a: true }, ['FieldValueTypeInvalid spec.a: Invalid value: "boolean": spec.a in body must be of type integer,string: "boolean"']],
  ['all of', object({ a: { ...text, allOf: [{ minLength: 2 }, { pattern: '^a' }] } }), { a: 'b' }, ['FieldValueInvalid spec.a: Invalid value: "b": spec.a in body should be at least 2 chars long', "FieldValueInvalid spec.a: Invalid value: \"b\": spec.a in body should match '^a'"]],
  ['any of', object({ a: text, b: text }, { anyOf: [{ required: ['a'] }, { required: ['b'] }] }), { b: 'x' }, []],
  ['none of any', object({ a: text, b: text }, { anyOf: [{ required: ['a', 'b'] }, { required: ['b'] }] }), {}, ['FieldValueInvalid spec: Invalid value: "": "spec" must validate at least one schema (anyOf)', 'FieldValueRequired spec.b: Required value']],
  ['one of', object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }), { a: 'x' }, []],
  ['two of one', object({ a: text, b: text }, { oneOf: [{ required: ['a'] }, { required: ['b'] }] }), { a: 'x', b: 'x' }, ['FieldValueInvalid spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found 2 valid alternatives']],
  ['none of one', object({ a: text }, { oneOf: [{ required: ['a'] }] }), {}, ['FieldValueInvalid spec: Invalid value: "": "spec" must validate one and only one schema (oneOf). Found none valid', 'FieldValueRequired spec.a: Required value']],
  ['not', object({ a: text }, { not: { required: ['a'] } }), { a: 'x' }, ['FieldValueInvalid spec: Invalid value: "": "spec" must not validate the schema (not)']],
  ['embedded', object({ a: object({}, { 'x-kubernetes-embedded-resource': true }) }), { a: { kind: 'X' } }, ['FieldValueRequired spec.a.apiVersion: Required value: must not be empty']],
]

t.test('validate', async t => {
  for (const [name, schema, value, causes] of invalid) t.same(compiled(schema).validate(draft(value)).map(({ reason, field, message }) => `${reason} ${field}: ${message}`), causes, name)
})

t.test('the root', async t => {
  const schema = compileSchema(object({ metadata: object({ name: { ...text, maxLength: 3 }, labels: object({ a: { type: 'integer' } }) }), spec: object({}) }, { required: ['spec', 'metadata'] }), { kind: 'Thing', group: 'example.com' })
  t.same(schema.validate({ kind: 'Thing', apiVersion: 'example.com/v1', metadata: { name: 'abcd', labels: { a: 'b' } } }),
    [{ reason: 'FieldValueRequired', field: 'spec', message: 'Required value' }, { reason: 'FieldValueTooLong', field: 'metadata.name', message: 'Too long: may not be more than 3 bytes' }])
  const thousands = compiled(list(text)).validate(draft(Array.from({ length: 5000 }, () => 1)))
  t.ok(thousands.length <= 65, 'causes are bounded')
})

const formats: [string, string[], string[]][] = [
  ['date-time', ['2024-02-29T10:00:00Z', '2024-01-01T10:00:00.123456+02:00'], ['2023-02-29T10:00:00Z', '2024-01-01', '2024-13-01T10:00:00Z', '']],
  ['date', ['2024-02-29'], ['2023-02-29', '2024-1-1']],
  ['ipv4', ['10.0.0.1'], ['10.0.0', '::1', '256.0.0.1']],
  ['ipv6', ['::1'], ['10.0.0.1', 'x']],
  ['cidr', ['10.0.0.0/8', 'fd00::/64'], ['10.0.0.0', '10.0.0.0/33', '10.0.0.0/x']],
  ['uuid', ['123e4567-e89b-42d3-a456-426614174000'], ['123']],
  ['byte', ['', 'YQ==', 'x'.repeat(8000)], ['YQ=', '*']],
  ['duration', ['1h', '1h30m', '1.5s', '0'], ['1', 'h', '']],
  ['email', ['a.b@example.com'], ['a', '@b', 'a b@c']],
  ['hostname', ['a.example.com'], ['-a', 'a..b']],
  ['uri', ['https://example.com/a', '/a'], ['a b', 'x']],
  ['mac', ['00:00:5e:00:53:01'], ['00:00', '00:00-5e:00:53:01']],
]

t.test('formats', async t => {
  for (const [format, right, wrong] of formats) {
    const schema = compiled({ ...text, format })
    for (const value of right) t.same(schema.validate(draft(value)), [], `${format} ${value.slice(0, 40)}`)
    for (const value of wrong) t.equal(schema.validate(draft(value)).length, 1, `${format} ${value}`)
  }
})

t.test('property: what is pruned has no more unknown fields, and nothing reaches a prototype', async t => {
  const key = fc.constantFrom('a', 'b', 'constructor', '__proto__', 'toString', 'metadata')
  const { json } = fc.letrec<{ json: unknown }>(tie => ({ json: fc.oneof({ depthSize: 'small', withCrossShrink: true }, fc.constantFrom<unknown>(null, 1, 'x'), fc.array(tie('json'), { maxLength: 2 }), fc.dictionary(key, tie('json'), { maxKeys: 3 })) }))
  const node: Json = object({ a: object({ b: { ...text, default: 'x' } }), b: list({ type: 'object', additionalProperties: { type: 'integer', default: 1 } }) })
  const schema = compiled(node)
  const before = Object.getOwnPropertyNames(Object.prototype).join()
  fc.assert(fc.property(json, spec => {
    const value = draft(JSON.parse(JSON.stringify(spec)))
    schema.prune(value)
    schema.default(value)
    const once = JSON.stringify(value)
    const again = schema.prune(value)
    schema.default(value)
    schema.validate(value)
    return again.length === 0 && once === JSON.stringify(value) && Object.getOwnPropertyNames(Object.prototype).join() === before
  }), { numRuns: 500 })
})
