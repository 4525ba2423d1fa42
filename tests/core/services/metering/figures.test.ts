import t from 'tap'
import { fixed, hourly, priced } from '../../../../core/services/metering/figures.js'
import { shownPrices, type Prices } from '../../../../core/services/metering/prices.js'
import { exported } from '../../../../core/services/metering/export.js'
import { hierarchyOf } from '../../../../core/services/metering/hierarchy.js'
import type { Metric } from '../../../../core/services/monitoring/types.js'

const prices: Prices = { cpuPerCorePerHour: 0.5, memPerGigabytesPerHour: 2, ingressNetworkTrafficPerMegabytesPerHour: 3, egressNetworkTrafficPerMegabytesPerHour: 0.125, pvcPerGigabytesPerHour: 0, currencyUnit: 'EUR' }
const matrix = (name: string, ...samples: string[]): Metric => ({ metric_name: name, data: { resultType: 'matrix', result: [{ metric: { pod: 'p', namespace: 'n' }, values: samples.map((text, i) => [3600 * (i + 1), text]) }] } })

t.test('the hours that are asked for', async t => {
  const hour = 3600
  for (const [start, end, step, from, group] of [
    [0, 10 * hour, hour, hour, 1],
    [0, 10 * hour, 60, hour, 1],
    [0, 10 * hour, -5, hour, 1],
    [0, 600, hour, 600, 1],
    [0, 48 * hour, 6 * hour, hour, 6],
    [0, 31 * 24 * hour, 24 * hour, hour, 24],
  ] as const) t.strictSame(hourly({ start, end, step }), { grid: { start: from, end, step: hour }, group }, `${start}…${end} by ${step}`)
  t.throws(() => hourly({ start: 0, end: 31 * 24 * hour, step: hour }), { code: 400, message: 'step should be larger than 24 hours' })
  t.throws(() => hourly({ start: 0, end: 5 * hour, step: 5400 }), { code: 400, message: 'step should be integer hours' })
})

t.test('figures of a value', async t => {
  const figures = (metric: Metric, group = 1) => priced(metric, prices, group).data.result?.[0]
  t.match(figures(matrix('meter_pod_cpu_usage', '1', '2', '4.5')), { min_value: '1.0000000000', max_value: '4.5000000000', avg_value: '2.5000000000', sum_value: '7.5000000000', fee: '3.750', resource_unit: 'cores', currency_unit: 'EUR' })
  t.match(figures(matrix('meter_pod_memory_usage_wo_cache', String(2 ** 30))), { sum_value: '1073741824.0000000000', fee: '2.000', resource_unit: 'bytes' })
  t.match(figures(matrix('meter_pod_net_bytes_received', String(2 ** 20))), { fee: '3.000' })
  t.match(figures(matrix('meter_pod_net_bytes_transmitted', String(2 ** 20))), { fee: '0.125' })
  t.match(figures(matrix('meter_pod_pvc_bytes_total', String(2 ** 30))), { fee: '0.000' })
  t.match(figures(matrix('meter_pod_cpu_usage', '1', 'NaN', '3')), { min_value: '1.0000000000', avg_value: '2.0000000000', sum_value: '4.0000000000' }, 'what is no number is left out')
  t.match(figures(matrix('meter_pod_cpu_usage', '1', '+Inf')), { max_value: '+Inf', fee: '+Inf' })
  t.equal(figures(matrix('meter_pod_cpu_usage', 'NaN'))?.sum_value, undefined)
  t.strictSame(figures(matrix('meter_pod_cpu_usage', '1', '2', '3', '4', '5'), 2)?.values, [[3600, '1'], [10800, '5'], [18000, '9']], 'groups are counted from the end')
  t.match(figures({ metric_name: 'meter_pod_cpu_usage', data: { resultType: 'vector', result: [{ value: [5, '0.25'] }] } }), { value: [5, '0.25'], sum_value: '0.2500000000', fee: '0.125' })
})

t.test('decimals', async t => {
  for (const [value, decimals, text] of [[0.0625, 3, '0.062'], [0.1875, 3, '0.188'], [-0.0625, 3, '-0.062'], [1 / 3, 10, '0.3333333333'], [1e21, 3, '1000000000000000000000'], [NaN, 3, 'NaN'], [-Infinity, 3, '-Inf'], [0, 3, '0.000']] as const) t.equal(fixed(value, decimals), text, `${value}`)
})

