import { isRecord, Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { labelProblems, pathSegmentProblems } from '../names.js'
import { at, listAt, textAt } from './cells.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const types = ['ContainerResource', 'External', 'Object', 'Pods', 'Resource']
/** The field of a metric of each type. */
export const sourceOf = (type: string): string => `${type.charAt(0).toLowerCase()}${type.slice(1)}`

function versionCauses (version: string, field: string, grouped: boolean): Cause[] {
  if (version.split('/').length > 2) return [invalidValue(field, version, `unexpected GroupVersion string: ${version}`)]
  return grouped && !version.includes('/') ? [invalidValue(field, version, 'apiVersion must specify API group')] : []
}

/** What is scaled, which is in a group, or described by a metric. */
export function referenceCauses (reference: unknown, field: string, grouped = false): Cause[] {
  const named = ['kind', 'name'].flatMap(key => {
    const value = textAt(reference, key)
    return value === '' ? [requiredValue(`${field}.${key}`)] : invalidValues(`${field}.${key}`, value, pathSegmentProblems(value))
  })
  return [...named, ...versionCauses(textAt(reference, 'apiVersion'), `${field}.apiVersion`, grouped)]
}

function targetCauses (metric: unknown, field: string): Cause[] {
  const { type = '', value, averageValue, averageUtilization } = isRecord(at(metric, 'target')) ? at(metric, 'target') as Fields : {}
  const notPositive = (name: string, amount: unknown): Cause[] => amount === undefined || Quantity.of(amount).sign > 0 ? [] : [invalidValue(`${field}.${name}`, amount, 'must be positive')]
  return [
    ...type === '' ? [requiredValue(`${field}.type`, 'must specify a metric target type')] : [],
    ...['Utilization', 'Value', 'AverageValue'].includes(String(type)) ? [] : [invalidValue(`${field}.type`, type, 'must be either Utilization, Value, or AverageValue')],
    ...notPositive('value', value),
    ...notPositive('averageValue', averageValue),
    ...typeof averageUtilization === 'number' && averageUtilization < 1 ? [invalidValue(`${field}.averageUtilization`, averageUtilization, 'must be greater than 0')] : [],
  ]
}

function identifierCauses (metric: unknown, field: string): Cause[] {
  const name = textAt(metric, 'metric.name')
  return name === '' ? [requiredValue(`${field}.name`, 'must specify a metric name')] : invalidValues(`${field}.name`, name, pathSegmentProblems(name))
}

/** What of a target is given. */
const given = (metric: unknown, key: string): boolean => at(metric, `target.${key}`) !== undefined

function eitherCauses (metric: unknown, field: string): Cause[] {
  const [share, value] = [given(metric, 'averageUtilization'), given(metric, 'averageValue')]
  return [
    ...share || value ? [] : [requiredValue(`${field}.target.averageUtilization`, 'must set either a target raw value or a target utilization')],
    ...share && value ? [forbiddenValue(`${field}.target.averageValue`, 'may not set both a target raw value and a target utilization')] : [],
  ]
}

const nameCauses = (metric: unknown, field: string): Cause[] => textAt(metric, 'name') === '' ? [requiredValue(`${field}.name`, 'must specify a resource name')] : []

function containerCauses (metric: unknown, field: string): Cause[] {
  const container = textAt(metric, 'container')
  return container === '' ? [requiredValue(`${field}.container`, 'must specify a container')] : invalidValues(`${field}.container`, container, labelProblems(container))
}

const measured = (metric: unknown, field: string): Cause[] => [...identifierCauses(metric, `${field}.metric`), ...targetCauses(metric, `${field}.target`)]

const sources: Readonly<Record<string, (metric: unknown, field: string) => Cause[]>> = {
  object: (metric, field) => [
    ...referenceCauses(at(metric, 'describedObject'), `${field}.describedObject`),
    ...measured(metric, field),
    ...given(metric, 'value') || given(metric, 'averageValue') ? [] : [requiredValue(`${field}.target.averageValue`, 'must set either a target value or averageValue')],
  ],
  external: (metric, field) => [
    ...measured(metric, field),
    ...given(metric, 'value') || given(metric, 'averageValue') ? [] : [requiredValue(`${field}.target.averageValue`, 'must set either a target value for metric or a per-pod target')],
    ...given(metric, 'value') && given(metric, 'averageValue') ? [forbiddenValue(`${field}.target.value`, 'may not set both a target value for metric and a per-pod target')] : [],
  ],
  pods: (metric, field) => [...measured(metric, field), ...given(metric, 'averageValue') ? [] : [requiredValue(`${field}.target.averageValue`, 'must specify a positive target averageValue')]],
  resource: (metric, field) => [...nameCauses(metric, field), ...targetCauses(metric, `${field}.target`), ...eitherCauses(metric, field)],
  containerResource: (metric, field) => [...nameCauses(metric, field), ...containerCauses(metric, field), ...targetCauses(metric, `${field}.target`), ...eitherCauses(metric, field)],
}

/** What is wrong with one metric of an autoscaler. */
export function metricCauses (metric: Fields, field: string): Cause[] {
  const type = textAt(metric, 'type')
  const present = Object.keys(sources).filter(source => metric[source] !== undefined)
  const [first] = present
  const known = types.includes(type)
  const wanted = known ? sourceOf(type) : ''
  // Kubernetes tells it twice.
  const unknown = known ? [] : [unsupportedValue(`${field}.type`, type, types)]
  return [
    ...type === '' ? [requiredValue(`${field}.type`, 'must specify a metric source type')] : [],
    ...unknown,
    ...first ? sources[first]!(metric[first], `${field}.${first}`) : [],
    ...unknown,
    ...known && metric[wanted] === undefined ? [requiredValue(`${field}.${wanted}`, 'must populate information for the given metric source')] : [],
    ...present.length > 1 ? present.filter(source => source !== wanted).map(source => forbiddenValue(`${field}.${source}`, 'must populate the given metric source only')) : [],
  ]
}

function currentOf (statuses: readonly Fields[], i: number, source: string, key: string): string {
  const value = at(statuses[i], `${source}.current.${key}`)
  return value === undefined ? '<unknown>' : key === 'averageUtilization' ? `${String(value)}%` : String(value)
}

function metricText (metric: Fields, i: number, statuses: readonly Fields[]): string {
  const type = textAt(metric, 'type')
  const source = sourceOf(type)
  if (!types.includes(type)) return '<unknown type>'
  const target = (key: string): unknown => at(metric, `${source}.target.${key}`)
  const name = type.endsWith('Resource') ? `${textAt(metric, `${source}.name`)}: ` : ''
  const average = target('averageValue')
  if (average !== undefined) return `${name}${currentOf(statuses, i, source, 'averageValue')}/${String(average)}${type === 'External' || type === 'Object' ? ' (avg)' : ''}`
  if (name === '') return `${currentOf(statuses, i, source, 'value')}/${String(target('value'))}`
  const share = target('averageUtilization')
  return `${name}${currentOf(statuses, i, source, 'averageUtilization')}/${share === undefined ? '<auto>' : `${String(share)}%`}`
}

/** What is measured and what is wanted, two of them at most. */
export function metricsText (object: KubeObject): string {
  const statuses = listAt(object, 'status.currentMetrics')
  const texts = listAt(object, 'spec.metrics').map((metric, i) => metricText(metric, i, statuses))
  const shown = texts.slice(0, 2).join(', ')
  return texts.length === 0 ? '<none>' : texts.length > 2 ? `${shown} + ${texts.length - 2} more...` : shown
}
