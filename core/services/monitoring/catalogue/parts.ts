import { meanings, round } from './fragments.js'
import type { Row } from './types.js'

const perContainer = (series: string, function_ = (selector: string) => selector): string => `sum by (namespace, pod, container) (${function_(`${series}{container!="",container!="POD",image!="",job="kubelet",$container}`)})`

/** Containers of a pod. */
export const container: readonly Row[] = [
  ['container_cpu_usage', 'cores', meanings.cpuUsed, round(perContainer('container_cpu_usage_seconds_total', selector => `irate(${selector}[5m])`), 0.001)],
  ['container_memory_usage', 'bytes', meanings.memoryCached, perContainer('container_memory_usage_bytes')],
  ['container_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, perContainer('container_memory_working_set_bytes')],
  ['container_processes_usage', 'count', 'Processes', perContainer('container_processes')],
  ['container_threads_usage', 'count', 'Threads', perContainer('container_threads')],
]

const perClaim = (expression: string): string => `max by (namespace, persistentvolumeclaim) (${expression}) * on (namespace, persistentvolumeclaim) group_left (storageclass) kube_persistentvolumeclaim_info{$pvc}`
const volume = (unit: string, what: string, free: string, used: string, total: string): Row[] => [
  [`pvc_${unit}_available`, unit === 'bytes' ? 'bytes' : 'count', `${what} free in the volume`, perClaim(free)],
  [`pvc_${unit}_used`, unit === 'bytes' ? 'bytes' : 'count', `${what} used in the volume`, perClaim(used)],
  [`pvc_${unit}_total`, unit === 'bytes' ? 'bytes' : 'count', `${what} in the volume`, perClaim(total)],
  [`pvc_${unit}_utilisation`, 'ratio', `Share of the volume's ${what.toLowerCase()} in use`, perClaim(`${used} / ${total}`)],
]

/** Claimed volumes. */
export const pvc: readonly Row[] = [
  ...volume('inodes', 'Inodes', 'kubelet_volume_stats_inodes_free', 'kubelet_volume_stats_inodes_used', 'kubelet_volume_stats_inodes'),
  ...volume('bytes', 'Bytes', 'kubelet_volume_stats_available_bytes', 'kubelet_volume_stats_used_bytes', 'kubelet_volume_stats_capacity_bytes'),
]
