// The cluster page of 49 range queries against a real Prometheus: asked directly at full concurrency, through the client, and over HTTP through the
// whole server; then what twenty viewers of it make Prometheus do. Ratios of one run.
import { Pool } from 'undici'
import { createPrometheus, isMeter, metricNamesOf, type Grid } from '../core/sdk/index.js'
import { catalogue } from '../core/services/monitoring/catalogue.js'
import { fill } from '../core/services/monitoring/template.js'
import { login, startServer } from '../tests/helpers/process.js'
import { hasPrometheus, startPrometheus } from '../tests/helpers/prometheus.js'

const nodes = 50
const pods = 600
const minutes = 120
const viewers = 20
const rounds = 15
const password = 'P@88w0rd-Test'

const expressions = metricNamesOf('cluster').filter(name => !isMeter(name)).map(name => fill(catalogue.get('cluster')?.get(name)?.template ?? [], {}))

const range = (count: number) => Array.from({ length: count }, (_, i) => i)

/** Series of a cluster, with the names and labels that the page asks for. */
function * series (): Generator<[name: string, labels: Record<string, string>, value?: number]> {
  for (const name of new Set(expressions.join(' ').match(/:node_\w+:\w*|cluster:\w+:\w+/g))) yield [name, {}]
  const perNode = new Set(expressions.join(' ').match(/\bnode:\w+:\w*/g))
  for (const node of range(nodes).map(i => `node-${i}`)) {
    for (const name of perNode) yield [name, { node, host_ip: '10.0.0.1', role: 'worker' }]
    for (const name of ['node_load1', 'node_load5', 'node_load15']) yield [name, { job: 'node-exporter', instance: node }]
    for (const device of ['/dev/sda1', '/dev/sdb1', '/dev/loop1']) for (const name of ['node_filesystem_size_bytes', 'node_filesystem_avail_bytes']) yield [name, { job: 'node-exporter', instance: node, device, mountpoint: '/' }]
    yield ['kube_node_status_capacity', { node, resource: 'pods' }, 110]
    for (const status of ['true', 'false', 'unknown']) yield ['kube_node_status_condition', { node, condition: 'Ready', status }, Number(status === 'true')]
  }
  for (const i of range(pods)) {
    const pod = { namespace: `project-${i % 40}`, pod: `pod-${i}` }
    yield ['kube_pod_info', { ...pod, node: `node-${i % nodes}`, host_ip: '10.0.0.1', created_by_kind: 'ReplicaSet' }, 1]
    for (const phase of ['Running', 'Pending', 'Failed', 'Succeeded', 'Unknown']) yield ['kube_pod_status_phase', { ...pod, phase }, Number(phase === (i % 9 ? 'Running' : 'Succeeded'))]
  }
  for (const name of new Set(expressions.join(' ').match(/kube_\w+_(?:labels|info)\b/g))) if (name !== 'kube_pod_info') for (const i of range(100)) yield [name, { namespace: `project-${i % 40}`, name: `object-${i}` }, 1]
}

function openmetrics (end: number): string {
  const byName = new Map<string, string[]>()
  for (const [name, labels, value] of series()) {
    const text = Object.entries(labels).map(([label, value]) => `${label}="${value}"`).join(',')
    const lines = byName.get(name) ?? []
    byName.set(name, lines)
    for (let minute = minutes; minute >= 0; minute--) lines.push(`${name}{${text}} ${value ?? (Math.sin(minute / 9 + lines.length) + 2) * 1e3} ${end - minute * 60}`)
  }
  return `${[...byName.values()].flat().join('\n')}\n# EOF\n`
}

const median = (values: number[]): number => [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)] ?? 0

async function timed (work: () => Promise<unknown>): Promise<number> {
  const since = performance.now()
  await work()
  return performance.now() - since
}

const ends: (() => unknown)[] = []
const owner = { teardown: (end: () => unknown) => { ends.unshift(end) } }

