import { metricNames as seriesOf } from '../promql/index.js'
import { rows, type Level } from './catalogue/index.js'
import { compile, fill, type Template } from './template.js'

export interface NamedMetric {
  readonly name: string
  readonly level: Level
  readonly unit: string
  /** What it tells, in a sentence. */
  readonly meaning: string
  readonly template: Template
  /** PromQL that can be asked, one in place of the other. */
  readonly alternatives: readonly Template[]
}

/** Named metrics by level and name, in the order of answers. */
export const catalogue: ReadonlyMap<Level, ReadonlyMap<string, NamedMetric>> = new Map(Object.entries(rows).map(([key, list]) => {
  const level = key as Level
  const metrics = list.map(([name, unit, meaning, ...expressions]): NamedMetric =>
    ({ name, level, unit, meaning, template: compile(expressions.join(' or ')), alternatives: expressions.map(compile) }))
  return [level, new Map(metrics.map(metric => [metric.name, metric]))]
}))

const names = new Map([...catalogue].map(([level, metrics]) => [level, [...metrics.keys()]]))

/** Names of a level in the order of answers, those for metering included; none for what is no level. */
export const metricNamesOf = (level: string): readonly string[] => names.get(level as Level) ?? []

export const isMeter = (name: string): boolean => name.startsWith('meter_')

/** Names of the series that a metric is made of: all of one of these lists. */
export const needsOf = ({ alternatives }: NamedMetric): string[][] => alternatives.map(template => seriesOf(fill(template, { range: 60_000, step: 60_000, hours: 1 })))

export type { Level }
