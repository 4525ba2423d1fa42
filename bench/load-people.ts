import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { builtinRoles } from '../plugins/iam/roles/index.js'
import type { RoleObject } from '../schemas/kube/builtin.js'
import { createClient, each, type Api } from './kube-objects.js'

interface Kubeconfig { clusters: { cluster: { server: string, 'certificate-authority-data': string } }[], users: { user: { token: string } }[] }

/** Where the embedded Kubernetes of a data directory listens, its token, and the root of its certificate (PEM). */
export function embeddedOf (dataDir: string): Required<Api> {
  const { clusters, users } = load(readFileSync(join(dataDir, 'kubeconfig'), 'utf8')) as Kubeconfig
  const { server = '', 'certificate-authority-data': ca = '' } = clusters[0]?.cluster ?? {}
  return { url: server, token: users[0]?.user.token ?? '', ca: Buffer.from(ca, 'base64').toString() }
}

/** How much of everything there is; bindings by the scope that they are in; roles that every workspace and every project has. */
export interface Size { people: number, workspaces: number, projects: number, ofPlatform: number, ofWorkspaces: number, ofProjects: number, rolesOfWorkspace?: number, rolesOfProject?: number }

const iam = 'iam.kubesphere.io/v1alpha2'
const rbac = 'rbac.authorization.k8s.io'
const tenant = 'tenant.kubesphere.io/v1alpha2'
const userRef = 'iam.kubesphere.io/user-ref'
const workspaceLabel = 'kubesphere.io/workspace'

const person = (i: number): string => `person-${i + 1}`
const workspace = (i: number): string => `workspace-${i + 1}`
const project = (i: number): string => `project-${i + 1}`
const bound = (name: string, group: string, kind: string, role: string) => ({ subjects: [{ kind: 'User', apiGroup: rbac, name }], roleRef: { apiGroup: group, kind, name: role } })

/** What reconcilers copy into every workspace, and into every project. */
const copied = {
  workspace: builtinRoles.bases.map(({ role }) => role).filter(({ kind }) => kind === 'WorkspaceRole'),
  project: builtinRoles.bases.filter(({ role, metadata }) => role.kind === 'Role' && metadata.labels?.['scope.kubesphere.io/namespace'] === '').map(({ role }) => role),
}

/** As many of everything as that, with all roles that reconcilers copy. */
export const withRoles = (size: Size): Size => ({ ...size, rolesOfWorkspace: copied.workspace.length, rolesOfProject: copied.project.length })

/** The i-th copy of some roles, and into which place. */
function copyOf (roles: readonly RoleObject[], i: number, perPlace: number): { place: number, role: RoleObject } {
  return { place: Math.floor(i / perPlace), role: roles[i % perPlace]! }
}

/** Every kind of a size, as the platform itself keeps it: how many, where they are created, and the i-th of them. */
function rowsOf (size: Size, hash: string): { count: number, path: (i: number) => string, object: (i: number) => object }[] {
  const who = (i: number): string => person(i % size.people)
  // Somebody's second binding is in another place than the first.
  const spread = (i: number, places: number): number => (i + Math.floor(i / size.people)) % places
  const { rolesOfWorkspace = 0, rolesOfProject = 0 } = size
  return [
    {
      count: size.people,
      path: () => `/apis/${iam}/users`,
      object: i => ({ apiVersion: iam, kind: 'User', metadata: { name: person(i) }, spec: { email: `${person(i)}@example.com`, password: hash }, status: { state: 'Active' } }),
    },
    {
      count: size.workspaces,
      path: () => `/apis/${tenant}/workspacetemplates`,
      object: i => ({ apiVersion: tenant, kind: 'WorkspaceTemplate', metadata: { name: workspace(i) }, spec: { placement: {}, template: { spec: {} } } }),
    },
    {
      count: size.projects,
      path: () => '/api/v1/namespaces',
      object: i => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: project(i), labels: { [workspaceLabel]: workspace(i % size.workspaces) } } }),
    },
    {
      count: size.ofPlatform,
      path: () => `/apis/${iam}/globalrolebindings`,
      object: i => ({ apiVersion: iam, kind: 'GlobalRoleBinding', metadata: { name: `${who(i)}-platform-regular`, labels: { [userRef]: who(i) } }, ...bound(who(i), 'iam.kubesphere.io', 'GlobalRole', 'platform-regular') }),
    },
    {
      count: size.ofWorkspaces,
      path: () => `/apis/${iam}/workspacerolebindings`,
      object: i => {
        const place = workspace(spread(i, size.workspaces))
        return { apiVersion: iam, kind: 'WorkspaceRoleBinding', metadata: { name: `${who(i)}-${place}-viewer`, labels: { [userRef]: who(i), [workspaceLabel]: place } }, ...bound(who(i), 'iam.kubesphere.io', 'WorkspaceRole', `${place}-viewer`) }
      },
    },
    {
      count: size.ofProjects,
      path: i => `/apis/${rbac}/v1/namespaces/${project(spread(i, size.projects))}/rolebindings`,
      object: i => ({ apiVersion: `${rbac}/v1`, kind: 'RoleBinding', metadata: { name: `${who(i)}-viewer`, namespace: project(spread(i, size.projects)), labels: { [userRef]: who(i) } }, ...bound(who(i), rbac, 'Role', 'viewer') }),
    },
    {
      count: size.workspaces * rolesOfWorkspace,
      path: () => `/apis/${iam}/workspaceroles`,
      object: i => {
        const { place, role: { metadata, ...role } } = copyOf(copied.workspace, i, rolesOfWorkspace)
        return { ...role, apiVersion: iam, metadata: { ...metadata, name: `${workspace(place)}-${metadata.name}`, labels: { ...metadata.labels, [workspaceLabel]: workspace(place) } } }
      },
    },
    {
      count: size.projects * rolesOfProject,
      path: i => `/apis/${rbac}/v1/namespaces/${project(copyOf(copied.project, i, rolesOfProject).place)}/roles`,
      object: i => copyOf(copied.project, i, rolesOfProject).role,
    },
  ]
}

/**
 * Creates person-1 …, workspace-1 …, project-1 … and who is bound where, straight into the embedded Kubernetes. All have the same password, by its
 * bcrypt hash, so that ten thousand people do not cost ten thousand hashes.
 */
export async function loadPlatform (dataDir: string, size: Size, hash: string): Promise<void> {
  const client = createClient(embeddedOf(dataDir), 16)
  for (const { count, path, object } of rowsOf(size, hash)) await each(count, 32, i => client.send('POST', path(i), object(i)))
  await client.close()
}
