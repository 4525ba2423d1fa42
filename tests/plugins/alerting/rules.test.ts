import t from 'tap'
import type { FileRule } from '../../../schemas/alerting/prometheus-operator.js'
import type { Reply } from '../../helpers/app.js'
import { coreos, monitoring, ruler, ruleServer, stage, v2alpha1 } from './stage.js'

const inA = `${v2alpha1}/namespaces/ns-a`
const rule = (name: string, query = 'up == 0', more: object = {}) => ({ name, query, labels: { severity: 'warning' }, ...more })
/** Annotations of so many characters in all, each as long as a template may be. */
const long = (size: number) => Object.fromEntries(Array.from({ length: size / 50_000 }, (_, i) => [`part${i}`, 'y'.repeat(50_000)]))
const notRuling = 'The request operation to custom alerting rule could not be done because thanos ruler is not enabled\n'
const namesOf = ({ json }: Reply): string => (json?.items ?? []).map(({ name, ruleName }: { name?: string, ruleName?: string }) => name ?? ruleName).join()

t.test('without a rule server every path says so', { timeout: 120_000 }, async t => {
  const { ask, does } = await stage(t)
  for (const [method, path] of [['GET', '/rules'], ['POST', '/rules'], ['PUT', '/rules/x'], ['DELETE', '/rules'], ['GET', '/namespaces/ns-a/rules'], ['GET', '/builtin/rules'], ['GET', '/nothing'], ['PATCH', '/x/y']] as const) {
    const { status, text } = await ask('admin', method, v2alpha1 + path, method === 'GET' || method === 'DELETE' ? {} : { body: {} })
    t.strictSame([status, text], [400, 'The alerting v2 API is not enabled\n'], `${method} ${path}`)
  }
  await does('admin', 'GET', '/kapis/alerting.kubesphere.io/v1/alerts', 404)
})

t.test('without the kinds of the operator there is no ruler', { timeout: 120_000 }, async t => {
  const { base } = await ruleServer(t)
  const { does } = await stage(t, { operator: false, change: ({ alerting }) => { alerting.thanosRulerEndpoint = base } })
  for (const [method, path, body] of [['GET', '/rules'], ['GET', '/alerts'], ['GET', '/rules/x'], ['POST', '/rules', rule('x')], ['PUT', '/rules/x', rule('x')], ['DELETE', '/rules/x'], ['POST', '/bulkrules', [rule('x')]], ['DELETE', '/rules?name=x']] as const) {
    t.equal((await does('admin', method, v2alpha1 + path, 400, body)).text, notRuling, `${method} ${path}`)
    t.equal((await does('alice', method, inA + path, 400, body)).text, notRuling, `${method} ${path}`)
  }
  t.strictSame((await does('admin', 'GET', `${v2alpha1}/builtin/rules`, 200)).json, { items: null, total: 0 })
})

