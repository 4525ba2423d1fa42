import type { Change, Storage } from './storage/types.js'

const maxEvents = 100
const maxBytes = 1024 * 1024

export interface FeedOptions {
  storage: Storage
  bucket: string
  prefix: string
  after: number
  /** Bytes that come before every change, made as they are read. */
  initial: Iterator<Buffer>
  /** The event of a change, or undefined where the watcher does not see it. */
  encode (change: Change): Buffer | undefined
  /** The event that tells why a watch cannot go on: its history is gone, or an object could not be written. */
  failed (error: unknown): Buffer
  /** Changes events as they are read. */
  finish?: (event: Buffer) => Buffer
  lagTimeout: number
}

/**
 * The events of one watch, read by pulling. Holds at most 100 events or 1 MiB; when full it lets go of the storage and takes up again where it stopped
 * once it is read empty, and ends when that takes longer than `lagTimeout`.
 */
export class Feed {
  readonly #options: Omit<FeedOptions, 'initial'>
  #initial: Iterator<Buffer> | undefined
  #queue: Buffer[] = []
  #bytes = 0
  #last: number
  #ended = false
  #stop: (() => void) | undefined
  #lag: NodeJS.Timeout | undefined
  /** The reader is in `next` and needs no call. */
  #resuming = false
  /** Called when there is something to read after `next` had nothing. */
  wake: () => void = () => {}
  /** Called once, when no more changes will come. */
  onEnd: () => void = () => {}

  // The initial events lead to all that was there when the watch began: they are let go of once they are read.
  constructor ({ initial, ...options }: FeedOptions) {
    this.#options = options
    this.#initial = initial
    this.#last = options.after
    this.#subscribe()
  }

  /** The revision up to which events have been read. */
  get revision () { return this.#last }
  /** True where every change so far has been read. */
  get idle () { return !this.#initial && this.#queue.length === 0 && !this.#lag && !this.#ended }

  get ended () { return this.#ended }

  /** The next event, undefined when there is none yet, null at the end. */
  next (): Buffer | undefined | null {
    try {
      const event = this.#take()
      return event ? this.#options.finish?.(event) ?? event : event
    } catch (error) {
      this.#initial = undefined
      this.#fail(error)
      return this.#queue.shift() ?? null
    }
  }

  #take (): Buffer | undefined | null {
    const first = this.#initial?.next()
    if (first && !first.done) return first.value
    this.#initial = undefined
    if (this.#queue.length === 0 && this.#lag) this.#resume()
    const event = this.#queue.shift()
    if (!event) return this.#ended ? null : undefined
    this.#bytes -= event.length
    return event
  }

  /** Adds an event that is not a change. */
  push (event: Buffer) {
    if (this.#ended) return
    this.#queue.push(event)
    this.#bytes += event.length
    this.#tell()
  }

  /** No more changes; what is in the buffer can still be read. */
  close () {
    if (this.#ended) return
    this.#ended = true
    this.#stop?.()
    clearTimeout(this.#lag)
    this.onEnd()
    this.#tell()
  }

  #tell () { if (!this.#resuming) this.wake() }

  #subscribe () {
    let live = true
    let stop: (() => void) | undefined
    const release = () => { live = false; stop?.() }
    this.#stop = release
    try {
      stop = this.#options.storage.watch({ bucket: this.#options.bucket, prefix: this.#options.prefix, after: this.#last, onChange: change => { if (live && !this.#accept(change)) release() } })
      if (!live) stop()
    } catch (error) {
      this.#fail(error)
    }
  }

  #fail (error: unknown) {
    this.push(this.#options.failed(error))
    this.close()
  }

  /** False when the buffer is full. */
  #accept (change: Change): boolean {
    let event: Buffer | undefined
    try {
      event = this.#options.encode(change)
    } catch (error) {
      this.#fail(error)
      return false
    }
    if (event) {
      if (this.#queue.length >= maxEvents || (this.#bytes + event.length > maxBytes && this.#queue.length > 0)) {
        this.#lag = setTimeout(() => { this.close() }, this.#options.lagTimeout).unref()
        return false
      }
      this.push(event)
    }
    this.#last = change.entry.revision
    return true
  }

  #resume () {
    clearTimeout(this.#lag)
    this.#lag = undefined
    this.#resuming = true
    this.#subscribe()
    this.#resuming = false
  }
}
