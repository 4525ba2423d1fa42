import { Ended } from './failure.js'
import type { Turns } from './turns.js'

/** What one waiter holds. */
export interface Seat<T> {
  readonly answer: Promise<T>
  /** Gives the waiting up; called once, by every waiter. */
  leave (): void
}

/** Work that all who ask for the same thing at the same time share. */
export interface Flights<T> {
  /**
   * Joins what is under way under the key, or begins it. `work` runs in the turn of whichever of its waiters comes first, for a bounded time, and is
   * aborted when nobody waits any more.
   */
  join (key: string, caller: string, work: (signal: AbortSignal) => Promise<T>): Seat<T>
}

interface Flight<T> {
  readonly answer: Promise<T>
  /** Waiters by caller: a caller's place in the line lasts as long as one of its waiters. */
  readonly callers: Map<string, { waiters: number, giveUp: () => void }>
  over: boolean
  enter (caller: string): () => void
  abort (): void
}

const nothing = () => {}

export function createFlights<T> (turns: Turns, timeout: number): Flights<T> {
  const flights = new Map<string, Flight<T>>()

  function begin (key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const controller = new AbortController()
    let settle!: { resolve: (value: T) => void, reject: (reason: unknown) => void }
    const answer = new Promise<T>((resolve, reject) => { settle = { resolve, reject } })
    let begun = false
    let places = 0

    async function run (done: () => void) {
      if (begun || controller.signal.aborted) { done(); return }
      begun = true
      for (const { giveUp } of flight.callers.values()) giveUp()
      const timer = setTimeout(() => { controller.abort(new Ended('TimeoutError')) }, timeout)
      try { settle.resolve(await work(controller.signal)) } catch (error) { settle.reject(error) } finally {
        clearTimeout(timer)
        done()
      }
    }

    const forget = () => {
      flight.over = true
      if (flights.get(key) === flight) flights.delete(key)
    }
    const flight: Flight<T> = {
      answer,
      callers: new Map(),
      over: false,
      enter (caller) {
        if (begun) return nothing
        places++
        try {
          const giveUp = turns.enter(caller, done => { void run(done) })
          return () => {
            places--
            giveUp()
          }
        } catch (error) {
          if (--places === 0) settle.reject(error)
          return nothing
        }
      },
      abort () {
        forget()
        controller.abort(new Ended('AbortError'))
      },
    }
    flights.set(key, flight)
    answer.then(forget, forget)
    return flight
  }

  return {
    join (key, caller, work) {
      const flight = flights.get(key) ?? begin(key, work)
      const known = flight.callers.get(caller)
      const seat = known ?? { waiters: 0, giveUp: nothing }
      seat.waiters++
      if (!known) {
        flight.callers.set(caller, seat)
        seat.giveUp = flight.enter(caller)
      }
      return {
        answer: flight.answer,
        leave () {
          if (--seat.waiters > 0) return
          flight.callers.delete(caller)
          if (flight.over) return
          seat.giveUp()
          if (flight.callers.size === 0) flight.abort()
        },
      }
    },
  }
}
