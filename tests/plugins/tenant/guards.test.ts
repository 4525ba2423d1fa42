import t from 'tap'
import { createAccess } from '../../../core/auth/access.js'
import type { KubeObject, KubeWrite } from '../../../core/sdk/index.js'
import { namespaceGuard, templateGuard } from '../../../plugins/tenant/guards.js'
import { createPlacement } from '../../../plugins/tenant/placement.js'
import { createRights } from '../../../plugins/tenant/rights.js'
import { clusters } from '../../../schemas/tenant/kinds.js'
import { silent } from '../../helpers/app.js'
import { cluster, project, tenants, workspace } from './build.js'

const kube = tenants([clusters, [cluster('closed', { 'cluster-role.kubesphere.io/host': '' })]])
const rights = createRights({ kube, access: createAccess({ kube, mode: 'RBAC', openPaths: [], globalResources: new Set(), log: silent }) })
const guards = { project: namespaceGuard(rights), template: templateGuard(rights, createPlacement({ kube, rights })) }
const made = (by: string) => ({ annotations: { 'kubesphere.io/creator': by } })

async function write (guard: keyof typeof guards, name: string, object: KubeObject, stored?: KubeObject): Promise<KubeObject | string> {
  const asked = { user: { name, groups: [], by: 'bearer' }, info: {}, asServer: true, object, ...(stored ? { stored } : {}) } as unknown as KubeWrite
  try { return await guards[guard].write?.(asked) ?? object } catch (error) { return (error as Error).message }
}
const creatorOf = (object: KubeObject | string): string | undefined => typeof object === 'string' ? object : object.metadata.annotations?.['kubesphere.io/creator']
const workspaceOf = (object: KubeObject | string): string | undefined => typeof object === 'string' ? object : object.metadata.labels?.['kubesphere.io/workspace']

t.test('projects through plain Kubernetes', async t => {
  t.equal(creatorOf(await write('project', 'connie', project('p', '', made('bob')))), 'connie')
  t.equal(creatorOf(await write('project', 'connie', project('p'))), undefined, 'nothing is added to what names nobody')
  t.equal(creatorOf(await write('project', 'root', project('p', '', made('bob')))), 'bob')
  t.equal(creatorOf(await write('project', 'alice', project('p', 'ws-a', made('alice')), project('p', 'ws-a', made('connie')))), 'connie')
  t.equal(workspaceOf(await write('project', 'alice', project('p', 'ws-b'), project('p', 'ws-a'))), 'ws-a')
  t.match(await write('project', 'alice', project('p', 'ws-a')), /is set by those who manage workspaces/)
  t.equal(workspaceOf(await write('project', 'root', project('p', 'ws-b'), project('p', 'ws-a'))), 'ws-b')
})

t.test('workspaces through plain Kubernetes', async t => {
  t.match(await write('template', 'erin', workspace('w', { clusters: [{ name: 'closed' }] })), /user is not allowed to use the cluster closed/)
  t.match(await write('template', 'erin', workspace('w', { clusterSelector: {} }), workspace('w')), /is not allowed|those who manage clusters/)
  t.match(await write('template', 'root', workspace('w', { clusterSelector: {} })), { metadata: { name: 'w' } })
  t.match(await write('template', 'erin', workspace('w', { clusterSelector: {} }), workspace('w', { clusterSelector: {} })), { metadata: { name: 'w' } }, 'what stays is not asked about')
})
