/** How an amount's unit is written: `64Mi`, `100m`, `1e3`. */
export type QuantityFamily = 'BinarySI' | 'DecimalSI' | 'DecimalExponent'

interface Unit { readonly family: QuantityFamily, readonly power: number, readonly bits: number }

/** Kubernetes has no bounds here; these keep the dearest text at a microsecond or two, and whatever is read is within them when it is written. */
const limits = { length: 128, digits: 100, exponent: 99 }
const giga = 1_000_000_000n
/** Amounts with a binary suffix end here, as Kubernetes'. */
const most = (2n ** 63n - 1n) * giga
const decimal = new Map([['n', -9], ['u', -6], ['m', -3], ['', 0], ['k', 3], ['M', 6], ['G', 9], ['T', 12], ['P', 15], ['E', 18]])
const decimalSuffixes = new Map([...decimal].map(([suffix, power]) => [power, suffix]))
const binarySuffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
const form = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eEinumkKMGTP]+[+-]?|[+-])\d*)?$/

const words = {
  form: "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'",
  number: 'unable to parse numeric part of quantity',
  suffix: "unable to parse quantity's suffix",
}

function unitOf (suffix: string): Unit | undefined {
  const power = decimal.get(suffix)
  if (power !== undefined) return { family: 'DecimalSI', power, bits: 0 }
  const step = binarySuffixes.indexOf(suffix)
  if (step > 0) return { family: 'BinarySI', power: 0, bits: 10 * step }
  const exponent = /^[eE][+-]?\d+$/.test(suffix) ? Number(suffix.slice(1)) : NaN
  return Math.abs(exponent) <= limits.exponent ? { family: 'DecimalExponent', power: exponent, bits: 0 } : undefined
}

/** As Kubernetes, which reads what surely fits 64 bits a shorter way: what stands there in thousands, or whole in a binary unit, without a zero too many, stays as it was written. */
function isKept (whole: string, fraction: string, { family, power, bits }: Unit): boolean {
  const digits = (whole.replace(/^0+/, '') || '0') + fraction
  if (family === 'BinarySI') return fraction === '' && digits.length <= 14 - bits * 0.3 && Number(digits) % 8 !== 0
  const scale = power - fraction.length
  return digits.length <= 18 && scale >= -9 && scale % 3 === 0 && !digits.endsWith('000') && !digits.startsWith('0')
}

/** The amount without its sign; what is finer than a billionth counts as a whole one. */
function nanoOf (whole: string, fraction: string, { family, power, bits }: Unit): bigint {
  const digits = BigInt(whole + fraction) << BigInt(bits)
  const shift = 9 + power - fraction.length
  const nano = shift >= 0 ? digits * 10n ** BigInt(shift) : roundedUp(digits, 10n ** BigInt(-shift))
  return family === 'BinarySI' && nano > most ? most : nano
}

/** How many of a unit hold the amount, away from nothing. */
function roundedUp (amount: bigint, unit: bigint): bigint {
  const count = amount / unit
  return count * unit === amount ? count : amount < 0n ? count - 1n : count + 1n
}

function decimalText (nano: bigint, family: QuantityFamily): string {
  let [count, power] = [nano, -9]
  for (; count % 1000n === 0n; power += 3) count /= 1000n
  const suffix = family === 'DecimalExponent' ? undefined : decimalSuffixes.get(power)
  return `${count}${suffix ?? (power === 0 ? '' : `e${power}`)}`
}

function binaryText (whole: bigint): string {
  let [count, step] = [whole, 0]
  for (; count % 1024n === 0n && step < binarySuffixes.length - 1; step++) count /= 1024n
  return `${count}${binarySuffixes[step] ?? ''}`
}

/** An amount as Kubernetes writes it, exact to the billionth. */
export class Quantity {
  static readonly zero = new Quantity(0n)

  readonly nano: bigint
  readonly family: QuantityFamily
  readonly #written: string | undefined

  constructor (nano: bigint, family: QuantityFamily = 'DecimalSI', written?: string) {
    this.nano = nano
    this.family = family
    this.#written = written
  }

  /** Reads `100m`, `64Mi`, `1.5`, `2e3`; a TypeError in Kubernetes' words where it is none. */
  static parse (text: string): Quantity {
    const read = Quantity.#read(text)
    if (typeof read === 'string') throw new TypeError(read)
    return read
  }

  /** The amount that stands there, as a text or a number; undefined where it is none. */
  static find (value: unknown): Quantity | undefined {
    const read = typeof value === 'string' || typeof value === 'number' ? Quantity.#read(String(value)) : undefined
    return typeof read === 'string' ? undefined : read
  }

  /** The amount that stands there; what is none is nothing. */
  static of (value: unknown): Quantity {
    return Quantity.find(value) ?? Quantity.zero
  }

  static ofCount (count: number | bigint): Quantity {
    return new Quantity(BigInt(count) * giga)
  }

  static #read (text: string): Quantity | string {
    if (text.length > limits.length) return words.number
    const [, sign = '', whole = '', fraction = '', suffix = ''] = form.exec(text) ?? []
    if (whole + fraction === '') return words.form
    const unit = unitOf(suffix)
    if (!unit) return words.suffix
    if (whole.replace(/^0+/, '').length + unit.power > limits.digits) return words.number
    const nano = nanoOf(whole, fraction, unit)
    const family = unit.family === 'BinarySI' && nano > 0n && nano < giga ? 'DecimalSI' : unit.family
    return new Quantity(sign === '-' ? -nano : nano, family, isKept(whole, fraction, unit) ? text : undefined)
  }

  /** -1, 0 or 1, as it is below, at or above nothing. */
  get sign (): number {
    return this.compare(Quantity.zero)
  }

  get isWhole (): boolean {
    return this.nano % giga === 0n
  }

  compare ({ nano }: Quantity): number {
    return this.nano < nano ? -1 : this.nano > nano ? 1 : 0
  }

  /** The sum, written as this one is unless this one is nothing. */
  plus ({ nano, family }: Quantity): Quantity {
    return new Quantity(this.nano + nano, this.nano === 0n ? family : this.family)
  }

  minus ({ nano, family }: Quantity): Quantity {
    return this.plus(new Quantity(-nano, family))
  }

  /** Rounded to thousandths, or to whole ones, away from nothing. */
  roundUp (to: 'milli' | 'whole'): Quantity {
    const unit = to === 'milli' ? 1_000_000n : giga
    return this.nano % unit === 0n ? this : new Quantity(roundedUp(this.nano, unit) * unit, this.family)
  }

  /** As many whole ones as hold it. */
  toWhole (): bigint {
    return roundedUp(this.nano, giga)
  }

  /** The nearest floating-point number. */
  toNumber (): number {
    return Number(`${this.nano}e-9`)
  }

  /** The canonical text: the largest unit of its family that leaves no fraction. */
  toString (): string {
    if (this.#written !== undefined) return this.#written
    if (this.nano === 0n) return '0'
    const whole = this.nano / giga
    const isBinary = this.family === 'BinarySI' && this.isWhole && (whole >= 1024n || whole <= -1024n)
    return isBinary ? binaryText(whole) : decimalText(this.nano, this.family)
  }
}
