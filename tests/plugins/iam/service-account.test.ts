import t from 'tap'
import type { BindingObject } from '../../../schemas/kube/builtin.js'
import { cast, rbac } from './cast.js'

const annotation = 'iam.kubesphere.io/role'
const ref = 'iam.kubesphere.io/serviceaccount-ref'
const accounts = '/api/v1/namespaces/ns-a/serviceaccounts'
const roles = `${rbac}/namespaces/ns-a/roles`
const bindings = (name: string): string => `${rbac}/namespaces/ns-a/rolebindings?labelSelector=${ref}=${name}`
const merge = { 'content-type': 'application/merge-patch+json' }
const account = (name: string, role?: string) => ({ metadata: { name, ...(role === undefined ? {} : { annotations: { [annotation]: role } }) } })

t.test('a service account has the role that its annotation names', async t => {
  const { does, until, ask } = await cast(t)
  /** The bindings of a service account, once they are as wanted. */
  const bound = async (name: string, wanted: (items: BindingObject[]) => boolean): Promise<BindingObject[]> => {
    const { json } = await until('admin', bindings(name), ({ json }) => wanted(json.items as BindingObject[]))
    return json.items as BindingObject[]
  }
  const has = (role: string) => (items: BindingObject[]) => items.length === 1 && items[0]?.roleRef.name === role

  await does('alice', 'POST', accounts, 201, account('robot', 'viewer'))
  const [first] = await bound('robot', has('viewer'))
  t.match(first, {
    metadata: { name: /^robot-viewer-.+/, labels: { [ref]: 'robot' }, ownerReferences: [{ apiVersion: 'v1', kind: 'ServiceAccount', name: 'robot', controller: true, blockOwnerDeletion: true }] },
    subjects: [{ kind: 'ServiceAccount', name: 'robot', namespace: 'ns-a' }],
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' },
  })
  await does('alice', 'PATCH', `${accounts}/robot`, 200, { metadata: { labels: { note: 'x' } } }, merge)
  await does('alice', 'DELETE', `${rbac}/namespaces/ns-a/rolebindings/${first?.metadata.name ?? ''}`, 200)
  const [second] = await bound('robot', items => has('viewer')(items) && items[0]?.metadata.uid !== first?.metadata.uid)
  t.ok(second, 'a binding that was removed is made again')

  await does('alice', 'PATCH', `${accounts}/robot`, 200, { metadata: { annotations: { [annotation]: 'operator' } } }, merge)
  const [third] = await bound('robot', has('operator'))
  await does('alice', 'PATCH', `${accounts}/robot`, 200, { metadata: { labels: { note: 'y' } } }, merge)
  await does('alice', 'POST', roles, 201, { metadata: { name: 'late' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] })
  await does('alice', 'POST', accounts, 201, account('early', 'later'))
  await does('alice', 'POST', roles, 201, { metadata: { name: 'later' }, rules: [{ verbs: ['get'], apiGroups: [''], resources: ['pods'] }] })
  await bound('early', has('later'))
  t.equal((await bound('robot', has('operator')))[0]?.metadata.uid, third?.metadata.uid, 'an equal binding is left alone')

  const token = await does('alice', 'POST', `${accounts}/robot/token`, 201, { spec: { expirationSeconds: 600 } })
  t.ok(token.json.status.token, 'a token is asked for without metadata')
  await does('alice', 'PATCH', `${accounts}/robot`, 200, { metadata: { annotations: { [annotation]: null } } }, merge)
  await does('alice', 'POST', accounts, 201, account('plain'))
  await does('alice', 'POST', accounts, 201, account('empty', ''))
  for (const name of ['plain', 'empty']) t.equal((await ask('admin', 'GET', bindings(name))).json.items.length, 0, `${name} names no role`)
  t.equal((await ask('admin', 'GET', bindings('robot'))).json.items.length, 1, 'without the annotation the binding stays')
  await does('alice', 'DELETE', `${accounts}/robot`, 200)
  await bound('robot', items => items.length === 0)
})

t.test('nobody gives a service account more than they hold', async t => {
  const { does, until, ask } = await cast(t)
  await does('alice', 'POST', '/namespaces/ns-a/members', 200, [{ username: 'carol', roleRef: 'operator' }])
  await until('carol', accounts, ({ status }) => status === 200)
  await does('carol', 'POST', accounts, 201, account('plain'))
  const facts: [string, string, number, unknown, Record<string, string>?][] = [
    ['POST', accounts, 403, account('robot', 'admin')],
    ['POST', accounts, 404, account('robot', 'unheard-of')],
    ['PUT', `${accounts}/plain`, 403, account('plain', 'admin')],
    ['PATCH', `${accounts}/plain`, 403, { metadata: { annotations: { [annotation]: 'admin' } } }, merge],
    ['PATCH', `${accounts}/plain`, 403, [{ op: 'add', path: '/metadata/annotations', value: { [annotation]: 'admin' } }], { 'content-type': 'application/json-patch+json' }],
    ['PATCH', `${accounts}/plain?fieldManager=x&force=true`, 403, { apiVersion: 'v1', kind: 'ServiceAccount', ...account('plain', 'admin') }, { 'content-type': 'application/apply-patch+yaml' }],
    ['POST', accounts, 201, account('watcher', 'viewer')],
    ['PATCH', `${accounts}/watcher`, 200, { metadata: { labels: { a: 'b' } } }, merge],
  ]
  for (const [method, path, status, body, headers] of facts) await does('carol', method, path, status, body, headers)
  await until('admin', bindings('watcher'), ({ json }) => json.items.length === 1)
  t.equal((await ask('admin', 'GET', bindings('plain'))).json.items.length, 0)
})
