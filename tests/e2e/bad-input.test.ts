import { gzipSync } from 'node:zlib'
import t from 'tap'
import { platform } from '../helpers/platform.js'

const maps = '/api/v1/namespaces/default/configmaps'
const map = (name: string, more: object = {}) => ({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, ...more }, data: { a: 'b' } })
const form = { 'content-type': 'application/x-www-form-urlencoded' }
const grant = 'grant_type=password&username=admin&password=x&client_id=kubesphere&client_secret=kubesphere'

interface Case { what: string, who?: string, method: string, path: string, body?: unknown, headers?: Record<string, string | string[]>, status: number | readonly number[], says?: RegExp }

const cases: Case[] = [
  { what: 'JSON that is none', method: 'POST', path: maps, body: '{"a":', status: 400 },
  { what: 'a list for an object', method: 'POST', path: maps, body: '[]', status: [400, 422] },
  { what: 'no body', method: 'POST', path: maps, status: [400, 415] },
  { what: 'another content type', method: 'POST', path: maps, body: 'x', headers: { 'content-type': 'text/plain' }, status: 415 },
  { what: 'a content type with a charset', method: 'POST', path: maps, body: map('charset'), headers: { 'content-type': 'Application/JSON; charset=utf-8' }, status: 201 },
  { what: 'a patch type that is none', method: 'PATCH', path: `${maps}/kube-root-ca.crt`, body: '{}', headers: { 'content-type': 'application/json' }, status: 415 },
  { what: 'another namespace in the body', method: 'POST', path: maps, body: map('moved', { namespace: 'kube-system' }), status: 400, says: /does not match the namespace/ },
  { what: 'another name in the body', method: 'PUT', path: `${maps}/kube-root-ca.crt`, body: map('other'), status: 400, says: /does not match the name on the URL/ },
  { what: 'another kind in the body', method: 'POST', path: maps, body: { ...map('kind'), kind: 'Secret' }, status: 400 },
  { what: 'a body of 4 MiB', method: 'POST', path: maps, body: JSON.stringify(map('large', { annotations: { a: 'x'.repeat(4 * 1024 * 1024) } })), status: 413 },
  { what: 'JSON that is nested too deep', method: 'POST', path: maps, body: `${'['.repeat(5_000)}${']'.repeat(5_000)}`, status: [400, 413] },
  { what: 'a compressed body', method: 'POST', path: maps, body: gzipSync(JSON.stringify(map('gzip'))) as never, headers: { 'content-encoding': 'gzip' }, status: [400, 415] },
  { what: 'a label selector', method: 'GET', path: `${maps}?labelSelector=((`, status: 400, says: /expected: !, identifier/ },
  { what: 'a field selector', method: 'GET', path: `${maps}?fieldSelector=nothing%3Dx`, status: 400 },
  { what: 'a resource version', method: 'GET', path: `${maps}?watch=true&resourceVersion=x`, status: process.env.KS_KUBERNETES === 'real' ? 500 : 400 },
  { what: 'a limit', method: 'GET', path: `${maps}?limit=x`, status: 400 },
  { what: 'a continue token', method: 'GET', path: `${maps}?limit=1&continue=x`, status: [400, 410] },
  { what: 'an unknown kind', method: 'GET', path: '/api/v1/namespaces/default/nothings', status: 404, says: /could not find the requested resource/ },
  { what: 'an unknown group', method: 'GET', path: '/apis/nothing.io/v1/things', status: 404 },
  { what: 'an object by the name of a prototype', method: 'GET', path: `${maps}/__proto__`, status: 404 },
  { what: 'a name that is too long', method: 'GET', path: `${maps}/${'a'.repeat(600)}`, status: [400, 404, 414] },
  { what: 'a path with dots', method: 'GET', path: '/api/v1/namespaces/default/../kube-system/secrets', status: 400 },
  { what: 'a path with escaped dots', method: 'GET', path: '/api/v1/namespaces/default/%2e%2e/secrets', status: 400 },
  { what: 'a path with an escaped slash', method: 'GET', path: '/api/v1/namespaces/default%2Fx/secrets', status: 400 },
  { what: 'a path with NUL', method: 'GET', path: '/api/v1/namespaces/%00/secrets', status: 400 },
  { what: 'a path with a backslash', method: 'GET', path: '/api/v1/namespaces\\default/secrets', status: 400 },
  { what: 'two slashes', method: 'GET', path: '//api/v1/pods', status: 400 },
  { what: '1,500 parameters', method: 'GET', path: `/kapis/iam.kubesphere.io/v1alpha2/users?${Array.from({ length: 1_500 }, (_, i) => `a${i}=1`).join('&')}`, status: [200, 400] },
  { what: 'pages beyond all bounds', method: 'GET', path: '/kapis/iam.kubesphere.io/v1alpha2/users?limit=99999999999999999999&page=-5&sortBy=__proto__&__proto__=x', status: 200 },
  { what: 'an unknown kapis group', method: 'GET', path: '/kapis/nothing.kubesphere.io/v1/things', status: 404 },
  { what: 'a wrong method', method: 'DELETE', path: '/kapis/iam.kubesphere.io/v1alpha2/globalroles', status: 405 },
  { what: 'a method by header', method: 'POST', path: '/kapis/iam.kubesphere.io/v1alpha2/users', headers: { 'x-http-method-override': 'GET' }, status: 400 },
  { what: 'identity by header', who: '', method: 'GET', path: '/api/v1/pods', headers: { 'x-remote-user': 'admin', 'impersonate-user': 'admin', 'x-forwarded-user': 'admin' }, status: 403 },
  { what: 'an empty bearer', who: '', method: 'GET', path: '/api/v1/pods', headers: { authorization: 'Bearer ' }, status: [401, 403] },
  { what: 'a token that is none', who: '', method: 'GET', path: '/api/v1/pods', headers: { authorization: 'Bearer a.b.c' }, status: 401 },
  { what: 'another scheme', who: '', method: 'GET', path: '/api/v1/pods', headers: { authorization: 'Negotiate abc' }, status: 401 },
  { what: 'a form that is too large', who: '', method: 'POST', path: '/oauth/token', body: `${grant}&x=${'y'.repeat(70_000)}`, headers: form, status: 413 },
  { what: 'a compressed form', who: '', method: 'POST', path: '/oauth/token', body: gzipSync(grant) as never, headers: { ...form, 'content-encoding': 'gzip' }, status: 415 },
  { what: 'an unknown grant', who: '', method: 'POST', path: '/oauth/token', body: 'grant_type=magic&client_id=kubesphere&client_secret=kubesphere', headers: form, status: 400 },
  { what: 'a wrong client secret', who: '', method: 'POST', path: '/oauth/token', body: grant.replace('client_secret=kubesphere', 'client_secret=x'), headers: form, status: [400, 401] },
  { what: 'a compressed review', who: '', method: 'POST', path: '/oauth/authenticate', body: gzipSync('{}') as never, headers: { 'content-encoding': 'gzip' }, status: [413, 415] },
]

