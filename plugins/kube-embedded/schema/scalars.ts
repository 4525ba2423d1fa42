import type { Cause } from '../kinds/types.js'
import { invalidValue, tooLong, wrongType } from './causes.js'
import { formats, isUnbounded, maxFormatted } from './formats.js'
import type { Node } from './nodes.js'
import { maxInput } from './pattern.js'

/** Counts characters as Kubernetes does: code points. */
function lengthOf (text: string) {
  let length = text.length
  for (let i = 1; i < text.length; i++) if (isLow(text, i) && isHigh(text, i - 1)) length--
  return length
}

const isHigh = (text: string, i: number) => (text.charCodeAt(i) & 0xfc00) === 0xd800
const isLow = (text: string, i: number) => (text.charCodeAt(i) & 0xfc00) === 0xdc00

export function checkString ({ limits: { minLength, maxLength }, pattern, format }: Node, value: string, path: string, report: Cause[]) {
  const length = minLength === undefined && maxLength === undefined ? 0 : lengthOf(value)
  const isLong = maxLength !== undefined && length > maxLength
  if (isLong) report.push(tooLong(path, maxLength))
  if (minLength !== undefined && length < minLength) report.push(invalidValue(path, value, `${path} in body should be at least ${minLength} chars long`))
  // A text that is too long is wrong already: expressions see only what their author bounded.
  if (pattern && !isLong) checkPattern(pattern, value, path, report)
  const isRight = format === undefined || !Object.hasOwn(formats, format) ? undefined : formats[format]
  if (isRight && ((value.length > maxFormatted && !isUnbounded(format!)) || !isRight(value))) report.push(wrongType(path, value, format!))
}

function checkPattern ({ source, regex }: NonNullable<Node['pattern']>, value: string, path: string, report: Cause[]) {
  if (value.length > maxInput) report.push(tooLong(path, maxInput))
  else if (typeof regex === 'string') report.push(invalidValue(path, value, `${path} in body should match '${source}', but pattern is invalid: ${regex}`))
  else if (!regex.test(value)) report.push(invalidValue(path, value, `${path} in body should match '${source}'`))
}

const ranges: Record<string, [number, number]> = { int32: [-2147483648, 2147483647], int64: [-(2 ** 63), 2 ** 63] }

const isMultiple = (value: number, of: number) => {
  const parts = value / of
  return Math.abs(parts - Math.round(parts)) < 1e-9 * Math.max(1, Math.abs(parts))
}

export function checkNumber ({ limits, format = '', types }: Node, value: number, path: string, report: Cause[]) {
  const { minimum, maximum, multipleOf, exclusiveMinimum, exclusiveMaximum } = limits
  const wrong = (text: string) => report.push(invalidValue(path, value, `${path} in body should be ${text}`))
  const range = Object.hasOwn(ranges, format) && types.includes('integer') ? ranges[format] : undefined
  if (range && (value < range[0] || value > range[1])) report.push(invalidValue(path, value, `Checked value must be of type integer with format ${format} in ${path}`))
  if (maximum !== undefined && (exclusiveMaximum ? value >= maximum : value > maximum)) wrong(`less than ${exclusiveMaximum ? '' : 'or equal to '}${maximum}`)
  if (minimum !== undefined && (exclusiveMinimum ? value <= minimum : value < minimum)) wrong(`greater than ${exclusiveMinimum ? '' : 'or equal to '}${minimum}`)
  if (multipleOf !== undefined && multipleOf > 0 && !isMultiple(value, multipleOf)) wrong(`a multiple of ${multipleOf}`)
}
