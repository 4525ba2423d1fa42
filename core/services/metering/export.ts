import type { Metric, Value } from '../monitoring/types.js'
import { isRange, type Times } from '../monitoring/parameters.js'

const summary = 'metric_name,selector,start_time,end_time,min,max,avg,sum,fee, currency_unit'
const details = 'metric_name,selector,time,value,unit'

/** A field as RFC 4180 has it. */
const field = (text: string): string => /[",\r\n]|^ /.test(text) ? `"${text.replaceAll('"', '""')}"` : text
const line = (...fields: string[]): string => fields.map(field).join(',')
const two = (value: number): string => String(value).padStart(2, '0')

/** `2026-11-23 15:21:00 +0000 UTC` */
const utc = (seconds: number): string => `${new Date(seconds * 1000).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`

/** `2026-11-23 03:21:00 PM`, by the clock of the server. */
function local (seconds: number): string {
  const at = new Date(seconds * 1000)
  const hours = at.getHours()
  return `${at.getFullYear()}-${two(at.getMonth() + 1)}-${two(at.getDate())} ${two(hours % 12 || 12)}:${two(at.getMinutes())}:${two(at.getSeconds())} ${hours < 12 ? 'AM' : 'PM'}`
}

function block (name: string, value: Value, times: Times): string {
  const points = value.values ?? (value.value ? [value.value] : [])
  const selector = Object.entries(value.metric ?? {}).sort(([a], [b]) => a < b ? -1 : 1).map(([label, text]) => `${label}=${text}`).join('|')
  const [start, end] = isRange(times) ? [times.start, times.end] : [points[0]?.[0] ?? times.time, points[0]?.[0] ?? times.time]
  const { min_value: min = '', max_value: max = '', avg_value: avg = '', sum_value: sum = '', fee = '', currency_unit: currency = '', resource_unit: unit = '' } = value
  return ['', summary, line(name, selector, utc(start), utc(end), min, max, avg, sum, fee, currency), '', details, ...points.map(([time, text]) => line(name, selector, local(time), text, unit)), ''].join('\n')
}

/** Meters as a file of lines with comma-separated values. */
export function exported (metrics: readonly Metric[], times: Times): string {
  const blocks = metrics.flatMap(({ metric_name: name = '', data }) => (data.result ?? []).filter(({ value, values }) => value ?? values).map(value => block(name, value, times)))
  return blocks.length > 0 ? blocks.join('') : 'no data'
}
