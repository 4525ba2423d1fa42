import { createHash } from 'node:crypto'
import { aggregatedVersion } from './accept.js'
import { header, jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import type { Rows, ServedGroup } from './rows.js'
import { apiVersion, noSuchResource } from './status.js'

interface Subresource { name: string, group: string, version: string, kind: string, verbs: string[] }

function subresourcesOf ({ group, version, kind, subresources }: KindRow): Subresource[] {
  const own = { group, version, kind }
  return [
    ...(subresources.finalize ? [{ name: 'finalize', ...own, verbs: ['update'] }] : []),
    ...(subresources.scale ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] }] : []),
    ...(subresources.status ? [{ name: 'status', ...own, verbs: ['get', 'patch', 'update'] }] : []),
  ]
}

const optional = (row: KindRow) => ({
  ...(row.shortNames.length ? { shortNames: row.shortNames } : {}),
  ...(row.categories.length ? { categories: row.categories } : {}),
})

const resourcesOf = (row: KindRow) => [
  { name: row.resource, singularName: row.singular, namespaced: row.namespaced, kind: row.kind, verbs: row.verbs, ...optional(row), ...(row.bucket ? { storageVersionHash: hash(row.bucket + row.storageVersion).slice(0, 11) + '=' } : {}) },
  ...subresourcesOf(row).map(({ name, group, version, kind, verbs }) => ({ name: `${row.resource}/${name}`, singularName: '', namespaced: row.namespaced, ...(group === row.group && version === row.version ? {} : { group, version }), kind, verbs })),
]

const hash = (text: string) => createHash('sha256').update(text).digest('base64')

/** APIResourceList of one version. */
export const resourceList = (rows: Rows, group: string, version: string) => {
  const served = rows.group(group)?.versions.find(served => served.version === version)
  if (!served) throw noSuchResource()
  return { kind: 'APIResourceList', ...(group ? { apiVersion: 'v1' } : {}), groupVersion: apiVersion({ group, version }), resources: served.rows.flatMap(resourcesOf) }
}

const groupVersions = ({ name, versions }: ServedGroup) => versions.map(({ version }) => ({ groupVersion: apiVersion({ group: name, version }), version }))
const groupOf = (group: ServedGroup) => ({ name: group.name, versions: groupVersions(group), preferredVersion: groupVersions(group)[0] })

/** APIGroup of one group. */
export function apiGroup (rows: Rows, name: string) {
  const group = rows.group(name)
  if (!group) throw noSuchResource()
  return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(group) }
}

const apiVersions = () => ({ kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] })
const apiGroupList = (rows: Rows) => ({ kind: 'APIGroupList', apiVersion: 'v1', groups: rows.groups().filter(({ name }) => name !== '').map(groupOf) })

const kindOf = ({ group, version, kind }: { group: string, version: string, kind: string }) => ({ group, version, kind })

const aggregatedResource = (row: KindRow) => ({
  resource: row.resource,
  responseKind: kindOf(row),
  scope: row.namespaced ? 'Namespaced' : 'Cluster',
  singularResource: row.singular,
  verbs: row.verbs,
  ...optional(row),
  ...(subresourcesOf(row).length ? { subresources: subresourcesOf(row).map(sub => ({ subresource: sub.name, responseKind: kindOf(sub), verbs: sub.verbs })) } : {}),
})

const aggregatedGroup = ({ name, versions }: ServedGroup) => ({
  metadata: { ...(name ? { name } : {}), creationTimestamp: null },
  versions: versions.map(({ version, rows }) => ({ version, resources: rows.map(aggregatedResource), freshness: 'Current' })),
})

const aggregated = (rows: Rows, version: string, core: boolean) => ({
  kind: 'APIGroupDiscoveryList',
  apiVersion: `apidiscovery.k8s.io/${version}`,
  metadata: {},
  items: rows.groups().filter(({ name }) => (name === '') === core).map(aggregatedGroup),
})

/** /api and /apis, in the form that the client reads: one document with everything, or the list of versions or groups. */
export function discoveryRoot (rows: Rows, core: boolean, exchange: Exchange): Answer {
  const version = aggregatedVersion(header(exchange, 'accept'))
  if (!version) return jsonAnswer(200, core ? apiVersions() : apiGroupList(rows), { vary: 'Accept' })
  const body = Buffer.from(JSON.stringify(aggregated(rows, version, core)))
  const etag = `"${createHash('sha256').update(body).digest('hex').toUpperCase()}"`
  const headers = { 'content-type': `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`, etag, vary: 'Accept', 'cache-control': 'public' }
  return header(exchange, 'if-none-match') === etag ? { status: 304, headers, body: [] } : { status: 200, headers, body: [body] }
}
