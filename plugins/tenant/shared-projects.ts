import { defineKind } from '../../schemas/kube/object.js'
import { workspaceOf } from '../../schemas/iam/v1alpha2.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { devopsProjects, type DevOpsProject } from '../../schemas/tenant/kinds.js'
import { attributesOf, forbiddenError, listPage, type Identity, type Kind, type Kube, type KubeObject, type ListQuery, type Page, type RequestInfo } from '../../core/sdk/index.js'
import { devopsLabel } from './project-parts.js'
import { ofWorkspace } from './projects.js'
import type { Person, Rights } from './rights.js'

const federatedNamespaces = defineKind('types.kubefed.io/v1beta1', 'federatednamespaces', 'FederatedNamespace', { namespaced: true })

const emptyPage = { items: [], totalItems: 0 }

/** Objects that stand for a project each, listed by the right to projects: `objectOf` finds the one of a namespace. */
function createShared<T extends KubeObject> ({ kube, kind, listsAll, rights, objectOf }: { kube: Kube, kind: Kind<T>, listsAll: 'namespaces' | 'devops', rights: Rights, objectOf: (namespace: string) => T | undefined }) {
  const store = kube.store(kind)
  const inWorkspace = store.index('workspace', object => [workspaceOf(object)])

  return async function visible (person: Person, workspace: string): Promise<readonly T[] | undefined> {
    if (await rights.listsAll(person, listsAll, workspace)) return workspace ? inWorkspace.get(workspace) : undefined
    const own = new Set([...rights.projectsOf(person)].flatMap(namespace => objectOf(namespace) ?? []))
    return [...own].filter(object => !workspace || workspaceOf(object) === workspace)
  }
}

/** Federated projects, where projects are shared among clusters. */
export function createFederatedProjects ({ kube, rights, multicluster }: { kube: Kube, rights: Rights, multicluster: boolean }) {
  // Without federation nothing is asked for: the kind is not there to be watched.
  if (!multicluster) return { list: async (): Promise<Page<KubeObject>> => emptyPage }
  const store = kube.store(federatedNamespaces)
  const visible = createShared({ kube, kind: federatedNamespaces, listsAll: 'namespaces', rights, objectOf: namespace => store.get(namespace, namespace) })
  return {
    async list (user: Identity, query: ListQuery, workspace = ''): Promise<Page<KubeObject>> {
      const among = await visible(user, workspace)
      return listPage(store, ofWorkspace(query, workspace), among ? { among } : {})
    },
  }
}

/** DevOps projects, kept by another product; a namespace names the one that it belongs to. */
export function createDevOpsProjects ({ kube, rights }: { kube: Kube, rights: Rights }) {
  const store = kube.store(devopsProjects)
  const spaces = kube.store(namespaces)
  const visible = createShared<DevOpsProject>({ kube, kind: devopsProjects, listsAll: 'devops', rights, objectOf: namespace => store.get(spaces.get(namespace)?.metadata.labels?.[devopsLabel] ?? '') })

  const page = (query: ListQuery, workspace: string, among: readonly DevOpsProject[] | undefined, ignoreLabelSelector: boolean): Page<DevOpsProject> =>
    listPage(store, ofWorkspace(query, workspace), { ...(among ? { among } : {}), ignoreLabelSelector })

  return {
    async list (user: Identity, query: ListQuery, workspace: string): Promise<Page<DevOpsProject>> {
      return page(query, workspace, await visible(user, workspace), !await rights.listsAll(user, 'devops', workspace))
    },

    /** Of a member's DevOps projects those that the caller sees too. */
    async listOf (user: Identity, info: RequestInfo, query: ListQuery, workspace: string, name: string): Promise<Page<DevOpsProject>> {
      const person: Person = { name, groups: [] }
      if (name !== user.name && !await rights.seesWorkspace(user, workspace)) throw forbiddenError(attributesOf(user, info), '')
      const [theirs = [], own] = [await visible(person, workspace), await visible(user, workspace)]
      const seen = own && name !== user.name ? new Set(own) : undefined
      return page(query, workspace, theirs.filter(project => !seen || seen.has(project)), !await rights.listsAll(person, 'devops', workspace))
    },
  }
}

export type FederatedProjects = ReturnType<typeof createFederatedProjects>
export type DevOpsProjects = ReturnType<typeof createDevOpsProjects>
