import { badRequest, forbiddenError, parseFieldSelector, type StatusError } from '../../../core/sdk/index.js'
import { flag, type Exchange } from '../exchange.js'
import type { User } from './users.js'

/** What somebody wants to do: with a resource, or with a path. Empty texts mean "none", never "any". */
export interface Question {
  readonly isResource: boolean
  readonly verb: string
  readonly namespace: string
  readonly apiGroup: string
  readonly apiVersion: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  /** Decoded; of a request that names no resource. */
  readonly path: string
}

export const aboutPath = (verb: string, path: string): Question =>
  ({ isResource: false, verb, namespace: '', apiGroup: '', apiVersion: '', resource: '', subresource: '', name: '', path })

export const aboutResource = (verb: string, { namespace = '', apiGroup = '', apiVersion = '', resource = '', subresource = '', name = '' }: Partial<Question>): Question =>
  ({ isResource: true, verb, namespace, apiGroup, apiVersion, resource, subresource, name, path: '' })

const verbs: Readonly<Record<string, string>> = { POST: 'create', GET: 'get', HEAD: 'get', PUT: 'update', PATCH: 'patch', DELETE: 'delete' }
const ofNamespaces = new Set(['status', 'finalize'])

function partsOf (path: string): string[] {
  const parts = path.split('/').slice(1)
  if (!path.includes('%')) return parts
  try {
    return parts.map(decodeURIComponent)
  } catch (cause) {
    throw badRequest('the path has a broken escape', cause)
  }
}

/** The name that a field selector demands; a selector that cannot be read demands none. */
function selectedName (query: URLSearchParams): string {
  const text = query.get('fieldSelector')
  if (!text) return ''
  try {
    const name = parseFieldSelector(text).terms.find(({ field, op }) => field === 'metadata.name' && op === '=')?.value ?? ''
    return name === '.' || name === '..' || /[/%]/.test(name) ? '' : name
  } catch {
    return ''
  }
}

/** What a request asks for, as Kubernetes' RequestInfo reads it: from the path alone, whether or not anything is served there. */
export function questionOf ({ method, path, query }: Pick<Exchange, 'method' | 'path' | 'query'>): Question {
  const parts = partsOf(path)
  const whole = () => aboutPath(method.toLowerCase(), path.includes('%') ? `/${partsOf(path).join('/')}` : path)
  if (parts.length > 1 && parts.at(-1) === '') parts.pop()
  const [root = ''] = parts
  if ((root !== 'api' && root !== 'apis') || parts.includes('')) return whole()
  const at = root === 'api' ? 1 : 2
  const names = parts.slice(at + 1)
  return names.length === 0 ? whole() : ofNames(method, query, at === 2 ? parts[1] ?? '' : '', parts[at] ?? '', names)
}

function ofNames (method: string, query: URLSearchParams, apiGroup: string, apiVersion: string, names: readonly string[]): Question {
  const watches = names[0] === 'watch'
  const path = watches ? names.slice(1) : names
  const namespace = path[0] === 'namespaces' ? path[1] ?? '' : ''
  const scoped = namespace !== '' && path.length > 2 && !ofNamespaces.has(path[2] ?? '')
  const [resource = '', name = '', subresource = ''] = scoped ? path.slice(2) : path
  const verb = watches ? 'watch' : verbs[method] ?? ''
  const ask = (verb: string, name: string) => aboutResource(verb, { namespace, apiGroup, apiVersion, resource, subresource, name })
  if (name === '' && verb === 'get') return ask(flag(query, 'watch') ? 'watch' : 'list', selectedName(query))
  return ask(name === '' && verb === 'delete' ? 'deletecollection' : verb, name)
}

/** The 403 for a question, in the words of Kubernetes. */
export const forbiddenTo = ({ name, groups }: User, { isResource, ...question }: Question, reason = ''): StatusError => forbiddenError(
  { ...question, isResourceRequest: isResource, user: { name, groups, by: 'bearer' }, workspace: '', devops: '', isKubernetesRequest: true, resourceScope: '' }, reason)
