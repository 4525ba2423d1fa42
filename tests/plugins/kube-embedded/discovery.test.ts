import t from 'tap'
import { embeddedApi, type Json } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

const aggregated = (version: string) => `application/json;g=apidiscovery.k8s.io;v=${version};as=APIGroupDiscoveryList`

t.test('discovery', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  const cases: { url: string, accept?: string, status?: number, has?: Json }[] = [
    { url: '/api', has: { kind: 'APIVersions', versions: ['v1'] } },
    { url: '/api/', has: { kind: 'APIVersions' } },
    { url: '/apis', has: { kind: 'APIGroupList', apiVersion: 'v1' } },
    { url: '/apis/apps', has: { kind: 'APIGroup', apiVersion: 'v1', name: 'apps', versions: [{ groupVersion: 'apps/v1', version: 'v1' }], preferredVersion: { groupVersion: 'apps/v1', version: 'v1' } } },
    {
      url: '/apis/apps/v1',
      has: {
        kind: 'APIResourceList',
        apiVersion: 'v1',
        groupVersion: 'apps/v1',
        resources: [
          { name: 'deployments', singularName: 'deployment', namespaced: true, kind: 'Deployment', verbs: ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'], shortNames: ['deploy'], categories: ['all'], storageVersionHash: String },
          { name: 'deployments/scale', singularName: '', group: 'autoscaling', version: 'v1', kind: 'Scale', verbs: ['get', 'patch', 'update'] },
          { name: 'deployments/status', singularName: '', kind: 'Deployment', verbs: ['get', 'patch', 'update'] },
        ]
      }
    },
    { url: '/api/v1', has: { kind: 'APIResourceList', groupVersion: 'v1' } },
    { url: '/api/v2', status: 404 },
    { url: '/apis/apps/v2', status: 404 },
    { url: '/apis/nothing', status: 404 },
    { url: '/api', accept: aggregated('v2'), has: { kind: 'APIGroupDiscoveryList', apiVersion: 'apidiscovery.k8s.io/v2', items: [{ versions: [{ version: 'v1', freshness: 'Current' }] }] } },
    { url: '/apis', accept: `${aggregated('v2beta1')},application/json`, has: { apiVersion: 'apidiscovery.k8s.io/v2beta1' } },
    { url: '/apis', accept: `application/json,${aggregated('v2')}`, has: { kind: 'APIGroupList' } },
    { url: '/api', accept: 'application/vnd.kubernetes.protobuf', status: 406 },
    { url: '/openapi/v2', has: { swagger: '2.0' } },
    { url: '/openapi/v3/apis/nothing/v1', status: 404 },
    { url: '/openapi/v4', status: 404 },
  ]
  for (const { url, accept, status = 200, has } of cases) {
    const reply = await call('GET', url, undefined, accept ? { accept } : {})
    t.equal(reply.status, status, `${url} ${accept ?? ''}`)
    if (has) t.match(reply.json, has, `${url} ${accept ?? ''}`)
  }
  t.equal((await call('POST', '/apis', {})).status, 405)
})

t.test('aggregated discovery', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  const { json, headers } = await call('GET', '/apis', undefined, { accept: aggregated('v2') })
  t.equal(headers['content-type'], aggregated('v2'))
  const apps = (json['items'] as Json[]).find(({ metadata }) => (metadata as Json)['name'] === 'apps')
  t.match(apps, {
    versions: [{
      version: 'v1',
      resources: [{
        resource: 'deployments',
        responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' },
        scope: 'Namespaced',
        singularResource: 'deployment',
        shortNames: ['deploy'],
        categories: ['all'],
        subresources: [{ subresource: 'scale', responseKind: { group: 'autoscaling', version: 'v1', kind: 'Scale' } }, { subresource: 'status', responseKind: { group: 'apps', version: 'v1', kind: 'Deployment' } }],
      }]
    }]
  })
  const again = await call('GET', '/apis', undefined, { accept: aggregated('v2'), headers: { 'if-none-match': headers['etag'] as string } })
  t.equal(again.status, 304)
  t.equal(again.text, '')
})

