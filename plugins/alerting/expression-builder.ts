import { promql } from '../../core/sdk/index.js'
import type { GroupRule, MetricLabelSelector, PlacedNames, Thresholds } from '../../schemas/alerting/v2beta1.js'
import { anyOf } from './conditions.js'

/** `section.field` of a threshold → the series it is about; of several the first that is there counts. */
const workloadMetrics: readonly (readonly [string, string, string])[] = [
  ['cpu', 'usage', 'namespace:workload_cpu_usage:sum'],
  ['memory', 'usage', 'namespace:workload_memory_usage:sum'],
  ['memory', 'usageWoCache', 'namespace:workload_memory_usage_wo_cache:sum'],
  ['network', 'transmittedRate', 'namespace:workload_net_bytes_transmitted:sum_irate'],
  ['network', 'receivedRate', 'namespace:workload_net_bytes_received:sum_irate'],
  ['replica', 'unavailableRatio', 'namespace:KIND_unavailable_replicas:ratio'],
]
const nodeMetrics: typeof workloadMetrics = [
  ['cpu', 'utilization', 'node:node_cpu_utilisation:avg1m'],
  ['cpu', 'load1m', 'node:load1:ratio'],
  ['cpu', 'load5m', 'node:load5:ratio'],
  ['cpu', 'load15m', 'node:load15:ratio'],
  ['memory', 'utilization', 'node:node_memory_utilisation:'],
  ['memory', 'available', 'node:node_memory_bytes_available:sum'],
  ['network', 'transmittedRate', 'node:node_net_bytes_transmitted:sum_irate'],
  ['network', 'receivedRate', 'node:node_net_bytes_received:sum_irate'],
  ['disk', 'spaceUtilization', 'node:disk_space_utilization:ratio'],
  ['disk', 'spaceAvailable', 'node:disk_space_available:'],
  ['disk', 'inodeUtilization', 'node:disk_inode_utilization:ratio'],
  ['disk', 'iopsRead', 'node:data_volume_iops_reads:sum'],
  ['disk', 'iopsWrite', 'node:data_volume_iops_writes:sum'],
  ['disk', 'throughputRead', 'node:data_volume_throughput_bytes_read:sum'],
  ['disk', 'throughputWrite', 'node:data_volume_throughput_bytes_write:sum'],
  ['pod', 'utilization', 'node:pod_utilization:ratio'],
  ['pod', 'abnormalRatio', 'node:pod_abnormal:ratio'],
]
/** Kinds of workloads as the recording rules spell them. */
const workloadKinds: ReadonlyMap<string, string> = new Map(['Deployment', 'StatefulSet', 'DaemonSet'].map(kind => [kind.toLowerCase(), kind]))
const comparators: ReadonlySet<string> = new Set(['<', '<=', '>', '>=', '==', '!='])

/** A number as Go prints it, which is how Prometheus writes numbers. */
function printNumber (value: number): string {
  const [digits = '0', power = '0'] = value.toExponential().split('e')
  const exponent = Number(power)
  const decimals = digits.replace(/^-?\d\.?/, '').length
  return exponent < -4 || exponent >= 6
    ? `${digits}e${exponent < 0 ? '-' : '+'}${String(Math.abs(exponent)).padStart(2, '0')}`
    : value.toFixed(Math.max(0, decimals - exponent))
}

const namesOf = (names: PlacedNames): string[] => [...new Set(names.flatMap(one => typeof one === 'string' ? [one] : one.names))]

/** The series and the figure that a threshold is about: of the first section that is there, the first figure in it. */
function metricOf (thresholds: Thresholds, rows: typeof workloadMetrics): { metric: string, figure: number } | undefined {
  const section = rows.find(([name]) => thresholds[name] !== undefined)?.[0] ?? ''
  const figures = thresholds[section] ?? {}
  const [, field = '', metric = ''] = rows.find(([name, field]) => name === section && typeof figures[field] === 'number') ?? []
  return metric ? { metric, figure: figures[field]! } : undefined
}

const compare = (comparator: string, { label, operator, value }: promql.Matcher, found: { metric: string, figure: number } | undefined): string =>
  found && comparators.has(comparator) ? `${found.metric}{${promql.matcher(label, operator, value)}} ${comparator} ${printNumber(found.figure)}` : ''

/** The expression that a builder stands for; '' where it says too little, undefined where there is none. */
export function builtExpression ({ exprBuilder: { node, workload } = {} }: GroupRule): string | undefined {
  if (node) {
    const names = namesOf(node.names)
    return names.length ? compare(node.comparator, anyOf('node', names), metricOf(node.metricThreshold ?? {}, nodeMetrics)) : ''
  }
  if (workload) {
    const [names, kind] = [namesOf(workload.names), workloadKinds.get(workload.kind.toLowerCase())]
    if (!names.length || !kind) return ''
    const found = metricOf(workload.metricThreshold ?? {}, workloadMetrics)
    return compare(workload.comparator, anyOf('workload', names, `${kind}:`), found && { ...found, metric: found.metric.replace('KIND', kind.toLowerCase()) })
  }
  return undefined
}

const among = (values: readonly string[]): MetricLabelSelector | undefined => {
  const named = [...new Set(values)].filter(Boolean)
  return named.length ? { inValues: named } : undefined
}

/** The clusters and projects that a builder with places is about; every name counts in every one of them. */
export function builtSelectors ({ exprBuilder: { node, workload } = {} }: GroupRule): Pick<GroupRule, 'clusterSelector' | 'namespaceSelector'> {
  const places = ((node ?? workload)?.names ?? []).flatMap(one => typeof one === 'string' ? [] : [one])
  const clusterSelector = among(places.map(({ cluster }) => cluster))
  const namespaceSelector = among(node ? [] : places.map(({ namespace = '' }) => namespace))
  return { ...(clusterSelector ? { clusterSelector } : {}), ...(namespaceSelector ? { namespaceSelector } : {}) }
}
