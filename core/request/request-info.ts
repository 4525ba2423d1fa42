import type { Query, RequestInfo, Scope } from './types.js'
import { isWatch, nameInOptions } from './query.js'

const prefixes = new Set(['api', 'apis', 'kapis', 'kapi'])
const groupless = new Set(['api', 'kapi'])
const verbs: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
const namespaceSubresources = new Set(['status', 'finalize'])
const workspaceSelector = 'kubesphere.io/workspace='

type Draft = { -readonly [K in keyof RequestInfo]: RequestInfo[K] }

const empty = (path: string, verb: string): Draft => ({ isKubernetesRequest: false, isResourceRequest: false, path, verb, apiPrefix: '', apiGroup: '', apiVersion: '', cluster: '', workspace: '', namespace: '', devops: '', resource: '', subresource: '', name: '', parts: [], resourceScope: '' })

const trim = (path: string): string => path.replace(/^\/+|\/+$/g, '')

/** `word/value/rest…` at the front: answers the value, and drops both where more follows. */
function takePair (parts: string[], word: string): string {
  if (parts[0] !== word) return ''
  const value = parts[1] ?? ''
  if (parts.length > 2) parts.splice(0, 2)
  return value
}

/** Raised for a verb in the path with nothing after it; the message is what 3.x says. */
export class UnresolvableRequest extends Error {}

export interface ResolverOptions {
  /** `resource.group` of what is authorised at Global scope. */
  globalResources: ReadonlySet<string>
}

/** A request as the resolver takes it: the decoded path, and the query as read. */
export interface Resolvable { method: string, path: string, query: Query, /** As it came, for messages. */ url?: string }

/** Resolves what a request asks for (core.md §2 of the contract): pure, from method, path and query alone. */
export function createResolver ({ globalResources }: ResolverOptions): (request: Resolvable) => RequestInfo {
  function scopeOf ({ apiGroup, resource, namespace, devops, workspace }: Draft): Scope {
    if (globalResources.has(apiGroup ? `${resource}.${apiGroup}` : resource)) return 'Global'
    if (namespace) return 'Namespace'
    if (devops) return 'DevOps'
    return workspace ? 'Workspace' : 'Cluster'
  }

  /** `status` and `finalize` behind a namespace's name are its subresources, not kinds in it. */
  function readNamespace (info: Draft, parts: string[]): void {
    if (parts[0] === 'namespaces') {
      info.namespace = parts[1] ?? ''
      if (parts.length > 2 && !namespaceSubresources.has(parts[2] ?? '')) parts.splice(0, 2)
    } else info.devops = takePair(parts, 'devops')
  }

  function readResource (info: Draft, parts: string[], fromPath: boolean): void {
    info.parts = parts
    info.resource = parts[0] ?? ''
    info.name = parts[1] ?? ''
    if (!(fromPath && info.verb === 'proxy')) info.subresource = parts[2] ?? ''
    info.resourceScope = scopeOf(info)
  }

  function readOptions (info: Draft, query: Query): void {
    if (info.name === '' && info.verb === 'get') {
      info.verb = isWatch(query) ? 'watch' : 'list'
      info.name = nameInOptions(query)
    }
    const selector = query.get('labelSelector') ?? ''
    if (info.verb === 'watch' && selector.startsWith(workspaceSelector)) {
      info.workspace = selector.slice(workspaceSelector.length)
      info.resourceScope = 'Workspace'
    }
    if (info.name === '' && info.verb === 'delete') info.verb = 'deletecollection'
  }

  function readParts (info: Draft, parts: string[], { method, path, query, url = path }: Resolvable): void {
    if (parts.length < 3 || !prefixes.has(parts[0] ?? '')) return
    info.apiPrefix = parts.shift() ?? ''
    info.cluster = takePair(parts, 'clusters')
    if (!groupless.has(info.apiPrefix)) {
      if (parts.length < 3) return
      info.apiGroup = parts.shift() ?? ''
    }
    const version = parts.shift() ?? ''
    if (parts.length === 0) return
    info.isResourceRequest = true
    info.apiVersion = version
    const fromPath = parts[0] === 'proxy' || parts[0] === 'watch'
    if (fromPath && parts.length < 2) throw new UnresolvableRequest(`unable to determine kind and namespace from url: ${url}`)
    info.verb = fromPath ? parts.shift() ?? '' : verbs[method] ?? ''
    info.workspace = takePair(parts, 'workspaces')
    readNamespace(info, parts)
    readResource(info, parts, fromPath)
    readOptions(info, query)
  }

  return request => {
    const info = empty(request.path, request.method)
    const parts = trim(request.path).split('/')
    const [first = ''] = parts
    const short = parts.length < 3
    readParts(info, parts, request)
    const prefix = info.apiPrefix || (short ? first : '')
    info.isKubernetesRequest = prefix === 'api' || prefix === 'apis'
    return Object.freeze(info)
  }
}
