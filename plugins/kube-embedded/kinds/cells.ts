import { isRecord, type KubeObject } from '../../../core/sdk/index.js'

type Fields = Record<string, unknown>

/** What lies under a path (`spec.replicas`); undefined where the way ends early. */
export function at (object: unknown, path: string): unknown {
  let value: unknown = object
  for (let start = 0, end = 0; end >= 0; start = end + 1) {
    end = path.indexOf('.', start)
    const key = end < 0 ? start === 0 ? path : path.slice(start) : path.slice(start, end)
    value = isRecord(value) && Object.hasOwn(value, key) ? value[key] : undefined
  }
  return value
}

export const textAt = (object: unknown, path: string): string => { const value = at(object, path); return typeof value === 'string' ? value : '' }
export const numberAt = (object: unknown, path: string, fallback = 0): number => { const value = at(object, path); return typeof value === 'number' ? value : fallback }
export const listAt = (object: unknown, path: string): Fields[] => { const value = at(object, path); return Array.isArray(value) ? value.filter(isRecord) : [] }
export const recordAt = (object: unknown, path: string): Fields => { const value = at(object, path); return isRecord(value) ? value : {} }
export const entriesOf = (record: Fields): string => Object.entries(record).map(([key, value]) => `${key}=${String(value)}`).join(',') || '<none>'

/** Cells that many kinds have. */
export const shown = (path: string) => (object: KubeObject): unknown => { const value = at(object, path); return value === '' ? undefined : value }
export const count = (path: string) => (object: KubeObject): number => numberAt(object, path)
export const containerNames = (path: string) => (object: KubeObject): string => listAt(object, path).map(({ name }) => String(name)).join(',')
export const containerImages = (path: string) => (object: KubeObject): string => listAt(object, path).map(({ image }) => String(image)).join(',')

/** A label selector as kubectl prints it. */
export function selectorText (selector: unknown): string {
  const { matchLabels, matchExpressions } = isRecord(selector) ? selector : {}
  const equal = isRecord(matchLabels) ? Object.entries(matchLabels).map(([key, value]) => `${key}=${String(value)}`) : []
  const more = (Array.isArray(matchExpressions) ? matchExpressions.filter(isRecord) : []).map(({ key, operator, values }) => {
    const list = Array.isArray(values) ? ` (${values.join(',')})` : ''
    return operator === 'Exists' ? String(key) : operator === 'DoesNotExist' ? `!${String(key)}` : `${String(key)} ${operator === 'In' ? 'in' : 'notin'}${list}`
  })
  return [...equal, ...more].join(',') || '<none>'
}

/** The first of many, and how many more there are. */
export function fewOf (items: readonly string[], most = 3, none = '<unset>'): string {
  const first = items.slice(0, most).join(',')
  return items.length > most ? `${first} + ${items.length - most} more...` : first || none
}
