import { createHash } from 'node:crypto'
import { isDeepStrictEqual } from 'node:util'
import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, requiredValue } from '../metadata.js'
import { at, entriesOf, isRecord, listAt, numberAt, recordAt, shown, textAt } from './cells.js'
import { conditions, flag, int, intOrText, keyed, list, map, quantities, record, set, text } from './fragments.js'
import { ageColumn, builtin, column, fill, wide, within } from './row.js'
import type { Cause, KindRow } from './types.js'

const none = '<none>'
const key = /^[-._a-zA-Z0-9]+$/
/** What the values of a ConfigMap or Secret may weigh together, in bytes. */
const mostData = 1024 * 1024

function dataCauses (object: KubeObject, fields: readonly string[]): Cause[] {
  const records = fields.map(field => [field, recordAt(object, field)] as const)
  const size = records.reduce((sum, [, record]) => sum + Object.values(record).reduce((total: number, value) => total + String(value).length, 0), 0)
  return [
    ...records.flatMap(([field, record]) => Object.keys(record).filter(name => !key.test(name) || name.length > 253).map(name => invalidValue(`${field}[${name}]`, name, "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"))),
    ...(size > mostData * 4 / 3 ? [{ reason: 'FieldValueTooLong', message: `Too long: may not be more than ${mostData} bytes`, field: fields[0] ?? '' }] : []),
  ]
}

function immutableCauses (object: KubeObject, stored: KubeObject | undefined, fields: readonly string[]): Cause[] {
  if (!stored || at(stored, 'immutable') !== true) return []
  const changed = [...fields, 'immutable'].find(field => !isDeepStrictEqual(at(object, field), at(stored, field)))
  return changed ? [forbiddenValue(changed, 'field is immutable when `immutable` is set')] : []
}

const configMaps = builtin('v1', 'configmaps', 'ConfigMap', {
  shortNames: ['cm'],
  properties: { data: map(), binaryData: map(), immutable: flag },
  strategy: { validate: (object, stored) => [...dataCauses(object, ['data', 'binaryData']), ...immutableCauses(object, stored, ['data', 'binaryData'])] },
  columns: [column('Data', 'string', object => String(['data', 'binaryData'].reduce((sum, field) => sum + Object.keys(recordAt(object, field)).length, 0))), ageColumn],
})

