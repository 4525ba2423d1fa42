/* eslint-disable no-template-curly-in-string -- Grafana writes variables so */
import { existsSync, readFileSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'
import t from 'tap'
import type { Dashboard, Panel } from '../../../schemas/monitoring/dashboards.js'
import { namespaces } from '../../../schemas/kube/builtin.js'
import { convertDashboard } from '../../../plugins/monitoring-dashboard/converter/index.js'
import { platform } from '../../helpers/platform.js'

const file = '../shared/fixture/dashboards.json.gz'
const skip = existsSync(file) ? false : `${file} is not here: dashboards met in the wild cannot be imported`

type Scope = 'cluster' | 'namespace'
type Recorded = Record<string, { content: object, answers: Record<Scope, { status: number, body: Dashboard }> }>

/** What each dashboard becomes that the converter of 3.x refused: panels by type, queries, variables, and a panel that was looked at beside its source. */
const refused: Record<string, { panels: string, queries: number, variables: number, one: Panel }> = {
  'k8s-resources-namespace': { panels: 'graph 10, singlestat 4, table 4', queries: 43, variables: 3, one: { type: 'singlestat', title: 'CPU Utilisation (from requests)', format: 'percentunit', decimals: 0, targets: [{ refId: 1, expr: 'sum(node_namespace_pod_container:container_cpu_usage_seconds_total:sum_irate) / sum(kube_pod_container_resource_requests)', step: '1m' }] } },
  'k8s-resources-pod': { panels: 'graph 13, table 3', queries: 38, variables: 4, one: { type: 'graph', title: 'CPU Usage', lines: true, stack: true } },
  'namespace-by-pod': { panels: 'graph 6, singlestat 2, table 1', queries: 14, variables: 5, one: { type: 'singlestat', title: 'Current Rate of Bytes Received', height: '9', format: 'Byte', gauge: { show: true, maxValue: 10_000_000_000 }, valueName: 'last' } },
  'pod-total': { panels: 'graph 6, singlestat 2', queries: 8, variables: 6, one: { type: 'singlestat', title: 'Current Rate of Bytes Transmitted', targets: [{ refId: 1, expr: 'sum(irate(container_network_transmit_bytes_total[3m:$resolution]))', step: '1m' }] } },
  'prometheus-remote-write': { panels: 'graph 15', queries: 15, variables: 4, one: { type: 'graph', title: 'Max Shards', lines: true, yaxes: [{ format: 'none' }], targets: [{ refId: 1, expr: 'prometheus_remote_storage_shards_max', legendFormat: '{{cluster}}:{{instance}} {{remote_name}}:{{url}}', step: '1m' }] } },
  'modern-apache-full': { panels: 'graph 13, singlestat 4', queries: 27, variables: 3, one: { type: 'graph', title: 'Requests / Traffic', description: 'Request rate and bytes sent per second.', datasource: '${DS_PROMETHEUS}', legend: ['as_table', 'min', 'max', 'avg', 'current'], lines: true, yaxes: [{ format: 'none' }] } },
  'modern-haproxy': { panels: 'graph 102, singlestat 1', queries: 163, variables: 7, one: { type: 'graph', title: 'HTTP response / request', legend: ['as_table', 'to_the_right', 'min', 'max', 'avg'], lines: true, stack: true, yaxes: [{ format: 'none', decimals: 1 }], targets: [{ refId: 1, expr: 'sum(rate(haproxy_frontend_http_responses_total[3m])) by (code)', legendFormat: 'Front {{code}}', step: '1m' }] } },
  'modern-k8s-addons-prometheus': { panels: 'graph 23, singlestat 4', queries: 41, variables: 4, one: { type: 'graph', title: 'Liveness by pod', legend: ['hide', 'to_the_right', 'min', 'max', 'avg'], targets: [{ refId: 1, expr: 'up', legendFormat: '{{pod}}', step: '1m' }] } },
  'modern-k8s-addons-trivy-operator': { panels: 'graph 7, singlestat 16, table 2', queries: 25, variables: 4, one: { type: 'singlestat', title: 'CRITICAL', format: 'none', decimals: 0, valueName: 'last', sparkline: 'bottom' } },
  'modern-k8s-system-api-server': { panels: 'graph 10, singlestat 1, table 1', queries: 12, variables: 4, one: { type: 'table', title: 'Deprecated Kubernetes Resources' } },
  'modern-k8s-system-coredns': { panels: 'graph 10, singlestat 1', queries: 12, variables: 6, one: { type: 'graph', title: 'CoreDNS - Average Packet Size  ($protocol)', legend: ['hide'], lines: true, yaxes: [{ format: 'Byte' }] } },
  'modern-k8s-views-global': { panels: 'bargauge 2, graph 19, singlestat 5', queries: 57, variables: 4, one: { type: 'bargauge', title: 'Global CPU  Usage', datasource: '${datasource}', options: { orientation: 'horizontal', displayMode: 'lcd' } } },
  'modern-k8s-views-nodes': { panels: 'graph 25, singlestat 8, table 2', queries: 52, variables: 5, one: { type: 'table', title: 'List of pods on node ($node)', targets: [{ refId: 1, expr: 'kube_pod_info', step: '1m' }] } },
  'modern-nfs-full': { panels: 'graph 27', queries: 193, variables: 4, one: { type: 'graph', title: 'NFS Connections', targets: [{ refId: 1, expr: 'rate(node_nfs_connections_total[3m])', legendFormat: 'NFS TCP connections/s', step: '1m' }] } },
  'modern-node-exporter-full': { panels: 'bargauge 4, graph 111, singlestat 10', queries: 286, variables: 4, one: { type: 'graph', title: 'Disk Throughput', datasource: '${ds_prometheus}', legend: ['as_table', 'min', 'max', 'avg'], lines: true, yaxes: [{ format: 'Byte' }], targets: [{ refId: 1, expr: 'rate(node_disk_read_bytes_total[3m])', legendFormat: '{{device}} - Read', step: '1m' }, {}] } },
  'modern-unbound-full': { panels: 'graph 34', queries: 54, variables: 2, one: { type: 'graph', title: 'Memory used by caches', lines: true, stack: true, yaxes: [{ format: 'Byte' }], targets: [{ refId: 1, expr: 'unbound_memory_caches_bytes', legendFormat: '{{cache}}', step: '1m' }] } },
}

const summary = (panels: readonly Panel[]): string => {
  const counts = new Map<string, number>()
  for (const { type = '' } of panels) counts.set(type, (counts.get(type) ?? 0) + 1)
  return [...counts].map(([type, count]) => `${type} ${count}`).sort().join(', ')
}

interface Source { type?: string, id?: number, title?: string, targets?: unknown[], panels?: Source[], rows?: Source[] }
/** The panels of a dashboard that have a counterpart. */
const sourceOf = ({ panels = [], rows = [] }: Source): Source[] =>
  [...panels.flatMap(panel => panel.type === 'row' ? panel.panels ?? [] : [panel]), ...rows.flatMap(({ panels = [] }) => panels)].filter(({ type }) => type !== 'heatmap')

t.test('dashboards met in the wild', { skip, timeout: 120_000 }, async t => {
  const recorded = JSON.parse(gunzipSync(readFileSync(file)).toString()) as Recorded
  const { ask } = await platform(t, () => {}, async kube => { await kube.create(namespaces, { metadata: { name: 'ns-a1' } }) })
  const paths: Record<Scope, string> = { cluster: '/clusterdashboards', namespace: '/namespaces/ns-a1/dashboards' }
  let exact = 0
  for (const [name, { content, answers }] of Object.entries(recorded)) {
    const { spec } = convertDashboard(content)
    for (const [scope, path] of Object.entries(paths) as [Scope, string][]) {
      const made = await ask('admin', 'POST', `/kapis/monitoring.kubesphere.io/v1alpha3${path}/${name}/template`, { body: { grafanaDashboardContent: JSON.stringify(content) } })
      const want = answers[scope]
      t.equal(made.status, 200, `${name} ${scope} ${made.text.slice(0, 200)}`)
      if (want.status === 200) {
        t.same(made.json.spec, want.body.spec, `${name} is what it was`)
        t.same([made.json.metadata.name, made.json.metadata.namespace, made.json.metadata.annotations], [want.body.metadata.name, want.body.metadata.namespace, want.body.metadata.annotations])
        exact++
      }
      const { json } = await ask('admin', 'GET', `/apis/monitoring.kubesphere.io/v1alpha2${path}/${name}`)
      t.same(json.spec, spec, `${name} is stored as it was converted`)
    }
    const expected = refused[name]
    t.equal(expected === undefined, answers.cluster.status === 200, `${name} is expected where nothing was recorded`)
    if (expected) {
      const panels = spec.panels ?? []
      t.same([summary(panels), panels.flatMap(({ targets = [] }) => targets).length, spec.templatings?.length], [expected.panels, expected.queries, expected.variables], name)
      const one = panels.find(({ title, type }) => type === expected.one.type && (expected.one.title === undefined || title === expected.one.title))
      t.match(one, expected.one, `${name}: ${one?.title ?? ''}`)
      t.same(panels.map(({ id, title, targets = [] }) => [id, title, targets.length]), sourceOf(content as Source).map(({ id, title, targets = [] }) => [id, title, targets.length]), `${name}: every panel, in order`)
      for (const { expr = '' } of panels.flatMap(({ targets = [] }) => targets)) if (/[{}]|\$__/.test(expr)) t.fail(`${name}: ${expr}`)
    }
  }
  t.equal(exact, 20)
})
