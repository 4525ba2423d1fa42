import t from 'tap'
import { claimsOf } from '../../../core/reconcile/counterpart.js'
import { linesOf } from '../../../core/reconcile/report.js'
import { defineReconciler, forbidden, watched, type Kind, type Kube, type KubeObject, type Reconciler } from '../../../core/sdk/index.js'
import { configMaps, deployments as anyDeployments } from '../../../schemas/kube/builtin.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { close, map, world } from './world.js'

const deployments = anyDeployments as Kind
const theirs = { namespace: 'kubesphere-system', name: 'ks-controller-manager' }

const commands = [
  { command: [], on: 'user group csr', off: '' },
  { command: ['controller-manager', '--logtostderr=true'], on: 'user group csr', off: '' },
  { command: ['controller-manager', '--controllers=*'], on: 'user group csr', off: '' },
  { command: ['controller-manager', '--controllers=user,workspace'], on: 'user workspace', off: 'group csr' },
  { command: ['controller-manager', '--controllers', 'user'], on: 'user', off: 'group' },
  { command: ['controller-manager', '--controllers=*,-user'], on: 'group', off: 'user' },
  { command: ['controller-manager', '--controllers=-user,*,user'], on: 'group', off: 'user' },
  { command: ['controller-manager', '--controllers=user,-user'], on: 'user', off: 'group' },
  { command: ['controller-manager', '--controllers=user', '--controllers=group'], on: 'user group', off: 'csr' },
  { command: ['controller-manager', '--controllers=-user'], on: '', off: 'user group' },
  { command: ['sh', '-c', 'controller-manager --controllers=user'], on: 'user group', off: '' },
  { command: ['controller-manager', '--controllers=$(CONTROLLERS)'], on: 'user group', off: '' },
]
for (const { command, on, off } of commands) {
  const claims = claimsOf(command)
  const split = (text: string) => text.split(' ').filter(name => name !== '')
  for (const name of split(on)) t.ok(claims(name), `${command.join(' ')}: ${name} is theirs`)
  for (const name of split(off)) t.notOk(claims(name), `${command.join(' ')}: ${name} is not`)
}

/** Reconcilers of config maps that note what they were called with. */
function crew () {
  const calls: Record<string, number> = {}
  const one = (name: string, standsDownFor?: string[]): Reconciler => {
    calls[name] = 0
    return defineReconciler({ name, ...(standsDownFor ? { standsDownFor } : {}), watches: [watched(configMaps)], async reconcile () { calls[name] = (calls[name] ?? 0) + 1 } })
  }
  const reconcilers = [one('user'), one('group'), one('kubeconfig', ['csr', 'user']), one('own', [])]
  return { calls, reconcilers }
}

interface State { controllers?: string, available?: number, settled?: boolean }

function build (kube = fakeKube([configMaps, [map('one')]])) {
  const all = world(kube)
  const { calls, reconcilers } = crew()
  /** Their Deployment; undefined: none. */
  async function deploy (state: State | undefined) {
    const there = await kube.find(deployments, theirs)
    if (!state) { if (there) await kube.delete(deployments, theirs); return }
    const { controllers, available = 1, settled = true } = state
    const object = {
      metadata: { ...theirs, generation: settled ? 2 : 3 },
      spec: { template: { spec: { containers: [{ command: ['controller-manager', ...(controllers === undefined ? [] : [`--controllers=${controllers}`])] }] } } },
      status: { availableReplicas: available, observedGeneration: 2, replicas: 1, updatedReplicas: 1 },
    } as KubeObject
    await (there ? kube.update(deployments, { ...object, metadata: { ...there.metadata, ...object.metadata } }) : kube.create(deployments, object))
  }
  const start = () => all.run('a', reconcilers)
  /** Time goes on, with their lease renewed where `who` is given. */
  async function pass (ms: number, who?: string) {
    for (let gone = 0; gone < ms; gone += 5000) {
      if (who) await all.theirs(who)
      await all.clock.advance(Math.min(5000, ms - gone))
    }
  }
  return { ...all, calls, deploy, start, pass }
}
const down = (runner: { status: () => { standDown?: { names: string[] } } }) => runner.status().standDown?.names ?? []

