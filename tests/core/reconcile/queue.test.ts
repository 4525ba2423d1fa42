import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { createBucket } from '../../../core/reconcile/bucket.js'
import { createQueue, type QueueOptions } from '../../../core/reconcile/queue.js'
import { alreadyExists, conflict, type Key } from '../../../core/sdk/index.js'
import { captureLog } from './capture-log.js'
import { fakeClock, turns } from './fake-clock.js'

type Doing = (key: Key, call: number) => void | { again: number } | Promise<void | { again: number }>

function build (doing: Doing = () => {}, options: Partial<QueueOptions> & { rate?: number, burst?: number } = {}) {
  const clock = fakeClock()
  const { log, lines } = captureLog()
  const calls: string[] = []
  const reconcile = async (key: Key) => {
    calls.push(key.namespace ? `${key.namespace}/${key.name}` : key.name)
    return doing(key, calls.length)
  }
  const { rate = 200, burst = 1000, ...rest } = options
  const queue = createQueue({ reconciler: { name: 'demo', reconcile }, log, clock, bucket: createBucket({ rate, burst, clock }), random: () => 0, ...rest })
  queue.start()
  return { queue, clock, lines, calls }
}

/** A reconcile that ends when it is told to. */
function gate () {
  const open: (() => void)[] = []
  return { doing: () => new Promise<void>(resolve => { open.push(resolve) }), next: () => { open.shift()?.() }, get waiting () { return open.length } }
}

t.test('keys are worked on in the order they came, each once', async t => {
  const { queue, calls } = build()
  for (const name of ['b', 'a', 'b', 'c', 'a']) queue.add({ name })
  queue.add({ name: 'a', namespace: 'x' })
  t.strictSame(queue.status(), { queued: 4, running: 0, failing: [] })
  await queue.idle()
  t.strictSame(calls, ['b', 'a', 'c', 'x/a'])
  t.strictSame(queue.status(), { queued: 0, running: 0, failing: [] })
})

t.test('a key that comes while it is at work is worked on once more, afterwards', async t => {
  const { doing, next } = gate()
  const { queue, calls } = build(doing)
  queue.add({ name: 'a' })
  await turns()
  for (let i = 0; i < 5; i++) queue.add({ name: 'a' })
  await turns()
  t.strictSame(calls, ['a'])
  t.strictSame(queue.status(), { queued: 0, running: 1, failing: [] })
  next()
  await turns()
  t.strictSame(calls, ['a', 'a'])
  next()
  await queue.idle()
  t.strictSame(calls, ['a', 'a'])
})

t.test('no more keys are at work than allowed', async t => {
  const { doing, next } = gate()
  const { queue, calls } = build(doing, { concurrency: 3 })
  for (let i = 0; i < 7; i++) queue.add({ name: `k${i}` })
  await turns()
  t.equal(queue.status().running, 3)
  t.equal(queue.status().queued, 4)
  for (let i = 0; i < 7; i++) { next(); await turns() }
  await queue.idle()
  t.equal(calls.length, 7)
})

t.test('a failing key comes back with growing pauses and a good end forgets them', async t => {
  const { queue, clock, calls, lines } = build((_key, call) => { if (call <= 4 || call === 6) throw new TypeError('broken') })
  queue.add({ name: 'a', namespace: 'n' })
  await queue.idle()
  t.strictSame(queue.status().failing, [{ reconciler: 'demo', key: 'n/a', attempts: 1, error: 'broken' }])
  for (const [pause, count] of [[4, 1], [1, 2], [9, 2], [1, 3], [20, 4], [39, 4], [1, 5]] as const) {
    await clock.advance(pause)
    t.equal(calls.length, count, `${count} calls after ${pause} ms more`)
  }
  t.strictSame(queue.status().failing, [])
  queue.add({ name: 'a', namespace: 'n' })
  await queue.idle()
  t.strictSame(clock.due(), [5], 'the next failure begins anew')
  t.strictSame(lines.map(({ level, reconciler, key, attempts, error }) => ({ level, reconciler, key, attempts, error })), [1, 2, 3, 4, 1].map(attempts => ({ level: 50, reconciler: 'demo', key: 'n/a', attempts, error: 'broken' })))
})

