import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import { openStorage } from '../../../../plugins/kube-embedded/storage/index.js'
import { restoreDirectory } from '../../../../plugins/kube-embedded/storage/restore.js'
import { snapshotDirectory } from '../../../../plugins/kube-embedded/storage/snapshot.js'
import type { Mutation, Storage } from '../../../../plugins/kube-embedded/storage/types.js'
import { temporaryFolder } from '../../../helpers/process.js'

const bucket = 'core/configmaps'
const key = (name: string) => `${bucket}/a/${name}`
const put = (name: string, value: unknown): Mutation => ({ put: { metadata: { name, namespace: 'a' }, data: { value } } as never })
const write = (storage: Storage, name: string, value: unknown) => storage.write(bucket, key(name), () => put(name, value))
const contents = (storage: Storage) => [...storage.snapshot(bucket).range(`${bucket}/`)].map(({ key, json }) => `${key} ${String(json)}`)

t.test('a snapshot of a store that is written to is what it was at one moment', async t => {
  const folder = temporaryFolder(t)
  const dir = join(folder, 'data')
  const storage = await openStorage({ dir })
  const end = new AbortController()
  // Two objects are written in turn, so that at every revision the first is at most one ahead.
  const writer = (async () => { for (let i = 1; !end.signal.aborted; i++) for (const name of ['first', 'second']) await write(storage, name, i) })()
  for (let i = 0; i < 200; i++) await write(storage, `n${i}`, 'x'.repeat(1000))
  for (const [i, take] of [() => storage.backup(join(folder, 'snapshot-0')), () => snapshotDirectory(dir, join(folder, 'snapshot-1'))].entries()) {
    const before = storage.revision
    await take()
    const after = storage.revision
    const file = join(folder, `snapshot-${i}`)
    t.equal(statSync(file).mode & 0o777, 0o600)
    const { revision, objects } = await restoreDirectory(join(folder, `data-${i}`), file)
    t.equal(objects, 202)
    const restored = await openStorage({ dir: join(folder, `data-${i}`) })
    const value = (name: string) => (restored.get(bucket, key(name))?.object as never as { data: { value: number } }).data.value
    t.ok([0, 1].includes(value('first') - value('second')), `${value('first')} and ${value('second')}`)
    const newest = Math.max(...[...restored.snapshot(bucket).range(`${bucket}/`)].map(({ revision }) => revision))
    t.ok(newest >= before && newest <= after, 'it is of the time when it was asked for')
    t.ok(restored.revision === revision && revision > after, 'revisions go on')
    await restored.close()
  }
  end.abort()
  await writer
  await storage.close()
  t.strictSame(readdirSync(folder).sort(), ['data', 'data-0', 'data-1', 'snapshot-0', 'snapshot-1'], 'nothing else is left')
})

t.test('after a restore nobody goes on from a revision of before', async t => {
  const folder = temporaryFolder(t)
  const [dir, file] = [join(folder, 'data'), join(folder, 'snapshot')]
  const storage = await openStorage({ dir })
  await write(storage, 'x', 1)
  await storage.backup(file)
  for (let i = 0; i < 50; i++) await write(storage, 'x', i)
  const last = storage.revision
  await storage.close()
  const { aside } = await restoreDirectory(dir, file, { force: true })
  const restored = await openStorage({ dir })
  t.equal((restored.get(bucket, key('x'))?.object as never as { data: { value: number } }).data.value, 1)
  t.ok((await write(restored, 'x', 2))!.revision > last)
  for (const after of [1, last]) t.throws(() => restored.watch({ bucket, prefix: bucket, after, onChange: () => {} }), { code: 410 })
  await restored.close()
  const old = await restoreTwice(t, folder, dir, aside!)
  t.equal((old.get(bucket, key('x'))?.object as never as { data: { value: number } }).data.value, 49, 'the old store was moved aside, whole')
  await old.close()
})

/** Opens a store that was moved aside as a data directory of its own. */
async function restoreTwice (t: Pick<typeof import('tap').default, 'equal' | 'notOk'>, folder: string, dir: string, aside: string): Promise<Storage> {
  t.equal(statSync(aside).mode & 0o777, 0o600)
  const again = join(folder, 'again')
  mkdirSync(again, { mode: 0o700 })
  writeFileSync(join(again, 'store.mdb'), readFileSync(aside))
  t.notOk(readdirSync(dir).some(name => name.startsWith('restore-')))
  return openStorage({ dir: again })
}

t.test('what is refused, in one sentence, and changes nothing', async t => {
  const folder = temporaryFolder(t)
  const [dir, file] = [join(folder, 'data'), join(folder, 'snapshot')]
  const storage = await openStorage({ dir })
  for (let i = 0; i < 100; i++) await write(storage, `n${i}`, 'x'.repeat(2000))
  await storage.backup(file)
  const good = readFileSync(file)
  const made = (name: string, bytes: Buffer) => { const path = join(folder, name); writeFileSync(path, bytes); return path }
  const flipped = Buffer.from(good)
  flipped[good.length >> 1]! ^= 1
  const cases: [string, () => Promise<unknown>, RegExp][] = [
    ['a file that is there', () => storage.backup(file), /snapshot exists already: name another file, or add --force/],
    ['the same for a script', () => snapshotDirectory(dir, file), /exists already/],
    ['no store', () => snapshotDirectory(join(folder, 'nowhere'), join(folder, 'x')), /holds no store/],
    ['no folder', () => snapshotDirectory(dir, join(folder, 'nowhere', 'x')), /there is no folder/],
    ['a store in use', () => restoreDirectory(dir, file, { force: true }), /is in use by process/],
    ['no snapshot', () => restoreDirectory(join(folder, 'new'), join(folder, 'absent')), /absent does not exist/],
    ['an empty file', () => restoreDirectory(join(folder, 'new'), made('empty', Buffer.alloc(0))), /empty is no snapshot/],
    ['something else', () => restoreDirectory(join(folder, 'new'), made('else', Buffer.alloc(10_000, 'x'))), /else is no snapshot/],
    ['a part of one', () => restoreDirectory(join(folder, 'new'), made('part', good.subarray(0, good.length >> 1))), /part is no snapshot, or not all of one/],
    ['one changed bit', () => restoreDirectory(join(folder, 'new'), made('flipped', flipped)), /flipped is damaged/],
  ]
  for (const [what, act, message] of cases) await t.rejects(act(), { message }, what)
  t.notOk(existsSync(join(folder, 'new', 'store.mdb')), 'nothing was begun')
  t.ok(readFileSync(file).equals(good))
  const before = contents(storage)
  await storage.close()
  await t.rejects(restoreDirectory(dir, file), { message: /holds a store already: name a new one with --data-dir, or add --force/ })
  chmodSync(dir, 0o700)
  const again = await openStorage({ dir })
  t.strictSame(contents(again), before)
  await again.close()
  await snapshotDirectory(dir, file, { force: true })
  t.equal((await restoreDirectory(join(folder, 'new'), file)).objects, 100, 'a server that is stopped can be copied, too')
})
