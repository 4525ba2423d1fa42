import { LRUCache } from 'lru-cache'
import { defineKind, type Kind, type KubeObject } from '../../../schemas/kube/object.js'
import type { Kube } from '../../kube/types.js'
import { Quantity } from '../../quantity.js'
import { formatNumber } from '../prometheus/number.js'
import { wholeNameFilter } from './filters.js'
import { namedPods, type MetricScope } from './scope.js'
import type { Metric, Value } from './types.js'

type Usage = Record<string, unknown>
interface Node extends KubeObject { status?: { capacity?: Usage, addresses?: { type: string, address: string }[] } }
interface NodeMetrics extends KubeObject { timestamp?: string, usage?: Usage }
interface PodMetrics extends KubeObject { timestamp?: string, containers?: { usage?: Usage }[] }
/** An object's figures by the names of metrics. */
interface Measured { metric: Record<string, string>, time: number, figures: Readonly<Record<string, number>> }

const nodes = defineKind<Node>('v1', 'nodes', 'Node')
const nodeMetrics = defineKind<NodeMetrics>('metrics.k8s.io/v1beta1', 'nodes', 'NodeMetrics')
const podMetrics = defineKind<PodMetrics>('metrics.k8s.io/v1beta1', 'pods', 'PodMetrics', { namespaced: true })
const labelSelector = 'node-role.kubernetes.io/edge'

const served: Partial<Record<MetricScope['level'], ReadonlySet<string>>> = {
  node: new Set(['node_cpu_usage', 'node_cpu_total', 'node_cpu_utilisation', 'node_memory_usage_wo_cache', 'node_memory_total', 'node_memory_utilisation']),
  pod: new Set(['pod_cpu_usage', 'pod_memory_usage_wo_cache']),
}
/** How long it is believed whether the cluster has metrics-server, how long a list of it serves, and the longest wait for it (ms); pods read by name at once, and in all. */
const limits = { known: 60_000, fresh: 5_000, wait: 5_000, atOnce: 8, pods: 200 }

const secondsOf = (timestamp = ''): number => Math.floor(Date.parse(timestamp) / 1000)
/** What was used together, to a thousandth of a CPU and to a byte; NaN where a text is no amount. */
function usedOf (usages: readonly (Usage | undefined)[], resource: 'cpu' | 'memory'): number {
  const amounts = usages.map(usage => Quantity.find(usage?.[resource] ?? 0))
  const sum = amounts.reduce<Quantity | undefined>((total, amount) => amount && total?.plus(amount), Quantity.zero)
  return sum?.roundUp(resource === 'cpu' ? 'milli' : 'whole').toNumber() ?? NaN
}

function measureNode ({ metadata: { name }, status }: Node, { usage, timestamp }: NodeMetrics): Measured {
  const [cpu, cpus, memory, bytes] = [usedOf([usage], 'cpu'), usedOf([status?.capacity], 'cpu'), usedOf([usage], 'memory'), usedOf([status?.capacity], 'memory')]
  const address = status?.addresses?.find(({ type }) => type === 'InternalIP')?.address
  return {
    metric: { node: name, role: 'edge', ...(address ? { host_ip: address } : {}) },
    time: secondsOf(timestamp),
    figures: { node_cpu_usage: cpu, node_cpu_total: cpus, node_cpu_utilisation: cpu / cpus, node_memory_usage_wo_cache: memory, node_memory_total: bytes, node_memory_utilisation: memory / bytes },
  }
}

function measurePod ({ metadata: { name, namespace = '' }, containers = [], timestamp }: PodMetrics): Measured {
  const usages = containers.map(({ usage }) => usage)
  return { metric: { pod: name, namespace }, time: secondsOf(timestamp), figures: { pod_cpu_usage: usedOf(usages, 'cpu'), pod_memory_usage_wo_cache: usedOf(usages, 'memory') } }
}

/** Runs a few at a time, in order, until the signal; what fails is left out. */
async function each<T, R> (items: readonly T[], signal: AbortSignal, work: (item: T) => Promise<R>): Promise<R[]> {
  const found = new Map<number, R>()
  const queue = [...items.entries()]
  await Promise.all(Array.from({ length: limits.atOnce }, async () => {
    for (let next = queue.shift(); next !== undefined && !signal.aborted; next = queue.shift()) {
      const [at, item] = next
      await work(item).then(result => { found.set(at, result) }, () => {})
    }
  }))
  return [...found].sort(([a], [b]) => a - b).map(([, result]) => result)
}

