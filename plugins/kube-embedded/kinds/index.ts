import { administrationKinds } from './administration.js'
import { coreKinds } from './core.js'
import { networkKinds, storageKinds } from './network.js'
import { pods } from './pods.js'
import { rbacKinds } from './rbac.js'
import type { KindRow } from './types.js'
import { workloads } from './workloads.js'

/** Every kind that is served without a CustomResourceDefinition; of several versions of a group the preferred one first. */
export const builtinKinds: readonly KindRow[] = [...coreKinds, pods, ...workloads, ...networkKinds, ...storageKinds, ...rbacKinds, ...administrationKinds]
