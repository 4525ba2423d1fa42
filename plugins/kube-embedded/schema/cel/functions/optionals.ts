import { EvaluationError } from '../cost.js'
import { none, Optional } from '../values.js'
import type { Functions } from './index.js'

function valueOf (optional: Optional): unknown {
  if (optional.value === undefined) throw new EvaluationError('optional::none() dereference')
  return optional.value
}

const isZero = (value: unknown) => value === null || value === 0n || value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0) || (value instanceof Map && value.size === 0)

export const optionals: Functions = {
  'optional::of(A): optional<A>': (value: unknown) => new Optional(value),
  'optional::ofNonZeroValue(A): optional<A>': (value: unknown) => isZero(value) ? none : new Optional(value),
  'optional::none(): optional<dyn>': () => none,
  'optional<A>.hasValue(): bool': ({ value }: Optional) => value !== undefined,
  'optional<A>.value(): A': valueOf,
  'optional<A>.or(optional<A>): optional<A>': (optional: Optional, other: Optional) => optional.value === undefined ? other : optional,
  'optional<A>.orValue(A): A': ({ value }: Optional, other: unknown) => value === undefined ? other : value,
}
