import { listAt } from './cells.js'
import { configKinds } from './configs.js'
import { namespaces } from './namespaces.js'
import { nodeKinds } from './nodes.js'
import { quotaKinds } from './quotas.js'
import { ageColumn, builtin, column } from './row.js'
import { serviceKinds } from './services.js'
import type { KindRow } from './types.js'
import { volumeKinds } from './volumes.js'

const serviceAccounts = builtin('v1', 'serviceaccounts', 'ServiceAccount', {
  shortNames: ['sa'],
  columns: [column('Secrets', 'string', object => listAt(object, 'secrets').length), ageColumn],
})

export const coreKinds: readonly KindRow[] = [namespaces, ...configKinds, serviceAccounts, ...serviceKinds, ...nodeKinds, ...quotaKinds, ...volumeKinds]