const base64 = /^(?:[A-Za-z0-9+/]{4})*(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?$/

const secrets = builtin('v1', 'secrets', 'Secret', {
  properties: { type: text, data: map(), stringData: map(), immutable: flag },
  strategy: {
    defaults: draft => {
      fill(draft, { type: 'Opaque' })
      const { stringData } = draft
      delete draft.stringData
      if (!isRecord(stringData)) return
      const data = within(draft, 'data')
      for (const [name, value] of Object.entries(stringData)) data[name] = Buffer.from(String(value)).toString('base64')
    },
    validate: (object, stored) => [
      ...dataCauses(object, ['data']),
      ...Object.entries(recordAt(object, 'data')).filter(([, value]) => !base64.test(String(value))).map(([name]) => invalidValue(`data[${name}]`, '<secret>', 'illegal base64 data')),
      ...(stored && at(object, 'type') !== at(stored, 'type') ? [invalidValue('type', at(object, 'type'), 'field is immutable')] : []),
      ...immutableCauses(object, stored, ['data']),
    ],
  },
  columns: [column('Type', 'string', shown('type')), column('Data', 'string', object => String(Object.keys(recordAt(object, 'data')).length)), ageColumn],
  fields: { type: object => textAt(object, 'type') },
})

const namespaces = builtin('v1', 'namespaces', 'Namespace', {
  namespaced: false,
  shortNames: ['ns'],
  subresources: { status: true, finalize: true },
  verbs: ['create', 'delete', 'get', 'list', 'patch', 'update', 'watch'],
  properties: { spec: record({ finalizers: list(text) }), status: record({ phase: text, conditions }) },
  strategy: { names: 'label' },
  columns: [column('Status', 'string', shown('status.phase')), ageColumn],
  fields: { 'status.phase': object => textAt(object, 'status.phase') },
})

/** A stable address of the service network for a name; collisions do no harm, because nothing is routed. */
function clusterIP (name: string): string {
  const [a = 0, b = 0, c = 0] = createHash('sha256').update(name).digest()
  return `10.${96 + a % 16}.${b}.${1 + c % 254}`
}

const services = builtin('v1', 'services', 'Service', {
  shortNames: ['svc'],
  categories: ['all'],
  subresources: { status: true },
  properties: {
    spec: record({
      type: text,
      selector: map(),
      clusterIP: text,
      clusterIPs: list(text),
      externalName: text,
      externalIPs: list(text),
      sessionAffinity: text,
      ports: keyed('port', record({ name: text, port: int, targetPort: intOrText, nodePort: int, protocol: text }), ['port', 'protocol']),
    }),
    status: record({ conditions, loadBalancer: record() }),
  },
  strategy: {
    names: 'label1035',
    defaults: draft => {
      const spec = within(draft, 'spec')
      fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
      if (spec.type === 'ExternalName') return
      fill(spec, { internalTrafficPolicy: 'Cluster', ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
      for (const port of listAt(spec, 'ports')) fill(port, { protocol: 'TCP', targetPort: port.port })
    },
    prepareCreate: draft => {
      draft.status = { loadBalancer: {} }
      const spec = within(draft, 'spec')
      if (spec.type === 'ExternalName') return
      if (!spec.clusterIP) spec.clusterIP = clusterIP(`${draft.metadata.namespace ?? ''}/${draft.metadata.name}`)
      fill(spec, { clusterIPs: [spec.clusterIP] })
    },
    prepareUpdate: (draft, stored) => {
      const [spec, before] = [within(draft, 'spec'), recordAt(stored, 'spec')]
      if (spec.type !== 'ExternalName') fill(spec, { clusterIP: before.clusterIP, clusterIPs: before.clusterIPs })
    },
    validate: (object, stored) => {
      const ports = listAt(object, 'spec.ports')
      const type = textAt(object, 'spec.type')
      const headless = textAt(object, 'spec.clusterIP') === 'None'
      const names = ports.map(({ name }) => name).filter(Boolean)
      return [
        ...(ports.length === 0 && type !== 'ExternalName' && !headless ? [requiredValue('spec.ports')] : []),
        ...(type === 'ExternalName' && !textAt(object, 'spec.externalName') ? [requiredValue('spec.externalName')] : []),
        ...ports.flatMap(({ port, name }, i) => [
          ...(typeof port === 'number' && port >= 1 && port <= 65535 ? [] : [invalidValue(`spec.ports[${i}].port`, port ?? 0, 'must be between 1 and 65535, inclusive')]),
          ...(ports.length > 1 && !name ? [requiredValue(`spec.ports[${i}].name`)] : []),
          ...(name && names.indexOf(name) !== i && names.indexOf(name) < i && ports.findIndex(other => other.name === name) !== i ? [{ reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(name)}`, field: `spec.ports[${i}].name` }] : []),
        ]),
        ...(stored && textAt(stored, 'spec.clusterIP') && type === textAt(stored, 'spec.type') && textAt(stored, 'spec.clusterIP') !== textAt(object, 'spec.clusterIP') ? [invalidValue('spec.clusterIPs[0]', [textAt(object, 'spec.clusterIP')], 'may not change once set')] : []),
      ]
    },
  },
  columns: [
    column('Type', 'string', shown('spec.type')),
    column('Cluster-IP', 'string', object => textAt(object, 'spec.clusterIP') || none),
    column('External-IP', 'string', object => textAt(object, 'spec.externalName') || (at(object, 'spec.externalIPs') as string[] | undefined)?.join(',') || (textAt(object, 'spec.type') === 'LoadBalancer' ? '<pending>' : none)),
    column('Port(s)', 'string', object => listAt(object, 'spec.ports').map(({ port, nodePort, protocol }) => `${String(port)}${nodePort ? `:${String(nodePort)}` : ''}/${String(protocol)}`).join(',') || none),
    ageColumn,
    wide('Selector', 'string', object => entriesOf(recordAt(object, 'spec.selector'))),
  ],
})

const endpoints = builtin('v1', 'endpoints', 'Endpoints', {
  shortNames: ['ep'],
  properties: { subsets: list() },
  columns: [column('Endpoints', 'string', object => listAt(object, 'subsets').flatMap(subset => listAt(subset, 'addresses').flatMap(({ ip }) => listAt(subset, 'ports').map(({ port }) => `${String(ip)}:${String(port)}`))).join(',') || none), ageColumn],
})

const serviceAccounts = builtin('v1', 'serviceaccounts', 'ServiceAccount', {
  shortNames: ['sa'],
  properties: { secrets: keyed('name', record({ name: text, namespace: text })), imagePullSecrets: list(record({ name: text })), automountServiceAccountToken: flag },
  columns: [column('Secrets', 'string', object => String(listAt(object, 'secrets').length)), ageColumn],
})

const roles = (object: KubeObject): string => Object.keys(object.metadata.labels ?? {}).flatMap(label => label.startsWith('node-role.kubernetes.io/') ? [label.slice('node-role.kubernetes.io/'.length)] : []).sort().join(',') || none
const readiness = (object: KubeObject): string => {
  const condition = listAt(object, 'status.conditions').find(({ type }) => type === 'Ready')
  return [condition?.status === 'True' ? 'Ready' : condition?.status === 'False' ? 'NotReady' : 'Unknown', ...(at(object, 'spec.unschedulable') === true ? ['SchedulingDisabled'] : [])].join(',')
}
const address = (type: string) => (object: KubeObject): string => String(listAt(object, 'status.addresses').find(one => one.type === type)?.address ?? none)

const nodes = builtin('v1', 'nodes', 'Node', {
  namespaced: false,
  shortNames: ['no'],
  subresources: { status: true },
  properties: { spec: record({ podCIDR: text, podCIDRs: set(), providerID: text, unschedulable: flag, taints: list(record({ key: text, value: text, effect: text })) }), status: record({ capacity: quantities, allocatable: quantities, conditions, addresses: keyed('type', record({ type: text, address: text })), nodeInfo: record() }) },
  strategy: {
    prepareCreate: draft => {
      draft.status = {}
      const spec = within(draft, 'spec')
      if (typeof spec.podCIDR === 'string') fill(spec, { podCIDRs: [spec.podCIDR] })
    },
  },
  columns: [
    column('Status', 'string', readiness),
    column('Roles', 'string', roles),
    ageColumn,
    column('Version', 'string', shown('status.nodeInfo.kubeletVersion')),
    wide('Internal-IP', 'string', address('InternalIP')),
    wide('External-IP', 'string', address('ExternalIP')),
    wide('OS-Image', 'string', shown('status.nodeInfo.osImage')),
    wide('Kernel-Version', 'string', shown('status.nodeInfo.kernelVersion')),
    wide('Container-Runtime', 'string', shown('status.nodeInfo.containerRuntimeVersion')),
  ],
  fields: { 'spec.unschedulable': object => String(at(object, 'spec.unschedulable') ?? false) },
})

const eventFields = {
  involvedObject: record(),
  regarding: record(),
  related: record(),
  reason: text,
  message: text,
  note: text,
  type: text,
  count: int,
  firstTimestamp: text,
  lastTimestamp: text,
  eventTime: text,
  action: text,
  source: record(),
  reportingComponent: text,
  reportingInstance: text,
  series: record(),
}
const subject = (object: KubeObject): Record<string, unknown> => ({ ...recordAt(object, 'involvedObject'), ...recordAt(object, 'regarding') })
const seen = (object: KubeObject): unknown => textAt(object, 'lastTimestamp') || textAt(object, 'series.lastObservedTime') || textAt(object, 'eventTime') || object.metadata.creationTimestamp

/** Events of both groups are one kind of object. */
const event = (apiVersion: string): KindRow => builtin(apiVersion, 'events', 'Event', {
  shortNames: ['ev'],
  bucket: 'core/events',
  storageVersion: 'v1',
  properties: eventFields,
  columns: [
    column('Last Seen', 'date', seen),
    column('Type', 'string', shown('type')),
    column('Reason', 'string', shown('reason')),
    column('Object', 'string', object => `${String(subject(object).kind ?? '').toLowerCase()}/${String(subject(object).name ?? '')}`),
    wide('Subobject', 'string', object => String(subject(object).fieldPath ?? '')),
    wide('Source', 'string', object => textAt(object, 'source.component') || textAt(object, 'reportingComponent')),
    column('Message', 'string', object => (textAt(object, 'message') || textAt(object, 'note')).trim()),
    wide('First Seen', 'date', object => textAt(object, 'firstTimestamp') || textAt(object, 'eventTime') || object.metadata.creationTimestamp),
    wide('Count', 'string', object => String(numberAt(object, 'count', 1))),
    { ...wide('Name', 'string', ({ metadata }) => metadata.name), format: 'name' },
  ],
  fields: {
    ...Object.fromEntries(['kind', 'namespace', 'name', 'uid', 'apiVersion', 'resourceVersion', 'fieldPath'].map(name => [`involvedObject.${name}`, (object: KubeObject) => String(subject(object)[name] ?? '')])),
    ...Object.fromEntries(['reason', 'type', 'reportingComponent'].map(name => [name, (object: KubeObject) => textAt(object, name)])),
    source: object => textAt(object, 'source.component') || textAt(object, 'reportingComponent'),
  },
})

const quantity = /^[+-]?(\d+(\.\d*)?|\.\d+)([KMGTPE]i|[numkMGTPE]|[eE][+-]?\d+)?$/
const quantityCauses = (record: Record<string, unknown>, field: string): Cause[] => Object.entries(record)
  .filter(([, value]) => !quantity.test(String(value)))
  .map(([name, value]) => invalidValue(`${field}[${name}]`, value, "quantities must match the regular expression '^([+-]?[0-9.]+)([eEinumkKMGTP]*[-+]?[0-9]*)$'"))

const resourceQuotas = builtin('v1', 'resourcequotas', 'ResourceQuota', {
  shortNames: ['quota'],
  subresources: { status: true },
  properties: { spec: record({ hard: quantities, scopes: list(text), scopeSelector: record() }), status: record({ hard: quantities, used: quantities }) },
  strategy: { validate: object => quantityCauses(recordAt(object, 'spec.hard'), 'spec.hard') },
  columns: [
    column('Request', 'string', object => usage(object, false)),
    column('Limit', 'string', object => usage(object, true)),
    ageColumn,
  ],
})

function usage (object: KubeObject, limits: boolean): string {
  const used = recordAt(object, 'status.used')
  return Object.entries(recordAt(object, 'spec.hard')).filter(([name]) => name.startsWith('limits.') === limits).map(([name, value]) => `${name}: ${String(used[name] ?? 0)}/${String(value)}`).sort().join(', ')
}

const limitRanges = builtin('v1', 'limitranges', 'LimitRange', {
  shortNames: ['limits'],
  properties: { spec: record({ limits: list(record({ type: text, max: quantities, min: quantities, default: quantities, defaultRequest: quantities, maxLimitRequestRatio: quantities })) }) },
  strategy: { validate: object => listAt(object, 'spec.limits').flatMap((limit, i) => ['max', 'min', 'default', 'defaultRequest'].flatMap(name => quantityCauses(recordAt(limit, name), `spec.limits[${i}].${name}`))) },
  columns: [column('Created At', 'string', ({ metadata }) => metadata.creationTimestamp)],
})

const claimSpec = { accessModes: list(text), storageClassName: text, volumeName: text, volumeMode: text, resources: record({ requests: quantities, limits: quantities }), selector: record(), dataSource: record() }
const modes: Readonly<Record<string, string>> = { ReadWriteOnce: 'RWO', ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOncePod: 'RWOP' }
const modesOf = (path: string) => (object: KubeObject): string => { const value = at(object, path); return Array.isArray(value) ? value.map(mode => modes[String(mode)] ?? String(mode)).join(',') : '' }

const claims = builtin('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
  shortNames: ['pvc'],
  subresources: { status: true },
  properties: { spec: record(claimSpec), status: record({ phase: text, accessModes: list(text), capacity: quantities, conditions }) },
  strategy: {
    defaults: draft => { if (isRecord(draft.spec)) fill(draft.spec, { volumeMode: 'Filesystem' }) },
    prepareCreate: draft => { draft.status = { phase: 'Pending' } },
    validate: (object, stored) => {
      const accessModes = at(object, 'spec.accessModes')
      const fixed = ({ resources: _resources, volumeName: _volume, ...spec }: Record<string, unknown>) => spec
      return [
        ...(Array.isArray(accessModes) && accessModes.length ? accessModes.flatMap(mode => modes[String(mode)] ? [] : [{ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(mode)}: supported values: "ReadOnlyMany", "ReadWriteMany", "ReadWriteOnce", "ReadWriteOncePod"`, field: 'spec.accessModes' }]) : [requiredValue('spec.accessModes', 'at least 1 access mode is required')]),
        ...(at(object, 'spec.resources.requests.storage') === undefined ? [requiredValue('spec.resources[storage]')] : quantityCauses({ storage: at(object, 'spec.resources.requests.storage') }, 'spec.resources')),
        ...(stored && !isDeepStrictEqual(fixed(recordAt(object, 'spec')), fixed(recordAt(stored, 'spec'))) ? [forbiddenValue('spec', 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims')] : []),
      ]
    },
  },
  columns: [
    column('Status', 'string', shown('status.phase')),
    column('Volume', 'string', object => textAt(object, 'spec.volumeName')),
    column('Capacity', 'string', object => String(at(object, 'status.capacity.storage') ?? '')),
    column('Access Modes', 'string', modesOf('status.accessModes')),
    column('StorageClass', 'string', object => textAt(object, 'spec.storageClassName')),
    column('VolumeAttributesClass', 'string', () => '<unset>'),
    ageColumn,
    wide('VolumeMode', 'string', shown('spec.volumeMode')),
  ],
})

const volumes = builtin('v1', 'persistentvolumes', 'PersistentVolume', {
  namespaced: false,
  shortNames: ['pv'],
  subresources: { status: true },
  properties: { spec: record({ capacity: quantities, accessModes: list(text), persistentVolumeReclaimPolicy: text, storageClassName: text, volumeMode: text, claimRef: record() }), status: record({ phase: text, reason: text }) },
  strategy: {
    defaults: draft => { if (isRecord(draft.spec)) fill(draft.spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' }) },
    prepareCreate: draft => { draft.status = { phase: 'Pending' } },
    validate: object => [
      ...(Array.isArray(at(object, 'spec.accessModes')) ? [] : [requiredValue('spec.accessModes')]),
      ...(at(object, 'spec.capacity.storage') === undefined ? [requiredValue('spec.capacity')] : quantityCauses(recordAt(object, 'spec.capacity'), 'spec.capacity')),
    ],
  },
  columns: [
    column('Capacity', 'string', object => String(at(object, 'spec.capacity.storage') ?? '')),
    column('Access Modes', 'string', modesOf('spec.accessModes')),
    column('Reclaim Policy', 'string', shown('spec.persistentVolumeReclaimPolicy')),
    column('Status', 'string', shown('status.phase')),
    column('Claim', 'string', object => { const { namespace, name } = recordAt(object, 'spec.claimRef'); return name ? `${String(namespace)}/${String(name)}` : '' }),
    column('StorageClass', 'string', object => textAt(object, 'spec.storageClassName')),
    column('VolumeAttributesClass', 'string', () => '<unset>'),
    column('Reason', 'string', object => textAt(object, 'status.reason')),
    ageColumn,
    wide('VolumeMode', 'string', shown('spec.volumeMode')),
  ],
})

export const coreKinds: readonly KindRow[] = [namespaces, configMaps, secrets, serviceAccounts, services, endpoints, nodes, event('v1'), event('events.k8s.io/v1'), resourceQuotas, limitRanges, claims, volumes]
