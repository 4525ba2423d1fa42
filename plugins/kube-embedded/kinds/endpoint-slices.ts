import { isIPv4, isIPv6 } from 'node:net'
import type { KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, invalidValue, invalidValues, requiredValue, tooManyValues, unsupportedValue } from '../causes.js'
import { addressProblems, labelProblems, labelValueProblems, qualifiedNameProblems, subdomainProblems } from '../names.js'
import { endpointCauses } from './addresses.js'
import { at, fewOf, listAt, shown, textAt } from './cells.js'
import { ageColumn, builtin, column, fill } from './row.js'
import { changed, fixed, joined, oneOf, repeated } from './rules.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

const addressTypes = ['FQDN', 'IPv4', 'IPv6']

function typeCauses (type: string): Cause[] {
  if (type === '') return [requiredValue('addressType')]
  return addressTypes.includes(type) ? [] : [unsupportedValue('addressType', type, addressTypes)]
}

function portCauses (port: Fields, i: number, ports: readonly Fields[]): Cause[] {
  const [field, name, protocol] = [`ports[${i}]`, textAt(port, 'name'), at(port, 'appProtocol')]
  return [
    ...name ? invalidValues(`${field}.name`, name, labelProblems(name)) : [],
    ...ports.findIndex(other => textAt(other, 'name') === name) < i ? [duplicateValue(`${field}.name`, name)] : [],
    ...oneOf(`${field}.protocol`, port.protocol, ['SCTP', 'TCP', 'UDP']),
    ...typeof protocol === 'string' ? invalidValues(`${field}.appProtocol`, protocol, qualifiedNameProblems(protocol)) : [],
  ]
}

function domainCauses (field: string, name: string): Cause[] {
  const plain = name.endsWith('.') ? name.slice(0, -1) : name
  if (plain === '') return [requiredValue(field)]
  const problems = subdomainProblems(plain)
  return problems.length ? joined(field, plain, problems) : plain.includes('.') ? [] : [invalidValue(field, plain, 'should be a domain with at least two segments separated by dots')]
}

/** An address of a family; `list` is where Kubernetes reports one of the other family. */
function familyCauses (family: 'IPv4' | 'IPv6', field: string, list: string, address: string): Cause[] {
  const problems = addressProblems(address)
  if (problems.length) return invalidValues(field, address, problems)
  const fits = family === 'IPv4' ? isIPv4(address) : isIPv6(address)
  return [...fits ? [] : [invalidValue(list, address, `must be an ${family} address`)], ...endpointCauses(field, address)]
}

function addressesCauses ({ addresses }: Fields, type: string, field: string): Cause[] {
  const list = Array.isArray(addresses) ? addresses.map(String) : []
  const size = list.length === 0 ? [requiredValue(field, 'must contain at least 1 address')] : list.length > 100 ? [tooManyValues(field, list.length, 100)] : []
  return [...size, ...list.flatMap((address, i) => {
    const place = `${field}[${i}]`
    return type === 'FQDN' ? domainCauses(place, address) : type === 'IPv4' || type === 'IPv6' ? familyCauses(type, place, field, address) : []
  })]
}

function hintCauses (endpoint: Fields, field: string): Cause[] {
  const names = (key: string) => listAt(endpoint, `hints.${key}`).map(hint => textAt(hint, 'name'))
  const zones = names('forZones')
  if (zones.length > 8) return [tooManyValues(`${field}.forZones`, zones.length, 8)]
  return [...repeated(zones, i => `${field}.forZones[${i}].name`), ...zones.flatMap((zone, i) => invalidValues(`${field}.forZones[${i}].name`, zone, labelValueProblems(zone)))]
}

function endpointsCauses (object: KubeObject): Cause[] {
  const endpoints = listAt(object, 'endpoints')
  if (endpoints.length > 1000) return [tooManyValues('endpoints', endpoints.length, 1000)]
  return endpoints.flatMap((endpoint, i) => {
    const { nodeName, hostname } = endpoint
    return [
      ...addressesCauses(endpoint, textAt(object, 'addressType'), `endpoints[${i}].addresses`),
      ...typeof nodeName === 'string' ? invalidValues(`endpoints[${i}].nodeName`, nodeName, subdomainProblems(nodeName)) : [],
      ...typeof hostname === 'string' ? invalidValues(`endpoints[${i}].hostname`, hostname, labelProblems(hostname)) : [],
      ...hintCauses(endpoint, `endpoints[${i}].hints`),
    ]
  })
}

const endpointSlices = builtin('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', {
  strategy: {
    defaults: draft => { for (const port of listAt(draft, 'ports')) fill(port, { name: '', protocol: 'TCP' }) },
    prepareCreate: draft => { for (const endpoint of listAt(draft, 'endpoints')) delete endpoint.deprecatedTopology },
    // Those who watch slices select them by their labels.
    prepareUpdate: (draft, stored) => { if (changed(draft, stored, 'metadata.labels')) draft.metadata.generation = (stored.metadata.generation ?? 0) + 1 },
    validate: (object, stored) => [
      ...typeCauses(textAt(object, 'addressType')),
      ...listAt(object, 'ports').flatMap(portCauses),
      ...stored && !changed(object, stored, 'endpoints') ? [] : endpointsCauses(object),
      ...fixed(object, stored, 'addressType'),
    ],
  },
  columns: [
    column('AddressType', 'string', shown('addressType')),
    column('Ports', 'string', object => fewOf(listAt(object, 'ports').map(({ port, name }) => port === undefined ? typeof name === 'string' ? name : '*' : String(port)))),
    column('Endpoints', 'string', object => fewOf(listAt(object, 'endpoints').flatMap(({ addresses }) => Array.isArray(addresses) ? addresses.map(String) : []))),
    ageColumn,
  ],
})

export const endpointSliceKinds: readonly KindRow[] = [endpointSlices]
