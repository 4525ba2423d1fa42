import fc from '../../helpers/fast-check.js'
import { createHash } from 'node:crypto'
import t from 'tap'
import { selectors } from '../../../core/services/promql/index.js'
import { catalogue, metricNamesOf, needsOf } from '../../../core/services/monitoring/catalogue.js'
import { holesOf, type MetricScope } from '../../../core/services/monitoring/scope.js'
import { compile, fill } from '../../../core/services/monitoring/template.js'

const all = [...catalogue.values()].flatMap(metrics => [...metrics.values()])

t.test('the catalogue', async t => {
  t.strictSame(Object.fromEntries([...catalogue].map(([level, metrics]) => [level, metrics.size])), {
    cluster: 54, node: 39, workspace: 27, namespace: 32, workload: 19, pod: 10, container: 5, pvc: 8, ingress: 15, 'component:etcd': 21, 'component:apiserver': 5, 'component:scheduler': 5, application: 5, service: 4,
  })
  t.equal(new Set(all.map(({ name }) => name)).size, all.length, 'a name is one metric')
  // The order of answers: whoever changes it knows that clients see it.
  t.equal(createHash('sha256').update([...catalogue.keys()].flatMap(metricNamesOf).join()).digest('hex').slice(0, 16), '3a99b1ec1335089c')
  for (const metric of all) {
    t.match(metric.meaning, /^[A-Z].{3,}[^.]$/, metric.name)
    t.ok(needsOf(metric).every(list => list.length > 0), `${metric.name} reads something`)
  }
  t.strictSame(metricNamesOf('constructor'), [])
})

// Values at their worst: whatever is in them, an expression keeps its form.
const value = fc.oneof(fc.string({ unit: 'binary', maxLength: 12 }), fc.array(fc.constantFrom('"', '\\', '\n', '{', '}', ',', '$', '`', "'", '#', '=', '~', '(', ')', '|', 'x', '$1', '<<pod>>', '$pod'), { maxLength: 12 }).map(parts => parts.join('')))
const name = fc.option(value, { nil: undefined })
const scope = fc.record({ node: name, workspace: name, namespace: name, kind: fc.constantFrom('deployment', 'statefulset', 'daemonset', 'x', undefined), workload: name, pod: name, container: name, persistentVolumeClaim: name, storageClass: name, ingress: name, namespacedResourcesFilter: name, job: name, controllerPod: name, application: fc.record({ name: value, components: fc.array(value, { maxLength: 3 }) }), service: fc.record({ name: value, pods: fc.array(value, { maxLength: 3 }) }) })

/** The metrics that an expression reads, as often as it does: what no value may change. */
const shapeOf = (promql: string): string => selectors(promql).map(({ name }) => name).join()

t.test('holes are filled with values, not with text', async t => {
  const plain = new Map(all.map(metric => [metric.name, shapeOf(fill(metric.template, holesOf({ level: metric.level })))]))
  fc.assert(fc.property(scope, fc.constantFrom(...all), (given, metric) => {
    const promql = fill(metric.template, holesOf({ ...given, level: metric.level } as MetricScope))
    return shapeOf(promql) === plain.get(metric.name)
  }), { numRuns: 5_000 })
})

t.test('an empty hole leaves no comma behind', async t => {
  const none = { ingress: [], controller: [], range: 60_000 }
  const one = [{ label: 'job', operator: '=', value: 'j' }] as const
  for (const [text, holes, filled] of [
    ['x{a="1",$ingress,$controller}[$range]', none, 'x{a="1"}[1m0s]'],
    ['x{$ingress,$controller}', none, 'x{}'],
    ['x{a="1",$ingress,$controller}', { ...none, controller: one }, 'x{a="1",job="j"}'],
    ['x{$ingress,$controller}', { ...none, ingress: one }, 'x{job="j"}'],
    ['x{$ingress} + y{b="$1",$controller}', { ...none, controller: one }, 'x{} + y{b="$1",job="j"}'],
    ['label_replace(x, "a", $app, "", "")', { app: 'a$1"b' }, 'label_replace(x, "a", "a$$1\\"b", "", "")'],
    ['x / $hours', { hours: 2 }, 'x / 2'],
  ] as const) t.equal(fill(compile(text), holes), filled)
  t.throws(() => compile('x{$nothing}'), /no such hole/)
  t.throws(() => compile('x[$constructor]'), /no such hole/)
})
