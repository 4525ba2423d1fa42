import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { questionOf } from '../../../../plugins/kube-embedded/auth/question.js'
import { verbOf } from '../../../../plugins/kube-embedded/entry.js'
import type { Exchange } from '../../../../plugins/kube-embedded/exchange.js'
import { builtinKinds } from '../../../../plugins/kube-embedded/kinds/index.js'
import { routeOf, type Route } from '../../../../plugins/kube-embedded/route.js'
import { Rows } from '../../../../plugins/kube-embedded/rows.js'

/** method, URL, what is asked: verb group/resource/subresource namespace name, or verb and path. */
const rows: [string, string, string][] = [
  ['GET', '/api/v1/pods', 'list /pods/  '],
  ['GET', '/api/v1/namespaces/a/pods?watch=true', 'watch /pods/ a '],
  ['GET', '/api/v1/namespaces/a/pods?watch=false', 'list /pods/ a '],
  ['GET', '/api/v1/namespaces/a/pods/x?watch=1', 'get /pods/ a x'],
  ['HEAD', '/api/v1/namespaces/a/pods/x/log', 'get /pods/log a x'],
  ['GET', '/api/v1/watch/namespaces/a/pods/x', 'watch /pods/ a x'],
  ['GET', '/api/v1/namespaces', 'list /namespaces/  '],
  ['GET', '/api/v1/namespaces/a', 'get /namespaces/ a a'],
  ['PUT', '/api/v1/namespaces/a/finalize', 'update /namespaces/finalize a a'],
  ['POST', '/apis/apps/v1/namespaces/a/deployments', 'create apps/deployments/ a '],
  ['PATCH', '/apis/apps/v1/namespaces/a/deployments/x/scale', 'patch apps/deployments/scale a x'],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments', 'deletecollection apps/deployments/ a '],
  ['DELETE', '/apis/apps/v1/namespaces/a/deployments/x', 'delete apps/deployments/ a x'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Dx', 'list /pods/  x'],
  ['GET', '/api/v1/pods?fieldSelector=metadata.name%3Da%2Fb', 'list /pods/  '],
  ['GET', '/api/v1/pods?fieldSelector=%3D%3D%3D', 'list /pods/  '],
  ['GET', '/apis/rbac.authorization.k8s.io/v1/clusterroles/system:a%20b', 'get rbac.authorization.k8s.io/clusterroles/  system:a b'],
  ['GET', '/apis/apps/v1', 'get /apis/apps/v1'],
  ['GET', '/api/', 'get /api/'],
  ['POST', '/', 'post /'],
  ['GET', '/version/%78', 'get /version/x'],
]

const exchange = (method: string, url: string): Exchange => {
  const [path = '', query = ''] = url.split('?')
  return { method, path, query: new URLSearchParams(query) } as Exchange
}

t.test('what a request asks for', t => {
  for (const [method, url, expected] of rows) {
    const { isResource, verb, apiGroup, resource, subresource, namespace, name, path } = questionOf(exchange(method, url))
    t.equal(isResource ? `${verb} ${apiGroup}/${resource}/${subresource} ${namespace} ${name}` : `${verb} ${path}`, expected, `${method} ${url}`)
  }
  t.throws(() => questionOf(exchange('GET', '/%zz')), { code: 400 })
  t.end()
})

const kinds = new Rows(builtinKinds)
const part = fc.constantFrom('api', 'apis', 'v1', 'apps', 'watch', 'namespaces', 'a', 'pods', 'deployments', 'nodes', 'status', 'log', 'finalize', 'scale', 'x', '%61', 'po%64s', '', 'rbac.authorization.k8s.io', 'roles')
const head = fc.constantFrom('/api/v1', '/apis/apps/v1', '/apis/rbac.authorization.k8s.io/v1', '')
const url = fc.tuple(head, fc.array(part, { maxLength: 7, size: 'max' }), fc.constantFrom('', '/'), fc.constantFrom('', '?watch=1', '?watch=0', '?watch')).map(([head, parts, end, query]) => `${head}/${parts.join('/')}${end}${query}`)

function routed (path: string): Route | undefined {
  try { return routeOf(path, kinds) } catch { return undefined }
}

t.test('what is judged is what is served', t => {
  let served = 0
  fc.assert(fc.property(fc.constantFrom('GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE'), url, (method, url) => {
    const asked = exchange(method, url)
    const route = routed(asked.path)
    if (!route) return true
    const question = questionOf(asked)
    if (route.kind !== 'resource') return !question.isResource
    served++
    const verb = verbOf(route, asked)
    const namespace = route.row.resource === 'namespaces' ? route.name : route.namespace
    return question.isResource && question.apiGroup === route.row.group && question.resource === route.row.resource && question.name === route.name &&
      question.namespace === namespace && question.subresource === (route.subresource.split('/')[0] ?? '') && (route.subresource !== '' || verb === undefined || question.verb === verb)
  }), { numRuns: 20_000 })
  t.ok(served > 100, `${served} were served`)
  t.end()
})
