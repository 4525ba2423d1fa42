import { qualifiedResource, singularOf } from '../../schemas/kube/object.js'
import { workspaces, workspaceTemplates, type Workspace, type WorkspaceTemplate } from '../../schemas/tenant/kinds.js'
import { badRequest, forbidden, hasFinalizer, invalid, isLabelValue, listPage, withFinalizer, withoutFinalizers, type DeleteOptions, type Identity, type Kind, type Kube, type ListQuery, type Page } from '../../core/sdk/index.js'
import { checkName, metadataOf, readBody, type Wish, type Writer } from './bodies.js'
import { contending } from './contention.js'
import { missing, taken } from './errors.js'
import { changeOf } from './template-patch.js'
import { placementOf, type PlacementRules } from './placement.js'
import type { Rights } from './rights.js'
import type { WorkspaceParts } from './workspace-parts.js'

const plural = qualifiedResource(workspaceTemplates)
const orphan = 'orphan.finalizers.kubesphere.io'
/** The workspace of the platform itself. */
export const systemWorkspace = 'system-workspace'

/** With the fields that clients count on. */
export function shownTemplate (template: WorkspaceTemplate): WorkspaceTemplate {
  const { placement = {}, template: { metadata = {}, spec: inner = {}, ...others } = {}, ...rest } = template.spec ?? {}
  return { ...template, spec: { ...rest, placement, template: { ...others, metadata, spec: inner } } }
}

export const shownWorkspace = (workspace: Workspace): Workspace => ({ ...workspace, spec: workspace.spec ?? {}, status: workspace.status ?? {} })

/** A spec as it is stored: with its two required parts, and without a list of no clusters. */
function specOf ({ rest }: Wish): NonNullable<WorkspaceTemplate['spec']> {
  const spec = (rest.spec ?? {}) as NonNullable<WorkspaceTemplate['spec']>
  if (typeof spec !== 'object' || Array.isArray(spec)) throw badRequest('spec must be an object')
  const { placement, template, ...others } = spec
  if (typeof (placement ?? {}) !== 'object' || typeof (template ?? {}) !== 'object') throw badRequest('spec.placement and spec.template must be objects')
  const { clusters, ...elsewhere } = (placement ?? {}) as { clusters?: unknown }
  const some = Array.isArray(clusters) && clusters.length === 0 ? {} : clusters === undefined || clusters === null ? {} : { clusters }
  return { ...others, placement: { ...elsewhere, ...some }, template: template ?? {} }
}

export interface WorkspacesOptions { kube: Kube, rights: Rights, placement: PlacementRules, parts: WorkspaceParts }

