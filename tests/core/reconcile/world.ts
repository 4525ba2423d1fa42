import { runReconcilers, type Runner } from '../../../core/reconcile/runner.js'
import { defineReconciler, serviceUnavailable, watched, type Key, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import { configMaps, leases } from '../../../schemas/kube/builtin.js'
import { fakeKube } from '../../helpers/fake-kube.js'
import { captureLog } from './capture-log.js'
import { fakeClock, type FakeClock } from './fake-clock.js'

export const own = { namespace: 'kubesphere-system', name: 'ks-apiserver-reconcilers' }
export const their = { namespace: 'kubesphere-system', name: 'ks-controller-manager-leader-election' }
export const epoch = Date.parse('2024-05-01T00:00:00Z')

export const map = (name: string, namespace = 'demo') => ({ metadata: { name, namespace } })
export const idOf = ({ name, namespace = '' }: Key) => `${namespace}/${name}`

/** A reconciler of config maps that notes what it was called with. */
export function recorder (calls: string[], doing: (key: Key) => Promise<void> = async () => {}): Reconciler {
  return defineReconciler({ name: 'recorder', watches: [watched(configMaps)], reconcile: async (key) => { calls.push(idOf(key)); await doing(key) } })
}

/** Runners over one Kubernetes, one clock and one log. */
export function world (kube = fakeKube([configMaps, [map('one'), map('two')]])) {
  const clock = fakeClock()
  const start = clock.now()
  let slept = 0
  const wall = () => epoch + clock.now() - start + slept
  const { log, lines } = captureLog()
  return {
    kube,
    clock,
    wall,
    lines,
    /** The machine sleeps: the time of day goes on, all else stands still. */
    sleep: (ms: number) => { slept += ms },
    run: (identity: string, reconcilers: Reconciler[], through: Kube = kube): Runner => runReconcilers({ kube: through, reconcilers, log, clock, wall, random: () => 0, identity }),
    lease: () => kube.find(leases, own),
    /** ks-controller-manager, renewing. */
    async theirs (holderIdentity: string, renewTime = new Date(wall()).toISOString()) {
      const spec = { holderIdentity, leaseDurationSeconds: 30, renewTime }
      const there = await kube.find(leases, their)
      await (there ? kube.update(leases, { ...there, spec }) : kube.create(leases, { metadata: { ...their }, spec }))
    },
  }
}

/** A Kubernetes API whose way for one process can be cut. */
export function cuttable (kube: Kube) {
  const state = { down: false, hang: false }
  const gate = async <T>(call: () => Promise<T>): Promise<T> => {
    if (state.hang) return new Promise<never>(() => {})
    if (state.down) throw serviceUnavailable('connect ECONNREFUSED')
    return call()
  }
  const through: Kube = {
    ...kube,
    find: (kind, ref) => gate(() => kube.find(kind, ref)),
    create: (kind, object) => gate(() => kube.create(kind, object)),
    update: (kind, object) => gate(() => kube.update(kind, object)),
  }
  return { through, state }
}

export async function close (clock: FakeClock, ...runners: Runner[]) {
  const closed = Promise.all(runners.map(runner => runner.close()))
  await clock.advance(20_000)
  await closed
}
