import { groups, labels, roleBases, users, workspaceOf, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../../schemas/kube/builtin.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { workspaceQuotas, workspaces, workspaceTemplates, type WorkspaceTemplate } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, hasFinalizer, unlessMissing, watched, withEntry, withFinalizer, withoutFinalizers, type Kind, type Kube, type KubeObject, type Reconciler, type ReconcileTools } from '../../../core/sdk/index.js'
import type { WorkspaceParts } from '../workspace-parts.js'
import { ownedBy } from './owners.js'

const finalizers = { own: 'finalizers.workspacetemplate.kubesphere.io', orphan: 'orphan.finalizers.kubesphere.io' }
const cleanUp = 'application.kubesphere.io/app-cleanup'
const ofApps = (resource: string, kind: string): Kind => defineKind('application.kubesphere.io/v1alpha1', resource, kind)
const helmApplications = ofApps('helmapplications', 'HelmApplication')
const helm = [ofApps('helmreleases', 'HelmRelease'), ofApps('helmrepos', 'HelmRepo')]
/** What a workspace has of its own and nothing may inherit; deleted by name where nobody collects garbage. */
const dependants: readonly Kind[] = [workspaceRoleBindings, workspaceRoles, groups, workspaceQuotas]

/** What is left of a workspace when it goes. */
function createFarewell (kube: Kube) {
  const projects = kube.store(namespaces).index('workspace', object => [workspaceOf(object)])
  const spaces = kube.store(workspaces)
  const own = dependants.map(kind => ({ kind, of: kube.store(kind).index('workspace', object => [workspaceOf(object)]) }))
  const selectorOf = (workspace: string) => ({ labelSelector: `${labels.workspace}=${workspace}` })

  /** Objects of a kind that the cluster may lack. */
  const listed = async (kind: Kind, workspace: string): Promise<readonly KubeObject[]> => (await kube.list(kind, selectorOf(workspace)).catch(unlessMissing))?.items ?? []

  async function removeApps (workspace: string): Promise<void> {
    for (const kind of helm) for (const { metadata: { name } } of await listed(kind, workspace)) await kube.delete(kind, { name }).catch(unlessMissing)
    for (const app of await listed(helmApplications, workspace)) {
      if (app.metadata.annotations?.[cleanUp] === undefined) await kube.update(helmApplications, withEntry(app, 'annotations', cleanUp, 'ongoing')).catch(unlessMissing)
    }
  }

  /** A project that stays is nobody's; one that goes is the workspace's, so that it goes with it. */
  async function settleProject (project: Namespace, workspace: string, stays: boolean): Promise<void> {
    const { labels: its = {}, deletionTimestamp } = project.metadata
    if (deletionTimestamp || its[labels.federated] === 'true') return
    const space = spaces.get(workspace)
    const settled = stays ? ownedBy(withEntry(project, 'labels', labels.workspace, undefined), undefined) : space ? ownedBy(project, controllerOf(workspaces, space)) : project
    if (settled !== project) await kube.update(namespaces, settled).catch(unlessMissing)
  }

  return async function farewell (workspace: string, projectsStay: boolean): Promise<void> {
    await removeApps(workspace)
    for (const project of projects.get(workspace)) await settleProject(project, workspace, projectsStay)
    await kube.delete(workspaces, { name: workspace }, { propagationPolicy: projectsStay ? 'Orphan' : 'Background' }).catch(unlessMissing)
    for (const { kind, of } of own) for (const { metadata: { name } } of of.get(workspace)) await kube.delete(kind, { name }).catch(unlessMissing)
  }
}

/** What a workspace consists of: the Workspace itself, its preset roles, its manager's binding. */
export function workspaceTemplateReconciler ({ kube, parts }: { kube: Kube, parts: WorkspaceParts }): Reconciler {
  const templates = kube.store(workspaceTemplates)
  const managers = templates.index('manager', ({ spec }: WorkspaceTemplate) => [spec?.template?.spec?.manager ?? ''])
  const farewell = createFarewell(kube)

  async function remove (template: WorkspaceTemplate, { record }: ReconcileTools): Promise<void> {
    if (!hasFinalizer(template, finalizers.own, finalizers.orphan)) return
    const projectsStay = hasFinalizer(template, finalizers.orphan)
    await farewell(template.metadata.name, projectsStay)
    record('CleanedUp', `roles, bindings, groups and quotas of the workspace have been removed; its projects ${projectsStay ? 'stay without it' : 'go with it'}`)
    await kube.update(workspaceTemplates, withoutFinalizers(template, finalizers.own, finalizers.orphan)).catch(unlessMissing)
  }

  return defineReconciler({
    name: 'workspacetemplate',
    watches: [
      watched(workspaceTemplates),
      // A manager who appears after the workspace.
      watched(users, ({ metadata }) => managers.get(metadata.name).map(({ metadata: { name } }) => ({ name }))),
      watched(roleBases, () => templates.list().map(({ metadata: { name } }) => ({ name }))),
    ],
    async reconcile ({ name }, tools) {
      const template = templates.get(name)
      if (!template) return
      if (template.metadata.deletionTimestamp) return remove(template, tools)
      const wanted = withFinalizer(template, finalizers.own)
      if (wanted !== template) await kube.update(workspaceTemplates, wanted)
      await parts.keep(template)
      if (wanted !== template) tools.record('Ready', 'the workspace has its roles and the binding of its manager')
    },
  })
}
