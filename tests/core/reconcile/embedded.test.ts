import t from 'tap'
import { createKube } from '../../../core/kube/client.js'
import { runReconcilers, type Runner } from '../../../core/reconcile/runner.js'
import { watched, type Reconciler } from '../../../core/sdk/index.js'
import { configMaps, leases, namespaces } from '../../../schemas/kube/builtin.js'
import { embeddedApi } from '../../helpers/embedded-api.js'
import { until } from '../../helpers/until.js'
import { captureLog } from './capture-log.js'

/** Labels every config map that asks for it. */
const labeller = (kube: ReturnType<typeof createKube>, atWork: Set<string>): Reconciler => ({
  name: 'labeller',
  watches: [watched(configMaps)],
  async reconcile (ref) {
    const id = `${ref.namespace}/${ref.name}`
    if (atWork.has(id)) throw new Error('at work twice')
    atWork.add(id)
    try {
      const map = await kube.find(configMaps, ref)
      if (map?.data?.['label'] === undefined || map.metadata.labels?.['given'] === map.data['label']) return
      await kube.update(configMaps, { ...map, metadata: { ...map.metadata, labels: { given: map.data['label'] } } })
    } finally { atWork.delete(id) }
  },
})

t.test('two runners over one embedded Kubernetes, real watches and real time', async t => {
  const { kube: { transport } } = await embeddedApi(t)
  const { log, lines } = captureLog()
  const kube = createKube({ transport, log })
  t.teardown(() => kube.close())
  const runners: Runner[] = []
  t.teardown(() => Promise.all(runners.map(runner => runner.close())))
  const atWork = new Set<string>()
  const begin = (identity: string) => {
    const runner = runReconcilers({ kube, reconcilers: [labeller(kube, atWork)], log, identity })
    runners.push(runner)
    return runner
  }

  for (let i = 0; i < 50; i++) await kube.create(configMaps, { metadata: { name: `map-${i}`, namespace: 'default' }, data: { label: 'first' } })
  const labelled = async (label: string) => (await kube.list(configMaps, { namespace: 'default', labelSelector: `given=${label}` })).items.length

  const a = begin('a')
  await a.ready()
  await a.idle()
  t.equal(a.status().state, 'leading')
  t.equal(await labelled('first'), 50)
  const b = begin('b')
  await b.ready()
  await b.idle()
  t.match(b.status(), { state: 'standby', holder: 'a', running: 0 })

  const ref = { name: 'map-7', namespace: 'default' }
  await kube.modify(configMaps, ref, map => ({ ...map, data: { label: 'second' } }))
  await until(async () => await labelled('second') === 1, 'the label')

  await a.close()
  t.equal((await kube.get(leases, { namespace: 'kubesphere-system', name: 'ks-apiserver-reconcilers' })).spec?.holderIdentity, '')
  await kube.modify(configMaps, ref, map => ({ ...map, data: { label: 'third' } }))
  await until(() => b.status().state === 'leading', 'the lease')
  await b.idle()
  t.equal(await labelled('third'), 1)
  t.strictSame(lines.filter(({ level }) => level >= 40), [])
})

t.test('the process that has the store takes over from the one that had it, and from nobody else', async t => {
  const { kube: { transport } } = await embeddedApi(t)
  const { log } = captureLog()
  const kube = createKube({ transport, log })
  t.teardown(() => kube.close())
  await kube.create(namespaces, { metadata: { name: 'kubesphere-system' } })
  const lease = { metadata: { namespace: 'kubesphere-system', name: 'ks-apiserver-reconcilers' } }
  const held = (holderIdentity: string) => ({ holderIdentity, leaseDurationSeconds: 15, renewTime: new Date().toISOString().replace('Z', '000Z') })
  const look = async (holder: string) => {
    const there = await kube.find(leases, lease.metadata)
    await (there ? kube.update(leases, { ...there, spec: held(holder) }) : kube.create(leases, { ...lease, spec: held(holder) }))
    const runner = runReconcilers({ kube, reconcilers: [labeller(kube, new Set())], log })
    await runner.ready()
    const { state, holder: now = '' } = runner.status()
    return { runner, state, now }
  }
  const killed = await look('in-process_11111111-2222-3333-4444-555555555555_66666666-7777-8888-9999-000000000000')
  t.equal(killed.state, 'leading', 'at once, although the lease is fresh')
  const beside = await look(killed.now)
  t.strictSame([beside.state, beside.now], ['standby', killed.now], 'a server of the same process, before it is replaced')
  const remote = await look('host-1_4711_66666666-7777-8888-9999-000000000000')
  t.equal(remote.state, 'standby', 'a process that comes over the network may live')
  await Promise.all([killed, beside, remote].map(({ runner }) => runner.close()))
})
