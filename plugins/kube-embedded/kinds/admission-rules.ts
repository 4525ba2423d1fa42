import { isRecord } from '../../../core/sdk/index.js'
import { duplicateValue, invalidValue, invalidValues, requiredValue, tooManyValues, unsupportedValue } from '../causes.js'
import { pathSegmentProblems, qualifiedNameProblems } from '../names.js'
import { listAt, textAt } from './cells.js'
import { fill } from './row.js'
import { oneOf, repeated } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const textsOf = (value: unknown): string[] => Array.isArray(value) ? value.map(String) : []

/** `*` stands alone. */
const alone = (values: readonly string[], field: string, others: string): Cause[] =>
  values.length > 1 && values.includes('*') ? [invalidValue(field, values, `if '*' is present, must not specify other ${others}`)] : []

const operations = ['*', 'CONNECT', 'CREATE', 'DELETE', 'UPDATE']

/** Resources and subresources: what one names, another does not name again. */
function resourceCauses (resources: readonly string[], field: string): Cause[] {
  const within = new Set<string>()
  const everywhere = new Set<string>()
  const each = resources.flatMap((text, i) => {
    if (text === '') return [requiredValue(`${field}[${i}]`)]
    const slash = text.indexOf('/')
    if (slash < 0) return []
    const [resource, sub] = [text.slice(0, slash), text.slice(slash + 1)]
    const causes = [
      ...within.has(resource) ? [invalidValue(`${field}[${i}]`, text, `if '${resource}/*' is present, must not specify ${text}`)] : [],
      ...everywhere.has(sub) ? [invalidValue(`${field}[${i}]`, text, `if '*/${sub}' is present, must not specify ${text}`)] : [],
    ]
    if (sub === '*') within.add(resource)
    if (resource === '*') everywhere.add(sub)
    return causes
  })
  const plain = resources.filter(text => !text.includes('/')).at(-1)
  return [
    ...resources.length ? [] : [requiredValue(field)],
    ...each,
    ...resources.length > 1 && resources.includes('*/*') ? [invalidValue(field, resources, "if '*/*' is present, must not specify other resources")] : [],
    ...resources.includes('*') && plain !== undefined && plain !== '*' ? [invalidValue(field, resources, "if '*' is present, must not specify other resources without subresources")] : [],
  ]
}

/** Which requests a webhook or a policy is about. */
export function operationCauses (rule: Fields, field: string): Cause[] {
  const [verbs, groups, versions] = [rule.operations, rule.apiGroups, rule.apiVersions].map(textsOf) as [string[], string[], string[]]
  return [
    ...verbs.length ? [] : [requiredValue(`${field}.operations`)],
    ...alone(verbs, `${field}.operations`, 'operations'),
    ...verbs.flatMap((verb, i) => operations.includes(verb) ? [] : [unsupportedValue(`${field}.operations[${i}]`, verb, operations)]),
    ...groups.length ? [] : [requiredValue(`${field}.apiGroups`)],
    ...alone(groups, `${field}.apiGroups`, 'API groups'),
    ...versions.length ? [] : [requiredValue(`${field}.apiVersions`)],
    ...alone(versions, `${field}.apiVersions`, 'API versions'),
    ...versions.flatMap((version, i) => version === '' ? [requiredValue(`${field}.apiVersions[${i}]`)] : []),
    ...resourceCauses(textsOf(rule.resources), `${field}.resources`),
    ...oneOf(`${field}.scope`, rule.scope, ['*', 'Cluster', 'Namespaced']),
  ]
}

function namedRuleCauses (rule: Fields, field: string): Cause[] {
  const names = textsOf(rule.resourceNames)
  return [
    ...names.flatMap((name, i) => [...invalidValues(`${field}.resourceNames[${i}]`, name, pathSegmentProblems(name)), ...names.indexOf(name) < i ? [duplicateValue(`${field}.resourceNames[${i}]`, name)] : []]),
    ...operationCauses(rule, field),
  ]
}

/** What a policy is about. */
export function matchCauses (match: unknown, field: string): Cause[] {
  if (!isRecord(match)) return []
  return [
    ...oneOf(`${field}.matchPolicy`, match.matchPolicy, ['Equivalent', 'Exact']),
    ...selectorCauses(match.namespaceSelector, `${field}.namespaceSelector`),
    ...selectorCauses(match.objectSelector, `${field}.objectSelector`),
    ...['resourceRules', 'excludeResourceRules'].flatMap(key => listAt(match, key).flatMap((rule, i) => namedRuleCauses(rule, `${field}.${key}[${i}]`))),
  ]
}

/** Selectors that select everything where nothing is said. */
export function selectorsDefaults (target: Fields): void {
  for (const key of ['namespaceSelector', 'objectSelector']) target[key] ??= {}
}

export function matchDefaults (match: unknown): void {
  if (!isRecord(match)) return
  fill(match, { matchPolicy: 'Equivalent' })
  selectorsDefaults(match)
  for (const key of ['resourceRules', 'excludeResourceRules']) for (const rule of listAt(match, key)) fill(rule, { scope: '*' })
}

/** The names and texts of conditions under which somebody is asked. */
export function matchConditionCauses (owner: Fields, field: string): Cause[] {
  const conditions = listAt(owner, 'matchConditions')
  return [
    ...conditions.length > 64 ? [tooManyValues(field, conditions.length, 64)] : [],
    ...conditions.flatMap((condition, i) => {
      const [name, expression] = [textAt(condition, 'name'), textAt(condition, 'expression').trim()]
      return [...expression ? [] : [requiredValue(`${field}[${i}].expression`)], ...name ? invalidValues(`${field}[${i}].name`, name, qualifiedNameProblems(name)) : [requiredValue(`${field}[${i}].name`)]]
    }),
    ...repeated(conditions.map(({ name }) => name || undefined), i => `${field}[${i}].name`),
  ]
}
