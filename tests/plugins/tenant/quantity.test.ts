import t from 'tap'
import { add, formatQuantity, parseQuantity, zero } from '../../../plugins/tenant/quantity.js'

const rows: [string, string | undefined][] = [
  ['0', '0'], ['1', '1'], ['1000', '1k'], ['1500', '1500'], ['1.5', '1500m'], ['0.1', '100m'], ['100m', '100m'], ['2000m', '2'], ['1e3', '1k'], ['12E2', '1200'], ['1E', '1E'],
  ['64Mi', '64Mi'], ['1024Mi', '1Gi'], ['1025Ki', '1025Ki'], ['0.5Gi', '512Mi'], ['1Ki', '1Ki'], ['0.5Ki', '512'], ['-1', '-1'], ['.5', '500m'], ['5.', '5'], ['1n', '1n'], ['0.0000000001', '1n'],
  ['', undefined], ['x', undefined], ['1x', undefined], ['1 ', undefined], ['--1', undefined], ['.', undefined], ['1ee3', undefined],
]
for (const [text, wanted] of rows) t.equal(((one) => one && formatQuantity(one))(parseQuantity(text)), wanted, JSON.stringify(text))

const sums: [string[], string][] = [[['200m', '200m', '200m'], '600m'], [['64Mi', '1Gi'], '1088Mi'], [['0', '1Ki'], '1Ki'], [['1', '1Ki'], '1025'], [['1Ki', '1'], '1025'], [[], '0']]
for (const [parts, wanted] of sums) t.equal(formatQuantity(parts.map(part => parseQuantity(part) ?? zero).reduce(add, zero)), wanted, parts.join(' + '))
t.end()