t.test('rules of the cluster and of projects', { timeout: 180_000 }, async t => {
  const server = await ruleServer(t)
  const { ask, does, until } = await stage(t, {
    change: ({ alerting }) => {
      alerting.thanosRulerEndpoint = server.base
      alerting.thanosRuleResourceLabels = 'role=alert-rules, thanosruler=k8s'
    },
  })
  await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/thanosrulers`, 201, ruler('kubesphere', { ruleSelector: { matchLabels: { thanosruler: 'k8s' }, matchExpressions: [{ key: 'role', operator: 'In', values: ['alert-rules'] }] } }))
  await until('admin', `${v2alpha1}/rules`, ({ status }) => status === 200)
  const objects = async (namespace: string) => (await does('admin', 'GET', `${coreos}/namespaces/${namespace}/prometheusrules`, 200)).json.items

  await t.test('nothing to list is null', async t => {
    for (const path of [`${v2alpha1}/rules`, `${inA}/rules`, `${inA}/alerts`]) t.strictSame((await does('admin', 'GET', path, 200)).json, { items: null, total: 0 }, path)
    t.strictSame((await does('admin', 'POST', `${v2alpha1}/bulkrules`, 200, [])).json, { errors: false, items: null })
    t.strictSame((await does('admin', 'DELETE', `${v2alpha1}/rules`, 200)).json, { errors: false, items: null })
  })

  await t.test('what a rule may not be', async t => {
    const name = 'rule name must match regular expression ^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'
    const cases: [body: unknown, says: RegExp | string][] = [
      [{}, '[name can not be empty, query can not be empty]\n'],
      [null, '[name can not be empty, query can not be empty]\n'],
      [[], /the body cannot be read/],
      [{ ...rule('x'), labels: 'a' }, /the body cannot be read/],
      [{ ...rule('x'), labels: { a: 1 } }, /the body cannot be read/],
      [rule('X'), `${name}\n`],
      [rule('-x'), `${name}\n`],
      [rule('x', ''), 'query can not be empty\n'],
      [rule('x', 'sum('), /^query is invalid: sum\(: 1:5: parse error: /],
      [rule('x', 'up', { duration: '5' }), 'duration is invalid: 5: not a valid duration string: "5"\n'],
      [rule('x', 'up', { duration: '-1m' }), /^duration is invalid: -1m: /],
      [rule('x', 'up', { labels: { '1a': 'x' } }), /^label name \(1a\) is not valid/],
      [rule('x', 'up', { labels: { __name__: 'x' } }), /^label name \(__name__\) is not valid/],
      [rule('x', 'up', { labels: { a: '{{ if }}' } }), 'invalid label value: {{ if }}\n'],
      [rule('x', 'up', { annotations: { a: '{{ $nothing }}' } }), 'invalid annotation value: {{ $nothing }}\n'],
      [rule('x', 'up', { annotations: { a: 'y'.repeat(70_000) } }), /^invalid annotation value: y{1024}…\n$/],
      [rule('x', 'up', { annotations: { 'a-b': 'x' } }), 'invalid annotation name: a-b\n'],
      [rule('x', 'up', { annotations: long(500_000) }), 'the rule is larger than 471859 bytes\n'],
    ]
    for (const [body, says] of cases) {
      const { text } = await does('admin', 'POST', `${v2alpha1}/rules`, 400, JSON.stringify(body))
      if (typeof says === 'string') t.equal(text, says)
      else t.match(text, says)
    }
    t.strictSame(await objects(monitoring), [])
  })

  await t.test('what only a project\'s rule may not', async t => {
    for (const [more, says] of [
      [{ labels: { namespace: 'ns-b' } }, "label namespace of a project's rule must be ns-a\n"],
      [{ labels: { namespace: '{{ $labels.namespace }}' } }, "label namespace of a project's rule must be ns-a\n"],
      [{ labels: { rule_level: 'cluster' } }, "label rule_level of a project's rule must be namespace\n"],
      [{ annotations: { summary: '{{ with query "up{namespace=\'ns-b\'}" }}{{ . }}{{ end }}' } }, "a template of a project's rule may not query\n"],
    ] as const) t.equal((await does('alice', 'POST', `${inA}/rules`, 400, rule('x', 'up', more))).text, says)
  })

  await t.test('a rule is made, shown, changed and removed', async t => {
    const made = await does('admin', 'POST', `${v2alpha1}/rules`, 200, rule('first', 'up==0', { duration: '60s', annotations: { summary: '{{ $labels.job }} is down' } }))
    t.strictSame([made.text, made.headers['content-type']], ['', undefined])
    t.equal((await does('admin', 'POST', `${v2alpha1}/rules`, 409, rule('first'))).text, 'The alerting rule already exists\n')
    const shown = (await does('admin', 'GET', `${v2alpha1}/rules/first`, 200)).json
    t.match(shown, { id: /^[0-9a-f]{16}$/, name: 'first', query: 'up==0', duration: '60s', labels: { severity: 'warning', alerttype: 'metric', rule_id: shown.id }, annotations: { summary: '{{ $labels.job }} is down', rule_update_time: /^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/ }, state: 'inactive', health: 'unknown' })
    t.strictSame(Object.keys(shown).sort(), ['annotations', 'duration', 'health', 'id', 'labels', 'name', 'query', 'state'])
    const [object] = await objects(monitoring)
    t.match(object, { metadata: { name: /^custom-alerting-rule-/, labels: { role: 'alert-rules', thanosruler: 'k8s', 'custom-alerting-rule-level': 'cluster' } }, spec: { groups: [{ name: 'alerting.custom.defaults.0', rules: [{ alert: 'first', expr: 'up==0', for: '60s' }] }] } })
    t.strictSame((await does('admin', 'GET', `${v2alpha1}/rules/first/alerts`, 200)).json, { items: null, total: 0 })

    await does('admin', 'PUT', `${v2alpha1}/rules/first`, 200, rule('any', 'up < 1'))
    await does('admin', 'PUT', `${v2alpha1}/rules/first`, 400, rule('', 'up < 1'))
    await does('admin', 'PUT', `${v2alpha1}/rules/second`, 404, rule('second'))
    const [changed] = await objects(monitoring)
    t.match(changed.spec.groups, [{ name: 'alerting.custom.defaults.1', rules: [{ alert: 'first', expr: 'up < 1' }] }], 'it has moved to another group')
    t.equal(changed.spec.groups.length, 1)

    t.equal((await does('admin', 'DELETE', `${v2alpha1}/rules/second`, 404)).text, 'The alerting rule was not found\n')
    t.equal((await does('admin', 'DELETE', `${v2alpha1}/rules/first`, 200)).text, '')
    t.equal((await does('admin', 'GET', `${v2alpha1}/rules/first`, 404)).text, 'The alerting rule was not found\n')
    t.strictSame(await objects(monitoring), [], 'an object without rules is gone')
  })

  await t.test('a project\'s rule reads the project', async t => {
    for (const [name, query, stored] of [
      ['plain', 'up == 0', 'up{namespace="ns-a"} == 0'],
      ['theirs', 'sum(up{namespace="ns-b"}) > 1', 'sum(up{namespace="ns-a"}) > 1'],
      ['renamed', 'label_replace(up, "namespace", "ns-b", "", "")', 'label_replace(up{namespace="ns-a"}, "namespace", "ns-b", "", "")'],
    ] as const) {
      await does('alice', 'POST', `${inA}/rules`, 200, rule(name, query))
      const { json } = await does('alice', 'GET', `${inA}/rules/${name}`, 200)
      t.equal(json.query, stored)
      t.equal(json.labels.namespace, name === 'renamed' ? 'ns-a' : undefined)
      t.equal(json.labels.rule_id, `ns-a-${json.id}`)
    }
    t.match(await objects('ns-a'), [{ metadata: { labels: { 'custom-alerting-rule-level': 'namespace' } } }])
    t.strictSame((await does('admin', 'GET', `${v2alpha1}/rules`, 200)).json, { items: null, total: 0 })
    for (const [who, method, path, status] of [
      ['vera', 'GET', `${inA}/rules`, 200], ['vera', 'POST', `${inA}/rules`, 403], ['vera', 'DELETE', `${inA}/rules/plain`, 403],
      ['bob', 'GET', `${inA}/rules`, 403], ['bob', 'GET', `${inA}/rules/plain/alerts`, 403], ['carol', 'GET', `${inA}/alerts`, 403],
      ['alice', 'GET', `${v2alpha1}/rules`, 403], ['alice', 'GET', `${v2alpha1}/builtin/rules`, 403], ['alice', 'POST', `${v2alpha1}/rules`, 403], ['', 'GET', `${inA}/rules`, 403],
    ] as const) await does(who, method, path, status, method === 'POST' ? rule('z') : undefined)
    t.equal((await does('admin', 'GET', `${v2alpha1}/namespaces/nowhere/rules`, 500)).text, 'namespace "nowhere" not found\n')
    t.equal((await does('alice', 'DELETE', `${inA}/rules?name=plain&name=theirs&name=renamed`, 200)).json.errors, false)
    t.strictSame(await objects('ns-a'), [])
  })

  await t.test('many at once', async t => {
    const { json } = await does('alice', 'POST', `${inA}/bulkrules`, 200, [rule('b'), rule('twice'), rule('bad', 'sum('), rule('a'), rule('twice'), rule('c', 'up', { labels: null })])
    t.strictSame(json.items.map(({ ruleName, status, result, errorType }: Record<string, string>) => [ruleName, status, result ?? errorType]), [
      ['b', 'success', 'created'], ['twice', 'error', 'duplicate_name'], ['bad', 'error', 'bad_data'], ['a', 'success', 'created'], ['c', 'success', 'created'],
    ])
    t.equal(json.errors, true)
    t.equal(json.items[1].error, 'There is more than one rule named twice in the bulk request')
    const again = (await does('alice', 'POST', `${inA}/bulkrules`, 200, [rule('a', 'up > 1'), rule('d')])).json
    t.strictSame(again, { errors: false, items: [{ ruleName: 'a', status: 'success', result: 'updated' }, { ruleName: 'd', status: 'success', result: 'created' }] })
    t.equal((await does('alice', 'GET', `${inA}/rules/a`, 200)).json.query, 'up{namespace="ns-a"} > 1')
    const gone = (await does('alice', 'DELETE', `${inA}/rules?name=a&name=x&name=b&name=a`, 200)).json
    t.strictSame(gone, { errors: true, items: [{ ruleName: 'a', status: 'success', result: 'deleted' }, { ruleName: 'x', status: 'error', errorType: 'not_found' }, { ruleName: 'b', status: 'success', result: 'deleted' }] })
    t.equal((await does('alice', 'GET', `${inA}/rules`, 200)).json.total, 2)
    await does('alice', 'POST', `${inA}/bulkrules`, 400, Array.from({ length: 1001 }, (_, i) => rule(`r${i}`)))
    await does('alice', 'DELETE', `${inA}/rules?name=c&name=d`, 200)
  })

  await t.test('twenty to a group, and no object beyond its bound', async t => {
    await does('alice', 'POST', `${inA}/bulkrules`, 200, Array.from({ length: 45 }, (_, i) => rule(`r${i}`)))
    const [object] = await objects('ns-a')
    t.strictSame(object.spec.groups.map(({ name, rules }: { name: string, rules: unknown[] }) => [name, rules.length]), [['alerting.custom.defaults.0', 20], ['alerting.custom.defaults.1', 20], ['alerting.custom.defaults.2', 5]])
    const large = { annotations: long(200_000) }
    const { json } = await does('alice', 'POST', `${inA}/bulkrules`, 200, ['l1', 'l2', 'l3', 'l4', 'l5'].map(name => rule(name, 'up', large)))
    t.equal(json.errors, false)
    const sizes = (await objects('ns-a')).map(({ spec }: { spec: unknown }) => JSON.stringify(spec).length)
    t.equal(sizes.length, 3)
    t.ok(sizes.every((size: number) => size <= 471_859), String(sizes))
    await does('alice', 'PUT', `${inA}/rules/r0`, 200, rule('r0', 'up > 2', { annotations: long(300_000) }))
    t.equal((await does('alice', 'GET', `${inA}/rules?name=r0`, 200)).json.total, 1, 'what has no room moves to another object')
    t.equal((await does('alice', 'GET', `${inA}/rules?limit=100`, 200)).json.total, 50)
    await does('alice', 'DELETE', `${inA}/rules?${[...Array.from({ length: 45 }, (_, i) => `r${i}`), 'l1', 'l2', 'l3', 'l4', 'l5'].map(name => `name=${name}`).join('&')}`, 200)
    t.strictSame(await objects('ns-a'), [])
  })

  await t.test('two who make one rule at once', async t => {
    const replies = await Promise.all(Array.from({ length: 8 }, () => ask('alice', 'POST', `${inA}/rules`, { body: rule('raced') })))
    t.strictSame(replies.map(({ status }) => status).sort(), [200, ...Array<number>(7).fill(409)])
    const many = await Promise.all(Array.from({ length: 12 }, (_, i) => ask('alice', 'POST', `${inA}/rules`, { body: rule(`m${i}`) })))
    t.ok(many.every(({ status }) => status === 200))
    t.equal((await does('alice', 'GET', `${inA}/rules`, 200)).json.total, 13)
    await does('alice', 'DELETE', `${inA}/rules?name=raced${many.map((_, i) => `&name=m${i}`).join('')}`, 200)
  })

  await t.test('states, filters, order and pages', async t => {
    for (const [name, severity] of [['disk-full', 'critical'], ['cpu', 'warning'], ['memory', 'Critical'], ['idle', 'info']] as const) await does('alice', 'POST', `${inA}/rules`, 200, rule(name, 'up', { labels: { severity } }))
    const [object] = await objects('ns-a')
    const [group] = object.spec.groups
    const live: Record<string, object> = {
      'disk-full': { state: 'firing', health: 'ok', evaluationTime: 0.5, lastEvaluation: '2026-01-01T00:00:02.5Z', alerts: [{ state: 'firing', activeAt: '2026-01-01T00:00:01Z', labels: { alertname: 'disk-full', severity: 'critical', pod: 'A' }, annotations: {}, value: '1e+00' }, { state: 'pending', activeAt: '2026-01-01T00:00:03Z', labels: { pod: 'b' }, annotations: { summary: 's' }, value: '2' }] },
      cpu: { state: 'pending', health: 'err', lastError: 'it broke', evaluationTime: 0.25, lastEvaluation: '2026-01-01T00:00:01Z', alerts: [{ state: 'pending', activeAt: '2026-01-01T00:00:02Z', labels: { pod: 'ab' }, value: '3' }] },
      memory: { state: 'inactive', health: 'ok', evaluationTime: 1, lastEvaluation: '2026-01-01T00:00:09Z' },
    }
    server.loaded.push(
      { name: 'other', file: '/rules/ns-b-x.yaml', rules: [{ name: 'cpu', query: 'up', labels: {}, state: 'firing' }] },
      { name: group.name, file: `/etc/thanos/rules/thanos-ruler-rulefiles-0/ns-a-${object.metadata.name}-1234.yaml`, rules: group.rules.filter(({ alert }: FileRule) => live[alert!]).map(({ alert, expr, labels, annotations }: FileRule) => ({ name: alert, query: String(expr).replace('up{', 'up {'), duration: 0, labels: { ...labels, thanos_ruler_replica: 'r-0' }, annotations, ...live[alert!] })) })
    const listed = async (query: string) => namesOf(await does('vera', 'GET', `${inA}/rules?${query}`, 200))
    const one = (await does('vera', 'GET', `${inA}/rules/disk-full`, 200)).json
    t.match(one, { state: 'firing', health: 'ok', evaluationTime: 0.5, lastEvaluation: '2026-01-01T00:00:02.5Z', alerts: [{ state: 'firing', activeAt: '2026-01-01T00:00:01Z', labels: { pod: 'A' }, value: '1e+00', ruleId: one.id, ruleName: 'disk-full' }, { annotations: { summary: 's' } }] })
    t.equal(one.alerts[0].annotations, undefined)
    t.match((await does('vera', 'GET', `${inA}/rules/cpu`, 200)).json, { state: 'pending', health: 'err', lastError: 'it broke' })
    t.match((await does('vera', 'GET', `${inA}/rules/idle`, 200)).json, { state: 'inactive', health: 'unknown' })
    for (const [query, names] of [
      ['sort_field=name', 'cpu,disk-full,idle,memory'],
      ['sort_field=name&sort_type=desc', 'memory,idle,disk-full,cpu'],
      ['sort_field=evaluationTime&sort_type=asc', 'idle,cpu,disk-full,memory'],
      ['sort_field=lastEvaluation&sort_type=asc', 'cpu,disk-full,memory,idle'],
      ['sort_field=lastEvaluation&sort_type=desc', 'memory,disk-full,cpu,idle'],
      ['name=DISK', 'disk-full'],
      ['state=pending', 'cpu'],
      ['health=ok&sort_field=name', 'disk-full,memory'],
      ['label_filters=severity%3Dcritical', 'disk-full'],
      ['label_filters=severity~CRIT&sort_field=name', 'disk-full,memory'],
      ['label_filters=severity~crit,severity%3DCritical', 'memory'],
      ['label_filters=severity%3D,%3Dx,nothing&sort_field=name', 'cpu,disk-full,idle,memory'],
      ['label_filters=__proto__~x', ''],
      ['sort_field=__proto__&limit=1&sort_field=x', ''],
      ['sort_field=name&limit=2', 'cpu,disk-full'],
      ['sort_field=name&limit=2&page=2', 'idle,memory'],
      ['sort_field=name&limit=2&page=3', ''],
      ['sort_field=name&limit=-1&page=-1', 'cpu,disk-full,idle,memory'],
      ['sort_field=name&limit=x&page=x', 'cpu,disk-full,idle,memory'],
      ['limit=0', ''],
      ['limit=99999999999999999999999&page=9999999999999999999999&sort_field=name', 'cpu,disk-full,idle,memory'],
    ] as const) if (query.includes('__proto__&')) await does('vera', 'GET', `${inA}/rules?${query}`, 200); else t.equal(await listed(query), names, query)
    t.strictSame((await does('vera', 'GET', `${inA}/rules?limit=0`, 200)).json, { items: [], total: 4 })
    const alerts = async (query: string) => (await does('vera', 'GET', `${inA}/alerts?${query}`, 200)).json
    t.strictSame((await alerts('')).items.map(({ activeAt }: { activeAt: string }) => activeAt.slice(-3, -1)), ['03', '02', '01'])
    t.equal((await alerts('state=pending')).total, 2)
    t.equal((await alerts('label_filters=pod~a')).total, 2)
    t.equal((await alerts('limit=1&page=3')).items[0].labels.pod, 'A')
    t.equal((await does('vera', 'GET', `${inA}/rules/disk-full/alerts`, 200)).json.total, 2)
  })

  await t.test('what a rule found elsewhere is not shown in the project', async t => {
    const labels = { role: 'alert-rules', thanosruler: 'k8s', 'custom-alerting-rule-level': 'namespace' }
    const reads: [name: string, expr: string, annotations: Record<string, string>, state: string][] = [
      ['own', 'up{namespace="ns-a"} == 0', {}, 'firing'],
      ['all', 'up == 0', {}, 'inactive'],
      ['other', 'up{namespace="ns-b"}', {}, 'inactive'],
      ['half', 'up{namespace="ns-a"} or up', {}, 'inactive'],
      ['template', 'up{namespace="ns-a"}', { a: '{{ query "up" }}' }, 'inactive'],
    ]
    await does('alice', 'POST', `${coreos}/namespaces/ns-a/prometheusrules`, 201, { metadata: { name: 'forged', labels }, spec: { groups: [{ name: 'g', rules: reads.map(([alert, expr, annotations]) => ({ alert, expr, annotations })) }] } })
    server.loaded.push({ name: 'g', file: 'ns-a-forged-1.yaml', rules: reads.map(([name, query, annotations]) => ({ name, query, annotations, labels: {}, state: 'firing', alerts: [{ state: 'firing', labels: { secret: name }, value: '1' }] })) })
    await until('alice', `${inA}/rules/template`, ({ status }) => status === 200)
    for (const [name, , , state] of reads) t.equal((await does('alice', 'GET', `${inA}/rules/${name}`, 200)).json.state, state, name)
    t.strictSame((await does('alice', 'GET', `${inA}/alerts?label_filters=secret~`, 200)).json.items.flatMap(({ labels }: { labels: { secret?: string } }) => labels.secret ?? []), ['own'])
    await does('alice', 'DELETE', `${coreos}/namespaces/ns-a/prometheusrules/forged`, 200)
  })

  await t.test('a ruler that does not read the project', async t => {
    await does('admin', 'PATCH', `${coreos}/namespaces/${monitoring}/thanosrulers/kubesphere`, 200, { spec: { ruleNamespaceSelector: null } }, { 'content-type': 'application/merge-patch+json' })
    await until('alice', `${inA}/rules`, ({ json }) => json?.total === 0)
    t.match((await does('alice', 'POST', `${inA}/rules`, 400, rule('x'))).text, /does not read rules of namespace ns-a/)
    await does('admin', 'POST', `${v2alpha1}/rules`, 200, rule('x'))
    await does('admin', 'POST', `${coreos}/namespaces/${monitoring}/thanosrulers`, 201, ruler('second'))
    t.equal((await until('admin', `${v2alpha1}/rules`, ({ status }) => status === 500)).text, 'there is more than one thanosruler custom resource in kubesphere-monitoring-system\n')
  })
})
