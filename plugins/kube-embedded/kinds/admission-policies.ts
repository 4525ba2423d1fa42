import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, forbiddenValue, invalidValue, invalidValues, namedValue, requiredValue, unsupportedValue } from '../causes.js'
import { label1035Problems, pathSegmentProblems, qualifiedNameProblems, subdomainProblems } from '../names.js'
import { matchCauses, matchConditionCauses, matchDefaults } from './admission-rules.js'
import { at, listAt, recordAt, selectorText, textAt } from './cells.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { joined, oneOf } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

const options = { namespaced: false, categories: ['api-extensions'] } as const

function versionCauses (apiVersion: string, field: string): Cause[] {
  const [group, version, ...more] = apiVersion.includes('/') ? apiVersion.split('/') as [string, string, ...string[]] : ['', apiVersion]
  if (more.length) return [invalidValue(field, apiVersion, `unexpected GroupVersion string: ${apiVersion}`)]
  return [...group ? joined(field, group, subdomainProblems(group)) : [], ...version ? joined(field, version, label1035Problems(version)) : [invalidValue(field, apiVersion, 'version must be specified')]]
}

function paramKindCauses (object: KubeObject): Cause[] {
  const param = at(object, 'spec.paramKind')
  if (!isRecord(param)) return []
  const [apiVersion, kind] = [textAt(param, 'apiVersion'), textAt(param, 'kind')]
  const problems = label1035Problems(kind.toLowerCase())
  return [
    ...apiVersion ? versionCauses(apiVersion, 'spec.paramKind.apiVersion') : [requiredValue('spec.paramKind.apiVersion')],
    ...kind === '' ? [requiredValue('spec.paramKind.kind')] : problems.length ? [invalidValue('spec.paramKind.kind', kind, `may have mixed case, but should otherwise match: ${problems.join(',')}`)] : [],
  ]
}

function constraintCauses (object: KubeObject): Cause[] {
  const [field, match] = ['spec.matchConstraints', at(object, 'spec.matchConstraints')]
  if (!isRecord(match)) return [requiredValue(field)]
  return [...matchCauses(match, field), ...listAt(match, 'resourceRules').length ? [] : [requiredValue(`${field}.resourceRules`)]]
}

const identifier = /^[_a-zA-Z][_a-zA-Z0-9]*$/

const variableCauses = (object: KubeObject): Cause[] => listAt(object, 'spec.variables').flatMap((variable, i) => {
  const [field, name] = [`spec.variables[${i}]`, textAt(variable, 'name').trim()]
  return [
    ...name === '' ? [requiredValue(`${field}.name`, 'name is not specified')] : identifier.test(name) ? [] : [invalidValue(`${field}.name`, name, 'must be a valid CEL identifier')],
    ...textAt(variable, 'expression').trim() ? [] : [requiredValue(`${field}.expression`, 'expression is not specified')],
  ]
})

function validationCauses (validation: Fields, field: string): Cause[] {
  const [message, words] = [textAt(validation, 'message'), textAt(validation, 'messageExpression')]
  return [
    ...textAt(validation, 'expression').trim() ? [] : [requiredValue(`${field}.expression`, 'expression is not specified')],
    ...words && !words.trim() ? [invalidValue(`${field}.messageExpression`, words, 'must be non-empty if specified')] : [],
    ...message && !message.trim() ? [invalidValue(`${field}.message`, message, 'must be non-empty if specified')] : /[\n\r]/.test(message.trim()) ? [invalidValue(`${field}.message`, message, 'must not contain line breaks')] : [],
    ...oneOf(`${field}.reason`, validation.reason, ['Forbidden', 'Invalid', 'RequestEntityTooLarge']),
  ]
}

const annotationCauses = (object: KubeObject): Cause[] => listAt(object, 'spec.auditAnnotations').flatMap((annotation, i, all) => {
  const [field, key] = [`spec.auditAnnotations[${i}]`, textAt(annotation, 'key')]
  const name = `${object.metadata.name}/${key}`
  return [
    ...invalidValues(`${field}.key`, name, qualifiedNameProblems(name)),
    ...textAt(annotation, 'valueExpression').trim() ? [] : [requiredValue(`${field}.valueExpression`, 'valueExpression is not specified')],
    ...all.findIndex(other => other.key === annotation.key) < i ? [duplicateValue(`${field}.key`, key)] : [],
  ]
})

