import { StatusError, gatewayTimeout, serviceUnavailable, type Status } from '../errors/status-error.js'
import { readAll } from '../request/read-all.js'
import { explained } from './webhooks.js'
import type { KubeRequest, KubeResponse, KubeTransport } from './types.js'

/** What an answer that is read whole may weigh, in bytes. */
const limit = 256 * 1024 * 1024

const excess = (): StatusError => serviceUnavailable('the Kubernetes API answered more than can be read')

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
    text = (response.whole ?? await readAll(response.body, limit, excess)).toString('utf8')
  } catch (error) { throw unreachable(error) }
  if (response.status >= 400) throw statusOf(text, response.status)
  try { return JSON.parse(text) as T } catch (error) { throw serviceUnavailable('the Kubernetes API answered what is not JSON', error) }
}