t.test('OpenAPI: what kubectl looks for', async t => {
  const openapi = { type: 'object', description: 'Runs pods.', properties: { spec: { type: 'object', properties: { replicas: { type: 'integer' }, odd: { $ref: '#/components/schemas/somewhere.Else' } } } } }
  const { call } = await embeddedApi(t, { kinds: someKinds.map(row => row.resource === 'deployments' ? { ...row, openapi } : row) })
  const index = (await call('GET', '/openapi/v3')).json['paths'] as Record<string, Json>
  t.same(Object.keys(index).sort(), ['api/v1', 'apis/apiextensions.k8s.io/v1', 'apis/apps/v1', 'apis/authentication.k8s.io/v1', 'apis/authorization.k8s.io/v1', 'apis/rbac.authorization.k8s.io/v1'])
  const { json } = await call('GET', index['apis/apps/v1']!['serverRelativeURL'] as string)
  t.equal(json['openapi'], '3.0.0')
  const path = json['paths']['/apis/apps/v1/namespaces/{namespace}/deployments/{name}'] as Json
  t.match(path['patch'], { 'x-kubernetes-group-version-kind': { group: 'apps', version: 'v1', kind: 'Deployment' }, 'x-kubernetes-action': 'patch' })
  for (const [method, url] of [['patch', '/{name}'], ['put', '/{name}'], ['post', '']] as const) {
    const operation = json['paths'][`/apis/apps/v1/namespaces/{namespace}/deployments${url}`][method] as Json
    const parameters = (operation['parameters'] as Json[]).map(({ name }) => name as string)
    t.ok(parameters.includes('fieldValidation') && parameters.includes('dryRun'), `${method} tells of fieldValidation and dryRun`)
  }
  t.match(json['components']['schemas']['io.k8s.api.apps.v1.Deployment'], { 'x-kubernetes-group-version-kind': [{ group: 'apps', version: 'v1', kind: 'Deployment' }] })
  t.match(json['components']['schemas']['io.k8s.api.apps.v1.Deployment'], { description: 'Runs pods.', properties: { apiVersion: { type: 'string' }, metadata: { allOf: [{ $ref: '#/components/schemas/io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta' }] }, spec: { properties: { replicas: { type: 'integer' } } } } })
  const refs = new Set([...JSON.stringify(json).matchAll(/"#\/components\/schemas\/([^"]+)"/g)].map(([, name]) => name!))
  for (const name of refs) t.ok(json['components']['schemas'][name], `${name} is in the document`)
})

t.test('OpenAPI: what a document refers to is in it, in every version and form', async t => {
  const { call } = await embeddedApi(t)
  const { paths } = (await call('GET', '/openapi/v3')).json as { paths: Record<string, { serverRelativeURL: string }> }
  const named = new Set<string>()
  for (const { serverRelativeURL } of Object.values(paths)) {
    const { text, json } = await call('GET', serverRelativeURL)
    for (const [, name = ''] of text.matchAll(/"#\/components\/schemas\/([^"]+)"/g)) t.ok(json['components'].schemas[name], `${serverRelativeURL}: ${name}`)
    for (const name of Object.keys(json['components'].schemas as Json)) named.add(name)
  }
  const { text, json } = await call('GET', '/openapi/v2')
  t.same(Object.keys(json['definitions'] as Json).sort(), [...named].sort())
  for (const [, name = ''] of text.matchAll(/"#\/definitions\/([^"]+)"/g)) t.ok(json['definitions'][name], `Swagger 2.0: ${name}`)
  t.same(json['definitions']['io.k8s.apimachinery.pkg.util.intstr.IntOrString'], { type: 'string', format: 'int-or-string' })
  t.match(json['definitions']['io.k8s.api.apps.v1.Deployment'], { properties: { spec: { $ref: '#/definitions/io.k8s.api.apps.v1.DeploymentSpec' } } })
  const protobuf = await call('GET', '/openapi/v2', undefined, { accept: 'application/com.github.proto-openapi.spec.v2@v1.0+protobuf' })
  t.equal(protobuf.headers['content-type'], 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf')
  t.ok(protobuf.text.startsWith('\n\u00032.0'), 'its first field is the version')
})
