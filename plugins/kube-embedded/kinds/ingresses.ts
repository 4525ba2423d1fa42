import { isIP } from 'node:net'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, namedValue, requiredValue, tooLongValue, unsupportedValue } from '../causes.js'
import { label1035Problems, labelProblems, pathSegmentProblems, portNameProblems, subdomainProblems } from '../names.js'
import { addressCauses } from './addresses.js'
import { at, listAt, shown, textAt } from './cells.js'
import { domainPathCauses } from './paths.js'
import { ageColumn, builtin, column, fill } from './row.js'
import { fixed, isMissing, oneOf, portCauses } from './rules.js'
import type { Cause, KindRow } from './types.js'

const subdomain = '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*'
const wildcard = new RegExp(`^\\*\\.${subdomain}$`)
const wildcardText = `a wildcard DNS-1123 subdomain must start with '*.', followed by a valid DNS subdomain, which must consist of lower case alphanumeric characters, '-' or '.' and end with an alphanumeric character (e.g. '*.example.com', regex used for validation is '\\*\\.${subdomain}')`

const hostProblems = (host: string): string[] => host.includes('*') ? wildcard.test(host) ? [] : [wildcardText] : subdomainProblems(host)

function hostCauses (field: string, host: string): Cause[] {
  if (host === '') return []
  return [...isIP(host) ? [invalidValue(field, host, 'must be a DNS name, not an IP address')] : [], ...invalidValues(field, host, hostProblems(host))]
}

/** An object of the same namespace. */
export function localReferenceCauses (reference: Record<string, unknown>, field: string): Cause[] {
  const { apiGroup } = reference
  return [
    ...typeof apiGroup === 'string' ? invalidValues(`${field}.apiGroup`, apiGroup, subdomainProblems(apiGroup)) : [],
    ...['kind', 'name'].flatMap(key => namedValue(`${field}.${key}`, textAt(reference, key), pathSegmentProblems)),
  ]
}

function portOf (service: unknown, field: string): Cause[] {
  const [name, number] = [textAt(service, 'port.name'), at(service, 'port.number')]
  if (name && !isMissing(number)) return [invalidValue(field, '', 'cannot set both port name & port number')]
  if (name) return invalidValues(`${field}.service.port.name`, name, portNameProblems(name))
  return isMissing(number) || number === 0 ? [requiredValue(field, 'port name or number is required')] : portCauses(`${field}.service.port.number`, number)
}

function backendCauses (backend: unknown, field: string): Cause[] {
  const { service, resource } = isRecord(backend) ? backend : {}
  if (service !== undefined && resource !== undefined) return [invalidValue(field, '', 'cannot set both resource and service backends')]
  if (isRecord(resource)) return localReferenceCauses(resource, `${field}.resource`)
  if (!isRecord(service)) return [invalidValue(field, '', 'resource or service backend is required')]
  return [...namedValue(`${field}.service.name`, textAt(service, 'name'), label1035Problems), ...portOf(service, field)]
}

const badParts = ['//', '/./', '/../', '%2f', '%2F']
const badEnds = ['/..', '/.']

function pathText (path: string, type: unknown, field: string): Cause[] {
  const relative = path.startsWith('/') || (type === 'ImplementationSpecific' && path === '') ? [] : [invalidValue(field, path, 'must be an absolute path')]
  if (type === 'ImplementationSpecific') return relative
  return [
    ...relative,
    ...badParts.filter(part => path.includes(part)).map(part => invalidValue(field, path, `must not contain '${part}'`)),
    ...badEnds.filter(end => path.endsWith(end)).map(end => invalidValue(field, path, `cannot end with '${end}'`)),
  ]
}

const pathTypes = ['Exact', 'ImplementationSpecific', 'Prefix']

function pathCauses (item: Record<string, unknown>, field: string): Cause[] {
  const { pathType } = item
  if (pathType === undefined) return [requiredValue(`${field}.pathType`, 'pathType must be specified')]
  const known = pathTypes.includes(String(pathType))
  return [
    ...known ? pathText(textAt(item, 'path'), pathType, `${field}.path`) : [unsupportedValue(`${field}.pathType`, pathType, pathTypes)],
    ...backendCauses(item.backend, `${field}.backend`),
  ]
}

function ruleCauses (rule: Record<string, unknown>, field: string): Cause[] {
  const paths = listAt(rule, 'http.paths')
  const empty = isRecord(rule.http) && paths.length === 0
  return [
    ...hostCauses(`${field}.host`, textAt(rule, 'host')),
    ...empty ? [requiredValue(`${field}.http.paths`)] : [],
    ...paths.flatMap((path, i) => pathCauses(path, `${field}.http.paths[${i}]`)),
  ]
}

function tlsCauses (tls: Record<string, unknown>, field: string): Cause[] {
  const [hosts, secret] = [Array.isArray(tls.hosts) ? tls.hosts.map(String) : [], textAt(tls, 'secretName')]
  return [...hosts.flatMap((host, i) => invalidValues(`${field}.hosts[${i}]`, host, hostProblems(host))), ...secret ? invalidValues(`${field}.secretName`, secret, subdomainProblems(secret)) : []]
}

