import { isDeepStrictEqual } from 'node:util'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue, unsupportedValue } from '../causes.js'
import { at, count, entriesOf, recordAt } from './cells.js'
import { templateDefaults, templateWarnings } from './pods.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { amount, fixed, notBeyondWhole, notNegative, shareCauses } from './rules.js'
import { isEmptySelector, selectorCauses } from './selectors.js'
import { matchCauses, template, templateCauses, templateColumns } from './templates.js'
import type { Cause, Draft, KindRow } from './types.js'

/** How often the template has changed. */
const generation = 'deprecated.daemonset.template.generation'

const counted = (object: KubeObject): number => Number(object.metadata.annotations?.[generation] ?? 0) || 0
const setCount = (draft: Draft, value: number): void => { draft.metadata.annotations = { ...draft.metadata.annotations, [generation]: String(value) } }

function specDefaults (spec: Record<string, unknown>): void {
  fill(spec, { revisionHistoryLimit: 10 })
  const strategy = within(spec, 'updateStrategy')
  fill(strategy, { type: 'RollingUpdate' })
  if (strategy.type === 'RollingUpdate') fill(within(strategy, 'rollingUpdate'), { maxUnavailable: 1, maxSurge: 0 })
  templateDefaults(spec)
}

/** Pods of a node are exchanged either before or after the old ones end. */
function rollingCauses (object: KubeObject): Cause[] {
  const field = 'spec.updateStrategy.rollingUpdate'
  const { maxUnavailable, maxSurge } = recordAt(object, field)
  const [fewer, more] = [amount(maxUnavailable) !== 0, amount(maxSurge) !== 0]
  return [
    ...shareCauses(`${field}.maxUnavailable`, maxUnavailable),
    ...shareCauses(`${field}.maxSurge`, maxSurge),
    ...notBeyondWhole(`${field}.maxUnavailable`, maxUnavailable),
    ...notBeyondWhole(`${field}.maxSurge`, maxSurge),
    ...fewer && more ? [invalidValue(`${field}.maxSurge`, maxSurge, 'may not be set when maxUnavailable is non-zero')] : [],
    ...!fewer && !more ? [requiredValue(`${field}.maxUnavailable`, 'cannot be 0 when maxSurge is 0')] : [],
  ]
}

function strategyCauses (object: KubeObject): Cause[] {
  const { type, rollingUpdate } = recordAt(object, 'spec.updateStrategy')
  if (type === 'RollingUpdate') return rollingCauses(object)
  return type === 'OnDelete' ? [] : [unsupportedValue('spec.updateStrategy', { Type: type ?? '', RollingUpdate: rollingUpdate ?? null }, ['RollingUpdate', 'OnDelete'])]
}

function selectorOf (object: KubeObject): Cause[] {
  const selector = at(object, 'spec.selector')
  const empty = isRecord(selector) && isEmptySelector(selector)
  return [...selectorCauses(selector, 'spec.selector'), ...matchCauses(object), ...empty ? [invalidValue('spec.selector', selector, 'empty selector is invalid for daemonset')] : []]
}

const counts = ['currentNumberScheduled', 'numberMisscheduled', 'desiredNumberScheduled', 'numberReady', 'observedGeneration', 'updatedNumberScheduled', 'numberAvailable', 'numberUnavailable', 'collisionCount']

const daemonSets = builtin('apps/v1', 'daemonsets', 'DaemonSet', {
  categories: ['all'],
  shortNames: ['ds'],
  subresources: { status: true },
  strategy: {
    warnings: templateWarnings('spec.template'),
    defaults: draft => {
      specDefaults(within(draft, 'spec'))
      setCount(draft, counted(draft))
    },
    prepareCreate: draft => {
      draft.status = {}
      setCount(draft, Math.max(1, counted(draft)))
    },
    prepareUpdate: (draft, stored) => { setCount(draft, counted(stored) + (isDeepStrictEqual(at(draft, template), at(stored, template)) ? 0 : 1)) },
    validate: (object, stored, subresource) => [
      ...subresource === 'status' ? notNegative(object, ...counts.map(key => `status.${key}`)) : [],
      ...fixed(object, stored, 'spec.selector'),
      ...selectorOf(object),
      ...templateCauses(object, 'DaemonSet'),
      ...notNegative(object, 'spec.minReadySeconds'),
      ...strategyCauses(object),
      ...notNegative(object, 'spec.revisionHistoryLimit'),
    ],
  },
  columns: [
    column('Desired', 'integer', count('status.desiredNumberScheduled')),
    column('Current', 'integer', count('status.currentNumberScheduled')),
    column('Ready', 'integer', count('status.numberReady')),
    column('Up-to-date', 'integer', count('status.updatedNumberScheduled')),
    column('Available', 'integer', count('status.numberAvailable')),
    column('Node Selector', 'string', object => entriesOf(recordAt(object, `${template}.spec.nodeSelector`))),
    ageColumn,
    ...templateColumns(`${template}.spec`),
  ],
})

export const daemonKinds: readonly KindRow[] = [daemonSets]
