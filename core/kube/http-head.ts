import type { Socket } from 'node:net'
import { Readable } from 'node:stream'
import type { Headers } from './types.js'

/** Largest status line and headers that are read, in bytes. */
const limit = 64 * 1024
/** Largest body of a refused upgrade, in bytes. */
const bodyLimit = 1024 * 1024

export interface Head {
  status: number
  headers: Headers
  /** The body of an answer that did not upgrade: by its length, its chunks, or the end of the connection. */
  body (socket: Socket): Readable
}

function parse (text: string): { status: number, headers: Headers } {
  const [first = '', ...lines] = text.split('\r\n')
  const status = Number(/^HTTP\/1\.[01] (\d{3})/.exec(first)?.[1])
  if (!status) throw new Error('the answer to the upgrade is not HTTP')
  const headers: Headers = {}
  for (const line of lines) {
    const colon = line.indexOf(':')
    if (colon <= 0) continue
    const name = line.slice(0, colon).trim().toLowerCase()
    const value = line.slice(colon + 1).trim()
    const known = headers[name]
    headers[name] = known === undefined ? value : [...[known].flat(), value]
  }
  return { status, headers }
}

/** Undoes chunked transfer encoding of a whole body. */
function unchunk (bytes: Buffer): Buffer {
  const parts: Buffer[] = []
  for (let at = 0; at < bytes.length;) {
    const end = bytes.indexOf('\r\n', at)
    const size = end < 0 ? 0 : parseInt(bytes.toString('latin1', at, end), 16)
    if (!size) break
    parts.push(bytes.subarray(end + 2, end + 2 + size))
    at = end + 4 + size
  }
  return Buffer.concat(parts)
}

async function * bodyOf (socket: Socket, headers: Headers): AsyncGenerator<Buffer> {
  const length = headers['content-length'] === undefined ? undefined : Number(headers['content-length'])
  const chunked = String(headers['transfer-encoding'] ?? '').includes('chunked')
  const parts: Buffer[] = []
  let size = 0
  const whole = () => size > bodyLimit || (length !== undefined && size >= length) || (chunked && Buffer.concat(parts).includes('0\r\n\r\n'))
  if (length !== 0) {
    for await (const chunk of socket as AsyncIterable<Buffer>) {
      parts.push(chunk)
      size += chunk.length
      if (whole()) break
    }
  }
  socket.destroy()
  const bytes = Buffer.concat(parts)
  yield chunked ? unchunk(bytes) : bytes.subarray(0, length ?? bytes.length)
}

/** Reads the head of an answer from a raw connection; bytes behind it are given back to the socket. */
export function readHead (socket: Socket, timeoutMs: number): Promise<Head> {
  return new Promise((resolve, reject) => {
    let seen = Buffer.alloc(0)
    const end = (error?: Error) => {
      clearTimeout(timer)
      // Without its 'readable' listener the socket waits again for its first reader, whether that listens, pipes or iterates.
      socket.off('readable', take).off('error', end).off('close', closed)
      if (error) { socket.destroy(); reject(error) }
    }
    const closed = () => { end(new Error('the connection was closed before it was upgraded')) }
    const timer = setTimeout(() => { end(Object.assign(new Error('no answer to the upgrade'), { code: 'UND_ERR_HEADERS_TIMEOUT' })) }, timeoutMs)
    const finish = (stop: number) => {
      end()
      const rest = seen.subarray(stop + 4)
      if (rest.length) socket.unshift(rest)
      try {
        const { status, headers } = parse(seen.toString('latin1', 0, stop))
        const { 'transfer-encoding': _, ...plain } = headers
        resolve({ status, headers: status === 101 ? headers : plain, body: from => Readable.from(bodyOf(from, headers), { objectMode: false }) })
      } catch (error) {
        socket.destroy()
        reject(error instanceof Error ? error : new Error('the answer to the upgrade cannot be read'))
      }
    }
    const take = () => {
      for (let chunk = socket.read() as Buffer | null; chunk; chunk = socket.read() as Buffer | null) {
        seen = Buffer.concat([seen, chunk])
        const stop = seen.indexOf('\r\n\r\n')
        if (stop >= 0) { finish(stop); return }
        if (seen.length > limit) { end(new Error('the answer to the upgrade is too long')); return }
      }
    }
    socket.on('readable', take).once('error', end).once('close', closed)
  })
}
