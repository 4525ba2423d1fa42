import { compareTexts } from '../../sdk/values.js'
import { numberOf } from '../prometheus/number.js'
import type { Metric, Results, Value } from './types.js'
import type { SortAndPage } from './parameters.js'

/** Stands where a metric has nothing for a row. */
const gap: Value = Object.freeze({})

const sampleOf = ({ value }: Value): number | undefined => value && numberOf(value[1])

/** Values without a sample last, NaN after numbers, equals by name; both directions. */
function compare (a: Value, b: Value, identifier: string, ascending: boolean): number {
  const [x, y] = [sampleOf(a), sampleOf(b)]
  if (x === undefined || y === undefined) {
    if (x !== y) return x === undefined ? 1 : -1
  } else if (x !== y) {
    if (Number.isNaN(x) !== Number.isNaN(y)) return Number.isNaN(x) ? 1 : -1
    if (!Number.isNaN(x)) return ascending ? x - y : y - x
  }
  return compareTexts(nameOf(a, identifier), nameOf(b, identifier))
}

// Labels may have any name: an own property or nothing.
const nameOf = ({ metric = {} }: Value, identifier: string): string => Object.hasOwn(metric, identifier) ? metric[identifier] ?? '' : ''
const isVector = ({ data, error }: Metric): boolean => data.resultType === 'vector' && error === undefined

/** The rows' names in their order: as the sort metric has them, then all others by name. */
function rowsOf (metrics: readonly Metric[], { metric, ascending }: SortAndPage, identifier: string): Map<string, number> {
  const sorted = metrics.find(one => one.metric_name === metric && isVector(one))?.data.result ?? []
  const first = sorted.toSorted((a, b) => compare(a, b, identifier, ascending)).map(value => nameOf(value, identifier))
  const others = new Set(metrics.filter(isVector).flatMap(({ data }) => (data.result ?? []).map(value => nameOf(value, identifier))))
  return new Map([...new Set([...first, ...[...others].sort(compareTexts)])].filter(Boolean).map((name, at) => [name, at]))
}

/**
 * Sorts the values of all vectors by those of one, and cuts out a page. A row stands at the same place in every metric, because consoles join metrics by
 * place: what a metric lacks is an empty value.
 */
export function sortAndPage (metrics: readonly Metric[], sort: SortAndPage, identifier: string): Results {
  const rows = rowsOf(metrics, sort, identifier)
  const from = (sort.page - 1) * sort.limit
  const to = Math.min(from + sort.limit, rows.size)
  const results = metrics.map(metric => {
    if (!isVector(metric)) return metric
    const { result = [], ...data } = metric.data
    const page = new Array<Value>(Math.max(0, to - from)).fill(gap)
    for (const value of result) {
      const at = rows.get(nameOf(value, identifier))
      if (at !== undefined && at >= from && at < to) page[at - from] = value
    }
    return { ...metric, data: page.length > 0 ? { ...data, result: page } : data }
  })
  const figures = rows.size > 0 ? { total_page: Math.ceil(rows.size / sort.limit), total_item: rows.size } : {}
  return { results, page: sort.page, ...figures }
}
