import { randomBytes } from 'node:crypto'
import t from 'tap'
import { Snapshots } from '../../../plugins/kube-embedded/continue.js'
import type { Snapshot } from '../../../plugins/kube-embedded/storage/types.js'

const snapshot = (revision: number): Snapshot => ({ revision, size: 0, get: () => undefined, range: () => [][Symbol.iterator](), count: () => 0 })
const newest = () => snapshot(9999)

t.test('at most 256 snapshots are kept, the last used longest', async t => {
  const kept = new Snapshots(randomBytes(32), () => 0)
  const tokens = Array.from({ length: 300 }, (_, i) => kept.token('b', { snapshot: snapshot(i), after: 'x', seen: 1 }, 's'))
  let alive = 0
  for (const token of tokens) {
    try {
      kept.resume('b', token, 's', newest)
      alive++
    } catch (error) {
      t.match(error, { code: 410, reason: 'Expired' })
    }
  }
  t.equal(alive, 256)
  t.equal(kept.resume('b', tokens.at(-1)!, 's', newest).snapshot.revision, 299)
})

t.test('tokens of another key, or of another scope, are refused', async t => {
  const key = randomBytes(32)
  const kept = new Snapshots(key, () => 0)
  const token = kept.token('b', { snapshot: snapshot(1), after: 'b/x', seen: 3 }, 's')
  t.match(kept.resume('b', token, 's', newest), { after: 'b/x', seen: 3 })
  t.throws(() => new Snapshots(randomBytes(32), () => 0).resume('b', token, 's', newest), { code: 400 })
  t.throws(() => kept.resume('b', token, 'other', newest), { code: 400 })
  t.throws(() => new Snapshots(key, () => 0).resume('b', token, 's', newest), { code: 410 }, 'known, but the process is another: list again')
  for (let i = 0; i < token.length; i++) {
    const changed = token.slice(0, i) + (token[i] === 'A' ? 'B' : 'A') + token.slice(i + 1)
    // The last character of base64url may hold bits that belong to no byte.
    if (Buffer.from(changed, 'base64url').equals(Buffer.from(token, 'base64url'))) continue
    t.throws(() => kept.resume('b', changed, 's', newest), { code: 400 }, `changed at ${i}`)
  }
})

t.test('a snapshot is kept for five minutes after its last page', async t => {
  let now = 0
  const kept = new Snapshots(randomBytes(32), () => now)
  const token = kept.token('b', { snapshot: snapshot(1), after: 'x', seen: 1 }, 's')
  now = 299_999
  t.equal(kept.resume('b', token, 's', newest).snapshot.revision, 1)
  now = 300_001
  t.throws(() => kept.resume('b', token, 's', newest), { code: 410 })
})
