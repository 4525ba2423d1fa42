import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { attributesOf, type Access, type Decision, type Grant, type Identity } from './types.js'
import { forbiddenError } from './forbidden.js'
import type { ObjectGuard } from '../sdk/group.js'

/** Tells who asks; throws a 401 StatusError. Synchronous where everything needed is cached. */
export interface Authenticator {
  authenticate (request: { authorization?: string, method: string, path: string, sourceIP: string, userAgent: string }): Identity | Promise<Identity>
}

/** Guards of all groups, by `resource.group`. */
export type Guards = ReadonlyMap<string, readonly ObjectGuard[]>

export const resourceKey = ({ resource, apiGroup }: { resource: string, apiGroup: string }): string => apiGroup ? `${resource}.${apiGroup}` : resource

type Done = (error?: Error) => void

/** Goes on with a value now, or when its promise settles: the hot path never leaves the call stack. */
function then<T> (value: T | Promise<T>, next: (value: T) => void, done: Done): void {
  if (value instanceof Promise) value.then(next).catch(done)
  else next(value)
}

/** The credentials of a request as the authenticators read them. */
export const credentialsOf = ({ target, headers }: FastifyRequest): Parameters<Authenticator['authenticate']>[0] => ({
  method: target.method,
  path: target.info.path,
  sourceIP: target.sourceIP,
  userAgent: target.userAgent,
  ...(headers.authorization !== undefined ? { authorization: headers.authorization } : {}),
})

export function attachAuthentication (app: FastifyInstance, authenticator: Authenticator): void {
  app.decorateRequest('identity')
  app.addHook('onRequest', (request: FastifyRequest, _reply: FastifyReply, done: Done) => {
    try { then(authenticator.authenticate(credentialsOf(request)), identity => { request.identity = identity; done() }, done) } catch (error) { done(error as Error) }
  })
}

/** What kubectl of today asks before all else. The older form of `/apis` is told to tenants by roles of the platform alone, as in 3.x. */
const isDiscovery = ({ target: { info }, headers }: FastifyRequest): boolean =>
  !info.isResourceRequest && info.verb === 'GET' && (/^\/openapi\/v3(\/|$)/.test(info.path) || /^\/apis?\/./.test(info.path) || (info.path === '/apis' && /\bas=APIGroupDiscoveryList\b/.test(headers.accept ?? '')))

const permitted: Grant = { source: 'self', binding: 'guard' }

export function attachAuthorization (app: FastifyInstance, access: Access, guards: Guards): void {
  app.decorateRequest('grant')
  app.addHook('onRequest', (request: FastifyRequest, _reply: FastifyReply, done: Done) => {
    const { identity, target: { info } } = request
    const attributes = attributesOf(identity, info)
    const exception = (): Grant | undefined => {
      if (isDiscovery(request)) return access.kubernetesGrant(attributes)
      return info.isKubernetesRequest && identity.restriction === undefined && guards.get(resourceKey(info))?.some(guard => guard.permits?.(identity, info)) ? permitted : undefined
    }
    const settle = (decision: Decision) => {
      const grant = decision.allowed ? decision.grant : exception()
      if (grant) request.grant = grant
      done(decision.allowed || grant ? undefined : forbiddenError(attributes, decision.reason))
    }
    try { then(access.authorize(attributes), settle, done) } catch (error) { done(error as Error) }
  })
}
