import { labels } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../../schemas/kube/builtin.js'
import { workspaces } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, hasFinalizer, watched, withFinalizer, withoutFinalizers, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import { ownedBy } from './owners.js'

const finalizer = 'finalizers.tenant.kubesphere.io'

/** The projects of a workspace belong to it, and go with it. */
export function workspaceReconciler ({ kube }: { kube: Kube }): Reconciler {
  const store = kube.store(workspaces)
  const projects = kube.store(namespaces).index('workspace', ({ metadata }: Namespace) => [metadata.labels?.[labels.workspace] ?? ''])

  return defineReconciler({
    name: 'workspace',
    watches: [watched(workspaces)],
    async reconcile ({ name }) {
      const workspace = store.get(name)
      if (!workspace) return
      if (workspace.metadata.deletionTimestamp) {
        if (hasFinalizer(workspace, finalizer)) await kube.update(workspaces, withoutFinalizers(workspace, finalizer))
        return
      }
      const wanted = withFinalizer(workspace, finalizer)
      if (wanted !== workspace) await kube.update(workspaces, wanted)
      for (const project of projects.get(name)) {
        if (project.metadata.labels?.[labels.federated] === 'true' || project.metadata.deletionTimestamp) continue
        const owned = ownedBy(project, controllerOf(workspaces, workspace))
        if (owned !== project) await kube.update(namespaces, owned)
      }
    },
  })
}
