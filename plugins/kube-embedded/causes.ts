import type { Cause } from './kinds/types.js'

/** The causes of a refusal, each in the words of Kubernetes. */
const shown = (value: unknown): string => value === undefined ? 'null' : JSON.stringify(value)

export const invalidValue = (field: string, value: unknown, text: string): Cause => ({ reason: 'FieldValueInvalid', message: `Invalid value: ${shown(value)}: ${text}`, field })
export const requiredValue = (field: string, text = ''): Cause => ({ reason: 'FieldValueRequired', message: `Required value${text ? `: ${text}` : ''}`, field })
export const forbiddenValue = (field: string, text: string): Cause => ({ reason: 'FieldValueForbidden', message: `Forbidden: ${text}`, field })
export const duplicateValue = (field: string, value: unknown): Cause => ({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${shown(value)}`, field })
export const absentValue = (field: string, value: unknown): Cause => ({ reason: 'FieldValueNotFound', message: `Not found: ${shown(value)}`, field })
export const tooLongValue = (field: string, bytes: number): Cause => ({ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${bytes} bytes`, field })
export const tooManyValues = (field: string, count: number, most: number): Cause => ({ reason: 'FieldValueTooMany', message: `Too many: ${count}: must have at most ${most} item${most === 1 ? '' : 's'}`, field })

/** `supported` in the order in which Kubernetes tells it. */
export const unsupportedValue = (field: string, value: unknown, supported: readonly string[]): Cause =>
  ({ reason: 'FieldValueNotSupported', message: `Unsupported value: ${shown(value)}: supported values: ${supported.map(text => JSON.stringify(text)).join(', ')}`, field })

/** The problems of one value as causes. */
export const invalidValues = (field: string, value: unknown, problems: readonly string[]): Cause[] => problems.map(text => invalidValue(field, value, text))

/** An empty text is missing, another one has to keep the rule. */
export const namedValue = (field: string, value: string, rule: (text: string) => string[]): Cause[] => value === '' ? [requiredValue(field)] : invalidValues(field, value, rule(value))
