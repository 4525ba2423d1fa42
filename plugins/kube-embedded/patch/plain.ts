import { isRecord, type Json } from '../../../core/sdk/index.js'

/** A deep copy of a JSON value. A field called `__proto__` is left behind. */
export function clone<T> (value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T
  if (!isRecord(value)) return value
  const copy: Json = {}
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = clone(value[key])
  return copy as T
}
