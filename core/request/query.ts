import { badRequest } from '../errors/status-error.js'
import { Query } from './types.js'
import { parseFieldSelector, parseLabelSelector } from './selectors.js'

/** Pairs that a query may have. */
const most = 1_000

function unescape (text: string): string | undefined {
  if (!text.includes('%') && !text.includes('+')) return text
  try { return decodeURIComponent(text.replaceAll('+', ' ')) } catch { return undefined }
}

/** Reads what follows the `?`, as Go does: pairs with a broken escape or a `;` are dropped. */
export function parseQuery (raw: string): Query {
  if (raw === '') return none
  const pairs: [string, string][] = []
  const parts = raw.split('&')
  if (parts.length > most) throw badRequest(`a query may have ${most} parameters`)
  for (const part of parts) {
    if (part === '' || part.includes(';')) continue
    const equals = part.indexOf('=')
    const key = unescape(equals < 0 ? part : part.slice(0, equals))
    const value = unescape(equals < 0 ? '' : part.slice(equals + 1))
    if (key !== undefined && value !== undefined) pairs.push([key, value])
  }
  return new Query(pairs)
}

const none = new Query([])

const int64 = (text: string): boolean => /^[+-]?\d+$/.test(text) && BigInt(text) >= -(2n ** 63n) && BigInt(text) < 2n ** 63n

/** absent, `0` and `false` (any case) are false, all else is true. */
export const isWatch = (query: Query): boolean => {
  const value = query.get('watch')
  return value !== undefined && value !== '0' && value.toLowerCase() !== 'false'
}

const readable = (read: () => unknown): boolean => { try { read(); return true } catch { return false } }

/** The name that a fieldSelector asks for, where the list options can be read at all. */
export function nameInOptions (query: Query): string {
  for (const key of ['limit', 'timeoutSeconds']) {
    const value = query.get(key)
    if (value !== undefined && !int64(value)) return ''
  }
  const labels = query.get('labelSelector')
  if (labels !== undefined && !readable(() => parseLabelSelector(labels))) return ''
  const fields = query.get('fieldSelector')
  if (fields === undefined || !readable(() => parseFieldSelector(fields))) return ''
  const term = parseFieldSelector(fields).terms.find(({ field, op }) => field === 'metadata.name' && op === '=')
  const name = term?.value ?? ''
  return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name
}
