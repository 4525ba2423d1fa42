import t from 'tap'
import { defineKind, type KubeObject } from '../../../schemas/kube/object.js'
import { customResourceDefinitions } from '../../../schemas/kube/builtin.js'
import type { Kube } from '../../../core/sdk/index.js'
import type { Told } from '../../helpers/stand-in-prometheus.js'
import { later, stage } from './stage.js'
import { until } from '../../helpers/until.js'

const nodes = defineKind('v1', 'nodes', 'Node')
const nodeMetrics = defineKind('metrics.k8s.io/v1beta1', 'nodes', 'NodeMetrics')
const podMetrics = defineKind('metrics.k8s.io/v1beta1', 'pods', 'PodMetrics', { namespaced: true })
const edge = { 'node-role.kubernetes.io/edge': '' }
const timestamp = '2026-01-01T00:00:00Z'
const measured = Date.parse(timestamp) / 1000

const definition = (plural: string, kind: string, scope: string) => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.metrics.k8s.io`, annotations: { 'api-approved.kubernetes.io': 'unapproved, for tests' } },
  spec: { group: 'metrics.k8s.io', scope, names: { plural, kind, singular: kind.toLowerCase(), listKind: `${kind}List` }, versions: [{ name: 'v1beta1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }] },
})
const object = (body: object): KubeObject => body as KubeObject

/** A metrics-server by its objects: two nodes at the edge, one that is not, and pods of two projects. */
async function metricsServer (kube: Kube): Promise<void> {
  for (const [plural, kind, scope] of [['nodes', 'NodeMetrics', 'Cluster'], ['pods', 'PodMetrics', 'Namespaced']] as const) await kube.create(customResourceDefinitions, object(definition(plural, kind, scope)))
  await until(() => kube.list(nodeMetrics).then(() => kube.list(podMetrics)).then(() => true, () => false), 'what the definitions serve')
  for (const [name, labels, cpu, memory] of [['edge-1', edge, '123456789n', '1048576Ki'], ['edge-22', edge, '1', '1Gi'], ['node-1', {}, '2', '4Gi']] as const) {
    await kube.create(nodes, object({ apiVersion: 'v1', kind: 'Node', metadata: { name, labels }, spec: {} }))
    await kube.modify(nodes, { name }, node => node)
    await kube.patch(nodes, { name }, { status: { capacity: { cpu: '4', memory: '4Gi' }, addresses: [{ type: 'Hostname', address: name }, { type: 'InternalIP', address: '10.0.0.1' }] } }, 'merge', 'status')
    await kube.create(nodeMetrics, object({ apiVersion: 'metrics.k8s.io/v1beta1', kind: 'NodeMetrics', metadata: { name, labels }, timestamp, window: '30s', usage: { cpu, memory } }))
  }
}

t.test('nodes and pods at the edge', async t => {
  let told: Told = []
  let clock = later
  const { get, kube } = await stage(t, () => told, { prepare: metricsServer })
  for (const [namespace, name] of [['ns-a', 'p1'], ['ns-a', 'p2'], ['ns-b', 'p1'], ['ns-b', 'p3']] as const) {
    await kube.create(podMetrics, object({ apiVersion: 'metrics.k8s.io/v1beta1', kind: 'PodMetrics', metadata: { name, namespace }, timestamp, window: '30s', containers: [{ name: 'a', usage: { cpu: '100m', memory: '10Mi' } }, { name: 'b', usage: { cpu: '1500001n', memory: '1024' } }] }))
  }
  const results = async (path: string, times = `time=${++clock}`) => (await get(`${path}&${times}`)).json.results
  const named = async (path: string): Promise<string[]> => ((await results(path))[0].data.result ?? []).map(({ metric }: { metric: Record<string, string> }) => metric.pod ? `${metric.namespace}/${metric.pod}` : metric.node).sort()

  await t.test('figures of a node', async t => {
    const values = await results('/nodes/edge-1?metrics_filter=node_(cpu%7Cmemory)')
    const seen = Object.fromEntries(values.map(({ metric_name: name, data }: any) => [name, data.result?.map((one: any) => one.value)]))
    t.strictSame(seen, {
      node_cpu_utilisation: [[measured, '0.031']],
      node_cpu_total: [[measured, '4']],
      node_cpu_usage: [[measured, '0.124']],
      node_memory_utilisation: [[measured, '0.25']],
      node_memory_usage_wo_cache: [[measured, '1073741824']],
      node_memory_available: undefined,
      node_memory_total: [[measured, '4294967296']],
    })
    t.strictSame(values[0].data.result[0].metric, { node: 'edge-1', role: 'edge', host_ip: '10.0.0.1' })
    t.match((await results('/nodes/edge-1?metrics_filter=node_cpu_total', `start=${clock}&end=${clock}`))[0].data, { resultType: 'matrix', result: [{ values: [[measured, '4']] }] })
  })

  for (const [path, wanted] of [
    ['/nodes?metrics_filter=node_cpu_total', ['edge-1', 'edge-22']],
    ['/nodes?metrics_filter=node_cpu_total&resources_filter=edge-1', ['edge-1']],
    ['/nodes?metrics_filter=node_cpu_total&resources_filter=edge', []],
    ['/nodes?metrics_filter=node_cpu_total&resources_filter=edge-1%7Cnode-1%24', ['edge-1']],
    ['/nodes?metrics_filter=node_cpu_total&resources_filter=(', []],
    ['/nodes?metrics_filter=node_pod_count%24', []],
    ['/nodes/edge-22?metrics_filter=node_cpu_total', ['edge-22']],
    ['/nodes/absent?metrics_filter=node_cpu_total', []],
    ['/namespaces/ns-a/pods/p1?metrics_filter=pod_cpu', ['ns-a/p1']],
    ['/namespaces/ns-a/pods/absent?metrics_filter=pod_cpu', []],
    ['/namespaces/ns-a/pods?metrics_filter=pod_cpu', []],
    ['/namespaces/ns-a/pods?metrics_filter=pod_cpu&resources_filter=p1%20%7C%20p3%24', ['ns-a/p1']],
    ['/pods?metrics_filter=pod_cpu&resources_filter=p1%7Cp3%24', ['ns-a/p1', 'ns-b/p1', 'ns-b/p3']],
    ['/pods?metrics_filter=pod_cpu&namespaced_resources_filter=ns-a/p2%7Cns-b/p3%7Cns-b/absent%7Cp1%24', ['ns-a/p2', 'ns-b/p3']],
    ['/namespaces/ns-a/pods?metrics_filter=pod_cpu&namespaced_resources_filter=ns-a/p2%7Cns-b/p3', ['ns-a/p2']],
    ['/nodes/edge-1/pods/p1?metrics_filter=pod_cpu', []],
    ['/pods?metrics_filter=pod_cpu', []],
    ['/namespaces/ns-a/pods/p1?metrics_filter=pod_net', []],
  ] as const) {
    await t.test(path, async t => { t.strictSame(await named(path), wanted) })
  }

  await t.test('figures of a pod are bytes and cores', async t => {
    const values = await results('/namespaces/ns-a/pods/p1?metrics_filter=pod_cpu%7Cpod_memory')
    t.strictSame(values.map(({ data }: any) => data.result?.[0].value[1]), ['0.102', undefined, '10486784'])
  })

  await t.test('Prometheus comes first', async t => {
    told = [[{ node: 'edge-1' }, '3']]
    t.equal((await results('/nodes?metrics_filter=node_cpu_total'))[0].data.result.length, 1)
    t.strictSame(await named('/nodes?metrics_filter=node_cpu_total&type=rank'), ['edge-1', 'edge-1', 'edge-22'])
    t.equal((await results('/nodes?metrics_filter=node_cpu_total&type=rank', `start=${clock}&end=${clock}`))[0].data.result.length, 1)
    told = 'no'
    const [metric] = await results('/nodes?metrics_filter=node_cpu_total')
    t.match(metric, { error: 'bad_data: no', data: { result: [{}, {}] } })
    t.notHas(metric.data, { resultType: 'vector' })
  })
})
