import t from 'tap'
import type { Reply } from '../../helpers/app.js'
import { coreos, groupsPath, monitoring, ruleServer, stage, v2beta1, type Group } from './stage.js'

const projectGroups = `${groupsPath}/namespaces/ns-a/rulegroups`
const shown = `${v2beta1}/namespaces/ns-a`
const enabled = { 'alerting.kubesphere.io/enable': 'true' }
const group = (kind: string, name: string, rules: unknown[], labels: object = enabled, more: object = {}) =>
  ({ apiVersion: 'alerting.kubesphere.io/v2beta1', kind, metadata: { name, labels }, spec: { rules, ...more } })
const rule = (id: string, more: object = {}) => ({ alert: `alert-${id}`, expr: 'up == 0', labels: { rule_id: id }, ...more })
const merge = { 'content-type': 'application/merge-patch+json' }
const namesOf = ({ json }: Reply): string => json.items.map(({ metadata }: { metadata: { name: string } }) => metadata.name).join()

t.test('groups are stored whole, and only where Prometheus would load them', { timeout: 120_000 }, async t => {
  const { does } = await stage(t)
  const workload = (more: object = {}) => ({ workload: { kind: 'Deployment', names: ['web'], comparator: '>', metricThreshold: { cpu: { usage: 0.8 } }, ...more } })

  await t.test('builders become expressions, rules get ids', async t => {
    for (const [name, exprBuilder, expr] of [
      ['one', workload(), 'namespace:workload_cpu_usage:sum{workload="Deployment:web"} > 0.8'],
      ['several', workload({ kind: 'statefulset', names: ['a', 'b.c'], comparator: '<=', metricThreshold: { memory: { usageWoCache: 2_000_000 } } }), 'namespace:workload_memory_usage_wo_cache:sum{workload=~"StatefulSet:(a|b\\\\.c)"} <= 2e+06'],
      ['quoted', workload({ names: ['x"} or {a="'], metricThreshold: { network: { receivedRate: 1 } } }), 'namespace:workload_net_bytes_received:sum_irate{workload="Deployment:x\\"} or {a=\\""} > 1'],
      ['replicas', workload({ kind: 'DaemonSet', metricThreshold: { replica: { unavailableRatio: 0.5 } } }), 'namespace:daemonset_unavailable_replicas:ratio{workload="DaemonSet:web"} > 0.5'],
    ] as const) {
      const { json } = await does('alice', 'POST', projectGroups, 201, group('RuleGroup', name, [{ alert: 'A', expr: 'ignored', exprBuilder }]))
      t.equal(json.spec.rules[0].expr, expr)
      t.match(json.spec.rules[0].labels.rule_id, /^[0-9a-f-]{36}$/)
    }
    const node = { node: { names: ['n1', 'n2'], comparator: '>=', metricThreshold: { disk: { inodeUtilization: 0.9, iopsRead: 1 } } } }
    t.equal((await does('admin', 'POST', `${groupsPath}/clusterrulegroups`, 201, group('ClusterRuleGroup', 'nodes', [{ alert: 'A', exprBuilder: node }]))).json.spec.rules[0].expr, 'node:disk_inode_utilization:ratio{node=~"(n1|n2)"} >= 0.9')
    const placed = { workload: { kind: 'Deployment', comparator: '>', metricThreshold: { cpu: { usage: 1 } }, names: [{ cluster: 'host', namespace: 'x', names: ['a', 'b'] }, { cluster: 'member', namespace: 'x', names: ['b'] }] } }
    t.match((await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 201, group('GlobalRuleGroup', 'placed', [{ alert: 'A', exprBuilder: placed }]))).json.spec.rules[0], {
      expr: 'namespace:workload_cpu_usage:sum{workload=~"Deployment:(a|b)"} > 1', clusterSelector: { inValues: ['host', 'member'] }, namespaceSelector: { inValues: ['x'] },
    })
  })

  await t.test('ids stay', async t => {
    const [before, after] = [(await does('alice', 'GET', `${projectGroups}/one`, 200)).json, (await does('alice', 'PATCH', `${projectGroups}/one`, 200, { metadata: { labels: { a: 'b' } } }, merge)).json]
    t.equal(after.spec.rules[0].labels.rule_id, before.spec.rules[0].labels.rule_id)
    t.equal(after.metadata.labels.a, 'b')
    const many = [{ alert: 'x', expr: 'up' }, { alert: 'y', expr: 'up' }, { alert: 'x', expr: 'up' }]
    const ids = ({ json }: Reply): string[] => json.spec.rules.map(({ labels }: { labels: Record<string, string> }) => labels.rule_id)
    const first = ids(await does('alice', 'POST', projectGroups, 201, group('RuleGroup', 'applied', many)))
    t.equal(new Set(first).size, 3)
    const [y, x, other, fresh] = ids(await does('alice', 'PATCH', `${projectGroups}/applied`, 200, { spec: { rules: [many[1], many[0], { alert: 'x', expr: 'up == 1', labels: { rule_id: first[0] } }, { alert: 'z', expr: 'up' }] } }, merge))
    t.strictSame([y, x, other], [first[1], first[2], first[0]], 'a rule without an id keeps that of its name')
    t.notOk(first.includes(fresh!))
    const put = (await does('alice', 'PUT', `${projectGroups}/one`, 200, { ...after, spec: { rules: [{ alert: 'New', expr: 1 }] } })).json
    t.match(put.spec.rules[0], { expr: 1, labels: { rule_id: /./ } })
    await does('alice', 'PUT', `${projectGroups}/one/status`, 200, { ...put, status: {} })
  })

  await t.test('what is refused, and stores nothing', async t => {
    const cases: [rules: unknown[], says: string, more?: object][] = [
      [Array.from({ length: 41 }, (_, i) => rule(`r${i}`)), 'spec.rules: the rule group has 41 rules, exceeding the max count (40)'],
      [[rule('x')], "spec.interval: invalid 'interval': 1x", { interval: '1x' }],
      [[rule('x')], "spec.partial_response_strategy: invalid 'partial_response_strategy': maybe: it must be abort or warn", { partial_response_strategy: 'maybe' }],
      [[rule('x', { alert: '' })], "spec.rules[0].alert: 'alert' cannot be empty"],
      [[rule('x'), { alert: 'A' }], "spec.rules[1].expr: one of 'expr' and 'exprBuilder.workload' must be set for a RuleGroup"],
      [[rule('x', { exprBuilder: workload({ comparator: '> 0 or secrets >' }) })], "spec.rules[0].expr: one of 'expr' and 'exprBuilder.workload' must be set for a RuleGroup"],
      [[rule('x', { exprBuilder: workload({ kind: 'Secret' }) })], "spec.rules[0].expr: one of 'expr' and 'exprBuilder.workload' must be set for a RuleGroup"],
      [[rule('x', { expr: 'sum(' })], 'spec.rules[0].expr: could not parse expression: 1:5: parse error: unclosed left parenthesis'],
      [[rule('x', { for: '5 minutes' })], "spec.rules[0].for: invalid 'for': 5 minutes"],
      [[rule('x', { labels: { 'a-b': 'c' } })], 'spec.rules[0].labels: invalid label name: a-b'],
      [[rule('x', { annotations: { 'a-b': 'c' } })], 'spec.rules[0].annotations: invalid annotation name: a-b'],
      [[rule('x', { labels: { a: '{{ end }}' } })], 'spec.rules[0].labels: label "a": template: 1: unexpected {{end}}'],
      [[rule('x', { annotations: { summary: '{{ query "up" | first }}' } })], 'spec.rules[0].annotations: annotation "summary": a template of a project\'s rule may not query'],
      [[rule('x', { annotations: Object.fromEntries(Array.from({ length: 10 }, (_, i) => [`part${i}`, 'y'.repeat(50_000)])) })], 'spec: the rule group is larger than 409600 bytes'],
      [[rule('x', { exprBuilder: null })], 'spec.rules[0].exprBuilder: Expected object'],
      [[rule('x', { labels: { a: 1 } })], 'spec.rules[0].labels.a: Expected string'],
      [[rule('x', { exprBuilder: { workload: 'x' } })], 'spec.rules[0].exprBuilder.workload: Expected object'],
    ]
    for (const [rules, says, more] of cases) t.equal((await does('alice', 'POST', projectGroups, 422, group('RuleGroup', 'bad', rules, enabled, more))).json.message, `RuleGroup.alerting.kubesphere.io "bad" is invalid: ${says}`)
    await does('alice', 'GET', `${projectGroups}/bad`, 404)
    await does('alice', 'PATCH', `${projectGroups}/one`, 422, { spec: { rules: [{ alert: 'A', expr: 'sum(' }] } }, merge)
    for (const [selector, says] of [
      [{ matcher: { type: '~', value: 'x' } }, 'matcher.type: unsupported match type [~]'],
      [{ matcher: { type: '=~', value: '(' } }, 'matcher.value: invalid matcher: error parsing regexp: missing closing ): `^(?:()$`'],
    ] as const) t.equal((await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 422, group('GlobalRuleGroup', 'bad', [rule('x', { clusterSelector: selector })]))).json.message, `GlobalRuleGroup.alerting.kubesphere.io "bad" is invalid: spec.rules[0].clusterSelector.${says}`)
  })

  await t.test('who may write where', async t => {
    for (const [who, method, path, status] of [
      ['vera', 'POST', projectGroups, 403], ['bob', 'POST', projectGroups, 403], ['carol', 'POST', projectGroups, 403],
      ['alice', 'POST', `${groupsPath}/namespaces/ns-b/rulegroups`, 403], ['alice', 'POST', `${groupsPath}/clusterrulegroups`, 403], ['alice', 'POST', `${groupsPath}/globalrulegroups`, 403],
      ['alice', 'POST', `${groupsPath}/namespaces/ns-a/clusterrulegroups`, 404],
    ] as const) await does(who, method, path, status, group(path.includes('cluster') ? 'ClusterRuleGroup' : path.includes('global') ? 'GlobalRuleGroup' : 'RuleGroup', 'mine', [rule('x')]))
    await does('alice', 'POST', projectGroups, 400, { ...group('RuleGroup', 'moved', [rule('x')]), metadata: { name: 'moved', namespace: 'ns-b' } })
    await does('alice', 'DELETE', `${projectGroups}/one`, 200)
  })
})

