import { promql, type StatusCause } from '../../core/sdk/index.js'
import { LinearRegExp } from '../../core/regexp/index.js'
import type { GroupRule, MetricLabelSelector, RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { expressionOf, namespaceLevel, type Level } from './levels.js'
import { readsSeries, templateProblem } from './templates.js'

/** Bounds of one group: rules, and bytes of all it says, so that it fits into one PrometheusRule. */
export const groupLimits = { rules: 40, bytes: 400 * 1024 }

type Problem = readonly [field: string, message: string]

/** What a function throws, as a sentence. */
export const complaint = (work: () => unknown): string | undefined => {
  try { work() } catch (error) { return (error as Error).message }
  return undefined
}

function * selectorProblems ({ matcher }: MetricLabelSelector, field: string): Generator<Problem> {
  if (!matcher) return
  const { type, value = '' } = matcher
  if (!['=', '!=', '=~', '!~'].includes(type)) yield [`${field}.matcher.type`, `unsupported match type [${type}]`]
  else if (type.endsWith('~') && value.length > 4096) yield [`${field}.matcher.value`, 'invalid matcher: the expression is longer than 4096 characters']
  else if (type.endsWith('~')) {
    const wrong = complaint(() => new LinearRegExp(`^(?:${value})$`))
    if (wrong) yield [`${field}.matcher.value`, `invalid matcher: ${wrong}`]
  }
}

function * templateProblems (what: string, texts: Record<string, string> = {}, level: Level): Generator<string> {
  for (const [name, text] of Object.entries(texts)) {
    const wrong = templateProblem(text)
    if (wrong) yield `${what} "${name}": ${wrong}`
    else if (level === namespaceLevel && readsSeries(text)) yield `${what} "${name}": a template of a project's rule may not query`
  }
}

function * ruleProblems (level: Level, rule: GroupRule, namespace: string): Generator<Problem> {
  const { alert, expr = '', for: wait = '', labels = {}, annotations = {}, clusterSelector, namespaceSelector } = rule
  if (alert === '') yield ['alert', "'alert' cannot be empty"]
  if (String(expr) === '') yield ['expr', level.needsExpression]
  else {
    const wrong = complaint(() => promql.parsePromQL(String(expr))) ?? complaint(() => expressionOf(level, rule, namespace))
    if (wrong) yield ['expr', `could not parse expression: ${wrong}`]
  }
  if (wait && complaint(() => promql.parseDuration(wait))) yield ['for', `invalid 'for': ${wait}`]
  if (clusterSelector) yield * selectorProblems(clusterSelector, 'clusterSelector')
  if (namespaceSelector) yield * selectorProblems(namespaceSelector, 'namespaceSelector')
  for (const name of Object.keys(labels)) if (!promql.isLabelName(name) || name === '__name__') yield ['labels', `invalid label name: ${name}`]
  for (const name of Object.keys(annotations)) if (!promql.isLabelName(name)) yield ['annotations', `invalid annotation name: ${name}`]
  for (const wrong of templateProblems('label', labels, level)) yield ['labels', wrong]
  for (const wrong of templateProblems('annotation', annotations, level)) yield ['annotations', wrong]
}

const cause = ([field, message]: Problem): Required<StatusCause> => ({ reason: 'FieldValueInvalid', field, message })

/** What is wrong with one rule of a group. */
export const ruleCauses = (level: Level, rule: GroupRule, namespace: string, field: string): Required<StatusCause>[] =>
  [...ruleProblems(level, rule, namespace)].map(([inner, message]) => cause([`${field}.${inner}`, message]))

/** What is wrong with a group itself, whatever its rules are. */
export function specCauses ({ spec: { interval = '', partial_response_strategy: strategy = '' } = { rules: [] } }: RuleGroup): Required<StatusCause>[] {
  return [
    ...interval && complaint(() => promql.parseDuration(interval)) ? [cause(['spec.interval', `invalid 'interval': ${interval}`])] : [],
    ...strategy && !/^(abort|warn)$/i.test(strategy) ? [cause(['spec.partial_response_strategy', `invalid 'partial_response_strategy': ${strategy}: it must be abort or warn`])] : [],
  ]
}

/** What is wrong with a group; nothing where Prometheus would load it. */
export function groupCauses (level: Level, group: RuleGroup): Required<StatusCause>[] {
  const { metadata: { namespace = '' }, spec = { rules: [] } } = group
  const { rules } = spec
  if (rules.length > groupLimits.rules) return [cause(['spec.rules', `the rule group has ${rules.length} rules, exceeding the max count (${groupLimits.rules})`])]
  if (Buffer.byteLength(JSON.stringify(spec)) > groupLimits.bytes) return [cause(['spec', `the rule group is larger than ${groupLimits.bytes} bytes`])]
  return [...specCauses(group), ...rules.flatMap((rule, i) => ruleCauses(level, rule, namespace, `spec.rules[${i}]`))]
}
