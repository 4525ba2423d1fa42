import { cluster } from './cluster.js'
import { apiserver, etcd, scheduler } from './components.js'
import { ingress } from './ingress.js'
import { application, service } from './metered.js'
import { namespace } from './namespace.js'
import { node } from './node.js'
import { container, pvc } from './parts.js'
import { pod } from './pod.js'
import type { Row } from './types.js'
import { workload } from './workload.js'
import { workspace } from './workspace.js'

/** All named metrics by level; within a level in the order in which answers have them. Names with `meter_` are for metering. */
export const rows = {
  cluster,
  node,
  workspace,
  namespace,
  workload,
  pod,
  container,
  pvc,
  ingress,
  'component:etcd': etcd,
  'component:apiserver': apiserver,
  'component:scheduler': scheduler,
  application,
  service,
} satisfies Record<string, readonly Row[]>
export type Level = keyof typeof rows
