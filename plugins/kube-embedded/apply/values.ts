import { compareTexts, isRecord, type Json } from '../../../core/sdk/index.js'

/** Sets a field that may have any name. */
export function put (object: Json, key: string, value: unknown): void {
  if (key === '__proto__') Object.defineProperty(object, key, { value, writable: true, enumerable: true, configurable: true })
  else object[key] = value
}

/** A deep copy of a JSON value; what is undefined is left behind. */
export function clone<T> (value: T): T {
  if (Array.isArray(value)) return value.map(clone) as T
  if (!isRecord(value)) return value
  const copy: Json = {}
  for (const key of Object.keys(value)) if (value[key] !== undefined) put(copy, key, clone(value[key]))
  return copy as T
}

const equalLists = (a: readonly unknown[], b: readonly unknown[]): boolean => a.length === b.length && a.every((item, i) => equal(item, b[i]))

const keysOf = (object: Json): string[] => Object.keys(object).filter(key => object[key] !== undefined)

function equalRecords (a: Json, b: Json): boolean {
  const keys = keysOf(a)
  return keys.length === keysOf(b).length && keys.every(key => Object.hasOwn(b, key) && equal(a[key], b[key]))
}

/** Deep equality of JSON values; the order of fields does not matter. */
export function equal (a: unknown, b: unknown): boolean {
  if (a === b) return true
  if (Array.isArray(a)) return Array.isArray(b) && equalLists(a, b)
  return isRecord(a) && isRecord(b) && equalRecords(a, b)
}

const escaped = /[<>&\u2028\u2029]/

/** A text as Go writes it in JSON. */
function textJSON (text: string): string {
  const json = JSON.stringify(text)
  return escaped.test(json) ? json.replace(/[<>&\u2028\u2029]/g, letter => `\\u${letter.charCodeAt(0).toString(16).padStart(4, '0')}`) : json
}

/** JSON with sorted keys, the same for equal values, as Go writes it. */
export function canonical (value: unknown): string {
  if (typeof value === 'string') return textJSON(value)
  if (Array.isArray(value)) return `[${value.map(canonical).join(',')}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  return `{${keysOf(value).sort().map(key => `${textJSON(key)}:${canonical(value[key])}`).join(',')}}`
}

const rank = (value: unknown): number =>
  typeof value === 'number' ? 0 : typeof value === 'string' ? 1 : typeof value === 'boolean' ? 2 : Array.isArray(value) ? 3 : value !== null ? 4 : 5

/** A total order of values: numbers, texts, false and true, lists, objects, null. */
export function compareValues (a: unknown, b: unknown): number {
  if (rank(a) !== rank(b)) return rank(a) - rank(b)
  if (typeof a === 'number' || typeof a === 'boolean') return Number(a) - Number(b)
  return typeof a === 'string' ? compareTexts(a, b as string) : compareTexts(canonical(a), canonical(b))
}
