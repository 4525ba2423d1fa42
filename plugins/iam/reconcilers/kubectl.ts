import { labels, users } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, clusterRoles, deployments, serviceAccounts, type BindingObject, type Deployment } from '../../../schemas/kube/builtin.js'
import { controllerOf, defineReconciler, unlessMissing, watched, type Kube, type Reconciler, type SeedObject } from '../../../core/sdk/index.js'
import { controlsNamespace as namespace, longestName, usernameLabel } from './person.js'

const account = 'kubesphere-cluster-admin'
const role = 'cluster-admin'
const prefix = 'kubectl-'

/** Whom the pods of kubectl act as. */
export const kubectlSeeds: readonly SeedObject[] = [
  { kind: serviceAccounts, object: { metadata: { name: account, namespace } }, policy: 'keep' },
  {
    kind: clusterRoleBindings,
    object: { metadata: { name: `system:${account}` }, subjects: [{ kind: serviceAccounts.kind, name: account, namespace }], roleRef: { apiGroup: clusterRoles.group, kind: clusterRoles.kind, name: role } } as BindingObject,
    policy: 'keep',
  },
]

/** The people to whom a binding gives the whole cluster. */
const administrators = ({ roleRef, subjects = [] }: BindingObject): string[] =>
  roleRef.kind === clusterRoles.kind && roleRef.name === role ? subjects.flatMap(({ kind, name }) => kind === 'User' ? [name] : []) : []

function deploymentOf (user: string, owner: BindingObject, image: string): Deployment {
  const matchLabels = { [usernameLabel]: user }
  return {
    metadata: { name: `${prefix}${user}`, namespace, ownerReferences: [controllerOf(clusterRoleBindings, owner)] },
    spec: {
      replicas: 1,
      selector: { matchLabels },
      template: { metadata: { labels: matchLabels }, spec: { serviceAccountName: account, containers: [{ name: 'kubectl', image }] } },
    },
  }
}

/** Keeps a pod with kubectl for every cluster administrator's terminal, as long as they are one. */
export function kubectlReconciler ({ kube, image }: { kube: Kube, image: string }): Reconciler {
  const people = kube.store(users)
  const bindings = kube.store(clusterRoleBindings).index('cluster-admin', administrators)
  const made = kube.store(deployments, { namespace })

  const isOurs = ({ metadata: { ownerReferences = [] } }: Deployment): boolean => ownerReferences.some(({ kind, controller }) => controller && kind === clusterRoleBindings.kind)

  return defineReconciler({
    name: 'clusterrolebinding',
    watches: [
      watched(users, ({ metadata: { name } }) => bindings.count(name) || made.get(`${prefix}${name}`, namespace) ? [{ name }] : []),
      watched(clusterRoleBindings, binding => administrators(binding).map(name => ({ name }))),
      watched(deployments, ({ metadata: { name } }) => name.startsWith(prefix) ? [{ name: name.slice(prefix.length) }] : [], { namespace }),
    ],
    async reconcile ({ name }) {
      const user = people.get(name)
      if (user?.metadata.labels?.[labels.federated] === 'true') return
      const owner = bindings.get(name).find(({ metadata }) => !metadata.deletionTimestamp)
      const there = made.get(`${prefix}${name}`, namespace)
      if (!user || user.metadata.deletionTimestamp || !owner) {
        if (there && isOurs(there) && !there.metadata.deletionTimestamp) await kube.delete(deployments, there.metadata).catch(unlessMissing)
      } else if (!there && name.length <= longestName) await kube.create(deployments, deploymentOf(name, owner, image))
    },
  })
}
