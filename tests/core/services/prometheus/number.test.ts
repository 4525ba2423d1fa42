import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { formatNumber, normalNumber } from '../../../../core/services/prometheus/number.js'

const rows: [sent: string, read: string][] = [
  ['1', '1'], ['0', '0'], ['-0', '-0'], ['-1.5', '-1.5'], ['1.0', '1'], ['01', '1'], ['+1', '1'], ['1.', '1'], ['.5', '0.5'], ['-.5', '-0.5'], ['0.50', '0.5'],
  ['1e3', '1000'], ['1E+3', '1000'], ['1e-7', '0.0000001'], ['1.5e-7', '0.00000015'], ['-1.25e-10', '-0.000000000125'], ['1.23e11', '123000000000'],
  ['1e21', '1000000000000000000000'], ['1.5e22', '15000000000000000000000'], ['1e23', '100000000000000000000000'], ['0.1e-6', '0.0000001'],
  ['0.30000000000000004', '0.30000000000000004'], ['0.10000000000000001', '0.1'], ['123456789012345678', '123456789012345680'], ['9007199254740993', '9007199254740992'],
  ['1585658599.195', '1585658599.195'], ['000', '0'], ['0.0', '0'], ['-0.0', '-0'], ['1e-400', '0'],
  ['NaN', 'NaN'], ['nan', 'NaN'], ['+Inf', '+Inf'], ['Inf', '+Inf'], ['-inf', '-Inf'], ['infinity', '+Inf'],
  [`1${'0'.repeat(308)}`, `1${'0'.repeat(308)}`], ['5e-324', `0.${'0'.repeat(323)}5`],
]
for (const [sent, read] of rows) t.equal(normalNumber(sent), read, `${sent.slice(0, 30)} is read as ${read.slice(0, 30)}`)

for (const sent of ['', ' ', '1 ', ' 1', '-', '+', '.', '-.', 'e1', '1e', '1e+', '--1', '1.2.3', '1,5', '0x10', '1_000', '١', 'null', 'NaN ', '1n', '1\n']) {
  t.throws(() => normalNumber(sent), /^strconv\.ParseFloat: parsing ".*": invalid syntax$/, `${JSON.stringify(sent)} is no number`)
}
for (const sent of ['1e309', '-1e309', '9'.repeat(400)]) t.throws(() => normalNumber(sent), /value out of range$/)

const bits = fc.bigInt(0n, 2n ** 64n - 1n).map(value => new Float64Array(new BigUint64Array([value]).buffer)[0] ?? 0)
const numbers = fc.oneof(bits, fc.double(), fc.integer(), fc.double({ min: -1e6, max: 1e6 }))

t.test('every float64 keeps its value, in a form that is stable and no longer than any other', async t => {
  fc.assert(fc.property(numbers, value => {
    const text = formatNumber(value)
    const same = normalNumber(text) === text && normalNumber(text) === formatNumber(Number(text.replace('Inf', 'Infinity')))
    if (!Number.isFinite(value)) return same
    const digits = (form: string) => form.replace(/e.*|[-.]/g, '').replace(/^0+|0+$/g, '').length
    return same && Object.is(Number(text), value) && /^-?(?:0|[1-9]\d*)(?:\.\d*[1-9])?$/.test(text) && digits(text) === digits(String(value))
  }), { numRuns: 20_000 })
  t.pass('20,000 numbers')
})

t.test('every way to write a number leads to the same text', async t => {
  fc.assert(fc.property(numbers, fc.integer({ min: 0, max: 20 }), (value, digits) => {
    if (!Number.isFinite(value)) return true
    const forms = [value.toExponential(), value.toExponential(20), String(value), value.toPrecision(17), `${formatNumber(value).includes('.') ? formatNumber(value) : `${formatNumber(value)}.`}${'0'.repeat(digits)}`]
    return forms.every(form => normalNumber(Object.is(value, -0) && !form.startsWith('-') ? `-${form}` : form) === formatNumber(value))
  }), { numRuns: 10_000 })
  t.pass('10,000 numbers, 5 forms each')
})
