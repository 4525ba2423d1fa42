import { labels } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { clusters, workspaceTemplates, type Cluster } from '../../schemas/tenant/kinds.js'
import { attributesOf, forbidden, withEntry, withMetadata, type Access, type Identity, type KubeWrite, type ObjectGuard } from '../../core/sdk/index.js'

/** May the caller manage a workspace as a whole? */
const managesWorkspaces = async (access: Access, { user, info }: KubeWrite): Promise<boolean> =>
  (await access.authorizeRBAC({ ...attributesOf(user, info), verb: 'update', apiGroup: workspaceTemplates.group, apiVersion: workspaceTemplates.version, resource: 'workspaces', subresource: '', name: '', namespace: '', workspace: '', devops: '', isKubernetesRequest: false, resourceScope: 'Global' })).allowed

/** Which workspace a project belongs to is decided by those who manage workspaces, whatever the verb or patch type. */
export function namespaceGuard (access: Access): ObjectGuard {
  return {
    resource: qualifiedResource(namespaces),
    async write (write) {
      const { object, stored } = write
      if (!object) return undefined
      const [before, after] = [stored, object].map(one => one?.metadata.labels?.[labels.workspace])
      const ownersBefore = stored?.metadata.ownerReferences
      if (before === after && !stored) return undefined
      if (await managesWorkspaces(access, write)) return undefined
      if (!stored) throw forbidden(qualifiedResource(namespaces), object.metadata.name, `the label ${labels.workspace} is set by those who manage workspaces`)
      return withMetadata(withEntry(object, 'labels', labels.workspace, before), { ownerReferences: ownersBefore })
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
