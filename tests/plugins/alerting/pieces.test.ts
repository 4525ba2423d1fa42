import fc from '../../helpers/fast-check.js'
import t from 'tap'
import { builtExpression } from '../../../plugins/alerting/expression-builder.js'
import { parseLabels } from '../../../plugins/alerting/config.js'
import { fingerprint } from '../../../plugins/alerting/fingerprint.js'
import { labelFilters, labelMatcher } from '../../../plugins/alerting/label-conditions.js'
import { fileLimits, fit, fitsAlone, without } from '../../../plugins/alerting/rule-files.js'
import { idOfFile, idOfLoaded } from '../../../plugins/alerting/rule-id.js'
import { selects } from '../../../plugins/alerting/rulers.js'
import { promql } from '../../../core/sdk/index.js'

t.test('fingerprints are those of Prometheus', async t => {
  // Values that its own library is known to have for these labels.
  for (const [labels, value] of [
    [{}, 14695981039346656037n],
    [{ name: 'garland, briggs', fear: 'love is not enough' }, 5799056148416392346n],
  ] as const) t.equal(fingerprint(labels), value.toString(16).padStart(16, '0'))
  const plain = (labels: Record<string, string>) => {
    let hash = 0xcbf29ce484222325n
    const add = (bytes: Iterable<number>) => { for (const byte of bytes) hash = ((hash ^ BigInt(byte)) * 0x100000001b3n) & 0xffffffffffffffffn }
    for (const name of Object.keys(labels).sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)))) add([...Buffer.from(name), 255, ...Buffer.from(labels[name]!), 255])
    return hash.toString(16).padStart(16, '0')
  }
  fc.assert(fc.property(fc.dictionary(fc.string({ unit: 'grapheme' }), fc.string({ unit: 'grapheme' })), labels => fingerprint(labels) === plain(labels)))
  t.pass()
})

t.test('one rule has one id, wherever it is read', async t => {
  const file = { alert: 'a', expr: 'sum( up )>1', for: '60s', labels: { severity: 'x', rule_id: 'any' } }
  const loaded = { name: 'a', query: 'sum(up) > 1', duration: 60, labels: { severity: 'x', cluster: 'host', thanos_ruler_replica: 'r-0', prometheus_replica: 'p-0' } }
  const id = idOfFile('g', file)
  t.equal(idOfLoaded('g', loaded, { cluster: 'host' }), id)
  t.not(idOfLoaded('g', loaded), id, 'a label that the ruler does not add is one of the rule')
  for (const [other, group] of [[{ ...file, alert: 'b' }, 'g'], [{ ...file, for: '61s' }, 'g'], [{ ...file, expr: 'sum(up) > 2' }, 'g'], [{ ...file, labels: {} }, 'g'], [file, 'h']] as const) t.not(idOfFile(group, other), id)
  t.equal(idOfFile('g', { alert: 'a', expr: 'up' }), idOfLoaded('g', { name: 'a', query: 'up', duration: 0 }))
  t.match(idOfFile('g', { alert: 'a', expr: 'no ( expression', for: 'never' }), /^[0-9a-f]{16}$/)
})

