import t from 'tap'
import type { Reply } from '../../helpers/app.js'
import { clusterRuleGroups, ruleGroups, type RuleGroup } from '../../../schemas/alerting/v2beta1.js'
import type { Kube } from '../../../core/sdk/index.js'
import { coreos, groupsPath, monitoring, stage } from './stage.js'

const files = `${coreos}/namespaces/${monitoring}/prometheusrules`
const enabled = { 'alerting.kubesphere.io/enable': 'true' }
const merge = { 'content-type': 'application/merge-patch+json' }
const group = (kind: string, name: string, rules: unknown[], labels: object = enabled, more: object = {}) =>
  ({ apiVersion: 'alerting.kubesphere.io/v2beta1', kind, metadata: { name, labels }, spec: { rules, ...more } })
const rule = (alert: string, more: object = {}) => ({ alert, expr: 'up == 0', labels: { rule_id: `id-${alert}` }, ...more })
interface File { metadata: { name: string, labels: Record<string, string>, ownerReferences?: { kind: string, name: string }[] }, spec: { groups: { name: string, interval?: string, rules: { alert: string, expr: string, labels: Record<string, string> }[] }[] } }
const filesOf = ({ json }: Reply): File[] => json.items
const rulesOf = (reply: Reply) => filesOf(reply).flatMap(({ spec }) => spec.groups.flatMap(({ name, rules }) => rules.map(({ alert }) => `${name}/${alert}`))).join()

t.test('enabled groups are what Thanos Ruler reads', { timeout: 180_000 }, async t => {
  const { does, until } = await stage(t)
  const inA = `${groupsPath}/namespaces/ns-a/rulegroups`
  const seen = (wanted: (reply: Reply) => boolean) => until('admin', files, wanted)

  await t.test('of a project', async t => {
    await does('alice', 'POST', inA, 201, group('RuleGroup', 'b', [rule('limited', { expr: 'sum(up{namespace="ns-b"}) / on () group_left () topk(scalar(x), y)', severity: 'critical', for: '5m', annotations: { summary: '{{ $value }}' }, labels: { rule_id: 'id-1', namespace: 'ns-b', rule_level: 'global', team: 'x' } })], enabled, { interval: '30s', partial_response_strategy: 'warn' }))
    await does('alice', 'POST', inA, 201, group('RuleGroup', 'a', [rule('on'), rule('off', { disable: true }), rule('built', { exprBuilder: { workload: { kind: 'Deployment', names: ['x'], comparator: '>', metricThreshold: { cpu: { usage: 1 } } } } })]))
    await does('alice', 'POST', inA, 201, group('RuleGroup', 'idle', [rule('idle')], {}))
    await does('alice', 'POST', inA, 201, group('RuleGroup', 'hollow', [rule('never', { disable: true })]))
    const [file, ...more] = filesOf(await seen(reply => rulesOf(reply) === 'a/on,a/built,b/limited'))
    t.strictSame(more, [])
    t.match(file, { metadata: { name: 'alertrules-ns-ns-a-0', ownerReferences: [{ apiVersion: 'v1', kind: 'Namespace', name: 'ns-a', uid: /./ }] } })
    t.strictSame(file!.metadata.labels, { 'alerting.kubesphere.io/rule_level': 'namespace', 'alerting.kubesphere.io/owner_namespace': 'ns-a' })
    const [a, b] = file!.spec.groups
    t.strictSame(b, {
      name: 'b',
      interval: '30s',
      partial_response_strategy: 'warn',
      rules: [{
        alert: 'limited',
        expr: b!.rules[0]!.expr,
        for: '5m',
        labels: { rule_id: 'id-1', namespace: 'ns-a', rule_level: 'namespace', team: 'x', severity: 'critical', rule_group: 'b', alerttype: 'metric', rule_type: 'custom' },
        annotations: { summary: '{{ $value }}' },
      }],
    })
    for (const metric of ['up', 'x', 'y']) t.match(b!.rules[0]!.expr, `${metric}{namespace="ns-a"}`)
    t.notMatch(b!.rules[0]!.expr, 'ns-b')
    t.equal(a!.rules[1]!.labels.rule_type, 'template')
  })

  await t.test('what is changed by hand is put right, what is disabled goes', async t => {
    await does('admin', 'PATCH', `${files}/alertrules-ns-ns-a-0`, 200, { spec: { groups: [] } }, merge)
    await seen(reply => rulesOf(reply) === 'a/on,a/built,b/limited')
    await does('admin', 'DELETE', `${files}/alertrules-ns-ns-a-0`, 200)
    await seen(reply => rulesOf(reply) === 'a/on,a/built,b/limited')
    await does('alice', 'PATCH', `${inA}/b`, 200, { metadata: { labels: { 'alerting.kubesphere.io/enable': 'false' } } }, merge)
    await seen(reply => rulesOf(reply) === 'a/on,a/built')
    await does('alice', 'DELETE', `${inA}/a`, 200)
    await seen(reply => filesOf(reply).length === 0)
  })

  await t.test('of the cluster, and of all clusters', async t => {
    await does('admin', 'POST', `${groupsPath}/clusterrulegroups`, 201, group('ClusterRuleGroup', 'nodes', [rule('n', { exprBuilder: { node: { names: ['n1'], comparator: '>', metricThreshold: { cpu: { load1m: 1 } } } } })]))
    await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 201, group('GlobalRuleGroup', 'world', [rule('w', { clusterSelector: { inValues: ['host', 'member'] }, namespaceSelector: { matcher: { type: '!~', value: 'kube-.*' } } }), rule('all')]))
    const found = filesOf(await seen(reply => filesOf(reply).length === 2))
    t.strictSame(found.map(({ metadata: { name, labels, ownerReferences } }) => [name, labels, ownerReferences]), [
      ['alertrules-cl-0', { 'alerting.kubesphere.io/rule_level': 'cluster' }, undefined],
      ['alertrules-gl-0', { 'alerting.kubesphere.io/rule_level': 'global' }, undefined],
    ])
    const [[node], [world, all]] = found.map(({ spec }) => spec.groups[0]!.rules) as [[File['spec']['groups'][number]['rules'][number]], File['spec']['groups'][number]['rules']]
    t.equal(node.expr, 'node:load1:ratio{node="n1"} > 1')
    t.strictSame(node.labels, { rule_id: 'id-n', rule_level: 'cluster', rule_group: 'nodes', alerttype: 'metric', rule_type: 'template' })
    for (const part of ['cluster=~"(host|member)"', 'namespace!~"kube-.*"']) t.match(world!.expr, part)
    t.equal(all!.expr, 'up == 0')
    await does('admin', 'DELETE', `${groupsPath}/clusterrulegroups/nodes`, 200)
    await does('admin', 'DELETE', `${groupsPath}/globalrulegroups/world`, 200)
    await seen(reply => filesOf(reply).length === 0)
  })

  await t.test('groups larger than one object may be', async t => {
    const annotations = Object.fromEntries(Array.from({ length: 3 }, (_, i) => [`part${i}`, 'y'.repeat(50_000)]))
    for (const name of ['l1', 'l2', 'l3', 'l4', 'l5']) await does('alice', 'POST', inA, 201, group('RuleGroup', name, [rule(name, { annotations })]))
    const found = filesOf(await seen(reply => rulesOf(reply) === 'l1/l1,l2/l2,l3/l3,l4/l4,l5/l5'))
    t.strictSame(found.map(({ metadata: { name }, spec }) => [name, spec.groups.length]), [['alertrules-ns-ns-a-0', 2], ['alertrules-ns-ns-a-1', 2], ['alertrules-ns-ns-a-2', 1]])
    for (const name of ['l1', 'l2', 'l3']) await does('alice', 'DELETE', `${inA}/${name}`, 200)
    t.equal(filesOf(await seen(reply => rulesOf(reply) === 'l4/l4,l5/l5')).length, 1)
  })

  await t.test('a project that goes takes its rules along', async t => {
    await does('admin', 'DELETE', '/api/v1/namespaces/ns-a', 200)
    await seen(reply => filesOf(reply).length === 0)
    t.pass()
  })
})

