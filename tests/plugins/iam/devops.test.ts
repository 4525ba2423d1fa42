import t from 'tap'
import { createAccess } from '../../../core/auth/access.js'
import type { Attributes } from '../../../core/sdk/index.js'
import { pathRows } from '../../../plugins/iam/routes/rows.js'
import { globalRoles, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { roleBindings, roles } from '../../../schemas/kube/builtin.js'
import { devopsProjects } from '../../../schemas/tenant/kinds.js'
import { silent } from '../../helpers/app.js'
import { fakeKube } from '../../helpers/fake-kube.js'

const everything = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }]
const inA = { labels: { 'kubesphere.io/workspace': 'ws-a' } }
const bound = (name: string, kind: string, role: string, metadata: object) => ({ metadata: { name, ...metadata }, subjects: [{ kind: 'User', name }], roleRef: { apiGroup: '', kind, name: role } })
const kube = fakeKube(
  [globalRoles, []],
  [devopsProjects, [{ metadata: { name: 'pipes', ...inA }, status: { adminNamespace: 'pipes-x' } }, { metadata: { name: 'new', ...inA } }] as never],
  [workspaceRoles, [{ metadata: { name: 'ws-a-admin', ...inA }, rules: everything }] as never],
  [workspaceRoleBindings, [bound('alice', 'WorkspaceRole', 'ws-a-admin', inA), bound('bob', 'WorkspaceRole', 'ws-a-admin', { labels: { 'kubesphere.io/workspace': 'ws-b' } })] as never],
  [roles, [{ metadata: { name: 'admin', namespace: 'pipes-x' }, rules: everything }] as never],
  [roleBindings, [bound('carol', 'Role', 'admin', { namespace: 'pipes-x' })] as never]
)

t.test('a DevOps project is the project that keeps its objects', async t => {
  const row = pathRows(kube.store(devopsProjects)).find(({ base }) => base.startsWith('/devops'))
  t.strictSame(row?.place({ devops: 'pipes' }), { scope: 'namespace', name: 'pipes-x' })
  t.throws(() => row?.place({ devops: 'absent' }), { code: 404, message: 'devopsproject.devops.kubesphere.io "absent" not found' })
})

t.test('who may do something in a DevOps project', async t => {
  const access = createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent })
  const facts: [string, string, string, boolean][] = [
    ['alice', 'pipes', '', true],
    ['bob', 'pipes', '', false],
    ['carol', 'pipes', '', true],
    ['alice', 'pipes', 'ws-b', false],
    ['alice', 'new', '', true],
    ['carol', 'new', '', false],
    ['alice', 'absent', '', false],
    ['carol', 'absent', 'ws-a', false],
  ]
  for (const [name, devops, workspace, allowed] of facts) {
    const attributes: Attributes = { user: { name, groups: [], by: 'bearer' }, verb: 'list', workspace, namespace: '', devops, apiGroup: 'iam.kubesphere.io', apiVersion: 'v1alpha2', resource: 'members', subresource: '', name: '', isKubernetesRequest: false, isResourceRequest: true, path: '/', resourceScope: 'DevOps' }
    t.equal((await access.authorizeRBAC(attributes)).allowed, allowed, `${name} in ${devops} of ${workspace || 'no workspace named'}`)
  }
})
