import { randomBytes } from 'node:crypto'
import { join } from 'node:path'
import { pino } from 'pino'
import t from 'tap'
import type { Context } from '../../../../plugins/kube-embedded/context.js'
import { Snapshots } from '../../../../plugins/kube-embedded/continue.js'
import type { Exchange } from '../../../../plugins/kube-embedded/exchange.js'
import { Feed } from '../../../../plugins/kube-embedded/feed.js'
import type { ResourceRoute } from '../../../../plugins/kube-embedded/route.js'
import { checkSize, maxObject, StoredEntry } from '../../../../plugins/kube-embedded/storage/entry.js'
import { Histories } from '../../../../plugins/kube-embedded/storage/history.js'
import { openStorage } from '../../../../plugins/kube-embedded/storage/index.js'
import type { Change, Mutation, Snapshot } from '../../../../plugins/kube-embedded/storage/types.js'
import { maxWatches, openFeed } from '../../../../plugins/kube-embedded/watch.js'
import { embeddedApi } from '../../../helpers/embedded-api.js'
import { memoryStorage } from '../../../helpers/memory-storage.js'
import { temporaryFolder } from '../../../helpers/process.js'
import { someKinds } from '../../../helpers/rows.js'
import { until } from '../../../helpers/until.js'

const bucket = 'core/configmaps'
const put = (name: string, text: string): Mutation => ({ put: { metadata: { name, namespace: 'a' }, data: { text } } as never })

t.test('an object is at most 1.5 MiB, as with etcd', async t => {
  const dir = join(temporaryFolder(t), 'data')
  const storage = await openStorage({ dir })
  const { call } = await embeddedApi(t, { storage, dataDir: dir, kinds: someKinds })
  const body = (size: number) => ({ metadata: { name: `n${size}`, namespace: 'default', annotations: {} }, data: { text: 'x'.repeat(size) } })
  const before = storage.revision
  const reply = await call('POST', '/api/v1/namespaces/default/configmaps', body(maxObject))
  t.equal(reply.status, 413)
  t.match(reply.json, { kind: 'Status', reason: 'RequestEntityTooLarge', message: 'etcdserver: request is too large' })
  t.equal((await call('POST', '/api/v1/namespaces/default/configmaps', body(maxObject - 1000))).status, 201)
  t.ok(storage.revision > before)
  t.equal((await call('PATCH', '/api/v1/namespaces/default/configmaps/n1571864', { data: { more: 'x'.repeat(1000) } }, { type: 'application/merge-patch+json' })).status, 413, 'nor does it grow beyond')
  t.equal((await call('POST', '/api/v1/namespaces/default/configmaps', body(3 * 1024 * 1024))).status, 413, 'a body is at most 3 MiB')
})

t.test('what is larger already can become smaller', async t => {
  const entry = (size: number) => new StoredEntry('k', 1, Buffer.alloc(size))
  t.throws(() => { checkSize(entry(maxObject + 1), undefined) }, { code: 413 })
  t.throws(() => { checkSize(entry(maxObject + 2), entry(maxObject + 1)) }, { code: 413 })
  t.doesNotThrow(() => { checkSize(entry(maxObject + 1), entry(maxObject + 1)) })
})

t.test('the past is bounded by changes, by bytes, and by the bytes of all buckets', async t => {
  let revision = 0
  const change = (size: number): Change => ({ type: 'put', entry: new StoredEntry(`${bucket}/a/x`, ++revision, Buffer.alloc(size)) })
  const histories = new Histories({ changes: 4, bytes: 100, total: 150 }, 0)
  for (let i = 0; i < 10; i++) histories.publish('few', change(1))
  t.equal(histories.of('few').size, 4)
  t.equal(histories.of('few').oldest, 6)
  for (let i = 0; i < 4; i++) histories.publish('large', change(40))
  t.ok(histories.of('large').bytes <= 100)
  for (let i = 0; i < 4; i++) histories.publish('another', change(40))
  t.ok(['few', 'large', 'another'].reduce((sum, name) => sum + histories.of(name).bytes, 0) <= 150)
  t.equal(histories.of('few').size, 4, 'who takes little keeps it')
  histories.publish('huge', change(1000))
  t.equal(histories.of('huge').size, 1, 'the newest change is always there')
})

t.test('watches are bounded, by resource and in all', async t => {
  const row = someKinds.find(({ resource }) => resource === 'configmaps')!
  const contextWith = (here: number, elsewhere: number) => {
    const of = (bucket: string, count: number) => Array.from({ length: count }, () => ({ bucket, close: () => {} }))
    return { storage: memoryStorage(), watches: new Set([...of(row.bucket, here), ...of('other/things', elsewhere)]), timings: { bookmarkInterval: 60_000, lagTimeout: 1_000 }, log: pino({ level: 'silent' }) } as unknown as Context
  }
  const open = (context: Context) => openFeed(context, { row, namespace: '', name: '' } as ResourceRoute, { method: 'GET', path: '/', query: new URLSearchParams('watch=1'), headers: {} } as unknown as Exchange)
  const refusal = { code: 429, reason: 'TooManyRequests', headers: { 'retry-after': '5' } }
  open(contextWith(maxWatches.resource - 1, 0)).close()
  t.throws(() => open(contextWith(maxWatches.resource, 0)), refusal)
  open(contextWith(0, maxWatches.total - 1)).close()
  t.throws(() => open(contextWith(0, maxWatches.total)), refusal)
})

t.test('a watcher that does not read is dropped, the others and the writer do not wait', async t => {
  const storage = await openStorage({ dir: join(temporaryFolder(t), 'data') })
  t.teardown(() => storage.close())
  const feed = (lagTimeout: number) => new Feed({ storage, bucket, prefix: `${bucket}/`, after: storage.revision, initial: [][Symbol.iterator](), encode: ({ entry }) => entry.json, failed: () => Buffer.from('failed'), lagTimeout })
  const slow = feed(50)
  const fast = Array.from({ length: 20 }, () => {
    const one = feed(60_000)
    const seen: string[] = []
    const read = () => { for (let event = one.next(); event; event = one.next()) seen.push((JSON.parse(String(event)) as { metadata: { name: string } }).metadata.name) }
    one.wake = read
    return { one, seen }
  })
  const names = Array.from({ length: 300 }, (_, i) => `n${i}`)
  for (const name of names) await storage.write(bucket, `${bucket}/a/${name}`, () => put(name, 'x'))
  for (const { seen } of fast) t.strictSame(seen, names)
  await until(() => slow.ended, 'the end of the slow one')
  let held = 0
  while (slow.next()) held++
  t.equal(held, 100, 'what it held was bounded')
  for (const { one } of fast) one.close()
})

t.test('lists that are being read hold a bounded past', async t => {
  const kept = new Snapshots(randomBytes(32), () => 0)
  const snapshot = (revision: number): Snapshot => ({ revision, size: 50_000, get: () => undefined, range: () => [][Symbol.iterator](), count: () => 0 })
  const token = (revision: number) => kept.token('b', { snapshot: snapshot(revision), after: 'x', seen: 1 }, 's')
  const tokens = [1, 10_000, 15_000].map(token)
  for (const one of tokens) t.ok(kept.resume('b', one, 's', () => snapshot(99)), 'within bounds')
  const last = token(25_000)
  t.throws(() => kept.resume('b', tokens[0]!, 's', () => snapshot(99)), { code: 410 }, 'the oldest goes')
  for (const one of [tokens[1]!, tokens[2]!, last]) t.ok(kept.resume('b', one, 's', () => snapshot(99)))
})
