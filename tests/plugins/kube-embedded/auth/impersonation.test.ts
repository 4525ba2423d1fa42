import t from 'tap'
import { overHTTP, withPeople } from './people.js'

const whoami = '/apis/authentication.k8s.io/v1/selfsubjectreviews'

t.test('whom one becomes', async t => {
  const { call } = await withPeople(t)
  const rows: [Record<string, string | string[]>, unknown][] = [
    [{}, { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] }],
    [{ 'impersonate-user': 'alice' }, { username: 'alice', groups: ['system:authenticated'] }],
    [{ 'impersonate-user': 'alice', 'impersonate-group': ['a', 'b'] }, { username: 'alice', groups: ['a', 'b', 'system:authenticated'] }],
    [{ 'impersonate-user': 'alice', 'impersonate-group': ['system:authenticated', 'a'] }, { username: 'alice', groups: ['system:authenticated', 'a'] }],
    [{ 'impersonate-user': 'alice', 'impersonate-uid': 'u', 'impersonate-extra-scopes': ['x', 'y'], 'impersonate-extra-acme.com%2fproject': 'p' }, { username: 'alice', uid: 'u', groups: ['system:authenticated'], extra: { scopes: ['x', 'y'], 'acme.com/project': ['p'] } }],
    [{ 'impersonate-user': 'system:serviceaccount:a:robot' }, { username: 'system:serviceaccount:a:robot', groups: ['system:serviceaccounts', 'system:serviceaccounts:a', 'system:authenticated'] }],
    [{ 'impersonate-user': 'system:serviceaccount:a:robot', 'impersonate-group': 'g' }, { username: 'system:serviceaccount:a:robot', groups: ['g', 'system:authenticated'] }],
  ]
  for (const [headers, userInfo] of rows) {
    const { status, json } = await call('POST', whoami, {}, { headers })
    t.equal(status, 201)
    t.same(json['status'], { userInfo }, JSON.stringify(headers))
  }
  t.equal((await call('POST', whoami, {}, { headers: { 'impersonate-user': 'system:anonymous' } })).status, 403, 'nobody is asked who they are')
  t.equal((await call('GET', '/version', undefined, { headers: { 'impersonate-user': 'system:anonymous' } })).status, 200)
  for (const headers of [{ 'impersonate-group': 'a' }, { 'impersonate-uid': 'a' }, { 'impersonate-extra-a': 'a' }]) t.equal((await call('POST', whoami, {}, { headers })).status, 400, 'not without a user')
})

const robot = 'system:serviceaccount:a:robot'
/** What the robot asks to be, and what it is told. */
const rows: [Record<string, string>, string | true][] = [
  [{ 'impersonate-user': 'alice' }, true],
  [{ 'impersonate-user': 'bob' }, `users "bob" is forbidden: User "${robot}" cannot impersonate resource "users" in API group "" at the cluster scope`],
  [{ 'impersonate-user': 'alice', 'impersonate-group': 'dev' }, true],
  [{ 'impersonate-user': 'alice', 'impersonate-group': 'system:masters' }, `groups "system:masters" is forbidden: User "${robot}" cannot impersonate resource "groups" in API group "" at the cluster scope`],
  [{ 'impersonate-user': 'system:serviceaccount:b:other' }, true],
  [{ 'impersonate-user': 'system:serviceaccount:a:other' }, `serviceaccounts "other" is forbidden: User "${robot}" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "a"`],
  [{ 'impersonate-user': 'alice', 'impersonate-uid': 'u1' }, true],
  [{ 'impersonate-user': 'alice', 'impersonate-uid': 'u2' }, `uids.authentication.k8s.io "u2" is forbidden: User "${robot}" cannot impersonate resource "uids" in API group "authentication.k8s.io" at the cluster scope`],
  [{ 'impersonate-user': 'alice', 'impersonate-extra-scopes': 'view' }, true],
  [{ 'impersonate-user': 'alice', 'impersonate-extra-scopes': 'edit' }, `userextras.authentication.k8s.io "edit" is forbidden: User "${robot}" cannot impersonate resource "userextras/scopes" in API group "authentication.k8s.io" at the cluster scope`],
]

t.test('who may become whom', async t => {
  const api = await withPeople(t)
  const { must, grant } = api
  await must('POST', '/api/v1/namespaces/a/serviceaccounts', { metadata: { name: 'robot' } })
  await grant('', 'robot', ['ServiceAccount/a/robot'], ['impersonate core users alice', 'impersonate core groups dev', 'impersonate authentication.k8s.io uids u1', 'impersonate authentication.k8s.io userextras/scopes view'])
  await grant('b', 'robot', ['ServiceAccount/a/robot'], ['impersonate core serviceaccounts'])
  const { token } = (await must('POST', '/api/v1/namespaces/a/serviceaccounts/robot/token', { spec: {} }))['status']
  const { ask } = await overHTTP(t, api)
  for (const [headers, outcome] of rows) {
    const { status, json } = await ask('POST', whoami, token, {}, headers)
    t.equal(status, outcome === true ? 201 : 403, JSON.stringify(headers))
    if (outcome === true) t.equal(json['status'].userInfo.username, headers['impersonate-user'])
    else t.equal(json['message'], outcome)
  }
})
