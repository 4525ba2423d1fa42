import type { Row } from './types.js'

const nginx = (series: string, fixed = ''): string => `nginx_ingress_controller_${series}{${fixed}$ingress,$controller}[$range]`
const counted = (fixed = ''): string => `round(sum(increase(${nginx('requests', fixed)})))`
const percentile = (n: number): Row => [`ingress_request_duration_${n}percentage`, 'seconds', `Time in which ${n} of 100 requests are answered`, `histogram_quantile(0.${n}, sum by (le) (rate(${nginx('request_duration_seconds_bucket')})))`]

/** Ingresses of the nginx controller. */
export const ingress: readonly Row[] = [
  ['ingress_request_count', 'count', 'Requests in the window', counted()],
  ['ingress_request_5xx_count', 'count', 'Requests in the window that failed', counted('status=~"[5].*",')],
  ['ingress_request_4xx_count', 'count', 'Requests in the window that were refused', counted('status=~"[4].*",')],
  ['ingress_active_connections', 'count', 'Open connections of the controller, their mean over the window', 'sum(avg_over_time(nginx_ingress_controller_nginx_process_connections{state="active",$controller}[$range]))'],
  ['ingress_success_rate', 'ratio', 'Share of the requests that were neither refused nor failed', `sum(rate(${nginx('requests', 'status!~"[4-5].*",')})) / sum(rate(${nginx('requests')}))`],
  ['ingress_request_duration_average', 'seconds', 'Mean time to answer', `sum_over_time(${nginx('request_duration_seconds_sum')}) / sum_over_time(${nginx('request_duration_seconds_count')})`],
  ...[50, 95, 99].map(percentile),
  ['ingress_request_volume', 'req/s', 'Requests in a second', `round(sum(irate(${nginx('requests')})), 0.001)`],
  ['ingress_request_volume_by_ingress', 'req/s', 'Requests in a second, for each ingress', `round(sum by (ingress) (irate(${nginx('requests')})), 0.001)`],
  ['ingress_request_network_sent', 'bytes/s', 'Bytes answered in a second', `sum(irate(${nginx('response_size_sum')}))`],
  ['ingress_request_network_received', 'bytes/s', 'Bytes asked in a second', `sum(irate(${nginx('request_size_sum')}))`],
  ['ingress_request_memory_bytes', 'bytes', 'Memory of the controller', 'avg(nginx_ingress_controller_nginx_process_resident_memory_bytes{$controller})'],
  ['ingress_request_cpu_usage', 'cores', 'CPUs that the controller keeps busy', 'avg(rate(nginx_ingress_controller_nginx_process_cpu_seconds_total{$controller}[5m]))'],
]
