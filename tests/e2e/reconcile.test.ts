import t from 'tap'
import type { Kind, Kube, KubeObject } from '../../core/sdk/index.js'
import { globalRoleBindings, groupBindings, groups, users } from '../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, deployments, events, leases, namespaces } from '../../schemas/kube/builtin.js'
import { defineKind } from '../../schemas/kube/object.js'
import { clusters, workspaces, workspaceTemplates } from '../../schemas/tenant/kinds.js'
import { password, platform } from '../helpers/platform.js'
import { until } from '../helpers/until.js'

const system = 'kubesphere-system'
const validating = defineKind('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration')
const object = (name: string, more: object = {}, metadata: object = {}): KubeObject => ({ metadata: { name, ...metadata }, ...more }) as KubeObject
const person = (name: string, spec: object = {}) => object(name, { spec: { email: `${name}@example.com`, ...spec } })
const administrator = (name: string) => object(`${name}-platform-admin`, { subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: 'GlobalRole', name: 'platform-admin' } })
const make = (kube: Kube, kind: Kind<any>, one: KubeObject) => kube.create(kind, one)

/** A ks-controller-manager of the core chart, as a cluster shows it. */
async function controllerManager (kube: Kube): Promise<void> {
  await kube.create(namespaces, { metadata: { name: system } })
  const container = { name: 'ks-controller-manager', image: 'x', command: ['controller-manager', '--leader-elect=true', '--controllers=user,workspacetemplate,workspace,workspacerole,workspacerolebinding,namespace'] }
  const labels = { app: 'ks-controller-manager' }
  const { metadata } = await make(kube, deployments, object('ks-controller-manager', { spec: { replicas: 1, selector: { matchLabels: labels }, template: { metadata: { labels }, spec: { containers: [container] } } } }, { namespace: system })) as KubeObject
  await kube.patch(deployments, metadata, { status: { observedGeneration: metadata.generation, replicas: 1, updatedReplicas: 1, readyReplicas: 1, availableReplicas: 1 } }, 'merge', 'status')
  const renewTime = new Date(Date.now() + 30_000).toISOString().replace('Z', '000Z')
  await kube.create(leases, { metadata: { name: 'ks-controller-manager-leader-election', namespace: system }, spec: { holderIdentity: 'pod_1', leaseDurationSeconds: 30, renewTime, acquireTime: renewTime } })
}

