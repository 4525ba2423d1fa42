import { isRecord } from '../../../core/sdk/index.js'
import { isNatural, isWhole } from './members.js'

/** Whether a value has the type that the converter of 3.x takes there. Null and absent always do. */
export type Shape = (value: unknown) => boolean

const shape = (is: (value: unknown) => boolean): Shape => value => value === undefined || value === null || is(value)

export const anything: Shape = () => true
export const text = shape(value => typeof value === 'string')
export const flag = shape(value => typeof value === 'boolean')
export const whole = shape(isWhole)
export const natural = shape(isNatural)
export const number = shape(value => typeof value === 'number')
export const byte = shape(value => isNatural(value) && value < 256)
export const flagOrText = shape(value => typeof value === 'boolean' || typeof value === 'string')
export const textOrTexts = shape(value => typeof value === 'string' || texts(value))
/** 100, "100" and "". */
export const wholeOrText = shape(value => isWhole(value) || (typeof value === 'string' && /^([+-]?\d+)?$|^null$/.test(value)))
export const numberOrText = shape(value => typeof value === 'number' || (typeof value === 'string' && /^([+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?|[+-]?inf(inity)?|nan)?$|^null$/i.test(value)))
/** Absent is well, null is not. */
export const wholeOrFlag: Shape = value => value === undefined || value === 'null' || typeof value === 'boolean' || isWhole(value)

export const listOf = (inner: Shape): Shape => shape(value => Array.isArray(value) && value.every(inner))
export const mapOf = (inner: Shape): Shape => shape(value => isRecord(value) && Object.values(value).every(inner))
export const texts = listOf(text)

/** An object whose known members have their shapes; unknown ones may be anything. */
export function object (members: Record<string, Shape>): Shape {
  const known = new Map(Object.entries(members).map(([name, inner]) => [name.toLowerCase(), inner]))
  return shape(value => isRecord(value) && Object.entries(value).every(([name, one]) => known.get(name.toLowerCase())?.(one) ?? true))
}

/** Members of one shape, by their names in one line. */
export const each = (inner: Shape, names: string): Record<string, Shape> => Object.fromEntries(names.split(' ').map(name => [name, inner]))
