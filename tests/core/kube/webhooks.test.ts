import t from 'tap'
import { createKube } from '../../../core/kube/client.js'
import { createWebhookReport } from '../../../core/kube/webhook-report.js'
import { findDeadConversions, findDeadWebhooks } from '../../../core/kube/webhooks.js'
import { forbidden, type Kind, type KubeObject } from '../../../core/sdk/index.js'
import { namespaces } from '../../../schemas/kube/builtin.js'
import { defineKind } from '../../../schemas/kube/object.js'
import { answer, scriptedTransport, silent } from '../../helpers/app.js'
import { embeddedApi } from '../../helpers/embedded-api.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { captureLog } from '../reconcile/capture-log.js'

const system = 'kubesphere-system'
const namespaced = { namespaced: true }
const validating = defineKind('admissionregistration.k8s.io/v1', 'validatingwebhookconfigurations', 'ValidatingWebhookConfiguration')
const mutating = defineKind('admissionregistration.k8s.io/v1', 'mutatingwebhookconfigurations', 'MutatingWebhookConfiguration')
const definitions = defineKind('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition')
const services = defineKind('v1', 'services', 'Service', namespaced)
const slices = defineKind('discovery.k8s.io/v1', 'endpointslices', 'EndpointSlice', namespaced)

const webhook = (name: string, service: object | undefined, resources = ['users'], failurePolicy = 'Fail') => ({
  name,
  failurePolicy,
  sideEffects: 'None',
  admissionReviewVersions: ['v1'],
  clientConfig: service ? { service: { path: '/x', ...service } } : { url: 'https://127.0.0.1:1/x' },
  rules: [{ operations: ['CREATE'], apiGroups: ['*'], apiVersions: ['*'], resources }],
})
const configuration = (name: string, ...webhooks: object[]): KubeObject => ({ metadata: { name }, webhooks }) as KubeObject
const manager = { namespace: system, name: 'ks-controller-manager' }
const slice = (service: string, ready: boolean, addresses = ['10.0.0.1']): KubeObject =>
  ({ metadata: { name: `${service}-1`, namespace: system, labels: { 'kubernetes.io/service-name': service } }, addressType: 'IPv4', endpoints: [{ addresses, conditions: { ready } }], ports: [] }) as unknown as KubeObject

async function build (t: Parameters<typeof embeddedApi>[0]) {
  const { kube: { transport } } = await embeddedApi(t)
  const kube = createKube({ transport, log: silent })
  t.teardown(() => kube.close())
  await kube.create(namespaces, { metadata: { name: system } })
  const service = (name: string, spec: object = {}) => kube.create(services, { metadata: { name, namespace: system }, spec: { ports: [{ port: 443 }], ...spec } } as KubeObject)
  return { kube, service }
}

t.test('webhooks behind which nothing answers', async t => {
  const { kube, service } = await build(t)
  await service('lame')
  await service('alive')
  await service('outside', { type: 'ExternalName', externalName: 'example.com' })
  await kube.create(slices, slice('lame', false))
  await kube.create(slices, slice('alive', true))
  const cases: [Kind, KubeObject][] = [
    [validating, configuration('users.iam.kubesphere.io', webhook('users.iam.kubesphere.io', manager))],
    [validating, configuration('network.kubesphere.io', webhook('a.network.kubesphere.io', manager, ['ippools', 'users']), webhook('b.network.kubesphere.io', manager, ['ippools'], 'Ignore'))],
    [validating, configuration('resourcesquotas.quota.kubesphere.io', webhook('quota.kubesphere.io', manager, ['pods'], 'Ignore'))],
    [mutating, configuration('rulegroups.alerting.kubesphere.io', webhook('rules.alerting.kubesphere.io', { namespace: system, name: 'lame' }, ['rulegroups']))],
    [validating, configuration('alive', webhook('alive.example.com', { namespace: system, name: 'alive' }))],
    [validating, configuration('outside', webhook('outside.example.com', { namespace: system, name: 'outside' }))],
    [validating, configuration('mixed', webhook('one.example.com', manager), webhook('two.example.com', { namespace: system, name: 'alive' }, ['groups']))],
    [validating, configuration('elsewhere', webhook('elsewhere.example.com', { namespace: 'their-own', name: 'gone' }))],
    [validating, configuration('by-address', webhook('address.example.com', undefined))],
  ]
  for (const [kind, object] of cases) await kube.create(kind, object)
  const missing = `service ${system}/ks-controller-manager does not exist`
  t.strictSame((await findDeadWebhooks(kube)).sort(), [
    `MutatingWebhookConfiguration rulegroups.alerting.kubesphere.io refuses writes of rulegroups: service ${system}/lame has no endpoint that is ready; repair: kubectl delete mutatingwebhookconfiguration rulegroups.alerting.kubesphere.io`,
    `ValidatingWebhookConfiguration mixed refuses writes of users: ${missing}; repair: kubectl edit validatingwebhookconfiguration mixed`,
    `ValidatingWebhookConfiguration network.kubesphere.io refuses writes of ippools, users: ${missing}; repair: kubectl delete validatingwebhookconfiguration network.kubesphere.io`,
    `ValidatingWebhookConfiguration users.iam.kubesphere.io refuses writes of users: ${missing}; repair: kubectl delete validatingwebhookconfiguration users.iam.kubesphere.io`,
  ])
})

