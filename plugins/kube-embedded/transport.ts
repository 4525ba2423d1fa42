import { Readable } from 'node:stream'
import type { KubeRequest, KubeResponse } from '../../core/sdk/index.js'
import { admin, type User } from './auth/users.js'
import { readBody } from './body.js'
import type { Entry } from './entry.js'
import type { Answer, Exchange } from './exchange.js'

const chunk = 256 * 1024

/** Parts of a body, joined into larger ones. */
function * joined (parts: readonly Buffer[]): Generator<Buffer> {
  let batch: Buffer[] = []
  let size = 0
  for (const part of parts) {
    batch.push(part)
    if ((size += part.length) < chunk) continue
    yield batch.length === 1 ? part : Buffer.concat(batch)
    batch = []
    size = 0
  }
  if (size > 0) yield batch.length === 1 ? batch[0]! : Buffer.concat(batch)
}

/** A body that is there already. */
class Parts extends Readable {
  readonly #parts: Generator<Buffer>
  constructor (parts: readonly Buffer[]) {
    super()
    this.#parts = joined(parts)
  }

  override _read () {
    const { value, done } = this.#parts.next()
    this.push(done ? null : value)
  }
}

/** An answer as it goes over a wire; HEAD answers have no body. */
export function responseOf (method: string, { status, headers, body }: Answer): KubeResponse {
  if (body instanceof Readable) return { status, headers, body }
  const length = body.reduce((sum, part) => sum + part.length, 0)
  return { status, headers: { ...headers, ...(status === 304 ? {} : { 'content-length': String(length) }) }, body: new Parts(method === 'HEAD' ? [] : body) }
}

/** A request of `user`; in process that is the cluster-admin. */
export function exchangeOf ({ method, path, query = '', headers = {}, body, signal }: KubeRequest, user: User = admin): Exchange {
  let bytes: Promise<Buffer> | undefined
  const once = () => {
    bytes ??= readBody(body)
    return bytes
  }
  return { method, path, query: new URLSearchParams(query), headers, user, body: once, ...(signal ? { signal } : {}) }
}

/** One exchange in process. */
export const sendTo = (entry: Entry) => async (request: KubeRequest): Promise<KubeResponse> =>
  responseOf(request.method, await entry(exchangeOf(request)))
