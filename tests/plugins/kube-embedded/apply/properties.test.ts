import fc from '../../../helpers/fast-check.js'
import t from 'tap'
import { isDeepStrictEqual } from 'node:util'
import { decodeFields, textsOf } from '../../../../plugins/kube-embedded/apply/field-set.js'
import { fieldsOf } from '../../../../plugins/kube-embedded/apply/members.js'
import { rootOf } from '../../../../plugins/kube-embedded/apply/nodes.js'
import type { KubeObject } from '../../../../core/sdk/index.js'
import { apply, at, entries, thing, thingSchema, update, type Json } from './thing.js'

const letter = fc.constantFrom('a', 'b', 'c', 'd')
const labels = fc.dictionary(letter, fc.constantFrom('x', 'y'), { minKeys: 1, maxKeys: 3, noNullPrototype: true })
const some = <T extends Record<string, fc.Arbitrary<unknown>>>(shape: T, required: (keyof T & string)[] = []) => fc.record(shape, { requiredKeys: required, noNullPrototype: true })
const port = some({ port: fc.constantFrom(80, 443), protocol: fc.constantFrom('TCP', 'UDP'), host: letter }, ['port'])
const container = some({ name: letter, image: letter, ports: fc.uniqueArray(port, { minLength: 1, maxLength: 3, selector: ({ port, protocol }) => `${String(port)}${String(protocol ?? 'TCP')}` }) }, ['name'])
const spec = some({
  replicas: fc.nat(2),
  paused: fc.boolean(),
  labels,
  selector: labels,
  args: fc.array(letter, { maxLength: 3 }),
  zones: fc.uniqueArray(letter, { minLength: 1 }),
  containers: fc.uniqueArray(container, { minLength: 1, maxLength: 4, selector: ({ name }) => name }),
  open: fc.dictionary(letter, fc.oneof(fc.nat(2), labels, fc.array(letter)), { minKeys: 1, maxKeys: 3, noNullPrototype: true }),
})
const config = spec.map(value => thing({ replicas: 0, ...value as Json }))
const manager = fc.constantFrom('m', 'n', 'o')
const writes = fc.array(fc.record({ how: fc.constantFrom('apply', 'update'), manager, config }), { minLength: 1, maxLength: 6 })

const written = (list: { how: string, manager: string, config: KubeObject }[]) => list.reduce<KubeObject | undefined>((live, { how, manager, config }, i) =>
  how === 'apply' ? apply(live, config, manager, { force: true, time: at(i) }) : update(live, config, manager, { time: at(i) }), undefined) as KubeObject

/** Items count as sets here: their order is another matter. */
function holds (whole: unknown, part: unknown): boolean {
  if (Array.isArray(part)) return Array.isArray(whole) && part.every(item => whole.some(other => holds(other, item)))
  if (part === null || typeof part !== 'object') return whole === part
  return whole !== null && typeof whole === 'object' && Object.entries(part).every(([key, value]) => holds((whole as Json)[key], value))
}

const bare = ({ metadata: { managedFields: _, ...metadata }, ...rest }: KubeObject) => ({ ...rest, metadata })
const assert = <T extends unknown[]>(property: fc.IProperty<T>) => { fc.assert(property, { numRuns: 150 }) }

t.test('the same configuration twice is once', async () => {
  assert(fc.property(writes, config, (list, config) => {
    const once = apply(written(list), config, 'm', { force: true, time: at(50) })
    return isDeepStrictEqual(apply(once, config, 'm', { time: at(99) }), once)
  }))
})

t.test('what is applied is there', async () => {
  assert(fc.property(writes, config, (list, config) => holds(bare(apply(written(list), config, 'm', { force: true })), config)))
})

t.test('alone, only the last configuration counts', async () => {
  assert(fc.property(config, config, (a, b) => {
    const both = apply(apply(undefined, a), b)
    const alone = apply(undefined, b)
    return holds(bare(both), bare(alone)) && holds(bare(alone), bare(both)) && isDeepStrictEqual(entries(both), entries(alone))
  }))
})

// As Kubernetes: who owns a map or list itself still does when its last item is taken away.
const mayBeEmptied = /\.(args|labels|containers|zones|ports|open(\.[a-d])?)$/

t.test('nobody owns what is not there', async () => {
  assert(fc.property(writes, list => {
    const object = written(list)
    const there = [...textsOf(fieldsOf(rootOf(thingSchema), bare(object)))]
    const isThere = (path: string) => there.some(other => other === path || other.startsWith(`${path}.`) || other.startsWith(`${path}[`))
    return entries(object).every(({ fieldsV1 = {} }) => [...textsOf(decodeFields(fieldsV1))].every(path => isThere(path) || mayBeEmptied.test(path)))
  }))
})

t.test('a manager that applies nothing is gone', async () => {
  assert(fc.property(writes, config, (list, config) => {
    const live = written(list)
    const left = apply(apply(live, config, 'q', { force: true }), thing(), 'q', { force: true })
    return entries(left).every(({ manager }) => manager !== 'q')
  }))
})

t.test('neither what is stored nor what is applied is changed', async () => {
  assert(fc.property(writes, config, (list, config) => {
    const live = written(list)
    const before = JSON.stringify([live, config])
    const next = apply(live, config, 'm', { force: true }) as KubeObject & { spec: Json }
    next.spec['containers'] = undefined
    for (const value of Object.values(next.spec)) if (Array.isArray(value)) value.push('x')
    return JSON.stringify([live, config]) === before
  }))
})