function contentCauses (object: KubeObject): Cause[] {
  const validations = listAt(object, 'spec.validations')
  if (validations.length === 0 && listAt(object, 'spec.auditAnnotations').length === 0) return ['validations', 'auditAnnotations'].map(key => requiredValue(`spec.${key}`, 'validations or auditAnnotations must contain at least one item'))
  return [...validations.flatMap((validation, i) => validationCauses(validation, `spec.validations[${i}]`)), ...annotationCauses(object)]
}

const policies = builtin('admissionregistration.k8s.io/v1', 'validatingadmissionpolicies', 'ValidatingAdmissionPolicy', {
  ...options,
  subresources: { status: true },
  strategy: {
    defaults: draft => {
      fill(within(draft, 'spec'), { failurePolicy: 'Fail' })
      matchDefaults(at(draft, 'spec.matchConstraints'))
    },
    prepareCreate: draft => { draft.status = {} },
    validate: object => [
      ...oneOf('spec.failurePolicy', at(object, 'spec.failurePolicy'), ['Fail', 'Ignore']),
      ...paramKindCauses(object),
      ...constraintCauses(object),
      ...matchConditionCauses(recordAt(object, 'spec'), 'spec.matchConditions'),
      ...variableCauses(object),
      ...contentCauses(object),
    ],
  },
  columns: [
    column('Validations', 'integer', object => listAt(object, 'spec.validations').length),
    column('ParamKind', 'string', object => isRecord(at(object, 'spec.paramKind')) ? `${textAt(object, 'spec.paramKind.apiVersion')}/${textAt(object, 'spec.paramKind.kind')}` : '<unset>'),
    ageColumn,
  ],
})

const exclusive = 'name and selector are mutually exclusive'

function paramCauses (object: KubeObject): Cause[] {
  const [field, param] = ['spec.paramRef', at(object, 'spec.paramRef')]
  if (!isRecord(param)) return []
  const [name, { selector, parameterNotFoundAction: action }] = [textAt(param, 'name'), param]
  return [
    ...invalidValues(`${field}.name`, name, pathSegmentProblems(name)),
    ...name && selector ? [forbiddenValue(`${field}.name`, exclusive)] : [],
    ...selectorCauses(selector, `${field}.selector`),
    ...name && selector ? [forbiddenValue(`${field}.selector`, exclusive)] : [],
    ...!name && !selector ? [requiredValue(field, 'one of name or selector must be specified')] : [],
    ...action ? oneOf(`${field}.parameterNotFoundAction`, action, ['Deny', 'Allow']) : [requiredValue(`${field}.parameterNotFoundAction`)],
  ]
}

const known = ['Audit', 'Deny', 'Warn']

function actionCauses (object: KubeObject): Cause[] {
  const [field, list] = ['spec.validationActions', at(object, 'spec.validationActions')]
  const actions = Array.isArray(list) ? list.map(String) : []
  return [
    ...actions.flatMap((action, i) => [...known.includes(action) ? [] : [unsupportedValue(`${field}[${i}]`, action, known)], ...actions.indexOf(action) < i ? [duplicateValue(`${field}[${i}]`, action)] : []]),
    ...actions.includes('Deny') && actions.includes('Warn') ? [invalidValue(field, actions, 'must not contain both Deny and Warn (repeating the same validation failure information in the API response and headers serves no purpose)')] : [],
    ...actions.length ? [] : [requiredValue(field, 'at least one validation action is required')],
  ]
}

function paramText (object: KubeObject): string {
  const param = recordAt(object, 'spec.paramRef')
  if (!param.name) return param.selector === undefined ? '<unset>' : selectorText(param.selector)
  return `${textAt(param, 'namespace') || '*'}/${String(param.name)}`
}

const bindings = builtin('admissionregistration.k8s.io/v1', 'validatingadmissionpolicybindings', 'ValidatingAdmissionPolicyBinding', {
  ...options,
  strategy: {
    defaults: draft => { matchDefaults(at(draft, 'spec.matchResources')) },
    validate: object => [
      ...namedValue('spec.policyName', textAt(object, 'spec.policyName'), subdomainProblems),
      ...paramCauses(object),
      ...matchCauses(at(object, 'spec.matchResources'), 'spec.matchResources'),
      ...actionCauses(object),
    ],
  },
  columns: [column('PolicyName', 'string', object => textAt(object, 'spec.policyName')), column('ParamRef', 'string', paramText), ageColumn],
})

export const admissionPolicyKinds: readonly KindRow[] = [policies, bindings]
