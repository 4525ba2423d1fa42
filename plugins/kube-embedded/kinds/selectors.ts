import { isRecord } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { labelCauses } from '../metadata.js'
import { labelValueProblems, qualifiedNameProblems } from '../names.js'
import { listAt, recordAt } from './cells.js'
import type { Cause } from './types.js'

/** Whether nothing is asked of the labels. */
export const isEmptySelector = (selector: unknown): boolean => Object.keys(recordAt(selector, 'matchLabels')).length === 0 && listAt(selector, 'matchExpressions').length === 0

/** Whether labels are those that a label selector is about. */
export function selectorMatches (selector: unknown, labels: Record<string, unknown>): boolean {
  return Object.entries(recordAt(selector, 'matchLabels')).every(([key, value]) => labels[key] === value) && listAt(selector, 'matchExpressions').every(({ key, operator, values }) => {
    const value = labels[String(key)]
    const listed = Array.isArray(values) && values.includes(value)
    return operator === 'In' ? listed : operator === 'NotIn' ? !listed : operator === 'Exists' ? value !== undefined : value === undefined
  })
}

function operatorCauses (operator: unknown, values: readonly unknown[], field: string): Cause[] {
  switch (operator) {
    case 'In':
    case 'NotIn': return values.length ? [] : [requiredValue(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist': return values.length ? [forbiddenValue(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : []
    default: return [invalidValue(`${field}.operator`, operator ?? '', 'not a valid selector operator')]
  }
}

function expressionCauses ({ key = '', operator, values }: Record<string, unknown>, field: string): Cause[] {
  const list = Array.isArray(values) ? values.map(String) : []
  return [
    ...operatorCauses(operator, list, field),
    ...invalidValues(`${field}.key`, key, qualifiedNameProblems(String(key))),
    ...list.flatMap((value, i) => invalidValues(`${field}.values[${i}]`, value, labelValueProblems(value))),
  ]
}

/** What is wrong with a label selector; nothing with one that is not there. */
export function selectorCauses (selector: unknown, field: string): Cause[] {
  const { matchLabels } = isRecord(selector) ? selector : {}
  return [
    ...isRecord(matchLabels) ? labelCauses(matchLabels, `${field}.matchLabels`) : [],
    ...listAt(selector, 'matchExpressions').flatMap((expression, i) => expressionCauses(expression, `${field}.matchExpressions[${i}]`)),
  ]
}
