import { labels, workspaceOf } from '../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../schemas/kube/builtin.js'
import { qualifiedResource, singularOf } from '../../schemas/kube/object.js'
import { attributesOf, forbidden, forbiddenError, listPage, withEntry, type Identity, type Kube, type ListQuery, type ListSpec, type Page, type RequestInfo } from '../../core/sdk/index.js'
import { checkName, metadataOf, readBody, type Wish, type Writer } from './bodies.js'
import { contending } from './contention.js'
import { missing, taken } from './errors.js'
import type { ProjectParts } from './project-parts.js'
import type { Person, Rights } from './rights.js'
import type { Workspaces } from './workspaces.js'

/** Names that components of the platform and of Kubernetes take. */
const reserved = /^(kube-|kubesphere-)|^(istio|openpitrix|knative|cert-manager)-system$/

const filters: NonNullable<ListSpec<Namespace>['filters']> = { status: ({ status }, value) => (status?.phase ?? '') === value }

/** A list of one workspace's objects: whatever `label` the client asks for, this one is meant. */
export const ofWorkspace = (query: ListQuery, workspace: string): ListQuery =>
  workspace ? { ...query, filters: new Map([...query.filters].filter(([key]) => key !== 'label')) } : query

export interface ProjectsOptions { kube: Kube, rights: Rights, workspaces: Workspaces, parts: ProjectParts }

/** Projects: namespaces, most of them in a workspace. */
export function createProjects ({ kube, rights, workspaces, parts }: ProjectsOptions) {
  const store = kube.store(namespaces)
  const inWorkspace = store.index('workspace', project => [workspaceOf(project)])

  /** Of all projects, or one workspace's (`''`: of all), those that the person lists; undefined: all, without a list of them. */
  async function visible (person: Person, workspace: string): Promise<readonly Namespace[] | undefined> {
    if (await rights.listsAll(person, 'namespaces', workspace)) return workspace ? inWorkspace.get(workspace) : undefined
    // Projects that are gone, or that cannot be read, are skipped.
    return [...rights.projectsOf(person)].flatMap(name => store.get(name) ?? []).filter(project => !workspace || workspaceOf(project) === workspace)
  }

  function page (query: ListQuery, workspace: string, among: readonly Namespace[] | undefined, all: boolean): Page<Namespace> {
    return listPage(store, ofWorkspace(query, workspace), { ...(among ? { among } : {}), ...(all ? { filters } : {}) })
  }

  /** A project as it is now; one of another workspace is none. */
  async function member (workspace: string, name: string): Promise<Namespace> {
    const project = await kube.find(namespaces, { name })
    if (!project || workspaceOf(project) !== workspace) throw missing(singularOf(namespaces), name)
    return project
  }

  const writerOf = async (user: Identity): Promise<Writer> =>
    ({ name: user.name, trusted: await rights.managesWorkspaces(user), namesCreators: await rights.managesUsers(user) })

  const projectOf = (wish: Wish, writer: Writer, workspace: string, stored?: Namespace): Namespace =>
    withEntry({ ...(stored ? { spec: stored.spec ?? {} } : {}), metadata: metadataOf(wish, writer, stored) } as Namespace, 'labels', labels.workspace, workspace)

  /** Writes what `change` makes of the project as it is, anew where somebody was faster; a revision that the client names is never passed over. */
  function rewrite (workspace: string, name: string, wish: Wish, change: (stored: Namespace) => Namespace): Promise<Namespace> {
    return contending(async () => {
      const stored = await member(workspace, name)
      const changed = change(stored)
      const resourceVersion = wish.resourceVersion || (stored.metadata.resourceVersion ?? '')
      const updated = await kube.update(namespaces, { ...changed, metadata: { ...changed.metadata, name, resourceVersion } })
      await store.waitFor(updated.metadata, updated.metadata.resourceVersion ?? '')
      return updated
    }, wish.resourceVersion === '')
  }

  return {
    async list (user: Identity, query: ListQuery, workspace = ''): Promise<Page<Namespace>> {
      const all = await rights.listsAll(user, 'namespaces', workspace)
      return page(query, workspace, await visible(user, workspace), all)
    },

    /** Of a member's projects those that the caller sees too. */
    async listOf (user: Identity, info: RequestInfo, query: ListQuery, workspace: string, name: string): Promise<Page<Namespace>> {
      const person: Person = { name, groups: [] }
      if (name !== user.name && !await rights.seesWorkspace(user, workspace)) throw forbiddenError(attributesOf(user, info), '')
      const [theirs, own] = [await visible(person, workspace), await visible(user, workspace)]
      const seen = own && name !== user.name ? new Set(own.map(({ metadata }) => metadata.name)) : undefined
      return page(query, workspace, (theirs ?? []).filter(({ metadata }) => !seen || seen.has(metadata.name)), await rights.listsAll(person, 'namespaces', workspace))
    },

    async get (user: Identity, workspace: string, name: string): Promise<Namespace> {
      const project = store.get(name)
      if (!project || workspaceOf(project) !== workspace || !await rights.seesProject(user, project)) throw missing(singularOf(namespaces), name)
      return project
    },

    async create (user: Identity, workspace: string, body: unknown): Promise<Namespace> {
      const wish = readBody(body)
      const writer = await writerOf(user)
      if (!writer.trusted && reserved.test(wish.name || wish.generateName)) throw forbidden(qualifiedResource(namespaces), wish.name || wish.generateName, 'the name is reserved for the platform')
      await workspaces.requireLiving(workspace)
      const created = await kube.create(namespaces, projectOf(wish, writer, workspace)).catch(taken)
      await store.waitFor(created.metadata, created.metadata.resourceVersion ?? '')
      await parts.start(created)
      return created
    },

    async update (user: Identity, workspace: string, name: string, body: unknown): Promise<Namespace> {
      const wish = readBody(body)
      checkName(wish, name)
      const writer = await writerOf(user)
      return rewrite(workspace, name, wish, stored => projectOf(wish, writer, workspace, stored))
    },

    /** A merge of labels and annotations, whatever the content type; the URL's name counts. */
    async patch (user: Identity, workspace: string, name: string, body: unknown): Promise<Namespace> {
      const wish = readBody(body)
      const writer = await writerOf(user)
      return rewrite(workspace, name, wish, stored => {
        const { labels: before, annotations: notes, finalizers, ownerReferences } = stored.metadata
        const metadata = { finalizers, ownerReferences, ...wish.metadata }
        const merged: Wish = { ...wish, name, labels: { ...before, ...wish.labels }, annotations: { ...notes, ...wish.annotations }, metadata }
        return projectOf(merged, writer, workspace, stored)
      })
    },

    async remove (workspace: string, name: string): Promise<void> {
      const { metadata: { uid } } = await member(workspace, name)
      await kube.delete(namespaces, { name }, { gracePeriodSeconds: 0, ...(uid ? { preconditions: { uid } } : {}) })
    },
  }
}

export type Projects = ReturnType<typeof createProjects>
