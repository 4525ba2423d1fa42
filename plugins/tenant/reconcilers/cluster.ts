import { users, type User } from '../../../schemas/iam/v1alpha2.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { clusters } from '../../../schemas/tenant/kinds.js'
import { defineReconciler, hasFinalizer, unlessMissing, watched, withEntry, withoutFinalizers, type Kube, type Reconciler } from '../../../core/sdk/index.js'

const finalizer = 'finalizer.cluster.kubesphere.io'
const federated = defineKind('core.kubefed.io/v1beta1', 'kubefedclusters', 'KubeFedCluster', { namespaced: true })
const federation = 'kube-federation-system'
/** Names of clusters that somebody may enter, with commas between them. */
const granted = 'iam.kubesphere.io/granted-clusters'

const grantsOf = ({ metadata }: User): string[] => (metadata.annotations?.[granted] ?? '').split(',').filter(name => name !== '')

/** Lets clusters go that others have held; clusters that live are not managed here. */
export function clusterReconciler (kube: Kube): Reconciler {
  const store = kube.store(clusters)
  const guests = kube.store(users).index('granted-clusters', grantsOf)

  async function withdraw (cluster: string): Promise<void> {
    for (const { metadata: { name } } of guests.get(cluster)) {
      await kube.modify(users, { name }, user => {
        const left = grantsOf(user).filter(one => one !== cluster)
        return withEntry(user, 'annotations', granted, left.length ? left.join(',') : undefined)
      }).catch(unlessMissing)
    }
  }

  return defineReconciler({
    name: 'cluster',
    watches: [watched(clusters)],
    async reconcile ({ name }, { record }) {
      const cluster = store.get(name)
      if (!cluster?.metadata.deletionTimestamp || !hasFinalizer(cluster, finalizer)) return
      await kube.delete(federated, { name, namespace: federation }).catch(unlessMissing)
      await withdraw(name)
      record('CleanedUp', 'the cluster has left the federation and nobody is granted it any more')
      await kube.update(clusters, withoutFinalizers(cluster, finalizer)).catch(unlessMissing)
    },
  })
}
