import type { Logger } from 'pino'
import type { Kube, KubeObject, StoreEvent } from '../kube/types.js'
import type { Key, Reconciler, Watched } from '../sdk/reconciler.js'
import type { Bucket } from './bucket.js'
import type { Clock } from './clock.js'
import type { EventType } from './event.js'
import { describe, publicMessageOf } from './failure.js'
import { createQueue, type Queue } from './queue.js'
import type { Recorder } from './recorder.js'

/** One reconciler with its queue, which works in terms. */
export interface Unit {
  readonly name: string
  readonly queue: Queue
  /** Whether a term is under way. */
  readonly working: boolean
  /** Begins a term: once the watched stores are synced, what is there is put on the queue, then what comes. */
  begin (): void
  /** Ends the term; what is at work ends by itself. */
  end (): void
  /** Resolves when the term has taken up its work, or is over. */
  opened (): Promise<void>
  /** Resolves when the queue is empty, or the term is over. */
  idle (): Promise<void>
}

export interface UnitOptions {
  reconciler: Reconciler
  kube: Kube
  log: Logger
  bucket: Bucket
  recorder: Recorder
  clock: Clock
  random: () => number
  /** Asked before each start. */
  may: () => boolean
}

interface Term { opened: Promise<void>, unsubscribe: (() => void)[], over: Promise<void>, end: () => void }

const ownKey = ({ metadata: { name, namespace } }: KubeObject): Key[] => [namespace ? { name, namespace } : { name }]

/** The work of a reconciler with its Events: what it records, and what fails. */
function told ({ name, watches, reconcile }: Reconciler, kube: Kube, recorder: Recorder) {
  const { kind, part } = watches.find(({ keys }) => !keys) ?? {}
  const objectOf = (key: Key) => kind && kube.store(kind, part).get(key.name, key.namespace)
  const tell = (object: KubeObject | undefined, type: EventType, reason: string, message: string) => { if (kind && object) recorder.record({ kind, object }, type, reason, message) }
  return {
    reconcile (key: Key) {
      // From before the work, which may be the end of it.
      const object = objectOf(key)
      return reconcile(key, { record: (reason, message) => { tell(object, 'Normal', reason, message) } })
    },
    failed: (key: Key, error: unknown) => { tell(objectOf(key), 'Warning', 'ReconcileFailed', `${name}: ${publicMessageOf(error)}`) },
  }
}

export function createUnit ({ reconciler, kube, log, bucket, recorder, clock, random, may }: UnitOptions): Unit {
  const { name, watches } = reconciler
  const { reconcile, failed } = told(reconciler, kube, recorder)
  const queue = createQueue({ reconciler: { name, reconcile }, onFailure: failed, log, bucket, clock, random, may })
  let term: Term | undefined

  function follow ({ kind, keys = ownKey, part }: Watched): () => void {
    const put = (object: KubeObject) => { for (const key of keys(object)) queue.add(key) }
    return kube.store(kind, part).subscribe(({ object, previous }: StoreEvent<KubeObject>) => {
      try {
        put(object)
        // What an object no longer points at has changed too.
        if (previous) put(previous)
      } catch (error) {
        log.error({ reconciler: name, resource: kind.resource, ...describe(error) }, 'an event could not be turned into keys')
      }
    }, { replay: true })
  }

  async function open (mine: Term) {
    await Promise.race([mine.over, Promise.all(watches.map(({ kind, part }) => kube.store(kind, part).ready()))])
    if (term !== mine) return
    queue.start()
    for (const watched of watches) mine.unsubscribe.push(follow(watched))
  }

  return {
    name,
    queue,
    get working () { return term !== undefined },
    begin () {
      if (term) return
      let end = () => {}
      const over = new Promise<void>(resolve => { end = resolve })
      const mine: Term = { opened: over, unsubscribe: [], over, end }
      term = mine
      mine.opened = open(mine).catch((error: unknown) => { log.error({ reconciler: name, ...describe(error) }, 'a reconciler could not begin') })
    },
    end () {
      if (!term) return
      queue.stop()
      for (const unsubscribe of term.unsubscribe) unsubscribe()
      term.end()
      term = undefined
    },
    opened: async () => { await term?.opened },
    idle: async () => { if (term) await Promise.race([term.over, queue.idle()]) },
  }
}
