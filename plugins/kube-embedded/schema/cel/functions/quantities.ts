import { EvaluationError } from '../cost.js'
import type { Functions } from './index.js'
import { int } from './operators.js'

const scale = 10n ** 9n
const pattern = /^([+-]?)(\d{0,64})(?:\.(\d{0,64}))?(n|u|m|k|M|G|T|P|E|[KMGTPE]i|[eE][+-]?\d{1,2})?$/
const powers: Readonly<Record<string, [bigint, bigint]>> = {
  '': [1n, 1n],
  n: [1n, 10n ** 9n],
  u: [1n, 10n ** 6n],
  m: [1n, 1000n],
  k: [1000n, 1n],
  M: [10n ** 6n, 1n],
  G: [10n ** 9n, 1n],
  T: [10n ** 12n, 1n],
  P: [10n ** 15n, 1n],
  E: [10n ** 18n, 1n],
  Ki: [2n ** 10n, 1n],
  Mi: [2n ** 20n, 1n],
  Gi: [2n ** 30n, 1n],
  Ti: [2n ** 40n, 1n],
  Pi: [2n ** 50n, 1n],
  Ei: [2n ** 60n, 1n],
}

/** A Kubernetes quantity, to the billionth. */
class Quantity {
  readonly kind = 'quantity'
  readonly key: bigint
  constructor (key: bigint) { this.key = key }
}

function powerOf (suffix: string): [bigint, bigint] {
  const known = powers[suffix]
  if (known) return known
  const exponent = Number(suffix.slice(1))
  return exponent < 0 ? [1n, 10n ** BigInt(-exponent)] : [10n ** BigInt(exponent), 1n]
}

/** What is finer than a billionth counts as a whole one. */
function parse (text: string): Quantity | undefined {
  const [, sign, whole = '', part = '', suffix = ''] = (text.length <= 140 && pattern.exec(text)) || []
  if (sign === undefined || whole + part === '') return undefined
  const [times, by] = powerOf(suffix)
  const below = 10n ** BigInt(part.length) * by
  const size = (BigInt(whole + part) * times * scale + below - 1n) / below
  return new Quantity(sign === '-' ? -size : size)
}

function quantity (text: string): Quantity {
  const found = parse(text)
  if (!found) throw new EvaluationError('quantities must match the regular expression \'^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$\'')
  return found
}

const sign = (value: bigint) => value > 0n ? 1n : value < 0n ? -1n : 0n
const isInteger = ({ key }: Quantity) => key % scale === 0n && key / scale < 2n ** 63n && key / scale >= -(2n ** 63n)

function asInteger (value: Quantity): bigint {
  if (!isInteger(value)) throw new EvaluationError('cannot convert value to integer')
  return int(value.key / scale)
}

export const quantities: Functions = {
  'isQuantity(string): bool': (text: string) => parse(text) !== undefined,
  'quantity(string): quantity': quantity,
  'quantity.sign(): int': ({ key }: Quantity) => sign(key),
  'quantity.isInteger(): bool': isInteger,
  'quantity.asInteger(): int': asInteger,
  'quantity.asApproximateFloat(): double': ({ key }: Quantity) => Number(key) / Number(scale),
  'quantity.compareTo(quantity): int': (a: Quantity, b: Quantity) => sign(a.key - b.key),
  'quantity.isGreaterThan(quantity): bool': (a: Quantity, b: Quantity) => a.key > b.key,
  'quantity.isLessThan(quantity): bool': (a: Quantity, b: Quantity) => a.key < b.key,
  'quantity.add(quantity): quantity': (a: Quantity, b: Quantity) => new Quantity(a.key + b.key),
  'quantity.add(int): quantity': (a: Quantity, b: bigint) => new Quantity(a.key + b * scale),
  'quantity.sub(quantity): quantity': (a: Quantity, b: Quantity) => new Quantity(a.key - b.key),
  'quantity.sub(int): quantity': (a: Quantity, b: bigint) => new Quantity(a.key - b * scale),
}
