import { isRecord } from '../../../core/sdk/index.js'
import { at, listAt, recordAt } from './cells.js'
import type { Kind } from './row.js'
import { within } from './row.js'
import type { Draft } from './types.js'

type Fields = Record<string, unknown>

/** Where autoscaling/v1 keeps what it has no fields for. */
const prefix = 'autoscaling.alpha.kubernetes.io/'
const keptIn = { metrics: `${prefix}metrics`, currentMetrics: `${prefix}current-metrics`, conditions: `${prefix}conditions`, behavior: `${prefix}behavior` }

const without = (fields: Fields): Fields => Object.fromEntries(Object.entries(fields).filter(([, value]) => value !== undefined))
const isPlainCpu = (metric: Fields): boolean => metric.type === 'Resource' && at(metric, 'resource.name') === 'cpu' && at(metric, 'resource.target.averageUtilization') !== undefined
const cpu = (averageUtilization: unknown): Fields => ({ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization } } })

/** A part of a metric in the words of v1, and back. */
interface Words { readonly older: (source: Fields) => Fields, readonly newer: (source: Fields) => Fields }

const resource: Words = {
  older: ({ name, container, target }) => without({ name, targetAverageUtilization: at(target, 'averageUtilization'), targetAverageValue: at(target, 'averageValue'), container }),
  newer: ({ name, container, targetAverageUtilization, targetAverageValue }) => without({
    name,
    container,
    target: without({ type: targetAverageUtilization === undefined ? 'AverageValue' : 'Utilization', averageUtilization: targetAverageUtilization, averageValue: targetAverageValue }),
  }),
}

const words: Readonly<Record<string, Words>> = {
  resource,
  containerResource: resource,
  pods: {
    older: ({ metric, target }) => without({ metricName: at(metric, 'name'), targetAverageValue: at(target, 'averageValue') ?? '0', selector: at(metric, 'selector') }),
    newer: ({ metricName, targetAverageValue, selector }) => ({ metric: without({ name: metricName, selector }), target: { type: 'AverageValue', averageValue: targetAverageValue } }),
  },
  object: {
    older: ({ describedObject, metric, target }) => without({ target: describedObject, metricName: at(metric, 'name'), targetValue: at(target, 'value') ?? '0', selector: at(metric, 'selector'), averageValue: at(target, 'averageValue') }),
    newer: ({ target, metricName, targetValue, selector, averageValue }) => ({
      describedObject: target,
      metric: without({ name: metricName, selector }),
      target: without({ type: averageValue === undefined ? 'Value' : 'AverageValue', value: targetValue, averageValue }),
    }),
  },
  external: {
    older: ({ metric, target }) => without({ metricName: at(metric, 'name'), metricSelector: at(metric, 'selector'), targetValue: at(target, 'value'), targetAverageValue: at(target, 'averageValue') }),
    newer: ({ metricName, metricSelector, targetValue, targetAverageValue }) => ({
      metric: without({ name: metricName, selector: metricSelector }),
      target: without({ type: targetValue === undefined ? 'AverageValue' : 'Value', value: targetValue, averageValue: targetAverageValue }),
    }),
  },
}

/** The same of what was measured. */
const currentResource: Words = {
  older: ({ name, container, current }) => without({ name, currentAverageUtilization: at(current, 'averageUtilization'), currentAverageValue: at(current, 'averageValue') ?? '0', container }),
  newer: ({ name, container, currentAverageUtilization, currentAverageValue }) => without({ name, container, current: without({ averageUtilization: currentAverageUtilization, averageValue: currentAverageValue }) }),
}
const currentWords: Readonly<Record<string, Words>> = {
  resource: currentResource,
  containerResource: currentResource,
  pods: {
    older: ({ metric, current }) => without({ metricName: at(metric, 'name'), currentAverageValue: at(current, 'averageValue') ?? '0', selector: at(metric, 'selector') }),
    newer: ({ metricName, currentAverageValue, selector }) => ({ metric: without({ name: metricName, selector }), current: { averageValue: currentAverageValue } }),
  },
  object: {
    older: ({ describedObject, metric, current }) => without({ target: describedObject, metricName: at(metric, 'name'), currentValue: at(current, 'value') ?? '0', selector: at(metric, 'selector'), averageValue: at(current, 'averageValue') }),
    newer: ({ target, metricName, currentValue, selector, averageValue }) => ({ describedObject: target, metric: without({ name: metricName, selector }), current: without({ value: currentValue, averageValue }) }),
  },
  external: {
    older: ({ metric, current }) => without({ metricName: at(metric, 'name'), metricSelector: at(metric, 'selector'), currentValue: at(current, 'value') ?? '0', currentAverageValue: at(current, 'averageValue') }),
    newer: ({ metricName, metricSelector, currentValue, currentAverageValue }) => ({ metric: without({ name: metricName, selector: metricSelector }), current: without({ value: currentValue, averageValue: currentAverageValue }) }),
  },
}

const spoken = (metric: Fields, way: keyof Words, dictionary: Readonly<Record<string, Words>>): Fields =>
  Object.fromEntries(Object.entries(metric).map(([key, value]) => [key, dictionary[key] && isRecord(value) ? dictionary[key][way](value) : value]))

