import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { StoredEntry } from '../../../../plugins/kube-embedded/storage/entry.js'
import { headOf, part, whole } from '../../../../plugins/kube-embedded/storage/text.js'

const rules = [{ apiGroups: ['*'], resources: ['pods', 'configmaps', 'secrets'], verbs: ['get', 'list', 'watch'] }]
const managedFields = [{ manager: 'ks-apiserver', operation: 'Update', apiVersion: 'rbac.authorization.k8s.io/v1', time: '2026-01-31T12:00:00Z', fieldsType: 'FieldsV1', fieldsV1: { 'f:rules': {} } }]
const metadata = (name: string, namespace: string, more = {}) => ({ name, namespace, uid: '9fd220af-620f-4dde-b702-15c87500bd9e', resourceVersion: '17', creationTimestamp: '2026-01-31T12:00:00Z', ...more, managedFields })
const role = (namespace: string, more = {}) => ({ kind: 'Role', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: metadata('viewer', namespace, more), rules })
const bytesOf = (object: unknown) => Buffer.from(JSON.stringify(object))
const text = (parted: ReturnType<typeof part>) => parted && String(whole(parted.own, parted.form))

t.test('of a role that every project has, a project keeps its own part alone', async t => {
  const parted = Array.from({ length: 120 }, (_, i) => ({ json: bytesOf(role(`project-${i}`)), parted: part(bytesOf(role(`project-${i}`))) }))
  for (const { json, parted: one } of parted.slice(90)) {
    t.ok(one && one.own.length < json.length / 4, `${one?.own.length} of ${json.length} bytes`)
    t.equal(one?.form, parted.at(-1)?.parted?.form)
    t.equal(text(one), String(json))
    t.ok(one && headOf(one.own, one.form).startsWith('{"kind":"Role","apiVersion":"rbac.authorization.k8s.io/v1"'))
  }
})

const user = (i: number) => `person-${i % 30}`
const binding = (i: number) => ({ kind: 'RoleBinding', apiVersion: 'rbac.authorization.k8s.io/v1', metadata: metadata(`${user(i)}-viewer`, `project-${i}`, { labels: { 'iam.kubesphere.io/user-ref': user(i) } }), subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user(i) }], roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' } })
const kubeconfig = (i: number) => ({ kind: 'ConfigMap', apiVersion: 'v1', metadata: metadata(`kubeconfig-${i}`, 'controls'), data: { config: `apiVersion: v1\nclusters:\n- cluster:\n    certificate-authority-data: ${'Q'.repeat(800)}\n    server: https://127.0.0.1:6443\nusers:\n- name: person-${i}\n  user:\n    client-key-data: ${String(i).repeat(100)}\n` } })

for (const { what, of, most } of [{ what: 'bindings of few people', of: binding, most: 1 / 3 }, { what: 'texts of many lines', of: kubeconfig, most: 1 / 2 }]) {
  t.test(`${what} share what stands between their values and lines`, async t => {
    const parted = Array.from({ length: 300 }, (_, i) => ({ json: bytesOf(of(i)), parted: part(bytesOf(of(i))) })).slice(280)
    for (const { json, parted: one } of parted) {
      t.ok(one && one.own.length < json.length * most, `${one?.own.length} of ${json.length} bytes`)
      t.equal(text(one), String(json))
    }
    t.equal(new Set(parted.map(({ parted: one }) => one?.form)).size, 1, 'in one form')
  })
}

const rows = [
  { what: 'is like no other', json: bytesOf({ kind: 'ConfigMap', metadata: { name: 'x' }, data: { text: 'a text that nobody else has, long enough to be worth it'.repeat(4) } }) },
  { what: 'is longer than 64 KiB', json: bytesOf(role('p', { annotations: { text: 'x'.repeat(64 * 1024) } })) },
  { what: 'holds what JSON has not', json: Buffer.concat([bytesOf(role('project-1')), Buffer.from([0])]) },
  { what: 'is empty', json: Buffer.alloc(0) },
]
for (const { what, json } of rows) t.test(`what ${what} stays as it is`, async t => { t.equal(part(json), undefined) })

t.test('what has not been met for long is forgotten', async t => {
  const one = () => part(bytesOf(role('project-1')))
  for (let i = 0; i < 20; i++) one()
  t.ok(one())
  for (let i = 0; i < 10_000; i++) part(bytesOf({ kind: 'X', metadata: { name: 'x', creationTimestamp: '2026-01-31T12:00:00Z' }, data: { text: `${i} `.repeat(300) } }))
  t.equal(one(), undefined)
})

t.test('wherever a text is cut, it comes back byte for byte', async t => {
  const marks = ['"metadata":{', '"creationTimestamp":"', ',"annotations":{', ',"managedFields":[', '"time":"', ']}', '"roleRef":{', '":"', '",', '2026-01-31T12:00:00Z']
  const long = ['a part that recurs, of more than forty characters: é ß 漢字 🙂', JSON.stringify(rules), JSON.stringify(managedFields)]
  const texts = fc.array(fc.oneof(fc.constantFrom(...marks), fc.constantFrom(...long), fc.string({ unit: 'binary', maxLength: 12 })), { maxLength: 24 }).map(parts => Buffer.from(parts.join('')))
  let taken = 0
  fc.assert(fc.property(texts, json => {
    const parted = part(json)
    if (parted) taken++
    return parted === undefined || whole(parted.own, parted.form).equals(json)
  }), { numRuns: 20_000 })
  t.ok(taken > 1_000, `${taken} were taken apart`)
})

t.test('an entry says the same before and after it has been taken apart', async t => {
  const object = role('project-é', { annotations: { alias: '漢字 🙂' } })
  for (let i = 0; i < 20; i++) part(bytesOf(object))
  const lent = bytesOf(object)
  const entries = [new StoredEntry('k', 17, bytesOf(object), object), new StoredEntry('k', 17, lent)]
  lent.fill(0)
  entries[0]?.forget()
  for (const entry of entries) {
    t.equal(entry.apiVersion, 'rbac.authorization.k8s.io/v1', 'told without parsing')
    t.equal(String(entry.json), JSON.stringify(object))
    t.equal(entry.size, entry.json.length)
    t.strictSame(entry.object, object)
    t.ok(Object.isFrozen(entry.object))
  }
})
