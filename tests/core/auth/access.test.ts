import t from 'tap'
import { createAccess, type Mode } from '../../../core/auth/access.js'
import { forbiddenError } from '../../../core/auth/forbidden.js'
import { attributesOf, type Identity } from '../../../core/auth/types.js'
import { parseQuery } from '../../../core/request/query.js'
import { createResolver } from '../../../core/request/request-info.js'
import type { Kube, KubeObject } from '../../../core/sdk/index.js'
import { clusterRoleBindings, clusterRoles, namespaces, roleBindings, roles } from '../../../schemas/kube/builtin.js'
import { globalRoleBindings, globalRoles, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { silent } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

const globalResources = new Set(['users.iam.kubesphere.io', 'globalroles.iam.kubesphere.io', 'workspaces.tenant.kubesphere.io'])
const resolve = createResolver({ globalResources })
const all = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
const rule = (verbs: string[], apiGroups: string[], resources: string[], resourceNames?: string[]) => ({ verbs, apiGroups, resources, ...(resourceNames ? { resourceNames } : {}) })
const role = (name: string, rules: unknown, extra: Record<string, unknown> = {}): KubeObject => ({ metadata: { name, ...extra }, rules } as unknown as KubeObject)
const bind = (name: string, subject: string, roleRef: string, extra: Record<string, unknown> = {}): KubeObject => {
  const [kind = '', who = ''] = subject.split('/')
  const [roleKind = '', roleName = ''] = roleRef.split('/')
  return { metadata: { name, ...extra }, subjects: [{ kind, name: who, ...(kind === 'ServiceAccount' ? { namespace: 'sa-ns' } : {}) }], roleRef: { apiGroup: 'whatever', kind: roleKind, name: roleName } } as unknown as KubeObject
}
const ws = (workspace: string) => ({ labels: { 'kubesphere.io/workspace': workspace } })

const platform = () => fakeKube(
  [namespaces, [role('ns-a', undefined, ws('ws-a')), role('ns-b', undefined, ws('ws-b')), role('free', undefined)]],
  [globalRoles, [role('platform-admin', [...all, { verbs: ['*'], nonResourceURLs: ['*'] }]), role('authenticated', [rule(['list'], ['iam.kubesphere.io'], ['users']), rule(['get', 'list'], ['*'], ['nodes'])]), role('anonymous', [rule(['get'], ['open'], ['things'])]), role('reader', [{ verbs: ['GET'], nonResourceURLs: ['/metrics', '/logs/*'] }])]],
  [globalRoleBindings, [bind('admin', 'User/admin', 'GlobalRole/platform-admin'), bind('authenticated', 'Group/system:authenticated', 'GlobalRole/authenticated'), bind('anonymous', 'Group/system:unauthenticated', 'GlobalRole/anonymous'), bind('reader', 'User/reader', 'GlobalRole/reader'), bind('dangling', 'User/carol', 'GlobalRole/gone')]],
  [workspaceRoles, [role('ws-a-admin', all, ws('ws-a')), role('ws-b-admin', all, ws('ws-b'))]],
  [workspaceRoleBindings, [bind('alice-ws-a-admin', 'User/alice', 'WorkspaceRole/ws-a-admin', ws('ws-a')), bind('bob-ws-b-admin', 'User/bob', 'WorkspaceRole/ws-b-admin', ws('ws-b')), bind('nowhere', 'User/carol', 'WorkspaceRole/ws-b-admin')]],
  [roles, [role('viewer', [rule(['get', 'list'], [''], ['pods', 'pods/log', 'configmaps']), rule(['get'], [''], ['secrets'], ['named']), rule(['get'], [''], ['pods/exec'])], { namespace: 'ns-a' })]],
  [roleBindings, [bind('frank', 'User/frank', 'Role/viewer', { namespace: 'ns-a' }), bind('team', 'Group/team', 'Role/viewer', { namespace: 'ns-a' }), bind('robot', 'ServiceAccount/robot', 'Role/viewer', { namespace: 'ns-a' })]],
  [clusterRoles, [role('cluster-admin', all), role('discovery', [{ verbs: ['get'], nonResourceURLs: ['/healthz/*'] }])]],
  [clusterRoleBindings, [bind('masters', 'Group/system:masters', 'ClusterRole/cluster-admin'), bind('discovery', 'Group/system:authenticated', 'ClusterRole/discovery')]]
)

const accessOf = (kube: Kube, mode: Mode = 'RBAC') => createAccess({ kube, mode, openPaths: ['/oauth/*', '/kapis/version'], globalResources, log: silent })
const identity = (name: string, groups: string[] = []): Identity => name === 'system:anonymous'
  ? { name, groups: ['system:unauthenticated'], by: 'anonymous' }
  : { name, groups: [...groups, 'system:authenticated'], by: 'bearer' }
const asked = (as: string, line: string) => {
  const [who = '', ...groups] = as.split(',')
  const [method = '', url = ''] = line.split(' ')
  const [path = '', query = ''] = url.split('?')
  return attributesOf(identity(who, groups), resolve({ method, path, query: parseQuery(query) }))
}

const iam = '/kapis/iam.kubesphere.io/v1alpha2'
const rows: [string, string, false | string, string][] = [
  ['admin', 'DELETE /api/v1/nodes/n1', 'global', 'a global role reaches everything'],
  ['admin', 'GET /anything', 'global', 'also paths that are no resources'],
  ['carol', 'GET /api/v1/pods', false, 'nobody has no grant'],
  ['carol', `GET ${iam}/users`, 'global', 'what everybody who is logged in has'],
  ['system:anonymous', `GET ${iam}/users`, false, 'and nobody else'],
  ['system:anonymous', 'GET /kapis/open/v1/things/x', 'global', 'what even strangers have'],
  ['system:anonymous', 'POST /oauth/token', 'open', 'an open prefix'],
  ['system:anonymous', 'GET /kapis/version', 'open', 'an open path'],
  ['system:anonymous', 'GET /kapis/version/x', false, 'is open exactly'],
  ['reader', 'GET /metrics', 'global', 'a path by the upper-case method'],
  ['reader', 'POST /metrics', false, 'and no other'],
  ['reader', 'GET /logs/a/b', 'global', 'a prefix'],
  ['carol', 'GET /healthz/ping', false, 'lower-case verbs on paths do not match here'],
  ['alice', 'GET /api/v1/namespaces/ns-a/secrets', 'workspace', 'a workspace role holds in its projects'],
  ['alice', 'GET /api/v1/namespaces/ns-b/secrets', false, 'not in those of another workspace'],
  ['alice', 'GET /api/v1/namespaces/free/secrets', false, 'not where no workspace is'],
  ['alice', 'GET /api/v1/namespaces/absent/secrets', false, 'not in what does not exist'],
  ['alice', 'GET /kapis/apps/v1/workspaces/ws-a/namespaces/free/deployments', false, 'a path\'s word about the workspace is not believed'],
  ['alice', 'GET /kapis/apps/v1/workspaces/ws-b/namespaces/ns-a/deployments', false, 'and must not contradict'],
  ['alice', 'GET /kapis/apps/v1/workspaces/ws-a/namespaces/ns-a/deployments', 'workspace', 'where it agrees it is fine'],
  ['alice', `GET ${iam}/workspaces/ws-a/workspacemembers`, 'workspace', 'in the workspace itself'],
  ['alice', `GET ${iam}/workspaces/ws-b/workspacemembers`, false, 'not in another'],
  ['alice', 'POST /kapis/rbac.authorization.k8s.io/v1/namespaces/ns-a/clusterrolebindings', false, 'a project in the path makes no cluster kind a tenant\'s'],
  ['alice', 'GET /kapis/rbac.authorization.k8s.io/v1/workspaces/ws-a/clusterroles', false, 'nor does a workspace'],
  ['alice', 'GET /api/v1/watch/namespaces?labelSelector=kubesphere.io/workspace=ws-a', 'workspace', 'her workspace\'s projects may be watched'],
  ['alice', 'GET /api/v1/watch/secrets?labelSelector=kubesphere.io/workspace=ws-a', false, 'nothing else by that label'],
  ['alice', 'GET /kapis/m.io/v1/namespaces/ns-b/pods?watch=true&labelSelector=kubesphere.io/workspace=ws-a', false, 'a selector does not move a request out of its project'],
  ['carol', 'GET /kapis/x/v1/workspaces/ws-b/things', false, 'a binding without a workspace holds nowhere'],
  ['frank', 'GET /api/v1/namespaces/ns-a/pods', 'kubernetes', 'a project role'],
  ['frank', 'GET /api/v1/namespaces/ns-a/pods/p/log', 'kubernetes', 'a subresource that it names'],
  ['frank', 'GET /api/v1/namespaces/ns-a/pods/p/status', false, 'not one that it does not'],
  ['frank', 'DELETE /api/v1/namespaces/ns-a/pods/p', false, 'not another verb'],
  ['frank', 'GET /api/v1/namespaces/ns-a/secrets/named', 'kubernetes', 'a named object'],
  ['frank', 'GET /api/v1/namespaces/ns-a/secrets/other', false, 'not another'],
  ['frank', 'GET /api/v1/namespaces/ns-b/pods', false, 'not in another project'],
  ['frank', 'GET /api/v1/namespaces/ns-a/pods/p/exec', false, 'running something needs create, also by GET'],
  ['dave,team', 'GET /api/v1/namespaces/ns-a/pods', 'kubernetes', 'through a group'],
  ['system:serviceaccount:sa-ns:robot', 'GET /api/v1/namespaces/ns-a/pods', 'kubernetes', 'a service account'],
  ['system:serviceaccount:other:robot', 'GET /api/v1/namespaces/ns-a/pods', false, 'of its own namespace only'],
  ['dave,system:masters', 'DELETE /api/v1/nodes/n', 'kubernetes', 'a cluster role'],
  ['carol', `PUT ${iam}/users/carol/password`, 'self', 'one\'s own account'],
  ['carol', `GET ${iam}/users/dave`, false, 'nobody else\'s'],
  ['carol', 'GET /apis/iam.kubesphere.io/v1alpha2/users/carol', 'self', 'its Kubernetes form to read'],
  ['carol', 'PATCH /apis/iam.kubesphere.io/v1alpha2/users/carol', false, 'not to write'],
  ['carol', `GET ${iam}/workspaces/ws-a/workspacemembers/carol`, 'self', 'one\'s own membership'],
  ['carol', `DELETE ${iam}/workspaces/ws-a/workspacemembers/carol`, false, 'to read'],
  ['carol', 'GET /api', 'self', 'what kubectl asks first'],
  ['carol', 'GET /apis', false, 'and no more'],
  ['carol', 'GET /kapis/tenant.kubesphere.io/v1alpha2/workspaces/ws-b', 'self', 'tenant lists, which show each what is theirs'],
  ['carol', 'POST /kapis/tenant.kubesphere.io/v1alpha2/workspaces', false, 'to read'],
  ['system:anonymous', 'GET /api', false, 'for those who are logged in'],
]

t.test('who may do what, and by what', async t => {
  const access = accessOf(platform())
  await access.ready()
  for (const [as, line, by, why] of rows) {
    const decision = await access.authorize(asked(as, line))
    t.equal(decision.allowed && decision.grant.source, by, `${as} ${line}: ${why}`)
  }
})

t.test('modes', async t => {
  t.equal((await accessOf(platform(), 'AlwaysAllow').authorize(asked('carol', 'DELETE /api/v1/nodes/n'))).allowed, true)
  t.strictSame(await accessOf(platform(), 'AlwaysDeny').authorize(asked('admin', 'POST /oauth/token')), { allowed: false, reason: 'Everything is forbidden.' })
  t.equal((await accessOf(platform(), 'AlwaysAllow').authorizeRBAC(asked('carol', 'DELETE /api/v1/nodes/n'))).allowed, false, 'handlers that ask again are not loosened')
})

t.test('what Kubernetes itself grants', async t => {
  const access = accessOf(platform())
  t.match(access.kubernetesGrant(asked('frank', 'GET /api/v1/namespaces/ns-a/pods')), { binding: 'RoleBinding/ns-a/frank', role: 'Role/viewer' })
  t.equal(access.kubernetesGrant(asked('admin', 'GET /api/v1/nodes')), undefined)
  t.equal(access.kubernetesGrant(asked('alice', 'GET /api/v1/namespaces/ns-a/secrets')), undefined)
  t.match(access.kubernetesGrant(asked('carol', 'GET /healthz/ping')), { blanket: true }, 'with its own spelling of verbs')
})

t.test('changes take effect on the next request', async t => {
  const kube = platform()
  const access = accessOf(kube)
  const may = async () => (await access.authorize(asked('grace', 'GET /api/v1/namespaces/ns-a/pods'))).allowed
  t.equal(await may(), false)
  await kube.create(roleBindings, bind('grace', 'User/grace', 'Role/viewer', { namespace: 'ns-a' }) as never)
  t.equal(await may(), true, 'a binding')
  await kube.modify(roles, { name: 'viewer', namespace: 'ns-a' }, object => ({ ...object, rules: [] }))
  t.equal(await may(), false, 'a role')
  await kube.modify(roles, { name: 'viewer', namespace: 'ns-a' }, object => ({ ...object, rules: all }))
  t.equal(await may(), true)
  await kube.delete(roleBindings, { name: 'grace', namespace: 'ns-a' })
  t.equal(await may(), false, 'the binding again')
  await kube.create(namespaces, role('fresh', undefined, ws('ws-a')))
  t.equal((await access.authorize(asked('alice', 'GET /api/v1/namespaces/fresh/pods'))).allowed, true, 'a new project')
  await kube.modify(namespaces, { name: 'fresh' }, ({ metadata: { labels: _, ...metadata } }) => ({ metadata }))
  t.equal((await access.authorize(asked('alice', 'GET /api/v1/namespaces/fresh/pods'))).allowed, false, 'a project that left')
})

t.test('the text of a refusal', t => {
  const said = (as: string, line: string, reason = '') => forbiddenError(asked(as, line), reason).toStatus()
  t.match(said('alice', 'GET /api/v1/namespaces/ns-b/secrets'), { code: 403, reason: 'Forbidden', message: 'secrets is forbidden: User "alice" cannot list resource "secrets" in API group "" in the namespace "ns-b"', details: { kind: 'secrets' } })
  t.match(said('alice', 'DELETE /apis/apps/v1/deployments/d'), { message: 'deployments.apps "d" is forbidden: User "alice" cannot delete resource "deployments" in API group "apps" at the cluster scope', details: { name: 'd', group: 'apps', kind: 'deployments' } })
  const scopes: [string, string][] = [
    ['GET /kapis/iam.kubesphere.io/v1alpha2/workspaces/ws-b/workspacemembers', 'list resource "workspacemembers" in API group "iam.kubesphere.io" in the workspace "ws-b"'],
    ['PUT /kapis/iam.kubesphere.io/v1alpha2/devops/pipes/members/bob', 'update resource "members" in API group "iam.kubesphere.io" in the DevOps project "pipes"'],
    ['POST /kapis/iam.kubesphere.io/v1alpha2/namespaces/ns-b/members', 'create resource "members" in API group "iam.kubesphere.io" in the namespace "ns-b"'],
    ['POST /kapis/iam.kubesphere.io/v1alpha2/users', 'create resource "users" in API group "iam.kubesphere.io" on the platform'],
    ['GET /kapis/iam.kubesphere.io/v1alpha2/clustermembers', 'list resource "clustermembers" in API group "iam.kubesphere.io" at the cluster scope'],
  ]
  for (const [line, missing] of scopes) t.ok(said('alice', line).message?.endsWith(`is forbidden: User "alice" cannot ${missing}`), `${line}: ${said('alice', line).message}`)
  t.strictSame(said('alice', 'GET /a<b'), { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: 'forbidden: User "alice" cannot GET path "/a&lt;b"', reason: 'Forbidden', details: {}, code: 403 })
  t.match(said('alice', 'GET /a', 'because'), { message: 'forbidden: User "alice" cannot GET path "/a": because' })
  t.end()
})
