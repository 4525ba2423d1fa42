import { labels, workspaceOf, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, watched, type Kind, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import { ownedBy } from './owners.js'

/** Roles and bindings of a workspace belong to its template, and go with it. */
function ownedReconciler (kube: Kube, name: string, kind: Kind): Reconciler {
  const store = kube.store(kind)
  const templates = kube.store(workspaceTemplates)
  return defineReconciler({
    name,
    watches: [watched(kind)],
    async reconcile ({ name }) {
      const object = store.get(name)
      if (!object || object.metadata.deletionTimestamp || object.metadata.labels?.[labels.federated] === 'true') return
      const template = templates.get(workspaceOf(object))
      if (!template || template.metadata.deletionTimestamp) return
      const owned = ownedBy(object, controllerOf(workspaceTemplates, template))
      if (owned !== object) await kube.update(kind, owned)
    },
  })
}

export const workspaceRoleReconcilers = (kube: Kube): Reconciler[] => [
  ownedReconciler(kube, 'workspacerole', workspaceRoles),
  ownedReconciler(kube, 'workspacerolebinding', workspaceRoleBindings),
]
