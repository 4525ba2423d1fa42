import t from 'tap'
import { Cache } from '../../../core/kube/cache.js'
import { parseListQuery, Query, type Kind, type Kube, type KubeObject } from '../../../core/sdk/index.js'
import { createBindings } from '../../../plugins/iam/bindings.js'
import { createDirectory } from '../../../plugins/iam/directory.js'
import { namespace, workspace } from '../../../plugins/iam/places.js'
import { globalRoleBindings, labels, users, workspaceRoleBindings } from '../../../schemas/iam/v1alpha2.js'
import { roleBindings, type BindingObject } from '../../../schemas/kube/builtin.js'
import { qualifiedResource } from '../../../schemas/kube/object.js'
import { silent } from '../../helpers/app.js'

const size = { people: 10_000, workspaces: 2_000, projects: 4_000, bindings: 50_000 }

const caches = new Map<string, Cache<KubeObject>>()
const kube = {
  store (kind: Kind) {
    const name = qualifiedResource(kind)
    let cache = caches.get(name)
    if (!cache) {
      caches.set(name, cache = new Cache(kind, silent))
      const { list, byCreation } = cache
      cache.list = namespace => { scans += namespace === undefined ? 1 : 0; return list.call(cache, namespace) }
      cache.byCreation = namespace => { scans += namespace === undefined ? 1 : 0; return byCreation.call(cache, namespace) }
    }
    return cache
  },
} as unknown as Kube

let revision = 0
const meta = (name: string, more: object = {}) => ({ name, uid: `u${++revision}`, resourceVersion: String(revision), creationTimestamp: new Date(1.7e12 + revision * 1000).toISOString(), ...more })
const nameOf = (i: number): string => `user-${String(i % size.people).padStart(5, '0')}`
const binding = (i: number, metadata: object, role: string): BindingObject => ({ metadata: meta(`${nameOf(i)}-${role}-${i}`, metadata), subjects: [{ kind: 'User', name: nameOf(i) }], roleRef: { apiGroup: '', kind: 'Role', name: role } })
const fill = (kind: Kind, objects: readonly KubeObject[]): void => { (kube.store(kind) as Cache<KubeObject>).reset(objects, String(++revision)) }

const query = (text: string) => parseListQuery(new Query(text ? text.split('&').map(pair => pair.split('=') as [string, string]) : []))

/** How often everything of a kind was looked at. */
let scans = 0

/** Asks after a change of some account, which makes stale whatever was made of all of them. */
function afterChange<T> (work: () => T): T {
  fill(users, kube.store(users).list().map((user, i) => i === 0 ? { ...user, metadata: { ...user.metadata, resourceVersion: String(++revision) } } : user))
  scans = 0
  return work()
}

t.test('pages of a large platform', async t => {
  const bindings = createBindings(kube)
  const directory = createDirectory({ kube, bindings })
  fill(users, Array.from({ length: size.people }, (_, i) => ({ metadata: meta(nameOf(i)), spec: { email: `${nameOf(i)}@example.com`, password: 'x' }, status: { state: 'Active' } })))
  const own = size.people
  const inWorkspaces = 15_000
  fill(globalRoleBindings, Array.from({ length: own }, (_, i) => binding(i, {}, 'platform-regular')))
  fill(workspaceRoleBindings, Array.from({ length: inWorkspaces }, (_, i) => binding(i * 7, { labels: { [labels.workspace]: `ws-${i % size.workspaces}` } }, 'viewer')))
  fill(roleBindings, Array.from({ length: size.bindings - own - inWorkspaces }, (_, i) => binding(i * 3, { namespace: `ns-${i % size.projects}` }, 'operator')))

  const facts: [string, () => { items: unknown[], totalItems: number }, number][] = [
    ['the first page of people', () => directory.listUsers(query('limit=10')), size.people],
    ['the same by name', () => directory.listUsers(query('limit=10&sortBy=name&ascending=true')), size.people],
    ['members of a project', () => directory.listMembers(namespace('ns-17'), query('limit=10')), 5],
    ['members of a project by role', () => directory.listMembers(namespace('ns-17'), query('limit=10&role=operator&sortBy=name')), 5],
    ['members of a workspace', () => directory.listMembers(workspace('ws-17'), query('limit=10')), 5],
  ]
  for (const [what, work, total] of facts) {
    t.equal(work().totalItems, total, what)
    t.equal(afterChange(work).totalItems, total, `${what}, after a change`)
    t.equal(scans, 0, `${what}: no list of everything is looked at`)
  }
  t.match(directory.getMember(namespace('ns-17'), nameOf(51))?.metadata.annotations, { 'iam.kubesphere.io/role': 'operator' })
  t.equal(directory.listUsers(query('globalrole=platform-regular&limit=10')).totalItems, size.people)
  t.notMatch(JSON.stringify(directory.listUsers(query('limit=10'))), /"password"/)
})