function specCauses (object: KubeObject): Cause[] {
  const [rules, backend, name] = [listAt(object, 'spec.rules'), at(object, 'spec.defaultBackend'), at(object, 'spec.ingressClassName')]
  return [
    ...rules.length === 0 && backend === undefined ? [invalidValue('spec', null, 'either `defaultBackend` or `rules` must be specified')] : [],
    ...backend === undefined ? [] : backendCauses(backend, 'spec.defaultBackend'),
    ...rules.flatMap((rule, i) => ruleCauses(rule, `spec.rules[${i}]`)),
    ...listAt(object, 'spec.tls').flatMap((tls, i) => tlsCauses(tls, `spec.tls[${i}]`)),
    ...typeof name === 'string' ? invalidValues('spec.ingressClassName', name, subdomainProblems(name)) : [],
  ]
}

const annotation = 'kubernetes.io/ingress.class'

/** The older way to say the class agrees with the newer one. */
function classCauses (object: KubeObject): Cause[] {
  const [older, newer] = [object.metadata.annotations?.[annotation], at(object, 'spec.ingressClassName')]
  return older !== undefined && newer !== undefined && older !== newer ? [invalidValue(`annotations.${annotation}`, older, 'must match `ingressClassName` when both are specified')] : []
}

const statusCauses = (object: KubeObject): Cause[] => listAt(object, 'status.loadBalancer.ingress').flatMap(({ ip, hostname }, i) => {
  const field = `status.loadBalancer.ingress[${i}]`
  return [
    ...typeof ip === 'string' && ip ? addressCauses(`${field}.ip`, ip) : [],
    ...typeof hostname === 'string' && hostname ? [...invalidValues(`${field}.hostname`, hostname, subdomainProblems(hostname)), ...isIP(hostname) ? [invalidValue(`${field}.hostname`, hostname, 'must be a DNS name, not an IP address')] : []] : [],
  ]
})

function hostsText (object: KubeObject): string {
  const rules = listAt(object, 'spec.rules')
  const hosts = rules.flatMap(({ host }) => host ? [String(host)] : [])
  const shown = hosts.slice(0, 3).join(',') || '*'
  return hosts.length >= 3 && rules.length > 3 ? `${shown} + ${rules.length - 3} more...` : shown
}

const addressText = (object: KubeObject): string =>
  [...new Set(listAt(object, 'status.loadBalancer.ingress').flatMap(({ ip, hostname }) => ip || hostname ? [String(ip || hostname)] : []))].sort().join(',')

const ingresses = builtin('networking.k8s.io/v1', 'ingresses', 'Ingress', {
  shortNames: ['ing'],
  subresources: { status: true },
  strategy: {
    prepareCreate: draft => { draft.status = {} },
    validate: (object, stored) => [...specCauses(object), ...stored ? [] : classCauses(object), ...statusCauses(object)],
    warnings: (object, stored) => stored || object.metadata.annotations?.[annotation] === undefined || at(object, 'spec.ingressClassName') !== undefined ? [] : [`annotation ${JSON.stringify(annotation)} is deprecated, please use 'spec.ingressClassName' instead`],
  },
  columns: [
    column('Class', 'string', object => textAt(object, 'spec.ingressClassName') || '<none>'),
    column('Hosts', 'string', hostsText),
    column('Address', 'string', addressText),
    column('Ports', 'string', object => listAt(object, 'spec.tls').length ? '80, 443' : '80'),
    ageColumn,
  ],
})

function scopeCauses (object: KubeObject): Cause[] {
  const field = 'spec.parameters'
  const parameters = at(object, field)
  if (!isRecord(parameters)) return []
  const { scope, namespace } = parameters
  return [
    ...localReferenceCauses(parameters, field),
    ...oneOf(`${field}.scope`, scope, ['Cluster', 'Namespace']),
    ...scope === 'Namespace' ? namespace === undefined ? [requiredValue(`${field}.namespace`, "`parameters.scope` is set to 'Namespace'")] : invalidValues(`${field}.namespace`, namespace, labelProblems(String(namespace))) : [],
    ...scope === 'Cluster' && namespace !== undefined ? [forbiddenValue(`${field}.namespace`, "`parameters.scope` is set to 'Cluster'")] : [],
  ]
}

function parametersText (object: KubeObject): string {
  const parameters = at(object, 'spec.parameters')
  const group = textAt(parameters, 'apiGroup')
  return isRecord(parameters) ? `${textAt(parameters, 'kind')}${group ? `.${group}` : ''}/${textAt(parameters, 'name')}` : '<none>'
}

const ingressClasses = builtin('networking.k8s.io/v1', 'ingressclasses', 'IngressClass', {
  namespaced: false,
  strategy: {
    defaults: draft => { const parameters = at(draft, 'spec.parameters'); if (isRecord(parameters)) fill(parameters, { scope: 'Cluster' }) },
    validate: (object, stored) => {
      const controller = textAt(object, 'spec.controller')
      const long = controller.length > 250 ? [tooLongValue('spec.controller', 250)] : []
      return [...fixed(object, stored, 'spec.controller'), ...long, ...domainPathCauses('spec.controller', controller), ...scopeCauses(object)]
    },
  },
  columns: [column('Controller', 'string', shown('spec.controller')), column('Parameters', 'string', parametersText), ageColumn],
})

export const ingressKinds: readonly KindRow[] = [ingressClasses, ingresses]
