import { badRequest, isRecord } from '../../../core/sdk/index.js'

const wrong = (key: string, type: string) => badRequest(`json: cannot unmarshal value into Go struct field .${key} of type ${type}`)
const isAbsent = (value: unknown): value is undefined | null => value === undefined || value === null

/** The fields under a key; none where it is absent. 400 where it is of another type; so the others. */
export function fields (record: Record<string, unknown>, key: string): Record<string, unknown> {
  const value = record[key]
  if (isAbsent(value)) return {}
  if (!isRecord(value)) throw wrong(key, 'object')
  return value
}

export function text (record: Record<string, unknown>, key: string): string {
  const value = record[key]
  if (isAbsent(value)) return ''
  if (typeof value !== 'string') throw wrong(key, 'string')
  return value
}

export function list (record: Record<string, unknown>, key: string): string[] {
  const value = record[key]
  if (isAbsent(value)) return []
  if (!Array.isArray(value) || !value.every(item => typeof item === 'string')) throw wrong(key, '[]string')
  return value
}

export function natural (record: Record<string, unknown>, key: string): number | undefined {
  const value = record[key]
  if (isAbsent(value)) return undefined
  if (!Number.isSafeInteger(value)) throw wrong(key, 'int64')
  return value as number
}
