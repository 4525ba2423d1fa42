import t from 'tap'
import type { Key, Kube, KubeObject, Reconciler } from '../../../core/sdk/index.js'
import { createProjectParts } from '../../../plugins/tenant/project-parts.js'
import { createQuotaStatus } from '../../../plugins/tenant/quotas.js'
import { namespaceReconciler } from '../../../plugins/tenant/reconcilers/namespace.js'
import { resourceQuotaReconciler } from '../../../plugins/tenant/reconcilers/resource-quota.js'
import { workspaceReconciler } from '../../../plugins/tenant/reconcilers/workspace.js'
import { workspaceTemplateReconciler } from '../../../plugins/tenant/reconcilers/workspace-template.js'
import { createWorkspaceParts } from '../../../plugins/tenant/workspace-parts.js'
import { groups, workspaceRoleBindings, workspaceRoles } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings, roles, secrets, type Namespace } from '../../../schemas/kube/builtin.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { workspaceQuotas, workspaces, workspaceTemplates, type WorkspaceTemplate } from '../../../schemas/tenant/kinds.js'
import { project, tenants, workspace } from './build.js'

const own = 'finalizers.workspacetemplate.kubesphere.io'
const orphan = 'orphan.finalizers.kubesphere.io'
const pods = defineKind('v1', 'pods', 'Pod', { namespaced: true })
const services = defineKind('v1', 'services', 'Service', { namespaced: true })
const claims = defineKind('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', { namespaced: true })
const gateways = defineKind('gateway.kubesphere.io/v1alpha1', 'gateways', 'Gateway', { namespaced: true })
const helmReleases = defineKind('application.kubesphere.io/v1alpha1', 'helmreleases', 'HelmRelease')

const object = (name: string, more: object = {}, metadata: object = {}): KubeObject => ({ metadata: { name, ...metadata }, ...more }) as KubeObject
const ofWorkspace = (workspace: string) => ({ labels: { 'kubesphere.io/workspace': workspace } })

const made = (kube: Kube): Record<'template' | 'space' | 'namespace' | 'quota', Reconciler> => ({
  template: workspaceTemplateReconciler({ kube, parts: createWorkspaceParts(kube) }),
  space: workspaceReconciler({ kube }),
  namespace: namespaceReconciler({ kube, parts: createProjectParts(kube), gatewayNamespace: '' }),
  quota: resourceQuotaReconciler({ kube, statusOf: createQuotaStatus(kube) }),
})

/** Stops after so many writes, as a process that is killed does. */
function killed (kube: Kube, after: number): Kube {
  let left = after
  const counted = <A extends unknown[], R>(act: (...args: A) => Promise<R>) => async (...args: A): Promise<R> => {
    if (left-- <= 0) throw new Error('killed')
    return act(...args)
  }
  return { ...kube, create: counted(kube.create) as Kube['create'], update: counted(kube.update) as Kube['update'], delete: counted(kube.delete) as Kube['delete'] }
}

t.test('a crash between two steps is made good by the next run', async t => {
  for (let writes = 0; writes < 6; writes++) {
    const kube = tenants([workspaceTemplates, [workspace('fresh')]])
    await made(killed(kube, writes)).template.reconcile({ name: 'fresh' }).catch(() => {})
    await made(kube).template.reconcile({ name: 'fresh' })
    t.ok(kube.store(workspaces).get('fresh'), `after ${writes} writes`)
    t.ok(kube.store(workspaceRoles).get('fresh-admin'))
    t.equal(kube.store(workspaceRoleBindings).get('fresh-admin')?.subjects?.[0]?.name, 'root')
    t.same(kube.store(workspaceTemplates).get('fresh')?.metadata.finalizers, [own])
  }
})

