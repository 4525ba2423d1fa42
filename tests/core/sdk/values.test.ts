import t from 'tap'
import { compareTexts, isRecord, own } from '../../../core/sdk/values.js'

class Made { a = 1 }
const records: [unknown, boolean][] = [[{}, true], [{ a: 1 }, true], [Object.create(null), true], [new Made(), true], [[], false], [null, false], [undefined, false], ['x', false], [1, false], [() => {}, false]]
for (const [value, wanted] of records) t.equal(isRecord(value), wanted, typeof value)

const object = JSON.parse('{"a": 1, "b": null, "__proto__": 2}') as Record<string, unknown>
for (const [key, wanted] of [['a', 1], ['b', null], ['__proto__', 2], ['toString', undefined], ['constructor', undefined], ['c', undefined]] as const) t.equal(own(object, key), wanted, key)
t.equal(own({}, '__proto__'), undefined)

t.strictSame(['b', 'a10', 'a9', '', 'B', 'ä', 'a'].sort(compareTexts), ['', 'B', 'a', 'a10', 'a9', 'b', 'ä'])
t.equal(compareTexts('a', 'a'), 0)
t.end()
