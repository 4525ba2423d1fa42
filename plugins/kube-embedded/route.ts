import { badRequest } from '../../core/sdk/index.js'
import type { KindRow } from './kinds/types.js'
import type { Rows } from './rows.js'
import { noSuchPath, noSuchResource } from './status.js'

/** What a path names. `namespace` is '' for cluster-wide kinds and for a namespaced kind in all namespaces. */
export type Route =
  | { readonly kind: 'other', readonly parts: readonly string[] }
  | { readonly kind: 'versions' | 'groups' }
  | { readonly kind: 'group', readonly group: string }
  | { readonly kind: 'resources', readonly group: string, readonly version: string }
  | ResourceRoute

export interface ResourceRoute {
  readonly kind: 'resource'
  readonly row: KindRow
  readonly namespace: string
  readonly name: string
  readonly subresource: string
  /** The old form with /watch/ in the path. */
  readonly watch: boolean
}

/** Subresources of namespaces; whatever else follows a namespace's name is a resource in it. */
const ofNamespaces = new Set(['status', 'finalize'])

function decode (path: string): string[] {
  let parts
  try {
    parts = path.split('/').slice(1).map(decodeURIComponent)
  } catch (cause) {
    throw badRequest('the path has a broken escape', cause)
  }
  if (parts.some(part => part.includes('/') || part.includes('\0'))) throw badRequest('a part of the path has a slash or NUL in it')
  return parts
}

/** Finds what a path names; 404 where nothing is served. */
export function routeOf (path: string, rows: Rows): Route {
  const parts = decode(path)
  if (parts.length > 1 && parts.at(-1) === '') parts.pop()
  // An empty namespace would stand for all of them.
  if (parts.includes('')) throw noSuchResource()
  if (parts[0] === 'api') return parts.length === 1 ? { kind: 'versions' } : inVersion(rows, '', parts[1] ?? '', parts.slice(2))
  if (parts[0] !== 'apis') return { kind: 'other', parts }
  if (parts.length === 1) return { kind: 'groups' }
  const group = parts[1] ?? ''
  if (group === '' || !rows.group(group)) throw noSuchPath()
  return parts.length === 2 ? { kind: 'group', group } : inVersion(rows, group, parts[2] ?? '', parts.slice(3))
}

function inVersion (rows: Rows, group: string, version: string, parts: string[]): Route {
  if (!rows.group(group)?.versions.some(served => served.version === version)) throw noSuchResource()
  if (parts.length === 0) return { kind: 'resources', group, version }
  const watch = parts[0] === 'watch'
  const rest = watch ? parts.slice(1) : parts
  const scoped = rest[0] === 'namespaces' && rest.length > 2 && !ofNamespaces.has(rest[2] ?? '')
  const [resource = '', name = '', ...sub] = scoped ? rest.slice(2) : rest
  const row = rows.find(group, version, resource)
  if (!row || (row.namespaced !== scoped && (scoped || name !== ''))) throw noSuchResource()
  return { kind: 'resource', row, namespace: scoped ? rest[1] ?? '' : '', name, subresource: sub.join('/'), watch }
}
