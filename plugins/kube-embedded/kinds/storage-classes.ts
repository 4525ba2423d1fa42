import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, tooLongValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { at, recordAt, shown, textAt } from './cells.js'
import { ageColumn, builtin, column, fill } from './row.js'
import { changed, fixed, oneOf } from './rules.js'
import type { Cause, Column, KindRow } from './types.js'
import { protect } from './volumes.js'

function driverCauses (object: KubeObject, field: string): Cause[] {
  const name = textAt(object, field).toLowerCase()
  return name === '' ? [requiredValue(field)] : invalidValues(field, name, qualifiedNameProblems(name))
}

const mostParameters = 512
const mostWeight = 256 * 1024

function parameterCauses (object: KubeObject): Cause[] {
  const entries = Object.entries(recordAt(object, 'parameters'))
  if (entries.length > mostParameters) return [tooLongValue('parameters', mostParameters)]
  const weight = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
  return [...entries.filter(([key]) => key === '').map(([key]) => invalidValue('parameters', key, 'field can not be empty.')), ...weight > mostWeight ? [tooLongValue('parameters', mostWeight)] : []]
}

const kept = (object: KubeObject, stored: KubeObject | undefined, ...fields: string[]): Cause[] =>
  fields.filter(field => changed(object, stored, field)).map(field => forbiddenValue(field, `updates to ${field} are forbidden.`))

const created = (object: KubeObject): Cause[] => [
  ...driverCauses(object, 'provisioner'),
  ...parameterCauses(object),
  ...oneOf('reclaimPolicy', at(object, 'reclaimPolicy'), ['Delete', 'Retain']),
  ...oneOf('volumeBindingMode', at(object, 'volumeBindingMode'), ['Immediate', 'WaitForFirstConsumer']),
]

const defaultMarks = ['storageclass.kubernetes.io/is-default-class', 'storageclass.beta.kubernetes.io/is-default-class']
const isDefault = ({ metadata: { annotations = {} } }: KubeObject): boolean => defaultMarks.some(mark => annotations[mark] === 'true')
const nameColumn: Column = { ...column('Name', 'string', object => `${object.metadata.name}${isDefault(object) ? ' (default)' : ''}`), format: 'name' }

const storageClasses = builtin('storage.k8s.io/v1', 'storageclasses', 'StorageClass', {
  namespaced: false,
  shortNames: ['sc'],
  strategy: {
    defaults: draft => { fill(draft, { reclaimPolicy: 'Delete', volumeBindingMode: 'Immediate' }) },
    validate: (object, stored) => stored ? [...kept(object, stored, 'parameters', 'provisioner', 'reclaimPolicy'), ...fixed(object, stored, 'volumeBindingMode')] : created(object),
  },
  columns: [
    nameColumn,
    column('Provisioner', 'string', shown('provisioner')),
    column('ReclaimPolicy', 'string', shown('reclaimPolicy')),
    column('VolumeBindingMode', 'string', shown('volumeBindingMode')),
    column('AllowVolumeExpansion', 'string', object => at(object, 'allowVolumeExpansion') === true),
    ageColumn,
  ],
})

const attributesClasses = builtin('storage.k8s.io/v1', 'volumeattributesclasses', 'VolumeAttributesClass', {
  namespaced: false,
  shortNames: ['vac'],
  strategy: {
    prepareCreate: draft => { protect(draft, 'kubernetes.io/vac-protection') },
    validate: (object, stored) => [
      ...kept(object, stored, 'driverName', 'parameters'),
      ...driverCauses(object, 'driverName'),
      ...parameterCauses(object),
      ...Object.keys(recordAt(object, 'parameters')).length ? [] : [requiredValue('parameters', 'must contain at least one key/value pair')],
    ],
  },
  columns: [column('DriverName', 'string', shown('driverName')), ageColumn],
})

export const storageClassKinds: readonly KindRow[] = [storageClasses, attributesClasses]