t.test('bad input is refused, changes nothing, and leaves the server answering', { timeout: 180_000 }, async t => {
  const { ask } = await platform(t)
  const before = await ask('admin', 'GET', maps)
  for (const { what, who = 'admin', method, path, body, headers = {}, status, says } of cases) {
    const reply = await ask(who, method, path, { ...(body === undefined ? {} : { body }), headers })
    t.ok([status].flat().includes(reply.status), `${what}: ${reply.status} ${reply.text.slice(0, 200)}`)
    if (says) t.match(reply.text, says, what)
    if (reply.status >= 400) t.notMatch(reply.text, /node_modules|\.js:\d|at \w+ \(/, `${what}: nothing internal`)
  }
  const after = await ask('admin', 'GET', maps)
  const names = (reply: typeof after) => reply.json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).filter((name: string) => name !== 'charset')
  t.strictSame(names(after), names(before))
  t.notOk(({} as Record<string, unknown>).polluted)
})

t.test('patches reach no prototype', async t => {
  const { ask } = await platform(t)
  await ask('admin', 'POST', maps, { body: map('target') })
  for (const [type, body] of [
    ['application/merge-patch+json', '{"data":{"__proto__":{"polluted":"yes"}},"__proto__":{"polluted":true}}'],
    ['application/json-patch+json', '[{"op":"add","path":"/__proto__/polluted","value":true},{"op":"add","path":"/constructor/prototype/polluted","value":true}]'],
    ['application/strategic-merge-patch+json', '{"constructor":{"prototype":{"polluted":true}}}'],
  ] as const) {
    const { status } = await ask('admin', 'PATCH', `${maps}/target`, { body, headers: { 'content-type': type } })
    t.ok(status < 500, `${type}: ${status}`)
    t.notOk(({} as Record<string, unknown>).polluted, type)
  }
  t.equal((await ask('', 'GET', maps)).status, 403)
})
