import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { aggregatedRules } from '../../../../plugins/kube-embedded/controllers/aggregation.js'
import type { RoleObject } from '../../../../schemas/kube/builtin.js'
import type { Json } from '../../../helpers/embedded-api.js'
import { memoryStorage } from '../../../helpers/memory-storage.js'
import { rbac, roleObject, ruleOf, withPeople } from './people.js'

const roles = `${rbac}/clusterroles`
const selecting = (...clusterRoleSelectors: Json[]): Json => ({ aggregationRule: { clusterRoleSelectors } })
const labelled = (name: string, labels: Json, ...rules: string[]): Json => ({ ...roleObject(name, rules), metadata: { name, labels } })

t.test('rules come from the roles that are selected', async t => {
  const { must, kube } = await withPeople(t)
  const rulesOf = async (name: string) => { await kube.settled(); return (await must('GET', `${roles}/${name}`))['rules'] }
  await must('POST', roles, { ...roleObject('sum', ['get core own']), ...selecting({ matchLabels: { to: 'sum' } }, { matchExpressions: [{ key: 'level', operator: 'In', values: ['1', '2'] }, { key: 'off', operator: 'DoesNotExist' }] }) })
  t.equal(await rulesOf('sum'), null, 'its own do not count')
  await must('POST', roles, labelled('z', { to: 'sum' }, 'get core pods'))
  await must('POST', roles, labelled('m', { to: 'sum' }, 'list core pods', 'get core pods'))
  await must('POST', roles, labelled('a', { level: '2' }, 'get core nodes'))
  await must('POST', roles, labelled('b', { level: '2', off: '' }, 'get core secrets'))
  t.same(await rulesOf('sum'), ['list core pods', 'get core pods', 'get core nodes'].map(ruleOf))
  await must('DELETE', `${roles}/m`)
  t.same(await rulesOf('sum'), ['get core pods', 'get core nodes'].map(ruleOf))
  await must('PUT', `${roles}/b`, labelled('b', { level: '1' }, 'get core secrets'))
  t.same(await rulesOf('sum'), ['get core pods', 'get core nodes', 'get core secrets'].map(ruleOf))
  await must('PUT', `${roles}/sum`, { ...roleObject('sum', ['* * *']), ...selecting({ matchLabels: { to: 'sum' } }) })
  t.same(await rulesOf('sum'), ['get core pods'].map(ruleOf), 'what somebody writes into it is replaced')
})

t.test('in chains and in circles, and then there is rest', async t => {
  const { must, kube } = await withPeople(t)
  await must('POST', roles, { ...labelled('one', { next: 'two' }), ...selecting({ matchLabels: { next: 'one' } }) })
  await must('POST', roles, { ...labelled('two', { next: 'three' }), ...selecting({ matchLabels: { next: 'two' } }) })
  await must('POST', roles, { ...labelled('three', { next: 'one' }), ...selecting({ matchLabels: { next: 'three' } }) })
  await must('POST', roles, labelled('leaf', { next: 'one' }, 'get core pods'))
  await kube.settled()
  for (const name of ['one', 'two', 'three']) t.same((await must('GET', `${roles}/${name}`))['rules'], [ruleOf('get core pods')], name)
  const { revision } = kube.storage
  await must('DELETE', `${roles}/leaf`)
  await kube.settled()
  for (const name of ['one', 'two', 'three']) t.equal((await must('GET', `${roles}/${name}`))['rules'], null, name)
  t.equal(kube.storage.revision, revision + 4, 'one write each')
})

const labels = fc.dictionary(fc.constantFrom('x', 'y', 'z'), fc.constant('1'), { maxKeys: 3 })
const role = fc.record({ labels, rules: fc.subarray(['p', 'q', 'r']), selects: fc.option(labels) })

