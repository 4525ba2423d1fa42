import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { endOf, sight, sightTheirs, isFree } from '../../../core/reconcile/lease.js'
import { watched, type Kube } from '../../../core/sdk/index.js'
import { configMaps, leases, namespaces, secrets, type Lease } from '../../../schemas/kube/builtin.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { turns } from './fake-clock.js'
import { close, cuttable, epoch, idOf, map, own, recorder, their, world } from './world.js'

t.test('what is there at the start is reconciled, then what comes', async t => {
  const { kube, clock, run, lease, wall } = world()
  const calls: string[] = []
  const runner = run('a', [recorder(calls)])
  t.equal(runner.status().state, 'waiting')
  await runner.ready()
  await runner.idle()
  t.strictSame(calls, ['demo/one', 'demo/two'])
  await kube.create(configMaps, map('three'))
  await runner.idle()
  t.strictSame(calls.slice(2), ['demo/three'])
  t.strictSame(runner.status(), { state: 'leading', holder: 'a', queued: 0, running: 0, failing: [] })
  const renewTime = `${new Date(wall()).toISOString().slice(0, -1)}000Z`
  t.strictSame((await lease())?.spec, { holderIdentity: 'a', leaseDurationSeconds: 15, renewTime, acquireTime: renewTime, leaseTransitions: 0 })
  t.ok(await kube.find(namespaces, { name: own.namespace }), 'the namespace of the lease is made')
  await close(clock, runner)
  t.equal((await lease())?.spec?.holderIdentity, '', 'close gives the lease back')
  t.strictSame(clock.due(), [], 'and leaves no timer')
  await kube.create(configMaps, map('four'))
  await turns()
  t.equal(calls.length, 3, 'and no subscription')
})

t.test('a watch chooses its keys; one that throws is logged and ignored', async t => {
  const { kube, clock, run, lines } = world(fakeKube([secrets, [{ metadata: { name: 'token', namespace: 'demo', labels: { owner: 'alice' } } }, { metadata: { name: 'bare', namespace: 'demo' } }]]))
  const calls: string[] = []
  const runner = run('a', [{
    name: 'owners',
    watches: [watched(secrets, ({ metadata: { labels } }) => {
      if (!labels) throw new Error('no labels')
      return [{ name: labels['owner'] ?? '' }]
    })],
    reconcile: async key => { calls.push(idOf(key)) },
  }])
  await runner.idle()
  t.strictSame(calls, ['/alice'])
  t.strictSame(lines.filter(({ level }) => level === 50).map(({ reconciler, resource, error }) => ({ reconciler, resource, error })), [{ reconciler: 'owners', resource: 'secrets', error: 'no labels' }])
  await kube.patch(secrets, { name: 'token', namespace: 'demo' }, { metadata: { labels: { owner: 'bob' } } })
  await runner.idle()
  t.strictSame(calls.slice(1).sort(), ['/alice', '/bob'], 'who lost it is looked at as well')
  await close(clock, runner)
})

t.test('a failing key is told by status, at most twenty of them', async t => {
  const { clock, run } = world(fakeKube([configMaps, Array.from({ length: 30 }, (_, i) => map(`m${i}`))]))
  const runner = run('a', [recorder([], async () => { throw new Error('broken') })])
  await runner.idle()
  const { failing } = runner.status()
  t.equal(failing.length, 20)
  t.strictSame(failing[0], { reconciler: 'recorder', key: 'demo/m0', attempts: 1, error: 'broken' })
  await close(clock, runner)
})

t.test('two reconcilers of one name are refused', async t => {
  const { run } = world()
  t.throws(() => run('a', [recorder([]), recorder([])]), { message: 'reconciler recorder is registered twice' })
})

