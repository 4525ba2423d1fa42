import type { Logger } from 'pino'

const workers = 4

/** Keys waiting for work, each at most once; a key that comes while it is worked on is worked on again. Failures come back with back-off. */
export class Queue {
  readonly #waiting = new Set<string>()
  readonly #running = new Map<string, boolean>()
  readonly #failures = new Map<string, number>()
  readonly #timers = new Set<NodeJS.Timeout>()
  #closed = false
  #scheduled = false
  #idle: (() => void)[] = []

  constructor (private readonly name: string, private readonly work: (key: string) => Promise<void>, private readonly log: Logger) {}

  add (key: string) {
    if (this.#closed) return
    if (this.#running.has(key)) this.#running.set(key, true)
    else this.#waiting.add(key)
    if (this.#scheduled) return
    this.#scheduled = true
    setImmediate(() => {
      this.#scheduled = false
      this.#next()
    })
  }

  /** Resolves when nothing waits and nothing runs. */
  async settled (): Promise<void> {
    if (this.#waiting.size || this.#running.size || this.#timers.size) await new Promise<void>(resolve => { this.#idle.push(resolve) })
  }

  /** Takes nothing more and waits for what runs. */
  async close (): Promise<void> {
    this.#closed = true
    this.#waiting.clear()
    for (const timer of this.#timers) clearTimeout(timer)
    this.#timers.clear()
    await this.settled()
  }

  #next () {
    for (const key of this.#waiting) {
      if (this.#running.size >= workers) return
      this.#waiting.delete(key)
      this.#running.set(key, false)
      void this.#run(key)
    }
  }

  async #run (key: string) {
    try {
      await this.work(key)
      this.#failures.delete(key)
    } catch (error) {
      if (!this.#closed) this.#retry(key, error)
    }
    const again = this.#running.get(key)
    this.#running.delete(key)
    if (again) this.add(key)
    this.#next()
    if (this.#waiting.size || this.#running.size || this.#timers.size) return
    for (const resolve of this.#idle.splice(0)) resolve()
  }

  #retry (key: string, error: unknown) {
    const failures = (this.#failures.get(key) ?? 0) + 1
    this.#failures.set(key, failures)
    this.log.warn({ err: error, controller: this.name, key, failures }, 'a controller of the embedded Kubernetes will try again')
    const timer = setTimeout(() => {
      this.#timers.delete(timer)
      this.add(key)
    }, Math.min(30_000, 20 * 2 ** Math.min(failures, 12))).unref()
    this.#timers.add(timer)
  }
}