t.test('groups and alerts are shown with their states', { timeout: 120_000 }, async t => {
  let failing = false
  const server = await ruleServer(t, () => failing ? { status: 503, body: 'no' } : undefined)
  const { does, until } = await stage(t, { change: ({ alerting }) => { alerting.thanosRulerEndpoint = server.base } })
  const loaded = (id: string, level: string, more: object = {}, labels: object = {}) => ({ name: `alert-${id}`, query: level === 'namespace' ? `up{namespace="${(labels as { namespace?: string }).namespace ?? ''}"} == 0` : 'up == 0', duration: 0, labels: { rule_id: id, rule_level: level, ...labels }, health: 'ok', state: 'inactive', ...more })
  const alert = (pod: string, state: string, activeAt?: string) => ({ state, ...(activeAt ? { activeAt } : {}), labels: { alertname: 'x', pod, severity: pod === 'web-1' ? 'critical' : 'warning' }, annotations: { summary: pod }, value: '1e+00' })
  const inA = { namespace: 'ns-a' }
  server.loaded.push(...[
    { name: 'first', rules: [loaded('f1', 'namespace', { state: 'firing' }, { namespace: 'ns-b' })] },
    {
      name: 'first',
      rules: [
        loaded('f1', 'namespace', { state: 'firing', evaluationTime: 0.01, lastEvaluation: '2026-01-01T00:00:05.123456789Z', alerts: [alert('web-1', 'firing', '2026-01-01T00:00:04Z'), alert('Web-2', 'pending', '2026-01-01T00:00:02Z')] }, inA),
        loaded('f2', 'namespace', { health: 'err', lastError: 'it broke' }, inA),
      ],
      evaluationTime: 0.5,
      lastEvaluation: '2026-01-01T00:00:05.1Z'
    },
    { name: 'second', rules: [loaded('s1', 'namespace', { state: 'pending', alerts: [alert('db', 'pending', '2026-01-01T00:00:03Z'), alert('cache', 'pending')] }, inA)], evaluationTime: 2, lastEvaluation: '2026-01-01T00:00:04Z' },
    { name: 'nodes', rules: [loaded('n1', 'cluster', { state: 'firing', alerts: [alert('node', 'firing', '2026-01-01T00:00:01Z')] })] },
    { name: 'world', rules: [loaded('w1', 'global', { state: 'firing', query: 'up{cluster="host"} == 0', alerts: [alert('everywhere', 'firing', '2026-01-01T00:00:01Z')] })] },
    { name: 'platform', rules: [loaded('p1', 'global', { state: 'pending', alerts: [alert('shipped', 'pending', '2026-01-01T00:00:01Z')] })] },
  ] as Group[])
  await does('alice', 'POST', projectGroups, 201, group('RuleGroup', 'first', [rule('f1'), rule('f2'), rule('f3', { disable: true }), rule('f4')]))
  await does('alice', 'POST', projectGroups, 201, group('RuleGroup', 'second', [rule('s1')], { ...enabled, tier: 'db' }))
  await does('alice', 'POST', projectGroups, 201, group('RuleGroup', 'third', [rule('t1', { disable: true })], { tier: 'db' }))
  await does('alice', 'POST', projectGroups, 201, group('RuleGroup', 'empty', []))
  await does('bob', 'POST', `${groupsPath}/namespaces/ns-b/rulegroups`, 201, group('RuleGroup', 'first', [rule('f1')]))
  await does('admin', 'POST', `${groupsPath}/clusterrulegroups`, 201, group('ClusterRuleGroup', 'nodes', [rule('n1')]))
  await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 201, group('GlobalRuleGroup', 'world', [rule('w1', { clusterSelector: { inValues: ['host'] }, namespaceSelector: { inValues: ['a', 'b'] } }), rule('w2', { disable: true, clusterSelector: { matcher: { type: '!=', value: 'x' } } })]))
  await does('admin', 'POST', `${groupsPath}/globalrulegroups`, 201, group('GlobalRuleGroup', 'platform', [rule('p1')], { ...enabled, 'alerting.kubesphere.io/builtin': 'true' }))
  await until('admin', `${v2beta1}/globalrulegroups`, ({ json }) => json.totalItems === 2)
  await until('vera', `${shown}/rulegroups`, ({ json }) => json.totalItems === 4)

  await t.test('one group', async t => {
    const { json } = await does('vera', 'GET', `${shown}/rulegroups/first`, 200)
    t.match(json, { apiVersion: 'alerting.kubesphere.io/v2beta1', kind: 'RuleGroup', metadata: { name: 'first', namespace: 'ns-a' }, spec: { rules: [{ alert: 'alert-f1' }, {}, {}, {}] } })
    t.strictSame(json.status, {
      evaluationTime: 0.5,
      lastEvaluation: '2026-01-01T00:00:05.1Z',
      rulesStatus: [
        {
          state: 'firing',
          health: 'ok',
          evaluationTime: 0.01,
          lastEvaluation: '2026-01-01T00:00:05.123456789Z',
          activeAt: '2026-01-01T00:00:02Z',
          alerts: [
            { activeAt: '2026-01-01T00:00:04Z', annotations: { summary: 'web-1' }, labels: { alertname: 'x', pod: 'web-1', severity: 'critical' }, state: 'firing', value: '1e+00' },
            { activeAt: '2026-01-01T00:00:02Z', annotations: { summary: 'Web-2' }, labels: { alertname: 'x', pod: 'Web-2', severity: 'warning' }, state: 'pending', value: '1e+00' },
          ]
        },
        { state: 'inactive', health: 'err', lastError: 'it broke' },
        { state: 'disabled', health: 'unknown' },
        { state: 'inactive', health: 'unknown' },
      ],
      rulesStats: { inactive: 2, pending: 0, firing: 1, disabled: 1 },
    })
    t.strictSame((await does('vera', 'GET', `${shown}/rulegroups/empty`, 200)).json.status, { rulesStats: { inactive: 0, pending: 0, firing: 0, disabled: 0 } })
    const { text, headers } = await does('vera', 'GET', `${shown}/rulegroups/fourth`, 404)
    t.strictSame([text, headers['content-type']], ['rulegroup.alerting.kubesphere.io "fourth" not found\n', 'text/plain; charset=utf-8'])
    t.equal((await does('admin', 'GET', `${v2beta1}/clusterrulegroups/x`, 404)).text, 'clusterrulegroup.alerting.kubesphere.io "x" not found\n')
    t.equal((await does('bob', 'GET', `${v2beta1}/namespaces/ns-b/rulegroups/first`, 200)).json.status.rulesStats.firing, 1)
    const world = (await does('admin', 'GET', `${v2beta1}/globalrulegroups/world`, 200)).json.status.rulesStatus
    t.equal(world.length, 2)
    t.match(world[0], { expr: /cluster="host"/, state: 'firing' })
    t.match(world[0].expr, /namespace=~"\(a\|b\)"/)
    t.match(world[1], { expr: 'up{cluster!="x"} == 0', state: 'disabled', health: 'unknown' })
    t.equal((await does('admin', 'GET', `${v2beta1}/clusterrulegroups/nodes`, 200)).json.status.rulesStatus[0].expr, undefined)
  })

  await t.test('lists', async t => {
    for (const [path, names] of [
      ['sortBy=name&ascending=true', 'empty,first,second,third'],
      ['sortBy=name', 'third,second,first,empty'],
      ['sortBy=name&limit=1&page=2', 'second'],
      ['name=ir&sortBy=name', 'third,first'],
      ['labelSelector=tier%3Ddb&sortBy=name', 'third,second'],
      ['state=firing', 'first'],
      ['state=pending', 'second'],
      ['state=disabled&sortBy=name', 'third,first'],
      ['state=inactive', 'first'],
      ['state=nonsense', ''],
      ['state=rulesStats', ''],
      ['state=&sortBy=name&limit=1', 'third'],
      ['builtin=true', ''],
      ['nothing=x', ''],
      ['sortBy=evaluationTime&limit=2', 'second,first'],
      ['sortBy=lastEvalution&limit=2', 'first,second'],
      ['sortBy=evaluationTime&ascending=true&page=2&limit=2', 'first,second'],
      ['page=9&limit=10', ''],
    ] as const) t.equal(namesOf(await does('vera', 'GET', `${shown}/rulegroups?${path}`, 200)), names, path)
    t.strictSame((await does('vera', 'GET', `${shown}/rulegroups?sortBy=name&limit=1&page=2`, 200)).json.totalItems, 4)
    for (const [path, names] of [['builtin=true', 'platform'], ['builtin=false', 'world'], ['builtin=x', 'world'], ['sortBy=name', 'world,platform'], ['builtin=true&state=firing', '']] as const) t.equal(namesOf(await does('admin', 'GET', `${v2beta1}/globalrulegroups?${path}`, 200)), names, path)
    t.equal(namesOf(await does('admin', 'GET', `${v2beta1}/clusterrulegroups`, 200)), 'nodes')
  })

  await t.test('alerts', async t => {
    const pods = async (who: string, path: string) => (await does(who, 'GET', v2beta1 + path, 200)).json.items.map(({ labels }: { labels: { pod: string } }) => labels.pod).join()
    const matcher = (text: string) => `label_matcher=${encodeURIComponent(text)}&sortBy=activeAt`
    for (const [query, found] of [
      ['sortBy=activeAt', 'web-1,db,Web-2,cache'],
      ['sortBy=activeAt&ascending=true', 'cache,Web-2,db,web-1'],
      ['sortBy=activeAt&limit=2&page=2', 'Web-2,cache'],
      ['state=firing', 'web-1'],
      ['state=pending&sortBy=activeAt', 'db,Web-2,cache'],
      ['labelSelector=tier%3Ddb&state=firing', 'web-1'],
      ['label_filters=pod%3Dweb-1', 'web-1'],
      ['label_filters=pod~eb-', 'web-1,Web-2'],
      ['label_filters=pod~web', 'web-1'],
      ['label_filters=pod~eb-,severity%3Dwarning', 'Web-2'],
      ['label_filters=nonsense', 'web-1,Web-2,db,cache'],
      [matcher('{pod="db"}'), 'db'],
      [matcher('{pod=~"web.*|db"}'), 'web-1,db'],
      [matcher('{pod=~"web"}'), ''],
      [matcher('{pod!~"(?i)web.*",severity!="critical"}'), 'db,cache'],
      [matcher('{absent=""}'), 'web-1,db,Web-2,cache'],
      [matcher('{}'), 'web-1,db,Web-2,cache'],
      [matcher('other{pod="db"}'), ''],
      ['name=x', ''],
      ['builtin=true', ''],
      ['__proto__=x', ''],
    ] as const) t.equal(await pods('vera', `/namespaces/ns-a/alerts?${query}`), found, query)
    t.equal(await pods('admin', '/clusteralerts'), 'node')
    t.equal(await pods('admin', '/globalalerts'), 'shipped,everywhere')
    t.equal(await pods('admin', '/globalalerts?builtin=true'), 'shipped')
    t.equal(await pods('admin', '/globalalerts?builtin=no&state=firing'), 'everywhere')
    for (const text of ['{pod=', '{pod=~"("}', 'sum(up)', 'up[5m]', 'up offset 5m', '{pod="a"} or {pod="b"}', `{pod=~"${'a'.repeat(300)}"}`, '', '{a="b"} # x\n}']) {
      const { text: said } = await does('vera', 'GET', `${shown}/alerts?${matcher(text)}`, 400)
      t.match(said, /^invalid label_matcher param: ./, text)
    }
    await does('vera', 'GET', `${shown}/alerts?${matcher(`{pod=~"${'(a+)+'.repeat(20)}$"}`)}`, 200)
  })

  await t.test('who may look, and what is asked', async t => {
    for (const [who, path, status] of [
      ['bob', '/namespaces/ns-a/rulegroups', 403], ['carol', '/namespaces/ns-a/alerts', 403], ['', '/namespaces/ns-a/alerts', 403],
      ['alice', '/clusterrulegroups', 403], ['alice', '/clusteralerts', 403], ['alice', '/globalrulegroups', 403], ['alice', '/globalalerts', 403],
      ['admin', '/namespaces/ns-a/rulegroups/x/alerts', 404], ['admin', '/namespaces/ns-a/clusteralerts', 404],
    ] as const) await does(who, 'GET', v2beta1 + path, status)
    await does('admin', 'GET', `${shown}/alerts`, 406, undefined, { accept: 'text/html' })
    server.asked.length = 0
    await does('admin', 'GET', `${shown}/alerts`, 200)
    const [{ url, headers } = { url: new URL('x:'), headers: {} as Record<string, string> }] = server.asked
    t.strictSame([...url.searchParams], [['type', 'alert'], ['match[]', '{rule_level="namespace",namespace="ns-a"}']])
    t.equal(headers.authorization, undefined)
  })

  await t.test('what a rule found elsewhere is not shown in the project', async t => {
    const [, first] = server.loaded
    const own = first!.rules[0]!
    for (const forged of [{ query: 'up == 0' }, { query: 'up{namespace=~"ns-.*"} == 0' }, { query: 'up{namespace="ns-a"} or up' }, { query: 'no ( expression' }, { annotations: { a: '{{ query "up" }}' } }]) {
      first!.rules[0] = { ...own, ...forged }
      const { json } = await does('vera', 'GET', `${shown}/rulegroups/first`, 200)
      t.strictSame(json.status.rulesStatus[0], { state: 'inactive', health: 'unknown' }, JSON.stringify(forged))
      t.notOk((await does('vera', 'GET', `${shown}/alerts`, 200)).text.includes('web-1'))
    }
    first!.rules[0] = own
    t.equal((await does('vera', 'GET', `${shown}/alerts?state=firing`, 200)).json.totalItems, 1)
  })

  await t.test('a rule server that fails', async t => {
    failing = true
    const { text, headers } = await does('vera', 'GET', `${shown}/rulegroups`, 500)
    t.match(text, /^the rules cannot be read: .*503/)
    t.match(headers['content-type'], 'text/plain')
    t.notMatch(text, /127\.0\.0\.1/)
    failing = false
    server.loaded.push({ name: 'strange', rules: [{ name: 7 as never, query: 'x' }] })
    t.match((await does('vera', 'GET', `${shown}/rulegroups`, 500)).text, /bad_response/)
    server.loaded.pop()
    await does('vera', 'GET', `${shown}/rulegroups`, 200)
  })
  await does('admin', 'GET', `${coreos}/namespaces/${monitoring}/prometheusrules`, 200)
})
