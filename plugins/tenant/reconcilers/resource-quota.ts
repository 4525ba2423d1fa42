import { isDeepStrictEqual } from 'node:util'
import { workspaceOf } from '../../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../../schemas/kube/builtin.js'
import { workspaceQuotas, workspaces } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, watched, type Key, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import type { QuotaStatus } from '../quotas.js'
import { ownedBy } from './owners.js'

/** How old the used values may be (ms). */
const lag = 60_000

/** A workspace's quota belongs to it, and says what its projects use. */
export function resourceQuotaReconciler ({ kube, statusOf }: { kube: Kube, statusOf: QuotaStatus }): Reconciler {
  const store = kube.store(workspaceQuotas)
  const spaces = kube.store(workspaces)
  const inWorkspace = store.index('workspace', quota => [workspaceOf(quota)])
  const keysOf = (workspace: string): Key[] => inWorkspace.get(workspace).map(({ metadata: { name } }) => ({ name }))

  return defineReconciler({
    name: 'resourcequota',
    watches: [
      watched(workspaceQuotas),
      watched(workspaces, ({ metadata }) => keysOf(metadata.name)),
      watched(namespaces, namespace => keysOf(workspaceOf(namespace))),
    ],
    async reconcile ({ name }) {
      const quota = store.get(name)
      if (!quota || quota.metadata.deletionTimestamp) return
      const workspace = spaces.get(workspaceOf(quota))
      const owned = workspace && !workspace.metadata.deletionTimestamp ? ownedBy(quota, controllerOf(workspaces, workspace)) : quota
      const written = owned === quota ? quota : await kube.update(workspaceQuotas, owned)
      const status = await statusOf(written)
      if (!isDeepStrictEqual(written.status, status)) await kube.updateStatus(workspaceQuotas, { ...written, status })
      return { again: lag }
    },
  })
}
