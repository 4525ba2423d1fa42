import type { promql } from '../../core/sdk/index.js'

const literal = (name: string): string => name.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** The condition that a label has one of these values and no other; `prefix` comes before each. */
export const anyOf = (label: string, values: readonly string[], prefix = ''): promql.Matcher =>
  values.length === 1
    ? { label, operator: '=', value: prefix + values[0]! }
    : { label, operator: '=~', value: `${literal(prefix)}(${values.map(literal).join('|')})` }
