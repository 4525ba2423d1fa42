import type { KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue } from '../causes.js'
import { at, count, numberAt, shown } from './cells.js'
import { ageColumn, builtin, column, fill } from './row.js'
import { changed, fixed, oneOf } from './rules.js'
import type { Cause, KindRow } from './types.js'

/** Above are the classes of the system. */
const highest = 1_000_000_000
const prefix = 'system-'
const ofSystem: Readonly<Record<string, number>> = { 'system-node-critical': 2 * highest + 1000, 'system-cluster-critical': 2 * highest }

function systemProblem (name: string, object: KubeObject): string | undefined {
  const value = ofSystem[name]
  if (value === undefined) return `${name} is not a known system priority class`
  if (numberAt(object, 'value') !== value) return `value of ${name} PriorityClass must be ${value}`
  return at(object, 'globalDefault') === true ? `globalDefault of ${name} PriorityClass must be false` : undefined
}

function valueCauses (object: KubeObject): Cause[] {
  const { name } = object.metadata
  if (!name.startsWith(prefix)) return numberAt(object, 'value') > highest ? [forbiddenValue('value', `maximum allowed value of a user defined priority is ${highest}`)] : []
  const problem = systemProblem(name, object)
  return problem === undefined ? [] : [forbiddenValue('metadata.name', `priority class names with '${prefix}' prefix are reserved for system use only. error: ${problem}`)]
}

const priorityClasses = builtin('scheduling.k8s.io/v1', 'priorityclasses', 'PriorityClass', {
  namespaced: false,
  shortNames: ['pc'],
  strategy: {
    defaults: draft => { fill(draft, { preemptionPolicy: 'PreemptLowerPriority' }) },
    validate: (object, stored) => stored
      ? [...changed(object, stored, 'value') ? [forbiddenValue('value', 'may not be changed in an update.')] : [], ...fixed(object, stored, 'preemptionPolicy')]
      : [...valueCauses(object), ...oneOf('preemptionPolicy', at(object, 'preemptionPolicy'), ['PreemptLowerPriority', 'Never'])],
  },
  columns: [
    column('Value', 'integer', count('value')),
    column('Global-Default', 'boolean', object => at(object, 'globalDefault') === true),
    ageColumn,
    column('PreemptionPolicy', 'string', shown('preemptionPolicy')),
  ],
})

export const priorityKinds: readonly KindRow[] = [priorityClasses]
