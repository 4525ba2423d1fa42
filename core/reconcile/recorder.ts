import { LRUCache } from 'lru-cache'
import type { Logger } from 'pino'
import { unlessMissing } from '../errors/status-error.js'
import type { Kind, Kube, KubeObject } from '../kube/types.js'
import { createBucket } from './bucket.js'
import { within, type Clock } from './clock.js'
import { changesOf, eventOf, events, type EventType, type Occurrence } from './event.js'
import { messageOf } from './failure.js'

/** Writes Kubernetes Events in the background. What cannot be written, or is too much, is dropped. */
export interface Recorder {
  record (about: { kind: Kind, object: KubeObject }, type: EventType, reason: string, message: string): void
  /** Writes what waits, bounded, and takes nothing more. */
  close (): Promise<void>
}

/** `gather`: how long occurrences are counted together before they are written (ms). `window`: how long the same is counted in one Event (ms). */
const timing = { gather: 1000, window: 600_000, patience: 5000, farewell: 1000 }
/** Kinds of occurrences that wait; those that are remembered; writes a second, and at once after a pause. */
const bounds = { waiting: 500, kept: 2000, rate: 10, burst: 100 }
/** What one object may tell: so much at once, then one more in so many ms. */
const share = { burst: 25, refill: 300_000 }

interface Written { name: string, namespace: string, count: number, at: number }

const idOf = ({ group, resource }: Kind, { metadata: { namespace = '', name, uid = '' } }: KubeObject): string => [group, resource, namespace, name, uid].join('/')

/** `count` and the newest message stand for occurrences of one Warning; of what is normal, each message is a story of its own. */
export function createRecorder ({ kube, log, clock, wall }: { kube: Kube, log: Logger, clock: Clock, wall: () => number }): Recorder {
  const waiting = new Map<string, Occurrence>()
  const written = new LRUCache<string, Written>({ max: bounds.kept })
  const shares = new LRUCache<string, { tokens: number, at: number }>({ max: bounds.kept })
  const bucket = createBucket({ rate: bounds.rate, burst: bounds.burst, clock })
  let writing: Promise<void> | undefined
  let callOff: (() => void) | undefined
  let crowded = false
  let closed = false

  /** Whether the object still has a share. */
  function may (object: string): boolean {
    const now = clock.now()
    const { tokens, at } = shares.get(object) ?? { tokens: share.burst, at: now }
    const filled = Math.min(share.burst, tokens + (now - at) / share.refill)
    shares.set(object, { tokens: filled < 1 ? filled : filled - 1, at: now })
    return filled >= 1
  }

  async function write (key: string, occurrence: Occurrence): Promise<void> {
    const before = written.get(key)
    if (before && clock.now() - before.at < timing.window) {
      const count = before.count + occurrence.count
      const found = await kube.patch(events, before, changesOf(occurrence, count)).catch(unlessMissing)
      if (found) { written.set(key, { ...before, count, at: clock.now() }); return }
    }
    const { metadata: { name, namespace = '' } } = await kube.create(events, eventOf(occurrence))
    written.set(key, { name, namespace, count: occurrence.count, at: clock.now() })
  }

  async function writeAll (): Promise<void> {
    for (const [key, occurrence] of waiting) {
      await new Promise<void>(resolve => { if (closed) resolve(); else bucket.take(resolve) })
      waiting.delete(key)
      await within(write(key, occurrence), timing.patience, 'it took too long', clock).catch((error: unknown) => { log.debug({ reason: occurrence.reason, error: messageOf(error) }, 'an event could not be written') })
    }
    crowded = false
    writing = undefined
  }

  return {
    record ({ kind, object }, type, reason, message) {
      if (closed) return
      const id = idOf(kind, object)
      const key = JSON.stringify([id, reason, type === 'Normal' ? message : ''])
      const same = waiting.get(key)
      if (same) { Object.assign(same, { message, count: same.count + 1, last: wall() }); return }
      if (waiting.size >= bounds.waiting) {
        if (!crowded) log.warn('there is more to tell than can be written: some events are dropped')
        crowded = true
        return
      }
      if (!may(id)) return
      waiting.set(key, { kind, object, type, reason, message, count: 1, first: wall(), last: wall() })
      callOff ??= clock.later(timing.gather, () => {
        callOff = undefined
        writing ??= writeAll()
      })
    },
    async close () {
      closed = true
      callOff?.()
      bucket.close()
      writing ??= waiting.size ? writeAll() : undefined
      if (writing) await within(writing, timing.farewell, 'it took too long', clock).catch(() => {})
    },
  }
}
