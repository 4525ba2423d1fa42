import { singularOf } from '../../schemas/kube/object.js'
import { attributesOf, badRequest, forbiddenError, notFound, outOfReach, Query, reach, type Access, type Attributes, type Decision, type Explanation, type Identity, type Miss, type RequestInfo, type Services } from '../../core/sdk/index.js'
import { users } from '../../schemas/iam/v1alpha2.js'
import { personOf, type Directory } from './directory.js'

/** One request, as a question names it; '' where it does not. */
export interface Question { verb: string, group: string, resource: string, subresource: string, name: string, namespace: string, workspace: string, path: string, user: string }
type Asked = Omit<Question, 'user' | 'path'> & { path?: string }

export interface AccessReview {
  allowed: boolean
  /** Of a refusal that is not for lack of a role. */
  reason?: string
  user: string
  request: Asked
  grant?: { scope?: Miss['scope'], source: string, binding?: string, role?: string, rule?: object }
  misses: readonly Miss[]
}

export const questionKeys = ['verb', 'group', 'resource', 'subresource', 'name', 'namespace', 'workspace', 'path', 'user'] as const
/** Parts of a question that stand in a path between slashes. */
const segments = ['group', 'resource', 'subresource', 'name', 'namespace', 'workspace'] as const
const longest = 253
const longestPath = 2_048

const methods: Readonly<Record<string, string>> = { get: 'GET', list: 'GET', watch: 'GET', create: 'POST', update: 'PUT', patch: 'PATCH', delete: 'DELETE', deletecollection: 'DELETE' }

function check ({ verb, resource, path, ...question }: Question): void {
  if (!verb || (!resource && !path)) throw badRequest('a question names a verb, and a resource or a path')
  if (resource && path) throw badRequest('a question names a resource or a path, not both')
  if (path && (!/^\/[^?#]*$/.test(path) || path.length > longestPath)) throw badRequest(`path: begins with /, has no query and at most ${longestPath} characters`)
  const given: Record<string, string> = { ...question, resource }
  for (const key of segments) {
    const text = given[key] ?? ''
    if (text.includes('/') || text.length > longest) throw badRequest(`${key}: a name without / of at most ${longest} characters is expected`)
  }
}

/** The path of a request for a resource, so that its scope is told by what tells it for every request. */
function pathOf ({ group, resource, name, namespace, workspace }: Question): string {
  const prefix = group === '' ? '/api/v1' : `${/\.kubesphere\.io$/.test(group) ? '/kapis' : '/apis'}/${group}/v1`
  return [prefix, ...(workspace ? ['workspaces', workspace] : []), ...(namespace ? ['namespaces', namespace] : []), resource, ...(name ? [name] : [])].join('/')
}

export interface AccessReviewsOptions { access: Access, directory: Directory, resolve: Services['resolve'] }

/** Why somebody may or may not: the decision about one request, and what led to it. */
export function createAccessReviews ({ access, directory, resolve }: AccessReviewsOptions) {
  function read (path: string, verb: string): RequestInfo {
    const query = new Query(verb === 'watch' ? [['watch', 'true']] : [])
    try { return resolve({ method: methods[verb] ?? verb.toUpperCase(), path, query }) } catch (error) { throw badRequest((error as Error).message, error) }
  }

  function requestOf (user: Identity, question: Question): Attributes {
    const { verb, path, group, resource, subresource, name } = question
    const info = path ? read(path, verb) : undefined
    if (info?.isResourceRequest && info.verb === '') throw badRequest(`verb: ${JSON.stringify(verb)} is no verb of a path; name the resource instead`)
    if (info) return attributesOf(user, info)
    return { ...attributesOf(user, read(pathOf(question), verb)), verb, apiGroup: group, resource, subresource, name }
  }

  /** Whoever may list the members of the place that a request is for may ask about others there. */
  const membersIn = (caller: Identity, { namespace, workspace, devops }: Attributes): Attributes => {
    const [resource, resourceScope] = namespace ? ['members', 'Namespace'] as const : devops ? ['members', 'DevOps'] as const : workspace ? ['workspacemembers', 'Workspace'] as const : ['clustermembers', 'Cluster'] as const
    return { user: caller, verb: 'list', workspace, namespace, devops, apiGroup: 'iam.kubesphere.io', apiVersion: 'v1alpha2', resource, subresource: '', name: '', isKubernetesRequest: false, isResourceRequest: true, path: '', resourceScope }
  }

  async function other (caller: Identity, name: string, question: Question): Promise<Identity> {
    const asked = membersIn(caller, requestOf(caller, question))
    const decision = await access.authorize(asked)
    if (!decision.allowed) throw forbiddenError(asked, decision.reason)
    const user = directory.find(name)
    if (!user) throw notFound(singularOf(users), name)
    return { name, groups: [...personOf(user).groups, 'system:authenticated'], by: 'bearer' }
  }

  /** What the roles of the platform allow ends where Kubernetes is not reached with them. */
  const atTheDoor = (request: Attributes, decision: Decision): Decision =>
    decision.allowed && request.isKubernetesRequest && reach(access, request, decision.grant) === undefined ? { allowed: false, reason: outOfReach } : decision

  return {
    async answer (caller: Identity, question: Question): Promise<AccessReview> {
      check(question)
      const isOwn = question.user === '' || question.user === caller.name
      const user = isOwn ? caller : await other(caller, question.user, question)
      const request = requestOf(user, question)
      const explained = await access.explain(request)
      return show(request, { ...explained, decision: atTheDoor(request, explained.decision) }, isOwn)
    },
  }
}

const shownRequest = ({ verb, apiGroup, resource, subresource, name, namespace, workspace, isResourceRequest, path }: Attributes): Asked =>
  ({ verb, group: apiGroup, resource, subresource, name, namespace, workspace, ...(isResourceRequest ? {} : { path }) })

/** To which workspace a project belongs, and which one keeps a DevOps project, is told to those who are bound there. */
function discreet (miss: Miss, { resourceScope, namespace, workspace }: Attributes): Miss {
  const isAsked = resourceScope === 'Workspace' ? miss.place === workspace : miss.scope === 'namespace' && miss.place === namespace
  return miss.bindings.length > 0 || isAsked ? miss : { ...miss, place: '' }
}

function show (request: Attributes, { decision, found, misses }: Explanation, isOwn: boolean): AccessReview {
  const { source, binding, role } = decision.allowed ? decision.grant : {}
  return {
    allowed: decision.allowed,
    ...(!decision.allowed && decision.reason ? { reason: decision.reason } : {}),
    user: request.user.name,
    request: shownRequest(request),
    ...(source ? { grant: { source, ...found, ...(binding ? { binding } : {}), ...(role ? { role } : {}) } } : {}),
    misses: isOwn ? misses.map(miss => discreet(miss, request)) : misses,
  }
}

export type AccessReviews = ReturnType<typeof createAccessReviews>
