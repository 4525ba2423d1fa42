import type { Cause } from '../kinds/types.js'

export { forbiddenValue, requiredValue, tooLongValue as tooLong, tooManyValues as tooMany } from '../causes.js'

const maxShown = 512

/** A value as messages show it; long ones are cut. */
export function shown (value: unknown): string {
  const text = value === undefined ? 'null' : JSON.stringify(value)
  return text.length > maxShown ? `${text.slice(0, maxShown)}...` : text
}

export const invalidValue = (field: string, value: unknown, text: string): Cause => ({ reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${text}`, field })
export const wrongType = (field: string, value: unknown, type: string): Cause => {
  const actual = shown(value)
  return { reason: 'FieldValueTypeInvalid', message: `Invalid value: ${actual}: ${field ? `${field} ` : ''}in body must be of type ${type}: ${actual}`, field: field || '<nil>' }
}
export const duplicateValue = (field: string, value: unknown): Cause => ({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field })
export const unsupportedValue = (field: string, value: unknown, supported: string): Cause => ({ reason: 'FieldValueNotSupported', message: `Unsupported value: ${shown(value)}: supported values: ${supported}`, field })
