import { labels, roleBases } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../../schemas/kube/builtin.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { workspaces } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, hasFinalizer, unlessMissing, watched, withEntry, withFinalizer, withoutFinalizers, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import type { ProjectParts } from '../project-parts.js'
import { isOwned, ownedBy } from './owners.js'

const finalizer = 'finalizers.kubesphere.io/namespaces'
const namespaceLabel = 'kubesphere.io/namespace'
const gateways = defineKind('gateway.kubesphere.io/v1alpha1', 'gateways', 'Gateway', { namespaced: true })
/** The mark of Kubernetes on an owner that leaves its dependants behind. */
const leaving = 'orphan'

export interface NamespaceOptions { kube: Kube, parts: ProjectParts, gatewayNamespace: string }

/** A project: bound to its workspace, with the roles that projects have and a binding for whoever made it. */
export function namespaceReconciler ({ kube, parts, gatewayNamespace }: NamespaceOptions): Reconciler {
  const store = kube.store(namespaces)
  const spaces = kube.store(workspaces)

  const unbound = (namespace: Namespace): Namespace => ownedBy(withEntry(namespace, 'labels', labels.workspace, undefined), undefined)

  /** Bound to its workspace where that lives; else without one. */
  function bound (namespace: Namespace): Namespace {
    const { labels: own = {} } = namespace.metadata
    if (own[labels.federated] === 'true') return namespace
    const name = own[labels.workspace]
    const workspace = name ? spaces.get(name) : undefined
    if (workspace && !workspace.metadata.deletionTimestamp) return ownedBy(namespace, controllerOf(workspaces, workspace))
    // A workspace on its way takes its projects with it, unless it leaves them behind.
    if (workspace) return hasFinalizer(workspace, leaving) ? unbound(namespace) : namespace
    // A label that no workspace stands behind stays, unless there was one.
    return isOwned(namespace) ? unbound(namespace) : namespace
  }

  async function remove (namespace: Namespace): Promise<void> {
    if (!hasFinalizer(namespace, finalizer)) return
    const { name } = namespace.metadata
    await kube.delete(gateways, { name: `kubesphere-router-${name}`, namespace: gatewayNamespace || name }).catch(unlessMissing)
    await kube.update(namespaces, withoutFinalizers(namespace, finalizer)).catch(unlessMissing)
  }

  return defineReconciler({
    name: 'namespace',
    watches: [watched(namespaces), watched(roleBases, () => store.list().map(({ metadata: { name } }) => ({ name })))],
    async reconcile ({ name }, { record }) {
      const namespace = store.get(name)
      if (!namespace) return
      if (namespace.metadata.deletionTimestamp) return remove(namespace)
      const isNew = !hasFinalizer(namespace, finalizer)
      const marked = isNew ? withEntry(withFinalizer(namespace, finalizer), 'labels', namespaceLabel, name) : namespace
      const wanted = bound(marked)
      if (isNew) await parts.bindCreator(namespace)
      if (wanted !== namespace) await kube.update(namespaces, wanted)
      if (isOwned(wanted) && (isNew || !isOwned(namespace))) record('Bound', `the project belongs to workspace ${wanted.metadata.labels?.[labels.workspace] ?? ''}`)
      else if (isOwned(namespace) && !isOwned(wanted)) record('Unbound', 'the project is in no workspace any more')
      await parts.keepRoles(wanted)
    },
  })
}