const ended = (signal: AbortSignal): Promise<never[]> => new Promise(resolve => {
  if (signal.aborted) resolve([]); else signal.addEventListener('abort', () => { resolve([]) }, { once: true })
})

export interface Edge {
  /** Metrics with what metrics-server knows of nodes and pods that Prometheus does not reach; the same metrics where it knows nothing. */
  complete (metrics: readonly Metric[], scope: MetricScope, kind: 'value' | 'values', signal?: AbortSignal): Promise<Metric[]>
}

/** Reads metrics-server through the Kubernetes API, where the cluster has one. */
export function createEdge (kube: Kube, now: () => number = Date.now): Edge {
  let asked = { at: -Infinity, offered: Promise.resolve(false) }
  function offered (): Promise<boolean> {
    if (now() - asked.at > limits.known) {
      const offered = kube.transport.send({ method: 'GET', path: '/apis/metrics.k8s.io/v1beta1', timeout: limits.wait }).then(({ status, body }) => { body.destroy(); return status === 200 }, () => false)
      asked = { at: now(), offered }
    }
    return asked.offered
  }

  // Whoever asks within some seconds is served from one list: metrics-server itself looks less often.
  const lists = new LRUCache<string, Promise<readonly KubeObject[]>>({ max: 32, ttl: limits.fresh })
  function list<T extends KubeObject> (kind: Kind<T>, options: { namespace?: string, labelSelector?: string }): Promise<readonly T[]> {
    const key = JSON.stringify([kind.group, kind.resource, options])
    let found = lists.get(key)
    if (!found) {
      found = kube.list(kind, { ...options, signal: AbortSignal.timeout(limits.wait) }).then(({ items }) => items)
      lists.set(key, found)
      found.catch(() => { lists.delete(key) })
    }
    return found as Promise<readonly T[]>
  }

  async function measureNodes ({ node, resourcesFilter = '.*' }: MetricScope): Promise<Measured[]> {
    const wanted = node ? (name: string) => name === node : wholeNameFilter(resourcesFilter)
    const [known, measured] = await Promise.all([list(nodes, { labelSelector }), list(nodeMetrics, { labelSelector })])
    const byName = new Map(known.map(one => [one.metadata.name, one]))
    return measured.flatMap(one => {
      const { name } = one.metadata
      const found = byName.get(name)
      return found && wanted(name) ? [measureNode(found, one)] : []
    })
  }

  async function readPods ({ namespace, node, pod, resourcesFilter = '', namespacedResourcesFilter }: MetricScope, signal: AbortSignal): Promise<PodMetrics[]> {
    const read = (ref: { name: string, namespace: string }) => kube.get(podMetrics, ref)
    if (namespace && pod) return [await read({ namespace, name: pod })]
    // A filter reads what the path may read: other projects' entries name nothing.
    if (namespacedResourcesFilter) return each(namedPods(namespacedResourcesFilter).filter(one => !namespace || one.namespace === namespace).slice(0, limits.pods), signal, one => read({ namespace: one.namespace, name: one.pod }))
    const wanted = new Set(resourcesFilter.split(/\s*\|\s*|\$/).map(name => name.trim()).filter(name => name !== '' && name !== '.*'))
    if (wanted.size === 0 || (node && pod)) return []
    return (await list(podMetrics, namespace ? { namespace } : {})).filter(({ metadata }) => wanted.has(metadata.name))
  }

  async function measure (scope: MetricScope, signal: AbortSignal): Promise<Measured[]> {
    return scope.level === 'node' ? measureNodes(scope) : (await readPods(scope, signal)).map(measurePod)
  }

  return {
    async complete (metrics, scope, kind, gone) {
      const names = served[scope.level]
      const lacks = ({ metric_name: name = '', data }: Metric): boolean => names !== undefined && names.has(name) && (!data.result?.length || (scope.rank === true && kind === 'value'))
      if (!metrics.some(lacks) || !await offered()) return [...metrics]
      const late = AbortSignal.timeout(limits.wait)
      const signal = gone ? AbortSignal.any([gone, late]) : late
      const measured = await Promise.race([measure(scope, signal), ended(signal)]).catch(() => [])
      if (measured.length === 0) return [...metrics]
      return metrics.map(metric => {
        if (!lacks(metric)) return metric
        const added = measured.map(({ metric: labels, time, figures }): Value => {
          const point: [number, string] = [time, formatNumber(figures[metric.metric_name ?? ''] ?? NaN)]
          return { metric: labels, ...(kind === 'value' ? { value: point } : { values: [point] }) }
        })
        return { ...metric, data: { ...metric.data, result: [...metric.data.result ?? [], ...added] } }
      })
    },
  }
}
