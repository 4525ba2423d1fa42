import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { Cache } from '../../../core/kube/cache.js'
import type { KubeObject } from '../../../core/sdk/index.js'
import { configMaps, roles, type RoleObject } from '../../../schemas/kube/builtin.js'
import { silent } from '../../helpers/app.js'

interface Labelled extends KubeObject { data: { tags: string[] } }

const tagged = (name: string, tags: readonly string[], revision: number): Labelled => ({ metadata: { name, namespace: 'ns', uid: `${name}-${revision}`, resourceVersion: String(revision) }, data: { tags: [...tags] } })

t.test('an index is what a search through everything finds', t => {
  const tags = ['a', 'b', 'c']
  const step = fc.record({ name: fc.constantFrom('x', 'y', 'z', 'w'), tags: fc.uniqueArray(fc.constantFrom(...tags)), gone: fc.boolean() })
  fc.assert(fc.property(fc.array(step, { maxLength: 40 }), steps => {
    const cache = new Cache<Labelled>(configMaps as never, silent)
    const index = cache.index('tag', ({ data }) => data.tags)
    steps.forEach(({ name, tags, gone }, i) => {
      const known = cache.get(name, 'ns')
      if (!gone) cache.put(tagged(name, tags, i + 1))
      else if (known) cache.remove(tagged(name, [], i + 1))
    })
    return tags.every(tag => {
      const found = cache.list().filter(({ data }) => data.tags.includes(tag))
      return index.count(tag) === found.length && index.get(tag).every((object, i) => object === found[i])
    })
  }), { numRuns: 500 })
  t.end()
})

t.test('copies of a role share what they say, and nothing of it can be changed', t => {
  const cache = new Cache<RoleObject>(roles, silent)
  const role = (namespace: string, verbs: string[]): RoleObject => ({ metadata: { name: 'viewer', namespace, uid: namespace, resourceVersion: '1', annotations: { 'kubesphere.io/creator': 'system' } }, rules: [{ verbs, apiGroups: [''], resources: ['pods'] }] })
  for (const [namespace, verb] of [['ns-1', 'get'], ['ns-2', 'get'], ['ns-3', 'list']] as const) cache.put(role(namespace, [verb]))
  const [first, second, third] = ['ns-1', 'ns-2', 'ns-3'].map(namespace => cache.get('viewer', namespace))
  t.equal(first?.rules, second?.rules)
  t.equal(first?.metadata.annotations, third?.metadata.annotations)
  t.strictSame([first, third], [role('ns-1', ['get']), role('ns-3', ['list'])], 'each says what it said')
  t.throws(() => { (first?.rules?.[0]?.verbs as string[]).push('delete') }, TypeError)
  t.throws(() => { (first?.metadata.annotations as Record<string, string>)['x'] = 'y' }, TypeError)
  t.end()
})

t.test('an object is found under its own name and namespace alone', t => {
  const cache = new Cache<KubeObject>(configMaps as never, silent)
  const of = (name: string, namespace?: string): KubeObject => ({ metadata: { name, ...(namespace ? { namespace } : {}), uid: `${namespace}/${name}`, resourceVersion: '1' } })
  const all = [of('a'), of('a', 'x'), of('b', 'x'), of('a', 'y')]
  cache.reset(all, '1')
  t.equal(cache.size, 4)
  for (const { metadata: { name, namespace, uid } } of all) t.equal(cache.get(name, namespace)?.metadata.uid, uid)
  for (const [name, namespace] of [['b', undefined], ['b', 'y'], ['', 'x'], ['a', 'z'], ['aa', 'x']] as const) t.equal(cache.get(name, namespace), undefined, `${namespace}/${name}`)
  cache.reset(all.slice(0, 2), '2')
  t.strictSame(cache.list().map(({ metadata }) => metadata.uid), ['undefined/a', 'x/a'])
  t.equal(cache.get('a', 'y'), undefined)
  cache.remove(of('a'))
  t.equal(cache.get('a'), undefined)
  t.equal(cache.get('a', 'x')?.metadata.uid, 'x/a')
  t.end()
})
