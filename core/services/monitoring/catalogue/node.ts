import { billable, cpuMeter, device, hourly, inTheHour, local, meanings, memoryMeter, notReady, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

const recorded = (series: string): string => `${series}{$node}`
const onNode = (labels: string): string => `* on (namespace, pod) group_left (${labels}) node_namespace_pod:kube_pod_info:{$node}`
const [size, free] = ['size', 'avail'].map(what => `node_filesystem_${what}_bytes{${local}}`) as [string, string]
const perDevice = (selector: string): string => `sum by (device, node, host_ip, role) (${selector} ${onNode('node, host_ip, role')})`
const requested = (resource: string, unit: string): string => `sum by (node) (${hourly(`kube_pod_container_resource_requests{resource="${resource}",unit="${unit}",$node}`)})`
const used = (a: string, operator: string, b: string): string => `sum by (node) (${hourly(recorded(a))} ${operator} ${hourly(recorded(b))})`

/** Nodes. */
export const node: readonly Row[] = [
  ['node_cpu_utilisation', 'ratio', meanings.cpuShare, recorded('node:node_cpu_utilisation:avg1m')],
  ['node_cpu_total', 'cores', meanings.cpuTotal, recorded('node:node_num_cpu:sum')],
  ['node_cpu_usage', 'cores', meanings.cpuUsed, 'round(node:node_cpu_utilisation:avg1m{$node} * node:node_num_cpu:sum{$node}, 0.001)'],
  ['node_memory_utilisation', 'ratio', meanings.memoryShare, recorded('node:node_memory_utilisation:')],
  ['node_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, 'node:node_memory_bytes_total:sum{$node} - node:node_memory_bytes_available:sum{$node}'],
  ['node_memory_available', 'bytes', meanings.memoryFree, recorded('node:node_memory_bytes_available:sum')],
  ['node_memory_total', 'bytes', meanings.memoryTotal, recorded('node:node_memory_bytes_total:sum')],
  ['node_net_utilisation', 'bytes/s', 'Bytes over the network in a second, both ways', recorded('node:node_net_utilisation:sum_irate')],
  ...traffic('node', 'bytes/s', perSecond, (_series, name) => recorded(`node:node_net_bytes_${name}:sum_irate`)),
  ['node_disk_read_iops', 'ops/s', 'Reads from disk in a second', recorded('node:data_volume_iops_reads:sum')],
  ['node_disk_write_iops', 'ops/s', 'Writes to disk in a second', recorded('node:data_volume_iops_writes:sum')],
  ['node_disk_read_throughput', 'bytes/s', 'Bytes read from disk in a second', recorded('node:data_volume_throughput_bytes_read:sum')],
  ['node_disk_write_throughput', 'bytes/s', 'Bytes written to disk in a second', recorded('node:data_volume_throughput_bytes_written:sum')],
  ['node_disk_size_capacity', 'bytes', meanings.diskTotal, `sum by (node) (max by (device, node) (${size} ${onNode('node')}))`],
  ['node_disk_size_available', 'bytes', meanings.diskFree, recorded('node:disk_space_available:')],
  ['node_disk_size_usage', 'bytes', meanings.diskUsed, `sum by (node) (max by (device, node) ((${size} - ${free}) ${onNode('node')}))`],
  ['node_disk_size_utilisation', 'ratio', meanings.diskShare, recorded('node:disk_space_utilization:ratio')],
  ['node_disk_inode_total', 'count', 'Inodes there are', recorded('node:node_inodes_total:')],
  ['node_disk_inode_usage', 'count', 'Inodes in use', 'node:node_inodes_total:{$node} - node:node_inodes_free:{$node}'],
  ['node_disk_inode_utilisation', 'ratio', 'Share of the inodes in use', recorded('node:disk_inode_utilization:ratio')],
  ['node_pod_count', 'count', meanings.podsLive, recorded('node:pod_count:sum')],
  ['node_pod_quota', 'count', meanings.podsRoom, `max by (node) (kube_node_status_capacity{resource="pods",$node}) unless on (node) ${notReady}`],
  ['node_pod_utilisation', 'ratio', meanings.podsShare, recorded('node:pod_utilization:ratio')],
  ['node_pod_running_count', 'count', meanings.podsRunning, recorded('node:pod_running:count')],
  ['node_pod_succeeded_count', 'count', meanings.podsSucceeded, recorded('node:pod_succeeded:count')],
  ['node_pod_abnormal_count', 'count', meanings.podsAbnormal, recorded('node:pod_abnormal:count')],
  ...[1, 5, 15].map((minutes): Row => [`node_load${minutes}`, 'ratio', `Load over ${minutes} min for each CPU`, recorded(`node:load${minutes}:ratio`)]),
  ['node_pod_abnormal_ratio', 'ratio', meanings.podsAbnormalShare, recorded('node:pod_abnormal:ratio')],
  ['node_pleg_quantile', 'seconds', 'Time in which the kubelet looks through its pods, by quantile', recorded('node_quantile:kubelet_pleg_relist_duration_seconds:histogram_quantile')],
  ['node_device_size_usage', 'bytes', 'Bytes used on each device', `${perDevice(size)} - ${perDevice(free)}`],
  ['node_device_size_utilisation', 'ratio', 'Share of each device in use', `1 - ${perDevice(free)} / ${perDevice(size)}`],
  ['meter_node_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu', 'core'), used('node:node_cpu_utilisation:avg1m', '*', 'node:node_num_cpu:sum')), 0.001)],
  ['meter_node_memory_usage_wo_cache', 'bytes', memoryMeter, round(billable(requested('memory', 'byte'), used('node:node_memory_bytes_total:sum', '-', 'node:node_memory_bytes_available:sum')), 0.001)],
  ...traffic('meter_node', 'bytes', inTheHour, series => `round(sum by (node) (sum without (instance) (label_replace(increase(node_network_${series}_bytes_total{${device},$instance}[$step]), "node", "$1", "instance", "(.*)"))) / $hours, 1)`),
  ['meter_node_pvc_bytes_total', 'bytes', volumeMeter, `sum by (node) (topk by (persistentvolumeclaim, node) (1, ${hourly('namespace:pvc_bytes_total:sum{$node}')}))`],
]
