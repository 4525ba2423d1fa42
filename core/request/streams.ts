import { tooManyRequests } from '../errors/status-error.js'

export interface StreamLimits { perUser: number, total: number }

interface Open { user: string, alive: () => boolean | Promise<boolean>, end: () => void }

/** Long-lived answers (watches, followed logs, upgraded connections): bounded, and ended when their caller may no longer have them. */
export interface Streams {
  /**
   * Registers a stream; throws 429 when there are too many. `alive` is asked every few seconds whether the caller still may; `end` cuts the stream.
   * The answered function unregisters.
   */
  track (user: string, alive: Open['alive'], end: () => void): () => void
  readonly size: number
  /** Ends all of them. */
  close (): void
}

/** `everyMs` bounds how long a stream can outlive its caller's right to it. */
export function createStreams (limits: StreamLimits, everyMs = 5_000): Streams {
  const open = new Set<Open>()
  const perUser = new Map<string, number>()

  const sweep = async () => {
    for (const stream of [...open]) {
      let alive = false
      try { alive = await stream.alive() } catch {}
      if (!alive && open.has(stream)) stream.end()
    }
  }
  let sweeping = false
  const timer = setInterval(() => {
    if (sweeping) return
    sweeping = true
    void sweep().finally(() => { sweeping = false })
  }, everyMs)
  timer.unref()

  return {
    get size () { return open.size },
    track (user, alive, end) {
      const mine = perUser.get(user) ?? 0
      if (mine >= limits.perUser || open.size >= limits.total) throw tooManyRequests('too many open streams, please try again later')
      const stream = { user, alive, end }
      open.add(stream)
      perUser.set(user, mine + 1)
      return () => {
        if (!open.delete(stream)) return
        const left = (perUser.get(user) ?? 1) - 1
        if (left > 0) perUser.set(user, left); else perUser.delete(user)
      }
    },
    close () {
      clearInterval(timer)
      for (const stream of [...open]) stream.end()
    },
  }
}
