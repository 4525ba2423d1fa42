import { isDeepStrictEqual } from 'node:util'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { labelProblems } from '../names.js'
import { at, listAt, numberAt, recordAt } from './cells.js'
import { countCauses } from './counts.js'
import { scale } from './deployments.js'
import { templateDefaults, templateWarnings } from './pods.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { amount, isMissing, notBeyondWhole, notNegative, oneOf, shareCauses } from './rules.js'
import { matchCauses, ownSelector, template, templateCauses, templateColumns } from './templates.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

/** Claims that each pod gets for itself; they are objects of their own kind. */
function claimDefaults (claim: Fields): void {
  fill(claim, { apiVersion: 'v1', kind: 'PersistentVolumeClaim', status: { phase: 'Pending' } })
  if (isRecord(claim.spec)) fill(claim.spec, { volumeMode: 'Filesystem' })
}

function specDefaults (spec: Fields): void {
  fill(spec, { replicas: 1, podManagementPolicy: 'OrderedReady', revisionHistoryLimit: 10 })
  fill(within(spec, 'persistentVolumeClaimRetentionPolicy'), { whenDeleted: 'Retain', whenScaled: 'Retain' })
  const strategy = within(spec, 'updateStrategy')
  if (!strategy.type) fill(strategy, { rollingUpdate: {} })
  fill(strategy, { type: 'RollingUpdate' })
  if (strategy.type === 'RollingUpdate' && isRecord(strategy.rollingUpdate)) fill(strategy.rollingUpdate, { partition: 0 })
  for (const claim of listAt(spec, 'volumeClaimTemplates')) claimDefaults(claim)
  templateDefaults(spec)
}

function rollingCauses (object: KubeObject, field: string): Cause[] {
  const most = at(object, `${field}.maxUnavailable`)
  const none = most !== undefined && amount(most) === 0
  return [...notNegative(object, `${field}.partition`), ...shareCauses(`${field}.maxUnavailable`, most), ...none ? [invalidValue(`${field}.maxUnavailable`, most, 'cannot be 0')] : [], ...notBeyondWhole(`${field}.maxUnavailable`, most)]
}

const inside = (update: unknown): unknown => isRecord(update) ? { Partition: update.partition ?? 0, MaxUnavailable: update.maxUnavailable ?? null } : null

function strategyCauses (object: KubeObject): Cause[] {
  const field = 'spec.updateStrategy'
  const { type, rollingUpdate } = recordAt(object, field)
  if (type === 'RollingUpdate') return rollingCauses(object, `${field}.rollingUpdate`)
  if (type !== 'OnDelete') return [invalidValue(field, { Type: type ?? '', RollingUpdate: inside(rollingUpdate) }, "must be 'RollingUpdate' or 'OnDelete'")]
  return rollingUpdate === undefined ? [] : [invalidValue(`${field}.rollingUpdate`, inside(rollingUpdate), "only allowed for updateStrategy 'RollingUpdate'")]
}

function managementCauses (object: KubeObject): Cause[] {
  const policy = at(object, 'spec.podManagementPolicy')
  return policy === 'OrderedReady' || policy === 'Parallel' ? [] : [invalidValue('spec.podManagementPolicy', policy ?? '', "must be 'OrderedReady' or 'Parallel'")]
}

const retention = ['Retain', 'Delete']
const retentionCauses = (object: KubeObject): Cause[] => ['whenDeleted', 'whenScaled'].flatMap(when => {
  const field = `spec.persistentVolumeClaimRetentionPolicy.${when}`
  return oneOf(field, at(object, field), retention)
})

const claimCauses = (object: KubeObject): Cause[] => listAt(object, 'spec.volumeClaimTemplates').flatMap((claim, i) => {
  const field = `spec.volumeClaimTemplates[${i}].spec`
  return [
    ...isMissing(at(claim, 'spec.accessModes')) ? [requiredValue(`${field}.accessModes`, 'at least 1 access mode is required')] : [],
    ...at(claim, 'spec.resources.requests.storage') === undefined ? [requiredValue(`${field}.resources[storage]`)] : [],
  ]
})

const changeable = ['replicas', 'ordinals', 'template', 'updateStrategy', 'revisionHistoryLimit', 'persistentVolumeClaimRetentionPolicy', 'minReadySeconds']
const kept = (object: KubeObject): Fields => Object.fromEntries(Object.entries(recordAt(object, 'spec')).filter(([key]) => !changeable.includes(key)))

function changeCauses (object: KubeObject, stored: KubeObject): Cause[] {
  if (isDeepStrictEqual(kept(object), kept(stored))) return []
  const names = changeable.map(name => `'${name}'`)
  return [forbiddenValue('spec', `updates to statefulset spec for fields other than ${names.slice(0, -1).join(', ')} and ${names.at(-1) ?? ''} are forbidden`)]
}

const serviceName = (object: KubeObject): Cause[] => {
  const name = at(object, 'spec.serviceName')
  return isMissing(name) ? [] : invalidValues('spec.serviceName', name, labelProblems(String(name)))
}

const statefulSets = builtin('apps/v1', 'statefulsets', 'StatefulSet', {
  categories: ['all'],
  shortNames: ['sts'],
  subresources: { status: true, scale },
  strategy: {
    warnings: templateWarnings('spec.template'),
    names: 'label',
    defaults: draft => { specDefaults(within(draft, 'spec')) },
    prepareCreate: draft => { draft.status = { replicas: 0, availableReplicas: 0 } },
    validate: (object, stored, subresource) => [
      ...subresource === 'status' ? countCauses(object, ['readyReplicas', 'currentReplicas', 'updatedReplicas', 'availableReplicas'], ['collisionCount'], 'status.readyReplicas') : [],
      ...managementCauses(object),
      ...strategyCauses(object),
      ...retentionCauses(object),
      ...stored ? [] : claimCauses(object),
      ...notNegative(object, 'spec.replicas', 'spec.minReadySeconds', 'spec.ordinals.start'),
      ...stored ? [] : serviceName(object),
      ...ownSelector(object, 'statefulset'),
      ...matchCauses(object),
      ...templateCauses(object, 'StatefulSet'),
      ...stored ? changeCauses(object, stored) : [],
    ],
  },
  columns: [
    column('Ready', 'string', object => `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`),
    ageColumn,
    ...templateColumns(`${template}.spec`).slice(0, 2),
  ],
})

function dataCauses (object: KubeObject): Cause[] {
  const data = at(object, 'data')
  return data === undefined || data === null ? [requiredValue('data', 'data is mandatory')] : isRecord(data) ? [] : [requiredValue('data', 'data must be a valid JSON object')]
}

const controllerOf = ({ metadata: { ownerReferences = [] } }: KubeObject): string => {
  const owner = ownerReferences.find(({ controller }) => controller === true)
  const [group = '', version] = owner?.apiVersion.split('/') ?? []
  return owner ? `${owner.kind.toLowerCase()}${version ? `.${group}` : ''}/${owner.name}` : '<none>'
}

const controllerRevisions = builtin('apps/v1', 'controllerrevisions', 'ControllerRevision', {
  strategy: {
    validate: (object, stored) => [
      ...notNegative(object, 'revision'),
      ...stored ? isDeepStrictEqual(at(object, 'data'), at(stored, 'data')) ? [] : [invalidValue('data', at(object, 'data'), 'field is immutable')] : dataCauses(object),
    ],
  },
  columns: [column('Controller', 'string', controllerOf), column('Revision', 'string', object => numberAt(object, 'revision')), ageColumn],
})

export const statefulKinds: readonly KindRow[] = [controllerRevisions, statefulSets]
