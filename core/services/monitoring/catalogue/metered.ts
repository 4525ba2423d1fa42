import { billable, cpuMeter, hourly, iface, inTheHour, memoryMeter, round, traffic, volumeMeter } from './fragments.js'
import type { Row } from './types.js'

// Levels that metering alone has.

const named = (expression: string): string => `label_replace(${expression}, "application", $app, "", "")`
const perApp = (expression: string): string => `sum by (namespace, application) (${named(expression)})`
const requested = (resource: string): string => perApp(hourly(`namespace:kube_workload_resource_request:sum{resource="${resource}",workload!~"Job:.+",$workloads}`))
const used = (series: string): string => perApp(hourly(`${series}{$workloads}`))

/** Applications: the workloads that each consists of. */
export const application: readonly Row[] = [
  ['meter_application_cpu_usage', 'cores', cpuMeter, round(billable(requested('cpu'), used('namespace:workload_cpu_usage:sum')), 0.001)],
  ['meter_application_memory_usage_wo_cache', 'bytes', memoryMeter, round(billable(requested('memory'), used('namespace:workload_memory_usage_wo_cache:sum')), 1)],
  ...traffic('meter_application', 'bytes', inTheHour, (_series, name) => `round(${perApp(`increase(namespace:workload_net_bytes_${name}:sum{$workloads}[$step])`)} / $hours, 1)`),
  ['meter_application_pvc_bytes_total', 'bytes', volumeMeter, perApp(`topk by (persistentvolumeclaim) (1, ${hourly('namespace:pvc_bytes_total:sum{$workloads}')})`)],
]

const ofPods = (expression: string): string => `sum by (namespace, pod) (sum by (namespace, pod) (${expression}) * on (namespace, pod) group_left (owner_kind, owner_name) kube_pod_owner * on (namespace, pod) group_left (node) kube_pod_info{$pods})`
const perService = (expression: string): string => `sum by (namespace, service) (label_replace(${expression}, "service", $svc, "", ""))`
const asked = (resource: string): string => `sum by (namespace, pod) (${hourly(`namespace:kube_pod_resource_request:sum{owner_kind!="Job",resource="${resource}",$pods}`)})`
const container = (series: string): string => `${series}{image!="",job="kubelet",pod!=""}`
/** Pods are compared one by one, then added up. */
const charged = (resource: string, spent: string): string => `${perService(`${asked(resource)} >= ${spent}`)} or ${perService(`${spent} > ${asked(resource)}`)} or ${perService(spent)}`

/** Services: the pods behind each. */
export const service: readonly Row[] = [
  ['meter_service_cpu_usage', 'cores', cpuMeter, round(charged('cpu', ofPods(`irate(${container('container_cpu_usage_seconds_total')}[$step])`)), 0.001)],
  ['meter_service_memory_usage_wo_cache', 'bytes', memoryMeter, round(charged('memory', ofPods(hourly(container('container_memory_working_set_bytes')))), 1)],
  ...traffic('meter_service', 'bytes', inTheHour, series => `round(${perService(ofPods(`increase(container_network_${series}_bytes_total{${iface},pod!=""}[$step])`))} / $hours, 1)`),
]
