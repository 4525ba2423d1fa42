import { createHash } from 'node:crypto'
import { aggregatedVersion } from './accept.js'
import { header, jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import type { Rows, ServedGroup } from './rows.js'
import { apiVersion, noSuchResource } from './status.js'

interface Subresource { name: string, group: string, version: string, kind: string, verbs: readonly string[] }

const changes = ['get', 'patch', 'update']
const stream = ['create', 'get']
const forwarded = ['create', 'delete', 'get', 'patch', 'update']
const create = ['create']

/** What single kinds have besides: name, kind, verbs, and the version where it is another. */
const special: Readonly<Record<string, readonly (readonly [name: string, kind: string, verbs: readonly string[], group?: string])[]>> = {
  'core/nodes': [['proxy', 'NodeProxyOptions', forwarded]],
  'core/services': [['proxy', 'ServiceProxyOptions', forwarded]],
  'core/serviceaccounts': [['token', 'TokenRequest', create, 'authentication.k8s.io']],
  'core/pods': [
    ['attach', 'PodAttachOptions', stream], ['binding', 'Binding', create], ['ephemeralcontainers', 'Pod', changes], ['eviction', 'Eviction', create, 'policy'], ['exec', 'PodExecOptions', stream],
    ['log', 'Pod', ['get']], ['portforward', 'PodPortForwardOptions', stream], ['proxy', 'PodProxyOptions', forwarded], ['resize', 'Pod', changes],
  ],
}

function subresourcesOf ({ group, version, kind, subresources, bucket, crd }: KindRow): Subresource[] {
  const own = { group, version, kind }
  const others = crd ? [] : special[bucket] ?? []
  return [
    ...others.map(([name, kind, verbs, other]) => ({ name, group: other ?? group, version: other ? 'v1' : version, kind, verbs })),
    ...(subresources.approval ? [{ name: 'approval', ...own, verbs: changes }] : []),
    ...(subresources.finalize ? [{ name: 'finalize', ...own, verbs: ['update'] }] : []),
    ...(subresources.scale ? [{ name: 'scale', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: changes }] : []),
    ...(subresources.status ? [{ name: 'status', ...own, verbs: changes }] : []),
  ].sort((a, b) => a.name < b.name ? -1 : 1)
}

const optional = (row: KindRow) => ({
  ...(row.shortNames.length ? { shortNames: row.shortNames } : {}),
  ...(row.categories.length ? { categories: row.categories } : {}),
})

/** Kinds that Kubernetes stores in an older version than it serves. */
const older: Readonly<Record<string, string>> = {
  'apiextensions.k8s.io/customresourcedefinitions': 'apiextensions.k8s.io/v1beta1',
  'storage.k8s.io/volumeattributesclasses': 'storage.k8s.io/v1beta1',
}

/** The mark of a stored form: what is stored otherwise has another. */
function storageHash ({ bucket, kind, storageVersion }: KindRow): string {
  const [first = '', second] = (older[bucket] ?? storageVersion).split('/')
  return createHash('sha256').update(second === undefined ? `/${first}/${kind}` : `${first}/${second}/${kind}`).digest().subarray(0, 8).toString('base64')
}

const isStored = ({ bucket, verbs }: KindRow): boolean => bucket !== '' && verbs.includes('create')

const resourcesOf = (row: KindRow) => [
  { name: row.resource, singularName: row.singular, namespaced: row.namespaced, kind: row.kind, verbs: verbsOf(row), ...optional(row), ...(isStored(row) ? { storageVersionHash: storageHash(row) } : {}) },
  ...subresourcesOf(row).map(({ name, group, version, kind, verbs }) => ({ name: `${row.resource}/${name}`, singularName: '', namespaced: row.namespaced, ...(group === row.group && version === row.version ? {} : { group, version }), kind, verbs })),
]

const customVerbs = ['delete', 'deletecollection', 'get', 'list', 'patch', 'create', 'update', 'watch']

/** Verbs of Kubernetes' own kinds are in the order of the alphabet, those of others are not. */
const verbsOf = ({ crd, verbs }: KindRow): readonly string[] => crd ? customVerbs.filter(verb => verbs.includes(verb)) : verbs

/** Kubernetes' own kinds by their names, others as they were defined. */
const ordered = (rows: readonly KindRow[]): KindRow[] => [...rows].sort((a, b) => a.crd || b.crd || a.resource === b.resource ? 0 : a.resource < b.resource ? -1 : 1)

/** APIResourceList of one version. */
export const resourceList = (rows: Rows, group: string, version: string) => {
  const served = rows.group(group)?.versions.find(served => served.version === version)
  if (!served) throw noSuchResource()
  return { kind: 'APIResourceList', ...(group ? { apiVersion: 'v1' } : {}), groupVersion: apiVersion({ group, version }), resources: ordered(served.rows).flatMap(resourcesOf) }
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
  verbs: verbsOf(row),
  ...optional(row),
  ...(subresourcesOf(row).length ? { subresources: subresourcesOf(row).map(sub => ({ subresource: sub.name, responseKind: kindOf(sub), verbs: sub.verbs })) } : {}),
})

const aggregatedGroup = ({ name, versions }: ServedGroup) => ({
  metadata: { ...(name ? { name } : {}), creationTimestamp: null },
  versions: versions.map(({ version, rows }) => ({ version, resources: ordered(rows).map(aggregatedResource), freshness: 'Current' })),
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
