import httpProxy from '@fastify/http-proxy'
import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { badRequest, gatewayTimeout, serviceUnavailable, StatusError, textError, tooLarge } from '../errors/status-error.js'
import { checkAccept } from '../request/accept.js'
import { hopByHop, namedBy } from '../request/hop-by-hop.js'
import { boundedBody } from '../request/read-all.js'

export interface GroupProxyOptions {
  /** The API group whose paths are forwarded: `alerting.kubesphere.io`. */
  group: string
  /** The server behind; the path it names comes before that of the request. */
  endpoint: string
  /** The configuration key of the endpoint, for the sentence that refuses a bad one. */
  key: string
  /** Versions that are served here, and never forwarded. */
  served?: readonly string[]
  /** Longest request body, in bytes. */
  bodyLimit?: number
  /** Longest wait for the first byte of an answer (ms). */
  firstByte?: number
}

/** Bounds towards the server behind, in connections and ms. Bodies may last as long as they like once they have begun. */
const bounds = { connections: 64, connect: 5_000, firstByte: 30_000 }
const methods = ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'] as const

/** What says who somebody is, or where a request was before: it goes no further in either direction (R7, R8). */
const withheld = /^(authorization|cookie2?|set-cookie2?|forwarded|via|proxy[-_].*|x[-_](remote|forwarded|kubesphere|original|rewrite|real|client)[-_].*|impersonate[-_].*)$/
/** What goes no further beside what is hop-by-hop. */
const ofConnection = new Set([...hopByHop, 'expect', 'http2-settings'])

type Headers = Record<string, string | string[] | undefined>
function passed (headers: Headers, also: (name: string) => boolean = () => true): Headers {
  const dropped = namedBy(headers.connection)
  return Object.fromEntries(Object.entries(headers).filter(([name]) => !withheld.test(name) && !ofConnection.has(name) && !dropped.has(name) && also(name)))
}

/** Where a browser is to go next is not for a server behind to say: it knows other addresses. */
const answered = (headers: Headers): Headers => passed(headers, name => name !== 'location' && !name.startsWith('access-control-'))

const late = new Set(['UND_ERR_HEADERS_TIMEOUT', 'UND_ERR_CONNECT_TIMEOUT', 'UND_ERR_BODY_TIMEOUT', 'ETIMEDOUT', 'FST_REPLY_FROM_GATEWAY_TIMEOUT'])

/** What the caller may see of an exchange that failed: never an address. */
function failure (error: Error, group: string): StatusError {
  const causes: unknown[] = []
  for (let one: unknown = error; one instanceof Error && causes.length < 8; one = one.cause) causes.push(one)
  const refusal = causes.find(one => one instanceof StatusError)
  if (refusal instanceof StatusError) return refusal
  const isLate = causes.some(one => late.has((one as { code?: string }).code ?? ''))
  const shown = isLate ? gatewayTimeout(`the server behind ${group} did not answer in time`) : serviceUnavailable(`the server behind ${group} cannot be reached`)
  return textError(shown.code, shown.message, error)
}

/** The address of a server behind, with a path that ends in no slash; throws a sentence where it is none. */
function upstreamOf (endpoint: string, key: string): string {
  const url = URL.canParse(endpoint) ? new URL(endpoint) : undefined
  if (!url || !/^https?:$/.test(url.protocol)) throw new Error(`${key}: ${JSON.stringify(endpoint)} is not an http or https address`)
  return url.origin + url.pathname.replace(/\/+$/, '')
}

/**
 * Forwards the paths of an API group to a server of its own, which sees who asks by nothing but the address: `/kapis/{group}/v1/x` becomes `{endpoint}/v1/x`.
 * Authentication, authorization and audit come before it, as everywhere. Without an endpoint there is nothing.
 */
export function groupProxy ({ group, endpoint, key, served = [], bodyLimit = 3 * 1024 * 1024, firstByte = bounds.firstByte }: GroupProxyOptions): (app: FastifyInstance) => Promise<void> {
  if (!endpoint) return async () => {}
  const upstream = upstreamOf(endpoint, key)
  const except = served.length ? `(?!(?:${served.join('|')})$)` : ''
  const version = `/:version(^${except}v[0-9][a-z0-9]*$)`

  async function preHandler ({ headers, upgradeSocket }: FastifyRequest): Promise<void> {
    checkAccept(headers.accept)
    if (upgradeSocket) throw badRequest('connections to this group are not upgraded')
  }

  return async app => {
    app.removeAllContentTypeParsers()
    app.addContentTypeParser('*', ({ headers }, body, done) => {
      if (Number(headers['content-length'] ?? 0) > bodyLimit) done(tooLarge('the request body is too large'))
      else done(null, headers['content-length'] === undefined ? body.pipe(boundedBody(bodyLimit)).on('error', () => { body.resume() }) : body)
    })
    await app.register(httpProxy, {
      prefix: `/kapis/${group}`,
      routes: [version, `${version}/*`],
      httpMethods: [...methods],
      upstream,
      proxyPayloads: false,
      preHandler,
      // The path as it came: the router has taken a slash at its end away.
      handler: (request: FastifyRequest, reply: FastifyReply, to: string, options: object) => {
        const [path = ''] = to.split('?')
        return reply.from(request.target.path.endsWith('/') ? `${path}/` : path, options)
      },
      disableRequestLogging: true,
      undici: { connections: bounds.connections, connect: { timeout: bounds.connect }, headersTimeout: firstByte, bodyTimeout: 0 },
      replyOptions: {
        rewriteRequestHeaders: ({ target, body }, headers) => ({ ...passed(headers), ...(body ? {} : { 'content-length': undefined }), 'x-forwarded-for': target.sourceIP }),
        rewriteHeaders: headers => answered(headers),
        retryDelay: () => null,
        onError: (reply, { error }) => { reply.send(failure(error, group)) },
      },
    })
  }
}
