import { pino } from 'pino'
import t from 'tap'
import { createKube } from '../../../core/kube/client.js'
import { configMaps, namespaces } from '../../../schemas/kube/builtin.js'
import { embeddedApi } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

t.test('the server\'s own client over the transport', async t => {
  const { kube: embedded } = await embeddedApi(t, { kinds: someKinds })
  const kube = createKube({ transport: embedded.transport, log: pino({ level: 'silent' }) })
  const ref = { name: 'a', namespace: 'default' }
  const store = kube.store(configMaps)
  await store.ready()
  const made = await kube.create(configMaps, { metadata: ref, data: { x: '1' } })
  t.ok(await store.waitFor(ref, made.metadata.resourceVersion!, 5000), 'the watch delivers it')
  t.same(store.get('a', 'default')?.data, { x: '1' })
  await Promise.all(Array.from({ length: 5 }, (_, i) => kube.modify(configMaps, ref, object => ({ ...object, data: { ...object.data, [`k${i}`]: 'v' } }))))
  const now = await kube.get(configMaps, ref)
  t.equal(Object.keys(now.data!).length, 6, 'no change is lost')
  t.equal((await kube.patch(configMaps, ref, { data: { x: null } })).data!['x'], undefined)
  await t.rejects(kube.update(configMaps, made), { code: 409, reason: 'Conflict' })
  await t.rejects(kube.create(configMaps, { metadata: ref }), { code: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' })
  await kube.delete(configMaps, ref)
  t.equal(await kube.find(configMaps, ref), undefined)
  t.same((await kube.list(namespaces)).items.map(({ metadata }) => metadata.name), ['default', 'kube-node-lease', 'kube-public', 'kube-system'])
  await kube.close()
})
