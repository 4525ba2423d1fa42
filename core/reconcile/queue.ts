import type { Logger } from 'pino'
import type { Key } from '../sdk/reconciler.js'
import { backOff } from './back-off.js'
import type { Bucket } from './bucket.js'
import type { Clock } from './clock.js'
import { describe, isConflict, messageOf } from './failure.js'

export interface Failing { reconciler: string, key: string, attempts: number, error: string }

/** The keys of one reconciler: each at most once in the line and at most once at work. No larger than the caches that feed it. */
export interface Queue {
  /** Puts a key in the line; one that is at work comes once more afterwards. Ignored while stopped. */
  add (key: Key): void
  start (): void
  /** Forgets what waits; what is at work ends by itself and is not put back. */
  stop (): void
  /** True while a key is in the line, at work, or about to come back after a conflict or an event. Timers and back-off do not count. */
  busy (): boolean
  /** Resolves when nothing is `busy`. */
  idle (): Promise<void>
  /** Resolves when nothing is at work. */
  rest (): Promise<void>
  status (): { queued: number, running: number, failing: Failing[] }
}

export interface QueueOptions {
  reconciler: { name: string, reconcile: (key: Key) => Promise<void | { again: number }> }
  log: Logger
  bucket: Bucket
  clock: Clock
  /** Keys at work at the same time; default 8. */
  concurrency?: number
  /** Asked before each start; nothing starts while it is false. */
  may?: () => boolean
  random?: () => number
  /** Called for every failure that is somebody's fault. */
  onFailure?: (key: Key, error: unknown) => void
}

interface Entry {
  readonly id: string
  readonly key: Key
  running: boolean
  /** Came while it was at work. */
  came: boolean
  /** Failures in a row. */
  attempts: number
  error: string
  /** Calls the timer off that brings the key back. */
  callOff?: (() => void) | undefined
  /** When that timer ends. */
  due: number
}

/** Conflicts in a row that are nobody's fault; more are failures like others. */
const patience = 8
/** An event brings a failing key back after at most this long (ms), and not before its back-off if that is shorter: what fails after a write must not spin. */
const soonest = 1000
/** The shortest `again` (ms). */
const shortest = 5

const idOf = ({ name, namespace }: Key): string => namespace ? `${namespace}/${name}` : name

export function createQueue ({ reconciler, log, bucket, clock, concurrency = 8, may = () => true, random = Math.random, onFailure = () => {} }: QueueOptions): Queue {
  const entries = new Map<string, Entry>()
  const line = new Set<Entry>()
  const soon = new Set<Entry>()
  const waiters: { until: () => boolean, resolve: () => void }[] = []
  let running = 0
  let open = false
  let asked = false
  let turn: NodeJS.Immediate | undefined

  const busy = () => line.size > 0 || running > 0 || soon.size > 0

  function wait (until: () => boolean): Promise<void> {
    return until() ? Promise.resolve() : new Promise(resolve => { waiters.push({ until, resolve }) })
  }

  function settle () {
    for (let i = waiters.length - 1; i >= 0; i--) if (waiters[i]?.until()) waiters.splice(i, 1)[0]?.resolve()
  }

  const ready = () => open && running < concurrency && line.size > 0 && may()

  // A turn of the loop between starts: a long line of quick keys leaves room for requests.
  function pump () {
    turn ??= setImmediate(() => {
      turn = undefined
      ask()
    })
  }

  function ask () {
    if (asked || !ready()) return
    asked = true
    bucket.take(() => {
      asked = false
      const [entry] = line
      if (!entry || !ready()) return
      void work(entry)
      ask()
    })
  }

  function enqueue (entry: Entry) {
    forget(entry)
    line.add(entry)
    pump()
  }

  /** Drops the timer of a key. */
  function forget (entry: Entry) {
    entry.callOff?.()
    entry.callOff = undefined
    soon.delete(entry)
  }

  function delay (entry: Entry, ms: number) {
    forget(entry)
    entry.due = clock.now() + ms
    entry.callOff = clock.later(ms, () => { enqueue(entry) })
  }

  /** Brings a failing key back at the earlier of its back-off and `soonest`. */
  function hasten (entry: Entry) {
    if (soon.has(entry)) return
    delay(entry, Math.min(entry.due - clock.now(), soonest))
    soon.add(entry)
  }

  async function work (entry: Entry) {
    line.delete(entry)
    entry.running = true
    entry.came = false
    running++
    try {
      const result = await reconciler.reconcile(entry.key)
      succeeded(entry, result?.again)
    } catch (error) {
      failed(entry, error)
    }
  }

  function finished (entry: Entry) {
    entry.running = false
    running--
  }

  function succeeded (entry: Entry, again: number | undefined) {
    finished(entry)
    entry.attempts = 0
    entry.error = ''
    if (open && entry.came) enqueue(entry)
    else if (open && again !== undefined && !Number.isNaN(again)) delay(entry, Math.max(again, shortest))
    else entries.delete(entry.id)
    next()
  }

  function failed (entry: Entry, error: unknown) {
    finished(entry)
    entry.attempts++
    entry.error = messageOf(error)
    const quiet = isConflict(error) && entry.attempts <= patience
    if (!quiet) {
      log.error({ reconciler: reconciler.name, key: entry.id, attempts: entry.attempts, ...describe(error) }, 'a reconciler failed')
      onFailure(entry.key, error)
    }
    if (!open) entries.delete(entry.id)
    else {
      delay(entry, backOff(entry.attempts, random()))
      if (quiet) soon.add(entry)
      else if (entry.came) hasten(entry)
    }
    next()
  }

  function next () {
    if (line.size > 0) pump()
    settle()
  }

  return {
    add (key) {
      if (!open) return
      const id = idOf(key)
      let entry = entries.get(id)
      if (!entry) entries.set(id, entry = { id, key, running: false, came: false, attempts: 0, error: '', due: 0 })
      if (entry.running) entry.came = true
      else if (entry.attempts > 0 && entry.callOff) hasten(entry)
      else if (!line.has(entry)) enqueue(entry)
    },
    start () { open = true },
    stop () {
      open = false
      line.clear()
      for (const entry of entries.values()) {
        forget(entry)
        Object.assign(entry, { came: false, attempts: 0 })
        if (!entry.running) entries.delete(entry.id)
      }
      if (turn) clearImmediate(turn)
      turn = undefined
      settle()
    },
    busy,
    idle: () => wait(() => !busy()),
    rest: () => wait(() => running === 0),
    status: () => ({
      queued: line.size + soon.size,
      running,
      failing: [...entries.values()].filter(({ attempts }) => attempts > 0).map(({ id, attempts, error }) => ({ reconciler: reconciler.name, key: id, attempts, error })),
    }),
  }
}
