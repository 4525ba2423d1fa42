import t from 'tap'
import type { Kube, KubeObject } from '../../core/sdk/index.js'
import { Anything, definitionOf, optional } from '../../schemas/kube/crd.js'
import { customResourceDefinitions, namespaces, type Namespace } from '../../schemas/kube/builtin.js'
import { devopsProjects, type DevOpsProject } from '../../schemas/tenant/kinds.js'
import { cast, iam, made, raw, rbac } from '../plugins/iam/cast.js'

const v2 = '/kapis/tenant.kubesphere.io/v1alpha2'
const projects = '/apis/devops.kubesphere.io/v1alpha3/devopsprojects'
const roleOf = 'iam.kubesphere.io/role'

/** What another product brings along: its kind of project. */
const installed = async (kube: Kube): Promise<void> => {
  await kube.create(customResourceDefinitions, definitionOf(devopsProjects, { properties: { spec: optional(Anything), status: optional(Anything) } }))
}

const projectOf = (name: string, workspace: string): object => ({ apiVersion: 'devops.kubesphere.io/v1alpha3', kind: 'DevOpsProject', metadata: { name, labels: { 'kubesphere.io/workspace': workspace } } })

/** And its controller: a namespace for the project, named in its status. */
async function given (kube: Kube, project: string, namespace: string, workspace: string, creator: string): Promise<void> {
  const metadata = { name: namespace, labels: { 'kubesphere.io/workspace': workspace, 'kubesphere.io/devopsproject': project }, annotations: { 'kubesphere.io/creator': creator } }
  await kube.create<Namespace>(namespaces, { metadata })
  await kube.modify<DevOpsProject>(devopsProjects, { name: project }, object => ({ ...object, status: { adminNamespace: namespace } }))
}

/** Those that a DevOps project has: the three that people are given, and what they are put together from. */
const copied = [
  'admin', 'operator', 'viewer',
  ...['basic', 'members', 'roles', 'pipelines', 'pipelineruns', 'credentials', 'gitrepositories', 'gitops-applications'].map(what => `role-template-view-${what}`),
  ...['members', 'roles', 'pipelines', 'pipelineruns', 'credentials', 'gitrepositories', 'gitops-applications', 'devops-settings'].map(what => `role-template-manage-${what}`),
].sort()

