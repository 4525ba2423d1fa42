const pattern = /^([+-]?)(\d+(?:\.\d*)?|\.\d+)(Ki|Mi|Gi|Ti|Pi|Ei|n|u|m|k|M|G|T|P|E|[eE][+-]?\d{1,3})?$/
const binary: Readonly<Record<string, number>> = { Ki: 1, Mi: 2, Gi: 3, Ti: 4, Pi: 5, Ei: 6 }
const decimal: Readonly<Record<string, number>> = { n: -9, u: -6, m: -3, '': 0, k: 3, M: 6, G: 9, T: 12, P: 15, E: 18 }
const decimalSuffixes = new Map(Object.entries(decimal).map(([suffix, power]) => [power, suffix]))

interface Quantity {
  /** In billionths. */
  readonly nano: bigint
  readonly form: 'binary' | 'decimal' | 'exponent'
}

function parse (text: string): Quantity | undefined {
  const found = pattern.exec(text)
  if (!found) return undefined
  const [, sign = '', digits = '', suffix = ''] = found
  const [whole = '', fraction = ''] = digits.split('.')
  const power = suffix in decimal ? decimal[suffix]! : /^[eE]/.test(suffix) ? Number(suffix.slice(1)) : 0
  const scale = BigInt(suffix in binary ? 1024 ** binary[suffix]! : 1)
  const shift = 9 + power - fraction.length
  const value = BigInt(`${whole}${fraction}` || '0') * scale
  const up = (divisor: bigint) => (value + divisor - 1n) / divisor
  const nano = shift >= 0 ? value * 10n ** BigInt(shift) : up(10n ** BigInt(-shift))
  return { nano: sign === '-' ? -nano : nano, form: suffix in binary ? 'binary' : /^[eE]/.test(suffix) ? 'exponent' : 'decimal' }
}

function decimalText (nano: bigint, exponent: boolean): string {
  let power = -9
  let value = nano
  while (value % 1000n === 0n && power < 18) { value /= 1000n; power += 3 }
  return exponent ? `${value}${power === 0 ? '' : `e${power}`}` : `${value}${decimalSuffixes.get(power) ?? ''}`
}

function binaryText (nano: bigint): string {
  let value = nano / 1_000_000_000n
  if (nano % 1_000_000_000n !== 0n || (value < 1024n && value > -1024n)) return decimalText(nano, false)
  const suffixes = ['', 'Ki', 'Mi', 'Gi', 'Ti', 'Pi', 'Ei']
  let step = 0
  while (value % 1024n === 0n && step < 6) { value /= 1024n; step++ }
  return `${value}${suffixes[step] ?? ''}`
}

/** What is in the canonical form beyond doubt, as most quantities are. */
const plain = /^[1-9]\d{0,2}(?:m|[kMGTPE]|[KMGTPE]i)?$/

/** A quantity in Kubernetes' canonical form; undefined where the text is none. */
export function canonicalQuantity (text: string): string | undefined {
  if (plain.test(text)) return text
  const quantity = parse(text)
  if (!quantity) return undefined
  if (quantity.nano === 0n) return '0'
  return quantity.form === 'binary' ? binaryText(quantity.nano) : decimalText(quantity.nano, quantity.form === 'exponent')
}

/** A small quantity as it is written; most are compared with others of their unit. */
function units (value: unknown): { count: number, unit: string } | undefined {
  const text = String(value)
  return plain.test(text) ? { count: Number.parseInt(text, 10), unit: text.replace(/^\d+/, '') } : undefined
}

/** Compares two quantities; 0 where one is none. */
export function compareQuantities (a: unknown, b: unknown): number {
  if (a === b) return 0
  const [near, far] = [units(a), units(b)]
  if (near && far && near.unit === far.unit) return Math.sign(near.count - far.count)
  const [x, y] = [parse(String(a)), parse(String(b))]
  return !x || !y || x.nano === y.nano ? 0 : x.nano < y.nano ? -1 : 1
}

/** Whether a quantity is below nothing. */
export const isNegative = (text: unknown): boolean => String(text).startsWith('-') && (parse(String(text))?.nano ?? 0n) < 0n

/** The amount rounded up to thousandths, as resources of containers are kept. */
export function milli (text: string): string {
  // In the canonical form nothing else is below a thousandth.
  if (!text.endsWith('n') && !text.endsWith('u')) return text
  const quantity = parse(text)
  if (!quantity) return text
  const up = (quantity.nano + (quantity.nano > 0n ? 999_999n : 0n)) / 1_000_000n * 1_000_000n
  return decimalText(up, quantity.form === 'exponent')
}

/** Whether an amount is a whole number. */
export const isWhole = (text: unknown): boolean => /^\d+([kMGTPE]i?|Ki)?$/.test(String(text)) || (parse(String(text))?.nano ?? 0n) % 1_000_000_000n === 0n
export const isNothing = (text: unknown): boolean => !plain.test(String(text)) && parse(String(text))?.nano === 0n
