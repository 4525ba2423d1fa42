import { globalRoleBindings } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, clusterRoles } from '../../../schemas/kube/builtin.js'
import { controllerOf, defineReconciler, watched, type Kube, type Reconciler } from '../../../core/sdk/index.js'

/** Platform administrators are cluster administrators towards Kubernetes. */
export function globalRoleBindingReconciler ({ kube }: { kube: Kube }): Reconciler {
  const bindings = kube.store(globalRoleBindings)
  const made = kube.store(clusterRoleBindings)

  return defineReconciler({
    name: 'globalrolebinding',
    watches: [watched(globalRoleBindings)],
    async reconcile ({ name }, { record }) {
      const binding = bindings.get(name)
      if (!binding || binding.metadata.deletionTimestamp || binding.roleRef.name !== 'platform-admin') return
      const subjects = (binding.subjects ?? []).filter(({ kind }) => kind === 'User').map(({ name }) => ({ kind: 'User', apiGroup: clusterRoles.group, name }))
      const [first] = subjects
      if (!first) return
      const target = `${first.name}-cluster-admin`
      if (made.get(target)) return
      await kube.create(clusterRoleBindings, {
        metadata: { name: target, ownerReferences: [controllerOf(globalRoleBindings, binding)] },
        subjects,
        roleRef: { apiGroup: clusterRoles.group, kind: clusterRoles.kind, name: 'cluster-admin' },
      })
      record('ClusterRoleBindingCreated', `ClusterRoleBinding ${target} makes the same people administrators of the cluster`)
    },
  })
}
