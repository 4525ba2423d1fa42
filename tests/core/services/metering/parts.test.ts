import t from 'tap'
import { createMetering } from '../../../../core/services/metering/index.js'
import { createMonitoring } from '../../../../core/services/monitoring/index.js'
import { createPrometheus } from '../../../../core/services/prometheus/index.js'
import { defineKind } from '../../../../schemas/kube/object.js'
import { fakeKube } from '../../../helpers/fake-kube.js'

const namespaced = { namespaced: true }
const kinds = {
  applications: defineKind('app.k8s.io/v1beta1', 'applications', 'Application', namespaced),
  deployments: defineKind('apps/v1', 'deployments', 'Deployment', namespaced),
  pods: defineKind('v1', 'pods', 'Pod', namespaced),
}
const prices = { cpuPerCorePerHour: 0, memPerGigabytesPerHour: 0, ingressNetworkTrafficPerMegabytesPerHour: 0, egressNetworkTrafficPerMegabytesPerHour: 0, pvcPerGigabytesPerHour: 0, currencyUnit: '' }

/** A project with so many applications of one workload each. */
function metered (count: number) {
  const names = Array.from({ length: count }, (_, i) => `w${i}`)
  const object = (name: string, more: object, labels: object = { app: name }) => ({ metadata: { name, namespace: 'ns-a', labels }, ...more }) as never
  const kube = fakeKube(
    [kinds.applications, names.map(name => object(name, { status: { components: [{ kind: 'Deployment', name }] } }, { 'app.kubernetes.io/name': name }))],
    [kinds.deployments, names.map(name => object(name, { spec: { selector: { matchLabels: { app: name } } } }))],
    [kinds.pods, names.map(name => object(name, {}))]
  )
  return createMetering({ kube, monitoring: createMonitoring({ kube, prometheus: createPrometheus({ endpoint: '' }) }), prices, retentionDay: '' })
}

t.test('applications are asked for one by one, so not too many at once; a hierarchy has them all', async t => {
  const metering = metered(101)
  const question = { scope: { level: 'application', namespace: 'ns-a' }, metricsFilter: '', times: { time: 1 } } as const
  await t.rejects(metering.measure({ ...question, wanted: '' }), { code: 400, message: 'applications: at most 100 can be asked for at once' })
  t.match(await metering.measure({ ...question, wanted: 'w1|w2' }), { results: [{ metric_name: /^meter_application/ }] })
  const { apps } = await metering.hierarchy('ns-a', { time: 1 })
  t.equal(Object.keys(apps ?? {}).length, 101)
})
