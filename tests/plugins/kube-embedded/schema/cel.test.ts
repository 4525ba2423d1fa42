import t from 'tap'
import type { Draft } from '../../../../plugins/kube-embedded/kinds/types.js'
import { compileSchema, validateCRD } from '../../../../plugins/kube-embedded/schema/index.js'

type Json = Record<string, unknown>
const text = { type: 'string' }
const whole = { type: 'integer' }
const object = (properties: Json, more: Json = {}) => ({ type: 'object', properties, ...more })
const list = (items: Json, more: Json = {}) => ({ type: 'array', items, ...more })
const rules = (...list: (string | Json)[]) => ({ 'x-kubernetes-validations': list.map(rule => typeof rule === 'string' ? { rule } : rule) })
const draft = (spec: unknown, more: Json = {}) => ({ kind: 'Thing', apiVersion: 'example.com/v1', metadata: { name: 'a' }, spec, ...more }) as Draft
const schemaOf = (spec: Json, root: Json = {}) => object({ spec }, root)
const validate = (spec: Json, now: unknown, before?: unknown, root: Json = {}) =>
  compileSchema(schemaOf(spec, root), { kind: 'Thing', group: 'example.com' }).validate(draft(now), before === undefined ? undefined : draft(before))
    .map(({ field, message }) => `${field}: ${message}`)