t.test('work begins with synced stores', async t => {
  const { kube, clock, run } = world()
  let sync = () => {}
  const synced = new Promise<void>(resolve => { sync = resolve })
  const slow: Kube = { ...kube, store: kind => Object.assign(Object.create(kube.store(kind)), kind.resource === 'secrets' ? { ready: () => synced } : {}) }
  const calls: string[] = []
  const late: string[] = []
  const runner = run('a', [recorder(calls), { name: 'late', watches: [watched(configMaps), watched(secrets)], reconcile: async key => { late.push(idOf(key)) } }], slow)
  let ready = false
  const both = runner.ready().then(() => { ready = true })
  await turns()
  t.equal(calls.length, 2, 'one that has what it needs does not wait for others')
  t.strictSame([ready, late], [false, []])
  sync()
  await both
  await runner.idle()
  t.equal(late.length, 2)
  await close(clock, runner)
})

t.test('stores that sync after the lease was lost begin nothing', async t => {
  const { kube, clock, run } = world()
  const { through, state } = cuttable(kube)
  let sync = () => {}
  const synced = new Promise<void>(resolve => { sync = resolve })
  const slow: Kube = { ...through, store: kind => Object.assign(Object.create(kube.store(kind)), { ready: () => synced }) }
  const calls: string[] = []
  const runner = run('a', [recorder(calls)], slow)
  const ready = runner.ready()
  await clock.advance(1000)
  t.equal(runner.status().state, 'leading')
  state.down = true
  await clock.advance(12_000)
  await ready
  await runner.idle()
  sync()
  await turns()
  await kube.create(configMaps, map('three'))
  await turns()
  t.strictSame([runner.status().queued, calls], [0, []])
  state.down = false
  await clock.advance(2000)
  await runner.idle()
  t.equal(calls.length, 3, 'each once')
  await close(clock, runner)
})

t.test('one of two works; the other takes over what is given back', async t => {
  const { kube, clock, run, lease, lines } = world()
  const calls: Record<string, string[]> = { a: [], b: [] }
  const a = run('a', [recorder(calls['a'] ?? [])])
  await a.idle()
  const b = run('b', [recorder(calls['b'] ?? [])])
  await b.ready()
  await b.idle()
  t.strictSame(b.status(), { state: 'standby', holder: 'a', queued: 0, running: 0, failing: [] })
  await clock.advance(120_000)
  t.strictSame([a.status().state, b.status().state, calls['b']], ['leading', 'standby', []], 'a lease that is renewed stays')
  await a.close()
  await clock.advance(2000)
  await b.idle()
  t.strictSame(calls['b'], ['demo/one', 'demo/two'])
  t.equal((await lease())?.spec?.leaseTransitions, 1)
  await kube.create(configMaps, map('three'))
  await b.idle()
  t.equal(calls['b']?.length, 3)
  t.equal(calls['a']?.length, 2)
  t.strictSame(lines.map(({ msg, holder }) => [msg, holder]), [
    ['reconcilers run here', 'a'], ['reconcilers run in another process', 'a'], ['reconcilers run here', 'b'],
  ], 'one line for each change')
  await close(clock, b)
})

t.test('a process that ended without a word is followed after the lease’s time by our clock', async t => {
  const { kube, clock, run } = world()
  // Its clock is an hour ahead.
  await kube.create(leases, { metadata: { ...own }, spec: { holderIdentity: 'dead', leaseDurationSeconds: 15, renewTime: new Date(epoch + 3_600_000).toISOString() } })
  const runner = run('a', [recorder([])])
  await clock.advance(14_000)
  t.equal(runner.status().state, 'standby')
  await clock.advance(3000)
  t.equal(runner.status().state, 'leading')
  await close(clock, runner)
})

