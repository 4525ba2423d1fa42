import { EvaluationError, type Cost } from '../cost.js'
import { Duration, Timestamp } from '../times.js'
import { compare, includes } from '../values.js'
import type { Functions } from './index.js'

const max = 2n ** 63n - 1n

/** A whole number where it has 64 bits. */
export function int (value: bigint): bigint {
  if (value > max || value < -max - 1n) throw new EvaluationError('integer overflow')
  return value
}

function nonZero (value: bigint, text: string): bigint {
  if (value === 0n) throw new EvaluationError(text)
  return value
}

const ordered = ['int', 'double', 'string', 'bool', 'bytes', 'timestamp', 'duration']
const pairs = [...ordered.map(type => `${type}, ${type}`), 'int, double', 'double, int']
const tests: Readonly<Record<string, (order: number) => boolean>> = { '<': order => order < 0, '<=': order => order <= 0, '>': order => order > 0, '>=': order => order >= 0 }
const isNaN = (value: unknown) => Number.isNaN(value)
const comparisons: Functions = Object.fromEntries(Object.entries(tests).flatMap(([name, test]) => pairs.map(types =>
  [`${name}(${types}): bool`, (a: unknown, b: unknown) => !isNaN(a) && !isNaN(b) && test(compare(a, b))])))

function joined (a: Uint8Array, b: Uint8Array, cost: Cost) {
  cost.text(a.length + b.length)
  return new Uint8Array(Buffer.concat([a, b]))
}

export const operators: Functions = {
  ...comparisons,
  '+(int, int): int': (a: bigint, b: bigint) => int(a + b),
  '-(int, int): int': (a: bigint, b: bigint) => int(a - b),
  '*(int, int): int': (a: bigint, b: bigint) => int(a * b),
  '/(int, int): int': (a: bigint, b: bigint) => int(a / nonZero(b, 'division by zero')),
  '%(int, int): int': (a: bigint, b: bigint) => int(a % nonZero(b, 'modulus by zero')),
  '-(int): int': (a: bigint) => int(-a),
  '+(double, double): double': (a: number, b: number) => a + b,
  '-(double, double): double': (a: number, b: number) => a - b,
  '*(double, double): double': (a: number, b: number) => a * b,
  '/(double, double): double': (a: number, b: number) => a / b,
  '-(double): double': (a: number) => -a,
  '!(bool): bool': (a: boolean) => !a,
  '+(string, string): string': (a: string, b: string, cost: Cost) => {
    cost.text(a.length + b.length)
    return a + b
  },
  '+(bytes, bytes): bytes': joined,
  '+(list<A>, list<A>): list<A>': (a: unknown[], b: unknown[]) => [...a, ...b],
  '+(timestamp, duration): timestamp': (a: Timestamp, b: Duration) => new Timestamp(a.key + b.key),
  '+(duration, timestamp): timestamp': (a: Duration, b: Timestamp) => new Timestamp(a.key + b.key),
  '+(duration, duration): duration': (a: Duration, b: Duration) => new Duration(a.key + b.key),
  '-(timestamp, timestamp): duration': (a: Timestamp, b: Timestamp) => new Duration(a.key - b.key),
  '-(timestamp, duration): timestamp': (a: Timestamp, b: Duration) => new Timestamp(a.key - b.key),
  '-(duration, duration): duration': (a: Duration, b: Duration) => new Duration(a.key - b.key),
  'in(A, list<A>): bool': (value: unknown, list: unknown[], cost: Cost) => includes(list, value, cost),
  'in(A, map<A, B>): bool': (key: unknown, map: Map<unknown, unknown>) => map.has(key),
}
