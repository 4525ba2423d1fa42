import type { Row } from './types.js'

// What several levels ask alike.

export const local = 'device!~"/dev/loop\\\\d+",device=~"/dev/.*",job="node-exporter"'
const virtual = '"^(cali.+|tunl.+|dummy.+|kube.+|flannel.+|cni.+|docker.+|veth.+|lo.*)"'
/** Network devices of a node, and interfaces of a container, that carry traffic of their own. */
export const device = `device!~${virtual},job="node-exporter"`
export const iface = `interface!~${virtual},job="kubelet"`
export const notReady = '(kube_node_status_condition{condition="Ready",status=~"unknown|false"} > 0)'

/** Whatever of the two is larger; `or` the used alone, where nothing was requested. */
export const larger = (requested: string, used: string): string => `(${requested} >= ${used}) or (${used} > ${requested})`
export const billable = (requested: string, used: string): string => `${larger(requested, used)} or (${used})`
export const round = (expression: string, to: number): string => `round(${expression}, ${to})`
export const hourly = (selector: string): string => `avg_over_time(${selector}[$step])`

export const directions = [['transmitted', 'transmit', 'sent'], ['received', 'receive', 'received']] as const

/** One row each for bytes sent and bytes received. */
export const traffic = (prefix: string, unit: string, meaning: (what: string) => string, expression: (series: string, name: string) => string): Row[] =>
  directions.map(([name, series, what]) => [`${prefix}_net_bytes_${name}`, unit, meaning(what), expression(series, name)])

export const perSecond = (what: string): string => `Bytes ${what} over the network in a second`
export const inTheHour = (what: string): string => `Bytes ${what} over the network in the hour, for metering`

export const cpuMeter = 'CPU to be charged: the mean over the hour of what was requested or used, whichever is more'
export const memoryMeter = 'Memory to be charged: the mean over the hour of what was requested or used, whichever is more'
export const volumeMeter = 'Size of the claimed volumes, its mean over the hour'

export const meanings = {
  cpuShare: 'Share of the CPUs that is busy, over the last minute',
  cpuUsed: 'CPUs that are busy',
  cpuTotal: 'CPUs there are',
  memoryShare: 'Share of the memory in use, without the page cache',
  memoryUsed: 'Memory in use, without the page cache',
  memoryCached: 'Memory in use, with the page cache',
  memoryFree: 'Memory that can still be had',
  memoryTotal: 'Memory there is',
  diskTotal: 'Size of the local file systems',
  diskUsed: 'Bytes used in the local file systems',
  diskFree: 'Bytes free in the local file systems',
  diskShare: 'Share of the local file systems in use',
  podsLive: 'Pods that have not ended',
  podsRunning: 'Pods that run',
  podsSucceeded: 'Pods that ended well',
  podsAbnormal: 'Pods in trouble: neither ready, nor ended well, nor just starting',
  podsAbnormalShare: 'Share of pods in trouble among those that have not ended well',
  podsRoom: 'Pods that the ready nodes have room for',
  podsShare: 'Share of the room for pods that is taken',
} as const

/** Objects of a kind, by the series that kube-state-metrics has of each. */
export const objects: Readonly<Record<string, readonly [series: string, kind: string, aggregate?: string, before?: string]>> = {
  cronjob: ['kube_cronjob_labels', 'CronJobs'],
  pvc: ['kube_persistentvolumeclaim_info', 'PersistentVolumeClaims'],
  daemonset: ['kube_daemonset_labels', 'DaemonSets'],
  deployment: ['kube_deployment_labels', 'Deployments'],
  endpoint: ['kube_endpoint_labels', 'Endpoints'],
  hpa: ['kube_horizontalpodautoscaler_labels', 'HorizontalPodAutoscalers', 'sum', 'kube_hpa_labels'],
  job: ['kube_job_labels', 'Jobs'],
  statefulset: ['kube_statefulset_labels', 'StatefulSets'],
  replicaset: ['kube_replicaset_labels', 'ReplicaSets', 'count'],
  service: ['kube_service_info', 'Services'],
  secret: ['kube_secret_info', 'Secrets'],
  configmap: ['kube_configmap_info', 'ConfigMaps'],
  pv: ['kube_persistentvolume_labels', 'PersistentVolumes'],
  ingresses_extensions: ['kube_ingress_labels', 'Ingresses'],
  s2ibuilder: ['s2i_s2ibuilder_created', 'S2iBuilders'],
}

/** Rows that count objects, in the order given. */
export const counts = (prefix: string, kinds: string, expression: (aggregate: string, series: string) => string): Row[] => kinds.split(' ').map(kind => {
  const [series, many, aggregate = 'sum', before] = objects[kind]!
  return [`${prefix}_${kind}_count`, 'count', `How many ${many} there are`, expression(aggregate, series), ...before ? [expression(aggregate, before)] : []]
})
