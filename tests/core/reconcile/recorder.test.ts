import t from 'tap'
import { publicMessageOf } from '../../../core/reconcile/failure.js'
import type { Event } from '../../../core/reconcile/event.js'
import { createRecorder } from '../../../core/reconcile/recorder.js'
import { defineReconciler, forbidden, invalid, serviceUnavailable, watched, type Kind, type Kube, type KubeObject } from '../../../core/sdk/index.js'
import { clusterRoleBindings, configMaps, events as anyEvents } from '../../../schemas/kube/builtin.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { captureLog } from './capture-log.js'
import { fakeClock } from './fake-clock.js'
import { close, epoch, map, world } from './world.js'

const events = anyEvents as Kind<Event>
const settings: KubeObject = { metadata: { name: 'settings', namespace: 'demo', uid: 'u-1' } }
const about = (name: string) => ({ kind: configMaps as Kind, object: map(name) as KubeObject })
const subject = { kind: configMaps as Kind, object: settings }

function build (change: (kube: Kube) => Partial<Kube> = () => ({})) {
  const kube = fakeKube()
  const clock = fakeClock()
  const start = clock.now()
  const { log, lines } = captureLog()
  const recorder = createRecorder({ kube: { ...kube, ...change(kube) }, log, clock, wall: () => epoch + clock.now() - start })
  return { kube, clock, lines, recorder, written: () => kube.store(events).list() }
}

t.test('an Event as kubectl describe looks for it', async t => {
  const { clock, recorder, written } = build()
  recorder.record(subject, 'Normal', 'Bound', 'it belongs to somebody')
  t.strictSame(written(), [], 'nobody waits for it')
  await clock.advance(1000)
  const [event] = written()
  t.match(event, {
    metadata: { name: /^settings\.[0-9a-f]{16}$/, namespace: 'demo' },
    involvedObject: { apiVersion: 'v1', kind: 'ConfigMap', name: 'settings', namespace: 'demo', uid: 'u-1' },
    type: 'Normal',
    reason: 'Bound',
    message: 'it belongs to somebody',
    count: 1,
    firstTimestamp: '2024-05-01T00:00:00Z',
    lastTimestamp: '2024-05-01T00:00:00Z',
    source: { component: 'ks-apiserver' },
    reportingComponent: 'ks-apiserver',
  })
  await recorder.close()
  t.strictSame(clock.due(), [])
})

t.test('what is in no namespace is told in default; names that no Event can have are not used', async t => {
  const { clock, recorder, written } = build()
  recorder.record({ kind: clusterRoleBindings, object: { metadata: { name: 'system:Masters', uid: 'u-2' } } }, 'Normal', 'Made', 'made')
  await clock.advance(1000)
  t.match(written()[0], { metadata: { name: /^u-2\.[0-9a-f]+$/, namespace: 'default' }, involvedObject: { kind: 'ClusterRoleBinding', name: 'system:Masters' } })
  t.notOk(Object.hasOwn(written()[0]?.involvedObject ?? {}, 'namespace'))
})

t.test('the same is counted in one Event, until it is long ago', async t => {
  const { kube, clock, recorder, written } = build()
  for (const message of ['first', 'second', 'third']) recorder.record(subject, 'Warning', 'ReconcileFailed', message)
  await clock.advance(1000)
  t.match(written(), [{ count: 3, message: 'third' }], 'before it is written')
  await clock.advance(60_000)
  recorder.record(subject, 'Warning', 'ReconcileFailed', 'fourth')
  await clock.advance(1000)
  t.match(written(), [{ count: 4, message: 'fourth', firstTimestamp: '2024-05-01T00:00:00Z', lastTimestamp: '2024-05-01T00:01:01Z' }], 'and afterwards')
  const [event] = written()
  await kube.delete(events, event?.metadata ?? { name: '' })
  recorder.record(subject, 'Warning', 'ReconcileFailed', 'fifth')
  await clock.advance(1000)
  t.match(written(), [{ count: 1, message: 'fifth' }], 'one that has gone is made anew')
  await clock.advance(700_000)
  recorder.record(subject, 'Warning', 'ReconcileFailed', 'sixth')
  await clock.advance(1000)
  t.equal(written().length, 2)
})

t.test('what is normal is told apart by its words, its reason and its object', async t => {
  const { clock, recorder, written } = build()
  recorder.record(subject, 'Normal', 'Added', 'alice')
  recorder.record(subject, 'Normal', 'Added', 'bob')
  recorder.record(subject, 'Normal', 'Added', 'alice')
  recorder.record(subject, 'Normal', 'Removed', 'alice')
  recorder.record({ ...subject, object: { metadata: { ...settings.metadata, uid: 'u-9' } } }, 'Normal', 'Added', 'alice')
  await clock.advance(1000)
  t.strictSame(written().map(({ reason, message, count, involvedObject: { uid = '' } }) => [reason, message, count, uid].join(' ')).sort(), ['Added alice 1 u-9', 'Added alice 2 u-1', 'Added bob 1 u-1', 'Removed alice 1 u-1'])
})

