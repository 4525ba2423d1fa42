import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, unsupportedValue } from '../causes.js'
import { at, count, numberAt, recordAt } from './cells.js'
import { countCauses } from './counts.js'
import { templateDefaults, templateWarnings } from './pods.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { amount, changed, fixed, notBeyondWhole, notNegative, shareCauses } from './rules.js'
import { isReadable, matchCauses, ownSelector, replicaCauses, template, templateCauses, templateColumns } from './templates.js'
import type { Cause, KindRow } from './types.js'

export const scale = { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' }

/** Room for pods more or fewer than wanted while they are exchanged. */
function rollingCauses (update: Record<string, unknown>, field: string): Cause[] {
  const { maxUnavailable, maxSurge } = update
  return [
    ...shareCauses(`${field}.maxUnavailable`, maxUnavailable),
    ...shareCauses(`${field}.maxSurge`, maxSurge),
    ...amount(maxUnavailable) === 0 && amount(maxSurge) === 0 ? [invalidValue(`${field}.maxUnavailable`, maxUnavailable, 'may not be 0 when `maxSurge` is 0')] : [],
    ...notBeyondWhole(`${field}.maxUnavailable`, maxUnavailable),
  ]
}

const strategies = ['Recreate', 'RollingUpdate']

function strategyCauses (object: KubeObject): Cause[] {
  const strategy = recordAt(object, 'spec.strategy')
  if (!strategies.includes(String(strategy.type))) return [unsupportedValue('spec.strategy', { Type: strategy.type ?? '', RollingUpdate: strategy.rollingUpdate ?? null }, strategies)]
  if (strategy.type === 'RollingUpdate') return rollingCauses(recordAt(strategy, 'rollingUpdate'), 'spec.strategy.rollingUpdate')
  return strategy.rollingUpdate === undefined ? [] : [forbiddenValue('spec.strategy.rollingUpdate', "may not be specified when strategy `type` is 'Recreate'")]
}

function deadlineCauses (object: KubeObject): Cause[] {
  const seconds = at(object, 'spec.progressDeadlineSeconds')
  const late = typeof seconds === 'number' && seconds <= numberAt(object, 'spec.minReadySeconds')
  return [...notNegative(object, 'spec.progressDeadlineSeconds'), ...late ? [invalidValue('spec.progressDeadlineSeconds', seconds, 'must be greater than minReadySeconds')] : []]
}

/** A selector and a template whose pods it selects. */
const shared = (object: KubeObject): Cause[] => [
  ...ownSelector(object, 'deployment'),
  ...isReadable(object) ? [...matchCauses(object), ...templateCauses(object, 'ReplicaSet')] : [invalidValue('spec.selector', at(object, 'spec.selector'), 'invalid label selector')],
]

const deployments = builtin('apps/v1', 'deployments', 'Deployment', {
  categories: ['all'],
  shortNames: ['deploy'],
  subresources: { status: true, scale },
  strategy: {
    warnings: templateWarnings('spec.template'),
    defaults: draft => {
      const spec = within(draft, 'spec')
      fill(spec, { replicas: 1, revisionHistoryLimit: 10, progressDeadlineSeconds: 600 })
      const strategy = within(spec, 'strategy')
      fill(strategy, { type: 'RollingUpdate' })
      if (strategy.type === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), { maxUnavailable: '25%', maxSurge: '25%' })
      templateDefaults(spec)
    },
    prepareCreate: draft => { draft.status = {} },
    // Annotations are for those who roll out, too.
    prepareUpdate: (draft, stored) => { if (changed(draft, stored, 'metadata.annotations')) draft.metadata.generation = (stored.metadata.generation ?? 0) + 1 },
    validate: (object, stored, subresource) => [
      ...subresource === 'status' ? countCauses(object, ['updatedReplicas', 'readyReplicas', 'availableReplicas'], ['unavailableReplicas', 'terminatingReplicas', 'collisionCount']) : [],
      ...notNegative(object, 'spec.replicas'),
      ...shared(object),
      ...strategyCauses(object),
      ...notNegative(object, 'spec.minReadySeconds', 'spec.revisionHistoryLimit'),
      ...deadlineCauses(object),
      ...fixed(object, stored, 'spec.selector'),
    ],
  },
  columns: [
    column('Ready', 'string', object => `${numberAt(object, 'status.readyReplicas')}/${numberAt(object, 'spec.replicas')}`),
    column('Up-to-date', 'string', count('status.updatedReplicas')),
    column('Available', 'string', count('status.availableReplicas')),
    ageColumn,
    ...templateColumns(`${template}.spec`),
  ],
})

export const replicaColumns = [column('Desired', 'integer', count('spec.replicas')), column('Current', 'integer', count('status.replicas')), column('Ready', 'integer', count('status.readyReplicas')), ageColumn]

const replicaSets = builtin('apps/v1', 'replicasets', 'ReplicaSet', {
  categories: ['all'],
  shortNames: ['rs'],
  subresources: { status: true, scale },
  strategy: {
    warnings: templateWarnings('spec.template'),
    defaults: draft => {
      const spec = within(draft, 'spec')
      fill(spec, { replicas: 1 })
      templateDefaults(spec)
    },
    prepareCreate: draft => { draft.status = {} },
    validate: (object, stored, subresource) => [
      ...subresource === 'status' ? countCauses(object, ['fullyLabeledReplicas', 'readyReplicas', 'availableReplicas'], ['terminatingReplicas']) : [],
      ...replicaCauses(object),
      ...shared(object),
      ...fixed(object, stored, 'spec.selector'),
    ],
  },
  columns: [...replicaColumns, ...templateColumns(`${template}.spec`)],
  fields: { 'status.replicas': object => String(numberAt(object, 'status.replicas')) },
})

export const deploymentKinds: readonly KindRow[] = [deployments, replicaSets]