/** Workspaces as people ask for them: their templates, and what of them is in this cluster. */
export function createWorkspaces ({ kube, rights, placement, parts }: WorkspacesOptions) {
  const templates = kube.store(workspaceTemplates)
  const spaces = kube.store(workspaces)

  const writerOf = async (user: Identity): Promise<Writer> =>
    ({ name: user.name, trusted: await rights.managesWorkspaces(user), namesCreators: await rights.managesUsers(user) })

  /** All for those who list all; else those that the caller is a member of. */
  async function list<T extends Workspace | WorkspaceTemplate> (user: Identity, query: ListQuery, store: ReturnType<typeof kube.store<T>>, show: (object: T) => T): Promise<Page<T>> {
    if (await rights.listsAllWorkspaces(user)) return listPage(store, query, { show })
    const among = [...rights.workspacesOf(user)].flatMap(name => store.get(name) ?? [])
    return listPage(store, query, { among, show })
  }

  async function seen<T extends Workspace | WorkspaceTemplate> (user: Identity, name: string, kind: Kind<T>): Promise<T> {
    const found = kube.store(kind).get(name)
    if (!found || !await rights.seesWorkspace(user, name)) throw missing(singularOf(kind), name)
    return found
  }

  async function live (name: string): Promise<WorkspaceTemplate> {
    const stored = await kube.find(workspaceTemplates, { name })
    if (!stored) throw missing(plural, name)
    return stored
  }

  async function settled (template: WorkspaceTemplate): Promise<WorkspaceTemplate> {
    await templates.waitFor(template.metadata, template.metadata.resourceVersion ?? '')
    return shownTemplate(template)
  }

  /** One evaluation of a patch: what is authorised is what is stored. */
  async function patchOnce (user: Identity, name: string, body: unknown): Promise<WorkspaceTemplate> {
    const { apply, managesTemplate } = changeOf(body)
    if (managesTemplate && !await rights.managesTemplates(user)) throw forbidden(plural, name, '')
    const knows = await rights.seesWorkspace(user, name)
    const stored = await kube.find(workspaceTemplates, { name })
    if (!stored) throw knows ? missing(plural, name) : forbidden(plural, name, '')
    const changed = apply(stored, knows)
    if (changed === undefined) {
      if (!knows) throw forbidden(plural, name, '')
      return stored
    }
    const manages = await rights.managesWorkspace(user, name)
    const touched = await placement.authorise(user, placementOf(stored), placementOf(changed), { openly: manages })
    if (touched === 0 && !manages) throw forbidden(plural, name, '')
    const { resourceVersion } = stored.metadata
    return kube.update(workspaceTemplates, { ...changed, metadata: { ...changed.metadata, name, ...(resourceVersion ? { resourceVersion } : {}) } })
  }

  return {
    listTemplates: (user: Identity, query: ListQuery) => list(user, query, templates, shownTemplate),
    listHere: (user: Identity, query: ListQuery) => list(user, query, spaces, shownWorkspace),
    getTemplate: async (user: Identity, name: string) => shownTemplate(await seen(user, name, workspaceTemplates)),
    getHere: async (user: Identity, name: string) => shownWorkspace(await seen(user, name, workspaces)),

    async create (user: Identity, body: unknown): Promise<WorkspaceTemplate> {
      const wish = readBody(body)
      // A name that is no label value could never be found by its projects and roles.
      if (wish.name && !isLabelValue(wish.name)) throw invalid(`WorkspaceTemplate.${workspaceTemplates.group}`, wish.name, [{ field: 'metadata.name', reason: 'FieldValueInvalid', message: `Invalid value: ${JSON.stringify(wish.name)}: must be a label value of no more than 63 characters` }])
      const template: WorkspaceTemplate = { metadata: metadataOf(wish, await writerOf(user)), spec: specOf(wish) }
      await placement.authorise(user, {}, placementOf(template), { openly: true, named: true })
      const created = await kube.create(workspaceTemplates, template).catch(taken)
      await parts.start(created)
      return settled(created)
    },

    async update (user: Identity, name: string, body: unknown): Promise<WorkspaceTemplate> {
      const wish = readBody(body)
      checkName(wish, name)
      const stored = await live(name)
      const template: WorkspaceTemplate = { metadata: metadataOf(wish, await writerOf(user), stored), spec: specOf(wish) }
      await placement.authorise(user, placementOf(stored), placementOf(template), { openly: true, named: true })
      return settled(await kube.update(workspaceTemplates, template))
    },

    patch: async (user: Identity, name: string, body: unknown): Promise<WorkspaceTemplate> => settled(await contending(() => patchOnce(user, name, body))),

    /** With `Orphan` the projects survive, without a workspace; what else belongs to it goes in any case. */
    async remove (name: string, options: DeleteOptions): Promise<void> {
      if (name === systemWorkspace) throw forbidden(plural, name, 'the workspace of the platform itself cannot be deleted')
      const stored = await live(name)
      const leaves = options.propagationPolicy === 'Orphan'
      // A mark from a removal that was cut short counts no longer: what is asked now does.
      if (leaves !== hasFinalizer(stored, orphan) && !stored.metadata.deletionTimestamp) await kube.modify(workspaceTemplates, { name }, template => leaves ? withFinalizer(template, orphan) : withoutFinalizers(template, orphan))
      await kube.delete(workspaceTemplates, { name }, options)
    },

    /** Projects and quotas are made only in a workspace that lives. */
    async requireLiving (name: string): Promise<void> {
      const found = templates.get(name) ?? spaces.get(name) ?? await kube.find(workspaceTemplates, { name }) ?? await kube.find(workspaces, { name })
      if (!found) throw missing(qualifiedResource(workspaces), name)
      if (found.metadata.deletionTimestamp) throw forbidden(qualifiedResource(workspaces), name, 'it is being deleted')
    },
  }
}

export type Workspaces = ReturnType<typeof createWorkspaces>