t.test('one object has its share', async t => {
  const { clock, recorder, written } = build()
  for (let i = 0; i < 60; i++) recorder.record(subject, 'Normal', 'Noisy', `message ${i}`)
  await clock.advance(10_000)
  t.equal(written().length, 25)
  recorder.record(about('quiet'), 'Normal', 'Quiet', 'heard')
  await clock.advance(1000)
  t.equal(written().length, 26, 'others are heard')
  await clock.advance(300_000)
  for (let i = 0; i < 3; i++) recorder.record(subject, 'Normal', 'Noisy', `later ${i}`)
  await clock.advance(10_000)
  t.equal(written().length, 27, 'one more in five minutes')
})

t.test('what is too much for all together is dropped, and said once', async t => {
  const { clock, recorder, written, lines } = build()
  for (let i = 0; i < 2000; i++) recorder.record(about(`m${i}`), 'Normal', 'Made', 'made')
  await clock.advance(1500)
  t.ok(written().length <= 106, `${written().length} at once`)
  await clock.advance(120_000)
  t.equal(written().length, 500)
  t.strictSame(lines.map(({ level, msg }) => [level, msg]), [[40, 'there is more to tell than can be written: some events are dropped']])
})

for (const [what, change] of [
  ['refuses', () => ({ create: async () => { throw forbidden('events', '', 'namespace demo is being terminated') } })],
  ['hangs', () => ({ create: () => new Promise<never>(() => {}) })],
] as const) {
  t.test(`a Kubernetes that ${what} is nobody's trouble`, async t => {
    const { clock, recorder, lines } = build(change)
    for (let i = 0; i < 3; i++) recorder.record(about(`m${i}`), 'Normal', 'Made', 'made')
    await clock.advance(20_000)
    recorder.record(subject, 'Normal', 'Made', 'made')
    const closed = recorder.close()
    await clock.advance(1000)
    await closed
    recorder.record(subject, 'Normal', 'Made', 'made')
    await clock.advance(10_000)
    t.strictSame([lines, clock.due()], [[], []])
  })
}

t.test('close writes what waits', async t => {
  const { recorder, written } = build()
  recorder.record(subject, 'Normal', 'Bound', 'it belongs to somebody')
  await recorder.close()
  t.equal(written().length, 1)
})

const failures = [
  { error: serviceUnavailable('the Kubernetes API cannot be reached'), says: 'the Kubernetes API cannot be reached' },
  { error: invalid('User.iam.kubesphere.io', 'alice', [{ field: 'spec.password', message: 'Invalid value: "hunter2": too short', reason: 'FieldValueInvalid' }]), says: 'User "alice" is refused (Invalid): spec.password' },
  { error: new TypeError('cannot read hunter2'), says: 'an internal error, which the log of ks-apiserver tells' },
  { error: 'hunter2', says: 'an internal error, which the log of ks-apiserver tells' },
]
for (const { error, says } of failures) t.equal(publicMessageOf(error), says)

t.test('a reconciler tells of its object, and its failures are told', async t => {
  const { kube, clock, run } = world(fakeKube([configMaps, [map('good'), map('bad')]]))
  let broken = true
  const runner = run('a', [
    defineReconciler({
      name: 'demo',
      watches: [watched(configMaps)],
      async reconcile ({ name }, { record }) {
        record('Seen', `${name} was seen`)
        if (name === 'bad' && broken) throw serviceUnavailable('no answer')
        if (name === 'good') await kube.delete(configMaps, { name, namespace: 'demo' })
      },
    }),
    defineReconciler({ name: 'elsewhere', watches: [watched(configMaps, () => [{ name: 'x' }])], async reconcile (_key, { record }) { record('Lost', 'about nothing that is known') } }),
  ])
  await runner.idle()
  await clock.advance(1000)
  broken = false
  await clock.advance(10_000)
  const told = kube.store(events).list().map(({ type, reason, message, involvedObject: { name } }) => [name, type, reason, message].join(' ')).sort()
  t.strictSame(told, ['bad Normal Seen bad was seen', 'bad Warning ReconcileFailed demo: no answer', 'good Normal Seen good was seen'], 'also of one that has gone by it')
  const failed = kube.store(events).list().find(({ reason }) => reason === 'ReconcileFailed')
  t.ok((failed?.count ?? 0) > 3, `${failed?.count} failures in one Event`)
  await close(clock, runner)
})
