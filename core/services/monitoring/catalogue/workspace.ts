import { billable, counts, cpuMeter, hourly, iface, inTheHour, meanings, memoryMeter, perSecond, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

const labelled = 'kube_namespace_labels{$workspace}'
/** Zero for workspaces without a sample. */
const orNone = `or on (workspace) max by (workspace) (${labelled} * 0)`
const inWorkspace = (series: string, aggregate = 'sum'): string => `${aggregate} by (workspace) (${series} * on (namespace) group_left (workspace) (${labelled}))`
const pods = (phase: string): string => `${inWorkspace(`kube_pod_status_phase{namespace!="",${phase}}`)} ${orNone}`
const bytes = (change: string): string => `sum by (workspace) (sum by (namespace) (${change}) * on (namespace) group_left (workspace) ${labelled}) ${orNone}`
const network = (series: string): string => `container_network_${series}_bytes_total{${iface},namespace!="",pod!=""}`

const state = (series: string, matchers: string): string => `(${series}{${matchers}} > 0)`
const phase = (name: string): string => state('kube_pod_status_phase', `job="kube-state-metrics",phase="${name}"`)
const ready = state('kube_pod_status_ready', 'condition="true",job="kube-state-metrics"')
const waiting = state('kube_pod_container_status_waiting_reason', 'job="kube-state-metrics",reason="ContainerCreating"')
const troubled = `(kube_pod_info{node!=""} unless on (pod, namespace) ${phase('Succeeded')} unless on (pod, namespace) (${ready} and on (pod, namespace) ${phase('Running')}) unless on (pod, namespace) ${waiting})`

const requested = (resource: string): string => `sum by (workspace) (${hourly(`namespace:kube_pod_resource_request:sum{namespace!="",owner_kind!="Job",resource="${resource}",$workspace}`)})`
const used = (series: string): string => `sum by (workspace) (${hourly(`${series}{namespace!="",$workspace}`)})`

/** Workspaces: what their projects have together. */
export const workspace: readonly Row[] = [
  ['workspace_cpu_usage', 'cores', meanings.cpuUsed, 'round(sum by (workspace) (namespace:container_cpu_usage_seconds_total:sum_rate{namespace!="",$workspace}), 0.001)'],
  ['workspace_memory_usage', 'bytes', meanings.memoryCached, 'sum by (workspace) (namespace:container_memory_usage_bytes:sum{namespace!="",$workspace})'],
  ['workspace_memory_usage_wo_cache', 'bytes', meanings.memoryUsed, 'sum by (workspace) (namespace:container_memory_usage_bytes_wo_cache:sum{namespace!="",$workspace})'],
  ...traffic('workspace', 'bytes/s', perSecond, series => bytes(`irate(${network(series)}[5m])`)),
  ['workspace_pod_count', 'count', meanings.podsLive, pods('phase!~"Failed|Succeeded"')],
  ['workspace_pod_running_count', 'count', meanings.podsRunning, pods('phase="Running"')],
  ['workspace_pod_succeeded_count', 'count', meanings.podsSucceeded, pods('phase="Succeeded"')],
  ['workspace_pod_abnormal_count', 'count', meanings.podsAbnormal, inWorkspace(troubled, 'count')],
  ...counts('workspace', 'ingresses_extensions cronjob pvc daemonset deployment endpoint hpa job statefulset replicaset service secret', (aggregate, series) => inWorkspace(`${series}{namespace!=""}`, aggregate)),
  ['workspace_pod_abnormal_ratio', 'ratio', meanings.podsAbnormalShare, `count by (workspace) (${troubled} * on (namespace) group_left (workspace) ${labelled}) / ${inWorkspace('kube_pod_status_phase{namespace!="",phase!="Succeeded"}')}`],
  ['meter_workspace_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu'), used('namespace:container_cpu_usage_seconds_total:sum_rate')), 0.001)],
  ['meter_workspace_memory_usage', 'bytes', memoryMeter, round(billable(requested('memory'), used('namespace:container_memory_usage_bytes:sum')), 1)],
  ...traffic('meter_workspace', 'bytes', inTheHour, series => `round((${bytes(`increase(${network(series)}[$step])`)}) / $hours, 1)`),
  ['meter_workspace_pvc_bytes_total', 'bytes', volumeMeter, `sum by (workspace) (topk by (persistentvolumeclaim, workspace) (1, ${hourly('namespace:pvc_bytes_total:sum{$workspace}')}))`],
]
