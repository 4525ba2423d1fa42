import { badRequest, isRecord, Quantity } from '../../../core/sdk/index.js'
import type { Shape } from './shapes.js'

type Json = Record<string, unknown>

const nameOf = (value: unknown) => Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : isRecord(value) ? 'object' : typeof value

/** Go's word for a type, as its JSON decoder tells it. */
function goType ({ kind, struct, bits, items }: Shape): string {
  switch (kind) {
    case 'text': return 'string'
    case 'bytes': return '[]uint8'
    case 'whole': return `int${bits}`
    case 'number': return 'float64'
    case 'flag': return 'bool'
    case 'map': return `map[string]${items ? goType(items) : 'string'}`
    case 'list': return `[]${items ? goType(items) : 'string'}`
    default: return `v1.${struct}`
  }
}

/** Where the walk is: the names of fields and the places in lists from the object down. */
interface Walk { readonly path: (string | number)[], readonly unknown: string[] }

const textOf = (path: readonly (string | number)[]): string => path.reduce<string>((text, part) => typeof part === 'number' ? `${text}[${part}]` : text === '' ? part : `${text}.${part}`, '')

const misfit = (value: unknown, shape: Shape, owner: string, { path }: Walk): Error =>
  new TypeError(`json: cannot unmarshal ${nameOf(value)} into Go struct field ${owner}.${path.filter(part => typeof part === 'string').join('.')} of type ${goType(shape)}`)

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/
const instant = /^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d+)?([Zz]|[+-]\d\d:\d\d)$/

/** Times are kept to the second in UTC, those with fractions as they are. */
function timeOf (text: string, struct: string): string {
  if (!instant.test(text) || Number.isNaN(Date.parse(text))) throw new TypeError(`parsing time ${JSON.stringify(text)} as "2006-01-02T15:04:05Z07:00": cannot parse ${JSON.stringify(text)} as "2006"`)
  if (struct === 'MicroTime') return new Date(text).toISOString().replace(/\.(\d{3})Z$/, (_, ms: string) => `.${(/\.(\d+)/.exec(text)?.[1] ?? ms).padEnd(6, '0').slice(0, 6)}Z`)
  return new Date(text).toISOString().replace(/\.\d+Z$/, 'Z')
}

function scalar (value: unknown, shape: Shape, owner: string, walk: Walk): unknown {
  const { kind } = shape
  if (kind === 'quantity') return Quantity.parse(typeof value === 'number' || typeof value === 'string' ? String(value).trim() : '').toString()
  if (kind === 'whole-or-text' && (typeof value === 'string' || Number.isInteger(value))) return value
  if (kind === 'flag' && typeof value === 'boolean') return value
  if (kind === 'number' && typeof value === 'number') return value
  if (kind === 'whole' && Number.isInteger(value) && (shape.bits === 64 || Math.abs(value as number) <= 0x7fffffff)) return value
  if (typeof value !== 'string' || !['text', 'bytes', 'time'].includes(kind)) throw misfit(value, shape, owner, walk)
  if (kind === 'bytes' && !base64.test(value.replace(/[\r\n]/g, ''))) throw new TypeError(`illegal base64 data at input byte ${Math.max(0, value.search(/[^A-Za-z0-9+/]/))}`)
  return kind === 'time' ? timeOf(value, shape.struct) : kind === 'bytes' ? value.replace(/[\r\n]/g, '') : value
}

/** What stands where a value is null. */
const zeroOf = ({ kind }: Shape): unknown => kind === 'text' || kind === 'bytes' ? '' : kind === 'struct' ? {} : kind === 'whole' || kind === 'number' ? 0 : kind === 'flag' ? false : null

/** The values of a map stand, for Go, where the map does. */
function entries (value: Json, items: Shape, owner: string, walk: Walk): void {
  const deep = items.kind === 'struct'
  for (const key of Object.keys(value)) {
    if (deep) walk.path.push(key)
    value[key] = value[key] === null ? zeroOf(items) : decoded(value[key], items, owner, walk)
    if (deep) walk.path.pop()
  }
}

function members (value: Json, { fields, struct }: Shape, walk: Walk): void {
  for (const key of Object.keys(value)) {
    const inner = fields.get(key)
    walk.path.push(key)
    if (!inner) {
      walk.unknown.push(textOf(walk.path))
      delete value[key]
    } else if (value[key] !== null) value[key] = decoded(value[key], inner, struct, walk)
    else if (inner.kind !== 'any') delete value[key]
    walk.path.pop()
  }
}

function elements (value: unknown[], items: Shape, owner: string, walk: Walk): void {
  for (let i = 0; i < value.length; i++) {
    walk.path.push(i)
    value[i] = value[i] === null ? zeroOf(items) : decoded(value[i], items, owner, walk)
    walk.path.pop()
  }
}

function decoded (value: unknown, shape: Shape, owner: string, walk: Walk): unknown {
  const { kind, items } = shape
  if (kind === 'any') return value
  if (kind === 'list') {
    if (!Array.isArray(value)) throw misfit(value, shape, owner, walk)
    if (items) elements(value, items, owner, walk)
    return value
  }
  if (kind !== 'struct' && kind !== 'map') return scalar(value, shape, owner, walk)
  if (!isRecord(value)) throw misfit(value, shape, owner, walk)
  if (kind === 'struct') members(value, shape, walk)
  else if (items) entries(value, items, owner, walk)
  return value
}

/**
 * Reads a draft of a built-in kind as Kubernetes' decoder does (in place): fields have their types, nulls are what is not there, quantities and times their canonical form.
 * Answers the unknown fields, which are gone; 400 in the decoder's words.
 */
export function decode (shape: Shape, draft: Json, { kind, version }: { kind: string, version: string }): string[] {
  const walk: Walk = { path: [], unknown: [] }
  try {
    members(draft, shape, walk)
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message}`)
  }
  return walk.unknown
}

/** Drops empty maps and lists, and puts what is always there (in place): how Kubernetes writes an object of the kind. */
export function complete (shape: Shape, value: Json): void {
  for (const key of shape.embedded) value[key] ??= {}
  for (const [key, zero] of shape.zeros) value[key] ??= zero
  for (const key of Object.keys(value)) {
    const inner = shape.fields.get(key)
    const item = value[key]
    if (!inner || item === null || typeof item !== 'object') continue
    if ((inner.kind === 'list' || inner.kind === 'map') && Object.keys(item).length === 0) delete value[key]
    else if (inner.kind === 'struct') complete(inner, item as Json)
    else if (inner.items?.kind === 'struct') for (const element of Object.values(item)) if (isRecord(element)) complete(inner.items, element)
  }
}
