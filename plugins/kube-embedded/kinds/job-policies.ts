import { isRecord } from '../../../core/sdk/index.js'
import { duplicateValue, invalidValue, invalidValues, requiredValue, tooManyValues, unsupportedValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { at, listAt } from './cells.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

/** A cause that tells no value. */
const odd = (field: string, text: string): Cause => ({ reason: 'FieldValueInvalid', message: `Invalid value: ${text}`, field })

const list = (values: readonly string[]) => `valid values: [${values.map(value => JSON.stringify(value)).join(' ')}]`
const chosen = (field: string, value: unknown, allowed: readonly string[]): Cause[] =>
  value === undefined || value === '' ? [requiredValue(field, list(allowed))] : allowed.includes(String(value)) ? [] : [unsupportedValue(field, value, allowed)]

const actions = ['Count', 'FailIndex', 'FailJob', 'Ignore']

function actionCauses (action: unknown, perIndex: boolean, field: string): Cause[] {
  return action === 'FailIndex' && !perIndex ? [invalidValue(field, action, 'requires the backoffLimitPerIndex to be set')] : chosen(field, action, actions)
}

function codeCauses (codes: readonly unknown[], operator: unknown, field: string): Cause[] {
  if (codes.length === 0) return [invalidValue(field, codes, 'at least one value is required')]
  const ordered = codes.every((code, i) => i === 0 || Number(codes[i - 1]) <= Number(code))
  return [
    ...codes.length > 255 ? [tooManyValues(field, codes.length, 255)] : [],
    ...codes.flatMap((code, i) => [
      ...operator === 'In' && code === 0 ? [invalidValue(`${field}[${i}]`, code, 'must not be 0 for the In operator')] : [],
      ...codes.indexOf(code) < i ? [duplicateValue(`${field}[${i}]`, code)] : [],
    ]),
    ...ordered ? [] : [invalidValue(field, codes, 'must be ordered')],
  ]
}

function exitCauses ({ operator, containerName, values }: Fields, containers: readonly unknown[], field: string): Cause[] {
  return [
    ...chosen(`${field}.operator`, operator, ['In', 'NotIn']),
    ...containerName === undefined || containers.includes(containerName) ? [] : [invalidValue(`${field}.containerName`, containerName, 'must be one of the container or initContainer names in the pod template')],
    ...codeCauses(Array.isArray(values) ? values : [], operator, `${field}.values`),
  ]
}

const conditionCauses = ({ type = '', status }: Fields, field: string): Cause[] =>
  [...invalidValues(`${field}.type`, type, qualifiedNameProblems(String(type))), ...chosen(`${field}.status`, status, ['False', 'True', 'Unknown'])]

function ruleCauses (rule: Fields, perIndex: boolean, containers: readonly unknown[], field: string): Cause[] {
  const { onExitCodes } = rule
  const conditions = listAt(rule, 'onPodConditions')
  return [
    ...actionCauses(rule.action, perIndex, `${field}.action`),
    ...isRecord(onExitCodes) ? exitCauses(onExitCodes, containers, `${field}.onExitCodes`) : [],
    ...conditions.flatMap((condition, i) => conditionCauses(condition, `${field}.onPodConditions[${i}]`)),
    ...isRecord(onExitCodes) && conditions.length ? [odd(field, 'specifying both OnExitCodes and OnPodConditions is not supported')] : [],
    ...!isRecord(onExitCodes) && conditions.length === 0 ? [odd(field, 'specifying one of OnExitCodes and OnPodConditions is required')] : [],
  ]
}

/** What is wrong with the policy by which the pods of a job fail. */
export function failurePolicyCauses (object: unknown, path: string): Cause[] {
  const field = `${path}.podFailurePolicy.rules`
  const rules = listAt(object, field)
  const containers = ['containers', 'initContainers'].flatMap(part => listAt(object, `${path}.template.spec.${part}`).map(({ name }) => name))
  const perIndex = at(object, `${path}.backoffLimitPerIndex`) !== undefined
  return [...rules.length > 20 ? [tooManyValues(field, rules.length, 20)] : [], ...rules.flatMap((rule, i) => ruleCauses(rule, perIndex, containers, `${field}[${i}]`))]
}

function successRule ({ succeededIndexes, succeededCount }: Fields, completions: unknown, field: string): Cause[] {
  if (succeededIndexes === undefined && succeededCount === undefined) return [requiredValue(field, 'at least one of succeededCount or succeededIndexes must be specified')]
  const beyond = typeof succeededCount === 'number' && typeof completions === 'number' && succeededCount > completions
  return [
    ...typeof succeededCount === 'number' && succeededCount < 0 ? [invalidValue(`${field}.succeededCount`, succeededCount, 'must be greater than or equal to 0')] : [],
    ...beyond ? [invalidValue(`${field}.succeededCount`, succeededCount, `must be less than or equal to ${completions} (the number of specified completions)`)] : [],
  ]
}

/** What is wrong with the policy by which a job is done before all of it is. */
export function successPolicyCauses (object: unknown, path: string): Cause[] {
  const field = `${path}.successPolicy`
  const policy = at(object, field)
  if (!isRecord(policy)) return []
  if (at(object, `${path}.completionMode`) !== 'Indexed') return [invalidValue(field, { Rules: listAt(policy, 'rules') }, 'requires indexed completion mode')]
  const rules = listAt(policy, 'rules')
  if (rules.length === 0) return [requiredValue(`${field}.rules`, 'at least one rules must be specified when the successPolicy is specified')]
  return rules.flatMap((rule, i) => successRule(rule, at(object, `${path}.completions`), `${field}.rules[${i}]`))
}
