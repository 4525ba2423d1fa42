import t from 'tap'
import { Quantity, type QuantityFamily } from '../../core/quantity.js'

const form = "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"
const number = 'unable to parse numeric part of quantity'
const suffix = "unable to parse quantity's suffix"

/** Texts and how they are written. */
const texts: [string, string][] = [
  ['0', '0'], ['00', '0'], ['-0', '0'], ['0.0', '0'], ['0Ki', '0'], ['0e9', '0'], ['1', '1'], ['100m', '100m'], ['1000', '1k'], ['1500', '1500'], ['2000m', '2'], ['1.5', '1500m'], ['0.1', '100m'], ['.5', '500m'], ['0.5', '500m'], ['-1', '-1'], ['-1500m', '-1500m'],
  ['100.03k', '100030'], ['6.98765432G', '6987654320'], ['1.01E', '1010P'], ['0.0005k', '500m'], ['1E', '1E'], ['12E', '12E'], ['1080000000n', '1080m'], ['0.001T', '1G'], ['9.01', '9010m'],
  ['1Ki', '1Ki'], ['1024Ki', '1Mi'], ['1025Ki', '1025Ki'], ['64Mi', '64Mi'], ['1024Mi', '1Gi'], ['307200Ki', '300Mi'], ['1025024Mi', '1001Gi'], ['0.5Gi', '512Mi'], ['1.5Gi', '1536Mi'], ['-1024Ki', '-1Mi'], ['0.5Ki', '512'], ['-0.5Ki', '-512'], ['.001Ki', '1024m'], ['100.035Ki', '102435840m'],
  ['1e3', '1e3'], ['12E2', '1200'], ['1e14', '100e12'], ['.001e12', '1e9'], ['1e-3', '1e-3'], ['1000e-12', '1e-9'], ['5e-1', '500e-3'], ['1.3E+6', '1300e3'], ['-1.2e3', '-1200'],
  // Finer than a billionth
  ['1n', '1n'], ['3.001n', '4n'], ['0.0000000001', '1n'], ['-0.9n', '-1n'], ['0.00000012345', '124n'], ['1.1E-9', '2e-9'], ['0.000000000001Ki', '2n'],
  // Beyond 64 bits
  ['9223372036854775808', '9223372036854775808'], ['92233720368547758070', '92233720368547758070'], ['8Ei', '9223372036854775807'], ['-9Ei', '-9223372036854775807'], ['9223372036854775807Ki', '9223372036854775807'], ['1000E', '1e21'], ['5000000E', '5e24'], ['1000000000000000000000000', '1e24'], ['1e99', '1e99'], ['0.1e99', '100e96'], ['1000e96', '1e99'], ['9'.repeat(100), '9'.repeat(100)], [`${'9'.repeat(100)}.123456789123`, `${'9'.repeat(100)}123456790n`],
  // As they were written
  ['+5', '+5'], ['01', '01'], ['5.', '5.'], ['1.500', '1.500'], ['100.035k', '100.035k'], ['1.000', '1'], ['1E3', '1E3'], ['1e0', '1e0'], ['1e+3', '1e+3'], ['+1Ki', '+1Ki'], ['+4Ki', '+4Ki'], ['+8Ki', '8Ki'], ['+12345678901Ki', '+12345678901Ki'], ['+123456789011Ki', '123456789011Ki'], ['+123456789012345678', '+123456789012345678'], ['+1234567890123456789', '1234567890123456789'], ['1.50', '1500m'], ['0.500', '500m'],
]
for (const [text, wanted] of texts) {
  const quantity = Quantity.parse(text)
  t.equal(quantity.toString(), wanted, text)
  t.equal(Quantity.parse(wanted).compare(quantity), 0, `${wanted} is as much as ${text}`)
  t.equal(Quantity.parse(wanted).toString(), wanted, `${wanted} stays as it is`)
}

