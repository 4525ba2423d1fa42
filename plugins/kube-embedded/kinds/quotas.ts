import { Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { amountsCauses } from './resource-rules.js'
import { ageColumn, builtin, column, createdColumn, fill, within } from './row.js'
import type { Cause, KindRow } from './types.js'

type Amounts = Record<string, unknown>

const scopes = new Set(['Terminating', 'NotTerminating', 'BestEffort', 'NotBestEffort', 'PriorityClass', 'CrossNamespacePodAffinity', 'VolumeAttributesClass'])
const opposites = [['BestEffort', 'NotBestEffort'], ['Terminating', 'NotTerminating']] as const

function scopeCauses (object: KubeObject): Cause[] {
  const list = at(object, 'spec.scopes')
  if (!Array.isArray(list)) return []
  return [
    ...list.filter(scope => !scopes.has(String(scope))).map(() => invalidValue('spec.scopes', list, 'unsupported scope')),
    ...opposites.filter(pair => pair.every(scope => list.includes(scope))).map(() => invalidValue('spec.scopes', list, 'conflicting scopes')),
  ]
}

function usage (object: KubeObject, limits: boolean): string {
  const used = recordAt(object, 'status.used')
  return Object.entries(recordAt(object, 'status.hard')).filter(([name]) => name.startsWith('limits.') === limits).map(([name, value]) => `${name}: ${String(used[name] ?? 0)}/${String(value)}`).sort().join(', ')
}

const resourceQuotas = builtin('v1', 'resourcequotas', 'ResourceQuota', {
  shortNames: ['quota'],
  subresources: { status: true },
  strategy: {
    prepareCreate: draft => { draft.status = {} },
    validate: object => [...amountsCauses(recordAt(object, 'spec.hard'), 'spec.hard', 'quota'), ...scopeCauses(object)],
  },
  columns: [column('Request', 'string', object => usage(object, false)), column('Limit', 'string', object => usage(object, true)), ageColumn],
})

/** What a container gets is what it may have at most, and what it asks for is what it gets. */
function rangeDefaults (limit: Amounts): void {
  if (limit.type !== 'Container') return
  const [most, least] = [recordAt(limit, 'max'), recordAt(limit, 'min')]
  const own = within(limit, 'default')
  fill(own, most)
  fill(within(limit, 'defaultRequest'), { ...least, ...own })
}

/** Two amounts of a range and what is said where the first is above the second; `told` is the one that is shown. */
const orders = [
  ['min', 'max', 'min', 'min', 'min value % is greater than max value %'],
  ['min', 'defaultRequest', 'defaultRequest', 'defaultRequest', 'min value % is greater than default request value %'],
  ['defaultRequest', 'max', 'defaultRequest', 'defaultRequest', 'default request value % is greater than max value %'],
  ['defaultRequest', 'default', 'defaultRequest', 'defaultRequest', 'default request value % is greater than default limit value %'],
  ['min', 'default', 'default', 'min', 'min value % is greater than default value %'],
  ['default', 'max', 'default', 'max', 'default value % is greater than max value %'],
] as const

function orderCauses (limit: Amounts, name: string, field: string): Cause[] {
  const amount = (part: string): unknown => recordAt(limit, part)[name]
  return orders.flatMap(([low, high, place, told, text]) => {
    const [a, b] = [amount(low), amount(high)]
    if (a === undefined || b === undefined || Quantity.of(a).compare(Quantity.of(b)) <= 0) return []
    return [invalidValue(`${field}.${place}[${name}]`, amount(told), text.replace('%', String(a)).replace('%', String(b)))]
  })
}

const parts = ['max', 'min', 'default', 'defaultRequest'] as const

function limitCauses (limit: Amounts, i: number, seen: Set<string>): Cause[] {
  const [type, field] = [textAt(limit, 'type'), `spec.limits[${i}]`]
  const again = seen.has(type)
  seen.add(type)
  const names = new Set(parts.flatMap(part => Object.keys(recordAt(limit, part))))
  const given = (part: string): boolean => Object.keys(recordAt(limit, part)).length > 0
  return [
    ...invalidValues(`${field}.type`, type, qualifiedNameProblems(type)),
    ...(again ? [duplicateValue(`${field}.type`, type)] : []),
    ...(type === 'Pod' ? ['default', 'defaultRequest'].filter(given).map(part => forbiddenValue(`${field}.${part}`, "may not be specified when `type` is 'Pod'")) : []),
    ...(type === 'PersistentVolumeClaim' && !['max', 'min'].some(part => recordAt(limit, part).storage !== undefined) ? [requiredValue(`${field}.limits`, 'either minimum or maximum storage value is required, but neither was provided')] : []),
    ...[...names].sort().flatMap(name => orderCauses(limit, name, field)),
  ]
}

function rangeCauses (object: KubeObject): Cause[] {
  const seen = new Set<string>()
  return listAt(object, 'spec.limits').flatMap((limit, i) => limitCauses(limit, i, seen))
}

const limitRanges = builtin('v1', 'limitranges', 'LimitRange', {
  shortNames: ['limits'],
  strategy: { defaults: draft => { for (const limit of listAt(draft, 'spec.limits')) rangeDefaults(limit) }, validate: rangeCauses },
  columns: [createdColumn],
})

export const quotaKinds: readonly KindRow[] = [resourceQuotas, limitRanges]
