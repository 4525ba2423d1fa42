import t from 'tap'
import { backOff } from '../../../core/reconcile/back-off.js'
import { createBucket } from '../../../core/reconcile/bucket.js'
import { systemClock } from '../../../core/reconcile/clock.js'
import { fakeClock } from './fake-clock.js'

const rests = [
  { attempts: 1, longest: 5 },
  { attempts: 2, longest: 10 },
  { attempts: 3, longest: 20 },
  { attempts: 11, longest: 5120 },
  { attempts: 18, longest: 655_360 },
  { attempts: 19, longest: 1_000_000 },
  { attempts: 5000, longest: 1_000_000 },
]
for (const { attempts, longest } of rests) {
  t.equal(backOff(attempts, 0), longest, `after ${attempts} failures at most ${longest} ms`)
  t.equal(backOff(attempts, 1), longest * 0.8, `after ${attempts} failures at least ${longest * 0.8} ms`)
}

t.test('a bucket gives its burst at once, then its rate, in the order of asking', async t => {
  const clock = fakeClock()
  const bucket = createBucket({ rate: 10, burst: 3, clock })
  const given: [string, number][] = []
  const start = clock.now()
  for (const name of 'abcdef') bucket.take(() => given.push([name, clock.now() - start]))
  t.strictSame(given, [['a', 0], ['b', 0], ['c', 0]])
  await clock.advance(300)
  t.strictSame(given.slice(3), [['d', 100], ['e', 200], ['f', 300]])
  await clock.advance(10_000)
  for (const name of 'ghij') bucket.take(() => given.push([name, clock.now() - start]))
  t.strictSame(given.slice(6).map(([name]) => name), ['g', 'h', 'i'], 'a pause fills no more than the burst')
  bucket.close()
  t.strictSame(clock.due(), [], 'a closed bucket leaves no timer')
})

t.test('a timer longer than setTimeout can count does not fire at once', async t => {
  let fired = false
  const off = systemClock.later(Infinity, () => { fired = true })
  await new Promise(resolve => { systemClock.later(-1, () => { resolve(undefined) }) })
  off()
  t.notOk(fired)
})
