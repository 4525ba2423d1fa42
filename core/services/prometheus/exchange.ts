import type { IncomingHttpHeaders } from 'node:http'
import { createBrotliDecompress, createGunzip, createInflate } from 'node:zlib'
import type { Dispatcher } from 'undici'
import { Failure } from './failure.js'

/** Bytes that one answer may have, and all that are being read. */
export interface ReadLimits { answer: number, reading: number }

export interface Whole {
  status: number
  headers: IncomingHttpHeaders
  text: string
  /** Called once, when the text is no longer held: until then it counts as being read. */
  release: () => void
}

const decoders = new Map([['gzip', createGunzip], ['x-gzip', createGunzip], ['deflate', createInflate], ['br', createBrotliDecompress]])

const megabytes = (bytes: number) => `${Math.round(bytes / 1024 / 1024)} MiB`

/**
 * Exchanges over one pool, each read whole and within bounds. Rejects with the signal's reason when it is aborted, with a `Failure` for what is too
 * large, with the pool's own errors otherwise. At the level of the pool's handlers: a stream for each of a page's small answers would double its cost.
 */
export function createExchange (pool: Dispatcher, limits: ReadLimits): (request: Dispatcher.DispatchOptions, signal: AbortSignal) => Promise<Whole> {
  let reading = 0

  return (request, signal) => new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let size = 0
    let received = 0
    let status = 0
    let headers: IncomingHttpHeaders = {}
    let decoder: ReturnType<typeof createGunzip> | undefined
    let controller: Dispatcher.DispatchController | undefined
    let over = false

    const release = () => { reading -= size }
    function end () {
      over = true
      signal.removeEventListener('abort', abort)
      decoder?.destroy()
    }
    function fail (error: Error) {
      if (over) return
      end()
      release()
      reject(error)
      controller?.abort(error)
    }
    function abort () { fail(signal.reason as Error) }
    function finish () {
      if (over) return
      const text = chunks.length === 1 ? String(chunks[0]) : Buffer.concat(chunks, size).toString()
      end()
      resolve({ status, headers, text, release })
    }
    function tooLarge () { fail(new Failure(`bad_response: the answer is larger than ${megabytes(limits.answer)}`)) }
    function take (chunk: Buffer) {
      if (over) return
      size += chunk.length
      reading += chunk.length
      if (size > limits.answer) tooLarge()
      else if (reading > limits.reading) fail(new Failure(`bad_response: the answers under way are larger than ${megabytes(limits.reading)}`))
      else chunks.push(chunk)
    }

    if (signal.aborted) { abort(); return }
    signal.addEventListener('abort', abort)
    pool.dispatch(request, {
      onRequestStart (control) {
        controller = control
        if (over) control.abort(new Failure('left'))
      },
      onResponseStart (_control, code, given) {
        status = code
        headers = given
        const encoding = String(given['content-encoding'] ?? '').trim().toLowerCase()
        const create = decoders.get(encoding)
        if (create) decoder = create().on('data', take).on('end', finish).on('error', fail)
        else if (encoding && encoding !== 'identity') fail(new Failure(`bad_response: unknown content encoding ${JSON.stringify(encoding.slice(0, 32))}`))
      },
      onResponseData (_control, chunk) {
        received += chunk.length
        if (!decoder) take(chunk)
        else if (received > limits.answer) tooLarge()
        else if (!over) decoder.write(chunk)
      },
      onResponseEnd () {
        if (!decoder) finish()
        else if (!over) decoder.end()
      },
      onResponseError (_control, error) { fail(error) },
    })
  })
}
