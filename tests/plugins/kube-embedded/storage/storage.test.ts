import { statSync } from 'node:fs'
import { join } from 'node:path'
import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { openStorage } from '../../../../plugins/kube-embedded/storage/index.js'
import type { Change, Mutation, Storage } from '../../../../plugins/kube-embedded/storage/types.js'
import { temporaryFolder } from '../../../helpers/process.js'

const bucket = 'core/configmaps'
const key = (name: string, namespace = 'a') => `${bucket}/${namespace}/${name}`
const put = (name: string, value: string | number = 1): Mutation => ({ put: { metadata: { name, namespace: 'a' }, data: { value } } as never })
const valueOf = (storage: Storage, name: string) => (storage.get(bucket, key(name))?.object as unknown as { data?: { value: unknown } } | undefined)?.data?.value

t.test('what a write decides is what is there', async t => {
  const storage = await openStorage({ dir: join(temporaryFolder(t), 'data') })
  t.teardown(() => storage.close())
  const one = await storage.write(bucket, key('x'), current => { t.equal(current, undefined); return put('x') })
  t.equal(one?.object.metadata.resourceVersion, String(one?.revision))
  t.ok(Object.isFrozen(one?.object))
  t.equal(JSON.parse(String(one?.json)).metadata.resourceVersion, String(one?.revision))
  await t.rejects(storage.write(bucket, key('x'), () => { throw new Error('refused') }), { message: 'refused' })
  t.equal(storage.revision, one?.revision, 'a refused write takes no revision')
  await storage.write(bucket, key('x'), current => { t.equal(current?.revision, one?.revision); return { keep: true } })
  t.equal(storage.revision, one?.revision, 'nor does one that keeps')
  const snapshot = storage.snapshot(bucket)
  const gone = await storage.write(bucket, key('x'), current => ({ remove: current?.object as never }))
  t.ok((gone?.revision ?? 0) > (one?.revision ?? 0))
  t.equal(storage.get(bucket, key('x')), undefined)
  t.equal(snapshot.get(key('x'))?.revision, one?.revision, 'a snapshot does not change')
})

t.test('writers that come together see each other', async t => {
  const storage = await openStorage({ dir: join(temporaryFolder(t), 'data') })
  t.teardown(() => storage.close())
  await Promise.all(Array.from({ length: 200 }, () => storage.write(bucket, key('sum'), current => put('sum', Number((current?.object as never as { data: { value: number } })?.data.value ?? 0) + 1))))
  t.equal(valueOf(storage, 'sum'), 200)
})

t.test('watches: in order, from a revision on, and not from before what is remembered', async t => {
  const storage = await openStorage({ dir: join(temporaryFolder(t), 'data'), history: 5 })
  t.teardown(() => storage.close())
  const start = storage.revision
  const seen: Change[] = []
  const end = storage.watch({ bucket, prefix: `${bucket}/a/`, after: start, onChange: change => { seen.push(change) } })
  for (const name of ['x', 'y', 'x']) await storage.write(bucket, key(name), () => put(name))
  await storage.write(bucket, key('z', 'b'), () => put('z'))
  t.strictSame(seen.map(({ type, entry }) => [type, entry.key]), [['put', key('x')], ['put', key('y')], ['put', key('x')]])
  t.ok(seen[2]?.previous, 'a change knows what was before')
  end()
  await storage.write(bucket, key('x'), current => ({ remove: current?.object as never }))
  t.equal(seen.length, 3)
  for (let i = 0; i < 20; i++) await storage.write(bucket, key('many'), () => put('many', i))
  t.throws(() => storage.watch({ bucket, prefix: bucket, after: start, onChange: () => {} }), { code: 410, message: /too old resource version/ })
  const late: Change[] = []
  storage.watch({ bucket, prefix: `${bucket}/`, after: storage.revision - 2, onChange: change => { late.push(change) } })()
  t.equal(late.length, 2, 'what happened since is told at once')
})

t.test('a directory is one process\'s, and its owner\'s', { skip: process.platform === 'win32' }, async t => {
  const dir = join(temporaryFolder(t), 'data')
  const storage = await openStorage({ dir })
  t.equal(statSync(dir).mode & 0o777, 0o700)
  t.equal(statSync(join(dir, 'store.mdb')).mode & 0o077, 0)
  await t.rejects(openStorage({ dir }), /is in use by process/)
  await storage.close()
  const again = await openStorage({ dir })
  await again.close()
})

t.test('closing finishes what is under way', async t => {
  const dir = join(temporaryFolder(t), 'data')
  const storage = await openStorage({ dir })
  const writes = Array.from({ length: 500 }, (_, i) => storage.write(bucket, key(`n${i}`), () => put(`n${i}`)))
  const closed = storage.close()
  await Promise.all(writes)
  await closed
  const again = await openStorage({ dir })
  t.equal(again.snapshot(bucket).count(`${bucket}/`), 500)
  await again.close()
})

t.test('long names, names of every kind, and the core group without a name outlive a restart', async t => {
  const dir = join(temporaryFolder(t), 'data')
  const keys = [['core/pods', `core/pods/${'n'.repeat(63)}/${'p'.repeat(253)}`], ['/pods', '/pods/a/b'], ['rbac.authorization.k8s.io/clusterroles', 'rbac.authorization.k8s.io/clusterroles/system:controller:x%y'], ['iam.kubesphere.io/users', 'iam.kubesphere.io/users/alice']] as const
  const storage = await openStorage({ dir })
  for (const [bucket, key] of keys) await storage.write(bucket, key, () => put('x'))
  await t.rejects(storage.write('core/pods', 'core/podsx/a', () => put('x')), /is no key of core\/pods/)
  await storage.close()
  const again = await openStorage({ dir })
  for (const [bucket, key] of keys) t.ok(again.get(bucket, key), key)
  t.strictSame(again.buckets().sort(), keys.map(([bucket]) => bucket).sort())
  await again.close()
})

type Step = { name: string, value: number } | { name: string } | 'restart'
const name = fc.constantFrom('a', 'b', 'c', 'd')
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ name, value: fc.nat(99) }) },
  { weight: 3, arbitrary: fc.record({ name }) },
  { weight: 1, arbitrary: fc.constant('restart' as const) }
)

t.test('as a map would, whatever happens in which order', async t => {
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 25 }), async steps => {
    const folder = temporaryFolder(t)
    let storage = await openStorage({ dir: join(folder, 'data') })
    const model = new Map<string, number>()
    let last = 0
    for (const one of steps) {
      if (one === 'restart') {
        await storage.close()
        storage = await openStorage({ dir: join(folder, 'data') })
      } else if ('value' in one) {
        await storage.write(bucket, key(one.name), () => put(one.name, one.value))
        model.set(one.name, one.value)
      } else {
        await storage.write(bucket, key(one.name), current => current ? { remove: current.object } : { keep: true })
        model.delete(one.name)
      }
      if (storage.revision < last) throw new Error(`revision ${storage.revision} after ${last}`)
      last = storage.revision
      const found = [...storage.snapshot(bucket).range(`${bucket}/`)].map(({ object }) => [object.metadata.name, (object as never as { data: { value: number } }).data.value])
      const wanted = [...model].sort(([x], [y]) => x < y ? -1 : 1)
      if (JSON.stringify(found) !== JSON.stringify(wanted)) throw new Error(`${JSON.stringify(found)} instead of ${JSON.stringify(wanted)}`)
    }
    await storage.close()
  }), { numRuns: 60 })
  t.pass('60 histories')
})
