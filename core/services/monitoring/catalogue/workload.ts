import { billable, cpuMeter, hourly, inTheHour, meanings, memoryMeter, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

const recorded = (series: string): string => `${series}{$workload}`

/** Series of one kind, with the labels that series of workloads have. */
const ofKind = (kind: string, series: string): string => {
  const label = kind.toLowerCase()
  return `label_join(sum by (namespace, owner_kind, workload) (label_join(label_replace(${series}{$${label}}, "owner_kind", "${kind}", "", ""), "workload", "", "${label}")), "workload", ":", "owner_kind", "workload")`
}
const replicas: readonly (readonly [kind: string, wanted: string, available: string])[] = [
  ['Deployment', 'kube_deployment_spec_replicas', 'kube_deployment_status_replicas_available'],
  ['StatefulSet', 'kube_statefulset_replicas', 'kube_statefulset_status_replicas_current'],
  ['DaemonSet', 'kube_daemonset_status_desired_number_scheduled', 'kube_daemonset_status_number_available'],
]
const requested = (resource: string): string => `sum by (namespace, workload) (${hourly(`namespace:kube_workload_resource_request:sum{resource="${resource}",workload!~"Job:.+",$workload}`)})`
const used = (series: string): string => `sum by (namespace, workload) (${hourly(recorded(series))})`

/** Deployments, StatefulSets and DaemonSets. */
export const workload: readonly Row[] = [
  ['workload_cpu_usage', 'cores', meanings.cpuUsed, round(recorded('namespace:workload_cpu_usage:sum'), 0.001)],
  ['workload_memory_usage', 'bytes', meanings.memoryCached, recorded('namespace:workload_memory_usage:sum')],
  ['workload_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, recorded('namespace:workload_memory_usage_wo_cache:sum')],
  ...traffic('workload', 'bytes/s', perSecond, (_series, name) => recorded(`namespace:workload_net_bytes_${name}:sum_irate`)),
  ...replicas.flatMap(([kind, wanted, available]): Row[] => [
    [`workload_${kind.toLowerCase()}_replica`, 'count', `Replicas that each ${kind} wants`, ofKind(kind, wanted)],
    [`workload_${kind.toLowerCase()}_replica_available`, 'count', `Replicas that each ${kind} has`, ofKind(kind, available)],
  ]),
  ...['Deployment', 'DaemonSet', 'StatefulSet'].map((kind): Row => [`workload_${kind.toLowerCase()}_unavailable_replicas_ratio`, 'ratio', `Share of the wanted replicas that each ${kind} lacks`, recorded(`namespace:${kind.toLowerCase()}_unavailable_replicas:ratio`)]),
  ['meter_workload_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu'), used('namespace:workload_cpu_usage:sum')), 0.001)],
  ['meter_workload_memory_usage_wo_cache', 'bytes', memoryMeter, round(billable(requested('memory'), used('namespace:workload_memory_usage_wo_cache:sum')), 1)],
  ...traffic('meter_workload', 'bytes', inTheHour, (_series, name) => `round(increase(namespace:workload_net_bytes_${name}:sum{$workload}[$step]) / $hours, 1)`),
  ['meter_workload_pvc_bytes_total', 'bytes', volumeMeter, `sum by (namespace, workload) (topk by (persistentvolumeclaim, namespace, workload) (1, ${hourly('namespace:pvc_bytes_total:sum{$workload}')}))`],
]
