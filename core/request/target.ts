import type { IncomingHttpHeaders } from 'node:http'
import { LRUCache } from 'lru-cache'
import { badRequest } from '../errors/status-error.js'
import { parsePath } from './canonical.js'
import { createNetworks } from './networks.js'
import { parseQuery } from './query.js'
import { createResolver, UnresolvableRequest, type Resolvable } from './request-info.js'
import { Query, type RequestInfo, type Target } from './types.js'

export interface FrontDoorOptions {
  /** `resource.group` of what is authorised at Global scope. */
  globalResources: ReadonlySet<string>
  /** With multi-cluster dispatch on: whether a name is this very cluster's. */
  isHostCluster?: (name: string) => boolean
  /** Addresses or CIDRs of hops whose forwarding headers are believed. */
  trustedProxies: readonly string[]
}

export interface RawRequest { method: string, url: string, headers: IncomingHttpHeaders, remoteAddress: string }

const longestText = 512

/** Request lines whose reading is kept, because consoles and controllers ask the same again and again: how many, and how long one may be, in characters. */
const keptLines = { most: 2_000, longest: 512 }

/** What a request line says, whoever sends it. */
type Line = Pick<Target, 'path' | 'query' | 'info'>

// eslint-disable-next-line no-control-regex
const control = /[\u0000-\u001f\u007f-\u009f]/g
const clean = (text: string | undefined): string => (text ?? '').slice(0, longestText).replace(control, '')
const one = (value: string | string[] | undefined): string | undefined => Array.isArray(value) ? value.join(', ') : value

const peer = (address: string): string => {
  const plain = address.startsWith('::ffff:') ? address.slice(7) : address
  return plain === '::1' ? '127.0.0.1' : plain
}

/** Where the router looks: without the first `/clusters/{name}`, and without a trailing slash. */
function routeOf (path: string, withoutCluster: string): string {
  const prefix = `/clusters/${withoutCluster}`
  const at = withoutCluster ? path.indexOf(prefix) : -1
  const route = at < 0 ? path : path.slice(0, at) + path.slice(at + prefix.length)
  return route.length > 1 && route.endsWith('/') ? route.slice(0, -1) : route
}

/** The repair of a query that a host cluster sent through a service proxy, where `dryRun` had to hide. */
const repaired = (query: Query): Query => query.has('dryrun')
  ? new Query(query.pairs.map(([key, value]) => [key === 'dryrun' ? 'dryRun' : key, value] as const))
  : query

/** Makes the one reader of request lines: canonical or a 400 StatusError, before anything else looks at the request. */
export function createFrontDoor ({ globalResources, isHostCluster, trustedProxies }: FrontDoorOptions): (raw: RawRequest) => Target {
  const trusted = createNetworks(trustedProxies)
  const resolve = createResolver({ globalResources })

  const info = (request: Resolvable): RequestInfo => {
    try { return resolve(request) } catch (error) {
      if (error instanceof UnresolvableRequest) throw badRequest(clean(error.message))
      throw error
    }
  }

  function sourceIP (headers: IncomingHttpHeaders, remoteAddress: string, believed: boolean): string {
    const told = believed ? clean(one(headers['x-client-ip']) || one(headers['x-real-ip']) || one(headers['x-forwarded-for'])) : ''
    return peer(told || remoteAddress)
  }

  function read (method: string, url: string, hiddenQuery: string | undefined): Line {
    const mark = url.indexOf('?')
    const { path, decoded } = parsePath(mark < 0 ? url : url.slice(0, mark))
    const raw = mark < 0 ? '' : url.slice(mark + 1)
    const query = hiddenQuery === undefined ? parseQuery(raw) : repaired(parseQuery(raw || hiddenQuery))
    return { path, query, info: info({ method, path: decoded, query, url }) }
  }

  const kept = new LRUCache<string, Line>({ max: keptLines.most })

  function readOnce (method: string, url: string): Line {
    if (url.length > keptLines.longest) return read(method, url, undefined)
    const key = `${method} ${url}`
    let line = kept.get(key)
    if (!line) kept.set(key, line = read(method, url, undefined))
    return line
  }

  /** What a hop that is believed hides in headers: the credential where it sends none of its own, and the query where the line has none. */
  function unhide (headers: IncomingHttpHeaders): string {
    const hidden = one(headers['x-kubesphere-authorization'])
    if (hidden && headers.authorization === undefined) headers.authorization = hidden
    return one(headers['x-kubesphere-rawquery']) ?? ''
  }

  return ({ method, url, headers, remoteAddress }) => {
    const believed = trustedProxies.length > 0 && trusted.has(remoteAddress)
    const { path, query, info } = believed ? read(method, url, unhide(headers)) : readOnce(method, url)
    const host = info.cluster !== '' && isHostCluster?.(info.cluster) === true
    return {
      method,
      path: host ? routeOf(path, info.cluster) : path,
      query,
      info,
      route: routeOf(path, host ? info.cluster : ''),
      sourceIP: sourceIP(headers, remoteAddress, believed),
      userAgent: clean(headers['user-agent']),
    }
  }
}