t.test('what comes out is what would come out again', t => {
  fc.assert(fc.property(fc.array(role, { maxLength: 7 }), drafts => {
    const stored = drafts.map(({ labels, rules, selects }, i) => ({ metadata: { name: `r${i}`, labels }, rules: rules.map(name => ruleOf(`get core ${name}`)), ...(selects ? selecting({ matchLabels: selects }) : {}) })) as unknown as RoleObject[]
    const first = aggregatedRules(stored)
    const again = aggregatedRules(stored.map(role => ({ ...role, rules: first.get(role.metadata.name) ?? role.rules ?? [] })))
    return JSON.stringify([...first]) === JSON.stringify([...again])
  }), { numRuns: 1000 })
  t.end()
})

t.test('the roles of every cluster', async t => {
  const storage = memoryStorage()
  const { must, as, call, kube } = await withPeople(t, { storage })
  const bind = (namespace: string, role: string, user: string) => must('POST', `${rbac}/namespaces/${namespace}/rolebindings`, { metadata: { name: `${user}-${role}` }, roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: role }, subjects: [{ kind: 'User', name: user }] })
  for (const name of ['admin', 'edit', 'view']) {
    await bind('a', name, name)
    t.match(await must('GET', `${roles}/${name}`), { metadata: { labels: { 'kubernetes.io/bootstrapping': 'rbac-defaults' }, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' } }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { [`rbac.authorization.k8s.io/aggregate-to-${name}`]: 'true' } }] } })
  }
  const rows: [string, string, string, boolean][] = [
    ['view', 'GET', '/api/v1/namespaces/a/pods', true],
    ['view', 'GET', '/api/v1/namespaces/a/secrets', false],
    ['edit', 'GET', '/api/v1/namespaces/a/secrets', true],
    ['edit', 'GET', `${rbac}/namespaces/a/roles`, false],
    ['admin', 'GET', `${rbac}/namespaces/a/roles`, true],
    ['admin', 'GET', '/api/v1/namespaces/a/secrets', true],
    ['admin', 'GET', '/api/v1/namespaces/b/secrets', false],
  ]
  for (const [user, method, path, allowed] of rows) t.equal((await as(user)(method, path)).status, allowed ? 200 : 403, `${user} ${path}`)
  await must('POST', roles, labelled('more', { 'rbac.authorization.k8s.io/aggregate-to-view': 'true' }, 'list core secrets'))
  await kube.settled()
  for (const user of ['view', 'edit', 'admin']) t.equal((await as(user)('GET', '/api/v1/namespaces/a/secrets')).status, 200, `${user} has what was added to view`)
  t.equal((await call('DELETE', `${roles}/more`)).status, 200)
  await kube.settled()
  t.equal((await as('view')('GET', '/api/v1/namespaces/a/secrets')).status, 403)
})

t.test('a start gives back what is lacking, and only there', async t => {
  const storage = memoryStorage()
  const first = await withPeople(t, { storage })
  await first.must('PUT', `${roles}/system:discovery`, { ...await first.must('GET', `${roles}/system:discovery`), rules: [ruleOf('get /mine')] })
  await first.must('PUT', `${roles}/system:basic-user`, { metadata: { name: 'system:basic-user', annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'false' } }, rules: [] })
  await first.must('PUT', `${roles}/view`, roleObject('view', ['get core pods']))
  const binding = `${rbac}/clusterrolebindings/system:discovery`
  await first.must('PUT', binding, { ...await first.must('GET', binding), subjects: [] })
  await first.kube.settled()
  const { revision } = storage
  const second = await withPeople(t, { storage })
  t.equal((await second.must('GET', `${roles}/system:discovery`))['rules'].length, 2)
  t.equal((await second.must('GET', `${roles}/system:basic-user`))['rules']?.length ?? 0, 0)
  t.ok((await second.must('GET', `${roles}/view`))['rules'].length > 5)
  t.equal((await second.must('GET', binding))['subjects'].length, 1)
  t.ok(storage.revision > revision)
  const third = storage.revision
  await withPeople(t, { storage })
  t.equal(storage.revision, third, 'nothing is written where nothing is lacking')
})
