import { Failure } from './failure.js'

/** Digits that any decimal keeps through a float64: a text with no more of them is already the shortest. */
const safeDigits = 15
/** Digits that the shortest decimal of a float64 may need. */
export const mostDigits = 17

const isDigit = (code: number) => code >= 48 && code <= 57

/** True for a decimal without exponent and needless zeros, and with no more digits than that. */
export function isPlain (text: string, digits: number): boolean {
  const length = text.length
  let at = text.charCodeAt(0) === 45 ? 1 : 0
  const first = text.charCodeAt(at)
  if (first === 48 && at + 1 < length && text.charCodeAt(at + 1) !== 46) return false
  let significant = 0
  let point = -1
  for (const start = at; at < length; at++) {
    const code = text.charCodeAt(at)
    if (code === 46 && point < 0 && at > start) point = at
    else if (!isDigit(code)) return false
    else if (code !== 48 || significant > 0) significant++
  }
  const last = text.charCodeAt(length - 1)
  return isDigit(last) && significant <= digits && (point < 0 || last !== 48)
}

/** A float64 as clients read it: the shortest decimal that means it, without exponent; `NaN`, `+Inf`, `-Inf`. */
export function formatNumber (value: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const text = String(value)
  const e = text.indexOf('e')
  if (e < 0) return text
  const sign = value < 0 ? '-' : ''
  const [whole = '', fraction = ''] = text.slice(sign.length, e).split('.')
  const digits = whole + fraction
  const point = whole.length + Number(text.slice(e + 1))
  return sign + (point <= 0 ? `0.${'0'.repeat(-point)}${digits}` : digits.padEnd(point, '0'))
}

/** The float64 that a text in the form of `formatNumber` means. */
export const numberOf = (text: string): number => Number(text.replace('Inf', 'Infinity'))

const decimal = /^[+-]?(?:\d+\.?\d*|\.\d+)(?:e[+-]?\d+)?$/i
const names = new Map([['nan', NaN], ['inf', Infinity], ['+inf', Infinity], ['-inf', -Infinity], ['infinity', Infinity], ['+infinity', Infinity], ['-infinity', -Infinity]])

/** A sample's text in the form of `formatNumber`; throws a sentence for what is no float64. */
export function normalNumber (text: string): string {
  if (isPlain(text, safeDigits)) return text
  const quoted = JSON.stringify(text.slice(0, 64))
  if (!decimal.test(text)) {
    const named = names.get(text.toLowerCase())
    if (named === undefined) throw new Failure(`strconv.ParseFloat: parsing ${quoted}: invalid syntax`)
    return formatNumber(named)
  }
  const value = Number(text)
  if (!Number.isFinite(value)) throw new Failure(`strconv.ParseFloat: parsing ${quoted}: value out of range`)
  return formatNumber(value)
}
