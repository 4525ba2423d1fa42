/**
 * One named metric: name, unit, what it tells, its PromQL, and further PromQL for clusters that lack the series of the first. `$name` in the PromQL is a
 * hole (template.ts): inside braces one for matchers, elsewhere one for a duration, a number or a text.
 */
export type Row = readonly [name: string, unit: string, meaning: string, expression: string, ...instead: readonly string[]]
