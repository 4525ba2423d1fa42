import { annotations, labels } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { clusters, workspaceTemplates, type Cluster, type WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import { forbidden, withEntry, withMetadata, type Access, type Identity, type KubeObject, type KubeWrite, type ObjectGuard } from '../../core/sdk/index.js'
import { placementOf, type PlacementRules } from './placement.js'
import type { Rights } from './rights.js'

/** Who made an object is not for its maker to say: a creator named at creation is the caller, and stays who it was. */
async function withCreator (object: KubeObject, { user, stored }: KubeWrite, rights: Rights): Promise<KubeObject> {
  const [before, after] = [stored, object].map(one => one?.metadata.annotations?.[annotations.creator])
  if (before === after || await rights.managesUsers(user)) return object
  return withEntry(object, 'annotations', annotations.creator, stored ? before : user.name)
}

/** Which workspace a project belongs to is decided by those who manage workspaces, whatever the verb or patch type. */
export function namespaceGuard (rights: Rights): ObjectGuard {
  return {
    resource: qualifiedResource(namespaces),
    async write (write) {
      const { object, stored, user } = write
      if (!object) return undefined
      const named = await withCreator(object, write, rights)
      const [before, after] = [stored, object].map(one => one?.metadata.labels?.[labels.workspace])
      if (before === after && !stored) return named === object ? undefined : named
      if (await rights.managesWorkspaces(user)) return named === object ? undefined : named
      if (!stored) throw forbidden(qualifiedResource(namespaces), object.metadata.name, `the label ${labels.workspace} is set by those who manage workspaces`)
      return withMetadata(withEntry(named, 'labels', labels.workspace, before), { ownerReferences: stored.metadata.ownerReferences })
    },
  }
}

/** Where workspaces are placed is decided by those who may use the clusters, by whatever path it is written. */
export function templateGuard (rights: Rights, placement: PlacementRules): ObjectGuard {
  return {
    resource: qualifiedResource(workspaceTemplates),
    async write (write) {
      const { object, stored, user } = write
      if (!object) return undefined
      await placement.authorise(user, placementOf(stored as WorkspaceTemplate | undefined), placementOf(object as WorkspaceTemplate), { openly: true })
      const named = await withCreator(object, write, rights)
      return named === object ? undefined : named
    },
  }
}

/** Credentials of clusters are for those who may change clusters. */
export function clusterGuard (access: Access): ObjectGuard {
  // Redaction cannot wait: whether somebody may update clusters is a matter of roles that are cached, never of a namespace that must be read.
  const mayUpdate = (user: Identity): boolean => {
    const decision = access.authorizeRBAC({ user, verb: 'update', workspace: '', namespace: '', devops: '', apiGroup: clusters.group, apiVersion: clusters.version, resource: clusters.resource, subresource: '', name: '', isKubernetesRequest: true, isResourceRequest: true, path: '', resourceScope: 'Global' })
    return !(decision instanceof Promise) && decision.allowed
  }
  return {
    resource: qualifiedResource(clusters),
    redact (object, user) {
      const { spec } = object as Cluster
      if (!spec?.connection || mayUpdate(user)) return object
      const { kubeconfig: _kubeconfig, token: _token, ...connection } = spec.connection
      return { ...object, spec: { ...spec, connection } } as Cluster
    },
  }
}
