import { EvaluationError, type Cost } from '../cost.js'
import { parseDuration, parseTimestamp, Timestamp } from '../times.js'
import { kindOf } from '../values.js'
import type { Functions } from './index.js'
import { int } from './operators.js'

/** A type as a value, as `type(x) == int` needs it. */
export class TypeValue {
  readonly kind = 'type'
  readonly key: string
  constructor (key: string) { this.key = key }
}

const textOf = (value: unknown) => String(value)

function fromText<T> (text: string, pattern: RegExp, make: (text: string) => T): T {
  if (text.length > 400 || !pattern.test(text)) throw new EvaluationError('type conversion error from \'string\'')
  return make(text)
}

function truncated (value: number): bigint {
  if (!Number.isFinite(value)) throw new EvaluationError('integer overflow')
  return int(BigInt(Math.trunc(value)))
}

function decoded (bytes: Uint8Array): string {
  try {
    return new TextDecoder('utf-8', { fatal: true }).decode(bytes)
  } catch {
    throw new EvaluationError('invalid UTF-8 in bytes, cannot convert to string')
  }
}

const doubleText = (value: number) => value === Infinity ? '+Inf' : value === -Infinity ? '-Inf' : String(value)
const truths = /^(1|t|T|true|TRUE|True|0|f|F|false|FALSE|False)$/
const goUnits = 'ns|us|µs|μs|ms|s|m|h'

export const conversions: Functions = {
  'dyn(dyn): dyn': (value: unknown) => value,
  'type(dyn): type': (value: unknown) => new TypeValue(kindOf(value)),
  'int(int): int': (value: bigint) => value,
  'int(double): int': truncated,
  'int(string): int': (text: string) => fromText(text, /^[+-]?\d+$/, digits => int(BigInt(digits.replace('+', '')))),
  'int(timestamp): int': ({ key }: Timestamp) => key / 1_000_000_000n,
  'double(double): double': (value: number) => value,
  'double(int): double': Number,
  'double(string): double': (text: string) => fromText(text, /^[+-]?(\d+(\.\d*)?|\.\d+)(e[+-]?\d+)?$/i, Number),
  'bool(bool): bool': (value: boolean) => value,
  'bool(string): bool': (text: string) => fromText(text, truths, value => /^[1t]/i.test(value)),
  'string(string): string': (text: string) => text,
  'string(int): string': textOf,
  'string(bool): string': textOf,
  'string(double): string': doubleText,
  'string(bytes): string': decoded,
  'string(timestamp): string': textOf,
  'string(duration): string': textOf,
  'bytes(bytes): bytes': (value: Uint8Array) => value,
  'bytes(string): bytes': (text: string) => new Uint8Array(Buffer.from(text)),
  'size(bytes): int': (value: Uint8Array) => BigInt(value.length),
  'bytes.size(): int': (value: Uint8Array) => BigInt(value.length),
  'timestamp(timestamp): timestamp': (value: Timestamp) => value,
  'timestamp(string): timestamp': (text: string) => parseTimestamp(text),
  'timestamp(int): timestamp': (seconds: bigint) => new Timestamp(seconds * 1_000_000_000n),
  'duration(duration): duration': (value: unknown) => value,
  'duration(string): duration': (text: string, _cost: Cost) => parseDuration(text, goUnits),
}
