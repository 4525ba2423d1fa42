import { isDeepStrictEqual } from 'node:util'
import { labels, roleBases, users, workspaceRoleBindings, workspaceRoles, type RoleBase } from '../../schemas/iam/v1alpha2.js'
import type { BindingObject, RoleObject } from '../../schemas/kube/builtin.js'
import { workspaces, workspaceTemplates, type Workspace, type WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import { controllerOf, unlessTaken, type Kind, type Kube, type KubeObject } from '../../core/sdk/index.js'
import { createSettled } from './created.js'

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

const managerBinding = (workspace: string, user: string): BindingObject => ({
  metadata: { name: `${workspace}-admin`, labels: { [labels.workspace]: workspace, [labels.userRef]: user } },
  subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: user }],
  roleRef: { apiGroup: workspaceRoles.group, kind: workspaceRoles.kind, name: `${workspace}-admin` },
})

function sameBinding (a: BindingObject, b: BindingObject): boolean {
  const both = [a, b].map(({ metadata, subjects = [], roleRef }) => [metadata.labels?.[labels.workspace], metadata.labels?.[labels.userRef], subjects.map(({ kind, name }) => [kind, name]), roleRef.name])
  return isDeepStrictEqual(both[0], both[1])
}

/** What a workspace consists of beside its template: the Workspace itself, its preset roles, its manager's binding. */
export function createWorkspaceParts (kube: Kube) {
  const spaces = kube.store(workspaces)
  const bases = kube.store(roleBases)
  const presets = kube.store(workspaceRoles)
  const bindings = kube.store(workspaceRoleBindings)
  const people = kube.store(users)

  /** Created where it is absent; somebody may be faster. */
  const create = async <T extends KubeObject>(kind: Kind<T>, object: T): Promise<void> => { await kube.create(kind, object).catch(unlessTaken) }

  const spaceOf = ({ metadata: { name }, spec }: WorkspaceTemplate): Workspace => {
    const { spec: inner = {}, metadata: { labels: own } = {} } = spec?.template ?? {}
    return { metadata: { name, ...(own ? { labels: own } : {}) }, spec: inner }
  }
  const presetsOf = (workspace: string): RoleObject[] => (bases.list() as readonly RoleBase[]).flatMap(({ role }) => role.kind === workspaceRoles.kind ? [presetOf(workspace, role)] : [])

  /** Nobody where the template names no living user: a binding from before then stays as it is. */
  function managerOf ({ spec }: WorkspaceTemplate): string | undefined {
    const user = people.get(spec?.template?.spec?.manager ?? '')
    return user && !user.metadata.deletionTimestamp ? user.metadata.name : undefined
  }

  async function keepWorkspace (template: WorkspaceTemplate): Promise<void> {
    const wanted = spaceOf(template)
    const stored = spaces.get(wanted.metadata.name)
    if (!stored) return create(workspaces, wanted)
    if (stored.metadata.deletionTimestamp || isDeepStrictEqual(stored.spec ?? {}, wanted.spec)) return
    await kube.update<Workspace>(workspaces, { ...stored, ...(wanted.spec ? { spec: wanted.spec } : {}) })
  }

  async function keepRole (wanted: RoleObject): Promise<void> {
    const stored = presets.get(wanted.metadata.name)
    if (!stored) return create(workspaceRoles, wanted)
    if (!sameRole(stored, wanted)) await kube.update(workspaceRoles, { ...stored, metadata: { ...stored.metadata, labels: wanted.metadata.labels ?? {}, annotations: wanted.metadata.annotations ?? {} }, rules: wanted.rules ?? [] })
  }

  async function keepManager (template: WorkspaceTemplate): Promise<void> {
    const manager = managerOf(template)
    if (!manager) return
    const wanted = managerBinding(template.metadata.name, manager)
    const stored = bindings.get(wanted.metadata.name)
    if (!stored) return create(workspaceRoleBindings, wanted)
    if (!sameBinding(stored, wanted)) await kube.update(workspaceRoleBindings, { ...stored, ...wanted, metadata: { ...stored.metadata, labels: { ...stored.metadata.labels, ...wanted.metadata.labels } } })
  }

  /** As the template's own from the start, so that nothing of a workspace outlives it. */
  const owned = <T extends KubeObject>(object: T, template: WorkspaceTemplate): T =>
    ({ ...object, metadata: { ...object.metadata, ownerReferences: [controllerOf(workspaceTemplates, template)] } })

  return {
    /**
     * Creates what a new workspace consists of, so that the next request finds it. What fails, or is cut short, is left to the reconciler; nothing
     * that is there is touched.
     */
    async start (template: WorkspaceTemplate): Promise<void> {
      const { name } = template.metadata
      const manager = managerOf(template)
      const bound = manager ? managerBinding(name, manager) : undefined
      await Promise.allSettled([
        createSettled(kube, workspaces, spaceOf(template)),
        ...presetsOf(name).map(role => createSettled(kube, workspaceRoles, owned(role, template))),
        ...(bound ? [createSettled(kube, workspaceRoleBindings, owned(bound, template))] : []),
      ])
    },

    /** Makes all of it true, whatever people did to it. */
    async keep (template: WorkspaceTemplate): Promise<void> {
      await keepWorkspace(template)
      for (const role of presetsOf(template.metadata.name)) await keepRole(role)
      await keepManager(template)
    },
  }
}

export type WorkspaceParts = ReturnType<typeof createWorkspaceParts>
