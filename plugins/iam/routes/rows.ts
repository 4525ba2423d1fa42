import type { DevOpsProject } from '../../../schemas/tenant/kinds.js'
import { devopsProjects } from '../../../schemas/tenant/kinds.js'
import type { Store } from '../../../core/sdk/index.js'
import { missing } from '../errors.js'
import { cluster, namespace, platform, workspace, type Place } from '../places.js'

export type Params = Record<string, string>

/** What differs between the paths of two scopes. */
export interface PathRow {
  /** Where the place is in the path. */
  readonly base: string
  readonly roles: string
  readonly role: string
  /** Absent where the scope has no members of its own. */
  readonly members?: string
  readonly member?: string
  /** Whether a member's groups count when their templates are looked up. */
  readonly groupsCount?: boolean
  readonly tag: string
  place (params: Params): Place
}

const named = (params: Params, key: string): string => params[key] ?? ''

/** The paths of every scope; a DevOps project is the project that it keeps its objects in. */
export function pathRows (projects: Store<DevOpsProject>): readonly PathRow[] {
  function ofDevOps (name: string): Place {
    const project = projects.get(name)
    if (!project) throw missing(devopsProjects, name)
    return namespace(project.status?.adminNamespace ?? '')
  }
  const inProject = { roles: 'roles', role: 'role', members: 'members', member: 'member', groupsCount: true }
  return [
    { base: '', roles: 'globalroles', role: 'globalrole', tag: 'Global', place: () => platform },
    { base: '', roles: 'clusterroles', role: 'clusterrole', members: 'clustermembers', member: 'clustermember', tag: 'Cluster', place: () => cluster },
    { base: '/workspaces/:workspace', roles: 'workspaceroles', role: 'workspacerole', members: 'workspacemembers', member: 'workspacemember', groupsCount: true, tag: 'Workspace', place: params => workspace(named(params, 'workspace')) },
    { base: '/namespaces/:namespace', ...inProject, tag: 'Namespace', place: params => namespace(named(params, 'namespace')) },
    { base: '/devops/:devops', ...inProject, tag: 'DevOps Project', place: params => ofDevOps(named(params, 'devops')) },
  ]
}
