import { Registry } from 'prom-client'
import t from 'tap'
import { createPrometheus } from '../../core/services/prometheus/index.js'
import type { Grid } from '../../core/services/prometheus/types.js'
import { hasPrometheus, startPrometheus } from '../helpers/prometheus.js'

if (!hasPrometheus() && !process.env.CI) {
  t.plan(0, 'Prometheus is not installed here: run scripts/real/prometheus.mjs as root on Debian.')
  process.exit(0)
}

const end = Math.floor(Date.now() / 60_000) * 60 - 600
const begin = end - 4 * 3600

/** Series of two metrics, each with a life of its own, gaps, and resets. */
function samples (): string {
  const lines = ['load', 'requests_total'].flatMap(name => Array.from({ length: 12 }, (_, i) => i).flatMap(i => {
    const found: string[] = []
    for (let at = begin + i * 900; at <= end - (i % 5) * 1_800; at += 30) {
      if (Math.floor(at / 300) % (i + 3) === 0) continue
      const value = name === 'load' ? Math.sin(at / (i + 50)) * 1e3 : ((at - begin) * (i + 0.1)) % 5e4
      found.push(`${name}{pod="pod-${i}",job="${i % 2 ? 'a' : 'b'}",node="node-${i % 3}"} ${value} ${at}`)
    }
    return found
  }))
  return `${lines.join('\n')}\n# EOF\n`
}

const expressions = [
  'load', 'load{pod="pod-3"} > 0', 'sum(load)', 'avg by (job) (load)', 'count(load) or vector(0)', 'absent(load{pod="pod-9"})', 'topk(2, load)', 'quantile by (node) (0.9, load)',
  'rate(requests_total[5m])', 'sum by (node) (irate(requests_total[2m]))', 'increase(requests_total[1h] offset 30m)', 'max_over_time(load[10m:1m])', 'avg_over_time((load * 2)[5m:30s] offset 5m)',
  'load / on (pod) group_left requests_total', 'load unless on (pod) (requests_total > 2e4)', 'label_replace(load, "host", "$1", "node", "node-(.*)")', 'timestamp(load)', 'time()', 'changes(load[15m])',
  'load offset -10m', 'load @ end()', 'sum(load @ start())', 'load offset - 1m # comment', 'no_such_series', 'scalar(sum(load))', 'sort_desc(load)', 'stddev(load) * 1e-9',
]

t.test('what is kept of ranges gives the answers of Prometheus, while windows move over series that come and go', async t => {
  const { url } = await startPrometheus(t, samples())
  let now = begin
  const registry = new Registry()
  const keeping = createPrometheus({ endpoint: url, registry, now: () => now * 1000 })
  const plain = createPrometheus({ endpoint: url, keep: 0 })
  t.teardown(() => Promise.all([keeping.close(), plain.close()]))
  const windows: { wait: number, back: number, length: number, step: number }[] = [0, 60, 60, 300, 0, 900, 60, 1_800, 120, 600, 60, 60].flatMap(wait => [
    { wait, back: 0, length: 3_600, step: 60 },
    { wait: 0, back: 0, length: 1_800, step: 30 },
    { wait: 0, back: 600, length: 3_600, step: 60 },
    { wait: 0, back: 7, length: 5_400, step: 300 },
  ])
  for (const expression of expressions) {
    now = begin + 5_400
    let differing = 0
    for (const { wait, back, length, step } of windows) {
      now += wait
      const grid: Grid = { start: now - back - length, end: now - back, step }
      const [kept, asked] = await Promise.all([keeping.queryRange(expression, grid), plain.queryRange(expression, grid)])
      if (asked.error !== undefined || JSON.stringify(kept) !== JSON.stringify(asked)) differing++
    }
    t.equal(differing, 0, expression)
  }
  const [, kept] = /\{outcome="kept"\} (\d+)/.exec(await registry.metrics()) ?? []
  t.ok(Number(kept) > expressions.length, `${kept} questions were answered without Prometheus`)
})

t.test('answers and refusals of a real server', async t => {
  const { url } = await startPrometheus(t, samples())
  const prometheus = createPrometheus({ endpoint: `${url}/` })
  t.teardown(() => prometheus.close())
  const time = end - 7_200
  t.match(await prometheus.query('count(load)', time), { data: { resultType: 'vector', result: [{ value: [time, /^\d+$/] }] } })
  t.strictSame(await prometheus.query('1e30', time), { data: { resultType: 'vector' } })
  t.strictSame(await prometheus.query('vector(1e30)', time), { data: { resultType: 'vector', result: [{ value: [time, `1${'0'.repeat(30)}`] }] } })
  t.match(await prometheus.query('"text"', time), { data: {}, error: 'unexpected value type "string"' })
  t.strictSame(await prometheus.query('load[5m]', time), { data: { resultType: 'vector' } })
  t.match(await prometheus.query('load{', time), { data: {}, error: /^bad_data: .*parse error/ })
  t.match(await prometheus.query('load * on (job) load', time), { data: {}, error: /^execution: / })
  t.match(await prometheus.queryRange('load', { start: time, end: time + 60, step: 0 }), { data: {}, error: /^bad_data: .*step/ })
  t.match(await prometheus.queryRange('load', { start: time - 20_000, end: time, step: 1 }), { data: {}, error: /^bad_data: exceeded maximum resolution of 11,000 points/ })
  t.match(await prometheus.series('load{pod="pod-1"}', { start: begin, end }), { data: [{ __name__: 'load', pod: 'pod-1' }] })
  t.match(await prometheus.series('', { start: begin, end }), { error: /^bad_data: / })
  t.strictSame(await prometheus.metadata(''), { data: [] })
  t.match(await prometheus.get('/api/v1/status/buildinfo', new URLSearchParams()), { version: /^\d/ })
  await t.rejects(prometheus.get('/api/v1/nothing', new URLSearchParams()), { message: 'client_error: client error: 404' })
})