/** What an annotation holds; undefined where it is not there or cannot be read. */
function held (draft: Draft, key: keyof typeof keptIn): unknown {
  const text = draft.metadata.annotations?.[keptIn[key]]
  if (text === undefined) return undefined
  try {
    return JSON.parse(text) as unknown
  } catch { return undefined }
}

/** The annotations of the older version, or none of them. */
function annotate (draft: Draft, values: Partial<Record<keyof typeof keptIn, unknown>>): void {
  const names = new Set<string>(Object.values(keptIn))
  const others = Object.entries(draft.metadata.annotations ?? {}).filter(([name]) => !names.has(name))
  const own = Object.entries(values).flatMap(([key, value]) => value === undefined ? [] : [[keptIn[key as keyof typeof keptIn], JSON.stringify(value)] as const])
  if (others.length + own.length) draft.metadata.annotations = Object.fromEntries([...others, ...own])
  else delete draft.metadata.annotations
}

const listed = (value: unknown): Fields[] => Array.isArray(value) ? value.filter(isRecord) : []
const some = <T>(items: T[]): T[] | undefined => items.length ? items : undefined

/** The rules of Kubernetes' own structs stand in the annotation. */
const upper = (value: unknown): unknown => Array.isArray(value)
  ? value.map(upper)
  : isRecord(value) ? Object.fromEntries(Object.entries(value).map(([key, item]) => [`${key.charAt(0).toUpperCase()}${key.slice(1)}`, upper(item)])) : value
const lower = (value: unknown): unknown => Array.isArray(value)
  ? value.map(lower)
  : isRecord(value) ? Object.fromEntries(Object.entries(value).filter(([, item]) => item !== null).map(([key, item]) => [`${key.charAt(0).toLowerCase()}${key.slice(1)}`, lower(item)])) : value

const rules = ['ScaleUp', 'ScaleDown'] as const
const behaviorText = (behavior: unknown): unknown => {
  const whole = upper(behavior) as Fields
  return Object.fromEntries(rules.map(way => {
    const { StabilizationWindowSeconds = null, SelectPolicy = null, Policies = null, Tolerance = null } = recordAt(whole, way)
    return [way, whole[way] === undefined ? null : { StabilizationWindowSeconds, SelectPolicy, Policies, Tolerance }]
  }))
}

function specToStored (draft: Draft): void {
  const spec = within(draft, 'spec')
  const { targetCPUUtilizationPercentage: share } = spec
  delete spec.targetCPUUtilizationPercentage
  const metrics = [...listed(held(draft, 'metrics')).map(metric => spoken(metric, 'newer', words)), ...share === undefined ? [] : [cpu(share)]]
  if (metrics.length) spec.metrics = metrics
  else if (listAt(spec, 'metrics').length === 0) spec.metrics = [cpu(80)]
  const behavior = held(draft, 'behavior')
  if (isRecord(behavior)) spec.behavior = lower(behavior)
}

function statusToStored (draft: Draft): void {
  if (!isRecord(draft.status)) return
  const { currentCPUUtilizationPercentage: share } = draft.status
  delete draft.status.currentCPUUtilizationPercentage
  const metrics = listed(held(draft, 'currentMetrics')).map(metric => spoken(metric, 'newer', currentWords))
  if (metrics.length) draft.status.currentMetrics = metrics
  else if (share !== undefined) draft.status.currentMetrics = [{ type: 'Resource', resource: { name: 'cpu', current: { averageUtilization: share } } }]
  draft.status.currentMetrics ??= null
  const conditions = listed(held(draft, 'conditions'))
  if (conditions.length) draft.status.conditions = conditions
}

function specFromStored (draft: Draft): Partial<Record<keyof typeof keptIn, unknown>> {
  const spec = within(draft, 'spec')
  const { metrics: _metrics, behavior, ...kept } = spec
  const metrics = listAt(spec, 'metrics')
  const share = at(metrics.find(isPlainCpu), 'resource.target.averageUtilization')
  draft.spec = { ...kept, ...share === undefined ? {} : { targetCPUUtilizationPercentage: share } }
  return { metrics: some(metrics.filter(metric => !isPlainCpu(metric)).map(metric => spoken(metric, 'older', words))), behavior: behavior === undefined ? undefined : behaviorText(behavior) }
}

function statusFromStored (draft: Draft): Partial<Record<keyof typeof keptIn, unknown>> {
  const { currentMetrics: _metrics, conditions: _conditions, ...kept } = recordAt(draft, 'status')
  const [metrics, conditions] = [listAt(draft, 'status.currentMetrics'), listAt(draft, 'status.conditions')]
  const share = metrics.map(metric => at(metric, 'resource.name') === 'cpu' ? at(metric, 'resource.current.averageUtilization') : undefined).filter(value => value !== undefined).at(-1)
  draft.status = { ...kept, ...share === undefined ? {} : { currentCPUUtilizationPercentage: share } }
  return { currentMetrics: some(metrics.map(metric => spoken(metric, 'older', currentWords))), conditions: some(conditions) }
}

/** autoscaling/v1 knows of processors alone: all else stands in its annotations. */
export const autoscalerConversion: NonNullable<Kind['convert']> = {
  toStored: draft => {
    specToStored(draft)
    statusToStored(draft)
    annotate(draft, {})
  },
  fromStored: draft => { annotate(draft, { ...specFromStored(draft), ...statusFromStored(draft) }) },
}
