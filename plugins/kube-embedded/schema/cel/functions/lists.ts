import { EvaluationError, type Cost } from '../cost.js'
import { Duration } from '../times.js'
import { compare, includes, kindOf, none, Optional, same } from '../values.js'
import type { Functions } from './index.js'
import { int } from './operators.js'

const comparable = new Set(['int', 'double', 'string', 'bool', 'bytes', 'timestamp', 'duration'])

/** Items that can be put in an order; texts are paid for by their length. */
function ordered (list: unknown[], cost: Cost): unknown[] {
  cost.spend(Math.ceil(list.reduce<number>((sum, item) => sum + (typeof item === 'string' ? item.length / 10 : 0), 0)))
  const kinds = new Set(list.map(kindOf))
  if (kinds.size > 1 || ![...kinds].every(kind => comparable.has(kind))) throw new EvaluationError('no such overload')
  return list
}

function extreme (list: unknown[], sign: number, cost: Cost): unknown {
  if (list.length === 0) throw new EvaluationError(`${sign < 0 ? 'min' : 'max'} called on empty list`)
  return ordered(list, cost).reduce((best, item) => compare(item, best) * sign > 0 ? item : best)
}

function sum (list: unknown[]): unknown {
  const kinds = new Set(list.map(kindOf))
  if (kinds.size > 1) throw new EvaluationError('no such overload')
  const [kind = 'int'] = kinds
  if (kind === 'double') return (list as number[]).reduce((total, item) => total + item, 0)
  if (kind === 'duration') return (list as Duration[]).reduce((total, item) => new Duration(total.key + item.key), new Duration(0n))
  if (kind !== 'int') throw new EvaluationError('no such overload')
  return (list as bigint[]).reduce((total, item) => int(total + item), 0n)
}

function at (list: unknown[], value: unknown, cost: Cost) {
  return BigInt(list.findIndex(item => same(item, value, cost)))
}

function lastAt (list: unknown[], value: unknown, cost: Cost) {
  return BigInt(list.findLastIndex(item => same(item, value, cost)))
}

const subset = (list: unknown[], others: unknown[], cost: Cost) => others.every(item => includes(list, item, cost))

function distinct (list: unknown[], cost: Cost) {
  const kept: unknown[] = []
  for (const item of list) if (!includes(kept, item, cost)) kept.push(item)
  return kept
}

function flatten (list: unknown[], depth: bigint, cost: Cost): unknown[] {
  if (depth < 0n || depth > 32n) throw new EvaluationError('level must be between 0 and 32')
  cost.spend(1 + list.length)
  return depth === 0n ? list : list.flatMap(item => Array.isArray(item) ? flatten(item, depth - 1n, cost) : [item])
}

function slice (list: unknown[], from: bigint, to: bigint) {
  if (from < 0n || to > BigInt(list.length) || from > to) throw new EvaluationError(`cannot slice(${from}, ${to}), list is length ${list.length}`)
  return list.slice(Number(from), Number(to))
}

function range (count: bigint, cost: Cost) {
  cost.spend(Number(count > 0n ? count : 0n))
  return Array.from({ length: Number(count > 0n ? count : 0n) }, (_, i) => BigInt(i))
}

const sizeOf = (list: unknown[]) => BigInt(list.length)
const sizeOfMap = (map: Map<unknown, unknown>) => BigInt(map.size)
/** Sorting pays for its comparisons. */
const sort = (list: unknown[], cost: Cost) => {
  cost.spend(Math.ceil(list.length * Math.log2(list.length + 1)))
  return [...ordered(list, cost)].sort(compare)
}

export const lists: Functions = {
  'size(list<A>): int': sizeOf,
  'list<A>.size(): int': sizeOf,
  'size(map<A, B>): int': sizeOfMap,
  'map<A, B>.size(): int': sizeOfMap,
  'list<A>.isSorted(): bool': (list: unknown[], cost: Cost) => ordered(list, cost).every((item, i) => i === 0 || compare(list[i - 1], item) <= 0),
  'list<A>.sum(): A': sum,
  'list<A>.min(): A': (list: unknown[], cost: Cost) => extreme(list, -1, cost),
  'list<A>.max(): A': (list: unknown[], cost: Cost) => extreme(list, 1, cost),
  'list<A>.indexOf(A): int': at,
  'list<A>.lastIndexOf(A): int': lastAt,
  'list<A>.distinct(): list<A>': distinct,
  'list<A>.reverse(): list<A>': (list: unknown[]) => [...list].reverse(),
  'list<A>.sort(): list<A>': sort,
  'list<A>.slice(int, int): list<A>': slice,
  'list<dyn>.flatten(): list<dyn>': (list: unknown[], cost: Cost) => flatten(list, 1n, cost),
  'list<dyn>.flatten(int): list<dyn>': flatten,
  'list<A>.first(): optional<A>': (list: unknown[]) => list.length ? new Optional(list[0]) : none,
  'list<A>.last(): optional<A>': (list: unknown[]) => list.length ? new Optional(list.at(-1)) : none,
  'lists::range(int): list<int>': range,
  'sets::contains(list<A>, list<A>): bool': subset,
  'sets::equivalent(list<A>, list<A>): bool': (a: unknown[], b: unknown[], cost: Cost) => subset(a, b, cost) && subset(b, a, cost),
  'sets::intersects(list<A>, list<A>): bool': (a: unknown[], b: unknown[], cost: Cost) => a.some(item => includes(b, item, cost)),
}
