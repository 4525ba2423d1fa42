import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { portProblems } from '../names.js'
import { at } from './cells.js'
import type { Cause } from './types.js'

/** A value is one of those allowed; what is not there is no matter here. */
export const oneOf = (field: string, value: unknown, allowed: readonly string[]): Cause[] =>
  value === undefined || allowed.includes(String(value)) ? [] : [unsupportedValue(field, value, allowed)]

export const isMissing = (value: unknown): boolean => value === undefined || value === null || value === '' || (Array.isArray(value) && value.length === 0)

/** What must be there at these paths. */
export const needed = (object: unknown, ...paths: string[]): Cause[] => paths.flatMap(path => isMissing(at(object, path)) ? [requiredValue(path)] : [])

/** The numbers at these paths are not below nothing. */
export const notNegative = (object: unknown, ...paths: string[]): Cause[] =>
  paths.flatMap(path => { const value = at(object, path); return typeof value === 'number' && value < 0 ? [invalidValue(path, value, 'must be greater than or equal to 0')] : [] })

export const changed = (object: KubeObject, stored: KubeObject | undefined, path: string): boolean => stored !== undefined && !isDeepStrictEqual(at(object, path), at(stored, path))

/** What stands at these paths stays as it was created. */
export const fixed = (object: KubeObject, stored: KubeObject | undefined, ...paths: string[]): Cause[] =>
  paths.filter(path => changed(object, stored, path)).map(path => invalidValue(path, at(object, path), 'field is immutable'))

/** Values that stand in a list again. */
export function repeated (values: readonly unknown[], field: (i: number) => string): Cause[] {
  const seen = new Set<unknown>()
  return values.flatMap((value, i) => {
    if (value === undefined) return []
    const again = seen.has(value)
    seen.add(value)
    return again ? [duplicateValue(field(i), value)] : []
  })
}

/** Names with more in them than one problem: Kubernetes tells them as one. */
export const joined = (field: string, value: unknown, problems: readonly string[]): Cause[] => problems.length ? [invalidValue(field, value, problems.join(','))] : []

export const portCauses = (field: string, port: unknown): Cause[] => invalidValues(field, port ?? 0, portProblems(port))

const percent = /^[0-9]+%$/
const percentText = "a valid percent string must be a numeric string followed by an ending '%' (e.g. '1%',  or '93%', regex used for validation is '[0-9]+%')"

/** How much a number or a percentage is. */
export const amount = (value: unknown): number => typeof value === 'number' ? value : Number.parseInt(String(value), 10) || 0

/** A whole number that is not negative, or a percentage. */
export function shareCauses (field: string, value: unknown): Cause[] {
  if (typeof value === 'number') return value < 0 ? [invalidValue(field, value, 'must be greater than or equal to 0')] : []
  return value === undefined || percent.test(String(value)) ? [] : [invalidValue(field, value, percentText)]
}

export const notBeyondWhole = (field: string, value: unknown): Cause[] =>
  typeof value === 'string' && percent.test(value) && amount(value) > 100 ? [invalidValue(field, value, 'must not be greater than 100%')] : []

/** A value as Kubernetes prints its own structs: their names, all of them, null where nothing is. */
export const printed = (value: Record<string, unknown>, fields: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(fields).map(([name, key]) => [name, value[key] ?? null]))
