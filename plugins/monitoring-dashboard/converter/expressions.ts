import type { Target } from '../../../schemas/monitoring/dashboards.js'
import { filled, membersOf } from './members.js'

const interval = /\$_{0,2}interval/g
// Grafana fills these in when it asks; `:raw` and the like say how.
const everyInterval = /\$\{(?:_{0,2}interval|__rate_interval|__range)(?::\w*)?\}|\$_{0,2}interval|\$__rate_interval|\$__range/g

/** A line is cut where its last `}` ends, so that every `{` before has one to find: time stays linear. */
function lineWithoutSelectors (line: string): string {
  const end = line.lastIndexOf('}') + 1
  return line.slice(0, end).replace(/\{[^}]*\}/g, '') + line.slice(end)
}
const withoutSelectors = (expression: string): string => expression.split('\n').map(lineWithoutSelectors).join('\n')

/** Whether a query loses label selectors on the way. */
export const hasSelectors = (expression: string): boolean => withoutSelectors(expression) !== expression

/** A query as it is stored: without label selectors, with intervals of three minutes. One without braces stays as it is. */
export function convertExpression (expression: string, modern: boolean): { expr: string, step?: '1m' } {
  if (!/[{}]/.test(expression)) return { expr: expression }
  const expr = withoutSelectors(expression.replace(modern ? everyInterval : interval, '3m')).replace(/>[0-9]+/g, '')
  return expr ? { expr, step: '1m' } : { expr: expression }
}

/** `{{ pod }}` → `{{pod}}`: consoles replace names of labels without trimming them. */
export const convertLegendFormat = (format: string): string => format.replace(/\{[\t\n\f\r ]+\w+[\t\n\f\r ]+\}/g, found => found.replace(/[\t\n\f\r ]+/g, ''))

/** A panel's queries, numbered from 1 in their order. */
export const convertTargets = (targets: readonly unknown[], modern: boolean): Target[] => targets.map((target, index) => {
  const members = membersOf(target)
  return filled({ refId: index + 1, ...convertExpression(members.text('expr') ?? '', modern), legendFormat: convertLegendFormat(members.text('legendFormat') ?? '') })
})