for (const how of ['down', 'hang'] as const) {
  t.test(`a leader whose way to the API is cut (${how}) stops before another begins`, async t => {
    const { kube, clock, run, lines } = world()
    const { through, state } = cuttable(kube)
    const calls: string[] = []
    const a = run('a', [recorder(calls)], through)
    await a.idle()
    const b = run('b', [recorder([])])
    await b.ready()
    state[how] = true
    const cut = clock.now()
    while (a.status().state === 'leading') await clock.advance(100)
    t.ok(clock.now() - cut <= 10_100, 'by the renew deadline')
    t.equal(b.status().state, 'standby')
    await kube.create(configMaps, map('unseen'))
    await clock.advance(1000)
    t.equal(calls.length, 2, 'nothing is done without the lease')
    await clock.advance(60_000)
    t.equal(b.status().state, 'leading')
    t.equal(lines.filter(({ level }) => level === 40).length, 1, 'one warning')
    state[how] = false
    await clock.advance(6000)
    t.strictSame(a.status(), { state: 'standby', holder: 'b', queued: 0, running: 0, failing: [] })
    await b.close()
    await clock.advance(3000)
    await a.idle()
    t.equal(a.status().state, 'leading')
    t.equal(calls.length, 2 + 3, 'all is looked at again')
    await close(clock, a)
  })
}

for (const how of ['held up', 'asleep'] as const) {
  t.test(`a process that was ${how} does not go on with a lease that has run out`, async t => {
    const { kube, clock, sleep, run } = world()
    const calls: string[] = []
    const runner = run('a', [recorder(calls)])
    await runner.idle()
    if (how === 'asleep') sleep(11_000); else clock.stall(11_000)
    await kube.create(configMaps, map('three'))
    await turns()
    t.equal(calls.length, 2)
    await clock.advance(3000)
    await runner.idle()
    t.strictSame(calls.slice(2).sort(), ['demo/one', 'demo/three', 'demo/two'], 'it goes on when it has the lease again')
    await close(clock, runner)
  })
}

t.test('two that begin at once: one is faster, the other soon knows', async t => {
  const { clock, run } = world()
  const runners = ['a', 'b'].map(name => run(name, [recorder([])]))
  await clock.advance(250)
  t.strictSame(runners.map(runner => runner.status().state).sort(), ['leading', 'standby'])
  await close(clock, ...runners)
})

t.test('somebody else in the lease ends the work', async t => {
  const { kube, clock, run, lease } = world()
  const runner = run('a', [recorder([])])
  await runner.idle()
  const current = await lease() as Lease
  await kube.update(leases, { ...current, spec: { ...current.spec, holderIdentity: 'b' } })
  await clock.advance(2000)
  t.match(runner.status(), { state: 'standby', holder: 'b' })
  await close(clock, runner)
  t.equal((await lease())?.spec?.holderIdentity, 'b', 'only the own lease is given back')
})

t.test('close waits for what is at work', async t => {
  const { kube, clock, run, lease } = world(fakeKube([configMaps, [map('one')]]))
  let end = () => {}
  const runner = run('a', [recorder([], () => new Promise<void>(resolve => { end = resolve }))])
  await runner.ready()
  await turns()
  let closed = false
  const closing = runner.close().then(() => { closed = true })
  await clock.advance(1000)
  t.notOk(closed)
  t.equal((await lease())?.spec?.holderIdentity, 'a', 'the lease is kept as long')
  end()
  await closing
  t.equal((await kube.get(leases, own)).spec?.holderIdentity, '')
  await runner.close()
})

t.test('close does not wait for ever, and keeps the lease from others while something runs', async t => {
  const { clock, run, lease, lines } = world()
  const runner = run('a', [recorder([], () => new Promise(() => {}))])
  await runner.ready()
  await turns()
  const closing = runner.close()
  await clock.advance(5000)
  await closing
  t.equal((await lease())?.spec?.holderIdentity, 'a')
  t.match(lines.at(-1), { level: 40, msg: 'a reconciler has not ended: its lease runs out by itself' })
})

