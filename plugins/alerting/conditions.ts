import { promql } from '../../core/sdk/index.js'

/** The condition that a label has one of these values and no other; `prefix` comes before each. */
export const anyOf = (label: string, values: readonly string[], prefix = ''): promql.Matcher =>
  values.length === 1
    ? { label, operator: '=', value: prefix + values[0]! }
    : { label, operator: '=~', value: `${promql.literal(prefix)}(${values.map(promql.literal).join('|')})` }