/** What is no amount, and why. */
const refusals: [string, string][] = [
  ['', form], ['x', form], ['1x', form], ['1 ', form], [' 1', form], ['--1', form], ['1.2.3', form], ['10MI', form], ['1e3.5', form], ['NaN', form], ['Infinity', form], ['0x10', form], ['1_000', form], ['١', form],
  ['.', form], ['+', form], ['k', form], ['-.Gi', form], ['e3', form],
  ['1i', suffix], ['0.1mi', suffix], ['1ki', suffix], ['1K', suffix], ['1ee3', suffix], ['1e', suffix], ['-3.01e-', suffix], ['1e3e3', form], ['1+3', suffix], ['1e100', suffix], ['1e-100', suffix], ['1e99999999999999999999', suffix], ['1Ki3', suffix],
  ['9'.repeat(101), number], [`0.${'0'.repeat(127)}`, number], ['10e99', number], [`1${'0'.repeat(82)}E`, number], ['1'.repeat(1_000_000), number],
]
for (const [text, words] of refusals) {
  t.throws(() => Quantity.parse(text), new TypeError(words), JSON.stringify(text.slice(0, 30)))
  t.equal(Quantity.find(text), undefined)
  t.equal(Quantity.of(text).sign, 0)
}
for (const value of [undefined, null, true, {}, [1], ['1'], { toString: () => '1' }, NaN, Infinity]) t.equal(Quantity.find(value), undefined, String(value))
for (const [value, wanted] of [[2, '2'], [0.5, '500m'], [-1, '-1'], [1e21, '1e+21'], [1e-7, '100e-9']] as const) t.equal(Quantity.find(value)?.toString(), wanted, `the number ${value}`)

/** Amounts together: how they are written is as the first that is not nothing. */
const sums: [string[], string][] = [
  [['200m', '200m', '200m'], '600m'], [['64Mi', '1Gi'], '1088Mi'], [['0', '1Ki'], '1Ki'], [['0Ki', '500m'], '500m'], [['1', '1Ki'], '1025'], [['1Ki', '1'], '1025'], [['1Ki', '1m'], '1024001m'], [['1e3', '1'], '1001'], [['1', '999e0'], '1k'], [['1e0', '999'], '1e3'],
  [['0', '1.500'], '1500m'], [['1Gi', '-1Gi', '1k'], '1k'], [['7Ei', '7Ei'], '14Ei'], [['7Ei', '7Ei', '7Ei', '7Ei', '4Ei'], '32Ei'], [['0.00048828125Ki', '1023.5'], '1024'], [[], '0'],
]
for (const [parts, wanted] of sums) t.equal(parts.map(Quantity.parse).reduce((sum, part) => sum.plus(part), Quantity.zero).toString(), wanted, parts.join(' + '))
t.equal(new Quantity(2n ** 70n * 1_000_000_000n, 'BinarySI').toString(), '1024Ei', 'there is no larger suffix')
for (const [from, less, wanted] of [['1Gi', '512Mi', '512Mi'], ['1', '1', '0'], ['0', '1Ki', '-1Ki'], ['1Ki', '1025', '-1'], ['1', '100m', '900m']] as const) t.equal(Quantity.parse(from).minus(Quantity.parse(less)).toString(), wanted, `${from} - ${less}`)

/** Rounded away from nothing: to thousandths, to whole ones, as a number. */
const roundings: [string, string, string, number][] = [
  ['1', '1', '1', 1], ['1n', '1m', '1', 1e-9], ['1500u', '2m', '1', 0.0015], ['-1500u', '-2m', '-1', -0.0015], ['1.500', '1.500', '2', 1.5], ['1.000001', '1001m', '2', 1.000001], ['123456789n', '124m', '1', 0.123456789], ['1.1Ki', '1126400m', '1127', 1126.4],
  ['-9.01', '-9010m', '-10', -9.01], ['1e-4', '1e-3', '1', 0.0001], ['0', '0', '0', 0], ['64Mi', '64Mi', '64Mi', 67108864], ['0.3', '300m', '1', 0.3], ['1e99', '1e99', '1e99', 1e99], ['9007199254740993', '9007199254740993', '9007199254740993', 9007199254740992],
]
for (const [text, milli, whole, figure] of roundings) {
  const quantity = Quantity.parse(text)
  t.strictSame([quantity.roundUp('milli').toString(), quantity.roundUp('whole').toString(), quantity.toNumber()], [milli, whole, figure], text)
  t.equal(quantity.toWhole(), quantity.roundUp('whole').nano / 1_000_000_000n)
  t.equal(quantity.isWhole, quantity.roundUp('whole').compare(quantity) === 0)
}