t.test('DevOps projects and who is in them', { timeout: 180_000 }, async t => {
  const { does, kube, until } = await cast(t, installed)
  const names = ({ json }: { json: any }): string[] => (Array.isArray(json) ? json : json.items).map(({ metadata }: KubeObject) => metadata.name)
  const facts = async (rows: [string, string, string, unknown, number, RegExp?][]) => {
    for (const [who, method, path, body, status, says] of rows) {
      const { text } = await does(who, method, path, status, body)
      if (says) t.match(text, says, `${who} ${method} ${path}`)
    }
  }
  const rolesOf = async (who: string): Promise<[string, string][]> => (await does(who, 'GET', '/devops/pipes/members?sortBy=name&ascending=true', 200)).json.items.map(({ metadata }: KubeObject) => [metadata.name, metadata.annotations?.[roleOf]])

  await t.test('before its controller has been there', async t => {
    await facts([
      ['admin', 'POST', projects, projectOf('pipes', 'ws-a'), 201],
      ['alice', 'GET', '/devops/pipes/members', undefined, 200, /"totalItems":0/],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'viewer' }], 404, /role.rbac.authorization.k8s.io "viewer" not found/],
      ['alice', 'POST', '/devops/pipes/roles', made('mine', []), 404, /has no namespace yet/],
      ['bob', 'GET', '/devops/pipes/members', undefined, 403, /cannot list resource \\"members\\" in API group \\"iam.kubesphere.io\\" in the DevOps project \\"pipes\\"/],
      ['admin', 'POST', projects, projectOf('others', 'ws-b'), 201],
    ])
    t.strictSame(names(await does('admin', 'GET', `${rbac}/rolebindings?labelSelector=iam.kubesphere.io/user-ref%3Dcarol`, 200)), [], 'nothing was written anywhere')
    t.end()
  })

  await given(kube, 'pipes', 'pipes-x7', 'ws-a', 'alice')
  await given(kube, 'others', 'others', 'ws-b', 'bob')
  await until('alice', `${iam}/devops/pipes/roles`, ({ json }) => json.totalItems === copied.length)
  await until('alice', `${iam}/devops/pipes/members/alice`, ({ status }) => status === 200)
  await until('bob', `${iam}/devops/others/members/bob`, ({ status }) => status === 200)

  await t.test('its roles are copies, and made good', async t => {
    t.equal(copied.length, 19)
    t.strictSame(names(await does('alice', 'GET', '/devops/pipes/roles?sortBy=name&ascending=true', 200)), copied)
    t.strictSame(names(await does('alice', 'GET', '/devops/pipes/roles?annotation=kubesphere.io/creator&sortBy=name&ascending=true', 200)), ['admin', 'operator', 'viewer'])
    t.strictSame(names(await does('admin', 'GET', `${rbac}/namespaces/pipes-x7/roles`, 200)).sort(), copied, 'in the namespace that keeps its objects')
    t.ok(names(await does('alice', 'GET', '/devops/pipes/roles?aggregateTo=viewer', 200)).includes('role-template-view-pipelines'))
    await facts([
      ['admin', 'DELETE', '/devops/pipes/roles/viewer', undefined, 200],
      ['alice', 'GET', '/devops/pipes/roles/viewer', undefined, 404],
      ['alice', 'GET', '/devops/pipes/roles/absent', undefined, 404],
      ['bob', 'GET', '/devops/pipes/roles/admin', undefined, 403],
    ])
    await does('admin', 'PATCH', '/api/v1/namespaces/pipes-x7', 200, { metadata: { annotations: { note: 'touched' } } }, { 'content-type': 'application/merge-patch+json' })
    await until('alice', `${iam}/devops/pipes/roles/viewer`, ({ status }) => status === 200)
    t.end()
  })

  await t.test('people are invited, change their role, and go', async t => {
    await facts([
      ['carol', 'GET', '/devops/pipes/members', undefined, 403],
      ['carol', 'GET', `${v2}/workspaces/ws-a/devops`, undefined, 200, /"totalItems":0/],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'operator' }, { username: 'dave', roleRef: 'admin' }], 200],
      ['carol', 'GET', '/devops/pipes/members', undefined, 200],
      ['carol', 'GET', `${v2}/workspaces/ws-a/devops`, undefined, 200, /"totalItems":1/],
      ['alice', 'GET', `${v2}/workspaces/ws-a/workspacemembers/carol/devops`, undefined, 200, /"name":"pipes"/],
      ['bob', 'GET', `${v2}/workspaces/ws-b/devops`, undefined, 200, /"totalItems":1.*|"name":"others"/],
      ['carol', 'GET', '/devops/others/members', undefined, 403],
      ['carol', 'POST', '/devops/pipes/members', [{ username: 'bob', roleRef: 'viewer' }], 403, /cannot create resource \\"members\\"/],
      ['carol', 'DELETE', '/devops/pipes/members/dave', undefined, 403],
      ['carol', 'POST', '/devops/pipes/roles', made('mine', []), 403],
      ['dave', 'PUT', '/devops/pipes/members/carol', { username: 'carol', roleRef: 'admin' }, 200],
      ['carol', 'POST', '/devops/pipes/roles', made('releasers', ['role-template-view-pipelines', 'role-template-manage-pipelineruns']), 200],
      ['dave', 'PUT', '/devops/pipes/members/carol', { username: 'carol', roleRef: 'releasers' }, 200],
      ['carol', 'GET', '/devops/pipes/members/carol/roles', undefined, 200, /role-template-manage-pipelineruns/],
    ])
    t.strictSame(await rolesOf('alice'), [['alice', 'admin'], ['carol', 'releasers'], ['dave', 'admin']])
    t.strictSame(names(await does('alice', 'GET', '/devops/pipes/members?role=releasers', 200)), ['carol'])
    t.strictSame(names(await does('admin', 'GET', `${rbac}/namespaces/pipes-x7/rolebindings?labelSelector=iam.kubesphere.io/user-ref%3Dcarol`, 200)), ['carol-releasers'], 'one role, in the namespace')
    t.ok(names(await does('alice', 'GET', '/workspaces/ws-a/rolebindings', 200)).includes('carol-releasers'), 'among the bindings of the workspace')
    await facts([
      ['dave', 'DELETE', '/devops/pipes/members/carol', undefined, 200, /success/],
      ['carol', 'GET', '/devops/pipes/members', undefined, 403],
      ['alice', 'GET', '/devops/pipes/members/carol', undefined, 404],
      ['alice', 'DELETE', '/devops/pipes/members/carol', undefined, 200],
      ['alice', 'DELETE', '/devops/pipes/roles/releasers', undefined, 200],
      ['alice', 'GET', '/devops/pipes/roles/releasers', undefined, 404],
    ])
    t.end()
  })

  await t.test('wrong input changes nothing', async t => {
    const before = await rolesOf('alice')
    await facts([
      ['alice', 'POST', '/devops/pipes/members', [{ username: '', roleRef: 'admin' }], 400, /must not be empty/],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'operator' }, { username: '', roleRef: 'operator' }], 400],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'operator' }, { username: 'bob', roleRef: 'absent' }], 404, /role.rbac.authorization.k8s.io "absent" not found/],
      ['alice', 'POST', '/devops/pipes/members', { username: 'carol', roleRef: 'operator' }, 400],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 7 }], 400],
      ['alice', 'POST', '/devops/pipes/members', undefined, 400],
      ['alice', 'POST', '/devops/pipes/members', '[{', 400],
      ['alice', 'PUT', '/devops/pipes/members/dave', { username: 'carol', roleRef: 'admin' }, 400],
      ['alice', 'PUT', '/devops/pipes/members/dave', { username: 'dave', roleRef: 'absent' }, 404],
      ['alice', 'POST', '/devops/pipes/roles', made('not/a/name', []), 422],
      ['alice', 'POST', '/devops/pipes/roles', made('mine', ['cluster-admin']), 404],
      ['alice', 'PUT', '/devops/pipes/roles/admin', made('other', []), 400],
      ['admin', 'GET', '/devops/absent/members', undefined, 404, /devopsproject.devops.kubesphere.io "absent" not found/],
      ['admin', 'POST', '/devops/absent/members', [{ username: 'carol', roleRef: 'admin' }], 404],
      ['alice', 'GET', '/devops/absent/members', undefined, 403],
      ['alice', 'POST', '/devops/others/members', [{ username: 'alice', roleRef: 'admin' }], 403],
      ['alice', 'DELETE', '/devops/others/members/bob', undefined, 403],
      ['', 'GET', '/devops/pipes/members', undefined, 403],
    ])
    t.strictSame(await rolesOf('alice'), before)
    t.end()
  })

  await t.test('nobody gives what they do not hold', async t => {
    await facts([
      ['alice', 'POST', '/devops/pipes/roles', made('hosts', ['role-template-view-members', 'role-template-manage-members', 'role-template-manage-roles', 'role-template-view-roles']), 200],
      ['alice', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'hosts' }], 200],
      ['carol', 'PUT', '/devops/pipes/members/carol', { username: 'carol', roleRef: 'admin' }, 403],
      ['carol', 'POST', '/devops/pipes/members', [{ username: 'bob', roleRef: 'hosts' }], 200],
      ['carol', 'POST', '/devops/pipes/roles', made('mine', ['role-template-manage-pipelines']), 403],
      ['carol', 'POST', '/devops/pipes/roles', made('mine', ['role-template-view-members']), 200],
      ['carol', 'DELETE', '/devops/pipes/members/bob', undefined, 200],
    ])
    t.end()
  })

  await t.test('what was a project is none', async t => {
    await does('admin', 'DELETE', `${projects}/pipes`, 200)
    await until('admin', `${iam}/devops/pipes/members`, ({ status }) => status === 404)
    await facts([
      ['alice', 'GET', '/devops/pipes/members', undefined, 403],
      ['dave', 'POST', '/devops/pipes/members', [{ username: 'carol', roleRef: 'admin' }], 403],
      ['dave', 'GET', `${v2}/workspaces/ws-a/devops`, undefined, 200, /"totalItems":0/],
      ['admin', 'DELETE', '/api/v1/namespaces/pipes-x7', undefined, 200],
    ])
    await until('admin', '/api/v1/namespaces/pipes-x7', ({ status }) => status === 404)
    await does('admin', 'DELETE', `${v2}/workspaces/ws-b`, 200)
    await until('admin', `${raw}/workspacerolebindings/ws-b-admin`, ({ status }) => status === 404)
    await until('admin', '/api/v1/namespaces/others', ({ status }) => status === 404)
    await does('bob', 'GET', '/devops/others/members', 403)
    t.end()
  })
})