t.test('prices that are 0 are not shown', async t => {
  t.strictSame(shownPrices(prices, ''), { retention_day: '7d', currency: 'EUR', cpu_per_core_per_hour: 0.5, mem_per_gigabytes_per_hour: 2, ingress_network_traffic_per_megabytes_per_hour: 3, egress_network_traffic_per_megabytes_per_hour: 0.125 })
})

t.test('a file of lines', async t => {
  const metric = priced({ metric_name: 'meter_pod_cpu_usage', data: { resultType: 'matrix', result: [{ metric: { pod: 'a,b', namespace: 'n' }, values: [[3600, '1']] }] } }, prices, 1)
  const at = new Date(3600_000)
  const clock = `1970-01-01 ${String(at.getHours() % 12 || 12).padStart(2, '0')}:${String(at.getMinutes()).padStart(2, '0')}:00 ${at.getHours() < 12 ? 'AM' : 'PM'}`
  t.equal(exported([metric], { start: 0, end: 3600, step: 3600 }), `
metric_name,selector,start_time,end_time,min,max,avg,sum,fee, currency_unit
meter_pod_cpu_usage,"namespace=n|pod=a,b",1970-01-01 00:00:00 +0000 UTC,1970-01-01 01:00:00 +0000 UTC,1.0000000000,1.0000000000,1.0000000000,1.0000000000,0.500,EUR

metric_name,selector,time,value,unit
meter_pod_cpu_usage,"namespace=n|pod=a,b",${clock},1,cores
`)
  t.equal(exported([{ metric_name: 'x', data: { resultType: 'vector' } }], { time: 1 }), 'no data')
  t.match(exported([priced({ metric_name: 'meter_pod_cpu_usage', data: { resultType: 'vector', result: [{ value: [7200, '1'] }] } }, prices, 1)], { time: 9000 }), /1970-01-01 02:00:00 \+0000 UTC,1970-01-01 02:00:00 \+0000 UTC/)
})

t.test('who used what in a project', async t => {
  const used = (name: string, ...pods: [string, number][]): Metric => ({ metric_name: name, data: { resultType: 'vector', result: pods.map(([pod, sum]) => ({ metric: { pod }, sum_value: sum.toFixed(10) })) } })
  const metrics = [used('meter_pod_cpu_usage', ['w-1', 1], ['w-2', 2], ['d-1', 5], ['r-1', 7]), used('meter_pod_memory_usage_wo_cache', ['w-1', 10])]
  const running = [
    { kind: 'Deployment', name: 'w', pods: ['w-1', 'w-2'], release: '' },
    { kind: 'DaemonSet', name: 'd', pods: ['d-1'], release: '' },
    { kind: 'StatefulSet', name: 'r', pods: ['r-1', 'r-2'], release: 'rel' },
    { kind: 'Deployment', name: 'idle', pods: [], release: '' },
  ]
  const none = { memory_usage_wo_cache: 0, net_bytes_transmitted: 0, net_bytes_received: 0, pvc_bytes_total: 0 }
  const w = { ...none, cpu_usage: 3, memory_usage_wo_cache: 10, pods: { 'w-1': { ...none, cpu_usage: 1, memory_usage_wo_cache: 10 }, 'w-2': { ...none, cpu_usage: 2 } } }
  const r = { ...none, cpu_usage: 7, pods: { 'r-1': { ...none, cpu_usage: 7 }, 'r-2': { ...none, cpu_usage: 0 } } }
  t.strictSame(hierarchyOf(metrics, running, [{ name: 'rel', components: ['StatefulSet:r'] }], [{ name: 'app:v1', components: ['Deployment:w', 'StatefulSet:r', 'Service:w'] }, { name: 'none', components: ['Deployment:gone'] }]), {
    openpitrixs: { rel: { ...none, cpu_usage: 7, deployments: null, statefulsets: { r }, daemonsets: null } },
    apps: { 'app:v1': { ...none, cpu_usage: 3, memory_usage_wo_cache: 10, deployments: { w }, statefulsets: null, daemonsets: null } },
    deployments: null,
    statefulsets: null,
    daemonsets: { d: { ...none, cpu_usage: 5, pods: { 'd-1': { ...none, cpu_usage: 5 } } } },
  })
  t.strictSame(hierarchyOf([], [], [], []), { openpitrixs: null, apps: null, deployments: null, statefulsets: null, daemonsets: null })
})
