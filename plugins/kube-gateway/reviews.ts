import type { FastifyReply, FastifyRequest } from 'fastify'
import { attributesOf, badRequest, Query, reach, type Access, type Identity, type Resolve } from '../../core/sdk/index.js'
import { decodeBody } from './body.js'

interface ReviewSpec {
  resourceAttributes?: { group?: string, version?: string, resource?: string, subresource?: string, verb?: string, namespace?: string, name?: string }
  nonResourceAttributes?: { path?: string, verb?: string }
}

const path = (...segments: (string | undefined)[]): string => '/' + segments.filter(Boolean).map(segment => encodeURIComponent(segment ?? '')).join('/')

/** The question of a review as the request that it stands for would be read. */
function questionOf (spec: ReviewSpec, user: Identity, resolve: Resolve) {
  const { resourceAttributes: on, nonResourceAttributes: at } = spec
  if (at) return attributesOf(user, resolve({ method: (at.verb ?? 'get').toUpperCase(), path: at.path ?? '/', query: new Query([]) }))
  if (!on) throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified')
  const { group = '', version = '*', resource = '*', subresource, verb = '*', namespace, name } = on
  const root = group ? ['apis', group, version] : ['api', version === '*' ? 'v1' : version]
  const scope = namespace && !(resource === 'namespaces' && !subresource && name === namespace) ? ['namespaces', namespace] : []
  const info = resolve({ method: 'GET', path: decodeURIComponent(path(...root, ...scope, resource, name ?? (subresource ? '*' : undefined), subresource)), query: new Query([]) })
  return { ...attributesOf(user, info), verb, name: name ?? '' }
}

const allowed = async (access: Access, question: ReturnType<typeof questionOf>): Promise<boolean> => {
  const decision = await access.authorize(question)
  return decision.allowed && reach(access, question, decision.grant) !== undefined
}

/**
 * `kubectl auth can-i`: answered here, because Kubernetes itself knows only a part of what the caller may do at this door.
 * A SelfSubjectAccessReview of authorization.k8s.io/v1.
 */
export const selfReview = (access: Access, resolve: Resolve) => async (request: FastifyRequest, reply: FastifyReply, body: Buffer) => {
  const review = decodeBody(request.headers['content-type'], body) as { spec?: ReviewSpec } | null
  if (typeof review?.spec !== 'object' || review.spec === null) throw badRequest('a SelfSubjectAccessReview needs a spec')
  const question = questionOf(review.spec, request.identity, resolve)
  return reply.code(201).type('application/json').send(JSON.stringify({
    kind: 'SelfSubjectAccessReview',
    apiVersion: 'authorization.k8s.io/v1',
    metadata: {},
    spec: review.spec,
    status: { allowed: await allowed(access, question) },
  }))
}
