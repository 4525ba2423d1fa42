import { own, type Json } from '../../../../core/sdk/index.js'
import { EvaluationError, type Cost } from './cost.js'
import { parseDuration, parseTimestamp } from './times.js'
import type { Field, Identity, ObjectType, Type } from './types.js'

/** A value that is equal to another where kind and key are. */
export interface Opaque { readonly kind: Type['kind'], readonly key: bigint | string }

export class Optional {
  readonly kind = 'optional'
  readonly value: unknown
  /** Without a value it is none. */
  constructor (value?: unknown) { this.value = value }
}
export const none = new Optional()

/** Values of one object that were read from JSON already. */
export type Known = WeakMap<object, unknown>

/** An object of a schema; its fields are read when they are asked for. */
export class Struct {
  readonly kind = 'object'
  readonly #raw: Json
  readonly #known: Known
  readonly #read = new Map<string, unknown>()
  readonly fields: ReadonlyMap<string, Field>

  constructor (raw: Json, { fields }: ObjectType, known: Known) {
    this.#raw = raw
    this.fields = fields
    this.#known = known
  }

  get (name: string): unknown {
    const field = this.fields.get(name)
    const value = field && own(this.#raw, field.key)
    if (value === undefined) return undefined
    if (!this.#read.has(name)) this.#read.set(name, valueOf(value, field!.type, this.#known))
    return this.#read.get(name)
  }
}

const identities = new WeakMap<unknown[], Identity>()

function containerOf (raw: object, type: Type, known: Known): unknown {
  if (type.kind === 'object') return new Struct(raw as Json, type, known)
  if (type.kind === 'map') return new Map(Object.entries(raw).filter(([, value]) => value !== undefined).map(([key, value]) => [key, valueOf(value, type.value, known)]))
  if (type.kind !== 'list') return raw
  const list = (raw as unknown[]).map(item => valueOf(item, type.item, known))
  if (type.identity) identities.set(list, type.identity)
  return list
}

/** A number or text as its schema means it. */
function scalarOf (raw: unknown, type: Type): unknown {
  switch (type.kind) {
    case 'int': return BigInt(Math.trunc(Number(raw)))
    case 'dyn': return typeof raw === 'number' && Number.isInteger(raw) ? BigInt(raw) : raw
    case 'bytes': return new Uint8Array(Buffer.from(raw as string, 'base64'))
    case 'timestamp': return parseTimestamp(raw as string)
    case 'duration': return parseDuration(raw as string)
    default: return raw
  }
}

/** The value of a part of an object, which its schema has found right. */
export function valueOf (raw: unknown, type: Type, known: Known): unknown {
  if (raw === null || raw === undefined) return null
  if (typeof raw !== 'object') return scalarOf(raw, type)
  const value = known.get(raw) ?? containerOf(raw, type, known)
  known.set(raw, value)
  return value
}

export function kindOf (value: unknown): Type['kind'] {
  switch (typeof value) {
    case 'string': return 'string'
    case 'bigint': return 'int'
    case 'number': return 'double'
    case 'boolean': return 'bool'
    default:
  }
  if (value === null) return 'null'
  if (Array.isArray(value)) return 'list'
  if (value instanceof Map) return 'map'
  return value instanceof Uint8Array ? 'bytes' : (value as Opaque).kind
}

/** Whole numbers and others are equal where they are as much. */
function sameNumbers (a: unknown, b: unknown): boolean {
  const isPair = (typeof a === 'bigint' && typeof b === 'number') || (typeof a === 'number' && typeof b === 'bigint')
  return isPair && a <= b && a >= b
}

/** Equality of any two values; each step of it costs. */
export function same (a: unknown, b: unknown, cost: Cost): boolean {
  cost.spend(1)
  if (a === b) return true
  const kind = kindOf(a)
  if (kind !== kindOf(b)) return sameNumbers(a, b)
  switch (kind) {
    case 'string': cost.text(Math.min((a as string).length, (b as string).length)); return false
    case 'int': case 'double': case 'bool': return false
    case 'list': return sameLists(a as unknown[], b as unknown[], cost)
    case 'map': return sameMaps(a as Map<unknown, unknown>, b as Map<unknown, unknown>, cost)
    case 'object': return sameStructs(a as Struct, b as Struct, cost)
    case 'bytes': return Buffer.compare(a as Uint8Array, b as Uint8Array) === 0
    case 'optional': return a !== none && b !== none && same((a as Optional).value, (b as Optional).value, cost)
    default: return (a as Opaque).key === (b as Opaque).key
  }
}

export const includes = (list: readonly unknown[], value: unknown, cost: Cost) => list.some(item => same(item, value, cost))

function sameLists (a: unknown[], b: unknown[], cost: Cost): boolean {
  if (a.length !== b.length) return false
  if (identities.has(a) || identities.has(b)) return a.every(item => includes(b, item, cost))
  return a.every((item, i) => same(item, b[i], cost))
}

const sameMaps = (a: Map<unknown, unknown>, b: Map<unknown, unknown>, cost: Cost) =>
  a.size === b.size && [...a].every(([key, value]) => b.has(key) && same(value, b.get(key), cost))

function sameStructs (a: Struct, b: Struct, cost: Cost): boolean {
  cost.spend(a.fields.size)
  return a.fields === b.fields && [...a.fields.keys()].every(name => {
    const [left, right] = [a.get(name), b.get(name)]
    return left === undefined || right === undefined ? left === right : same(left, right, cost)
  })
}

/** Below zero, zero or above it, as the first stands before, with or after the second. */
export function compare (a: unknown, b: unknown): number {
  if (a instanceof Uint8Array && b instanceof Uint8Array) return Buffer.compare(a, b)
  const [left, right] = [a, b].map(value => typeof value === 'object' && value !== null ? (value as Opaque).key : value) as [bigint, bigint]
  return left < right ? -1 : left > right ? 1 : 0
}

/** What may stand where true or false is needed. */
export function truth (value: unknown): boolean {
  if (typeof value !== 'boolean') throw new EvaluationError('no such overload')
  return value
}