t.test('what ks-controller-manager runs stands down, the rest goes on', async t => {
  const { kube, clock, calls, deploy, start, pass, lines } = build()
  await deploy({ controllers: 'user,workspace' })
  await pass(5000, 'pod_1')
  const runner = start()
  await runner.idle()
  t.strictSame(calls, { user: 0, group: 1, kubeconfig: 0, own: 1 })
  t.match(runner.status(), { state: 'leading', standDown: { names: ['kubeconfig', 'user'], by: 'pod_1', why: 'its Lease is renewed' } })
  t.strictSame(linesOf(runner.status()), ['they run here', 'for ks-controller-manager (its Lease is renewed) stand down: kubeconfig, user'])
  t.match(lines, [{ level: 30, msg: 'ks-controller-manager is at work: some reconcilers stand down, the others run here', standDown: ['kubeconfig', 'user'], by: 'pod_1' }])
  await kube.create(configMaps, map('two'))
  await pass(120_000, 'pod_1')
  t.strictSame(calls, { user: 0, group: 2, kubeconfig: 0, own: 2 })
  await deploy({ controllers: 'user,workspace', available: 0 })
  await pass(55_000)
  t.strictSame(down(runner), ['kubeconfig', 'user'], 'until two of its lease durations have passed')
  await pass(10_000)
  await runner.idle()
  t.strictSame(down(runner), [])
  t.strictSame(calls, { user: 2, group: 2, kubeconfig: 2, own: 2 }, 'and those that were at work did not begin anew')
  t.strictSame(lines.slice(1).map(({ msg }) => msg), ['reconcilers run here'])
  await pass(2000, 'pod_2')
  t.strictSame(down(runner), ['kubeconfig', 'user'], 'back down at the next look, long before its first lease ends')
  await kube.create(configMaps, map('three'))
  await pass(2000)
  t.strictSame(calls, { user: 2, group: 3, kubeconfig: 2, own: 3 })
  await close(clock, runner)
})

t.test('a Lease without a Deployment to read: all but our own', async t => {
  const refusing = fakeKube([configMaps, [map('one')]])
  const find: Kube['find'] = async (kind, ref) => {
    if (kind.resource === 'deployments') throw forbidden('deployments.apps', ref.name, 'no')
    return refusing.find(kind, ref)
  }
  for (const kube of [fakeKube([configMaps, [map('one')]]), { ...refusing, find }]) {
    const { clock, calls, start, pass } = build(kube)
    await pass(1000, 'somewhere')
    const runner = start()
    await runner.idle()
    t.strictSame(calls, { user: 0, group: 0, kubeconfig: 0, own: 1 })
    await pass(65_000)
    await runner.idle()
    t.strictSame(calls, { user: 1, group: 1, kubeconfig: 1, own: 1 })
    await close(clock, runner)
  }
})

t.test('a Deployment without a Lease', async t => {
  const { clock, calls, deploy, start, pass } = build()
  await deploy({ controllers: '*,-group' })
  const runner = start()
  await runner.idle()
  t.strictSame(calls, { user: 0, group: 1, kubeconfig: 0, own: 1 })
  t.match(runner.status().standDown, { by: 'ks-controller-manager', why: 'its Deployment is available' })
  await pass(100_000)
  await deploy({ controllers: '*,-group', available: 0 })
  await pass(55_000)
  t.strictSame(down(runner), ['kubeconfig', 'user'])
  await pass(10_000)
  await runner.idle()
  t.strictSame(calls, { user: 1, group: 1, kubeconfig: 1, own: 1 })
  await close(clock, runner)
})

t.test('while a Deployment is rolled out, what the old one did stays down', async t => {
  const { clock, deploy, start, pass } = build()
  await deploy({ controllers: 'user' })
  await pass(1000, 'pod_1')
  const runner = start()
  await runner.idle()
  await deploy({ controllers: 'group', settled: false })
  await pass(200_000, 'pod_1')
  t.strictSame(down(runner), ['group', 'kubeconfig', 'user'])
  await deploy({ controllers: 'group' })
  await pass(55_000, 'pod_2')
  t.strictSame(down(runner), ['group', 'kubeconfig', 'user'])
  await pass(10_000, 'pod_2')
  t.strictSame(down(runner), ['group'])
  await close(clock, runner)
})

t.test('in the middle of a roll-out that nobody has seen begin, all stand down', async t => {
  const { clock, deploy, start, pass } = build()
  await deploy({ controllers: 'group', settled: false })
  await pass(1000, 'pod_1')
  const runner = start()
  await runner.idle()
  t.strictSame(down(runner), ['group', 'kubeconfig', 'user'])
  await close(clock, runner)
})

t.test('a Deployment that is taken away: its last lease keeps down what it ran, no more', async t => {
  const { clock, deploy, start, pass } = build()
  await deploy({ controllers: 'user' })
  await pass(1000, 'pod_1')
  const runner = start()
  await runner.idle()
  await deploy(undefined)
  await pass(30_000, 'pod_1')
  t.strictSame(down(runner), ['kubeconfig', 'user'])
  await pass(5000, 'another')
  t.strictSame(down(runner), ['group', 'kubeconfig', 'user'], 'of somebody else in the lease nothing is known')
  await pass(65_000)
  t.strictSame(down(runner), [])
  await close(clock, runner)
})

t.test('where nothing is left to do, the lease is left alone', async t => {
  const { clock, run, theirs, lease } = world()
  await theirs('pod_1')
  const runner = run('a', crew().reconcilers.slice(0, 2))
  await runner.idle()
  t.match(runner.status(), { state: 'stood-down', holder: 'pod_1' })
  t.strictSame(linesOf(runner.status()), ['none runs here: ks-controller-manager does the work of all', 'for ks-controller-manager (its Lease is renewed) stand down: group, user'])
  t.equal(await lease(), undefined)
  await close(clock, runner)
})
