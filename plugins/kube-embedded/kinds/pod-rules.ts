import { isRecord } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, requiredValue } from '../causes.js'
import { annotationCauses, labelCauses } from '../metadata.js'
import { addressProblems, plainLabelProblems, subdomainProblems } from '../names.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { containersCauses } from './container-rules.js'
import { oneOf } from './rules.js'
import { affinityCauses, spreadCauses, tolerationCauses } from './scheduling-rules.js'
import { podSecurityCauses } from './security-rules.js'
import type { Cause } from './types.js'
import { volumeCauses } from './volume-rules.js'

const textsAt = (spec: unknown, path: string): string[] => { const value = at(spec, path); return Array.isArray(value) ? value.map(String) : [] }

function resolverCauses (spec: unknown, field: string): Cause[] {
  const config = at(spec, 'dnsConfig')
  const place = `${field}.dnsConfig`
  const alone = textAt(spec, 'dnsPolicy') === 'None'
  if (!isRecord(config)) return alone ? [requiredValue(place, 'must provide `dnsConfig` when `dnsPolicy` is None')] : []
  const servers = textsAt(config, 'nameservers')
  return [
    ...(alone && servers.length === 0 ? [requiredValue(`${place}.nameservers`, 'must provide at least one DNS nameserver when `dnsPolicy` is None')] : []),
    ...(servers.length > 3 ? [invalidValue(`${place}.nameservers`, servers, 'must not have more than 3 nameservers')] : []),
    ...servers.flatMap((server, i) => invalidValues(`${place}.nameservers[${i}]`, server, addressProblems(server))),
    ...listAt(config, 'options').flatMap(({ name }, i) => name ? [] : [requiredValue(`${place}.options[${i}]`, 'must not be empty')]),
  ]
}

/** A name that may be left out. */
const named = (spec: unknown, name: string, field: string, rule: (text: string) => string[]): Cause[] => {
  const text = textAt(spec, name)
  return text === '' ? [] : invalidValues(`${field}.${name}`, text, rule(text))
}

function deadlineCauses (spec: unknown, field: string): Cause[] {
  const seconds = at(spec, 'activeDeadlineSeconds')
  return typeof seconds === 'number' && (seconds < 1 || seconds > 0x7fffffff) ? [invalidValue(`${field}.activeDeadlineSeconds`, seconds, 'must be between 1 and 2147483647, inclusive')] : []
}

const aliasCauses = (spec: unknown, field: string): Cause[] => listAt(spec, 'hostAliases').flatMap((alias, i) => [
  ...invalidValues(`${field}.hostAliases[${i}].ip`, alias.ip ?? '', addressProblems(textAt(alias, 'ip'))),
  ...textsAt(alias, 'hostnames').flatMap((name, n) => invalidValues(`${field}.hostAliases[${i}].hostnames[${n}]`, name, subdomainProblems(name))),
])

const policies = ['ClusterFirstWithHostNet', 'ClusterFirst', 'Default', 'None']

/** Rules of a PodSpec; `field` is where it stands. */
export function podSpecCauses (spec: unknown, field: string): Cause[] {
  const { causes, known } = volumeCauses(spec, field)
  return [
    ...causes,
    ...containersCauses(spec, known, field),
    ...oneOf(`${field}.restartPolicy`, at(spec, 'restartPolicy'), ['Always', 'OnFailure', 'Never']),
    ...oneOf(`${field}.dnsPolicy`, at(spec, 'dnsPolicy'), policies),
    ...labelCauses(recordAt(spec, 'nodeSelector'), `${field}.nodeSelector`),
    ...podSecurityCauses(spec, field),
    ...affinityCauses(spec, field),
    ...resolverCauses(spec, field),
    ...spreadCauses(spec, field),
    ...named(spec, 'serviceAccountName', field, subdomainProblems),
    ...named(spec, 'nodeName', field, subdomainProblems),
    ...deadlineCauses(spec, field),
    ...named(spec, 'hostname', field, plainLabelProblems),
    ...named(spec, 'subdomain', field, plainLabelProblems),
    ...tolerationCauses(spec, field),
    ...aliasCauses(spec, field),
    ...named(spec, 'priorityClassName', field, subdomainProblems),
    ...named(spec, 'runtimeClassName', field, subdomainProblems),
  ]
}

/** Rules of the template of Pods; `field` is where it stands. Labels and annotations are told as Kubernetes tells them: without the metadata. */
export function podTemplateCauses (template: unknown, field: string): Cause[] {
  return [
    ...labelCauses(recordAt(template, 'metadata.labels'), `${field}.labels`),
    ...annotationCauses(recordAt(template, 'metadata.annotations'), `${field}.annotations`),
    ...podSpecCauses(at(template, 'spec'), `${field}.spec`),
  ]
}