t.test('the log has words, never what an error carries, and not too many', async t => {
  const { queue, lines } = build(() => { throw Object.assign(new Error('x'.repeat(5000)), { object: { data: 'secret' } }) })
  queue.add({ name: 'a' })
  await queue.idle()
  t.equal(lines.length, 1)
  t.notMatch(JSON.stringify(lines), /secret/)
  t.ok(JSON.stringify(lines).length < 3000)
})

const faster = [
  { name: 'a stale write', error: conflict('users.iam.kubesphere.io', 'a') },
  { name: 'an object that is there already', error: alreadyExists('users.iam.kubesphere.io', 'a') },
]
for (const { name, error } of faster) {
  t.test(`${name} is tried again soon and without a word`, async t => {
    const { queue, clock, calls, lines } = build((_key, call) => { if (call <= 3) throw error })
    queue.add({ name: 'a' })
    const idle = queue.idle()
    await turns()
    t.ok(queue.busy(), 'the key is about to come back')
    await clock.advance(5 + 10 + 20)
    await idle
    t.equal(calls.length, 4)
    t.strictSame(lines, [])
  })
}

t.test('a conflict without end is a failure like others', async t => {
  const { queue, clock, lines } = build(() => { throw conflict('users.iam.kubesphere.io', 'a') })
  queue.add({ name: 'a' })
  const idle = queue.idle()
  await clock.advance(60_000)
  await idle
  t.equal(lines[0]?.['attempts'], 9)
  t.equal(queue.status().failing.length, 1)
})

t.test('an event brings a failing key back, but does not let it spin', async t => {
  let broken = true
  const { queue, clock, calls } = build((key) => {
    if (!broken) return
    queue.add(key)
    throw new Error('broken')
  })
  queue.add({ name: 'a' })
  await clock.advance(60_000)
  t.ok(calls.length > 55 && calls.length < 75, `${calls.length} calls in a minute although each causes an event`)
  broken = false
  const idle = queue.idle()
  await clock.advance(1000)
  await idle
  t.strictSame(queue.status().failing, [])
})

t.test('a key that fails is not back before its pause when that is short', async t => {
  const { queue, clock, calls } = build((_key, call) => { if (call < 2) throw new Error('broken') })
  queue.add({ name: 'a' })
  await queue.idle()
  queue.add({ name: 'a' })
  t.strictSame(clock.due(), [5])
  await clock.advance(5)
  t.equal(calls.length, 2)
})

t.test('again', async t => {
  const answers: ({ again: number } | undefined)[] = [{ again: 100 }, { again: 50 }, undefined, { again: NaN }, { again: -1 }, { again: Infinity }]
  const { queue, clock, calls } = build((_key, call) => answers[call - 1])
  queue.add({ name: 'a' })
  await queue.idle()
  t.strictSame(clock.due(), [100], 'a timer does not keep the queue from being idle')
  queue.add({ name: 'a' })
  await queue.idle()
  t.strictSame(clock.due(), [50], 'one timer a key: the last answer counts')
  await clock.advance(50)
  t.equal(calls.length, 3)
  t.strictSame(clock.due(), [], 'nothing asked for, nothing comes')
  queue.add({ name: 'a' })
  await queue.idle()
  t.strictSame(clock.due(), [], 'no number, no timer')
  queue.add({ name: 'a' })
  await queue.idle()
  t.strictSame(clock.due(), [5], 'never at once')
  await clock.advance(5)
  t.strictSame(clock.due(), [Infinity])
  queue.stop()
  t.strictSame(clock.due(), [])
})

t.test('a storm is spread over time', async t => {
  const { queue, clock, calls } = build(() => {}, { rate: 100, burst: 10 })
  for (let i = 0; i < 50; i++) queue.add({ name: `k${i}` })
  await turns(100)
  t.equal(calls.length, 10)
  await clock.advance(100)
  t.equal(calls.length, 20)
  await clock.advance(300)
  t.equal(calls.length, 50)
})

