import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { label1035Problems, portProblems, subdomainProblems } from '../names.js'
import { matchConditionCauses, operationCauses, selectorsDefaults } from './admission-rules.js'
import { at, listAt, textAt } from './cells.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { joined, oneOf } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

const form = '; desired format: https://host[/path]'

function urlCauses (field: string, text: string): Cause[] {
  const [, scheme = '', , host = '', , query, , fragment] = /^([^:/?#]+:)?(\/\/([^/?#]*))?([^?#]*)(\?([^#]*))?(#(.*))?$/s.exec(text) ?? []
  const [user, name] = host.includes('@') ? [host.slice(0, host.lastIndexOf('@')), host.slice(host.lastIndexOf('@') + 1)] : ['', host]
  return [
    ...scheme === 'https:' ? [] : [invalidValue(field, scheme.slice(0, -1), `'https' is the only allowed URL scheme${form}`)],
    ...name ? [] : [invalidValue(field, name, `host must be specified${form}`)],
    ...user ? [invalidValue(field, user, 'user information is not permitted in the URL')] : [],
    ...fragment ? [invalidValue(field, fragment.slice(1), 'fragments are not permitted in the URL')] : [],
    ...query && query !== '?' ? [invalidValue(field, query.replace(/^\?/, ''), 'query parameters are not permitted in the URL')] : [],
  ]
}

function stepCauses (field: string, path: string): Cause[] {
  if (path === '' || path === '/') return []
  if (path === '//') return [invalidValue(field, path, 'segment[0] may not be empty')]
  const steps = path.slice(1).replace(/\/$/, '').split('/')
  return [...path.startsWith('/') ? [] : [invalidValue(field, path, "must start with a '/'")], ...steps.flatMap((step, i) =>
    (step === '' ? [`segment[${i}] may not be empty`] : subdomainProblems(step).map(text => `segment[${i}]: ${text}`)).map(text => invalidValue(field, path, text)))]
}

/** A service that is called; Kubernetes asks for its namespace under the name of its name, and the other way round. */
export function serviceCauses (service: unknown, field: string): Cause[] {
  const port = at(service, 'port')
  const problems = portProblems(port)
  return [
    ...textAt(service, 'namespace') ? [] : [requiredValue(`${field}.name`)],
    ...textAt(service, 'name') ? [] : [requiredValue(`${field}.namespace`)],
    ...problems.length ? [invalidValue(`${field}.port`, port ?? 0, `port is not valid: ${problems.join(', ')}`)] : [],
    ...stepCauses(`${field}.path`, textAt(service, 'path')),
  ]
}

function clientCauses (client: unknown, field: string): Cause[] {
  const { url, service } = isRecord(client) ? client : {}
  if ((url === undefined) === (service === undefined)) return [requiredValue(field, 'exactly one of url or service is required')]
  return url === undefined ? serviceCauses(service, `${field}.service`) : urlCauses(`${field}.url`, String(url))
}

function nameCauses (name: string, field: string): Cause[] {
  if (name === '') return [requiredValue(field)]
  const problems = subdomainProblems(name)
  return problems.length ? joined(field, name, problems) : name.split('.').length < 3 ? [invalidValue(field, name, 'should be a domain with at least three segments separated by dots')] : []
}

const reviews = ['v1', 'v1beta1']

function reviewCauses (versions: readonly string[], field: string): Cause[] {
  if (versions.length === 0) return [requiredValue(field, `must specify one of ${reviews.join(', ')}`)]
  return [
    ...versions.flatMap((version, i) => versions.indexOf(version) < i ? [invalidValue(`${field}[${i}]`, version, 'duplicate version')] : invalidValues(`${field}[${i}]`, version, label1035Problems(version))),
    ...versions.some(version => reviews.includes(version)) ? [] : [invalidValue(field, versions, `must include at least one of ${reviews.join(', ')}`)],
  ]
}

const effects = ['None', 'NoneOnDryRun']

function effectCauses (effect: unknown, field: string): Cause[] {
  return effect === undefined || effect === '' ? [requiredValue(field, `must specify one of ${effects.join(', ')}`)] : effects.includes(String(effect)) ? [] : [unsupportedValue(field, effect, effects)]
}

function webhookCauses (hook: Fields, field: string): Cause[] {
  const seconds = hook.timeoutSeconds
  return [
    ...nameCauses(textAt(hook, 'name'), `${field}.name`),
    ...listAt(hook, 'rules').flatMap((rule, i) => operationCauses(rule, `${field}.rules[${i}]`)),
    ...oneOf(`${field}.failurePolicy`, hook.failurePolicy, ['Fail', 'Ignore']),
    ...oneOf(`${field}.matchPolicy`, hook.matchPolicy, ['Equivalent', 'Exact']),
    ...effectCauses(hook.sideEffects, `${field}.sideEffects`),
    ...typeof seconds === 'number' && (seconds > 30 || seconds < 1) ? [invalidValue(`${field}.timeoutSeconds`, seconds, 'the timeout value must be between 1 and 30 seconds')] : [],
    ...selectorCauses(hook.namespaceSelector, `${field}.namespaceSelector`),
    ...selectorCauses(hook.objectSelector, `${field}.objectSelector`),
    ...oneOf(`${field}.reinvocationPolicy`, hook.reinvocationPolicy, ['IfNeeded', 'Never']),
    ...clientCauses(hook.clientConfig, `${field}.clientConfig`),
    ...matchConditionCauses(hook, `${field}.matchConditions`),
    ...reviewCauses(Array.isArray(hook.admissionReviewVersions) ? hook.admissionReviewVersions.map(String) : [], `${field}.admissionReviewVersions`),
  ]
}

function configurationCauses (object: KubeObject): Cause[] {
  const hooks = listAt(object, 'webhooks')
  const names = hooks.map(hook => textAt(hook, 'name'))
  return hooks.flatMap((hook, i) => [...webhookCauses(hook, `webhooks[${i}]`), ...names[i] && names.indexOf(names[i]) < i ? [duplicateValue(`webhooks[${i}].name`, names[i])] : []])
}

function hookDefaults (hook: Fields, mutating: boolean): void {
  fill(hook, { failurePolicy: 'Fail', matchPolicy: 'Equivalent', timeoutSeconds: 10, ...mutating ? { reinvocationPolicy: 'Never' } : {} })
  selectorsDefaults(hook)
  for (const rule of listAt(hook, 'rules')) fill(rule, { scope: '*' })
  if (isRecord(at(hook, 'clientConfig.service'))) fill(within(within(hook, 'clientConfig'), 'service'), { port: 443 })
}

const configuration = (resource: string, kind: string): KindRow => builtin('admissionregistration.k8s.io/v1', resource, kind, {
  namespaced: false,
  categories: ['api-extensions'],
  strategy: {
    defaults: draft => { for (const hook of listAt(draft, 'webhooks')) hookDefaults(hook, kind.startsWith('Mutating')) },
    validate: configurationCauses,
  },
  columns: [column('Webhooks', 'integer', object => listAt(object, 'webhooks').length), ageColumn],
})

export const webhookKinds: readonly KindRow[] = [configuration('mutatingwebhookconfigurations', 'MutatingWebhookConfiguration'), configuration('validatingwebhookconfigurations', 'ValidatingWebhookConfiguration')]