t.test('beside the controllers of the core chart', { timeout: 120_000 }, async t => {
  const { ask, raw, kube } = await platform(t, () => {}, controllerManager)
  const verbose = async () => (await raw('GET', '/readyz?verbose')).text
  t.match(await verbose(), /^\[\+\]reconcilers ok\n {3}they run here\n {3}for ks-controller-manager \(its Lease is renewed\) stand down: (csr, )?namespace, user, workspace, workspacerole, workspacerolebinding, workspacetemplate$/m)
  t.notMatch(await verbose(), 'pod_1')

  await make(kube, users, person('mallory', { password }))
  await make(kube, globalRoleBindings, administrator('mallory'))
  await until(async () => await kube.find(clusterRoleBindings, { name: 'mallory-cluster-admin' }) !== undefined, 'the work that is ours')
  const { spec, status } = await kube.get(users, { name: 'mallory' })
  t.strictSame([spec.password, status?.state, spec.groups], [password, undefined, undefined], 'the work that is theirs is left to them')
  t.equal((await ask('admin', 'POST', '/kapis/iam.kubesphere.io/v1alpha2/users', { body: { ...person('nora', { password }), apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User' } })).status, 200)
  t.match((await kube.get(users, { name: 'nora' })).spec.password, /^\$2/, 'but for what a request does itself')
})

t.test('webhooks that were left behind', { timeout: 120_000 }, async t => {
  const { raw, until } = await platform(t, () => {}, async kube => {
    // Of what nobody writes: a real Kubernetes asks it.
    const webhook = { name: 'things.example.com', failurePolicy: 'Fail', sideEffects: 'None', admissionReviewVersions: ['v1'], clientConfig: { service: { namespace: system, name: 'ks-controller-manager', path: '/x' } }, rules: [{ operations: ['CREATE'], apiGroups: ['example.com'], apiVersions: ['*'], resources: ['things'] }] }
    await make(kube, validating, object('things.example.com', { webhooks: [webhook] }))
  })
  const { text } = await until('', '/readyz?verbose', ({ text }) => text.includes('kubectl'))
  t.match(text, /^\[\+\]webhooks ok\n {3}ValidatingWebhookConfiguration things.example.com refuses writes of things: .*; repair: kubectl delete validatingwebhookconfiguration things.example.com$/m)
  t.strictSame([(await raw('GET', '/readyz')).status, (await raw('GET', '/readyz')).text], [200, 'ok'], 'the server is ready all the same')
})

t.test('what people want to know is told as Events', { timeout: 120_000 }, async t => {
  const { ask, login, kube } = await platform(t)
  const told = async (name: string) => (await kube.list(events, { namespace: 'default', fieldSelector: `involvedObject.name=${name}` })).items.map(one => (one as unknown as { reason: string }).reason)
  const knows = (name: string, ...reasons: string[]) => until(async () => { const all = await told(name); return reasons.every(reason => all.includes(reason)) }, `${reasons.join(', ')} of ${name}`)

  await make(kube, users, person('oscar', { password }))
  await knows('oscar', 'PasswordHashed', 'Activated')
  for (let i = 0; i < 6; i++) await login('oscar', 'Wrong-Pass-1')
  await knows('oscar', 'Locked')
  await make(kube, groupBindings, object('oscar-team', { users: ['oscar'], groupRef: { apiGroup: 'iam.kubesphere.io', kind: 'Group', name: 'team' } }))
  await knows('oscar-team', 'MemberAdded')
  await make(kube, globalRoleBindings, administrator('oscar'))
  await knows('oscar-platform-admin', 'ClusterRoleBindingCreated')
  await make(kube, workspaceTemplates, object('told', { spec: { placement: {}, template: { spec: { manager: 'admin' } } } }))
  await knows('told', 'Ready')
  await make(kube, namespaces, object('told-a', {}, { labels: { 'kubesphere.io/workspace': 'told' } }))
  await knows('told-a', 'Bound')
  const { json } = await ask('admin', 'GET', '/api/v1/namespaces/default/events')
  t.notMatch(JSON.stringify(json), /P@88|\$2[aby]\$/, 'no secret is told')
  await kube.delete(users, { name: 'oscar' })
  await knows('oscar', 'CleanedUp')
})

const held: { kind: Kind<any>, finalizer: string, more?: object, metadata?: object }[] = [
  { kind: users, finalizer: 'finalizers.kubesphere.io/users', more: { spec: { email: 'held@example.com' } } },
  { kind: namespaces, finalizer: 'finalizers.kubesphere.io/namespaces' },
  { kind: groups, finalizer: 'finalizers.kubesphere.io/groups', more: { spec: {} } },
  { kind: groupBindings, finalizer: 'finalizers.kubesphere.io/groupsbindings', more: { users: [], groupRef: { name: 'gone' } } },
  { kind: workspaces, finalizer: 'finalizers.tenant.kubesphere.io', more: { spec: {} } },
  { kind: workspaceTemplates, finalizer: 'finalizers.workspacetemplate.kubesphere.io', more: { spec: { placement: {}, template: { spec: {} } } } },
  { kind: workspaceTemplates, finalizer: 'orphan.finalizers.kubesphere.io', more: { spec: { placement: {}, template: { spec: {} } } } },
  { kind: clusters, finalizer: 'finalizer.cluster.kubesphere.io', more: { spec: { connection: { type: 'direct' } } } },
]

t.test('nothing that ks-controller-manager has held stays held', { timeout: 120_000 }, async t => {
  const { kube } = await platform(t)
  await kube.create(users, { metadata: { name: 'guest', annotations: { 'iam.kubesphere.io/granted-clusters': 'host,held-7' } }, spec: { email: 'guest@example.com' } })
  for (const [i, { kind, finalizer, more = {} }] of held.entries()) {
    const name = `held-${i}`
    await make(kube, kind, object(name, more, { finalizers: [finalizer] }))
    await kube.delete(kind, { name })
    await until(async () => await kube.find(kind, { name }) === undefined, `the end of ${kind.kind} with ${finalizer}`)
    t.pass(finalizer)
  }
  t.equal((await kube.get(users, { name: 'guest' })).metadata.annotations?.['iam.kubesphere.io/granted-clusters'], 'host', 'nobody is granted a cluster that has gone')
})