/** A group as somebody stores it who goes around the checks. */
const unchecked = (kube: Kube, kind: typeof ruleGroups, object: object) => kube.create<RuleGroup>(kind, object as RuleGroup)

t.test('groups that were stored by another way', { timeout: 120_000 }, async t => {
  let direct: Kube | undefined
  const { until, does } = await stage(t, { around: kube => { direct = kube } })
  await unchecked(direct!, ruleGroups, { ...group('RuleGroup', 'mixed', [{ alert: 'good', expr: 'up' }, { alert: 'bad', expr: 'sum(' }, { alert: 'leak', expr: 'up', annotations: { a: '{{ query "up" }}' } }, { alert: 'vague', exprBuilder: { workload: { kind: 'Deployment', names: [], comparator: '>' } } }, { alert: 'built', exprBuilder: { workload: { kind: 'Deployment', names: ['x'], comparator: '>', metricThreshold: { cpu: { usage: 1 } } } } }]), metadata: { name: 'mixed', namespace: 'ns-a', labels: enabled } })
  await unchecked(direct!, ruleGroups, { ...group('RuleGroup', 'timeless', [rule('x')], enabled, { interval: 'often' }), metadata: { name: 'timeless', namespace: 'ns-a', labels: enabled } })
  await unchecked(direct!, clusterRuleGroups, group('ClusterRuleGroup', 'nodes', [{ alert: 'n', expr: 1 }]))
  const reply = await until('admin', files, reply => filesOf(reply).length === 2)
  t.equal(rulesOf(reply), 'nodes/n,mixed/good,mixed/built', 'rules that Prometheus would not load, or may not, are left out')
  const { json } = await does('admin', 'GET', `${groupsPath}/namespaces/ns-a/rulegroups/mixed`, 200)
  t.ok(json.spec.rules.every(({ labels }: { labels?: { rule_id?: string } }) => labels?.rule_id), 'ids are written back')
  t.equal(json.spec.rules[4].expr, 'namespace:workload_cpu_usage:sum{workload="Deployment:x"} > 1')
})

t.test('without the kinds of the operator groups are kept, and nothing else happens', { timeout: 120_000 }, async t => {
  const { does } = await stage(t, { operator: false })
  await does('alice', 'POST', `${groupsPath}/namespaces/ns-a/rulegroups`, 201, group('RuleGroup', 'a', [rule('x')]))
  await does('alice', 'GET', `${groupsPath}/namespaces/ns-a/rulegroups/a`, 200)
  t.equal((await does('vera', 'GET', '/kapis/alerting.kubesphere.io/v2beta1/namespaces/ns-a/rulegroups', 200)).json.totalItems, 1)
  await does('admin', 'GET', files, 404)
})
