import type { Test } from 'tap'
import { createAccess } from '../../../core/auth/access.js'
import { globalResourcesOf } from '../../../core/sdk/collect.js'
import type { Kind, Kube, KubeObject } from '../../../core/sdk/index.js'
import tenant from '../../../plugins/tenant/index.js'
import { globalRoleBindings, globalRoles, roleBases, users, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, namespaces, roleBindings, roles } from '../../../schemas/kube/builtin.js'
import { clusters, devopsProjects, workspaceQuotas, workspaces, workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { silent, testApp, type Ask } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

export const v2 = '/kapis/tenant.kubesphere.io/v1alpha2'
export const v3 = '/kapis/tenant.kubesphere.io/v1alpha3'
export const jsonPatch = { 'content-type': 'application/json-patch+json' }

const object = (name: string, more: Record<string, unknown> = {}, metadata: Record<string, unknown> = {}): KubeObject => ({ metadata: { name, ...metadata }, ...more }) as unknown as KubeObject
const rule = (verbs: string, apiGroups: string, resources: string) => ({ verbs: verbs.split(' '), apiGroups: apiGroups.split(' '), resources: resources.split(' ') })
const inWorkspace = (workspace: string) => ({ labels: { 'kubesphere.io/workspace': workspace } })

export const workspace = (name: string, placement: object = {}): KubeObject => object(name, { spec: { placement, template: { metadata: {}, spec: { manager: 'root' } } } })
export const project = (name: string, workspace = '', metadata: Record<string, unknown> = {}): KubeObject => object(name, { spec: { finalizers: ['kubernetes'] }, status: { phase: 'Active' } }, { ...(workspace ? inWorkspace(workspace) : {}), ...metadata })
export const member = (user: string, workspace: string, role: string): KubeObject => object(`${user}-${workspace}-${role}`, { subjects: [{ kind: 'User', name: user }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'WorkspaceRole', name: `${workspace}-${role}` } }, inWorkspace(workspace))
export const inProject = (user: string, namespace: string, role = 'viewer', kind = 'User'): KubeObject => object(`${user}-${role}`, { subjects: [{ kind, name: user }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: role } }, { namespace })
export const cluster = (name: string, labels: Record<string, string> = {}): KubeObject => object(name, { spec: { connection: { type: 'direct', kubeconfig: 'c2VjcmV0', token: 'tower' } } }, { labels })

const globals = (name: string, user: string, rules: unknown[]): [KubeObject, KubeObject] =>
  [object(name, { rules }), object(`${user}-${name}`, { subjects: [{ kind: 'User', name: user }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name } })]

const granted = [
  globals('platform-admin', 'root', [rule('*', '*', '*')]),
  globals('self-provisioner', 'erin', [rule('create watch', 'tenant.kubesphere.io', 'workspaces workspacetemplates')]),
  globals('authenticated', 'nobody', []),
]
const everyone = object('authenticated', { subjects: [{ kind: 'Group', name: 'system:authenticated' }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: 'patchers' } })
const patchers = object('patchers', { rules: [rule('patch', 'tenant.kubesphere.io', 'workspacetemplates')] })

const roleIn = (workspace: string): KubeObject[] => [
  object(`${workspace}-admin`, { rules: [rule('*', '*', '*')] }, inWorkspace(workspace)),
  object(`${workspace}-viewer`, { rules: [rule('get list watch', '*', '*')] }, inWorkspace(workspace)),
  object(`${workspace}-regular`, { rules: [rule('get', '*', 'workspaces')] }, inWorkspace(workspace)),
  object(`${workspace}-creator`, { rules: [rule('create', '*', 'namespaces')] }, inWorkspace(workspace)),
]
const roleInProject = (namespace: string): KubeObject[] => [object('admin', { rules: [rule('*', '*', '*')] }, { namespace }), object('viewer', { rules: [rule('get list watch', '*', '*')] }, { namespace })]

/**
 * alice is admin of ws-a and of ns-a1, bob of ws-b; vera views all of ws-a; rob is a plain member of ws-a and views ns-a1; connie creates projects in
 * ws-a; erin creates workspaces; carol has nothing; root everything.
 */
export function tenants (...more: [Kind<any>, KubeObject[]][]): Kube {
  const extra = (kind: Kind): KubeObject[] => more.filter(([one]) => one === kind).flatMap(([, objects]) => objects)
  const start: [Kind<any>, KubeObject[]][] = [
    [users, ['alice', 'bob', 'vera', 'rob', 'connie', 'erin', 'carol', 'root'].map(name => object(name, { spec: { email: `${name}@example.com` } }))],
    [globalRoles, [...granted.map(([role]) => role), patchers]],
    [globalRoleBindings, [...granted.map(([, binding]) => binding), everyone]],
    [workspaceTemplates, [workspace('ws-a'), workspace('ws-b')]],
    [workspaces, [object('ws-a', { spec: {} }), object('ws-b', { spec: {} })]],
    [workspaceRoles, [...roleIn('ws-a'), ...roleIn('ws-b')]],
    [workspaceRoleBindings, [member('alice', 'ws-a', 'admin'), member('bob', 'ws-b', 'admin'), member('vera', 'ws-a', 'viewer'), member('rob', 'ws-a', 'regular'), member('connie', 'ws-a', 'creator')]],
    [namespaces, [project('ns-a1', 'ws-a'), project('ns-a2', 'ws-a'), project('ns-b1', 'ws-b'), project('free')]],
    [roles, ['ns-a1', 'ns-a2', 'ns-b1', 'free'].flatMap(roleInProject)],
    [roleBindings, [inProject('alice', 'ns-a1', 'admin'), inProject('rob', 'ns-a1'), inProject('ghost', 'ns-gone')]],
    [roleBases, [object('workspace-admin', { role: { kind: 'WorkspaceRole', metadata: { name: 'admin' }, rules: [rule('*', '*', '*')] } }), object('project-admin', { role: { kind: 'Role', metadata: { name: 'admin' }, rules: [rule('*', '*', '*')] } }, { labels: { 'scope.kubesphere.io/namespace': '' } })]],
    [clusterRoleBindings, []], [clusters, []], [devopsProjects, []], [workspaceQuotas, []],
  ]
  return fakeKube(...start.map(([kind, objects]) => [kind, [...objects, ...extra(kind)]] as [Kind<any>, KubeObject[]]))
}

/** The group's routes over HTTP, with the platform's own decisions. */
export async function build (t: Test, kube: Kube = tenants()) {
  const access = createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: globalResourcesOf([tenant]), log: silent })
  const { ask, ...rest } = await testApp(t, { groups: [tenant], kube, access })
  return { ...rest, kube, ask: (as: string, method: string, path: string, more: Ask = {}) => ask(method, path, { ...more, ...(as ? { as } : {}) }) }
}

export const namesOf = ({ json }: { json?: { items?: KubeObject[] } }): string => (json?.items ?? []).map(({ metadata }) => metadata.name).sort().join(',')
