/** A source of numbers from a seed, the same ones every time. */
export function randomOf (seed: number) {
  let state = seed >>> 0
  const next = (): number => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ state >>> 15, state | 1)
    mixed ^= mixed + Math.imul(mixed ^ mixed >>> 7, mixed | 61)
    return ((mixed ^ mixed >>> 14) >>> 0) / 4294967296
  }
  const below = (limit: number): number => Math.floor(next() * limit)
  return { below, isOne: (of: number): boolean => below(of) === 0, pick: <T>(of: readonly T[]): T => of[below(of.length)]! }
}
export type Random = ReturnType<typeof randomOf>

export interface Vocabulary {
  metrics: readonly string[]
  /** Conditions between braces. */
  conditions: readonly string[]
  labels: readonly string[]
  /** Stands in every selector, in place of any condition on a namespace. */
  always?: string
  /** A moment within the samples, in seconds. */
  time: number
}

/** Makes expressions of PromQL's grammar at random, with types that fit: every construct that can hold a selector is among them. */
export function expressions (random: Random, { metrics, conditions, labels, always, time }: Vocabulary) {
  const { below, isOne, pick } = random
  const some = <T>(most: number, make: () => T): T[] => Array.from({ length: below(most + 1) }, make)
  const label = () => pick(labels)
  const list = () => `(${[...new Set(some(2, label))].join(pick([',', ', ']))})`
  const text = (value: string) => isOne(3) ? `'${value}'` : isOne(3) ? `\`${value}\`` : `"${value}"`
  const duration = () => pick(['30s', '1m', '90s', '5m', '10m', '1h', '1h30m', '1d'])

  function selector (): string {
    const name = isOne(5) ? '' : pick(metrics)
    const inside = some(3, () => pick(conditions))
    if (name === '') inside.push(pick(['__name__=~".+"', '__name__!=""', `__name__="${pick(metrics)}"`, 'job!=""']))
    if (always) inside.splice(below(inside.length + 1), 0, always)
    return name + (inside.length > 0 || isOne(5) ? `{${inside.join(pick([',', ' , ']))}${inside.length > 0 && isOne(6) ? ',' : ''}}` : '')
  }

  const moment = () => isOne(5) ? ` @ ${pick([String(time), `${time - 900}.5`, 'start()', 'end()'])}` : ''
  const offset = () => isOne(5) ? ` offset ${pick(['', '', '-'])}${pick(['1m', '5m', '10m'])}` : ''
  const position = () => isOne(2) ? moment() + offset() : offset() + moment()

  function range (depth: number): string {
    if (depth <= 0 || isOne(2)) return `${selector()}[${duration()}]${position()}`
    const inner = isOne(2) ? vector(depth - 1) : `(${vector(depth - 1)})`
    return `${/^[\w:]+(\{[^{}]*\})?$|\)$/.test(inner) ? inner : `(${inner})`}[${pick(['2m', '10m', '30m'])}:${pick(['', '1m', '5m'])}]${position()}`
  }

  function scalar (depth: number): string {
    if (depth <= 0 || isOne(3)) return pick(['0', '1', '2', '0.5', '1e1', '.9', '0x3', 'time()', 'pi()'])
    return pick([() => `scalar(${vector(depth - 1)})`, () => `${scalar(depth - 1)} ${pick(['+', '-', '*', '/', '^', '== bool', '> bool'])} ${scalar(depth - 1)}`, () => `(${scalar(depth - 1)})`, () => `-${scalar(depth - 1)}`])()
  }

  function aggregate (depth: number): string {
    const operator = pick(['sum', 'avg', 'count', 'min', 'max', 'group', 'stddev', 'stdvar', 'topk', 'bottomk', 'quantile', 'count_values', 'SUM', 'Max'])
    const parameter = ['topk', 'bottomk', 'quantile'].includes(operator) ? `${scalar(depth)}, ` : operator === 'count_values' ? `${text(pick(['value', 'namespace', 'pod']))}, ` : ''
    const body = `(${parameter}${vector(depth - 1)})`
    const grouping = `${pick(['by', 'without', 'BY'])} ${list()}`
    return pick([operator + body, `${operator} ${grouping} ${body}`, `${operator}${body} ${grouping}`])
  }

  function binary (depth: number): string {
    const [left, right] = [vector(depth - 1), isOne(5) ? scalar(depth - 1) : vector(depth - 1)]
    if (isOne(3)) return `${left} ${pick(['and', 'or', 'unless', 'OR'])} ${pick(['', `on ${list()} `, `ignoring ${list()} `])}${vector(depth - 1)}`
    const operator = pick(['+', '-', '*', '/', '%', '^', 'atan2', '==', '!=', '>', '<', '>=', '<=', '== bool', '> bool'])
    const matching = pick(['', '', `on (${pick(['pod', 'pod, job', 'namespace, pod'])}) `, `ignoring (${pick(['job', 'namespace', 'canary'])}) `, 'on (pod) group_left ', 'on (pod) group_left (job) ', 'ignoring (job) group_right (canary) '])
    return `${left} ${operator} ${/^[-(.\d]|^(scalar|time|pi)\(/.test(right) ? '' : matching}${right}`
  }

  function call (depth: number): string {
    return pick([
      () => `${pick(['rate', 'increase', 'delta', 'irate', 'idelta', 'sum_over_time', 'avg_over_time', 'max_over_time', 'count_over_time', 'last_over_time', 'present_over_time', 'absent_over_time', 'changes', 'resets', 'deriv', 'stddev_over_time'])}(${range(depth - 1)})`,
      () => `${pick(['abs', 'ceil', 'exp', 'sgn', 'sqrt', 'sort', 'sort_desc', 'absent', 'timestamp', 'hour', 'ln'])}(${vector(depth - 1)})`,
      () => `label_replace(${vector(depth - 1)}, ${text(pick(['namespace', 'pod', 'copy']))}, ${text(pick(['ours', 'theirs', '$1']))}, ${text(label())}, ${text('(.*)')})`,
      () => `label_join(${vector(depth - 1)}, ${text(pick(['namespace', 'joined']))}, "-", ${text(label())}, ${text(label())})`,
      () => `clamp(${vector(depth - 1)}, ${scalar(depth - 1)}, ${scalar(depth - 1)})`,
      () => `round(${vector(depth - 1)}, ${scalar(depth - 1)})`,
      () => `quantile_over_time(${scalar(depth - 1)}, ${range(depth - 1)})`,
      () => `predict_linear(${range(depth - 1)}, ${scalar(depth - 1)})`,
      () => `holt_winters(${range(depth - 1)}, 0.5, 0.5)`,
      () => `histogram_quantile(${scalar(depth - 1)}, ${vector(depth - 1)})`,
      () => `vector(${scalar(depth - 1)})`,
    ])()
  }

  function vector (depth: number): string {
    if (depth <= 0) return selector() + position()
    return pick([() => selector() + position(), () => aggregate(depth), () => aggregate(depth), () => binary(depth), () => call(depth), () => call(depth), () => `(${vector(depth - 1)})`, () => `${pick(['-', '+'])}${vector(depth - 1)}`])()
  }

  /** The same with blanks, line ends and comments where blanks are. */
  const spread = (expression: string): string => isOne(3) ? expression.replace(/ /g, () => pick([' ', ' ', '\n', '\t', '  ', ' # or secret\n', '\r\n'])) : expression
  return { next: (): string => spread(isOne(8) ? scalar(3) : vector(1 + below(4))) }
}
