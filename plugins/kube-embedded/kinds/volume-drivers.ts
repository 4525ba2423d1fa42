import { isDeepStrictEqual } from 'node:util'
import { isRecord, Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, forbiddenValue, invalidValue, invalidValues, requiredValue, tooLongValue, unsupportedValue } from '../causes.js'
import { qualifiedNameProblems, subdomainProblems } from '../names.js'
import { at, listAt, numberAt, textAt } from './cells.js'
import { ageColumn, builtin, column, createdColumn, fill, within } from './row.js'
import { changed, fixed, oneOf, repeated } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, Column, Draft, KindRow } from './types.js'

const cluster = { namespaced: false } as const

function driverName (field: string, name: string): Cause[] {
  return [...name === '' ? [requiredValue(field)] : [], ...name.length > 63 ? [tooLongValue(field, 63)] : [], ...invalidValues(field, name, subdomainProblems(name.toLowerCase()))]
}

const lifecycles = ['Persistent', 'Ephemeral']

function modeCauses (object: KubeObject): Cause[] {
  const modes = at(object, 'spec.volumeLifecycleModes')
  return (Array.isArray(modes) ? modes : []).filter(mode => !lifecycles.includes(String(mode))).map(mode => unsupportedValue('spec.volumeLifecycleModes', mode, lifecycles))
}

function tokenCauses (object: KubeObject): Cause[] {
  const requests = listAt(object, 'spec.tokenRequests')
  return [
    ...repeated(requests.map(request => textAt(request, 'audience')), i => `spec.tokenRequests[${i}].audience`),
    ...requests.flatMap(({ expirationSeconds: seconds }, i) => {
      const field = `spec.tokenRequests[${i}].expirationSeconds`
      if (typeof seconds !== 'number') return []
      return seconds < 600 ? [invalidValue(field, seconds, 'may not specify a duration less than 10 minutes')] : seconds > 2 ** 32 ? [invalidValue(field, seconds, 'may not specify a duration larger than 2^32 seconds')] : []
    }),
  ]
}

function periodCauses (object: KubeObject): Cause[] {
  const seconds = at(object, 'spec.nodeAllocatableUpdatePeriodSeconds')
  return typeof seconds === 'number' && seconds < 10 ? [invalidValue('spec.nodeAllocatableUpdatePeriodSeconds', seconds, 'must be greater than or equal to 10 seconds')] : []
}

const kept = (object: KubeObject, stored?: KubeObject): Cause[] => [
  ...changed(object, stored, 'spec.attachRequired') ? [invalidValue('spec.attachedRequired', at(object, 'spec.attachRequired'), 'field is immutable')] : [],
  ...fixed(object, stored, 'spec.volumeLifecycleModes'),
]

function driverDefaults (draft: Draft): void {
  const spec = within(draft, 'spec')
  fill(spec, { attachRequired: true, podInfoOnMount: false, storageCapacity: false, fsGroupPolicy: 'ReadWriteOnceWithFSType', requiresRepublish: false, seLinuxMount: false })
  if (!Array.isArray(spec.volumeLifecycleModes) || spec.volumeLifecycleModes.length === 0) spec.volumeLifecycleModes = ['Persistent']
}

const flag = (name: string, key: string): Column => column(name, 'boolean', object => at(object, `spec.${key}`) === true)
const texts = (path: string, none: string) => (object: KubeObject): string => { const list = at(object, path); return Array.isArray(list) && list.length ? list.join(',') : none }

const drivers = builtin('storage.k8s.io/v1', 'csidrivers', 'CSIDriver', {
  ...cluster,
  strategy: {
    defaults: driverDefaults,
    // Only changes are counted here.
    prepareUpdate: (draft, stored) => { if (changed(draft, stored, 'spec')) draft.metadata.generation = (stored.metadata.generation ?? 0) + 1 },
    validate: (object, stored) => [
      ...oneOf('spec.fsGroupPolicy', at(object, 'spec.fsGroupPolicy'), ['File', 'None', 'ReadWriteOnceWithFSType']),
      ...tokenCauses(object),
      ...modeCauses(object),
      ...periodCauses(object),
      ...kept(object, stored),
    ],
  },
  columns: [
    flag('AttachRequired', 'attachRequired'),
    flag('PodInfoOnMount', 'podInfoOnMount'),
    flag('StorageCapacity', 'storageCapacity'),
    column('TokenRequests', 'string', object => listAt(object, 'spec.tokenRequests').map(request => textAt(request, 'audience')).join(',') || '<unset>'),
    flag('RequiresRepublish', 'requiresRepublish'),
    column('Modes', 'string', texts('spec.volumeLifecycleModes', '<none>')),
    ageColumn,
  ],
})

