import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue } from '../causes.js'
import { at, recordAt, textAt } from './cells.js'
import { ageColumn, builtin, column } from './row.js'
import { notNegative } from './rules.js'
import type { Cause, Draft, KindRow } from './types.js'

function leaseCauses (object: KubeObject): Cause[] {
  const seconds = at(object, 'spec.leaseDurationSeconds')
  return [
    ...typeof seconds === 'number' && seconds <= 0 ? [invalidValue('spec.leaseDurationSeconds', seconds, 'must be greater than 0')] : [],
    ...notNegative(object, 'spec.leaseTransitions'),
  ]
}

/** Coordinated elections are not there yet. */
function dropElections (draft: Draft): void {
  const { strategy: _1, preferredHolder: _2, ...spec } = recordAt(draft, 'spec')
  draft.spec = spec
}

const leases = builtin('coordination.k8s.io/v1', 'leases', 'Lease', {
  strategy: { prepareCreate: dropElections, prepareUpdate: dropElections, validate: leaseCauses },
  columns: [column('Holder', 'string', object => textAt(object, 'spec.holderIdentity')), ageColumn],
})

export const leaseKinds: readonly KindRow[] = [leases]
