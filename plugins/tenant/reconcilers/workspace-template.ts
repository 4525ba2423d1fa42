import { isDeepStrictEqual } from 'node:util'
import { roleBases, users, workspaceRoleBindings, workspaceRoles, labels, type RoleBase } from '../../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../../schemas/kube/builtin.js'
import { workspaces, workspaceTemplates, type Workspace, type WorkspaceTemplate } from '../../../schemas/tenant/kinds.js'
import { defineReconciler, hasFinalizer, StatusError, watched, withFinalizer, withoutFinalizers, type Kube, type Reconciler } from '../../../core/sdk/index.js'

const finalizers = { own: 'finalizers.workspacetemplate.kubesphere.io', orphan: 'orphan.finalizers.kubesphere.io' }

/** The role that a workspace gets of a RoleBase; its rules always a list. */
function presetOf (workspace: string, { metadata, rules }: RoleObject): RoleObject {
  const { annotations, labels: own = {} } = metadata
  return {
    metadata: { name: `${workspace}-${metadata.name}`, labels: { ...own, [labels.workspace]: workspace }, ...(annotations ? { annotations } : {}) },
    rules: rules ?? [],
  }
}

const sameRole = (a: RoleObject, b: RoleObject): boolean =>
  isDeepStrictEqual([a.metadata.labels ?? {}, a.metadata.annotations ?? {}, a.rules ?? []], [b.metadata.labels ?? {}, b.metadata.annotations ?? {}, b.rules ?? []])

/** What a workspace consists of: the Workspace itself, its preset roles, its manager's binding. */
export function workspaceTemplateReconciler ({ kube }: { kube: Kube }): Reconciler {
  const templates = kube.store(workspaceTemplates)
  const spaces = kube.store(workspaces)
  const bases = kube.store(roleBases)
  const presets = kube.store(workspaceRoles)
  const bindings = kube.store(workspaceRoleBindings)
  const people = kube.store(users)
  const managers = templates.index('manager', ({ spec }: WorkspaceTemplate) => [spec?.template?.spec?.manager ?? ''])

  async function keepWorkspace (template: WorkspaceTemplate): Promise<void> {
    const { name } = template.metadata
    const { spec = {}, metadata: { labels: own } = {} } = template.spec?.template ?? {}
    const stored = spaces.get(name)
    if (!stored) await kube.create(workspaces, { metadata: { name, ...(own ? { labels: own } : {}) }, spec })
    else if (!stored.metadata.deletionTimestamp && !isDeepStrictEqual(stored.spec ?? {}, spec)) await kube.update<Workspace>(workspaces, { ...stored, spec })
  }

  async function keepRoles (workspace: string): Promise<void> {
    for (const { role } of bases.list() as readonly RoleBase[]) {
      if (role.kind !== workspaceRoles.kind) continue
      const wanted = presetOf(workspace, role)
      const stored = presets.get(wanted.metadata.name)
      if (!stored) await kube.create(workspaceRoles, wanted)
      else if (!sameRole(stored, wanted)) await kube.update(workspaceRoles, { ...stored, metadata: { ...stored.metadata, ...wanted.metadata }, rules: wanted.rules ?? [] })
    }
  }

  /** A manager who is emptied or unknown leaves the binding as it is. */
  async function keepManager (template: WorkspaceTemplate): Promise<void> {
    const workspace = template.metadata.name
    const manager = people.get(template.spec?.template?.spec?.manager ?? '')
    if (!manager || manager.metadata.deletionTimestamp) return
    const { name } = manager.metadata
    const wanted: BindingObject = {
      metadata: { name: `${workspace}-admin`, labels: { [labels.workspace]: workspace, [labels.userRef]: name } },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name }],
      roleRef: { apiGroup: workspaceRoles.group, kind: workspaceRoles.kind, name: `${workspace}-admin` },
    }
    const stored = bindings.get(wanted.metadata.name)
    if (!stored) await kube.create(workspaceRoleBindings, wanted)
    else if (stored.subjects?.length !== 1 || stored.subjects[0]?.name !== name || stored.metadata.labels?.[labels.userRef] !== name) {
      await kube.update(workspaceRoleBindings, { ...stored, ...wanted, metadata: { ...stored.metadata, labels: { ...stored.metadata.labels, ...wanted.metadata.labels } } })
    }
  }

  async function remove (template: WorkspaceTemplate): Promise<void> {
    if (!hasFinalizer(template, finalizers.own, finalizers.orphan)) return
    const { name } = template.metadata
    const propagationPolicy = hasFinalizer(template, finalizers.orphan) ? 'Orphan' : 'Background'
    await kube.delete(workspaces, { name }, { propagationPolicy }).catch((error: unknown) => { if (!(error instanceof StatusError && error.code === 404)) throw error })
    await kube.update(workspaceTemplates, withoutFinalizers(template, finalizers.own, finalizers.orphan))
  }

  return defineReconciler({
    name: 'workspacetemplate',
    watches: [
      watched(workspaceTemplates),
      // A manager who appears after the workspace.
      watched(users, ({ metadata }) => managers.get(metadata.name).map(({ metadata: { name } }) => ({ name }))),
      watched(roleBases, () => templates.list().map(({ metadata: { name } }) => ({ name }))),
    ],
    async reconcile ({ name }) {
      const template = templates.get(name)
      if (!template) return
      if (template.metadata.deletionTimestamp) return remove(template)
      const wanted = withFinalizer(template, finalizers.own)
      if (wanted !== template) await kube.update(workspaceTemplates, wanted)
      await keepWorkspace(template)
      await keepRoles(name)
      await keepManager(template)
    },
  })
}
