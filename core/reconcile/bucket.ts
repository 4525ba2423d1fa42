import type { Clock } from './clock.js'

/** Hands out starts to those who ask, first come first served: `burst` at once, then `rate` a second. */
export interface Bucket {
  /** Calls `go` when it is its turn, at once where a token is left. Ask once at a time: what waits is then no longer than the list of those who ask. */
  take (go: () => void): void
  close (): void
}

export function createBucket ({ rate, burst, clock }: { rate: number, burst: number, clock: Clock }): Bucket {
  let tokens = burst
  let filled = clock.now()
  let callOff: (() => void) | undefined
  const waiting: (() => void)[] = []

  function fill () {
    const now = clock.now()
    tokens = Math.min(burst, tokens + (now - filled) * rate / 1000)
    filled = now
  }

  function serve () {
    callOff = undefined
    fill()
    while (tokens >= 1 && waiting.length > 0) {
      tokens--
      waiting.shift()?.()
    }
    if (waiting.length > 0) callOff ??= clock.later(Math.ceil((1 - tokens) * 1000 / rate), serve)
  }

  return {
    take (go) {
      waiting.push(go)
      if (!callOff) serve()
    },
    close () {
      callOff?.()
      callOff = undefined
      waiting.length = 0
    },
  }
}
