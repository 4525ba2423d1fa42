import { admissionPolicyKinds } from './admission-policies.js'
import { apiExtensionKinds } from './api-extensions.js'
import { autoscalingKinds } from './autoscalers.js'
import { bindingKinds } from './bindings.js'
import { coreKinds } from './core.js'
import { cronKinds } from './cron-jobs.js'
import { daemonKinds } from './daemon-sets.js'
import { deploymentKinds } from './deployments.js'
import { budgetKinds } from './disruption-budgets.js'
import { endpointSliceKinds } from './endpoint-slices.js'
import { eventKinds } from './events.js'
import { ingressKinds } from './ingresses.js'
import { jobKinds } from './jobs.js'
import { leaseKinds } from './leases.js'
import { networkPolicyKinds } from './network-policies.js'
import { pods } from './pods.js'
import { priorityKinds } from './priority-classes.js'
import { rbacKinds } from './rbac.js'
import { replicationKinds } from './replication-controllers.js'
import { runtimeKinds } from './runtime-classes.js'
import { serviceAddressKinds } from './service-addresses.js'
import { certificateKinds } from './signing-requests.js'
import { statefulKinds } from './stateful-sets.js'
import { storageClassKinds } from './storage-classes.js'
import type { KindRow } from './types.js'
import { volumeDriverKinds } from './volume-drivers.js'
import { webhookKinds } from './webhooks.js'

/** Every kind that is served without a CustomResourceDefinition; of several versions of a group the preferred one first. */
export const builtinKinds: readonly KindRow[] = [
  ...bindingKinds, ...coreKinds, pods, ...replicationKinds, ...eventKinds,
  ...apiExtensionKinds,
  ...statefulKinds, ...deploymentKinds, ...daemonKinds,
  ...autoscalingKinds,
  ...jobKinds, ...cronKinds,
  ...certificateKinds,
  ...ingressKinds, ...networkPolicyKinds, ...serviceAddressKinds,
  ...budgetKinds,
  ...rbacKinds,
  ...storageClassKinds, ...volumeDriverKinds,
  ...webhookKinds, ...admissionPolicyKinds,
  ...priorityKinds,
  ...leaseKinds,
  ...runtimeKinds,
  ...endpointSliceKinds,
]
