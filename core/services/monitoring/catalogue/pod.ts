import { billable, cpuMeter, hourly, iface, inTheHour, meanings, memoryMeter, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

/** Per pod, with its owner's and its node's name; pods that the holes do not let through fall out here. */
const owned = (expression: string): string => `${expression} * on (namespace, pod) group_left (owner_kind, owner_name) kube_pod_owner{$owner} * on (namespace, pod) group_left (node) kube_pod_info{$pod}`
const perPod = (expression: string): string => owned(`sum by (namespace, pod) (${expression})`)
const container = (series: string, more = ''): string => `${series}{image!="",job="kubelet",pod!=""${more}}`
const network = (series: string, more = ''): string => `container_network_${series}_bytes_total{${iface},pod!=""${more}}`
const requested = (resource: string): string => perPod(hourly(`namespace:kube_pod_resource_request:sum{owner_kind!="Job",resource="${resource}",$podFast}`))

/** Pods. */
export const pod: readonly Row[] = [
  ['pod_cpu_usage', 'cores', meanings.cpuUsed, round(perPod(`irate(${container('container_cpu_usage_seconds_total')}[5m])`), 0.001)],
  ['pod_memory_usage', 'bytes', meanings.memoryCached, perPod(container('container_memory_usage_bytes'))],
  ['pod_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, perPod(container('container_memory_working_set_bytes'))],
  ...traffic('pod', 'bytes/s', perSecond, series => perPod(`irate(${network(series)}[5m])`)),
  ['meter_pod_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu'), perPod(`irate(${container('container_cpu_usage_seconds_total', ',$podFast')}[$step])`)), 0.001)],
  ['meter_pod_memory_usage_wo_cache', 'bytes', memoryMeter, round(billable(requested('memory'), perPod(hourly(container('container_memory_working_set_bytes', ',$podFast')))), 0.001)],
  ...traffic('meter_pod', 'bytes', inTheHour, series => perPod(`increase(${network(series, ',$podFast')}[$step]) / $hours`)),
  ['meter_pod_pvc_bytes_total', 'bytes', volumeMeter, perPod(hourly('namespace:pvc_bytes_total:sum{$podFast}'))],
]
