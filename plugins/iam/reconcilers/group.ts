import { groupBindings, groups, labels, users, workspaceRoleBindings, type Group, type GroupBinding } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, roleBindings } from '../../../schemas/kube/builtin.js'
import { workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, hasFinalizer, unlessMissing, watched, withEntry, withFinalizer, withMetadata, withoutFinalizers, type Kind, type Kube, type KubeObject, type Reconciler, type ReconcileTools } from '../../../core/sdk/index.js'

const finalizers = { group: 'finalizers.kubesphere.io/groups', binding: 'finalizers.kubesphere.io/groupsbindings' }
const parentLabel = 'iam.kubesphere.io/group-parent'
const groupRef = ({ metadata }: KubeObject): string[] => [metadata.labels?.[labels.groupRef] ?? '']

/** Groups belong to their parent or workspace, and take their bindings with them. */
export function groupReconciler ({ kube }: { kube: Kube }): Reconciler {
  const store = kube.store(groups)
  const templates = kube.store(workspaceTemplates)
  const dependants = [groupBindings, workspaceRoleBindings, clusterRoleBindings, roleBindings].map(kind => ({ kind: kind as Kind, of: kube.store(kind as Kind).index('group', groupRef) }))

  function owned (group: Group): Group {
    const { labels: own = {} } = group.metadata
    const parent = own[parentLabel] ? store.get(own[parentLabel]) : undefined
    if (own[parentLabel] && !parent) return withEntry(group, 'labels', parentLabel, undefined)
    const workspace = templates.get(own[labels.workspace] ?? '')
    const owner = parent ? controllerOf(groups, parent) : workspace ? controllerOf(workspaceTemplates, workspace) : undefined
    if (!owner || group.metadata.ownerReferences?.some(({ uid }) => uid === owner.uid)) return group
    return withMetadata(group, { ownerReferences: [...(group.metadata.ownerReferences ?? []).filter(({ controller }) => !controller), owner] })
  }

  async function cleanUp (group: Group, { record }: ReconcileTools): Promise<void> {
    for (const { kind, of } of dependants) {
      for (const { metadata: { name, namespace } } of of.get(group.metadata.name)) await kube.delete(kind, { name, ...(namespace ? { namespace } : {}) }).catch(unlessMissing)
    }
    record('CleanedUp', 'the bindings of the group have been removed')
    if (hasFinalizer(group, finalizers.group)) await kube.update(groups, withoutFinalizers(group, finalizers.group)).catch(unlessMissing)
  }

  return defineReconciler({
    name: 'group',
    watches: [watched(groups)],
    async reconcile ({ name }, tools) {
      const group = store.get(name)
      if (!group) return
      if (group.metadata.deletionTimestamp) return cleanUp(group, tools)
      const wanted = owned(withFinalizer(group, finalizers.group))
      if (wanted !== group) await kube.update(groups, wanted)
    },
  })
}

/** Writes into accounts which groups they are in, as all living bindings say together. */
export function groupBindingReconciler ({ kube }: { kube: Kube }): Reconciler {
  const store = kube.store(groupBindings)
  const people = kube.store(users)
  const byGroup = store.index('group-name', ({ groupRef }: GroupBinding) => groupRef?.name ? [groupRef.name] : [])

  const isMember = (user: string, group: string): boolean => byGroup.get(group).some(({ users = [], metadata }) => !metadata.deletionTimestamp && users.includes(user))

  async function settle (name: string, group: string, { record }: ReconcileTools): Promise<void> {
    const user = people.get(name)
    if (!user || user.metadata.deletionTimestamp) return
    const member = isMember(name, group)
    if ((user.spec.groups?.includes(group) ?? false) === member) return
    const written = await kube.modify(users, { name }, user => {
      const others = (user.spec.groups ?? []).filter(other => other !== group)
      return { ...user, spec: { ...user.spec, groups: member ? [...others, group] : others } }
    }).catch(unlessMissing)
    if (written) record(member ? 'MemberAdded' : 'MemberRemoved', `${name} is ${member ? '' : 'no longer '}in group ${group}`)
  }

  return defineReconciler({
    name: 'groupbinding',
    watches: [watched(groupBindings)],
    async reconcile ({ name }, tools) {
      const binding = store.get(name)
      if (!binding) return
      for (const user of binding.users ?? []) await settle(user, binding.groupRef?.name ?? '', tools)
      if (binding.metadata.deletionTimestamp) {
        if (hasFinalizer(binding, finalizers.binding)) await kube.update(groupBindings, withoutFinalizers(binding, finalizers.binding)).catch(unlessMissing)
        return
      }
      const wanted = withFinalizer(binding, finalizers.binding)
      if (wanted !== binding) await kube.update(groupBindings, wanted)
    },
  })
}
