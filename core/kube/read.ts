import type { Readable } from 'node:stream'
import { StatusError, gatewayTimeout, serviceUnavailable, type Status } from '../errors/status-error.js'
import { explained } from './webhooks.js'
import type { KubeRequest, KubeResponse, KubeTransport } from './types.js'

/** What an answer that is read whole may weigh, in bytes. */
const limit = 256 * 1024 * 1024

async function textOf (body: Readable): Promise<string> {
  const chunks: Buffer[] = []
  let size = 0
  for await (const chunk of body as AsyncIterable<Buffer>) {
    size += chunk.length
    if (size > limit) { body.destroy(); throw serviceUnavailable('the Kubernetes API answered more than can be read') }
    chunks.push(chunk)
  }
  return Buffer.concat(chunks).toString('utf8')
}

/** A transport's failure as an error without addresses; StatusErrors pass. */
export function unreachable (error: unknown): StatusError {
  if (error instanceof StatusError) return error
  const { name = '', code = '' } = error as { name?: string, code?: string }
  return name === 'TimeoutError' || code === 'UND_ERR_HEADERS_TIMEOUT' || code === 'UND_ERR_CONNECT_TIMEOUT'
    ? gatewayTimeout('the Kubernetes API did not answer in time')
    : serviceUnavailable('the Kubernetes API cannot be reached', error)
}

function statusOf (text: string, code: number): StatusError {
  let status: Partial<Status> = {}
  try { status = JSON.parse(text) as Partial<Status> } catch {}
  return status?.kind === 'Status' ? StatusError.from({ ...status, ...(status.message ? { message: explained(status.message) } : {}) }, code) : new StatusError({ code, reason: 'Unknown', message: `the Kubernetes API answered ${code}` })
}

/** One exchange read whole, as JSON; an answer of 400 or more is thrown as the StatusError that it holds. */
export async function readJSON<T> (transport: KubeTransport, request: KubeRequest): Promise<T> {
  let response: KubeResponse
  let text: string
  try {
    response = await transport.send({ ...request, headers: { accept: 'application/json', 'user-agent': 'ks-apiserver', ...request.headers } })
    text = response.whole ? response.whole.toString('utf8') : await textOf(response.body)
  } catch (error) { throw unreachable(error) }
  if (response.status >= 400) throw statusOf(text, response.status)
  try { return JSON.parse(text) as T } catch (error) { throw serviceUnavailable('the Kubernetes API answered what is not JSON', error) }
}
