import { isRecord } from '../../../core/sdk/index.js'

export const field = (path: string, key: string) => path ? `${path}.${key}` : key

/** Text that is the same for equal values, whatever the order of their fields. */
export function canonical (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(canonical).join()}]`
  if (!isRecord(value)) return JSON.stringify(value) ?? 'null'
  return `{${Object.keys(value).sort().map(key => `${JSON.stringify(key)}:${canonical(value[key])}`).join()}}`
}
