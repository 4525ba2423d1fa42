/** Time as the queue and the lease see it, so that a test can own it. */
export interface Clock {
  /** Milliseconds that only grow; their zero means nothing. */
  now (): number
  /** Calls once after `ms`, at most 24.8 days; the answered function calls it off. */
  later (ms: number, call: () => void): () => void
}

/** The longest that setTimeout can count. */
const longest = 2 ** 31 - 1

export const systemClock: Clock = {
  now: () => performance.now(),
  later (ms, call) {
    const timer = setTimeout(call, Math.min(Math.max(ms, 0), longest))
    return () => { clearTimeout(timer) }
  },
}

/** The promise, or a rejection with a sentence once it has taken longer than `ms`. */
export function within<T> (promise: Promise<T>, ms: number, sentence: string, clock: Clock = systemClock): Promise<T> {
  return new Promise((resolve, reject) => {
    const off = clock.later(ms, () => { reject(new Error(sentence)) })
    promise.then(resolve, reject).finally(off)
  })
}
