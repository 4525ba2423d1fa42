/** What a value is: PromQL calls a vector `instant vector` and a matrix `range vector`. */
export type Type = 'scalar' | 'vector' | 'matrix' | 'string'

const words = (text: string): readonly string[] => text.split(' ')

/** Aggregations, and the type of the parameter that some take first. */
export const aggregations: ReadonlyMap<string, Type | undefined> = new Map<string, Type | undefined>([
  ...words('sum avg count min max group stddev stdvar').map(name => [name, undefined] as const),
  ['topk', 'scalar'], ['bottomk', 'scalar'], ['quantile', 'scalar'], ['count_values', 'string'],
])

export const comparisons: ReadonlySet<string> = new Set(words('== != <= < >= >'))
export const setOperators: ReadonlySet<string> = new Set(words('and or unless'))

/** How tightly a binary operator binds. */
export const precedence: ReadonlyMap<string, number> = new Map([
  ['or', 1], ['and', 2], ['unless', 2], ...[...comparisons].map(operator => [operator, 3] as const),
  ['+', 4], ['-', 4], ['*', 5], ['/', 5], ['%', 5], ['atan2', 5], ['^', 6],
])

const modifiers = words('offset by without on ignoring group_left group_right bool')
const ends = words('start end')

/** Words with a meaning of their own, in any case. */
export const keywords: ReadonlySet<string> = new Set([...aggregations.keys(), ...setOperators, 'atan2', ...modifiers, ...ends])
export const isModifier = (word: string): boolean => modifiers.includes(word)

/** Keywords that may stand as the name of a metric, and as a label in a list. */
export const metricWords: ReadonlySet<string> = new Set([...aggregations.keys(), ...setOperators, ...words('by offset without'), ...ends])
export const labelWords: ReadonlySet<string> = new Set([...keywords].filter(word => word !== 'without'))

/** Words that some version reads as more than a name. */
export const doubtfulNames: ReadonlySet<string> = new Set([...keywords, ...words('inf nan limitk limit_ratio smoothed anchored fill fill_left fill_right step range min_of max_of')])

/** Types of the arguments; the last `optional` of them may be left out, with -1 the last may also come many times. */
export interface Signature { readonly arguments: readonly Type[], readonly optional: number, readonly result: Type }

const rows: readonly (readonly [names: string, args: string, result: Type, optional?: number])[] = [
  ['abs absent acos acosh asin asinh atan atanh ceil cos cosh deg exp floor histogram_count histogram_sum ln log10 log2 rad sgn sin sinh sort sort_desc sqrt tan tanh timestamp', 'vector', 'vector'],
  ['absent_over_time avg_over_time changes count_over_time delta deriv idelta increase irate last_over_time max_over_time min_over_time present_over_time rate resets stddev_over_time stdvar_over_time sum_over_time', 'matrix', 'vector'],
  ['days_in_month day_of_month day_of_week day_of_year hour minute month year', 'vector', 'vector', 1],
  ['clamp', 'vector scalar scalar', 'vector'],
  ['clamp_max clamp_min', 'vector scalar', 'vector'],
  ['histogram_fraction', 'scalar scalar vector', 'vector'],
  ['histogram_quantile', 'scalar vector', 'vector'],
  ['holt_winters', 'matrix scalar scalar', 'vector'],
  ['label_join', 'vector string string string', 'vector', -1],
  ['label_replace', 'vector string string string string', 'vector'],
  ['pi time', '', 'scalar'],
  ['predict_linear', 'matrix scalar', 'vector'],
  ['quantile_over_time', 'scalar matrix', 'vector'],
  ['round', 'vector scalar', 'vector', 1],
  ['scalar', 'vector', 'scalar'],
  ['vector', 'scalar', 'vector'],
]

/** The functions of Prometheus 2.42. None of them reads a series that is not in its arguments; a later function has to be looked at for that before it joins. */
export const functions: ReadonlyMap<string, Signature> = new Map(rows.flatMap(([names, args, result, optional = 0]) =>
  words(names).map(name => [name, { arguments: args === '' ? [] : words(args) as Type[], optional, result }] as const)))
