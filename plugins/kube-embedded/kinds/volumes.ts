import { isDeepStrictEqual } from 'node:util'
import { isRecord, Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { subdomainProblems } from '../names.js'
import { at, recordAt, shown, textAt } from './cells.js'
import { ageColumn, builtin, column, fill, wide } from './row.js'
import { oneOf } from './rules.js'
import { nodeSelectorCauses } from './scheduling-rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, Draft, KindRow } from './types.js'
import { sourceDefaults } from './volume-defaults.js'
import { volumeSourceCauses } from './volume-rules.js'

const modes: Readonly<Record<string, string>> = { ReadOnlyMany: 'ROX', ReadWriteMany: 'RWX', ReadWriteOnce: 'RWO', ReadWriteOncePod: 'RWOP' }
const modesOf = (path: string) => (object: KubeObject): string => { const value = at(object, path); return Array.isArray(value) ? value.map(mode => modes[String(mode)] ?? String(mode)).join(',') : '' }

function modeCauses (object: KubeObject, text = ''): Cause[] {
  const list = at(object, 'spec.accessModes')
  if (!Array.isArray(list) || list.length === 0) return [requiredValue('spec.accessModes', text)]
  return [
    ...list.flatMap(mode => oneOf('spec.accessModes', mode, Object.keys(modes))),
    ...(list.length > 1 && list.includes('ReadWriteOncePod') ? [forbiddenValue('spec.accessModes', 'may not use ReadWriteOncePod with other access modes')] : []),
  ]
}

const amountCauses = (amount: unknown, field: string): Cause[] => Quantity.of(amount).sign <= 0 ? [invalidValue(field, amount, 'must be greater than zero')] : []

function classCauses (object: KubeObject): Cause[] {
  const name = textAt(object, 'spec.storageClassName')
  return [...(name ? invalidValues('spec.storageClassName', name, subdomainProblems(name)) : []), ...oneOf('spec.volumeMode', at(object, 'spec.volumeMode'), ['Block', 'Filesystem'])]
}

const mayChange = 'spec is immutable after creation except resources.requests and volumeAttributesClassName for bound claims'
const fixedOf = ({ resources: _resources, volumeName: _volume, volumeAttributesClassName: _class, ...spec }: Record<string, unknown>): Record<string, unknown> => spec

function claimCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const storage = at(object, 'spec.resources.requests.storage')
  const changed = stored !== undefined && !isDeepStrictEqual(fixedOf(recordAt(object, 'spec')), fixedOf(recordAt(stored, 'spec')))
  return [
    ...selectorCauses(at(object, 'spec.selector'), 'spec.selector'),
    ...modeCauses(object, 'at least 1 access mode is required'),
    ...(storage === undefined ? [requiredValue('spec.resources[storage]')] : amountCauses(storage, 'spec.resources[storage]')),
    ...classCauses(object),
    ...(changed ? [forbiddenValue('spec', mayChange)] : []),
  ]
}

/** Kept while somebody uses the volume. */
export const protect = (draft: Draft, finalizer: string): void => {
  const own = draft.metadata.finalizers ?? []
  if (!own.includes(finalizer)) draft.metadata.finalizers = [...own, finalizer]
}

/** Finalizers of what is in use. Nothing runs here that would use a volume, so they hold nothing up. */
export const protections: readonly string[] = ['kubernetes.io/pvc-protection', 'kubernetes.io/pv-protection', 'kubernetes.io/vac-protection']

const claims = builtin('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', {
  shortNames: ['pvc'],
  subresources: { status: true },
  strategy: {
    defaults: draft => { if (isRecord(draft.spec)) fill(draft.spec, { volumeMode: 'Filesystem' }) },
    prepareCreate: draft => {
      draft.status = { phase: 'Pending' }
      protect(draft, 'kubernetes.io/pvc-protection')
    },
    validate: claimCauses,
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

function capacityCauses (object: KubeObject): Cause[] {
  const capacity = at(object, 'spec.capacity')
  const names = Object.keys(recordAt(object, 'spec.capacity'))
  return [
    ...(names.length === 0 ? [requiredValue('spec.capacity')] : []),
    ...(names.length === 1 && names[0] === 'storage' ? [] : [unsupportedValue('spec.capacity', capacity, ['storage'])]),
    ...names.flatMap(name => amountCauses(recordAt(object, 'spec.capacity')[name], `spec.capacity[${name}]`)),
  ]
}

/** The fields of a spec that are no sources. */
const others = new Set(['capacity', 'claimRef', 'nodeAffinity', 'accessModes', 'mountOptions'])
const sourceOf = (object: KubeObject): Record<string, unknown> => Object.fromEntries(Object.entries(recordAt(object, 'spec')).filter(([key]) => !others.has(key)))

const volumeCauses = (object: KubeObject): Cause[] => [
  ...modeCauses(object),
  ...capacityCauses(object),
  ...oneOf('spec.persistentVolumeReclaimPolicy', at(object, 'spec.persistentVolumeReclaimPolicy'), ['Delete', 'Recycle', 'Retain']),
  ...(isRecord(at(object, 'spec.nodeAffinity.required')) ? nodeSelectorCauses(at(object, 'spec.nodeAffinity.required'), 'spec.nodeAffinity.required') : []),
  ...volumeSourceCauses(sourceOf(object), 'spec'),
  ...classCauses(object),
]

const volumes = builtin('v1', 'persistentvolumes', 'PersistentVolume', {
  namespaced: false,
  shortNames: ['pv'],
  subresources: { status: true },
  strategy: {
    defaults: draft => {
      if (!isRecord(draft.spec)) return
      fill(draft.spec, { persistentVolumeReclaimPolicy: 'Retain', volumeMode: 'Filesystem' })
      sourceDefaults(draft.spec)
    },
    prepareCreate: (draft, { now }) => {
      draft.status = { phase: 'Pending', lastPhaseTransitionTime: new Date(now).toISOString().replace(/\.\d+Z$/, 'Z') }
      protect(draft, 'kubernetes.io/pv-protection')
    },
    validate: volumeCauses,
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

export const volumeKinds: readonly KindRow[] = [claims, volumes]