t.test('what people do to the roles and the manager of a workspace is put right', async t => {
  const kube = tenants([workspaceTemplates, [workspace('fresh')]])
  const { template } = made(kube)
  await template.reconcile({ name: 'fresh' })
  await kube.modify(workspaceRoles, { name: 'fresh-admin' }, role => ({ ...role, rules: [] }))
  await kube.modify(workspaceRoleBindings, { name: 'fresh-admin' }, binding => ({ ...binding, roleRef: { ...binding.roleRef, name: 'fresh-viewer' } }))
  await template.reconcile({ name: 'fresh' })
  t.equal(kube.store(workspaceRoles).get('fresh-admin')?.rules?.length, 1)
  t.equal(kube.store(workspaceRoleBindings).get('fresh-admin')?.roleRef.name, 'fresh-admin')
  await kube.modify<WorkspaceTemplate>(workspaceTemplates, { name: 'fresh' }, one => ({ ...one, spec: { ...one.spec, template: { spec: { manager: 'gone' } } } }))
  await template.reconcile({ name: 'fresh' })
  t.equal(kube.store(workspaceRoleBindings).get('fresh-admin')?.subjects?.[0]?.name, 'root', 'an unknown manager leaves the binding as it is')
})

t.test('the end of a workspace', async t => {
  for (const stays of [false, true]) {
    for (let writes = 0; writes < 8; writes++) {
      const kube = tenants([groups, [object('team', {}, ofWorkspace('ws-a'))]], [workspaceQuotas, [object('ws-a', {}, ofWorkspace('ws-a'))]], [helmReleases, [object('app', {}, ofWorkspace('ws-a')), object('other', {}, ofWorkspace('ws-b'))]])
      await kube.create(helmReleases, object('app', {}, ofWorkspace('ws-a')))
      await made(kube).namespace.reconcile({ name: 'ns-a1' })
      await kube.modify(workspaceTemplates, { name: 'ws-a' }, one => ({ ...one, metadata: { ...one.metadata, finalizers: stays ? [own, orphan] : [own] } }))
      await kube.delete(workspaceTemplates, { name: 'ws-a' })
      await made(killed(kube, writes)).template.reconcile({ name: 'ws-a' }).catch(() => {})
      await made(kube).template.reconcile({ name: 'ws-a' })
      const what = `${stays ? 'projects stay' : 'projects go'}, killed after ${writes}`
      t.equal(kube.store(workspaceTemplates).get('ws-a'), undefined, what)
      t.equal(kube.store(workspaces).get('ws-a'), undefined)
      for (const kind of [workspaceRoles, workspaceRoleBindings, groups, workspaceQuotas]) t.notOk(kube.store(kind as typeof groups).list().some(({ metadata }) => metadata.labels?.['kubesphere.io/workspace'] === 'ws-a'), `${what}: no ${kind.resource} are left for a successor`)
      t.ok(kube.store(workspaceRoles).get('ws-b-admin'), 'others are not touched')
      const { metadata } = kube.store(namespaces).get('ns-a1') as Namespace
      t.equal(metadata.labels?.['kubesphere.io/workspace'], stays ? undefined : 'ws-a', what)
      t.equal(metadata.ownerReferences?.length ?? 0, stays ? 0 : 1, `${what}: what goes is the workspace's, so that it goes with it`)
    }
  }
})

t.test('a project and its workspace', async t => {
  const kube = tenants([namespaces, [project('made', 'ws-a', { annotations: { 'kubesphere.io/creator': 'carol' } })]])
  const { namespace } = made(kube)
  await namespace.reconcile({ name: 'made' })
  const read = () => kube.store(namespaces).get('made') as Namespace
  t.match(read().metadata, { finalizers: ['finalizers.kubesphere.io/namespaces'], ownerReferences: [{ kind: 'Workspace', name: 'ws-a', controller: true }], labels: { 'kubesphere.io/namespace': 'made' } })
  t.ok(kube.store(roles).get('admin', 'made'))
  t.ok(kube.store(roleBindings).get('carol-admin', 'made'))
  await kube.delete(roleBindings, { name: 'carol-admin', namespace: 'made' })
  await namespace.reconcile({ name: 'made' })
  t.notOk(kube.store(roleBindings).get('carol-admin', 'made'), 'the creator is bound once')
  await kube.modify(workspaces, { name: 'ws-a' }, one => ({ ...one, metadata: { ...one.metadata, finalizers: ['x'] } }))
  await kube.delete(workspaces, { name: 'ws-a' })
  await namespace.reconcile({ name: 'made' })
  t.ok(read().metadata.labels?.['kubesphere.io/workspace'], 'a workspace on its way takes its projects with it')
  await kube.modify(workspaces, { name: 'ws-a' }, one => ({ ...one, metadata: { ...one.metadata, finalizers: ['x', 'orphan'] } }))
  await namespace.reconcile({ name: 'made' })
  t.notOk(read().metadata.labels?.['kubesphere.io/workspace'], 'unless it leaves them behind')
})

