import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue } from '../causes.js'
import { at, count, recordAt } from './cells.js'
import { ageColumn, builtin, column } from './row.js'
import { notBeyondWhole, notNegative, oneOf, printed, shareCauses } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, KindRow } from './types.js'

const bounds = ['minAvailable', 'maxUnavailable']
const inside = { MinAvailable: 'minAvailable', Selector: 'selector', MaxUnavailable: 'maxUnavailable', UnhealthyPodEvictionPolicy: 'unhealthyPodEvictionPolicy' }

function boundCauses (object: KubeObject): Cause[] {
  const spec = recordAt(object, 'spec')
  const both = bounds.every(key => spec[key] !== undefined)
  return [
    ...both ? [invalidValue('spec', printed(spec, inside), 'minAvailable and maxUnavailable cannot be both set')] : [],
    ...bounds.flatMap(key => [...shareCauses(`spec.${key}`, spec[key]), ...notBeyondWhole(`spec.${key}`, spec[key])]),
  ]
}

const budgets = builtin('policy/v1', 'poddisruptionbudgets', 'PodDisruptionBudget', {
  shortNames: ['pdb'],
  subresources: { status: true },
  strategy: {
    prepareCreate: draft => { draft.status = {} },
    validate: object => [
      ...boundCauses(object),
      ...selectorCauses(at(object, 'spec.selector'), 'spec.selector'),
      ...oneOf('spec.unhealthyPodEvictionPolicy', at(object, 'spec.unhealthyPodEvictionPolicy'), ['AlwaysAllow', 'IfHealthyBudget']),
      ...notNegative(object, ...['disruptionsAllowed', 'currentHealthy', 'desiredHealthy', 'expectedPods'].map(key => `status.${key}`)),
    ],
  },
  columns: [
    column('Min Available', 'string', object => String(at(object, 'spec.minAvailable') ?? 'N/A')),
    column('Max Unavailable', 'string', object => String(at(object, 'spec.maxUnavailable') ?? 'N/A')),
    column('Allowed Disruptions', 'integer', count('status.disruptionsAllowed')),
    ageColumn,
  ],
})

export const budgetKinds: readonly KindRow[] = [budgets]