t.test('conversions behind which nothing answers', async t => {
  const { kube } = await build(t)
  const crd = (plural: string, conversion: object | undefined) => ({
    metadata: { name: `${plural}.example.com` },
    spec: { group: 'example.com', scope: 'Cluster', names: { plural, singular: plural.slice(0, -1), kind: plural, listKind: `${plural}List` }, versions: [{ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: { type: 'object' } } }], ...(conversion ? { conversion } : {}) },
  }) as unknown as KubeObject
  const by = (service: object) => ({ strategy: 'Webhook', webhook: { conversionReviewVersions: ['v1'], clientConfig: { service } } })
  await kube.create(definitions, crd('plains', undefined))
  await kube.create(definitions, crd('configs', by({ namespace: 'kubesphere-monitoring-system', name: 'gone' })))
  await kube.create(definitions, crd('others', by({ namespace: 'their-own', name: 'gone' })))
  t.strictSame(await findDeadConversions(kube), [
    'CustomResourceDefinition configs.example.com cannot convert between its versions: service kubesphere-monitoring-system/gone does not exist; repair: kubectl patch customresourcedefinition configs.example.com --type merge --patch \'{"spec":{"conversion":{"strategy":"None","webhook":null}}}\'',
  ])
})

t.test('where we may not read, nothing is said', async t => {
  const kube = fakeKube([validating, [configuration('users.iam.kubesphere.io', webhook('users.iam.kubesphere.io', manager))]])
  t.equal((await findDeadWebhooks(kube)).length, 1)
  for (const kind of ['validatingwebhookconfigurations', 'services']) {
    const refused = (one: Kind) => { if (one.resource === kind) throw forbidden(kind, '', 'no') }
    const find: typeof kube.find = async (one, ref) => { refused(one); return kube.find(one, ref) }
    const list: typeof kube.list = async (one, options) => { refused(one); return kube.list(one, options) }
    t.strictSame(await findDeadWebhooks({ ...kube, find, list }), [], kind)
  }
})

t.test('the report says a thing once, and when it is over', async t => {
  const kube = fakeKube([validating, [configuration('users.iam.kubesphere.io', webhook('users.iam.kubesphere.io', manager))]])
  const { log, lines } = captureLog()
  const report = createWebhookReport({ kube, log })
  t.teardown(() => { report.close() })
  t.strictSame(report.lines(), [])
  await report.look()
  await report.look()
  t.equal(report.lines().length, 1)
  await kube.delete(validating, { name: 'users.iam.kubesphere.io' })
  await report.look()
  t.strictSame(report.lines(), [])
  t.match(lines, [{ level: 40, msg: /^ValidatingWebhookConfiguration users.iam.kubesphere.io refuses/ }, { level: 30, msg: 'no webhook refuses writes any more' }])
  t.equal(lines.length, 2)
})

t.test('a look that fails leaves what was known', async t => {
  let down = false
  const kube = fakeKube([validating, [configuration('users.iam.kubesphere.io', webhook('users.iam.kubesphere.io', manager))]])
  const report = createWebhookReport({ kube: { ...kube, list: async (kind, options) => { if (down) throw new Error('down'); return kube.list(kind, options) } }, log: silent })
  t.teardown(() => { report.close() })
  await report.look()
  down = true
  await report.look()
  t.equal(report.lines().length, 1)
})

const refusals = [
  { why: 'failed to call webhook: Post "https://ks-controller-manager.kubesphere-system.svc:443/validate?timeout=10s": service "ks-controller-manager" not found', told: true },
  { why: 'failed to call webhook: Post "https://gate.their-own.svc:443/validate?timeout=10s": service "gate" not found', told: false },
]
for (const { why, told } of refusals) {
  t.test(`a write that fails tells ${told ? 'what to do' : 'no more than Kubernetes does'}`, async t => {
    const message = `Internal error occurred: failed calling webhook "users.iam.kubesphere.io": ${why}`
    const kube = createKube({ transport: scriptedTransport(() => answer(500, { kind: 'Status', apiVersion: 'v1', status: 'Failure', reason: 'InternalError', code: 500, message })), log: silent })
    const more = told ? '; if nothing runs behind this webhook any more, the log and /readyz?verbose tell how to remove it' : ''
    await t.rejects(kube.create(namespaces, { metadata: { name: 'a' } }), { code: 500, reason: 'InternalError', message: `${message}${more}` })
  })
}
