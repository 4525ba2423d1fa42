import type { Logger } from 'pino'
import type { Kube } from '../kube/types.js'
import { within, type Clock } from './clock.js'
import type { Counterpart, StandDown } from './counterpart.js'
import { isConflict, messageOf } from './failure.js'
import { held, holderOf, isFree, ownLease, readLease, released, sight, timing, writeLease, type Sighting } from './lease.js'

/**
 * `leading`: the work is ours, but for what `standDown` names. `standby`: another process of ours does it. `stood-down`: ks-controller-manager does all of
 * it. `waiting`: not known, the Kubernetes API does not answer.
 */
export type LeaseState = 'leading' | 'standby' | 'stood-down' | 'waiting'

export interface Elector {
  readonly state: LeaseState
  /** Who does the work, where somebody does. */
  readonly holder: string
  /** Which reconcilers stand down, and for whom, as last seen. */
  readonly standDown: StandDown
  /** False as soon as the renew deadline has passed, whatever timers say. */
  mayWork (name: string): boolean
  /** Resolves when it is known for the first time who does the work, or at `end`. */
  decided (): Promise<void>
  /** Ends the election; work ends first. `release` gives the lease back, if it is ours. */
  end (): void
  release (): Promise<void>
}

export interface ElectorOptions {
  kube: Kube
  log: Logger
  clock: Clock
  /** The time of day (ms). */
  wall: () => number
  identity: string
  /** Knows holders that have surely ended. */
  isDead?: (holder: string) => boolean
  counterpart: Counterpart
  /** All reconcilers. */
  names: readonly string[]
  /** The reconcilers that may work from now on; who is no longer among them stops, before anybody else can begin. */
  onWork: (names: ReadonlySet<string>) => void
}

/** A time by both clocks: the one that only grows may stand still while the machine sleeps. */
interface Instant { now: number, wall: number }
type Look = { state: 'leading' | 'standby' | 'stood-down', holder: string, renewed?: Instant }

/** How soon to look again when somebody was faster (ms). */
const haste = 200

const late = () => new Error('the Kubernetes API answered too late')

/** Tries for the lease for as long as it lives: looks every two seconds, renews what it holds, stands back for others. */
export function createElector ({ kube, log, clock, wall, identity, isDead, counterpart, names, onWork }: ElectorOptions): Elector {
  let state: LeaseState = 'waiting'
  let holder = ''
  let standDown: StandDown = { names: new Set(), by: '', why: '' }
  let told = ''
  let ended = false
  let renewed: Instant = { now: -Infinity, wall: -Infinity }
  let sighting: Sighting | undefined
  let wrote = false
  let current: Promise<void> = Promise.resolve()
  let offTick: (() => void) | undefined
  let offDeadline: (() => void) | undefined
  const { promise: decision, resolve: decide } = withResolver()

  function share () {
    onWork(new Set(state === 'leading' ? names.filter(name => !standDown.names.has(name)) : []))
  }

  function enter (next: LeaseState, who: string, why?: string) {
    const before = state
    state = next
    holder = who
    if (before === 'leading' && next !== 'leading') offDeadline?.()
    share()
    tell(why)
    if (next !== 'waiting') decide()
  }

  /** Says what has changed. */
  function tell (why = '') {
    const apart = state === 'leading' ? [...standDown.names].sort() : []
    const now = JSON.stringify([state, holder, apart])
    if (now === told) return
    told = now
    const fields = { state, ...(holder ? { holder } : {}) }
    if (apart.length) log.info({ ...fields, standDown: apart, by: standDown.by, why: standDown.why }, 'ks-controller-manager is at work: some reconcilers stand down, the others run here')
    else if (state === 'leading') log.info(fields, 'reconcilers run here')
    else if (state === 'standby') log.info(fields, 'reconcilers run in another process')
    else if (state === 'stood-down') log.info(fields, 'ks-controller-manager is at work: reconcilers stand down')
    else log.warn({ ...fields, error: why }, 'reconcilers wait: their lease cannot be held')
  }

  /** One look; writes only while `valid`, for a look that took too long is no longer ours to end. */
  async function look (valid: () => boolean): Promise<Look> {
    const theirs = await counterpart.look()
    if (!valid()) throw late()
    standDown = theirs
    share()
    if (theirs.names.size > 0 && names.every(name => theirs.names.has(name))) return { state: 'stood-down', holder: theirs.by }
    const lease = await readLease(kube, ownLease)
    const now = clock.now()
    sighting = sight(lease, sighting, now)
    if (!isFree(lease, sighting, identity, now, isDead)) return { state: 'standby', holder: holderOf(lease) }
    if (!valid()) throw late()
    wrote = true
    // From before the write is sent: others count from when they see it.
    const instant = { now, wall: wall() }
    const written = await writeLease(kube, held(lease, identity, instant.wall))
    sighting = sight(written, sighting, clock.now())
    return { state: 'leading', holder: identity, renewed: instant }
  }

  const isOver = (since: Instant) => clock.now() - since.now >= timing.deadline || wall() - since.wall >= timing.deadline

  /** Ends the work if the deadline has passed; a process that was held up finds out before its timers do. */
  function lapse () {
    if (state === 'leading' && isOver(renewed)) enter('waiting', '', 'it could not be renewed in time')
  }

  function lead (since: Instant) {
    lapse()
    if (isOver(since)) return
    renewed = since
    offDeadline?.()
    offDeadline = clock.later(since.now + timing.deadline - clock.now(), () => {
      // A timer may be a moment early.
      renewed = { now: -Infinity, wall: -Infinity }
      lapse()
    })
    enter('leading', identity)
  }

  function failed (error: unknown) {
    // A leader goes on to its deadline.
    if (state !== 'leading') enter('waiting', '', messageOf(error))
  }

  async function round () {
    lapse()
    const started = clock.now()
    let pause = timing.period
    const valid = () => !ended && clock.now() - started < timing.patience
    try {
      const { state: next, holder: who, renewed: since } = await bounded(look(valid))
      if (ended) return
      if (since) lead(since); else enter(next, who)
    } catch (error) {
      if (isConflict(error)) pause = haste
      else if (!ended) failed(error)
    }
    if (!ended) offTick = clock.later(pause, () => { current = round() })
  }

  const bounded = <T>(promise: Promise<T>): Promise<T> => within(promise, timing.patience, 'the Kubernetes API does not answer', clock)

  current = round()
  return {
    get state () { return state },
    get holder () { return holder },
    get standDown () { return standDown },
    mayWork: name => state === 'leading' && !standDown.names.has(name) && !isOver(renewed),
    decided: () => decision,
    end () {
      ended = true
      offTick?.()
      offDeadline?.()
      state = 'waiting'
      holder = ''
      share()
      decide()
    },
    async release () {
      const giveBack = async () => {
        const lease = await readLease(kube, ownLease)
        if (lease && holderOf(lease) === identity) await writeLease(kube, released(lease, wall()))
      }
      // After the round that may still be writing; once more if its write came between.
      if (wrote) await bounded(current.then(giveBack).catch(giveBack))
    },
  }
}

function withResolver (): { promise: Promise<void>, resolve: () => void } {
  let resolve: () => void = () => {}
  const promise = new Promise<void>(_resolve => { resolve = _resolve })
  return { promise, resolve }
}
