import { parseListQuery, type App } from '../../../core/sdk/index.js'
import { BindingsBody, decode, GroupMembersBody, MetadataBody, metadataOf } from '../bodies.js'
import type { Groups } from '../groups.js'
import { namespace, workspace } from '../places.js'
import type { RoleBindings } from '../role-bindings.js'
import { success } from './success.js'

interface InWorkspace { Params: { workspace: string } }
interface Group { Params: { workspace: string, group: string } }
interface Binding { Params: { workspace: string, binding: string } }
interface InProject { Params: { namespace: string } }
interface ProjectBinding { Params: { namespace: string, binding: string } }

const schema = { tags: ['Group'] }
const bindingSchema = { tags: ['Role Binding'] }
const metadata = (body: unknown) => metadataOf(decode(MetadataBody, body))

/** Groups of a workspace and who is in them. */
export function groupRoutes (app: App, groups: Groups): void {
  const [all, one] = ['/workspaces/:workspace/groups', '/workspaces/:workspace/groups/:group']
  app.get<InWorkspace>(all, { schema }, ({ params, target }) => groups.list(params.workspace, parseListQuery(target.query)))
  app.post<InWorkspace>(all, { schema }, ({ identity, params, body }) => groups.create(identity, params.workspace, metadata(body)))
  app.get<Group>(one, { schema }, ({ params }) => groups.get(params.workspace, params.group))
  app.put<Group>(one, { schema }, ({ identity, params, body }) => groups.update(identity, params.workspace, params.group, metadata(body)))
  app.patch<Group>(one, { schema }, ({ identity, params, body }) => groups.patch(identity, params.workspace, params.group, metadata(body)))
  app.delete<Group>(one, { schema }, ({ params }) => success(groups.remove(params.workspace, params.group)))

  const members = '/workspaces/:workspace/groupbindings'
  app.get<InWorkspace>(members, { schema }, ({ params, target }) => groups.listMembers(params.workspace, parseListQuery(target.query)))
  app.post<InWorkspace>(members, { schema }, ({ identity, params, body }) => groups.addMembers(identity, params.workspace, decode(GroupMembersBody, body)))
  app.delete<Binding>(`${members}/:binding`, { schema }, ({ params }) => success(groups.removeMember(params.workspace, params.binding)))
}

/** Bindings of roles in a workspace and its projects, as objects. */
export function roleBindingRoutes (app: App, bindings: RoleBindings): void {
  const schema = bindingSchema
  const [own, projects] = ['/workspaces/:workspace/workspacerolebindings', '/namespaces/:namespace/rolebindings']
  app.get<InWorkspace>('/workspaces/:workspace/rolebindings', { schema }, ({ params, target }) => bindings.listInProjects(params.workspace, parseListQuery(target.query)))
  app.get<InWorkspace>(own, { schema }, ({ params, target }) => bindings.list(params.workspace, parseListQuery(target.query)))
  app.post<InWorkspace>(own, { schema }, ({ identity, params, body }) => bindings.create(identity, workspace(params.workspace), decode(BindingsBody, body)))
  app.delete<Binding>(`${own}/:binding`, { schema }, ({ params }) => success(bindings.remove(workspace(params.workspace), params.binding)))
  app.post<InProject>(projects, { schema }, ({ identity, params, body }) => bindings.create(identity, namespace(params.namespace), decode(BindingsBody, body)))
  app.delete<ProjectBinding>(`${projects}/:binding`, { schema }, ({ params }) => success(bindings.remove(namespace(params.namespace), params.binding)))
}
