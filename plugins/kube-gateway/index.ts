import type { FastifyReply, FastifyRequest } from 'fastify'
import { attributesOf, badRequest, defineGroup, forbiddenError, goneSignal, outOfReach, reach, readAll, type App, type KubeResponse, type ObjectGuard, type Services } from '../../core/sdk/index.js'
import { bodyLimit, checkedBody, forwardedQuery, relay, sendOn } from './forward.js'
import { requestHeaders } from './headers.js'
import { jsonAccept, redactAnswer, redactWatch, type Redact } from './redact.js'
import { selfReview } from './reviews.js'
import { upgrade } from './upgrade.js'
import { sendGuarded } from './writes.js'

type Needs = Pick<Services, 'kube' | 'access' | 'guards' | 'streams' | 'resolve' | 'authenticator'>

/** Parameters of a patch that its update may keep. */
const writeParameters = new Set(['fieldManager', 'dryRun', 'fieldValidation', 'pretty'])
/** What a redacted list may weigh, in bytes. */
const redactLimit = 64 * 1024 * 1024
const unguarded: readonly ObjectGuard[] = []
const guardedVerbs = new Set(['create', 'update', 'patch', 'delete'])

function gateway ({ kube, access, guards, streams, resolve, authenticator }: Needs) {
  const review = selfReview(access, resolve)

  /** As whom the request goes to Kubernetes; a 403 where it may not go at all. */
  function caller (request: FastifyRequest) {
    const attributes = attributesOf(request.identity, request.target.info)
    const way = reach(access, attributes, request.grant)
    if (way === undefined) throw forbiddenError(attributes, outOfReach)
    return way === 'caller' ? request.identity : undefined
  }

  const alive = (request: FastifyRequest) => async () => {
    const { target, headers } = request
    const identity = await authenticator.authenticate({ method: target.method, path: target.info.path, sourceIP: target.sourceIP, userAgent: target.userAgent, ...(headers.authorization !== undefined ? { authorization: headers.authorization } : {}) })
    return (await access.authorize(attributesOf(identity, target.info))).allowed
  }

  const isStream = ({ target: { info, query } }: FastifyRequest): boolean =>
    info.verb === 'watch' || (info.subresource === 'log' && query.has('follow') && query.get('follow') !== 'false') || info.subresource === 'proxy'

  function trackStream (request: FastifyRequest, reply: FastifyReply): void {
    const release = streams.track(request.identity.name, alive(request), () => reply.raw.destroy())
    reply.raw.once('close', release)
    request.leaveInFlight()
  }

  async function guardedWrite (request: FastifyRequest, reply: FastifyReply, as: ReturnType<typeof caller>, redact: Redact | undefined) {
    const { target: { info, path, query }, headers } = request
    const body = checkedBody(request)
    const kept = info.verb === 'patch' ? query.pairs.filter(([key]) => writeParameters.has(key)) : query.pairs
    const answer = await sendGuarded({
      kube,
      guards: guards.get(keyOf(request)) ?? [],
      write: { user: request.identity, info, asServer: as === undefined },
      path,
      query: kept.map(([key, value]) => `${encodeURIComponent(key)}=${encodeURIComponent(value)}`).join('&'),
      headers: { ...requestHeaders(headers, request.target.sourceIP, as), accept: jsonAccept(headers.accept), 'accept-encoding': undefined, 'content-length': undefined },
      contentType: headers['content-type'] ?? '',
      body: body ? await readAll(body, bodyLimit) : Buffer.alloc(0),
      signal: goneSignal(request.raw.socket),
    })
    return redact ? redacted(reply, answer, redact) : relay(reply, answer)
  }

  async function redacted (reply: FastifyReply, { status, headers, body }: KubeResponse, redact: Redact) {
    const text = (await readAll(body, redactLimit)).toString('utf8')
    const type = String(headers['content-type'] ?? 'application/json')
    const shown = text && type.includes('json') ? JSON.stringify(redactAnswer(JSON.parse(text), redact)) : text
    return reply.code(status).header('content-type', type).send(shown)
  }

  async function plain (request: FastifyRequest, reply: FastifyReply, as: ReturnType<typeof caller>, redact: Redact | undefined) {
    const { target, headers, method } = request
    const body = checkedBody(request)
    if (isStream(request)) trackStream(request, reply)
    const sent = requestHeaders(headers, target.sourceIP, as)
    const answer = await sendOn(kube.transport, {
      method,
      path: target.path,
      query: forwardedQuery(target.query),
      headers: redact ? { ...sent, accept: jsonAccept(headers.accept), 'accept-encoding': undefined } : sent,
      signal: goneSignal(request.raw.socket),
      ...(body ? { body } : {}),
    })
    if (!redact) return relay(reply, answer)
    if (target.info.verb === 'watch' && answer.status < 300) return relay(reply, { ...answer, body: answer.body.pipe(redactWatch(redact)) })
    return redacted(reply, answer, redact)
  }

  const redaction = (own: readonly ObjectGuard[], { identity }: FastifyRequest): Redact => ({
    object: object => own.reduce((left, guard) => guard.redact?.(left, identity) ?? left, object),
    status: status => own.reduce((left, guard) => guard.redactStatus?.(left) ?? left, status),
  })

  return (request: FastifyRequest, reply: FastifyReply) => {
    const { info } = request.target
    const own = guards.get(keyOf(request)) ?? unguarded
    const redact = own.some(guard => guard.redact) ? redaction(own, request) : undefined

    if (info.apiGroup === 'authorization.k8s.io' && info.resource === 'selfsubjectaccessreviews' && info.verb === 'create') {
      return readAll(checkedBody(request)!, bodyLimit).then(body => review(request, reply, body))
    }
    const as = caller(request)
    if (request.upgradeSocket) {
      if (redact) throw badRequest('objects of this kind are watched over plain HTTP')
      return upgrade(request, reply, { transport: kube.transport, streams, as, alive: alive(request) })
    }
    // What is created under an object (a token, say) is not of the object's kind.
    const isOther = info.verb === 'create' && info.subresource !== ''
    if (guardedVerbs.has(info.verb) && !isOther && own.some(guard => guard.write)) return guardedWrite(request, reply, as, redact)
    return plain(request, reply, as, redact)
  }
}

const keyOf = ({ target: { info } }: FastifyRequest): string => info.apiGroup ? `${info.resource}.${info.apiGroup}` : info.resource

const methods = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS']

/** `/api`, `/apis` and `/openapi/v3`, forwarded to Kubernetes: exactly what was authorised, as whom it may be done. */
export default defineGroup({
  name: 'kube-gateway',
  needs: ['kube', 'access', 'guards', 'streams', 'resolve', 'authenticator'],
  setup (services) {
    const handler = gateway(services)
    return {
      root (app: App) {
        app.removeAllContentTypeParsers()
        app.addContentTypeParser('*', (_request, payload, done) => { done(null, payload) })
        const config = { errorForm: 'status' as const }
        for (const url of ['/api', '/api/*', '/apis', '/apis/*']) app.route({ method: methods, url, config, handler })
        for (const url of ['/openapi/v3', '/openapi/v3/*']) app.route({ method: ['GET', 'HEAD'], url, config, handler })
      },
    }
  },
})
