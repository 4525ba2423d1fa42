import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { createResolver } from '../../../core/request/request-info.js'
import { Query } from '../../../core/request/types.js'

/** What a request is made of; its URL is written from it, and must be read back as it. */
interface Made { group: string, version: string, namespace: string, resource: string, name: string, subresource: string, method: string, watch: boolean, kapis: boolean }

const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,8}$/).filter(word => !['proxy', 'watch', 'namespaces', 'devops', 'workspaces', 'clusters', 'status', 'finalize'].includes(word))
const made: fc.Arbitrary<Made> = fc.record({
  group: fc.oneof(fc.constant(''), fc.constantFrom('apps', 'batch', 'rbac.authorization.k8s.io', 'iam.kubesphere.io')),
  version: fc.constantFrom('v1', 'v1beta1', 'v1alpha2'),
  namespace: fc.oneof(fc.constant(''), name),
  resource: fc.oneof(name, fc.constantFrom('pods', 'deployments', 'users', 'secrets')),
  name: fc.oneof(fc.constant(''), name, fc.constantFrom('system:node', 'a.b.c')),
  subresource: fc.oneof(fc.constant(''), fc.constantFrom('status', 'scale', 'log', 'exec')),
  method: fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'),
  watch: fc.boolean(),
  kapis: fc.boolean(),
}).map(one => ({ ...one, ...(one.name ? {} : { subresource: '' }), ...(one.group ? {} : { kapis: false }) }))

const pathOf = ({ group, version, namespace, resource, name, subresource, kapis }: Made) =>
  '/' + [...(group ? [kapis ? 'kapis' : 'apis', group] : ['api']), version, ...(namespace ? ['namespaces', namespace] : []), resource, ...(name ? [name] : []), ...(subresource ? [subresource] : [])].join('/')

function verbOf ({ method, name, watch }: Made): string {
  if (method === 'GET' || method === 'HEAD') return name ? 'get' : watch ? 'watch' : 'list'
  if (method === 'DELETE') return name ? 'delete' : 'deletecollection'
  return ({ POST: 'create', PUT: 'update', PATCH: 'patch' } as Record<string, string>)[method] ?? ''
}

t.test('50,000 requests are read as they were meant', async t => {
  const resolve = createResolver({ globalResources: new Set(['users.iam.kubesphere.io']) })
  fc.assert(fc.property(made, one => {
    const info = resolve({ method: one.method, path: pathOf(one), query: new Query(one.watch ? [['watch', 'true']] : []) })
    const wanted = {
      apiGroup: one.group,
      apiVersion: one.version,
      namespace: one.namespace,
      resource: one.resource,
      name: one.name,
      subresource: one.subresource,
      verb: verbOf(one),
      isKubernetesRequest: !one.kapis,
      resourceScope: one.group === 'iam.kubesphere.io' && one.resource === 'users' ? 'Global' : one.namespace ? 'Namespace' : 'Cluster',
    }
    for (const [key, value] of Object.entries(wanted)) if (info[key as keyof typeof info] !== value) throw new Error(`${one.method} ${pathOf(one)}: ${key} is ${String(info[key as keyof typeof info])}, not ${String(value)}`)
    if (!Object.isFrozen(info)) throw new Error('the answer can be changed')
  }), { numRuns: 50_000 })
  t.pass('50,000 requests')
})