t.test('queues that share a bucket take turns', async t => {
  const clock = fakeClock()
  const bucket = createBucket({ rate: 100, burst: 1, clock })
  const order: string[] = []
  const queues = ['a', 'b'].map(name => createQueue({ reconciler: { name, reconcile: async () => { order.push(name) } }, log: captureLog().log, clock, bucket }))
  for (const queue of queues) {
    queue.start()
    for (let i = 0; i < 10; i++) queue.add({ name: `k${i}` })
  }
  await clock.advance(95)
  t.equal(order.length, 10)
  const share = order.filter(name => name === 'a').length
  t.ok(share >= 4 && share <= 6, `${share} of ten starts for one of two`)
})

t.test('a long line leaves room between starts', async t => {
  const { queue, calls } = build()
  for (let i = 0; i < 500; i++) queue.add({ name: `k${i}` })
  await turns(3)
  t.ok(calls.length > 0 && calls.length <= 3 * 8, `${calls.length} starts in three turns of the loop`)
  await queue.idle()
})

t.test('stop forgets what waits, lets end what is at work, and a new start works on', async t => {
  const { doing, next } = gate()
  const { queue, clock, calls } = build(doing, { concurrency: 1 })
  queue.add({ name: 'a' })
  queue.add({ name: 'b' })
  await turns()
  queue.add({ name: 'a' })
  queue.stop()
  t.strictSame(queue.status(), { queued: 0, running: 1, failing: [] })
  queue.add({ name: 'c' })
  queue.start()
  queue.add({ name: 'a' })
  await turns()
  t.strictSame(calls, ['a'], 'never twice at once, over a stop too')
  next()
  await turns()
  t.strictSame(calls, ['a', 'a'])
  queue.stop()
  let rested = false
  const rest = queue.rest().then(() => { rested = true })
  await turns()
  t.notOk(rested)
  next()
  await rest
  t.strictSame(calls, ['a', 'a'])
  t.strictSame(clock.due(), [])
})

t.test('nothing starts while it may not', async t => {
  let allowed = true
  const { queue, calls } = build(() => { allowed = false }, { may: () => allowed, concurrency: 1 })
  queue.add({ name: 'a' })
  queue.add({ name: 'b' })
  await turns()
  t.strictSame(calls, ['a'])
})

t.test('whatever comes in whatever order: one at a time per key, and the last word is heard', async t => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('add' as const), key: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ do: fc.constant('end' as const), key: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ do: fc.constant('fail' as const), key: fc.integer({ min: 0, max: 4 }) }),
    fc.record({ do: fc.constant('wait' as const), key: fc.integer({ min: 1, max: 30 }) })
  )
  await fc.assert(fc.asyncProperty(fc.array(step, { maxLength: 40 }), async steps => {
    const world = new Map<string, number>()
    const seen = new Map<string, number>()
    const atWork = new Map<string, { end: () => void, fail: () => void }>()
    let twice = false
    const { queue, clock } = build(({ name }) => {
      if (atWork.has(name)) twice = true
      const version = world.get(name) ?? 0
      return new Promise((resolve, reject) => {
        atWork.set(name, {
          end: () => { atWork.delete(name); seen.set(name, version); resolve() },
          fail: () => { atWork.delete(name); reject(new Error('broken')) },
        })
      })
    }, { concurrency: 2 })
    for (const { do: what, key } of steps) {
      const name = `k${key}`
      if (what === 'add') {
        world.set(name, (world.get(name) ?? 0) + 1)
        queue.add({ name })
      } else if (what === 'wait') await clock.advance(key)
      else atWork.get(name)?.[what]()
      await turns(3)
      if (atWork.size > 2) throw new Error('too many at work')
    }
    for (let i = 0; i < 40 && (queue.busy() || clock.due().length > 0); i++) {
      for (const { end } of atWork.values()) end()
      await clock.advance(200)
    }
    for (const [name, version] of world) if (seen.get(name) !== version) return false
    return !twice && !queue.busy()
  }), { numRuns: 60 })
})
