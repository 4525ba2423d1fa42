import { setMaxListeners } from 'node:events'
import { Ended } from './failure.js'
import type { Flights } from './flights.js'
import type { AskOptions } from './types.js'

/** Asks for a caller, for as long as the caller waits and no longer than `timeout`; all who ask for the same key at the same time share the work. */
export const createAsking = (flights: Flights<unknown>, timeout: number) =>
  async <T>(key: string, { signal, timeout: wait = timeout, caller = '' }: AskOptions, work: (signal: AbortSignal) => Promise<T>): Promise<T> => {
    if (signal?.aborted) throw new Ended('AbortError')
    const { answer, leave } = flights.join(key, caller, work)
    return new Promise<T>((resolve, reject) => {
      let over = false
      const end = () => {
        if (over) return
        over = true
        clearTimeout(timer)
        signal?.removeEventListener('abort', gone)
        leave()
      }
      const gone = () => { end(); reject(new Ended('AbortError')) }
      const timer = setTimeout(() => { end(); reject(new Ended('TimeoutError')) }, Math.min(wait, timeout))
      if (signal) setMaxListeners(0, signal)
      signal?.addEventListener('abort', gone)
      answer.then(value => { end(); resolve(value as T) }, (error: Error) => { end(); reject(error) })
    })
  }
