import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { Cache } from '../../../core/kube/cache.js'
import { listPage, parseListQuery, type ListSpec } from '../../../core/request/list.js'
import { Query } from '../../../core/request/types.js'
import type { KubeObject } from '../../../core/sdk/index.js'
import { configMaps } from '../../../schemas/kube/builtin.js'
import { silent } from '../../helpers/app.js'

const query = (text: string) => parseListQuery(new Query([...new URLSearchParams(text)]))
const objectOf = (i: number, namespace = `ns-${i % 2}`): KubeObject => ({ metadata: { name: `o${i}`, namespace, uid: `u${i}`, resourceVersion: String(i + 1), creationTimestamp: new Date(1.7e12 + (i % 4) * 1000).toISOString(), labels: { tier: i % 3 ? 'front' : 'back' }, ...(i % 2 ? { annotations: { 'kubesphere.io/alias-name': `Alias ${i}` } } : {}), ...(i === 5 ? { ownerReferences: [{ apiVersion: 'v1', kind: 'Owner', name: 'x', uid: 'owner' }] } : {}) } })

function filled (count: number) {
  const cache = new Cache<KubeObject>(configMaps, silent)
  cache.reset(Array.from({ length: count }, (_, i) => objectOf(i)), String(count))
  return cache
}

t.test('the grammar of lists', async t => {
  const cache = filled(10)
  const spec: ListSpec<KubeObject> = { filters: { even: ({ metadata }, value) => (Number(metadata.name.slice(1)) % 2 === 0) === (value === 'yes') } }
  const cases: [string, string[], number][] = [
    ['sortBy=name&ascending=true', ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'o9'], 10],
    ['sortBy=name', ['o9', 'o8', 'o7', 'o6', 'o5', 'o4', 'o3', 'o2', 'o1', 'o0'], 10],
    ['', ['o7', 'o3', 'o6', 'o2', 'o9', 'o5', 'o1', 'o8', 'o4', 'o0'], 10],
    ['sortBy=name&ascending=true&limit=3&page=2', ['o3', 'o4', 'o5'], 10],
    ['sortBy=name&ascending=true&limit=3&page=4', ['o9'], 10],
    ['sortBy=name&ascending=true&limit=3&page=5', [], 10],
    ['sortBy=name&ascending=true&limit=3&page=0', [], 10],
    ['sortBy=name&ascending=true&limit=0', [], 10],
    ['sortBy=name&ascending=true&limit=-2', [], 10],
    ['sortBy=name&ascending=true&limit=x&page=x&name=o1', ['o1'], 1],
    ['sortBy=name&ascending=T&limit=2', ['o0', 'o1'], 10],
    ['sortBy=name&ascending=true&names=o1,o3,absent', ['o1', 'o3'], 2],
    ['sortBy=name&ascending=true&alias=Alias', ['o1', 'o3', 'o5', 'o7', 'o9'], 5],
    ['sortBy=name&ascending=true&uid=u4', ['o4'], 1],
    ['sortBy=name&ascending=true&namespace=ns-1', ['o1', 'o3', 'o5', 'o7', 'o9'], 5],
    ['sortBy=name&ascending=true&label=tier%3Dback', ['o0', 'o3', 'o6', 'o9'], 4],
    ['sortBy=name&ascending=true&labelSelector=tier%3Dback&limit=1&page=2', ['o3'], 4],
    ['sortBy=name&ascending=true&labelSelector=((', ['o0', 'o1', 'o2', 'o3', 'o4', 'o5', 'o6', 'o7', 'o8', 'o9'], 10],
    ['sortBy=name&ascending=true&label=((', [], 0],
    ['sortBy=name&ascending=true&annotation=kubesphere.io/alias-name&limit=1', ['o1'], 5],
    ['sortBy=name&ascending=true&ownerReference=owner', ['o5'], 1],
    ['sortBy=name&ascending=true&ownerKind=Owner', ['o5'], 1],
    ['sortBy=name&ascending=true&even=yes&limit=2', ['o0', 'o2'], 5],
    ['unknown=x', [], 0],
    ['__proto__=x', [], 0],
    ['fieldSelector=metadata.name%3Do1', [], 0],
    ['sortBy=name&ascending=true&name=o1&name=o2', ['o2'], 1],
  ]
  for (const [text, names, total] of cases) {
    const page = listPage(cache, query(text), spec)
    t.strictSame([page.items.map(({ metadata }) => metadata.name), page.totalItems], [names, total], text || '(nothing)')
  }
  t.equal(listPage(cache, query('sortBy=name'), { namespace: 'ns-1' }).totalItems, 5)
  const byTier = { sorts: { tier: ({ metadata }: KubeObject) => metadata.labels?.tier ?? '' } }
  t.strictSame(listPage(cache, query('sortBy=tier&ascending=true&limit=5'), byTier).items.map(({ metadata }) => metadata.name), ['o0', 'o3', 'o6', 'o9', 'o1'])
  t.strictSame(listPage(cache, query('sortBy=tier&ascending=true&limit=2'), { sorts: { tier: ({ metadata }: KubeObject) => metadata.uid ?? '' } }).items.map(({ metadata }) => metadata.name), ['o0', 'o1'], 'orders of others are not shared')
})

const change = fc.record({ id: fc.nat(15), remove: fc.boolean(), tier: fc.constantFrom('a', 'b'), time: fc.nat(5) })

t.test('kept pages are as true as fresh ones, whatever the watch tells', async t => {
  fc.assert(fc.property(fc.array(change, { maxLength: 30 }), fc.constantFrom('name', 'creationTimestamp'), fc.boolean(), fc.constantFrom('', '&label=tier%3Da'), (changes, sortBy, ascending, filter) => {
    const cache = new Cache<KubeObject>(configMaps, silent)
    cache.reset([], '0')
    const model = new Map<string, KubeObject>()
    const asked = query(`sortBy=${sortBy}&ascending=${ascending}&limit=4&page=1${filter}`)
    changes.forEach(({ id, remove, tier, time }, i) => {
      const object: KubeObject = { metadata: { name: `o${id}`, namespace: 'a', uid: `u${id}`, resourceVersion: String(i + 1), creationTimestamp: model.get(`o${id}`)?.metadata.creationTimestamp ?? new Date(1.7e12 + time * 1000).toISOString(), labels: { tier } } }
      if (remove) { cache.remove(object); model.delete(`o${id}`) } else { cache.put(object); model.set(`o${id}`, object) }
      const key = ({ metadata }: KubeObject) => sortBy === 'name' ? metadata.name : `${metadata.creationTimestamp} ${metadata.name}`
      const found = [...model.values()].filter(({ metadata }) => !filter || metadata.labels?.tier === 'a').sort((a, b) => (key(a) < key(b) ? -1 : 1) * (ascending ? 1 : -1))
      const page = listPage(cache, asked)
      const wanted = JSON.stringify([found.slice(0, 4).map(({ metadata }) => metadata.name), found.length])
      const got = JSON.stringify([page.items.map(({ metadata }) => metadata.name), page.totalItems])
      if (got !== wanted) throw new Error(`${got} instead of ${wanted}`)
    })
  }), { numRuns: 2_000 })
  t.pass('2,000 histories')
})