t.test('as a model in fractions has it', t => {
  interface Fraction { readonly over: bigint, readonly under: bigint }
  const scale = (power: number, base = 10n): Fraction => power < 0 ? { over: 1n, under: base ** BigInt(-power) } : { over: base ** BigInt(power), under: 1n }
  const suffixes: readonly [string, Fraction, QuantityFamily][] = [
    ...['n', 'u', 'm', '', 'k', 'M', 'G', 'T', 'P', 'E'].map((name, i): [string, Fraction, QuantityFamily] => [name, scale(3 * i - 9), 'DecimalSI']),
    ...['Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei'].map((name, i): [string, Fraction, QuantityFamily] => [name, scale(i + 1, 1024n), 'BinarySI']),
    ...[-99, -12, -9, -4, 0, 1, 3, 12, 27, 99].flatMap(power => [`e${power}`, `E${power < 0 ? '' : '+'}${power}`].map((name): [string, Fraction, QuantityFamily] => [name, scale(power), 'DecimalExponent'])),
  ]
  let seed = 20_240_607
  const below = (n: number): number => { seed = (Math.imul(seed, 1_103_515_245) + 12_345) & 0x7fffffff; return (seed >> 8) % n }
  const pick = <T>(list: readonly T[]): T => list[below(list.length)]!
  const digits = (most: number): string => Array.from({ length: below(most + 1) }, () => pick(['0', '0', '0', '1', '2', '4', '5', '9'])).join('')
  const billion = 1_000_000_000n
  const ceil = (over: bigint, under: bigint): bigint => over / under + (over % under === 0n ? 0n : over < 0n ? -1n : 1n)

  const drawn = Array.from({ length: 4_000 }, () => {
    const [sign, whole, point, fraction, [suffix, times, family]] = [pick(['', '-', '+']), digits(pick([3, 6, 25])), pick(['', '.']), digits(pick([0, 2, 12])), pick(suffixes)]
    const part = point && fraction
    if (!/\d/.test(whole + part) || (/99$/.test(suffix) && whole.length > 1)) return undefined
    const size = ceil(BigInt(whole + part) * times.over * billion, 10n ** BigInt(part.length) * times.under)
    const capped = family === 'BinarySI' && size > (2n ** 63n - 1n) * billion ? (2n ** 63n - 1n) * billion : size
    return { text: `${sign}${whole}${point}${part}${suffix}`, nano: sign === '-' ? -capped : capped }
  }).filter(one => one !== undefined)
  t.ok(drawn.length > 3_000)

  const wrong: string[] = []
  const expect = (holds: boolean, what: string): void => { if (!holds) wrong.push(what) }
  for (const [i, { text, nano }] of drawn.entries()) {
    const quantity = Quantity.parse(text)
    const other = drawn[(i + 1) % drawn.length]!
    const written = quantity.plus(Quantity.zero).toString()
    const again = Quantity.parse(written)
    expect(quantity.nano === nano, `${text} is ${quantity.nano}, not ${nano}`)
    expect(Quantity.parse(quantity.toString()).nano === nano, `${text} is written ${quantity}`)
    expect(again.nano === nano && again.toString() === written && /^-?\d+([A-Za-z]|[KMGTPE]i|e-?\d+)?$/.test(written), `${text} is canonically ${written}`)
    expect(!/^-?\d+000(?!i)[numkMGTP]?$/.test(written), `${text} is written ${written}, and shorter`)
    expect(quantity.plus(Quantity.parse(other.text)).nano === nano + other.nano, `${text} + ${other.text}`)
    expect(quantity.minus(Quantity.parse(other.text)).nano === nano - other.nano, `${text} - ${other.text}`)
    expect(quantity.compare(Quantity.parse(other.text)) === Number(nano > other.nano) - Number(nano < other.nano), `${text} against ${other.text}`)
    expect(quantity.roundUp('milli').nano === ceil(nano, 1_000_000n) * 1_000_000n && quantity.toWhole() === ceil(nano, billion), `${text} rounded`)
  }
  t.strictSame(wrong.slice(0, 10), [])
  t.end()
})

t.test('the dearest text costs little', t => {
  const dear = ['9'.repeat(100), `${'9'.repeat(49)}.${'9'.repeat(50)}`, '9e99', '10'.padEnd(97, '0') + 'e3', `.${'9'.repeat(123)}e-99`, '0'.repeat(128), '1'.repeat(1_000_000)]
  for (const text of dear) t.ok(Quantity.of(text).toString().length <= 128, `${text.slice(0, 10)}…`)
  t.end()
})
t.end()
