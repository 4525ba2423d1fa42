import type { TArray, TObject, TSchema } from '@sinclair/typebox'
import { isRecord } from '../core/sdk/values.js'
import { parseDuration } from './duration.js'

/** A value that does not fit, by its key. */
export class ConfigError extends Error {
  constructor (readonly path: readonly string[], readonly found: unknown, readonly expected: string) {
    super(`${path.join('.')}: ${JSON.stringify(found)} is not ${expected}`)
  }
}

type Raw = unknown
type Path = readonly string[]

const trues = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])
const falses = new Set(['0', 'f', 'F', 'FALSE', 'false', 'False', ''])

/** Duration texts, or integers in nanoseconds. */
function duration (raw: Raw, path: Path): number {
  if (typeof raw === 'number' && Number.isInteger(raw)) return raw / 1e6
  if (typeof raw === 'string' && /^-?\d+$/.test(raw)) return Number(raw) / 1e6
  const ms = typeof raw === 'string' ? parseDuration(raw) : undefined
  if (ms === undefined) throw new ConfigError(path, raw, 'a duration such as 10m0s')
  return ms
}

function boolean (raw: Raw, path: Path): boolean {
  if (typeof raw === 'boolean') return raw
  if (typeof raw === 'number') return raw !== 0
  if (typeof raw === 'string' && trues.has(raw)) return true
  if (typeof raw === 'string' && falses.has(raw)) return false
  throw new ConfigError(path, raw, 'true or false')
}

function number (raw: Raw, path: Path, integer: boolean): number {
  if (raw === '') return 0
  const value = typeof raw === 'boolean' ? Number(raw) : typeof raw === 'string' || typeof raw === 'number' ? Number(raw) : NaN
  if (!Number.isFinite(value) || (integer && !Number.isInteger(value))) throw new ConfigError(path, raw, integer ? 'a whole number' : 'a number')
  return value
}

function text (raw: Raw, path: Path): string {
  if (typeof raw === 'string') return raw
  if (typeof raw === 'boolean') return raw ? '1' : '0'
  if (typeof raw === 'number') return String(raw)
  throw new ConfigError(path, raw, 'a text')
}

function list (schema: TArray, raw: Raw, path: Path): unknown[] {
  const ofTexts = schema.items.type === 'string'
  const items = Array.isArray(raw) ? raw : ofTexts && typeof raw !== 'object' ? text(raw, path).split(',').filter(Boolean) : undefined
  if (!items) throw new ConfigError(path, raw, ofTexts ? 'a list, or texts with commas between them' : 'a list')
  return items.map((item, i) => coerce(schema.items as TSchema, item, [...path, String(i)], true))
}

/** Keys match whatever their case; of two that do, the last counts. Inside list items keys that are not known are kept. */
function object (schema: TObject, raw: Raw, path: Path, keepUnknown: boolean): Record<string, unknown> {
  if (!isRecord(raw)) throw new ConfigError(path, raw, 'a section with keys')
  const given = new Map<string, Raw>()
  for (const [key, value] of Object.entries(raw)) given.set(key.toLowerCase(), value)
  const result: Record<string, unknown> = {}
  for (const [key, property] of Object.entries(schema.properties)) {
    const value = given.get(key.toLowerCase())
    const fallback = (property as { default?: unknown }).default
    const used = value ?? fallback
    if (used !== undefined) result[key] = coerce(property, used, [...path, key], keepUnknown)
    given.delete(key.toLowerCase())
  }
  if (keepUnknown) for (const [key, value] of Object.entries(raw)) if (given.has(key.toLowerCase())) result[key] = value
  return result
}

/** Fits a raw value to a schema as 3.x does: leniently for single values, with defaults for what is absent or null. Throws a ConfigError. */
export function coerce (schema: TSchema, raw: Raw, path: Path = [], keepUnknown = false): unknown {
  if (schema.format === 'duration') return duration(raw, path)
  switch (schema.type) {
    case 'boolean': return boolean(raw, path)
    case 'integer': return number(raw, path, true)
    case 'number': return number(raw, path, false)
    case 'string': return text(raw, path)
    case 'array': return list(schema as TArray, raw, path)
    case 'object':
      if (schema.properties) return object(schema as TObject, raw, path, keepUnknown)
      if (!isRecord(raw)) throw new ConfigError(path, raw, 'a section with keys')
      return raw
    default: return raw
  }
}
