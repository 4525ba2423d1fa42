import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { repeated, strictProblems } from '../../../plugins/kube-embedded/duplicates.js'

const problems = (text: string, unknown: string[] = []) => strictProblems(unknown, repeated(Buffer.from(text), JSON.parse(text)))

t.test('fields that stand there twice, in the order of the text', async t => {
  for (const [text, unknown, wanted] of [
    ['{"a":1,"b":{"c":[{"d":1,"d":2}]}}', [], ['duplicate field "b.c[0].d"']],
    ['{"a":1, "a" : 2 ,"a":3}', [], ['duplicate field "a"', 'duplicate field "a"']],
    ['{"a":"\\"a\\":","b":"x:y","a":[]}', [], ['duplicate field "a"']],
    ['{"\\u0061":1,"a":2}', [], ['duplicate field "a"']],
    ['{"x":{"y":1,"y":2},"a":1,"a":2}', ['x'], ['unknown field "x"', 'duplicate field "a"']],
    ['{"x":{"y":1}}', ['x'], ['unknown field "x"']],
  ] as const) t.same(problems(text, [...unknown]), wanted, text)
})

t.test('nothing stands twice in what JSON.stringify writes', async t => {
  fc.assert(fc.property(fc.jsonValue(), fc.constantFrom(0, 2), (value, space) => {
    const text = JSON.stringify(value, null, space)
    return repeated(Buffer.from(text), JSON.parse(text)).length === 0
  }), { numRuns: 2_000 })
  t.pass('2000 bodies')
})