function nodeDriver (driver: Record<string, unknown>, field: string): Cause[] {
  const id = textAt(driver, 'nodeID')
  const keys = Array.isArray(driver.topologyKeys) ? driver.topologyKeys.map(String) : []
  return [
    ...driverName(`${field}.name`, textAt(driver, 'name')),
    ...id === '' ? [requiredValue(`${field}.nodeID`)] : id.length > 256 ? [invalidValue(`${field}.nodeID`, id, 'must be 256 characters or less')] : [],
    ...numberAt(driver, 'allocatable.count') < 0 ? [invalidValue(`${field}.allocatable.count`, numberAt(driver, 'allocatable.count'), 'must be greater than or equal to 0')] : [],
    ...keys.flatMap((key, i) => [...key === '' ? [requiredValue(field)] : [], ...keys.indexOf(key) < i ? [duplicateValue(field, key)] : [], ...invalidValues(field, key, qualifiedNameProblems(key))]),
  ]
}

/** What a driver says of a node stays while it is there. */
function nodeChanges (object: KubeObject, stored: KubeObject): Cause[] {
  const before = new Map(listAt(stored, 'spec.drivers').map(driver => [driver.name, driver]))
  return listAt(object, 'spec.drivers').filter(driver => before.has(driver.name) && !isDeepStrictEqual(driver, before.get(driver.name))).map(driver =>
    invalidValue('spec.drivers', { Name: driver.name, NodeID: driver.nodeID, TopologyKeys: driver.topologyKeys ?? null, Allocatable: driver.allocatable ?? null }, 'field is immutable'))
}

const nodes = builtin('storage.k8s.io/v1', 'csinodes', 'CSINode', {
  ...cluster,
  strategy: {
    defaults: draft => { if (listAt(draft, 'spec.drivers').length === 0) within(draft, 'spec').drivers = null },
    validate: (object, stored) => {
      const list = listAt(object, 'spec.drivers')
      return [...list.flatMap((driver, i) => nodeDriver(driver, `spec.drivers[${i}]`)), ...repeated(list.map(({ name }) => name), i => `spec.drivers[${i}].name`), ...stored ? nodeChanges(object, stored) : []]
    },
  },
  columns: [column('Drivers', 'integer', object => listAt(object, 'spec.drivers').length), ageColumn],
})

const one = 'must specify exactly one of inlineVolumeSpec and persistentVolumeName'

function sourceCauses (object: KubeObject): Cause[] {
  const [volume, inline] = [at(object, 'spec.source.persistentVolumeName'), at(object, 'spec.source.inlineVolumeSpec')]
  if (volume === undefined && inline === undefined) return [requiredValue('spec.source', one)]
  if (volume !== undefined && inline !== undefined) return [forbiddenValue('spec.source', one)]
  return volume === '' ? [requiredValue('spec.source.persistentVolumeName', 'must specify non empty persistentVolumeName')] : []
}

function attachmentCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const [attacher, node, volume] = ['spec.attacher', 'spec.nodeName', 'spec.source.persistentVolumeName'].map(path => textAt(object, path)) as [string, string, string]
  return [
    ...attacher === '' ? [requiredValue('spec.attacher')] : [],
    ...sourceCauses(object),
    ...invalidValues('spec.nodeName', node, subdomainProblems(node)),
    ...stored ? fixed(object, stored, 'spec') : [...driverName('spec.attacher', attacher), ...volume ? invalidValues('spec.source.persistentVolumeName', volume, subdomainProblems(volume)) : []],
  ]
}

const attachments = builtin('storage.k8s.io/v1', 'volumeattachments', 'VolumeAttachment', {
  ...cluster,
  subresources: { status: true },
  strategy: { prepareCreate: draft => { draft.status = { attached: false } }, validate: attachmentCauses },
  columns: [
    { ...column('Attacher', 'string', object => textAt(object, 'spec.attacher')), format: 'name' },
    column('PV', 'string', object => textAt(object, 'spec.source.persistentVolumeName')),
    column('Node', 'string', object => textAt(object, 'spec.nodeName')),
    column('Attached', 'boolean', object => at(object, 'status.attached') === true),
    ageColumn,
  ],
})

const capacities = builtin('storage.k8s.io/v1', 'csistoragecapacities', 'CSIStorageCapacity', {
  strategy: {
    validate: (object, stored) => {
      const [name, capacity] = [textAt(object, 'storageClassName'), at(object, 'capacity')]
      return [
        ...isRecord(at(object, 'nodeTopology')) ? selectorCauses(at(object, 'nodeTopology'), 'nodeTopology') : [],
        ...invalidValues('storageClassName', name, subdomainProblems(name)),
        ...capacity !== undefined && Quantity.of(capacity).sign < 0 ? [invalidValue('capacity', capacity, 'must be greater than or equal to 0')] : [],
        ...fixed(object, stored, 'nodeTopology', 'storageClassName'),
      ]
    },
  },
  columns: [createdColumn],
})

export const volumeDriverKinds: readonly KindRow[] = [drivers, nodes, capacities, attachments]
