import { isRecord } from '../../../core/sdk/index.js'
import { duplicateValue, forbiddenValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { plainLabelProblems, labelValueProblems, qualifiedNameProblems } from '../names.js'
import { at, listAt, numberAt, textAt } from './cells.js'
import { oneOf } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const preferred = 'preferredDuringSchedulingIgnoredDuringExecution'
const required = 'requiredDuringSchedulingIgnoredDuringExecution'
const effects = ['NoSchedule', 'PreferNoSchedule', 'NoExecute']

function tolerated (operator: unknown, value: string, field: string): Cause[] {
  if (operator === undefined || operator === '' || operator === 'Equal') {
    const problems = labelValueProblems(value)
    return problems.length ? [invalidValue(`${field}.operator`, value, problems.join(';'))] : []
  }
  if (operator !== 'Exists') return [unsupportedValue(`${field}.operator`, operator, ['Equal', 'Exists'])]
  return value ? [invalidValue(`${field}.operator`, value, "value must be empty when `operator` is 'Exists'")] : []
}

/** Rules of what a Pod puts up with. */
export const tolerationCauses = (spec: unknown, field: string): Cause[] => listAt(spec, 'tolerations').flatMap(({ key = '', operator, value = '', effect, tolerationSeconds }, i) => {
  const place = `${field}.tolerations[${i}]`
  return [
    ...(key ? invalidValues(`${place}.key`, key, qualifiedNameProblems(String(key))) : []),
    ...(!key && operator !== 'Exists' ? [invalidValue(`${place}.operator`, operator ?? '', 'operator must be Exists when `key` is empty, which means "match all values and all keys"')] : []),
    ...(tolerationSeconds !== undefined && effect !== 'NoExecute' ? [invalidValue(`${place}.effect`, effect ?? '', "effect must be 'NoExecute' when `tolerationSeconds` is set")] : []),
    ...tolerated(operator, String(value), place),
    ...(effect ? oneOf(`${place}.effect`, effect, effects) : []),
  ]
})

function nodeOperatorCauses (operator: unknown, count: number, field: string): Cause[] {
  switch (operator) {
    case 'In':
    case 'NotIn': return count ? [] : [requiredValue(`${field}.values`, "must be specified when `operator` is 'In' or 'NotIn'")]
    case 'Exists':
    case 'DoesNotExist': return count ? [forbiddenValue(`${field}.values`, "may not be specified when `operator` is 'Exists' or 'DoesNotExist'")] : []
    case 'Gt':
    case 'Lt': return count === 1 ? [] : [requiredValue(`${field}.values`, "must be specified single value when `operator` is 'Lt' or 'Gt'")]
    default: return [invalidValue(`${field}.operator`, operator ?? '', 'not a valid selector operator')]
  }
}

const nodeTermCauses = (term: unknown, field: string): Cause[] => listAt(term, 'matchExpressions').flatMap(({ key = '', operator, values }, i) => {
  const place = `${field}.matchExpressions[${i}]`
  return [...nodeOperatorCauses(operator, Array.isArray(values) ? values.length : 0, place), ...invalidValues(`${place}.key`, key, qualifiedNameProblems(String(key)))]
})

const weightCauses = (term: Fields, field: string): Cause[] => {
  const weight = numberAt(term, 'weight')
  return weight >= 1 && weight <= 100 ? [] : [invalidValue(`${field}.weight`, weight, 'must be in the range 1-100')]
}

/** Rules of a node selector, of Pods and of volumes. */
export function nodeSelectorCauses (selector: unknown, field: string): Cause[] {
  const terms = listAt(selector, 'nodeSelectorTerms')
  if (terms.length === 0) return [requiredValue(`${field}.nodeSelectorTerms`, 'must have at least one node selector term')]
  return terms.flatMap((term, i) => nodeTermCauses(term, `${field}.nodeSelectorTerms[${i}]`))
}

function nodeAffinityCauses (affinity: Fields, field: string): Cause[] {
  return [
    ...(isRecord(affinity[required]) ? nodeSelectorCauses(affinity[required], `${field}.${required}`) : []),
    ...listAt(affinity, preferred).flatMap((term, i) => [...weightCauses(term, `${field}.${preferred}[${i}]`), ...nodeTermCauses(term.preference, `${field}.${preferred}[${i}].preference`)]),
  ]
}

function podTermCauses (term: unknown, field: string): Cause[] {
  const key = textAt(term, 'topologyKey')
  const namespaces = at(term, 'namespaces')
  return [
    ...selectorCauses(at(term, 'labelSelector'), `${field}.labelSelector`),
    ...selectorCauses(at(term, 'namespaceSelector'), `${field}.namespaceSelector`),
    ...(Array.isArray(namespaces) ? namespaces.flatMap((name, i) => invalidValues(`${field}.namespace[${i}]`, name, plainLabelProblems(String(name)))) : []),
    ...(key === '' ? [requiredValue(`${field}.topologyKey`, 'can not be empty')] : []),
    ...invalidValues(`${field}.topologyKey`, key, qualifiedNameProblems(key)),
  ]
}

function podAffinityCauses (affinity: Fields, field: string): Cause[] {
  return [
    ...listAt(affinity, required).flatMap((term, i) => podTermCauses(term, `${field}.${required}[${i}]`)),
    ...listAt(affinity, preferred).flatMap((term, i) => [...weightCauses(term, `${field}.${preferred}[${i}]`), ...podTermCauses(term.podAffinityTerm, `${field}.${preferred}[${i}].podAffinityTerm`)]),
  ]
}

/** Rules of where a Pod wants to be. */
export function affinityCauses (spec: unknown, field: string): Cause[] {
  const affinity = at(spec, 'affinity')
  if (!isRecord(affinity)) return []
  const { nodeAffinity, podAffinity, podAntiAffinity } = affinity
  return [
    ...(isRecord(nodeAffinity) ? nodeAffinityCauses(nodeAffinity, `${field}.affinity.nodeAffinity`) : []),
    ...(isRecord(podAffinity) ? podAffinityCauses(podAffinity, `${field}.affinity.podAffinity`) : []),
    ...(isRecord(podAntiAffinity) ? podAffinityCauses(podAntiAffinity, `${field}.affinity.podAntiAffinity`) : []),
  ]
}

/** Rules of how Pods spread. */
export function spreadCauses (spec: unknown, field: string): Cause[] {
  const constraints = listAt(spec, 'topologySpreadConstraints')
  const pairs = constraints.map(constraint => `{${textAt(constraint, 'topologyKey')}, ${textAt(constraint, 'whenUnsatisfiable')}}`)
  return constraints.flatMap((constraint, i) => {
    const [key, both, place] = [textAt(constraint, 'topologyKey'), pairs[i] ?? '', `${field}.topologySpreadConstraints[${i}]`]
    const again = pairs.includes(both, i + 1)
    return [
      ...(numberAt(constraint, 'maxSkew') > 0 ? [] : [invalidValue(`${place}.maxSkew`, numberAt(constraint, 'maxSkew'), 'must be greater than zero')]),
      ...(key === '' ? [requiredValue(`${place}.topologyKey`, 'can not be empty')] : []),
      ...oneOf(`${place}.whenUnsatisfiable`, constraint.whenUnsatisfiable ?? '', ['DoNotSchedule', 'ScheduleAnyway']),
      ...(again ? [duplicateValue(`${place}.{topologyKey, whenUnsatisfiable}`, both)] : []),
      ...selectorCauses(constraint.labelSelector, `${place}.labelSelector`),
    ]
  })
}
