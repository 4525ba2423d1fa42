export interface Wait {
  /** Aborted by the caller's signal, and by the deadline until the answer has begun. */
  readonly signal: AbortSignal
  /** The promise, or a rejection with the signal's reason, whichever is first. */
  race<T> (promise: Promise<T>): Promise<T>
  /** The answer has begun: the deadline no longer counts, the caller's signal still does. */
  begun (): void
  /** Lets go of the caller's signal and of the deadline. */
  done (): void
}

/** A caller's signal and a deadline in ms as one; the deadline's reason is a TimeoutError. */
export function wait (signal: AbortSignal | undefined, ms: number): Wait {
  const both = new AbortController()
  const give = () => { both.abort(signal?.reason) }
  const timer = setTimeout(() => { both.abort(new DOMException('the answer took too long', 'TimeoutError')) }, ms)
  const begun = () => { clearTimeout(timer) }
  const done = () => {
    begun()
    signal?.removeEventListener('abort', give)
  }
  if (signal?.aborted) give(); else signal?.addEventListener('abort', give, { once: true })
  return {
    signal: both.signal,
    begun,
    done,
    async race (promise) {
      // Undici answers for a request in its queue only when its turn has come.
      const { promise: given, reject } = deferred()
      const stop = () => { reject(both.signal.reason) }
      if (both.signal.aborted) stop(); else both.signal.addEventListener('abort', stop, { once: true })
      promise.catch(() => {})
      try { return await Promise.race([given, promise]) } finally { both.signal.removeEventListener('abort', stop) }
    },
  }
}

function deferred (): { promise: Promise<never>, reject: (reason: unknown) => void } {
  let reject: (reason: unknown) => void = () => {}
  const promise = new Promise<never>((_resolve, _reject) => { reject = _reject })
  promise.catch(() => {})
  return { promise, reject }
}
