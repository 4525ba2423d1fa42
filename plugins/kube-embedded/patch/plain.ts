export type Json = Record<string, unknown>

export const isRecord = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)

/** A deep copy of a JSON value. A field called `__proto__` is left behind. */
export function clone<T> (value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T
  if (!isRecord(value)) return value
  const copy: Json = {}
  for (const key of Object.keys(value)) if (key !== '__proto__') copy[key] = clone(value[key])
  return copy as T
}

/** What an object itself has; never what it inherits. */
export const own = (object: Json, key: string): unknown => Object.hasOwn(object, key) ? object[key] : undefined
