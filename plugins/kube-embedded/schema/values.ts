export type Json = Record<string, unknown>

export const isRecord = (value: unknown): value is Json => value !== null && typeof value === 'object' && !Array.isArray(value)
/** What an object itself has; never what it inherits. */
export const own = (object: Json, key: string): unknown => Object.hasOwn(object, key) ? object[key] : undefined
export const field = (path: string, key: string) => path ? `${path}.${key}` : key

/** Text that is the same for equal values, whatever the order of their fields. */
export function canonical (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}