t.test('the gateway of a project goes with it', async t => {
  const kube = tenants()
  await kube.create(gateways, object('kubesphere-router-ns-a1', {}, { namespace: 'ns-a1' }))
  await kube.modify(namespaces, { name: 'ns-a1' }, one => ({ ...one, metadata: { ...one.metadata, finalizers: ['finalizers.kubesphere.io/namespaces'] } }))
  await kube.delete(namespaces, { name: 'ns-a1' })
  await made(kube).namespace.reconcile({ name: 'ns-a1' })
  t.notOk(await kube.find(gateways, { name: 'kubesphere-router-ns-a1', namespace: 'ns-a1' }))
  t.notOk(kube.store(namespaces).get('ns-a1'))
})

const pod = (name: string, namespace: string, cpu: string, phase = 'Running', more: object = {}): KubeObject =>
  object(name, { spec: { containers: [{ resources: { limits: { cpu, memory: '64Mi' }, requests: { cpu: '100m' } } }], ...more }, status: { phase } }, { namespace })

t.test('what the projects of a workspace use', async t => {
  const hard = { 'limits.cpu': '10', 'limits.memory': '1Gi', 'requests.cpu': '5', pods: '9', services: '3', 'services.nodeports': '4', 'requests.storage': '10Gi', secrets: '2', 'count/deployments.apps': '7' }
  const kube = tenants([workspaceQuotas, [object('ws-a', { spec: { selector: ofWorkspace('ws-a').labels, quota: { hard } } }, ofWorkspace('ws-a'))]])
  const start: [Parameters<Kube['create']>[0], KubeObject][] = [
    [pods, pod('a', 'ns-a1', '200m')], [pods, pod('b', 'ns-a1', '0.4', 'Pending')], [pods, pod('ended', 'ns-a1', '9', 'Failed')], [pods, pod('c', 'ns-a2', '600m')], [pods, pod('foreign', 'ns-b1', '5')],
    [pods, pod('init', 'ns-a2', '100m', 'Running', { initContainers: [{ resources: { limits: { cpu: '1' } } }] })],
    [services, object('s', { spec: { type: 'NodePort', ports: [{}, {}] } }, { namespace: 'ns-a1' })],
    [claims, object('d', { spec: { resources: { requests: { storage: '3Gi' } } } }, { namespace: 'ns-a1' })],
    [secrets, object('k', {}, { namespace: 'ns-a2' })],
  ]
  for (const [kind, one] of start) await kube.create(kind, one)
  const { quota } = made(kube)
  t.match(await quota.reconcile({ name: 'ws-a' }), { again: Number })
  const stored = kube.store(workspaceQuotas).get('ws-a')
  t.match(stored?.metadata.ownerReferences, [{ kind: 'Workspace', name: 'ws-a' }])
  t.same(stored?.status?.total?.hard, hard)
  t.same(stored?.status?.total?.used, { 'limits.cpu': '2200m', 'limits.memory': '256Mi', 'requests.cpu': '400m', pods: '4', services: '1', 'services.nodeports': '2', 'requests.storage': '3Gi', secrets: '1' })
  t.same(stored?.status?.namespaces?.map(({ namespace, used }) => [namespace, used?.['limits.cpu']]), [['ns-a1', '600m'], ['ns-a2', '1600m']])
  const { resourceVersion } = stored?.metadata ?? {}
  await quota.reconcile({ name: 'ws-a' })
  t.equal(kube.store(workspaceQuotas).get('ws-a')?.metadata.resourceVersion, resourceVersion, 'nothing is written where nothing changed')
  await kube.delete(namespaces, { name: 'ns-a1' })
  await quota.reconcile({ name: 'ws-a' })
  t.equal(kube.store(workspaceQuotas).get('ws-a')?.status?.namespaces?.length, 1)
})

t.test('a missing object ends the work', async t => {
  const all = made(tenants())
  for (const [name, reconciler] of Object.entries(all)) await t.resolves(Promise.resolve(reconciler.reconcile({ name: 'gone' } satisfies Key)), name)
})
