import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { nameFilter, readExpression, wholeNameFilter } from '../../../core/services/monitoring/filters.js'
import { Query } from '../../../core/sdk/index.js'

const many = (separator: string, part = 'namespace_cpu_usage'): string => Array.from({ length: 300 }, (_, i) => `${part}${i}`).join(separator)

t.test('an expression finds a name somewhere', async t => {
  for (const [expression, name, fits] of [
    ['', 'x', true], ['.*', 'x', true], ['cpu', 'node_cpu_total', true], ['cpu$', 'node_cpu_total', false], ['a|total$', 'node_cpu_total', true], ['cpu|', 'x', true], ['$', 'x', true],
    ['^node', 'node_cpu', true], ['^cpu', 'node_cpu', false], ['(?i)CPU', 'node_cpu', true], ['no.e', 'node', true], ['(', 'x', false], ['x)', 'x', false], ['(?=x)', 'x', false], ['x{2,1}', 'xx', false],
    ['(a{0,11}b){11}', 'b'.repeat(11), true], [`(${'.?'.repeat(10)}){128}`, 'x, if it had the states for it (P44)', false],
    [`${many('|')}|node_cpu$`, 'node_cpu', true], [`${many('|')}|node_cpu$`, 'node_cpu_total', false], [`${many('|', 'a.b-')}|no.e`, 'node', false], [`${many('|', 'a.b-')}|no.e`, 'xno.ex', true],
  ] as const) t.equal(nameFilter(expression)(name), fits, `${expression.slice(-40)} ${name}`)
})

t.test('or as a whole', async t => {
  for (const [expression, name, fits] of [
    ['edge-1|edge-2$', 'edge-2', true], ['edge', 'edge-1', false], ['edge-.', 'edge-1', true], ['edge.*|x', 'y-edge', false], ['.*', 'x', true], ['(', 'x', false], ['a)|(b', 'b', true], [`${many('|', 'n.')}|n1$`, 'n1', true],
  ] as const) t.equal(wholeNameFilter(expression)(name), fits, `${expression.slice(-40)} ${name}`)
})

t.test('lists of names cost no expression, and mean the same', async t => {
  const list = fc.array(fc.tuple(fc.string({ unit: fc.constantFrom('a', 'b', '_', '-'), maxLength: 3 }), fc.constantFrom('', '$')), { minLength: 1, maxLength: 5 }).map(parts => parts.map(part => part.join('')).join('|'))
  fc.assert(fc.property(list, fc.string({ unit: fc.constantFrom('a', 'b', '_', '-'), maxLength: 5 }), (text, name) =>
    nameFilter(text)(name) === new RegExp(text).test(name) && wholeNameFilter(text)(name) === new RegExp(`^(?:${text})$`).test(name)), { numRuns: 3_000 })
})

t.test('what costs too much is refused', async t => {
  const read = (text: string): string => readExpression(new Query([['f', text]]), 'f')
  for (const text of [many('|'), `${many('$|', 'a.b-')}$`, 'x'.repeat(256), '('.repeat(256), 'a{128}', 'a{2}{64}', '(a{0,11}b){11}']) t.equal(read(text), text)
  for (const text of [many('|', 'a*'), '('.repeat(257), 'a{129}', 'a{2}{65}', '(a{0,12}b){11,}', 'a{1000}']) t.throws(() => read(text), { code: 400 }, text.slice(0, 40))
})
