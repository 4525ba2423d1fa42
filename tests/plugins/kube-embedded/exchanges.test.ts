import t from 'tap'
import { embeddedApi, type CallOptions, type Json } from '../../helpers/embedded-api.js'
import { someKinds } from '../../helpers/rows.js'

interface Row extends CallOptions { name: string, method: string, url: string, body?: unknown, status: number, message?: string | RegExp, plain?: string, reason?: string, check?: (t: Tap.Test, json: Json) => void }
type Tap = typeof t

declare namespace Tap { type Test = Pick<typeof t, 'equal' | 'same' | 'match' | 'ok' | 'notOk'> }

const cm = (name: string, more: Json = {}) => ({ kind: 'ConfigMap', apiVersion: 'v1', metadata: { name }, ...more })
const cms = '/api/v1/namespaces/default/configmaps'
const deployments = '/apis/apps/v1/namespaces/default/deployments'
const web = { kind: 'Deployment', apiVersion: 'apps/v1', metadata: { name: 'web' }, spec: { replicas: 2, selector: { matchLabels: { app: 'web' } } }, status: { replicas: 9 } }

const rows: Row[] = [
  { name: 'create answers the stored object', method: 'POST', url: cms, body: cm('a', { data: { x: '1' } }), status: 201, check: (t, o) => { t.match(o, { kind: 'ConfigMap', apiVersion: 'v1', metadata: { name: 'a', namespace: 'default', uid: /^[0-9a-f-]{36}$/, resourceVersion: /^\d+$/, creationTimestamp: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ }, data: { x: '1' } }) } },
  { name: 'a taken name', method: 'POST', url: cms, body: cm('a'), status: 409, reason: 'AlreadyExists', message: 'configmaps "a" already exists' },
  { name: 'generateName', method: 'POST', url: cms, body: { metadata: { generateName: 'gen-' } }, status: 201, check: (t, o) => { t.match(o, { kind: 'ConfigMap', metadata: { name: /^gen-[bcdfghjklmnpqrstvwxz2456789]{5}$/ } }) } },
  { name: 'no name', method: 'POST', url: cms, body: { metadata: {} }, status: 422, reason: 'Invalid', message: 'ConfigMap "" is invalid: metadata.name: Required value: name or generateName is required' },
  { name: 'a bad name', method: 'POST', url: cms, body: cm('A_b'), status: 422, message: /^ConfigMap "A_b" is invalid: metadata\.name: Invalid value: "A_b": a lowercase RFC 1123 subdomain must consist of/ },
  { name: 'a bad label', method: 'POST', url: cms, body: cm('l', { metadata: { name: 'l', labels: { k: 'a b' } } }), status: 422, message: /metadata\.labels: Invalid value: "a b": a valid label must be an empty string or consist of/ },
  { name: 'a label that is no text', method: 'POST', url: cms, body: cm('l', { metadata: { name: 'l', labels: { k: 1 } } }), status: 400, message: 'ConfigMap in version "v1" cannot be handled as a ConfigMap: json: cannot unmarshal number into Go struct field ObjectMeta.metadata.labels of type string' },
  { name: 'another namespace in the body', method: 'POST', url: cms, body: cm('a', { metadata: { name: 'b', namespace: 'kube-system' } }), status: 400, reason: 'BadRequest', message: 'the namespace of the provided object does not match the namespace sent on the request' },
  { name: 'another kind in the body', method: 'POST', url: cms, body: { kind: 'Pod', apiVersion: 'v1', metadata: { name: 'b' } }, status: 400, message: 'Pod in version "v1" cannot be handled as a ConfigMap: converting (v1.Pod) to (core.ConfigMap): unknown conversion' },
  { name: 'another version in the body', method: 'POST', url: cms, body: cm('b', { apiVersion: 'v2' }), status: 400, message: 'ConfigMap in version "v2" cannot be handled as a ConfigMap: no kind "ConfigMap" is registered for version "v2" in scheme "pkg/runtime/scheme.go:110"' },
  { name: 'no JSON', method: 'POST', url: cms, body: '{"kind"', status: 400, message: /^the object provided is unrecognized \(must be of type ConfigMap\): couldn't get version\/kind; json parse error: / },
  { name: 'no body', method: 'POST', url: cms, status: 400, message: /unexpected end of JSON input \(<empty>\)$/ },
  { name: 'a list for a body', method: 'POST', url: cms, body: '[1]', status: 400, message: /cannot unmarshal array/ },
  { name: 'an unknown media type', method: 'POST', url: cms, body: 'x', type: 'text/plain', status: 415, reason: 'UnsupportedMediaType' },
  { name: 'YAML', method: 'POST', url: cms, body: 'metadata:\n  name: yaml\ndata:\n  a: b\n', type: 'application/yaml', status: 201, check: (t, o) => { t.same(o['data'], { a: 'b' }) } },
  { name: 'too deep', method: 'POST', url: cms, body: '['.repeat(65) + ']'.repeat(65), status: 400, message: 'the body is nested deeper than 64 levels' },
  { name: 'too large', method: 'POST', url: cms, body: Buffer.alloc(3 * 1024 * 1024 + 1, 32), status: 413, reason: 'RequestEntityTooLarge', message: 'Request entity too large: limit is 3145728' },
  { name: 'a missing namespace', method: 'POST', url: '/api/v1/namespaces/gone/configmaps', body: cm('a'), status: 404, message: 'namespaces "gone" not found' },
  { name: 'no namespace in the path', method: 'POST', url: '/api/v1/configmaps', body: cm('a'), status: 405, reason: 'MethodNotAllowed' },
  { name: 'a dry run stores nothing', method: 'POST', url: `${cms}?dryRun=All`, body: cm('dry'), status: 201, check: (t, o) => { t.notOk(o['metadata'].resourceVersion) } },
  { name: 'and so', method: 'GET', url: `${cms}/dry`, status: 404, message: 'configmaps "dry" not found', reason: 'NotFound' },
  { name: 'a wrong dryRun', method: 'POST', url: `${cms}?dryRun=Some`, body: cm('dry'), status: 422, message: 'CreateOptions.meta.k8s.io "" is invalid: dryRun: Unsupported value: ["Some"]: supported values: "All"' },

  { name: 'get', method: 'GET', url: `${cms}/a`, status: 200, check: (t, o) => { t.same(o['data'], { x: '1' }) } },
  { name: 'HEAD has no body', method: 'HEAD', url: `${cms}/a`, status: 200, check: (t, o) => { t.same(o, {}) } },
  { name: '__proto__ is a name like any other', method: 'GET', url: `${cms}/__proto__`, status: 404 },
  { name: 'only JSON', method: 'GET', url: `${cms}/a`, accept: 'application/vnd.kubernetes.protobuf', status: 406, reason: 'NotAcceptable', message: 'only the following media types are accepted: application/json' },
  { name: 'JSON among others', method: 'GET', url: `${cms}/a`, accept: 'application/vnd.kubernetes.protobuf,application/json', status: 200 },
  { name: 'only metadata', method: 'GET', url: `${cms}/a`, accept: 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1', status: 200, check: (t, o) => { t.match(o, { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata: { name: 'a' } }); t.notOk(o['data']) } },
  { name: 'a table', method: 'GET', url: `${cms}/a`, accept: 'application/json;as=Table;v=v1;g=meta.k8s.io,application/json', status: 200, check: (t, o) => { t.match(o, { kind: 'Table', apiVersion: 'meta.k8s.io/v1', rows: [{ cells: ['a'] }] }) } },
  { name: 'an unknown includeObject', method: 'GET', url: `${cms}?includeObject=All`, status: 400 },

  { name: 'update', method: 'PUT', url: `${cms}/a`, body: cm('a', { data: { x: '2' } }), status: 200, check: (t, o) => { t.same(o['data'], { x: '2' }) } },
  { name: 'update of another name', method: 'PUT', url: `${cms}/a`, body: cm('b'), status: 400, message: 'the name of the object (b) does not match the name on the URL (a)' },
  { name: 'update of what is not there', method: 'PUT', url: `${cms}/nobody`, body: cm('nobody'), status: 404, message: 'configmaps "nobody" not found' },
  { name: 'update of a stale read', method: 'PUT', url: `${cms}/a`, body: cm('a', { metadata: { name: 'a', resourceVersion: '1' } }), status: 409, reason: 'Conflict', message: 'Operation cannot be fulfilled on configmaps "a": the object has been modified; please apply your changes to the latest version and try again' },
  { name: 'update of another uid', method: 'PUT', url: `${cms}/a`, body: cm('a', { metadata: { name: 'a', uid: 'x' } }), status: 409, message: /^Operation cannot be fulfilled on configmaps "a": StorageError: invalid object, Code: 4, Key: \/registry\/configmaps\/default\/a, ResourceVersion: 0, AdditionalErrorMsg: Precondition failed: UID in precondition: x, UID in object meta: / },

  { name: 'merge patch', method: 'PATCH', url: `${cms}/a`, type: 'application/merge-patch+json', body: { data: { y: '3' } }, status: 200, check: (t, o) => { t.same(o['data'], { x: '2', y: '3' }) } },
  { name: 'JSON patch', method: 'PATCH', url: `${cms}/a`, type: 'application/json-patch+json', body: [{ op: 'remove', path: '/data/x' }], status: 200, check: (t, o) => { t.same(o['data'], { y: '3' }) } },
  { name: 'a patch of no known type', method: 'PATCH', url: `${cms}/a`, body: {}, status: 415, message: 'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/strategic-merge-patch+json, application/apply-patch+yaml' },
  { name: 'a patch that moves the object', method: 'PATCH', url: `${cms}/a`, type: 'application/merge-patch+json', body: { metadata: { namespace: 'kube-system' } }, status: 400 },
  { name: 'a patch of what is not there', method: 'PATCH', url: `${cms}/nobody`, type: 'application/merge-patch+json', body: {}, status: 404 },
  { name: 'apply creates', method: 'PATCH', url: `${cms}/applied?fieldManager=me`, type: 'application/apply-patch+yaml', body: 'kind: ConfigMap\napiVersion: v1\nmetadata: {name: applied}\ndata: {a: b}\n', status: 201, check: (t, o) => { t.match(o['metadata'].managedFields, [{ manager: 'me', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: { 'f:data': { 'f:a': {} } } }]) } },
  { name: 'apply wants a manager', method: 'PATCH', url: `${cms}/applied`, type: 'application/apply-patch+yaml', body: '{}', status: 422, message: 'PatchOptions.meta.k8s.io "" is invalid: fieldManager: Required value: is required for apply patch' },

  { name: 'status is not set on create', method: 'POST', url: deployments, body: web, status: 201, check: (t, o) => { t.notOk(o['status']?.replicas); t.equal(o['metadata'].generation, 1) } },
  { name: 'the status subresource changes only status', method: 'PATCH', url: `${deployments}/web/status`, type: 'application/merge-patch+json', body: { spec: { replicas: 7 }, metadata: { labels: { a: 'b' } }, status: { replicas: 1 } }, status: 200, check: (t, o) => { t.match(o, { spec: { replicas: 2 }, status: { replicas: 1 }, metadata: { generation: 1 } }); t.notOk(o['metadata'].labels) } },
  { name: 'an update keeps status and counts generations', method: 'PATCH', url: `${deployments}/web`, type: 'application/merge-patch+json', body: { spec: { replicas: 3 }, status: null }, status: 200, check: (t, o) => { t.match(o, { spec: { replicas: 3 }, status: { replicas: 1 }, metadata: { generation: 2 } }) } },
  { name: 'labels count no generation', method: 'PATCH', url: `${deployments}/web`, type: 'application/merge-patch+json', body: { metadata: { labels: { a: 'b' } } }, status: 200, check: (t, o) => { t.equal(o['metadata'].generation, 2) } },
  { name: 'scale', method: 'GET', url: `${deployments}/web/scale`, status: 200, check: (t, o) => { t.match(o, { kind: 'Scale', apiVersion: 'autoscaling/v1', metadata: { name: 'web', namespace: 'default' }, spec: { replicas: 3 }, status: { replicas: 1, selector: 'app=web' } }) } },
  { name: 'scale by patch', method: 'PATCH', url: `${deployments}/web/scale`, type: 'application/merge-patch+json', body: { spec: { replicas: 5 } }, status: 200, check: (t, o) => { t.equal(o['spec'].replicas, 5) } },
  { name: 'scale by update', method: 'PUT', url: `${deployments}/web/scale`, body: { metadata: { name: 'web' }, spec: { replicas: 4 } }, status: 200, check: (t, o) => { t.equal(o['spec'].replicas, 4) } },
  { name: 'scale to less than nothing', method: 'PUT', url: `${deployments}/web/scale`, body: { metadata: { name: 'web' }, spec: { replicas: -1 } }, status: 422, message: 'Scale.autoscaling "web" is invalid: spec.replicas: Invalid value: -1: must be greater than or equal to 0' },
  { name: 'a kind without scale', method: 'GET', url: `${cms}/a/scale`, status: 404, message: 'the server could not find the requested resource' },
  { name: 'a method that a subresource lacks', method: 'POST', url: `${deployments}/web/scale`, body: {}, status: 405 },

  { name: 'delete with another uid', method: 'DELETE', url: `${cms}/a`, body: { preconditions: { uid: 'x' } }, status: 409, message: /^Operation cannot be fulfilled on ConfigMap "a": the UID in the precondition \(x\) does not match the UID in record \(.*\)\. The object might have been deleted and then recreated$/ },
  { name: 'delete with an unknown policy', method: 'DELETE', url: `${cms}/a?propagationPolicy=Nothing`, status: 422, message: 'DeleteOptions.meta.k8s.io "" is invalid: propagationPolicy: Unsupported value: "Nothing": supported values: "Foreground", "Background", "Orphan", "nil"' },
  { name: 'delete as a dry run', method: 'DELETE', url: `${cms}/a?dryRun=All`, status: 200 },
  { name: 'delete', method: 'DELETE', url: `${cms}/a`, status: 200, check: (t, o) => { t.match(o, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Success', details: { name: 'a', kind: 'configmaps', uid: String } }) } },
  { name: 'delete again', method: 'DELETE', url: `${cms}/a`, status: 404, message: 'configmaps "a" not found' },

  { name: 'create with a finalizer', method: 'POST', url: cms, body: cm('held', { metadata: { name: 'held', finalizers: ['example.com/hold'] } }), status: 201 },
  { name: 'a finalizer holds the object', method: 'DELETE', url: `${cms}/held`, status: 200, check: (t, o) => { t.match(o, { kind: 'ConfigMap', metadata: { deletionTimestamp: /Z$/, deletionGracePeriodSeconds: 0 } }) } },
  { name: 'no finalizer joins an object that ends', method: 'PATCH', url: `${cms}/held`, type: 'application/merge-patch+json', body: { metadata: { finalizers: ['example.com/hold', 'example.com/late'] } }, status: 422, message: 'ConfigMap "held" is invalid: metadata.finalizers: Forbidden: no new finalizers can be added if the object is being deleted, found new finalizers []string{"example.com/late"}' },
  { name: 'the last finalizer lets it go', method: 'PATCH', url: `${cms}/held`, type: 'application/merge-patch+json', body: { metadata: { finalizers: null } }, status: 200 },
  { name: 'it is gone', method: 'GET', url: `${cms}/held`, status: 404 },

  { name: 'an unknown resource', method: 'GET', url: '/api/v1/things', status: 404, message: 'the server could not find the requested resource', reason: 'NotFound' },
  { name: 'an unknown group', method: 'GET', url: '/apis/nobody.io/v1/things', status: 404, plain: '404 page not found\n' },
  { name: 'an unknown path', method: 'GET', url: '/nothing', status: 404, plain: '404 page not found\n' },
  { name: 'a cluster kind in a namespace', method: 'GET', url: '/api/v1/namespaces/default/nodes', status: 404 },
  { name: 'a namespaced kind by name alone', method: 'GET', url: '/api/v1/configmaps/a', status: 404 },
  { name: 'a method of nobody', method: 'TRACE', url: cms, status: 405, reason: 'MethodNotAllowed', message: 'the server does not allow this method on the requested resource' },
  { name: 'a broken escape', method: 'GET', url: `${cms}/%zz`, status: 400 },
  { name: 'an encoded slash', method: 'GET', url: '/api/v1/namespaces/default%2Fconfigmaps/configmaps', status: 400 },
  { name: 'an encoded NUL', method: 'GET', url: `${cms}/a%00`, status: 400 },
  { name: 'no name between slashes', method: 'GET', url: '/api/v1/namespaces//configmaps', status: 404 },
  { name: 'an empty group', method: 'GET', url: '/apis//v1/configmaps', status: 404 },
  { name: 'the root', method: 'GET', url: '/', status: 404 },
  { name: 'a slash at the end', method: 'GET', url: `${cms}/`, status: 200 },
  { name: 'a name with a space', method: 'POST', url: '/apis/rbac.authorization.k8s.io/v1/clusterroles', body: { metadata: { name: 'system:a b', ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'x', uid: 'x' }] } }, status: 201 },
  { name: 'logs', method: 'POST', url: '/api/v1/namespaces/default/pods', body: { metadata: { name: 'p' } }, status: 201 },
  { name: 'nothing runs here', method: 'GET', url: '/api/v1/namespaces/default/pods/p/log', status: 501, reason: 'NotImplemented' },
  { name: 'an unknown subresource', method: 'GET', url: '/api/v1/namespaces/default/pods/p/nothing', status: 404 },
  { name: 'an encoded body', method: 'POST', url: cms, body: 'x', headers: { 'content-encoding': 'gzip' }, status: 415 },

  { name: 'version', method: 'GET', url: '/version', status: 200, check: (t, o) => { t.match(o, { major: '1', minor: '34', gitVersion: 'v1.34.3' }) } },
  { name: 'health', method: 'GET', url: '/readyz?verbose', status: 200 },
  { name: 'who am I', method: 'POST', url: '/apis/authentication.k8s.io/v1/selfsubjectreviews', body: {}, headers: { 'impersonate-user': 'alice', 'impersonate-group': ['a', 'b'] }, status: 201, check: (t, o) => { t.match(o, { kind: 'SelfSubjectReview', status: { userInfo: { username: 'alice', groups: ['a', 'b', 'system:authenticated'] } } }) } },
  { name: 'may I', method: 'POST', url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }, status: 201, check: (t, o) => { t.equal(o['status'].allowed, true) } },
  { name: 'may I what', method: 'POST', url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: {} }, status: 422, message: /spec\.resourceAttributes: Invalid value: null: exactly one of nonResourceAttributes or resourceAttributes must be specified$/ },
  { name: 'answers cannot be listed', method: 'GET', url: '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', status: 405 },
]

t.test('one exchange after another', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  for (const { name, method, url, body, status, message, plain, reason, check, ...more } of rows) {
    const reply = await call(method, url, body, more)
    t.equal(reply.status, status, `${name}: ${method} ${url}`)
    if (plain !== undefined) t.equal(reply.text, plain, `${name}: plain text`)
    else if (status >= 400) t.match(reply.json, { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', code: status }, `${name}: a Status`)
    if (message !== undefined) t.match(reply.json['message'], message, `${name}: its message`)
    if (reason !== undefined) t.equal(reply.json['reason'], reason, `${name}: its reason`)
    check?.(t, reply.json)
  }
})

t.test('an update that changes nothing writes nothing', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  const made = await call('POST', cms, cm('same', { data: { a: '1' } }))
  const again = await call('PUT', `${cms}/same`, made.json)
  t.equal(again.json['metadata'].resourceVersion, made.json['metadata'].resourceVersion)
  const changed = await call('PUT', `${cms}/same`, { ...made.json, data: { a: '2' } })
  t.not(changed.json['metadata'].resourceVersion, made.json['metadata'].resourceVersion)
})

t.test('P23: no prototype is changed by a body', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  await call('POST', cms, cm('p'))
  const bodies = [
    { body: '{"data":{"__proto__":{"polluted":"yes"}}}', status: 400 },
    { body: '{"\\u005f_proto__":{"polluted":"yes"}}', status: 400 },
    { body: '{"constructor":{"prototype":{"polluted":"yes"}}}', status: 200 },
    { body: '{"metadata":{"labels":{"constructor":"x","toString":"y"}}}', status: 200 },
  ]
  for (const { body, status } of bodies) t.equal((await call('PATCH', `${cms}/p`, body, { type: 'application/merge-patch+json' })).status, status, body)
  t.equal((await call('POST', cms, 'metadata:\n  name: z\n__proto__:\n  polluted: yes\n', { type: 'application/yaml' })).status, 201)
  t.equal(({} as Json)['polluted'], undefined)
})

t.test('aliases in YAML cannot grow beyond a body', async t => {
  const { call } = await embeddedApi(t, { kinds: someKinds })
  const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${Array(9).fill(`*l${i}`).join(', ')}]`)
  const { status } = await call('POST', cms, `l0: &l0 [x]\n${levels.join('\n')}\n`, { type: 'application/yaml' })
  t.equal(status, 400)
})