const spec = object({
  s: text,
  t: text,
  n: whole,
  m: whole,
  d: { type: 'number' },
  b: { type: 'boolean' },
  at: { type: 'string', format: 'date-time' },
  day: { type: 'string', format: 'date' },
  wait: { type: 'string', format: 'duration' },
  bytes: { type: 'string', format: 'byte' },
  port: { 'x-kubernetes-int-or-string': true },
  list: list(text),
  numbers: list(whole),
  set: list(text, { 'x-kubernetes-list-type': 'set' }),
  other: list(text, { 'x-kubernetes-list-type': 'set' }),
  keyed: list(object({ name: text, v: whole }, { required: ['name'] }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'] }),
  map: { type: 'object', additionalProperties: text },
  sub: object({ a: text }),
  open: { 'x-kubernetes-preserve-unknown-fields': true },
  'a-b': text,
  'x.y/z': text,
  under__score: text,
  namespace: text,
  maybe: { ...text, nullable: true },
})

const value = {
  s: 'hello',
  t: 'Grüße',
  n: 3,
  m: 5,
  d: 1.5,
  b: true,
  at: '2024-02-29T12:30:00.5Z',
  day: '2024-03-01',
  wait: '1h30m',
  bytes: 'aGk=',
  port: 80,
  list: ['a', 'b', 'c'],
  numbers: [1, 2, 3],
  set: ['x', 'y'],
  other: ['y', 'x'],
  keyed: [{ name: 'p', v: 1 }, { name: 'q', v: 2 }],
  map: { k: 'v', l: 'w' },
  sub: { a: 'z' },
  open: { any: 1 },
  'a-b': 'dash',
  'x.y/z': 'dot',
  under__score: 'under',
  namespace: 'ns',
  maybe: null,
}

/** Rules that hold. */
const holding: string[] = [
  'self.n < self.m && self.n + 2 == self.m',
  'self.n * 2 - 1 == 5 && self.m / 2 == 2 && self.m % 2 == 1 && -self.n == -3',
  'self.d > 1 && self.d == 1.5 && self.n < 3.5',
  'self.b ? self.n == 3 : false',
  '!has(self.s) || self.s != ""',
  'has(self.sub.a) && !has(self.map.none) && has(self.map.k)',
  'self.s.startsWith("he") && self.s.endsWith("lo") && self.s.contains("ell")',
  'self.s.matches("^[a-z]+$") && !self.s.matches("^[0-9]")',
  'size(self.t) == 5 && self.t.size() == 5',
  'self.s.upperAscii() == "HELLO" && "ÄB".lowerAscii() == "Äb"',
  'self.s.replace("l", "L") == "heLLo" && self.s.replace("l", "L", 1) == "heLlo"',
  'self.s.substring(1, 3) == "el" && self.s.substring(3) == "lo" && self.t.charAt(2) == "ü"',
  'self.s.indexOf("l") == 2 && self.s.lastIndexOf("l") == 3 && self.s.indexOf("x") == -1',
  '"a,b".split(",") == ["a", "b"] && "a,b,c".split(",", 2) == ["a", "b,c"]',
  'self.list.join("-") == "a-b-c" && " x ".trim() == "x"',
  '"%s has %d, %.2f".format([dyn("x"), dyn(3), dyn(1.5)]) == "x has 3, 1.50"',
  '"abc 123".find("[0-9]+") == "123" && "a1b22".findAll("[0-9]+") == ["1", "22"] && "a1b2".findAll("[0-9]", 1) == ["1"]',
  'self.list.all(x, x.size() == 1) && self.list.exists(x, x == "b") && self.list.exists_one(x, x == "c")',
  'self.list.map(x, x + "!") == ["a!", "b!", "c!"] && self.numbers.map(x, x > 1, x * 2) == [4, 6]',
  'self.list.filter(x, x != "a") == ["b", "c"]',
  'self.map.all(k, self.map[k].size() == 1) && self.map.exists(k, k == "l")',
  'self.list.all(i, x, i < 3 && x != "") && self.map.exists(k, v, k == "k" && v == "v")',
  'self.map.transformMap(k, v, v + k)["k"] == "vk" && self.list.transformList(i, x, i > 0, x) == ["b", "c"]',
  '"a" in self.list && !("z" in self.list) && "k" in self.map',
  'self.list[0] == "a" && self.map["k"] == "v" && self.map.k == "v"',
  'self.numbers.sum() == 6 && self.numbers.min() == 1 && self.numbers.max() == 3 && self.numbers.isSorted()',
  'self.list.indexOf("b") == 1 && self.list.lastIndexOf("z") == -1',
  '[3, 1, 2].sort() == [1, 2, 3] && [1, 1].distinct() == [1] && [[1], [2]].flatten() == [1, 2] && [1, 2].reverse() == [2, 1]',
  'self.set == self.other && self.set != ["x"]',
  'self.list != ["b", "a", "c"] && self.keyed[1].name == "q"',
  'sets.contains(self.list, ["a"]) && sets.equivalent([1, 1], [1]) && !sets.intersects([1], [2])',
  'self.at < timestamp("2024-03-01T00:00:00Z") && self.at.getFullYear() == 2024 && self.at.getMilliseconds() == 500 && self.at.getDate() == 29',
  'self.day == timestamp("2024-03-01T00:00:00Z")',
  'self.wait > duration("1h") && self.wait.getMinutes() == 90 && self.at + self.wait == timestamp("2024-02-29T14:00:00.5Z")',
  'self.bytes == b"hi" && string(self.bytes) == "hi"',
  'type(self.port) == int && self.port > 79 && (type(self.port) == string ? self.port == "x" : true)',
  'int("12") == 12 && string(12) == "12" && double(2) == 2.0 && bool("true") && int(2.9) == 2',
  'self.a__dash__b == "dash" && self.x__dot__y__slash__z == "dot" && self.under__underscores__score == "under" && self.__namespace__ == "ns"',
  'quantity("1Gi").isGreaterThan(quantity("1000M")) && quantity("500m").add(quantity("0.5")).compareTo(quantity("1")) == 0',
  'isQuantity("10Mi") && !isQuantity("10MI") && quantity("2k").asInteger() == 2000 && quantity("5").sub(6).sign() == -1 && !quantity("100m").isInteger()',
  'isURL("https://a.b:80/p?q=1") && !isURL("../x") && url("https://a.b:80/p?q=1").getHost() == "a.b:80" && url("https://a.b:80/p?q=1").getPort() == "80"',
  'url("https://[::1]:80/p").getHostname() == "::1" && url("/p").getScheme() == "" && url("https://x/p q".replace(" ", "%20")).getEscapedPath() == "/p%20q" && url("http://x/?a=1&a=2").getQuery()["a"] == ["1", "2"]',
  'isIP("10.0.0.1") && !isIP("10.0.0.256") && ip("::1").family() == 6 && ip("127.0.0.1").isLoopback() && ip.isCanonical("::1") && !ip.isCanonical("0:0::1")',
  'isCIDR("10.0.0.0/8") && cidr("10.0.0.0/8").containsIP("10.1.2.3") && !cidr("10.0.0.0/8").containsIP("11.1.1.1") && cidr("10.0.0.0/8").containsCIDR("10.1.0.0/16") && cidr("10.1.2.3/8").masked() == cidr("10.0.0.0/8") && cidr("fd00::/8").prefixLength() == 8',
  '!format.dns1123Label().validate("my-name").hasValue() && format.dns1123Label().validate("My_Name").hasValue() && format.named("uuid").hasValue()',
  'semver("1.2.3").isLessThan(semver("1.10.0")) && isSemver("1.0.0-rc.1") && semver("1.0.0-rc.1").isLessThan(semver("1.0.0"))',
  'self.?sub.a.orValue("none") == "z" && self.map[?"none"].orValue("d") == "d" && !optional.none().hasValue() && self.?s.hasValue()',
  'self.?s.optMap(x, x + "!").orValue("") == "hello!" && optional.of(1).or(optional.of(2)).value() == 1',
  'self.maybe == null',
  'self.map.none == "x" || true',
  '[1, 0].exists(x, 1 / x == 1)',
  '{"a": 1, "b": 2} == {"b": 2, "a": 1} && {"a": 1}.size() == 1',
  '[1, 2, 3].all(x, [x].all(x, x > 0))',
  'dyn(1) == 1.0 && !(dyn("a") == 1)',
]

t.test('rules that hold', async t => {
  for (const rule of holding) t.same(validate({ ...spec, ...rules(rule) }, value), [], rule)
})

const failing: [string | Json, string][] = [
  ['self.n > self.m', 'Invalid value: "object": failed rule: self.n > self.m'],
  [{ rule: 'self.n > self.m', message: 'n must be more' }, 'Invalid value: "object": n must be more'],
  [{ rule: 'self.n > self.m', messageExpression: '"n is " + string(self.n)' }, 'Invalid value: "object": n is 3'],
  [{ rule: 'self.n > self.m', messageExpression: 'self.map.none', message: 'fallback' }, 'Invalid value: "object": fallback'],
  [{ rule: 'false', messageExpression: '"a\\nb"' }, 'Invalid value: "object": failed rule: false'],
  [{ rule: 'false', reason: 'FieldValueForbidden', message: 'no' }, 'Forbidden: no'],
  [{ rule: 'false', reason: 'FieldValueRequired', message: 'no' }, 'Required value: no'],
  [{ rule: 'false', reason: 'FieldValueDuplicate', message: 'no' }, 'Duplicate value: "object"'],
  ['self.map.none == ""', 'Invalid value: "object": no such key: none evaluating rule: self.map.none == ""'],
  [{ rule: 'self.list[9] == ""', message: 'm' }, 'Invalid value: "object": index out of bounds: 9 evaluating rule: m'],
  ['self.n / 0 == 1', 'Invalid value: "object": division by zero evaluating rule: self.n / 0 == 1'],
  ['9223372036854775807 + self.n > 0', 'Invalid value: "object": integer overflow evaluating rule: 9223372036854775807 + self.n > 0'],
  ['self.port.startsWith("x")', 'Invalid value: "object": \'no such overload\': call arguments did not match a supported operator, function or macro signature for rule: self.port.startsWith("x")'],
  ['quantity("x").sign() == 0', 'Invalid value: "object": quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\' evaluating rule: quantity("x").sign() == 0'],
]

t.test('rules that fail', async t => {
  for (const [rule, message] of failing) t.same(validate({ ...spec, ...rules(rule) }, value), [`spec: ${message}`], JSON.stringify(rule))
})

t.test('a cause names the value or what fieldPath says', async t => {
  const at = (schema: Json, now: unknown) => validate(schema, now)
  t.same(at({ ...spec, ...rules({ rule: 'false', message: 'm', fieldPath: '.sub.a' }) }, value), ['spec.sub.a: Invalid value: "object": m'])
  t.same(at({ ...spec, ...rules({ rule: 'false', message: 'm', fieldPath: ".map['k.l']" }) }, value), ['spec.map[k.l]: Invalid value: "object": m'])
  t.same(at(object({ a: { ...text, ...rules('self != "x"') } }), { a: 'x' }), ['spec.a: Invalid value: "string": failed rule: self != "x"'])
  t.same(at(object({ a: { ...whole, ...rules('self > 1') } }), { a: 1 }), ['spec.a: Invalid value: "integer": failed rule: self > 1'])
  t.same(at(object({ a: list(text, rules('self.size() < 2')) }), { a: ['x', 'y'] }), ['spec.a: Invalid value: "array": failed rule: self.size() < 2'])
  t.same(at(object({ a: list(object({ b: { ...text, ...rules('self == "x"') } })) }), { a: [{ b: 'x' }, { b: 'y' }] }), ['spec.a[1].b: Invalid value: "string": failed rule: self == "x"'])
  t.same(at({ type: 'object', additionalProperties: { ...whole, ...rules('self > 1') } }, { 'a/b': 1 }), ['spec[a/b]: Invalid value: "integer": failed rule: self > 1'])
  t.same(at({ ...object({ a: whole }), allOf: [{ properties: { a: rules('self > 1') } }] }, { a: 1 }), ['spec.a: Invalid value: "integer": failed rule: self > 1'])
  t.same(at(object({ a: { ...text, nullable: true, ...rules('false') } }), { a: null }), [], 'rules do not see null')
})

t.test('the root knows its names', async t => {
  const root = (rule: string) => validate(object({}), {}, undefined, rules(rule))
  t.same(root('self.metadata.name == "a" && self.kind == "Thing" && self.apiVersion == "example.com/v1" && !has(self.metadata.generateName)'), [])
  t.same(root('self.metadata.name.startsWith("x")'), ['<nil>: Invalid value: "object": failed rule: self.metadata.name.startsWith("x")'])
  const embedded = object({ a: object({}, { 'x-kubernetes-embedded-resource': true, 'x-kubernetes-preserve-unknown-fields': true, ...rules('self.metadata.name == "n" && self.kind == "X"') }) })
  t.same(validate(embedded, { a: { apiVersion: 'v1', kind: 'X', metadata: { name: 'n' } } }), [])
})

t.test('rules see only what the schema finds right', async t => {
  const schema = object({ a: whole }, rules('self.a > 5'))
  t.match(validate(schema, { a: 'x' }), ['spec.a: Invalid value: "string": spec.a in body must be of type integer: "string"'])
  t.same(validate(schema, { a: 6 }), [])
})

const immutable = { ...text, ...rules('self == oldSelf') }
const failed = (field: string, type = 'string') => [`${field}: Invalid value: "${type}": failed rule: self == oldSelf`]
const transitions: [string, Json, unknown, unknown, string[]][] = [
  ['not on a create', object({ a: immutable }), { a: 'x' }, undefined, []],
  ['the same again', object({ a: immutable }), { a: 'x' }, { a: 'x' }, []],
  ['changed', object({ a: immutable }), { a: 'y' }, { a: 'x' }, failed('spec.a')],
  ['new', object({ a: immutable }), { a: 'y' }, {}, []],
  ['gone', object({ a: immutable }), {}, { a: 'x' }, []],
  ['in a map, by key', { type: 'object', additionalProperties: immutable }, { k: 'y', n: 'z' }, { k: 'x' }, failed('spec[k]')],
  ['in a list of keys', object({ a: list(object({ k: text, v: immutable }, { required: ['k'] }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }) }), { a: [{ k: 'q', v: '1' }, { k: 'p', v: '3' }] }, { a: [{ k: 'p', v: '2' }, { k: 'q', v: '1' }] }, failed('spec.a[1].v')],
  ['not in a list without keys', object({ a: list(object({ v: immutable })) }), { a: [{ v: '1' }] }, { a: [{ v: '2' }] }, []],
  ['keyed lists have no order', object({ a: list(object({ k: text, v: text }, { required: ['k'] }), { 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'], ...rules('self == oldSelf') }) }), { a: [{ k: 'q' }, { k: 'p', v: '1' }] }, { a: [{ k: 'p', v: '1' }, { k: 'q' }] }, []],
  ['of a whole list', object({ a: list(text, rules('self == oldSelf')) }), { a: ['x'] }, { a: ['y'] }, failed('spec.a', 'array')],
  ['optional, on a create', object({ a: { ...text, ...rules({ rule: 'oldSelf.hasValue() || self == "first"', optionalOldSelf: true }) } }), { a: 'x' }, undefined, ['spec.a: Invalid value: "string": failed rule: oldSelf.hasValue() || self == "first"']],
  ['optional, on an update', object({ a: { ...text, ...rules({ rule: '!oldSelf.hasValue() || oldSelf.value() == "x"', optionalOldSelf: true }) } }), { a: 'y' }, { a: 'x' }, []],
  ['what was wrong may stay wrong', object({ a: { ...text, ...rules('self == "x"') }, b: text }), { a: 'y', b: 'n' }, { a: 'y' }, []],
  ['but not change', object({ a: { ...text, ...rules('self == "x"') } }), { a: 'z' }, { a: 'y' }, ['spec.a: Invalid value: "string": failed rule: self == "x"']],
  ['wrong items of a list that stays', object({ a: list({ ...text, ...rules('self == "x"') }), b: text }), { a: ['y'], b: 'n' }, { a: ['y'] }, []],
]

t.test('transitions', async t => {
  for (const [name, schema, now, before, causes] of transitions) t.same(validate(schema, now, before), causes, name)
})

const crd = (spec: Json) => ({
  kind: 'CustomResourceDefinition',
  apiVersion: 'apiextensions.k8s.io/v1',
  metadata: { name: 'things.example.com' },
  spec: { group: 'example.com', scope: 'Namespaced', names: { plural: 'things', kind: 'Thing' }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: object({ spec }) } }] },
})
const at = 'spec.validation.openAPIV3Schema.properties[spec].x-kubernetes-validations[0]'

/** Rules that no definition may have: where, and a part of the text. */
const refused: [string | Json, string, RegExp, string?][] = [
  ['self.n >', '.rule', /compilation failed: ERROR: <input>:1:9: Syntax error/],
  ['self.none == 1', '.rule', /^Invalid value: apiextensions\.ValidationRule\{Rule:"self\.none == 1", .*compilation failed: ERROR: <input>:1:5: undefined field 'none'$/],
  ['self.n', '.rule', /cel expression must evaluate to a bool/],
  ['self.n == "x"', '.rule', /no matching overload/],
  ['self.n + self.s == 1', '.rule', /no matching overload for '\+' applied to '\(int, string\)'/],
  ['nothing == 1', '.rule', /undeclared reference to 'nothing'/],
  ['nothing(self.s)', '.rule', /undeclared reference to 'nothing'/],
  ['self.s.nothing()', '.rule', /undeclared reference to 'nothing'/],
  ['self.n.startsWith("x")', '.rule', /no matching overload for 'startsWith' applied to 'int\.\(string\)'/],
  ['self.list.all(x, x > 1)', '.rule', /no matching overload for '>'/],
  ['self.list.all(x, x)', '.rule', /expected type 'bool' but found 'string'/],
  ['self.s.all(x, true)', '.rule', /cannot be range of a comprehension/],
  ['self.s.matches("(")', '.rule', /missing closing \)/],
  ['self.s.matches("(?=x)")', '.rule', /error parsing regexp/],
  ['self.open.any == 1', '.rule', /undefined field 'open'/],
  ['self.namespace == "x"', '.rule', /undefined field 'namespace'/],
  ['self.sub.b == ""', '.rule', /undefined field 'b'/],
  ['[1, "a"].size() == 2', '.rule', /expected type 'int' but found 'string'/],
  ['b"x".json() == {}', '.rule', /undeclared reference to 'json'/],
  ['cel.bind(x, 1, x == 1)', '.rule', /undeclared reference to 'cel'/],
  [`self.s == "${'x'.repeat(20_000)}"`, '.rule', /longer than 16384 characters/],
  [`${'!'.repeat(5000)}self.b`, '.rule', /nests too deeply/],
  [`${'('.repeat(1000)}self.b${')'.repeat(1000)}`, '.rule', /compilation failed/],
  ['', '.rule', /rule is not specified/, 'FieldValueRequired'],
  [{ rule: 'true', message: 'a\nb' }, '.message', /must not contain line breaks/],
  [{ rule: 'true', message: '  ' }, '.message', /must be non-empty if specified/],
  ['true &&\ntrue', '.message', /message must be specified if rule contains line breaks/, 'FieldValueRequired'],
  [{ rule: 'true', messageExpression: 'self.n' }, '.messageExpression', /must evaluate to a string/],
  [{ rule: 'true', messageExpression: '1 +' }, '.messageExpression', /messageExpression compilation failed/],
  [{ rule: 'true', reason: 'Other' }, '.reason', /Unsupported value: "Other"/, 'FieldValueNotSupported'],
  [{ rule: 'true', fieldPath: '.none' }, '.fieldPath', /must be a valid path/],
  [{ rule: 'true', optionalOldSelf: true }, '.optionalOldSelf', /may not be set if oldSelf is not used in rule/],
]

t.test('rules that are refused', async t => {
  for (const [rule, where, message, reason = 'FieldValueInvalid'] of refused) {
    const causes = validateCRD(crd({ ...spec, ...rules(rule) }))
    t.match(causes, [{ field: `${at}${where}`, message, reason }], JSON.stringify(rule).slice(0, 60))
    t.equal(causes.length, 1)
  }
  for (const rule of holding) t.same(validateCRD(crd({ ...spec, ...rules(rule) })), [], rule)
})

t.test('oldSelf needs a value that can be found again', async t => {
  const below = (more: Json) => validateCRD(crd(object({ a: list(object({ k: immutable }, { required: ['k'] }), more) })))
  t.match(below({}), [{ field: /items\.properties\[k\]\.x-kubernetes-validations\[0\]\.rule$/, reason: 'FieldValueInvalid', message: /uncorrelatable portion of the schema within spec\.validation\.openAPIV3Schema\.properties\[spec\]\.properties\[a\]$/ }])
  t.same(below({ 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }), [])
})

t.test('there are only so many rules', async t => {
  t.match(validateCRD(crd({ ...spec, ...rules(...Array.from({ length: 129 }, () => 'true')) })), [{ reason: 'FieldValueTooMany' }])
  const properties = Object.fromEntries(Array.from({ length: 20 }, (_, i) => [`p${i}`, { ...text, ...rules(...Array.from({ length: 100 }, () => 'true')) }]))
  t.match(validateCRD(crd(object(properties)))[0], { reason: 'FieldValueForbidden', message: /must not have more than 1000 rules/ })
})

/** Rules that would work for minutes or fill the memory. */
const endless: [string, Json, unknown][] = [
  ['lists in lists', object({ a: list(text) }, rules(`${Array.from({ length: 60 }, () => '.map(l, [l, l])').reduce((rule, part) => rule + part, '[self.a]')}.flatten(32).size() == 1`)), { a: ['x'] }],
  ['inner loops that end at once', object({ a: list(whole) }, rules('self.a.all(x, self.a.exists(y, self.a.exists(z, true)))')), { a: Array.from({ length: 500_000 }, () => 1) }],
  ['bytes', object({ a: list(whole), b: { type: 'string', format: 'byte' } }, rules('self.a.all(x, has(self.b) && self.b.size() > 0)')), { a: Array.from({ length: 400_000 }, () => 1), b: 'aaaa'.repeat(100_000) }],
  ['patterns that a value brings', object({ a: list(text) }, rules('self.a.all(x, !"b".matches(x))')), { a: Array.from({ length: 5000 }, (_, i) => `a{${i % 1000}}${i}`) }],
  ['loops in loops', object({ a: list(whole) }, rules('self.a.all(x, self.a.all(y, self.a.all(z, x + y + z >= 0)))')), { a: Array.from({ length: 500 }, () => 1) }],
  ['loops that hide their failure', object({ a: list(whole) }, rules('self.a.all(x, self.a.exists(y, self.a.exists(z, x / (y - y) > z))) || true')), { a: Array.from({ length: 500 }, () => 1) }],
  ['texts that double', object({ a: text }, rules(`${Array.from({ length: 60 }, () => '.map(s, s + s)').reduce((rule, part) => rule + part, '[self.a]')}.size() == 1`)), { a: 'x'.repeat(100) }],
  ['lists that double', object({ a: list(text) }, rules(`${Array.from({ length: 60 }, () => '.map(s, s + s)').reduce((rule, part) => rule + part, '[self.a]')}.size() == 1`)), { a: ['x'] }],
  ['texts that multiply', object({ a: text }, rules('self.a.replace("", self.a.replace("", self.a)).size() == 1')), { a: 'x'.repeat(3000) }],
  ['patterns over long texts', object({ a: text }, rules('self.a.matches("^(a?){500}(x|y){400}$")')), { a: 'a'.repeat(1_000_000) }],
  ['equality of long lists', object({ a: list(text, { 'x-kubernetes-list-type': 'set' }) }, rules('self.a == self.a.reverse()')), { a: Array.from({ length: 3000 }, (_, i) => `item ${i}`) }],
  ['many values', object({ a: list(object({ b: list(whole) }, rules('self.b.all(x, self.b.all(y, x <= y || x > y))'))) }), { a: Array.from({ length: 200 }, () => ({ b: Array.from({ length: 200 }, () => 1) })) }],
]

t.test('evaluation ends', async t => {
  for (const [name, schema, now] of endless) {
    const begin = process.cpuUsage().user
    t.match(validate(schema, now), [/cost|longer than/], name)
    const seconds = (process.cpuUsage().user - begin) / 1e6
    t.ok(seconds < 5, `${name}: some tenths of a second${process.env['SHOW_TIMES'] ? ` (${seconds})` : ''}`)
  }
})