t.test('close with the API away', async t => {
  const { kube, clock, run } = world()
  const { through, state } = cuttable(kube)
  const runner = run('a', [recorder([])], through)
  await runner.idle()
  state.hang = true
  await clock.advance(2000)
  let closed = false
  void runner.close().then(() => { closed = true })
  await clock.advance(9000)
  t.ok(closed)
  t.strictSame(clock.due(), [])
})

t.test('an answer that comes after the end is not acted on', async t => {
  const { kube, clock, run, lease } = world()
  let answer = () => {}
  const held = new Promise<void>(resolve => { answer = resolve })
  const slow: Kube = { ...kube, find: async (kind, ref) => { await held; return kube.find(kind, ref) } }
  const runner = run('a', [recorder([])], slow)
  await close(clock, runner)
  answer()
  await turns()
  t.equal(await lease(), undefined)
  t.equal(runner.status().state, 'waiting')
})

t.test('while the API is away it is said once, and ready waits', async t => {
  const { kube, clock, run, lines } = world()
  const { through, state } = cuttable(kube)
  state.down = true
  const runner = run('a', [recorder([])], through)
  let ready = false
  void runner.ready().then(() => { ready = true })
  await clock.advance(60_000)
  t.strictSame(lines.map(({ level, msg, error }) => ({ level, msg, error })), [{ level: 40, msg: 'reconcilers wait: their lease cannot be held', error: 'connect ECONNREFUSED' }])
  t.strictSame([ready, runner.status().state], [false, 'waiting'])
  state.down = false
  await clock.advance(2000)
  t.strictSame([ready, runner.status().state], [true, 'leading'])
  await close(clock, runner)
})

t.test('ks-controller-manager at work: ours stand down, until it has surely ended', async t => {
  const { kube, clock, run, theirs, lines } = world()
  const calls: string[] = []
  const runner = run('a', [recorder(calls)])
  await runner.idle()
  await theirs('ks-controller-manager-0')
  await clock.advance(2000)
  t.match(runner.status(), { state: 'stood-down', holder: 'ks-controller-manager-0' })
  await kube.create(configMaps, map('three'))
  for (let i = 0; i < 30; i++) {
    await clock.advance(5000)
    await theirs('ks-controller-manager-0')
  }
  t.equal(calls.length, 2)
  await clock.advance(59_000)
  t.equal(runner.status().state, 'stood-down', 'two of its durations')
  await clock.advance(4000)
  await runner.idle()
  t.equal(runner.status().state, 'leading')
  t.equal(calls.length, 2 + 3)
  t.strictSame(lines.map(({ msg }) => msg), ['reconcilers run here', 'ks-controller-manager is at work: reconcilers stand down', 'reconcilers run here'])
  await close(clock, runner)
})

t.test('ready and idle do not wait for ks-controller-manager', async t => {
  const { clock, run, theirs } = world()
  await theirs('ks-controller-manager-0')
  const runner = run('a', [recorder([])])
  await runner.ready()
  await runner.idle()
  t.equal(runner.status().state, 'stood-down')
  await close(clock, runner)
})

const leaseOf = (holderIdentity: string | null, renewed: number, leaseDurationSeconds = 30): Lease => ({ metadata: { ...their }, spec: { holderIdentity, leaseDurationSeconds, renewTime: new Date(epoch + renewed).toISOString() } })

const firstLooks = [
  { name: 'no lease', alive: false },
  { name: 'renewed just now', lease: leaseOf('x', -1000), alive: true },
  { name: 'renewed 50 s ago', lease: leaseOf('x', -50_000), alive: true },
  { name: 'renewed 61 s ago', lease: leaseOf('x', -61_000), alive: false },
  { name: 'renewed in the future', lease: leaseOf('x', 3_600_000), alive: true },
  { name: 'given back just now', lease: leaseOf('', -1000), alive: false },
  { name: 'nobody, as null', lease: leaseOf(null, -1000), alive: false },
  { name: 'no renew time', lease: { metadata: { ...their }, spec: { holderIdentity: 'x' } }, alive: true },
  { name: 'no spec', lease: { metadata: { ...their } }, alive: false },
  { name: 'a duration out of all measure', lease: leaseOf('x', -700_000, 1e9), alive: false },
]
for (const { name, lease, alive } of firstLooks) {
  t.equal(endOf(lease, sightTheirs(lease, undefined, 5000, epoch)) > 5000, alive, `another program’s lease at the first look: ${name}`)
}

