import type { Test } from 'tap'
import type { Kube } from '../../../core/sdk/index.js'
import { password, platform } from '../../helpers/platform.js'

export const iam = '/kapis/iam.kubesphere.io/v1alpha2'
export const raw = '/apis/iam.kubesphere.io/v1alpha2'
export const rbac = '/apis/rbac.authorization.k8s.io/v1'
export const globalRole = 'iam.kubesphere.io/globalrole'
export const aggregation = 'iam.kubesphere.io/aggregation-roles'

export const user = (name: string, { role = 'platform-regular', spec = {}, metadata = {}, ...more }: Record<string, any> = {}) =>
  ({ metadata: { name, ...metadata, annotations: { ...(role ? { [globalRole]: role } : {}), ...metadata.annotations } }, spec: { email: `${name}@example.com`, password, ...spec }, ...more })
const template = (name: string, manager: string) => ({ apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name }, spec: { placement: {}, template: { spec: { manager } } } })
const project = (name: string, workspace?: string, creator?: string) => ({ metadata: { name, ...(workspace ? { labels: { 'kubesphere.io/workspace': workspace } } : {}), ...(creator ? { annotations: { 'kubesphere.io/creator': creator } } : {}) } })
/** A role put together from others. */
export const made = (name: string, from: readonly string[], more: object = {}) => ({ metadata: { name, annotations: { [aggregation]: JSON.stringify(from) }, ...more } })

/** Two workspaces with a project each: alice manages ws-a, bob ws-b; carol has nothing. `prepare` is for what is in the cluster before the server. */
export async function cast (t: Test, prepare?: (kube: Kube) => Promise<void>) {
  const server = await platform(t, undefined, prepare)
  const { ask, until } = server
  /** As somebody; fails the test where the status is another. */
  const does = async (who: string, method: string, path: string, status: number, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await ask(who, method, path.startsWith('/api') || path.startsWith('/kapis') ? path : iam + path, { ...(body === undefined ? {} : { body }), headers })
    t.equal(reply.status, status, `${who || 'nobody'} ${method} ${path} ${reply.text.slice(0, 300)}`)
    return reply
  }
  for (const name of ['alice', 'bob', 'carol', 'dave']) await does('admin', 'POST', '/users', 200, user(name))
  for (const [name, manager] of [['ws-a', 'alice'], ['ws-b', 'bob']] as const) {
    await does('admin', 'POST', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', 201, template(name, manager))
    await until('admin', `${raw}/workspacerolebindings/${name}-admin`, ({ status }) => status === 200)
  }
  for (const [name, workspace, creator] of [['ns-a', 'ws-a', 'alice'], ['ns-b', 'ws-b', 'bob'], ['free', undefined, undefined]] as const) {
    await does('admin', 'POST', '/api/v1/namespaces', 201, project(name, workspace, creator))
    if (creator) await until('admin', `${rbac}/namespaces/${name}/rolebindings/${creator}-admin`, ({ status }) => status === 200)
  }
  for (const [who, path] of [['alice', 'ws-a'], ['bob', 'ws-b']] as const) await until(who, `${iam}/workspaces/${path}/workspaceroles/${path}-viewer`, ({ status }) => status === 200)
  return { ...server, does }
}
