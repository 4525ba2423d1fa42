import type { Readable } from 'node:stream'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { boundedBody, tooLarge, unreachable, unsupportedMediaType, type Headers, type KubeRequest, type KubeResponse, type KubeTransport, type Query } from '../../core/sdk/index.js'
import { responseHeaders } from './headers.js'

/** Request bodies as kube-apiserver bounds them, in bytes. What goes to `…/proxy/…` is the backend's business. */
export const bodyLimit = 3 * 1024 * 1024

/** Parameters of which Kubernetes reads the first value only: a second one must not be there to be read otherwise. */
const single = new Set(['labelSelector', 'fieldSelector', 'watch', 'resourceVersion', 'limit', 'continue'])

/** The query that goes upstream: what was read, written anew. */
export function forwardedQuery (query: Query): string {
  if (query.pairs.length === 0) return ''
  const seen = new Set<string>()
  const pairs = query.pairs.filter(([key]) => !single.has(key) || (!seen.has(key) && seen.add(key)))
  return pairs.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&')
}

/** The body as it may be sent on; refuses compressed and oversized ones before a byte is read. */
export function checkedBody (request: FastifyRequest): Readable | undefined {
  const { headers, target } = request
  const body = request.body as Readable | undefined | null
  if (!body) return undefined
  if ((headers['content-encoding'] ?? 'identity') !== 'identity') throw unsupportedMediaType('request bodies must not be compressed')
  if (target.info.subresource === 'proxy') return body
  if (Number(headers['content-length'] ?? 0) > bodyLimit) throw tooLarge('the request body is too large')
  return headers['content-length'] === undefined ? body.pipe(boundedBody(bodyLimit)) : body
}

export async function sendOn (transport: KubeTransport, request: KubeRequest): Promise<KubeResponse> {
  try {
    return await transport.send(request)
  } catch (error) {
    throw unreachable(error)
  }
}

/** Sends an answer to the client: in one write where it is there whole, else as it streams in. */
export function relay (reply: FastifyReply, answer: KubeResponse, changes?: Headers): FastifyReply {
  const { status, headers, whole } = answer
  reply.code(status).headers(responseHeaders(changes ? { ...headers, ...changes } : headers))
  return reply.send(whole && headers['content-type'] ? whole : answer.body)
}
