import { Readable } from 'node:stream'
import type { Dispatcher } from 'undici'
import { badRequest } from '../errors/status-error.js'
import type { Headers, KubeResponse } from './types.js'

/** An answer that names its length and is no longer than this is read before it is given on, in bytes: most are one packet, and a stream costs more than they do. */
const small = 64 * 1024

/** An answer that is there whole; `body` reads the same bytes. */
export class WholeResponse implements KubeResponse {
  readonly status: number
  readonly headers: Headers
  readonly whole: Buffer
  #body: Readable | undefined

  constructor (status: number, headers: Headers, whole: Buffer) {
    this.status = status
    this.headers = headers
    this.whole = whole
  }

  get body (): Readable {
    this.#body ??= Readable.from(this.whole.length ? [this.whole] : [], { objectMode: false })
    return this.#body
  }
}

/** A body that comes in as it is read; a reader who has had enough ends the exchange. */
class Incoming extends Readable {
  readonly #controller: Dispatcher.DispatchController
  complete = false

  constructor (controller: Dispatcher.DispatchController) {
    super()
    this.#controller = controller
    // A reader who has gone is no error to anybody.
    this.on('error', () => {})
  }

  override _read () { this.#controller.resume() }

  override _destroy (error: Error | null, done: (error?: Error | null) => void) {
    if (!this.complete) this.#controller.abort(error ?? new Error('the answer was given up'))
    done(error)
  }
}

/**
 * Exchanges under way by the signal that ends them: the requests of a connection share one. Lists, because a listener for each, or a set, leaves a chain
 * of tables behind that young collections take to be alive, with all that was in them.
 */
const underWay = new WeakMap<AbortSignal, (() => void)[]>()

function endsOf (signal: AbortSignal): (() => void)[] {
  let ends = underWay.get(signal)
  if (!ends) {
    const all: (() => void)[] = ends = []
    underWay.set(signal, ends)
    signal.addEventListener('abort', () => { for (const end of all.splice(0)) end() }, { once: true })
  }
  return ends
}

const reasonOf = (signal: AbortSignal): Error => signal.reason instanceof Error ? signal.reason : new Error('the request was given up')

export const wrongHeader = (error: unknown) => badRequest('a header of the request has characters that HTTP does not allow', error)

/** One exchange over a dispatcher. `done` is called once, when its connection is free again. */
export function exchange (dispatcher: Dispatcher, options: Dispatcher.DispatchOptions, signal: AbortSignal | undefined, done: () => void): Promise<KubeResponse> {
  return new Promise((resolve, reject) => {
    if (signal?.aborted) {
      done()
      reject(reasonOf(signal))
      return
    }
    let controller: Dispatcher.DispatchController | undefined
    let status = 0
    let headers: Headers = {}
    let parts: Buffer[] | undefined
    let body: Incoming | undefined
    const ends = signal && endsOf(signal)
    const abort = () => {
      const reason = reasonOf(signal!)
      controller?.abort(reason)
      if (!body) reject(reason)
    }
    const end = () => {
      const at = ends?.indexOf(abort) ?? -1
      if (at >= 0) ends?.splice(at, 1)
      done()
    }
    ends?.push(abort)
    dispatcher.dispatch(options, {
      onRequestStart (given) {
        controller = given
        if (signal?.aborted) given.abort(reasonOf(signal))
      },
      onResponseStart (given, code, received) {
        if (code < 200) return
        status = code
        headers = received as Headers
        const length = received['content-length']
        if (options.method === 'HEAD' || (length !== undefined && Number(length) <= small)) {
          parts = []
          return
        }
        body = new Incoming(given)
        resolve({ status, headers, body })
      },
      onResponseData (given, chunk) {
        if (parts) parts.push(chunk)
        else if (!body!.push(chunk)) given.pause()
      },
      onResponseEnd () {
        end()
        if (parts) resolve(new WholeResponse(status, headers, parts.length === 1 ? parts[0]! : Buffer.concat(parts)))
        else {
          body!.complete = true
          body!.push(null)
        }
      },
      onResponseError (_given, error) {
        end()
        if (body) {
          body.complete = true
          body.destroy(error)
        } else reject((error as { code?: unknown }).code === 'UND_ERR_INVALID_ARG' ? wrongHeader(error) : error)
      },
    })
  })
}
