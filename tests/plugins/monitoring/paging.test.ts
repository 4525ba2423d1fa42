import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { sortAndPage, type Metric, type Value } from '../../../core/sdk/index.js'
import { later, stage } from './stage.js'

let clock = later

// Samples of two metrics by node; what a sort shows of both, row by row: value of the first and the second metric, `-` for a gap.
const cpu: [string, string][] = [['b', '2'], ['c', 'NaN'], ['a', '2'], ['e', '10'], ['d', '-Inf'], ['f', '+Inf']]
const memory: [string, string][] = [['z', '7'], ['a', '1'], ['y', '8'], ['a', '3']]
const sorts: [query: string, rows: string, figures: object][] = [
  ['sort_metric=node_cpu_total&limit=100', 'f+Inf/- e10/- a2/a3 b2/- d-Inf/- cNaN/- -/y8 -/z7', { page: 1, total_page: 1, total_item: 8 }],
  ['sort_metric=node_cpu_total&sort_type=nonsense&limit=3', 'f+Inf/- e10/- a2/a3', { page: 1, total_page: 3, total_item: 8 }],
  ['sort_metric=node_cpu_total&sort_type=asc&limit=3&page=2', 'e10/- f+Inf/- cNaN/-', { page: 2, total_page: 3, total_item: 8 }],
  ['sort_metric=node_cpu_total&sort_type=asc&limit=3&page=3', '-/y8 -/z7', { page: 3, total_page: 3, total_item: 8 }],
  ['sort_metric=node_memory_total&limit=4', '-/y8 -/z7 a2/a3 b2/-', { page: 1, total_page: 2, total_item: 8 }],
  ['sort_metric=absent&limit=2', 'a2/a3 b2/-', { page: 1, total_page: 4, total_item: 8 }],
  ['sort_metric=node_cpu_total&page=99', '', { page: 99, total_page: 2, total_item: 8 }],
  ['sort_metric=node_cpu_total&limit=9223372036854775807', 'f+Inf/- e10/- a2/a3 b2/- d-Inf/- cNaN/- -/y8 -/z7', { page: 1, total_page: 1, total_item: 8 }],
  ['sort_metric=node_cpu_total&page=9223372036854775807&limit=9223372036854775807', '', { page: 9223372036854776000, total_page: 1, total_item: 8 }],
  ['sort_metric=__proto__&limit=1', 'a2/a3', { page: 1, total_page: 8, total_item: 8 }],
]

t.test('sorted pages', async t => {
  let refused = false
  const told = (rows: [string, string][], label: string): [Record<string, string>, string][] => [...rows.map(([name, value]): [Record<string, string>, string] => [{ [label]: name }, value]), [{ other: 'x' }, '5']]
  const { get } = await stage(t, ({ text }) => {
    if (refused) return 'no'
    if (/node_cpu|node_num_cpu/.test(text)) return told(cpu, 'node')
    return /memory_bytes_total/.test(text) ? told(memory, 'node') : []
  })
  const show = ({ metric, value }: Value): string => value ? `${metric?.node ?? '?'}${value[1]}` : '-'
  const filter = 'metrics_filter=node_cpu_total%7Cnode_memory_total%7Cnode_pod_count%24'

  for (const [query, rows, figures] of sorts) {
    await t.test(query, async t => {
      const { json: { results, ...page } } = await get(`/nodes?${filter}&time=${clock++}&${query}`)
      const [first, second, third] = results.map(({ data }: Metric) => (data.result ?? []).map(show))
      t.equal(first.map((one: string, i: number) => `${one}/${second[i]}`).join(' '), rows)
      t.equal(third.length, first.length, 'a metric without samples has its gaps')
      t.strictSame(page, figures)
      if (rows.startsWith('-/')) t.strictSame(results[0].data.result[0], { min_value: '', max_value: '', avg_value: '', sum_value: '', fee: '', resource_unit: '', currency_unit: '' })
      if (rows === '') t.notHas(results[0].data, { result: [] })
    })
  }

  await t.test('what is not sorted', async t => {
    for (const path of [`/nodes?${filter}&start=${later}&end=${later}&sort_metric=node_cpu_total`, `/cluster?metrics_filter=cpu_total&time=${clock++}&sort_metric=cluster_cpu_total`, `/nodes?${filter}&time=${clock++}`, `/nodes?metrics_filter=none&time=${clock++}&sort_metric=x`]) {
      t.strictSame(Object.keys((await get(path)).json), ['results'], path)
    }
    t.equal((await get(`/nodes?${filter}&start=${later}&end=${later}&sort_metric=node_cpu_total`)).json.results[0].data.result.length, 7, 'rows as they came')
    refused = true
    t.strictSame((await get(`/nodes?metrics_filter=node_cpu_total&time=${clock++}&sort_metric=node_cpu_total`)).json, { results: [{ metric_name: 'node_cpu_total', data: {}, error: 'bad_data: no' }], page: 1 })
    refused = false
  })
})

const sample = fc.record({ name: fc.constantFrom('a', 'b', 'c', 'd', 'constructor', '', undefined), value: fc.option(fc.constantFrom('1', '2', '-3', 'NaN', '+Inf', '-Inf')) })
const metric = (name: string) => fc.record({ samples: fc.array(sample, { maxLength: 8 }), failed: fc.boolean(), range: fc.boolean() }).map(({ samples, failed, range }): Metric => ({
  metric_name: name,
  data: { resultType: range ? 'matrix' : 'vector', result: samples.map(({ name, value }): Value => ({ ...(name === undefined ? {} : { metric: { id: name } }), ...(value === null ? {} : { value: [1, value] }) })) },
  ...(failed ? { error: 'no' } : {}),
}))

t.test('whatever is sorted', async t => {
  fc.assert(fc.property(fc.tuple(metric('x'), metric('y'), metric('z')), fc.constantFrom('x', 'none'), fc.boolean(), fc.integer({ min: 1, max: 4 }), (metrics, by, ascending, limit) => {
    const before = JSON.stringify(metrics)
    const pageOf = (page: number, limit: number) => sortAndPage(metrics, { metric: by, ascending, page, limit }, 'id')
    const vectors = metrics.flatMap((one, i) => one.data.resultType === 'vector' && !one.error ? [i] : [])
    const names = new Set(vectors.flatMap(i => metrics[i]!.data.result!.map(({ metric }) => metric?.id)).filter(Boolean))
    const whole = pageOf(1, 1_000)
    const rowsOf = ({ results }: typeof whole, i: number): Value[] => results[i]!.data.result ?? []
    for (const [i, one] of metrics.entries()) if (!vectors.includes(i) && whole.results[i] !== one) return false
    for (const i of vectors) {
      const rows = rowsOf(whole, i)
      if (rows.length !== names.size) return false
      // The same row is the same name in every metric, and pages put together are the whole.
      for (const j of vectors) if (rows.some((row, at) => row.metric && rowsOf(whole, j)[at]!.metric && row.metric.id !== rowsOf(whole, j)[at]!.metric!.id)) return false
      const pages = Array.from({ length: whole.total_item ? Math.ceil(whole.total_item / limit) : 0 }, (_, n) => rowsOf(pageOf(n + 1, limit), i)).flat()
      if (JSON.stringify(pages) !== JSON.stringify(rows)) return false
    }
    return JSON.stringify(metrics) === before
  }), { numRuns: 2_000 })
})
