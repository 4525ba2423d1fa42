import type { Logger } from 'pino'
import type { Kube } from '../kube/types.js'
import type { Reconciler } from '../sdk/reconciler.js'
import { createBucket } from './bucket.js'
import { systemClock, type Clock } from './clock.js'
import { createCounterpart } from './counterpart.js'
import { createElector, type LeaseState } from './elector.js'
import { messageOf } from './failure.js'
import { isPredecessor, newIdentity } from './identity.js'
import type { Failing } from './queue.js'
import { createRecorder } from './recorder.js'
import { createUnit } from './unit.js'

export interface RunnerOptions {
  kube: Kube
  reconcilers: readonly Reconciler[]
  log: Logger
  clock?: Clock
  /** The time of day (ms). */
  wall?: () => number
  random?: () => number
  /** Who holds the lease; unique to this runner. */
  identity?: string
}

export interface RunnerStatus {
  state: LeaseState
  holder?: string
  /** Reconcilers whose work ks-controller-manager does, and how we know. */
  standDown?: { names: string[], by: string, why: string }
  queued: number
  running: number
  /** At most 20. */
  failing: Failing[]
}

export interface Runner {
  /** Resolves when it is known who does the work and, where it is us, the watched stores are synced. */
  ready (): Promise<void>
  /** Resolves when all queues are empty and nothing is at work; timers and keys in back-off do not count. At once where others do the work. */
  idle (): Promise<void>
  /** Stops, waits at most 5 s for what is at work, and gives the lease back. */
  close (): Promise<void>
  status (): RunnerStatus
}

/** Starts of all reconcilers together: this many a second, and at once after a pause. */
const rate = { rate: 200, burst: 1000 }
const lastWait = 5000
const shown = 20

const turn = () => new Promise(resolve => { setImmediate(resolve) })

/** Runs the reconcilers while this process holds the lease that all replicas share, but for those whose work ks-controller-manager does. */
export function runReconcilers ({ kube, reconcilers, log, clock = systemClock, wall = Date.now, random = Math.random, identity }: RunnerOptions): Runner {
  const twice = reconcilers.find(({ name }, i) => reconcilers.findIndex(other => other.name === name) !== i)
  if (twice) throw new Error(`reconciler ${twice.name} is registered twice`)

  const inProcess = kube.transport.inProcess === true
  const bucket = createBucket({ ...rate, clock })
  const recorder = createRecorder({ kube, log, clock, wall })
  const units = reconcilers.map(reconciler => createUnit({ reconciler, kube, log, bucket, recorder, clock, random, may: () => elector.mayWork(reconciler.name) }))
  let closing: Promise<void> | undefined

  const elector = createElector({
    kube,
    log,
    clock,
    wall,
    identity: identity ?? newIdentity(inProcess),
    ...(inProcess ? { isDead: isPredecessor } : {}),
    counterpart: createCounterpart({ kube, clock, wall, reconcilers }),
    names: reconcilers.map(({ name }) => name),
    onWork (names) { for (const unit of units) if (names.has(unit.name)) unit.begin(); else unit.end() },
  })

  async function ready () {
    await elector.decided()
    await Promise.all(units.map(unit => unit.opened()))
  }

  async function idle () {
    await ready()
    // Two turns, for events that a write has caused and that are on their way.
    for (let quiet = 0; quiet < 2; quiet++) {
      if (!units.some(({ working }) => working)) return
      if (units.some(({ queue }) => queue.busy())) quiet = -1
      await Promise.all(units.map(unit => unit.idle()))
      await turn()
    }
  }

  async function close () {
    elector.end()
    bucket.close()
    let off = () => {}
    const late = new Promise<false>(resolve => { off = clock.later(lastWait, () => { resolve(false) }) })
    const rested = await Promise.race([late, Promise.all(units.map(({ queue }) => queue.rest())).then(() => true)])
    off()
    await recorder.close()
    if (!rested) log.warn('a reconciler has not ended: its lease runs out by itself')
    else await elector.release().catch((error: unknown) => { log.warn({ error: messageOf(error) }, 'the lease of the reconcilers could not be given back: it runs out by itself') })
  }

  return {
    ready,
    idle,
    close () {
      closing ??= close()
      return closing
    },
    status () {
      const all = units.map(({ queue }) => queue.status())
      const { names, by, why } = elector.standDown
      return {
        state: elector.state,
        ...(elector.holder ? { holder: elector.holder } : {}),
        ...(names.size ? { standDown: { names: [...names].sort(), by, why } } : {}),
        queued: all.reduce((sum, { queued }) => sum + queued, 0),
        running: all.reduce((sum, { running }) => sum + running, 0),
        failing: all.flatMap(({ failing }) => failing).slice(0, shown),
      }
    },
  }
}