t.test('builders: every figure that consoles offer', async t => {
  const threshold = (path: string) => {
    const [section = '', field = ''] = path.split('.')
    return { [section]: { [field]: 0.5 } }
  }
  const node = (metricThreshold: Record<string, Record<string, number>>, more: object = {}) => builtExpression({ alert: '', exprBuilder: { node: { names: ['n'], comparator: '>', metricThreshold, ...more } } })
  for (const [path, metric] of [
    ['cpu.utilization', 'node:node_cpu_utilisation:avg1m'], ['cpu.load1m', 'node:load1:ratio'], ['cpu.load5m', 'node:load5:ratio'], ['cpu.load15m', 'node:load15:ratio'],
    ['memory.utilization', 'node:node_memory_utilisation:'], ['memory.available', 'node:node_memory_bytes_available:sum'],
    ['network.transmittedRate', 'node:node_net_bytes_transmitted:sum_irate'], ['network.receivedRate', 'node:node_net_bytes_received:sum_irate'],
    ['disk.spaceUtilization', 'node:disk_space_utilization:ratio'], ['disk.spaceAvailable', 'node:disk_space_available:'], ['disk.inodeUtilization', 'node:disk_inode_utilization:ratio'],
    ['disk.iopsRead', 'node:data_volume_iops_reads:sum'], ['disk.iopsWrite', 'node:data_volume_iops_writes:sum'],
    ['disk.throughputRead', 'node:data_volume_throughput_bytes_read:sum'], ['disk.throughputWrite', 'node:data_volume_throughput_bytes_write:sum'],
    ['pod.utilization', 'node:pod_utilization:ratio'], ['pod.abnormalRatio', 'node:pod_abnormal:ratio'],
  ] as const) {
    const expression = node(threshold(path))
    t.equal(expression, `${metric}{node="n"} > 0.5`)
    t.ok(promql.parsePromQL(expression!))
  }
  for (const [path, metric] of [
    ['cpu.usage', 'namespace:workload_cpu_usage:sum'], ['memory.usage', 'namespace:workload_memory_usage:sum'], ['memory.usageWoCache', 'namespace:workload_memory_usage_wo_cache:sum'],
    ['network.transmittedRate', 'namespace:workload_net_bytes_transmitted:sum_irate'], ['network.receivedRate', 'namespace:workload_net_bytes_received:sum_irate'],
    ['replica.unavailableRatio', 'namespace:deployment_unavailable_replicas:ratio'],
  ] as const) t.equal(builtExpression({ alert: '', exprBuilder: { workload: { kind: 'deployment', names: ['w'], comparator: '==', metricThreshold: threshold(path) } } }), `${metric}{workload="Deployment:w"} == 0.5`)

  t.equal(node({ cpu: { load5m: 2, load1m: 1 } }), 'node:load1:ratio{node="n"} > 1', 'the first figure counts')
  t.equal(node({ pod: { utilization: 1 }, cpu: {} }), '', 'the first section counts, even where it says nothing')
  for (const more of [{ names: [] }, { comparator: '=~' }, { comparator: '' }, { metricThreshold: {} }]) t.equal(node(threshold('cpu.load1m'), more), '')
  for (const [figure, text] of [[0, '0'], [-2.5, '-2.5'], [100, '100'], [123456, '123456'], [1e6, '1e+06'], [1234567.25, '1.23456725e+06'], [0.0001, '0.0001'], [0.00001, '1e-05'], [1e21, '1e+21'], [0.1 + 0.2, '0.30000000000000004']] as const) t.equal(node({ cpu: { load1m: figure } }), `node:load1:ratio{node="n"} > ${text}`)
  t.equal(builtExpression({ alert: '', expr: 'up' }), undefined)
})

t.test('names are data in every builder', async t => {
  fc.assert(fc.property(fc.array(fc.string({ unit: 'grapheme' }), { minLength: 1, maxLength: 4 }), names => {
    const expression = builtExpression({ alert: '', exprBuilder: { node: { names, comparator: '>', metricThreshold: { cpu: { load1m: 1 } } } } })!
    const [selector, ...more] = promql.selectors(expression)
    return more.length === 0 && selector?.name === 'node:load1:ratio' && selector.matchers.length === 1 && selector.matchers[0]?.label === 'node'
  }))
  t.pass()
})

