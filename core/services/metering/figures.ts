import type { Grid, Point } from '../prometheus/types.js'
import { formatNumber, numberOf } from '../prometheus/number.js'
import { badRequest } from '../../errors/status-error.js'
import type { Metric, Value } from '../monitoring/types.js'
import { tariffOf, type Prices, type Tariff } from './prices.js'

/** In seconds. */
export const hour = 3600
const day = 24 * hour
/** A range longer than this is told day by day, in seconds. */
const long = 30 * day

/** What Prometheus is asked for a range, hour by hour, and how many hours go into one point of the answer. */
export function hourly ({ start, end, step }: Grid): { grid: Grid, group: number } {
  const wished = Math.max(step, hour)
  if (end - start > long && wished < day) throw badRequest('step should be larger than 24 hours')
  if (wished % hour !== 0) throw badRequest('step should be integer hours')
  return { grid: { start: Math.min(start + hour, end), end, step: hour }, group: wished / hour }
}

const numbersOf = (points: readonly Point[]): number[] => points.map(([, text]) => numberOf(text)).filter(value => !Number.isNaN(value))
const total = (numbers: readonly number[]): number => numbers.reduce((sum, value) => sum + value, 0)

/** With exactly so many decimals; a half goes to the even neighbour, as bookkeepers and Go round. */
export function fixed (value: number, decimals: number): string {
  if (!Number.isFinite(value) || Math.abs(value) >= 1e21) return formatNumber(value)
  const scaled = Math.abs(value) * 10 ** decimals
  const low = Math.floor(scaled)
  if (scaled - low !== 0.5 || low % 2 !== 0) return value.toFixed(decimals)
  return (Math.sign(value) * low / 10 ** decimals).toFixed(decimals)
}

/** Points summed in groups from the end; the first group may be short. */
function grouped (points: readonly Point[], group: number): Point[] {
  const sums: Point[] = []
  for (let end = points.length; end > 0; end -= group) sums.unshift([points[end - 1]![0], formatNumber(total(numbersOf(points.slice(Math.max(0, end - group), end))))])
  return sums
}

function measured (value: Value, { unit, price, currency }: Tariff, group: number): Value {
  const points = value.values ?? (value.value ? [value.value] : [])
  const numbers = numbersOf(points)
  const sum = total(numbers)
  const figures = numbers.length === 0
    ? {}
    : {
        min_value: fixed(numbers.reduce((a, b) => Math.min(a, b)), 10),
        max_value: fixed(numbers.reduce((a, b) => Math.max(a, b)), 10),
        avg_value: fixed(sum / numbers.length, 10),
        sum_value: fixed(sum, 10),
        fee: fixed(sum * price, 3),
      }
  return { ...value, ...(value.values && group > 1 ? { values: grouped(value.values, group) } : {}), ...figures, resource_unit: unit, currency_unit: currency }
}

/** A meter with its figures: hourly points in, points of `group` hours out. */
export function priced (metric: Metric, prices: Prices, group: number): Metric {
  const { result } = metric.data
  if (!result) return metric
  const tariff = tariffOf(metric.metric_name ?? '', prices)
  return { ...metric, data: { ...metric.data, result: result.map(value => measured(value, tariff, group)) } }
}