async function main (): Promise<void> {
  const now = Math.floor(Date.now() / 60_000) * 60
  const { url } = await startPrometheus(owner, openmetrics(now))
  /** Every page is of another second: no round finds anything that an earlier one left. */
  let moved = 0
  const page = (): Grid => ({ start: now - 5_400 + ++moved, end: now - 1_800 + moved, step: 60 })

  const pool = new Pool(url, { connections: expressions.length, pipelining: 1 })
  owner.teardown(() => pool.close())
  const headers = { 'content-type': 'application/x-www-form-urlencoded' }
  const directly = (grid: Grid) => Promise.all(expressions.map(async query => {
    const { statusCode, body } = await pool.request({ method: 'POST', path: '/api/v1/query_range', headers, body: new URLSearchParams({ query, ...Object.fromEntries(Object.entries(grid).map(([key, value]) => [key, String(value)])) }).toString() })
    const { status } = await body.json() as { status: string }
    if (statusCode !== 200 || status !== 'success') throw new Error(`Prometheus answered ${statusCode}`)
  }))

  const prometheus = createPrometheus({ endpoint: url })
  owner.teardown(() => prometheus.close())
  const throughClient = async (grid: Grid, caller = 'viewer') => {
    const answers = await Promise.all(expressions.map(expression => prometheus.queryRange(expression, grid, { caller })))
    const failed = answers.find(({ error }) => error !== undefined)
    if (failed) throw new Error(failed.error)
  }

  const server = await startServer(owner, { args: ['--prometheus-endpoint', url], env: { KUBESPHERE_ADMIN_PASSWORD: password } })
  const token = await login(server.base, 'admin', password)
  const front = new Pool(server.base, { connections: viewers, pipelining: 1 })
  owner.teardown(() => front.close())
  const overHTTP = async ({ start, end, step }: Grid) => {
    const { statusCode, body } = await front.request({ method: 'GET', path: `/kapis/monitoring.kubesphere.io/v1alpha3/cluster?start=${start}&end=${end}&step=${step}s`, headers: { authorization: `Bearer ${token}` } })
    const { results } = await body.json() as { results: { error?: string }[] }
    if (statusCode !== 200 || results.length !== expressions.length || results.some(({ error }) => error)) throw new Error(`the server answered ${statusCode}`)
  }

  const times: [number, number, number][] = []
  for (let i = -3; i < rounds; i++) {
    const measured: [number, number, number] = [await timed(() => directly(page())), await timed(() => throughClient(page())), await timed(() => overHTTP(page()))]
    if (i >= 0) times.push(measured)
  }
  const [direct, client, http] = [0, 1, 2].map(i => median(times.map(measured => measured[i] ?? 0)))
  const [clientRatio, httpRatio] = [1, 2].map(i => median(times.map(measured => (measured[i] ?? 0) / measured[0])))
  console.log(`one viewer's page of ${expressions.length} range queries: ${direct?.toFixed(1)} ms directly, ${client?.toFixed(1)} ms through the client (${clientRatio?.toFixed(2)} times), ${http?.toFixed(1)} ms over HTTP (${httpRatio?.toFixed(2)} times)`)

  const work = async (asked: () => Promise<unknown>) => {
    const read = async () => {
      const text = await (await fetch(`${url}/metrics`)).text()
      const sum = (name: RegExp) => [...text.matchAll(name)].reduce((total, [, value]) => total + Number(value), 0)
      return { queries: sum(/^prometheus_http_requests_total\{[^}]*handler="\/api\/v1\/query_range"[^}]*\} (\S+)$/gm), seconds: sum(/^process_cpu_seconds_total (\S+)$/gm) }
    }
    const before = await read()
    await asked()
    const after = await read()
    return { queries: after.queries - before.queries, seconds: after.seconds - before.seconds }
  }
  const all = (view: (viewer: number) => Promise<unknown>) => () => Promise.all(range(viewers).map(view))
  const pages = 10
  const several = await work(async () => { for (let i = 0; i < pages; i++) await directly(page()) })
  const one = { queries: several.queries / pages, seconds: several.seconds / pages }
  const together = page()
  const inTurn = page()
  const minute = Math.floor(Date.now() / 60_000) * 60
  const cases: [string, () => Promise<unknown>][] = [
    ['through the client at the same moment', all(i => throughClient(together, `viewer-${i}`))],
    ['over HTTP at the same moment', all(() => overHTTP(together))],
    ['over HTTP one after the other', async () => { for (let i = 0; i < viewers; i++) await overHTTP(inTurn) }],
    ['over HTTP, each a minute after the one before', async () => { for (let i = 0; i < viewers; i++) await overHTTP({ start: minute - 7_200 + i * 60, end: minute - 3_600 + i * 60, step: 60 }) }],
  ]
  for (const [name, view] of cases) {
    const { queries, seconds } = await work(view)
    console.log(`${viewers} viewers ${name}: Prometheus answers ${(queries / one.queries).toFixed(2)} times the queries of one and uses ${(seconds / one.seconds).toFixed(2)} times the processor`)
  }
}

if (!hasPrometheus()) console.log('no Prometheus is installed here: see scripts/real/prometheus.mjs')
else try { await main() } finally { for (const end of ends) await end() }
