import type { Attributes, Grant } from './types.js'

const reads = new Set(['get', 'list', 'watch'])
const memberships = new Set(['clustermembers', 'workspacemembers', 'members'])
const discovery = new Set(['/api', '/api/v1'])

/** What everybody who is logged in may do, beside the rules of roles. As the policy that 3.x installers put on GlobalRole `authenticated`. */
const rules: readonly ((attributes: Attributes) => boolean)[] = [
  // One's own account; of its Kubernetes form only the reading, because writes there would reach fields that are not one's own to change.
  ({ resource, name, user, verb, isKubernetesRequest, isResourceRequest }) =>
    isResourceRequest && resource === 'users' && name !== '' && name === user.name && (!isKubernetesRequest || verb === 'get'),
  // One's own memberships.
  ({ resource, name, user, verb }) => memberships.has(resource) && name !== '' && name === user.name && reads.has(verb),
  // Why one may or may not; about others its handler asks again.
  ({ apiGroup, resource, verb, isKubernetesRequest }) => apiGroup === 'iam.kubesphere.io' && resource === 'accessreview' && !isKubernetesRequest && reads.has(verb),
  // What kubectl asks first.
  ({ path, verb, isResourceRequest }) => !isResourceRequest && discovery.has(path) && verb === 'GET',
  // Tenant lists: their handlers show each caller what is theirs.
  ({ apiGroup, verb, isKubernetesRequest }) => apiGroup === 'tenant.kubesphere.io' && !isKubernetesRequest && reads.has(verb),
]

/** Personal tokens are one's own, or of whoever manages people: who may change an account may see and end its tokens. */
export const ofAccount = (attributes: Attributes): Attributes =>
  attributes.resource === 'users' && attributes.subresource === 'tokens' && attributes.apiGroup === 'iam.kubesphere.io' && !attributes.isKubernetesRequest
    ? { ...attributes, subresource: '', verb: 'update' }
    : attributes

const grant: Grant = Object.freeze({ source: 'self', role: 'self-service', blanket: true })

/** The self-service grant of a request, for members of system:authenticated. */
export const selfServiceGrant = (attributes: Attributes): Grant | undefined =>
  attributes.user.groups.includes('system:authenticated') && rules.some(rule => rule(attributes)) ? grant : undefined
