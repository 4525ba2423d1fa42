import t from 'tap'
import { coreos, monitoring, ruler, ruleServer, stage, v2alpha1 } from './stage.js'

const base = `${v2alpha1}/builtin`
const loaded = (name: string, more: object = {}) => ({ name, query: 'up  ==  0', duration: 300, labels: { severity: 'critical' }, annotations: { summary: 's' }, state: 'inactive', health: 'ok', evaluationTime: 0.1, lastEvaluation: '2026-01-01T00:00:00Z', ...more })
const firing = { state: 'firing', alerts: [{ state: 'firing', activeAt: '2026-01-01T00:00:00Z', labels: { pod: 'x' }, value: '1' }] }

t.test('rules that the platform brings', { timeout: 120_000 }, async t => {
  const server = await ruleServer(t)
  const { does, until } = await stage(t, { change: ({ alerting }) => { alerting.prometheusEndpoint = server.base } })
  server.loaded.push(
    { name: 'k8s', file: '/etc/prometheus/rules/kubesphere-monitoring-system-rules-0a1b.yaml', rules: [loaded('Down', firing), loaded('Slow')] },
    { name: 'k8s', file: '/etc/prometheus/rules/elsewhere-rules-0a1b.yaml', rules: [loaded('Other', { ...firing, state: undefined, health: undefined })] })

  await t.test('of a Prometheus that is not of this cluster', async t => {
    const { json } = await does('admin', 'GET', `${base}/rules?sort_field=name`, 200)
    t.match(json, { total: 3, items: [{ name: 'Down', query: 'up  ==  0', duration: '5m', state: 'firing', health: 'ok', labels: { severity: 'critical' }, annotations: { summary: 's' }, evaluationTime: 0.1 }, { name: 'Other', state: 'firing', health: 'unknown' }, { name: 'Slow', state: 'inactive' }] })
    const [{ id }] = json.items
    t.match(id, /^[0-9a-f]{16}$/)
    t.match((await does('admin', 'GET', `${base}/rules/${id}`, 200)).json, { id, name: 'Down', alerts: [{ ruleId: id, ruleName: 'Down', state: 'firing' }] })
    t.equal((await does('admin', 'GET', `${base}/rules/${id}/alerts`, 200)).json.total, 1)
    t.equal((await does('admin', 'GET', `${base}/rules/0000`, 404)).text, 'The alerting rule was not found\n')
    t.equal((await does('admin', 'GET', `${base}/alerts`, 200)).json.total, 2)
    t.equal((await does('admin', 'GET', `${base}/alerts?label_filters=pod%3Dy`, 200)).json.items, null)
  })

  await t.test('of the Prometheus of this cluster', async t => {
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/prometheuses`, 201, ruler('k8s', { ruleSelector: { matchLabels: { prometheus: 'k8s' } }, ruleNamespaceSelector: null }))
    await until('admin', `${base}/rules`, ({ json }) => json.total === 0)
    const rules = [{ alert: 'Down', expr: 'up == 0', for: '5m', labels: { severity: 'critical' }, annotations: { summary: 's' } }, { alert: 'New', expr: 'up > 1' }, { record: 'sum', expr: 'sum(up)' }]
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/prometheusrules`, 201, { metadata: { name: 'rules', labels: { prometheus: 'k8s' } }, spec: { groups: [{ name: 'k8s', rules }] } })
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/prometheusrules`, 201, { metadata: { name: 'others' }, spec: { groups: [{ name: 'k8s', rules }] } })
    const { json } = await until('admin', `${base}/rules?sort_field=name`, ({ json }) => json.total === 2)
    t.match(json.items, [{ name: 'Down', query: 'up == 0', duration: '5m', state: 'firing', health: 'ok' }, { name: 'New', state: 'inactive', health: 'unknown' }])
    t.equal((await does('admin', 'GET', `${base}/rules/${json.items[0].id}/alerts`, 200)).json.total, 1)
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/prometheuses`, 201, ruler('second'))
    t.equal((await until('admin', `${base}/rules`, ({ status }) => status === 500)).text, 'there is more than one prometheus custom resource in kubesphere-monitoring-system\n')
  })

  for (const who of ['alice', 'carol', '']) for (const path of ['/rules', '/alerts', '/rules/x', '/rules/x/alerts']) await does(who, 'GET', base + path, 403)
})
