import { users, workspaceOf } from '../../schemas/iam/v1alpha2.js'
import { namespaces, type Namespace } from '../../schemas/kube/builtin.js'
import { clusters, workspaceTemplates } from '../../schemas/tenant/kinds.js'
import type { Access, Attributes, Identity, Kube, Scope } from '../../core/sdk/index.js'

/** Who is asked about: the caller, or a member whose projects are listed. */
export type Person = Pick<Identity, 'name' | 'groups'>

interface Question { verb: string, apiGroup: string, resource: string, scope: Scope, name?: string, workspace?: string, namespace?: string }

// Asked as of Kubernetes' own path: what everybody may read through this group's path is no right to an object.
const attributesFor = ({ name, groups }: Person, { verb, apiGroup, resource, scope, name: object = '', workspace = '', namespace = '' }: Question): Attributes =>
  ({ user: { name, groups, by: 'bearer' }, verb, workspace, namespace, devops: '', apiGroup, apiVersion: '*', resource, subresource: '', name: object, isKubernetesRequest: true, isResourceRequest: true, path: '', resourceScope: scope })

/** What people may see and do of workspaces, projects and clusters, by their roles and by the bindings that name them. */
export function createRights ({ kube, access }: { kube: Kube, access: Access }) {
  const spaces = kube.store(namespaces)
  const may = async (person: Person, question: Question): Promise<boolean> => (await access.authorizeRBAC(attributesFor(person, question))).allowed
  const scopeOf = (workspace: string): Scope => workspace ? 'Workspace' : 'Cluster'

  const rights = {
    /** As ks-apiserver: only a rule for every API group counts here (tenant.go ListWorkspaces). */
    listsAllWorkspaces: (person: Person) => may(person, { verb: 'list', apiGroup: '*', resource: 'workspaces', scope: 'Global' }),
    /** `resource` is namespaces or devops; no workspace is the whole cluster. */
    listsAll: (person: Person, resource: 'namespaces' | 'devops', workspace: string) => may(person, { verb: 'list', apiGroup: '', resource, scope: scopeOf(workspace), workspace }),
    listsAllClusters: (person: Person) => may(person, { verb: 'list', apiGroup: clusters.group, resource: clusters.resource, scope: 'Global' }),

    /** Of the whole cluster, of a workspace or of a project. */
    listsPods: (person: Person, { workspace = '', namespace = '' }: { workspace?: string, namespace?: string }) =>
      may(person, { verb: 'list', apiGroup: '', resource: 'pods', scope: namespace ? 'Namespace' : scopeOf(workspace), workspace, namespace }),

    /** Whether the caller's credential reaches a project's pods, whatever its holder may; most have no limit of their own. */
    reachesPods: (caller: Identity, namespace: string): boolean =>
      caller.restriction?.allows(attributesFor(caller, { verb: 'list', apiGroup: '', resource: 'pods', scope: 'Namespace', namespace }), { workspace: access.workspaceOf(namespace), namespace }) ?? true,

    workspacesOf: (person: Person): ReadonlySet<string> => access.placesOf(person, 'workspace'),
    projectsOf: (person: Person): ReadonlySet<string> => access.placesOf(person, 'namespace'),

    /** Members, and those whose role lets them read workspaces there. */
    seesWorkspace: async (person: Person, workspace: string): Promise<boolean> =>
      rights.workspacesOf(person).has(workspace) ||
      await rights.listsAllWorkspaces(person) ||
      await may(person, { verb: 'get', apiGroup: workspaceTemplates.group, resource: 'workspaces', scope: 'Workspace', name: workspace, workspace }),

    /** Those who have it in their list, and those whose role lets them read it. */
    seesProject: async (person: Person, project: Namespace): Promise<boolean> =>
      rights.projectsOf(person).has(project.metadata.name) ||
      await rights.listsAll(person, 'namespaces', workspaceOf(project)) ||
      (spaces.get(project.metadata.name) !== undefined && await may(person, { verb: 'get', apiGroup: '', resource: 'namespaces', scope: 'Namespace', name: project.metadata.name, namespace: project.metadata.name })),

    managesWorkspaces: (person: Person) => may(person, { verb: 'update', apiGroup: workspaceTemplates.group, resource: 'workspaces', scope: 'Global' }),
    /** Of this workspace: whoever manages all, and its own managers. */
    managesWorkspace: (person: Person, workspace: string) => may(person, { verb: 'update', apiGroup: workspaceTemplates.group, resource: 'workspaces', scope: 'Workspace', name: workspace, workspace }),
    managesTemplates: (person: Person) => may(person, { verb: 'delete', apiGroup: workspaceTemplates.group, resource: workspaceTemplates.resource, scope: 'Global' }),
    managesClusters: (person: Person) => may(person, { verb: 'delete', apiGroup: clusters.group, resource: clusters.resource, scope: 'Global' }),
    changesClusters: (person: Person) => may(person, { verb: 'update', apiGroup: clusters.group, resource: clusters.resource, scope: 'Global' }),
    managesUsers: (person: Person) => may(person, { verb: 'update', apiGroup: users.group, resource: users.resource, scope: 'Global' }),
  }
  return rights
}

export type Rights = ReturnType<typeof createRights>