t.test('another program’s dead lease comes alive when it moves', async t => {
  const dead = leaseOf('x', -900_000)
  const first = sightTheirs(dead, undefined, 0, epoch)
  t.notOk(endOf(dead, sightTheirs(dead, first, 2000, epoch + 2000)) > 2000)
  // Its clock is far behind.
  const moved = leaseOf('x', -890_000)
  t.ok(endOf(moved, sightTheirs(moved, first, 4000, epoch + 4000)) > 4000)
})

const freedoms = [
  { name: 'no lease', free: true },
  { name: 'nobody’s', lease: leaseOf('', 0, 15), free: true },
  { name: 'ours', lease: leaseOf('me', 0, 15), free: true },
  { name: 'another’s, just seen', lease: leaseOf('x', 0, 15), free: false },
  { name: 'another’s, silent for its duration', lease: leaseOf('x', 0, 15), silent: 15_000, free: true },
  { name: 'another’s, silent for almost its duration', lease: leaseOf('x', 0, 15), silent: 14_999, free: false },
  { name: 'another’s, of a longer duration', lease: leaseOf('x', 0, 60), silent: 59_000, free: false },
  { name: 'another’s, of a senseless duration', lease: leaseOf('x', 0, -3), silent: 14_000, free: false },
]
for (const { name, lease, silent = 0, free } of freedoms) {
  t.equal(isFree(lease, sight(lease, undefined, 100), 'me', 100 + silent), free, `the lease: ${name}`)
}

t.test('whoever is cut off, held up or closed when: never two at work', async t => {
  const step = fc.record({ who: fc.integer({ min: 0, max: 2 }), what: fc.constantFrom('down', 'hang', 'heal', 'restart', 'touch'), wait: fc.integer({ min: 0, max: 20_000 }) })
  await fc.assert(fc.asyncProperty(fc.array(step, { minLength: 1, maxLength: 12 }), async steps => {
    const { kube, clock, run } = world(fakeKube([configMaps, [map('one')]]))
    const leading = () => people.filter(({ runner }) => runner.status().state === 'leading').length
    const atWork: object[] = []
    let most = 0
    const calls: string[] = []
    const begin = (i: number) => {
      const { through, state } = cuttable(kube)
      const me = {}
      const note = recorder(calls, async () => {
        atWork.push(me)
        most = Math.max(most, leading(), new Set(atWork).size)
        await new Promise<void>(resolve => { clock.later(3000, resolve) })
        atWork.splice(atWork.indexOf(me), 1)
      })
      return { state, runner: run(`p${i}-${calls.length}-${clock.now()}`, [note], through) }
    }
    const people = [0, 1, 2].map(begin)
    for (const [i, { who, what, wait }] of steps.entries()) {
      const person = people[who] as ReturnType<typeof begin>
      if (what === 'heal') Object.assign(person.state, { down: false, hang: false })
      else if (what === 'touch') await kube.create(configMaps, map(`touch-${i}`))
      else if (what === 'restart') {
        void person.runner.close()
        people[who] = begin(who)
      } else person.state[what] = true
      for (let gone = 0; gone <= wait; gone += 500) {
        await clock.advance(500)
        most = Math.max(most, leading())
      }
    }
    for (const { state } of people) Object.assign(state, { down: false, hang: false })
    await clock.advance(40_000)
    const last = leading()
    await close(clock, ...people.map(({ runner }) => runner))
    return most <= 1 && last === 1
  }), { numRuns: 15 })
})
