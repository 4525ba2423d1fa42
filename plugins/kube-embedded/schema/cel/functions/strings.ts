import { EvaluationError, type Cost } from '../cost.js'
import { formatText } from './format-text.js'
import type { Functions } from './index.js'

/** Positions count code points, as in Kubernetes. */
const points = (text: string) => Array.from(text)

function within (at: bigint, length: number): number {
  if (at < 0n || at > BigInt(length)) throw new EvaluationError(`index out of range: ${at}`)
  return Number(at)
}

function indexOf (text: string, part: string, from = 0n): bigint {
  const start = points(text).slice(0, within(from, points(text).length)).join('').length
  const found = text.indexOf(part, start)
  return found < 0 ? -1n : BigInt(points(text.slice(0, found)).length)
}

function lastIndexOf (text: string, part: string, from?: bigint): bigint {
  const start = from === undefined ? text.length : points(text).slice(0, within(from, points(text).length)).join('').length
  const found = text.lastIndexOf(part, start)
  return found < 0 ? -1n : BigInt(points(text.slice(0, found)).length)
}

function substring (text: string, from: bigint, to?: bigint): string {
  const all = points(text)
  const end = to === undefined ? all.length : within(to, all.length)
  const start = within(from, all.length)
  if (start > end) throw new EvaluationError(`invalid substring range. start: ${start}, end: ${end}`)
  return all.slice(start, end).join('')
}

const pieces = (text: string, by: string) => by === '' ? points(text) : text.split(by)

function split (text: string, by: string, limit = -1n): string[] {
  if (limit === 0n) return []
  const parts = pieces(text, by)
  return limit < 0n || BigInt(parts.length) <= limit ? parts : [...parts.slice(0, Number(limit) - 1), parts.slice(Number(limit) - 1).join(by)]
}

function join (parts: string[], by: string, cost: Cost): string {
  if (!parts.every(part => typeof part === 'string')) throw new EvaluationError('no such overload')
  cost.text(parts.reduce((length, part) => length + part.length + by.length, 0))
  return parts.join(by)
}

function replace (text: string, from: string, to: string, limit: bigint, cost: Cost): string {
  const parts = from === '' ? ['', ...points(text), ''] : text.split(from)
  const count = limit < 0n ? parts.length - 1 : Math.min(Number(limit), parts.length - 1)
  cost.text(text.length + count * to.length)
  return count <= 0 ? text : [parts.slice(0, count).join(to), parts.slice(count).join(from)].join(to)
}

const quoted: Readonly<Record<string, string>> = { '\u0007': '\\a', '\b': '\\b', '\f': '\\f', '\n': '\\n', '\r': '\\r', '\t': '\\t', '\v': '\\v', '\\': '\\\\', '"': '\\"' }

export const strings: Functions = {
  'string.startsWith(string): bool': (text: string, part: string) => text.startsWith(part),
  'string.endsWith(string): bool': (text: string, part: string) => text.endsWith(part),
  'string.contains(string): bool': (text: string, part: string) => text.includes(part),
  'string.charAt(int): string': (text: string, at: bigint) => points(text)[within(at, points(text).length)] ?? '',
  'string.indexOf(string): int': (text: string, part: string) => indexOf(text, part),
  'string.indexOf(string, int): int': (text: string, part: string, from: bigint) => indexOf(text, part, from),
  'string.lastIndexOf(string): int': (text: string, part: string) => lastIndexOf(text, part),
  'string.lastIndexOf(string, int): int': (text: string, part: string, from: bigint) => lastIndexOf(text, part, from),
  'string.substring(int): string': (text: string, from: bigint) => substring(text, from),
  'string.substring(int, int): string': (text: string, from: bigint, to: bigint) => substring(text, from, to),
  'string.lowerAscii(): string': (text: string) => text.replaceAll(/[A-Z]+/g, part => part.toLowerCase()),
  'string.upperAscii(): string': (text: string) => text.replaceAll(/[a-z]+/g, part => part.toUpperCase()),
  'string.trim(): string': (text: string) => text.trim(),
  'string.replace(string, string): string': (text: string, from: string, to: string, cost: Cost) => replace(text, from, to, -1n, cost),
  'string.replace(string, string, int): string': replace,
  'string.split(string): list<string>': (text: string, by: string) => split(text, by),
  'string.split(string, int): list<string>': (text: string, by: string, limit: bigint) => split(text, by, limit),
  'list<string>.join(): string': (parts: string[], cost: Cost) => join(parts, '', cost),
  'list<string>.join(string): string': join,
  'string.format(list<dyn>): string': formatText,
  'strings::quote(string): string': (text: string) => `"${text.replaceAll(/[\u0007\b\f\n\r\t\v\\"]/g, part => quoted[part]!)}"`, // eslint-disable-line no-control-regex
  'size(string): int': (text: string) => BigInt(points(text).length),
  'string.size(): int': (text: string) => BigInt(points(text).length),
}
