import { Type } from '@sinclair/typebox'
import { parseListQuery, type App } from '../../../core/sdk/index.js'
import type { Projects } from '../projects.js'
import type { DevOpsProjects, FederatedProjects } from '../shared-projects.js'

const Workspace = Type.Object({ workspace: Type.String() })
const Project = Type.Object({ workspace: Type.String(), namespace: Type.String() })
const Member = Type.Object({ workspace: Type.String(), member: Type.String() })
interface InWorkspace { Params: { workspace: string } }
interface Named { Params: { workspace: string, namespace: string } }
interface OfMember { Params: { workspace: string, member: string } }
const tags = ['Project']

/** Projects, of everywhere and of a workspace. */
export function projectRoutes (app: App, projects: Projects): void {
  const path = '/workspaces/:workspace/namespaces'
  const inWorkspace = { schema: { tags, params: Workspace } }
  const named = { schema: { tags, params: Project } }
  app.get('/namespaces', { schema: { tags } }, ({ identity, target }) => projects.list(identity, parseListQuery(target.query)))
  app.get<InWorkspace>(path, inWorkspace, ({ identity, target, params }) => projects.list(identity, parseListQuery(target.query), params.workspace))
  app.post<InWorkspace>(path, inWorkspace, ({ identity, params, body }) => projects.create(identity, params.workspace, body))
  app.get<Named>(`${path}/:namespace`, named, ({ identity, params }) => projects.get(identity, params.workspace, params.namespace))
  app.put<Named>(`${path}/:namespace`, named, ({ identity, params, body }) => projects.update(identity, params.workspace, params.namespace, body))
  app.patch<Named>(`${path}/:namespace`, named, ({ identity, params, body }) => projects.patch(identity, params.workspace, params.namespace, body))
  app.delete<Named>(`${path}/:namespace`, named, async ({ params }) => {
    await projects.remove(params.workspace, params.namespace)
    return { message: 'success' }
  })
  app.get<OfMember>('/workspaces/:workspace/workspacemembers/:member/namespaces', { schema: { tags, params: Member } }, ({ identity, target, params }) =>
    projects.listOf(identity, target.info, parseListQuery(target.query), params.workspace, params.member))
}

/** Projects that several clusters share, and DevOps projects; to read. */
export function sharedProjectRoutes (app: App, federated: FederatedProjects, devops: DevOpsProjects): void {
  const inWorkspace = { schema: { tags, params: Workspace } }
  app.get('/federatednamespaces', { schema: { tags } }, ({ identity, target }) => federated.list(identity, parseListQuery(target.query)))
  app.get<InWorkspace>('/workspaces/:workspace/federatednamespaces', inWorkspace, ({ identity, target, params }) => federated.list(identity, parseListQuery(target.query), params.workspace))
  app.get<InWorkspace>('/workspaces/:workspace/devops', inWorkspace, ({ identity, target, params }) => devops.list(identity, parseListQuery(target.query), params.workspace))
  app.get<OfMember>('/workspaces/:workspace/workspacemembers/:member/devops', { schema: { tags, params: Member } }, ({ identity, target, params }) =>
    devops.listOf(identity, target.info, parseListQuery(target.query), params.workspace, params.member))
}
