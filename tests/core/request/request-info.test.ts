import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import { createResolver } from '../../../core/request/request-info.js'
import { parseQuery } from '../../../core/request/query.js'
import type { RequestInfo } from '../../../core/request/types.js'
import { root } from '../../helpers/process.js'

const globals = ['users.iam.kubesphere.io', 'globalroles.iam.kubesphere.io', 'globalrolebindings.iam.kubesphere.io', 'workspaces.tenant.kubesphere.io', 'clusters.tenant.kubesphere.io', 'clusters.cluster.kubesphere.io', 'clusters.resources.kubesphere.io']
const resolve = createResolver({ globalResources: new Set(globals) })

function infoOf (method: string, url: string, resolver = resolve): RequestInfo {
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  return resolver({ method, url, path: decodeURIComponent(path), query: parseQuery(mark < 0 ? '' : url.slice(mark + 1)) })
}

const rows: [string, string, Partial<RequestInfo>][] = [
  ['GET', '/', { path: '/', verb: 'GET', isResourceRequest: false, isKubernetesRequest: false, resourceScope: '' }],
  ['GET', '/api', { isKubernetesRequest: true, isResourceRequest: false, apiPrefix: '' }],
  ['GET', '/apis/apps', { isKubernetesRequest: true, isResourceRequest: false }],
  ['GET', '/apis/apps/v1', { isKubernetesRequest: true, isResourceRequest: false, apiPrefix: 'apis' }],
  ['POST', '/oauth/token', { verb: 'POST', isResourceRequest: false }],
  ['GET', '/api/v1/pods', { verb: 'list', apiVersion: 'v1', resource: 'pods', resourceScope: 'Cluster' }],
  ['HEAD', '/api/v1/pods/a', { verb: 'get', name: 'a' }],
  ['OPTIONS', '/api/v1/pods', { verb: '' }],
  ['GET', '/api/v1/namespaces/ns/pods/p/log', { verb: 'get', namespace: 'ns', resource: 'pods', name: 'p', subresource: 'log', resourceScope: 'Namespace' }],
  ['GET', '/api/v1/namespaces/ns', { resource: 'namespaces', name: 'ns', namespace: 'ns', resourceScope: 'Namespace' }],
  ['PUT', '/api/v1/namespaces/ns/finalize', { verb: 'update', resource: 'namespaces', name: 'ns', subresource: 'finalize' }],
  ['DELETE', '/api/v1/namespaces/ns/pods', { verb: 'deletecollection' }],
  ['GET', '/api/v1/watch/namespaces/ns/pods/p', { verb: 'watch', resource: 'pods', name: 'p' }],
  ['GET', '/api/v1/proxy/namespaces/ns/services/s/a', { verb: 'proxy', resource: 'services', name: 's', subresource: '' }],
  ['GET', '/api/v1/pods?watch=', { verb: 'watch' }],
  ['GET', '/api/v1/pods?watch=False', { verb: 'list' }],
  ['GET', '/api/v1/pods/p?watch=true', { verb: 'get' }],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dp', { verb: 'list', name: 'p' }],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Da/b', { name: '' }],
  ['GET', '/api/v1/pods?limit=x&fieldSelector=metadata.name%3Dp', { verb: 'list', name: '' }],
  ['GET', '/apis/iam.kubesphere.io/v1alpha2/users/a', { apiGroup: 'iam.kubesphere.io', resource: 'users', name: 'a', resourceScope: 'Global' }],
  ['GET', '/kapis/iam.kubesphere.io/v1alpha2/workspaces/ws/workspacemembers/u', { isKubernetesRequest: false, workspace: 'ws', resource: 'workspacemembers', name: 'u', resourceScope: 'Workspace' }],
  ['GET', '/kapis/tenant.kubesphere.io/v1alpha2/workspaces/ws', { workspace: 'ws', resource: 'workspaces', name: 'ws', resourceScope: 'Global' }],
  ['GET', '/kapis/iam.kubesphere.io/v1alpha2/workspaces/ws/namespaces/ns/roles', { workspace: 'ws', namespace: 'ns', resource: 'roles', resourceScope: 'Namespace' }],
  ['GET', '/kapis/iam.kubesphere.io/v1alpha2/devops/d/roles', { devops: 'd', resource: 'roles', resourceScope: 'DevOps' }],
  ['GET', '/kapis/clusters/host/iam.kubesphere.io/v1alpha2/users', { cluster: 'host', resource: 'users' }],
  ['GET', '/api/clusters/host/v1/nodes', { cluster: 'host', apiVersion: 'v1', resource: 'nodes' }],
  ['GET', '/api/clusters/host/v1', { cluster: 'host', isResourceRequest: false, isKubernetesRequest: true, apiVersion: '', verb: 'GET' }],
  ['GET', '/api/v1/watch/secrets?labelSelector=kubesphere.io/workspace%3Dws1', { workspace: 'ws1', resourceScope: 'Workspace' }],
  ['GET', '/api/v1/secrets?labelSelector=kubesphere.io/workspace%3Dws1', { workspace: '', resourceScope: 'Cluster' }],
  ['GET', '/foo/bar/baz/qux', { isResourceRequest: false, verb: 'GET' }],
]
for (const [method, url, expect] of rows) t.match(infoOf(method, url), expect, `${method} ${url}`)
t.throws(() => infoOf('GET', '/api/v1/watch'), { message: 'unable to determine kind and namespace from url: /api/v1/watch' })

interface Vector { method: string, url: string, expect?: Record<string, unknown>, expectError?: string, notificationEnabled?: boolean, [key: string]: unknown }
const file = `${root}/../shared/spec/request-info.json`
t.test('the vectors of the contract', { skip: existsSync(file) ? false : 'the recorded vectors are not at hand' }, t => {
  const data = JSON.parse(readFileSync(file, 'utf8')) as { vectors: Vector[], hardened: Vector[], notificationGlobalResources: { group: string, resource: string }[] }
  const withNotification = createResolver({ globalResources: new Set([...globals, ...data.notificationGlobalResources.map(({ group, resource }) => `${resource}.${group}`)]) })
  for (const { method, url, expect, expectError, ...more } of [...data.vectors, ...data.hardened]) {
    const name = `${method} ${url} ${JSON.stringify(more)}`
    const resolver = more.notificationEnabled === true ? withNotification : resolve
    if (expectError) t.throws(() => infoOf(method, url, resolver), { message: expectError }, name)
    else t.match(infoOf(method, url, resolver), expect, name)
  }
  t.end()
})
