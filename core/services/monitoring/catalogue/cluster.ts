import { counts, cpuMeter, device, hourly, inTheHour, larger, local, meanings, memoryMeter, notReady, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

const requested = (resource: string, unit: string): string => `sum(${hourly(`kube_pod_container_resource_requests{resource="${resource}",unit="${unit}"}`)})`
const used = (share: string, total: string): string => `(${hourly(share)} * sum(${hourly(total)}))`
const perDevice = (selector: string): string => `sum(max by (device, instance) (${selector}))`

/** The whole cluster. */
export const cluster: readonly Row[] = [
  ['cluster_cpu_utilisation', 'ratio', meanings.cpuShare, ':node_cpu_utilisation:avg1m'],
  ['cluster_cpu_usage', 'cores', meanings.cpuUsed, 'round(:node_cpu_utilisation:avg1m * sum(node:node_num_cpu:sum), 0.001)'],
  ['cluster_cpu_total', 'cores', meanings.cpuTotal, 'sum(node:node_num_cpu:sum)'],
  ['cluster_memory_utilisation', 'ratio', meanings.memoryShare, ':node_memory_utilisation:'],
  ['cluster_memory_available', 'bytes', meanings.memoryFree, 'sum(node:node_memory_bytes_available:sum)'],
  ['cluster_memory_total', 'bytes', meanings.memoryTotal, 'sum(node:node_memory_bytes_total:sum)'],
  ['cluster_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, 'sum(node:node_memory_bytes_total:sum) - sum(node:node_memory_bytes_available:sum)'],
  ['cluster_net_utilisation', 'bytes/s', 'Bytes over the network in a second, both ways', ':node_net_utilisation:sum_irate'],
  ...traffic('cluster', 'bytes/s', perSecond, (_series, name) => `sum(node:node_net_bytes_${name}:sum_irate)`),
  ['cluster_disk_read_iops', 'ops/s', 'Reads from disk in a second', 'sum(node:data_volume_iops_reads:sum)'],
  ['cluster_disk_write_iops', 'ops/s', 'Writes to disk in a second', 'sum(node:data_volume_iops_writes:sum)'],
  ['cluster_disk_read_throughput', 'bytes/s', 'Bytes read from disk in a second', 'sum(node:data_volume_throughput_bytes_read:sum)'],
  ['cluster_disk_write_throughput', 'bytes/s', 'Bytes written to disk in a second', 'sum(node:data_volume_throughput_bytes_written:sum)'],
  ['cluster_disk_size_usage', 'bytes', meanings.diskUsed, perDevice(`node_filesystem_size_bytes{${local}} - node_filesystem_avail_bytes{${local}}`)],
  ['cluster_disk_size_utilisation', 'ratio', meanings.diskShare, 'cluster:disk_utilization:ratio'],
  ['cluster_disk_size_capacity', 'bytes', meanings.diskTotal, perDevice(`node_filesystem_size_bytes{${local}}`)],
  ['cluster_disk_size_available', 'bytes', meanings.diskFree, perDevice(`node_filesystem_avail_bytes{${local}}`)],
  ['cluster_disk_inode_total', 'count', 'Inodes there are', 'sum(node:node_inodes_total:)'],
  ['cluster_disk_inode_usage', 'count', 'Inodes in use', 'sum(node:node_inodes_total:) - sum(node:node_inodes_free:)'],
  ['cluster_disk_inode_utilisation', 'ratio', 'Share of the inodes in use', 'cluster:disk_inode_utilization:ratio'],
  ['cluster_namespace_count', 'count', 'How many Namespaces there are', 'count(kube_namespace_labels)'],
  ['cluster_pod_count', 'count', meanings.podsLive, 'cluster:pod:sum'],
  ['cluster_pod_quota', 'count', meanings.podsRoom, `sum(max by (node) (kube_node_status_capacity{resource="pods"}) unless on (node) ${notReady})`],
  ['cluster_pod_utilisation', 'ratio', meanings.podsShare, 'cluster:pod_utilization:ratio'],
  ['cluster_pod_running_count', 'count', meanings.podsRunning, 'cluster:pod_running:count'],
  ['cluster_pod_succeeded_count', 'count', meanings.podsSucceeded, `count(kube_pod_info unless on (pod) (kube_pod_status_phase{phase=~"Failed|Pending|Unknown|Running"} > 0) unless on (node) ${notReady})`],
  ['cluster_pod_abnormal_count', 'count', meanings.podsAbnormal, 'cluster:pod_abnormal:sum'],
  ['cluster_node_online', 'count', 'Nodes that are ready', 'sum(kube_node_status_condition{condition="Ready",status="true"})'],
  ['cluster_node_offline', 'count', 'Nodes that are not ready', 'cluster:node_offline:sum'],
  ['cluster_node_total', 'count', 'How many Nodes there are', 'sum(kube_node_status_condition{condition="Ready"})'],
  ...counts('cluster', 'cronjob pvc daemonset deployment endpoint hpa job statefulset replicaset service secret pv ingresses_extensions', (aggregate, series) => `${aggregate}(${series})`),
  ...[1, 5, 15].map((minutes): Row => [`cluster_load${minutes}`, 'ratio', `Load over ${minutes} min for each CPU`, `sum(node_load${minutes}{job="node-exporter"}) / sum(node:node_num_cpu:sum)`]),
  ['cluster_pod_abnormal_ratio', 'ratio', meanings.podsAbnormalShare, 'cluster:pod_abnormal:ratio'],
  ['cluster_node_offline_ratio', 'ratio', 'Share of the nodes that is not ready', 'cluster:node_offline:ratio'],
  ['meter_cluster_cpu_usage', 'cores', cpuMeter, round(larger(requested('cpu', 'core'), used(':node_cpu_utilisation:avg1m', 'node:node_num_cpu:sum')), 0.001)],
  ['meter_cluster_memory_usage', 'bytes', memoryMeter, round(larger(requested('memory', 'byte'), used(':node_memory_utilisation:', 'node:node_memory_bytes_total:sum')), 1)],
  ...traffic('meter_cluster', 'bytes', inTheHour, series => `round(sum(increase(node_network_${series}_bytes_total{${device}}[$step])) / $hours, 1)`),
  ['meter_cluster_pvc_bytes_total', 'bytes', volumeMeter, `sum(topk by (persistentvolumeclaim) (1, ${hourly('namespace:pvc_bytes_total:sum')}))`],
]
