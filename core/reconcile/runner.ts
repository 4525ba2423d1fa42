import { randomUUID } from 'node:crypto'
import { hostname } from 'node:os'
import type { Logger } from 'pino'
import type { Kube, StoreEvent, KubeObject } from '../kube/types.js'
import type { Key, Reconciler, Watched } from '../sdk/reconciler.js'
import { createBucket } from './bucket.js'
import { systemClock, type Clock } from './clock.js'
import { createElector, type LeaseState } from './elector.js'
import { describe, messageOf } from './failure.js'
import { createQueue, type Failing, type Queue } from './queue.js'

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

/** One time of leading. */
interface Term { opened: Promise<unknown>, unsubscribe: (() => void)[], over: Promise<void>, end: () => void }

const ownKey = ({ metadata: { name, namespace } }: KubeObject): Key[] => [namespace ? { name, namespace } : { name }]
const turn = () => new Promise(resolve => { setImmediate(resolve) })

/** Runs the reconcilers while this process holds the lease that all replicas share. */
export function runReconcilers ({ kube, reconcilers, log, clock = systemClock, wall = Date.now, random = Math.random, identity = `${hostname()}_${process.pid}_${randomUUID()}` }: RunnerOptions): Runner {
  const twice = reconcilers.find(({ name }, i) => reconcilers.findIndex(other => other.name === name) !== i)
  if (twice) throw new Error(`reconciler ${twice.name} is registered twice`)

  const bucket = createBucket({ ...rate, clock })
  const queues = reconcilers.map(reconciler => createQueue({ reconciler, log, bucket, clock, random, may: () => elector.mayWork() }))
  let term: Term | undefined
  let closing: Promise<void> | undefined

  function follow (name: string, { kind, keys = ownKey }: Watched, queue: Queue): () => void {
    const put = (object: KubeObject) => { for (const key of keys(object)) queue.add(key) }
    return kube.store(kind).subscribe(({ object, previous }: StoreEvent<KubeObject>) => {
      try {
        put(object)
        // What an object no longer points at has changed too.
        if (previous) put(previous)
      } catch (error) {
        log.error({ reconciler: name, resource: kind.resource, ...describe(error) }, 'an event could not be turned into keys')
      }
    }, { replay: true })
  }

  async function open ({ name, watches }: Reconciler, queue: Queue, mine: Term) {
    await Promise.race([mine.over, Promise.all(watches.map(({ kind }) => kube.store(kind).ready()))])
    if (term !== mine) return
    queue.start()
    for (const watched of watches) mine.unsubscribe.push(follow(name, watched, queue))
  }

  function begin () {
    let end = () => {}
    const over = new Promise<void>(resolve => { end = resolve })
    const mine: Term = { opened: over, unsubscribe: [], over, end }
    term = mine
    mine.opened = Promise.all(reconcilers.map((reconciler, i) => open(reconciler, queues[i] as Queue, mine).catch((error: unknown) => {
      log.error({ reconciler: reconciler.name, ...describe(error) }, 'a reconciler could not begin')
    })))
  }

  function stop () {
    for (const queue of queues) queue.stop()
    for (const unsubscribe of term?.unsubscribe ?? []) unsubscribe()
    term?.end()
    term = undefined
  }

  const elector = createElector({ kube, log, clock, wall, identity, onLead: begin, onLose: stop })

  async function ready () {
    await elector.decided()
    await term?.opened
  }

  async function idle () {
    await ready()
    // Two turns, for events that a write has caused and that are on their way.
    for (let quiet = 0; quiet < 2; quiet++) {
      if (!term) return
      if (queues.some(queue => queue.busy())) quiet = -1
      await Promise.race([term.over, Promise.all(queues.map(queue => queue.idle()))])
      await turn()
    }
  }

  async function close () {
    elector.end()
    bucket.close()
    let off = () => {}
    const late = new Promise<false>(resolve => { off = clock.later(lastWait, () => { resolve(false) }) })
    const rested = await Promise.race([late, Promise.all(queues.map(queue => queue.rest())).then(() => true)])
    off()
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
      const all = queues.map(queue => queue.status())
      return {
        state: elector.state,
        ...(elector.holder ? { holder: elector.holder } : {}),
        queued: all.reduce((sum, { queued }) => sum + queued, 0),
        running: all.reduce((sum, { running }) => sum + running, 0),
        failing: all.flatMap(({ failing }) => failing).slice(0, shown),
      }
    },
  }
}
