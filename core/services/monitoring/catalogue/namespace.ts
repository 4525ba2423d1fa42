import { billable, counts, cpuMeter, hourly, iface, inTheHour, meanings, memoryMeter, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

const labelled = 'kube_namespace_labels{$namespace}'
const orNone = `or on (namespace) max by (namespace) (${labelled} * 0)`
const recorded = (series: string): string => `${series}{namespace!="",$namespace}`
const inProject = (series: string, aggregate = 'sum'): string => `${aggregate} by (namespace) (${series} * on (namespace) group_left (workspace) ${labelled})`
const pods = (phase: string): string => `${inProject(`kube_pod_status_phase{namespace!="",${phase}}`)} ${orNone}`
const hard = (resource: string): string => inProject(`kube_resourcequota{namespace!="",resource="${resource}",resourcequota!="quota",type="hard"}`, 'min')
const network = (series: string): string => `container_network_${series}_bytes_total{${iface},namespace!="",pod!=""}`
const requested = (resource: string): string => `sum by (namespace) (${hourly(`namespace:kube_pod_resource_request:sum{namespace!="",owner_kind!="Job",resource="${resource}",$namespace}`)})`
const used = (series: string): string => `sum by (namespace) (${hourly(recorded(series))})`

/** Projects. */
export const namespace: readonly Row[] = [
  ['namespace_cpu_usage', 'cores', meanings.cpuUsed, round(recorded('namespace:container_cpu_usage_seconds_total:sum_rate'), 0.001)],
  ['namespace_memory_usage', 'bytes', meanings.memoryCached, recorded('namespace:container_memory_usage_bytes:sum')],
  ['namespace_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, recorded('namespace:container_memory_usage_bytes_wo_cache:sum')],
  ...traffic('namespace', 'bytes/s', perSecond, series => `${inProject(`irate(${network(series)}[5m])`)} ${orNone}`),
  ['namespace_pod_count', 'count', meanings.podsLive, pods('phase!~"Failed|Succeeded"')],
  ['namespace_pod_running_count', 'count', meanings.podsRunning, pods('phase="Running"')],
  ['namespace_pod_succeeded_count', 'count', meanings.podsSucceeded, pods('phase="Succeeded"')],
  ['namespace_pod_abnormal_count', 'count', meanings.podsAbnormal, recorded('namespace:pod_abnormal:count')],
  ['namespace_pod_abnormal_ratio', 'ratio', meanings.podsAbnormalShare, recorded('namespace:pod_abnormal:ratio')],
  ['namespace_memory_limit_hard', 'bytes', 'Quota of memory limits, as people set it', hard('limits.memory')],
  ['namespace_cpu_limit_hard', 'cores', 'Quota of CPU limits, as people set it', hard('limits.cpu')],
  ['namespace_pod_count_hard', 'count', 'Quota of pods, as people set it', hard('count/pods')],
  ...counts('namespace', 'cronjob pvc daemonset deployment endpoint hpa job statefulset replicaset service secret configmap ingresses_extensions s2ibuilder', (aggregate, series) => inProject(`${series}{namespace!=""}`, aggregate)),
  ['meter_namespace_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu'), used('namespace:container_cpu_usage_seconds_total:sum_rate')), 0.001)],
  ['meter_namespace_memory_usage_wo_cache', 'bytes', memoryMeter, round(billable(requested('memory'), used('namespace:container_memory_usage_bytes_wo_cache:sum')), 1)],
  ...traffic('meter_namespace', 'bytes', inTheHour, series => `round((${inProject(`increase(${network(series)}[$step])`)} ${orNone}) / $hours, 1)`),
  ['meter_namespace_pvc_bytes_total', 'bytes', volumeMeter, `sum by (namespace) (topk by (persistentvolumeclaim, namespace) (1, ${hourly('namespace:pvc_bytes_total:sum{$namespace}')}))`],
]