t.test('rules find room', async t => {
  const rules = Array.from({ length: 30 }, (_, i) => ({ alert: `r${i}`, expr: 'up' }))
  const { groups, left } = fit([{ name: 'foreign', rules: [{ record: 'a', expr: 'up' }] }, { name: 'alerting.custom.defaults.7', rules: [{ alert: 'old', expr: 'up' }] }], rules, { owner: 'ns' })
  t.strictSame([groups.map(({ name, rules }) => [name, rules!.length]), left], [[['foreign', 1], ['alerting.custom.defaults.7', 20], ['alerting.custom.defaults.8', 11]], []])
  t.match(groups[1]!.rules![1]!.labels, { rule_id: /^ns-[0-9a-f]{16}$/ })
  const moved = fit(without(groups, new Set(['r0'])), [{ alert: 'r0', expr: 'up > 1' }], { owner: '', avoid: new Map([['r0', new Set(['alerting.custom.defaults.7'])]]) })
  t.strictSame(moved.groups.filter(({ rules }) => rules?.some(({ alert }) => alert === 'r0')).map(({ name }) => name), ['alerting.custom.defaults.8'])
  const lonely = fit([], [{ alert: 'x', expr: 'up' }], { owner: '', avoid: new Map([['x', new Set(['alerting.custom.defaults.0'])]]) })
  t.equal(lonely.groups[0]!.name, 'alerting.custom.defaults.1')
  t.strictSame(without([{ name: 'g', rules: [{ alert: 'x', expr: 'up' }] }, { name: 'h', rules: [{ record: 'x', expr: 'up' }, { alert: 'x', expr: 'up' }] }], new Set(['x'])), [{ name: 'h', rules: [{ record: 'x', expr: 'up' }] }])

  const sized = fc.array(fc.integer({ min: 0, max: 250_000 }), { maxLength: 12 })
  fc.assert(fc.property(sized, sizes => {
    const some = sizes.map((size, i) => ({ alert: `r${i}`, expr: 'up', annotations: { a: 'x'.repeat(size) } }))
    const fitted = fit([], some, { owner: 'a-project' })
    const placed = fitted.groups.flatMap(({ rules }) => rules!.map(({ alert }) => alert))
    return JSON.stringify({ groups: fitted.groups }).length <= fileLimits.bytes && new Set([...placed, ...fitted.left.map(({ alert }) => alert)]).size === some.length && placed.length + fitted.left.length === some.length && (some.length === 0 || placed.length > 0)
  }), { numRuns: 50 })
  const edge = (size: number) => ({ alert: 'x', expr: 'up', annotations: { a: 'y'.repeat(size) } })
  for (let size = fileLimits.bytes - 1000; size < fileLimits.bytes; size += 7) if (fitsAlone(edge(size)) && fit([], [edge(size)], { owner: 'n'.repeat(63) }).left.length > 0) t.fail(`a rule of ${size} has no end`)
})

t.test('conditions on labels', async t => {
  const labels = { a: 'One', b: 'two' }
  for (const [text, options, holds] of [
    ['a=One', {}, true], ['a=one', {}, false], ['a~ne', {}, true], ['a~NE', {}, false], ['a~NE', { fold: true }, true], ['a=One,b~x', {}, false], ['c~', {}, false],
    ['a=', {}, false], ['a=', { whole: true }, true], ['a~b=', { whole: true }, false], ['=x,~y,z', {}, true], ['', {}, true], ['__proto__~x', {}, false],
  ] as const) t.equal(labelFilters(text, options)(labels), holds, text)
  t.equal(labelFilters('a=x')(undefined), false)
  t.equal(labelMatcher('{a=~"O.e"}')(labels), true)
  t.equal(labelMatcher('{c!~".+"}')(null), true)
  for (const pattern of ['x'.repeat(257), '(?:xy){900}', '[']) t.throws(() => labelMatcher(`{a=~"${pattern}"}`), { code: 400 }, pattern.slice(0, 20))
})

t.test('selectors of the operator', async t => {
  const labels = { a: 'x', b: 'y' }
  for (const [selector, chosen] of [
    [undefined, false], [null, false], [{}, true], [{ matchLabels: { a: 'x' } }, true], [{ matchLabels: { a: 'x', c: 'z' } }, false],
    [{ matchExpressions: [{ key: 'a', operator: 'In', values: ['w', 'x'] }, { key: 'b', operator: 'NotIn', values: ['z'] }, { key: 'b', operator: 'Exists' }, { key: 'c', operator: 'DoesNotExist' }] }, true],
    [{ matchExpressions: [{ key: 'c', operator: 'In', values: ['x'] }] }, false], [{ matchExpressions: [{ key: 'a', operator: 'Gt', values: ['1'] }] }, false], [{ matchExpressions: [{ key: 'toString', operator: 'Exists' }] }, false],
  ] as const) t.equal(selects(selector, labels), chosen, JSON.stringify(selector))
})

t.test('labels of the configuration', async t => {
  t.strictSame(parseLabels(''), {})
  t.strictSame(parseLabels(' role=alert-rules, thanosruler=k8s ,'), { role: 'alert-rules', thanosruler: 'k8s' })
  for (const text of ['role', '=x', 'a=b=c', 'a=b,c']) t.throws(() => parseLabels(text), /alerting\.thanosRuleResourceLabels: ".*" is not of the form k=v/)
})
