import { invalidValue, requiredValue } from '../metadata.js'
import { at, listAt, recordAt, selectorText, shown, textAt } from './cells.js'
import { int, keyed, list, map, record, selector, text } from './fragments.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import type { Cause, KindRow } from './types.js'

const backend = record({ service: record({ name: text, port: record({ name: text, number: int }) }), resource: record() })
const pathTypes = new Set(['Exact', 'Prefix', 'ImplementationSpecific'])

const ingresses = builtin('networking.k8s.io/v1', 'ingresses', 'Ingress', {
  shortNames: ['ing'],
  subresources: { status: true },
  properties: {
    spec: record({ ingressClassName: text, defaultBackend: backend, tls: list(record({ hosts: list(text), secretName: text })), rules: list(record({ host: text, http: record({ paths: list(record({ path: text, pathType: text, backend })) }) })) }),
    status: record({ loadBalancer: record() }),
  },
  strategy: {
    prepareCreate: draft => { draft.status = { loadBalancer: {} } },
    validate: object => {
      const rules = listAt(object, 'spec.rules')
      const causes: Cause[] = rules.length || at(object, 'spec.defaultBackend') !== undefined ? [] : [invalidValue('spec', at(object, 'spec') ?? {}, 'either `defaultBackend` or `rules` must be specified')]
      return [...causes, ...rules.flatMap((rule, i) => listAt(rule, 'http.paths').flatMap(({ pathType }, j) => {
        const field = `spec.rules[${i}].http.paths[${j}].pathType`
        if (pathType === undefined) return [requiredValue(field, 'pathType must be specified')]
        return pathTypes.has(String(pathType)) ? [] : [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(pathType)}: supported values: "Exact", "ImplementationSpecific", "Prefix"`, field }]
      }))]
    },
  },
  columns: [
    column('Class', 'string', object => textAt(object, 'spec.ingressClassName') || '<none>'),
    column('Hosts', 'string', object => listAt(object, 'spec.rules').map(({ host }) => String(host ?? '*')).join(',') || '*'),
    column('Address', 'string', object => listAt(object, 'status.loadBalancer.ingress').map(({ ip, hostname }) => String(ip ?? hostname)).join(',')),
    column('Ports', 'string', object => listAt(object, 'spec.tls').length ? '80, 443' : '80'),
    ageColumn,
  ],
})

const ingressClasses = builtin('networking.k8s.io/v1', 'ingressclasses', 'IngressClass', {
  namespaced: false,
  properties: { spec: record({ controller: text, parameters: record() }) },
  columns: [
    column('Controller', 'string', shown('spec.controller')),
    column('Parameters', 'string', object => { const { kind, name } = recordAt(object, 'spec.parameters'); return name ? `${String(kind)}/${String(name)}` : '<none>' }),
    ageColumn,
  ],
})

const networkPolicies = builtin('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', {
  shortNames: ['netpol'],
  properties: { spec: record({ podSelector: selector, ingress: list(), egress: list(), policyTypes: list(text) }) },
  strategy: {
    defaults: draft => {
      const spec = within(draft, 'spec')
      fill(spec, { podSelector: {}, policyTypes: ['Ingress', ...(Array.isArray(spec.egress) && spec.egress.length ? ['Egress'] : [])] })
    },
  },
  columns: [column('Pod-Selector', 'string', object => selectorText(at(object, 'spec.podSelector'))), ageColumn],
})

const endpointSlices = builtin('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', {
  properties: { addressType: text, endpoints: list(record({ addresses: list(text), conditions: record() })), ports: list(record({ name: text, port: int, protocol: text })) },
  strategy: {
    validate: (object, stored) => [
      ...(textAt(object, 'addressType') ? [] : [requiredValue('addressType')]),
      ...(stored && at(object, 'addressType') !== at(stored, 'addressType') ? [invalidValue('addressType', at(object, 'addressType'), 'field is immutable')] : []),
    ],
  },
  columns: [
    column('AddressType', 'string', shown('addressType')),
    column('Ports', 'string', object => listAt(object, 'ports').map(({ port }) => String(port)).join(',') || '<unset>'),
    column('Endpoints', 'string', object => listAt(object, 'endpoints').flatMap(({ addresses }) => Array.isArray(addresses) ? addresses.map(String) : []).join(',') || '<unset>'),
    ageColumn,
  ],
})

const storageClasses = builtin('storage.k8s.io/v1', 'storageclasses', 'StorageClass', {
  namespaced: false,
  shortNames: ['sc'],
  properties: { provisioner: text, parameters: map(), reclaimPolicy: text, volumeBindingMode: text, mountOptions: list(text), allowedTopologies: list() },
  strategy: {
    defaults: draft => { fill(draft, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }) },
    validate: (object, stored) => [
      ...(textAt(object, 'provisioner') ? [] : [requiredValue('provisioner')]),
      ...(stored ? ['provisioner', 'parameters', 'reclaimPolicy', 'volumeBindingMode'].filter(field => JSON.stringify(at(object, field)) !== JSON.stringify(at(stored, field))).map(field => field === 'parameters' ? { reason: 'FieldValueForbidden', message: 'Forbidden: updates to parameters are forbidden.', field } : invalidValue(field, at(object, field), 'field is immutable')) : []),
    ],
  },
  columns: [
    column('Provisioner', 'string', shown('provisioner')),
    column('ReclaimPolicy', 'string', shown('reclaimPolicy')),
    column('VolumeBindingMode', 'string', shown('volumeBindingMode')),
    column('AllowVolumeExpansion', 'string', object => String(at(object, 'allowVolumeExpansion') ?? false)),
    ageColumn,
  ],
})

const cluster = { namespaced: false } as const

export const networkKinds: readonly KindRow[] = [ingresses, ingressClasses, networkPolicies, endpointSlices]
export const storageKinds: readonly KindRow[] = [
  storageClasses,
  builtin('storage.k8s.io/v1', 'volumeattachments', 'VolumeAttachment', { ...cluster, subresources: { status: true } }),
  builtin('storage.k8s.io/v1', 'csidrivers', 'CSIDriver', cluster),
  builtin('storage.k8s.io/v1', 'csinodes', 'CSINode', { ...cluster, properties: { spec: record({ drivers: keyed('name', record()) }) } }),
  builtin('storage.k8s.io/v1', 'csistoragecapacities', 'CSIStorageCapacity'),
]
