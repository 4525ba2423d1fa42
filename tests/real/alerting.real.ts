import { rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t from 'tap'
import type { PrometheusRule } from '../../schemas/alerting/prometheus-operator.js'
import { temporaryFolder } from '../helpers/process.js'
import { hasPrometheus, startPrometheus } from '../helpers/prometheus.js'
import { coreos, groupsPath, monitoring, ruler, stage, v2alpha1, v2beta1 } from '../plugins/alerting/stage.js'

if (!hasPrometheus() && !process.env.CI) {
  t.plan(0, 'Prometheus is not installed here: run scripts/real/prometheus.mjs as root on Debian.')
  process.exit(0)
}

/** Two projects, one series of each; none of it ahead of now, for Prometheus itself writes about its alerts. */
function samples (): string {
  const now = Math.floor(Date.now() / 1000)
  const rows = ['ns-a', 'ns-b'].flatMap(namespace => Array.from({ length: 15 }, (_, i) => `heat{namespace="${namespace}",pod="${namespace}-pod",cluster="host"} 7 ${now - 1000 + i * 60}`))
  return `# TYPE heat gauge\n${rows.join('\n')}\n# EOF\n`
}

/** Expressions in spellings of people, each of which Prometheus prints in its own. */
const spellings = [
  'heat', 'heat > 1', 'heat>1000000', 'heat{pod=~".+"} > bool 0.00001', 'sum by(pod) (heat)', 'sum(heat)by(pod)', 'sum without (pod,cluster) (heat)', 'avg_over_time( heat [ 5m ] ) > 1', 'rate(heat[1h30m])',
  'heat offset 1m', 'heat @ 1600000000', 'max_over_time(heat[10m:1m])', 'max_over_time(heat[10m:])', 'heat and on(pod) heat', 'heat * on (pod) group_left(cluster) heat', 'topk(3, heat)', 'quantile(0.9, heat)', 'count_values("v", heat)',
  '-heat', '(heat)', '((heat) + 1) * 2 ^ -1', 'heat unless heat{pod="x"}', "heat{pod='it''s'}".replace("''", ''), 'label_replace(heat, "a", "$1", "pod", "(.*)")', 'absent(heat{pod="none"})', 'vector(1) > 0', 'heat{pod=~"a\\\\.b|c"}', 'heat > 1e3', 'heat > Inf', 'heat == NaN',
  'histogram_quantile(0.99, sum(rate(heat[5m])) by (le))', 'clamp_min(heat, 1) > 0 or heat', 'heat # with a comment', 'time() > bool 0', 'heat{cluster!="", pod!~"x"}', 'predict_linear(heat[30m], 4*3600)', 'stddev(heat) by ()', 'heat{}', '{__name__="heat"}', '1 < bool 2 == vector(1)',
]

/** Prometheus tells a rule's state before the time of its first evaluation. */
const isEvaluated = ({ lastEvaluation }: { lastEvaluation?: string }): boolean => lastEvaluation?.startsWith('2') ?? false

t.test('states as a real Prometheus has them', { timeout: 300_000 }, async t => {
  const folder = temporaryFolder(t)
  const prometheus = await startPrometheus(t, samples(), { rules: [join(folder, '*.yaml')], args: ['--web.enable-lifecycle', '--query.lookback-delta=1h'] })
  const { does, until } = await stage(t, { change: ({ alerting }) => { Object.assign(alerting, { thanosRulerEndpoint: prometheus.url, prometheusEndpoint: prometheus.url }) } })
  const files = new Set<string>()

  /** What the operator does: PrometheusRules become files that Prometheus loads. */
  async function operate (): Promise<void> {
    for (const file of files) rmSync(file)
    files.clear()
    for (const { metadata, spec } of (await does('admin', 'GET', `${coreos}/prometheusrules`, 200)).json.items as PrometheusRule[]) {
      const file = join(folder, `${metadata.namespace}-${metadata.name}-${metadata.uid}.yaml`)
      writeFileSync(file, JSON.stringify({ groups: (spec?.groups ?? []).map(group => ({ interval: '1s', ...group })) }))
      files.add(file)
    }
    const { status } = await fetch(`${prometheus.url}/-/reload`, { method: 'POST' })
    t.equal(status, 200, prometheus.output())
  }
  await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/thanosrulers`, 201, ruler('kubesphere', { labels: { cluster: 'host' } }))
  const inA = `${v2alpha1}/namespaces/ns-a`
  await until('alice', `${inA}/rules`, ({ status }) => status === 200)

  await t.test('every rule is found again, however it was spelt', async t => {
    const rules = spellings.map((query, i) => ({ name: `r${i}`, query, duration: i % 3 ? '1h30m' : '90m', labels: { n: String(i) } }))
    const stored = (await does('alice', 'POST', `${inA}/bulkrules`, 200, rules)).json
    const refused = stored.items.filter(({ status }: { status: string }) => status !== 'success')
    t.strictSame(refused, [])
    await does('admin', 'POST', `${v2alpha1}/bulkrules`, 200, rules)
    await operate()
    for (const path of [inA, v2alpha1]) {
      const { json } = await until('admin', `${path}/rules?limit=100`, ({ json }) => json.items.filter(isEvaluated).length === spellings.length)
      t.strictSame(json.items.filter(({ health }: { health: string }) => health === 'unknown'), [], path)
    }
    for (const path of [inA, v2alpha1]) await does('admin', 'DELETE', `${path}/rules?${rules.map(({ name }) => `name=${name}`).join('&')}`, 200)
    await operate()
  })

  await t.test('alerts of rules tell of the project alone', async t => {
    await does('alice', 'POST', `${inA}/rules`, 200, { name: 'hot', query: 'heat{namespace=~".*"} > 5', labels: { severity: 'critical' }, annotations: { summary: '{{ $labels.pod }} at {{ $value | humanize }}' } })
    await does('admin', 'POST', `${v2alpha1}/rules`, 200, { name: 'hot', query: 'heat > 5' })
    await does('admin', 'POST', `${v2alpha1}/rules`, 200, { name: 'cold', query: 'heat < 5' })
    await operate()
    const { json } = await until('vera', `${inA}/rules/hot`, ({ json }) => json.state === 'firing' && isEvaluated(json))
    t.match(json, { health: 'ok', query: 'heat{namespace="ns-a"} > 5', lastEvaluation: /^2/, alerts: [{ state: 'firing', value: '7e+00', labels: { alertname: 'hot', namespace: 'ns-a', pod: 'ns-a-pod', severity: 'critical' }, annotations: { summary: 'ns-a-pod at 7' }, ruleId: json.id }] })
    t.equal(json.alerts.length, 1)
    t.equal((await until('admin', `${v2alpha1}/alerts`, ({ json }) => json.total === 2)).json.items[0].ruleName, 'hot')
    t.match((await until('admin', `${v2alpha1}/rules/cold`, ({ json }) => isEvaluated(json))).json, { state: 'inactive', health: 'ok' })
    t.equal((await does('admin', 'GET', `${v2alpha1}/rules?state=firing`, 200)).json.total, 1)
  })

  await t.test('groups of all levels', async t => {
    const group = (kind: string, rules: unknown[]) => ({ apiVersion: 'alerting.kubesphere.io/v2beta1', kind, metadata: { name: 'warm', labels: { 'alerting.kubesphere.io/enable': 'true' } }, spec: { interval: '1s', rules } })
    const firing = { alert: 'warm', expr: 'sum by (pod, namespace) (heat) > 5', severity: 'warning', annotations: { summary: '{{ $labels.namespace }}' } }
    await does('alice', 'POST', `${groupsPath}/namespaces/ns-a/rulegroups`, 201, group('RuleGroup', [firing, { alert: 'waiting', expr: 'heat', for: '1h' }, { alert: 'off', expr: 'heat', disable: true }, { alert: 'cold', expr: 'heat < 5' }]))
    await does('admin', 'POST', `${groupsPath}/clusterrulegroups`, 201, group('ClusterRuleGroup', [firing]))
    await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 201, group('GlobalRuleGroup', [{ ...firing, clusterSelector: { inValues: ['host'] }, namespaceSelector: { inValues: ['ns-b', 'ns-c'] } }, { alert: 'elsewhere', expr: 'heat', clusterSelector: { matcher: { type: '=', value: 'other' } } }]))
    await until('admin', `${coreos}/namespaces/${monitoring}/prometheusrules?labelSelector=alerting.kubesphere.io/rule_level`, ({ json }) => json.items.length === 3)
    await operate()
    const { json } = await until('vera', `${v2beta1}/namespaces/ns-a/rulegroups/warm`, ({ json }) => json.status.rulesStats.firing === 1 && json.status.rulesStats.pending === 1 && isEvaluated(json.status) && json.status.rulesStatus.at(-1).health === 'ok')
    t.match(json.status, { rulesStats: { firing: 1, pending: 1, inactive: 1, disabled: 1 }, evaluationTime: /./, lastEvaluation: /^2/, rulesStatus: [{ state: 'firing', health: 'ok', activeAt: /^2/ }, { state: 'pending' }, { state: 'disabled', health: 'unknown' }, { state: 'inactive', health: 'ok' }] })
    t.match(json.status.rulesStatus[0].alerts, [{ labels: { namespace: 'ns-a', rule_level: 'namespace', rule_group: 'warm', rule_type: 'custom', alerttype: 'metric', severity: 'warning' }, annotations: { summary: 'ns-a' }, state: 'firing', value: '7e+00' }])
    for (const [who, path, pods] of [
      ['vera', '/namespaces/ns-a/alerts?state=firing', 'ns-a-pod'],
      ['admin', `/clusteralerts?label_matcher=${encodeURIComponent('{pod=~"ns-.*",severity="warning"}')}`, 'ns-a-pod,ns-b-pod'],
      ['admin', '/globalalerts', 'ns-b-pod'],
    ] as const) {
      const { json } = await until(who, v2beta1 + path, ({ json }) => json.totalItems > 0)
      t.equal(json.items.map(({ labels }: { labels: { pod: string } }) => labels.pod).sort().join(), pods, path)
    }
    const world = (await does('admin', 'GET', `${v2beta1}/globalrulegroups/warm`, 200)).json.status.rulesStatus
    const loaded = (await (await fetch(`${prometheus.url}/api/v1/rules`)).json() as { data: { groups: { rules: { query: string, labels: Record<string, string> }[] }[] } }).data.groups.flatMap(({ rules }) => rules).filter(({ labels }) => labels.rule_level === 'global')
    t.strictSame(world.map(({ expr }: { expr: string }) => expr), loaded.map(({ query }) => query), 'the expression shown is the one that Prometheus evaluates')
  })

  await t.test('built-in rules, from the objects and straight from Prometheus', async t => {
    const straight = (await does('admin', 'GET', `${v2alpha1}/builtin/rules?limit=100&name=hot`, 200)).json
    t.equal(straight.total, 2)
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/prometheuses`, 201, ruler('k8s'))
    const { json } = await until('admin', `${v2alpha1}/builtin/rules?limit=100&state=firing&name=hot`, ({ json }) => json.total === 1 && isEvaluated(json.items[0]))
    t.match(json.items[0], { query: 'heat > 5', state: 'firing', health: 'ok' })
    t.ok(straight.items.some(({ id }: { id: string }) => id === json.items[0].id), 'with the same id')
  })
})
