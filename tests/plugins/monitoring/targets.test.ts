import t from 'tap'
import { platform } from '../../helpers/platform.js'
import type { Told } from '../../helpers/stand-in-prometheus.js'
import { base, later, stage } from './stage.js'

let clock = later
const at = (): string => `time=${++clock}`

t.test('ad-hoc questions', async t => {
  let told: Told = [[{ __name__: 'up', job: 'x' }, '1']]
  const { get, prometheus } = await stage(t, () => told)
  const figures = { min_value: '', max_value: '', avg_value: '', sum_value: '', fee: '', resource_unit: '', currency_unit: '' }

  await t.test('a project is asked about itself alone', async t => {
    for (const [expression, sent] of [
      ['up', 'up{namespace="ns-a"}'],
      ['up{namespace=~".*"} + sum(down{namespace="ns-b"}) by (namespace)', 'up{namespace="ns-a"} + sum by (namespace) (down{namespace="ns-a"})'],
      ['topk(scalar(x), up offset 5m)', 'topk(scalar(x{namespace="ns-a"}), up{namespace="ns-a"} offset 5m)'],
      ['max_over_time(rate({__name__=~".+"}[5m])[1h:])', 'max_over_time(rate({__name__=~".+",namespace="ns-a"}[5m])[1h:])'],
    ]) {
      prometheus.take()
      t.equal((await get(`/namespaces/ns-a/targets/query?${at()}&expr=${encodeURIComponent(expression!)}`)).status, 200)
      t.strictSame(prometheus.take().map(({ text }) => text), [sent])
    }
    for (const expression of ['', 'up{', 'up) or (up', 'up{namespace="ns-a"} # } or', '{namespace="x"}']) {
      prometheus.take()
      const { status, text } = await get(`/namespaces/ns-a/targets/query?${at()}&expr=${encodeURIComponent(expression)}`)
      const sent = prometheus.take()
      t.ok(status === 400 ? sent.length === 0 && /parse error/.test(text) : sent.every(({ text }) => text.includes('namespace="ns-a"') && !text.includes('namespace="x"')), `${status} ${expression}`)
    }
  })

  await t.test('the cluster is asked as it is', async t => {
    prometheus.take()
    t.strictSame((await get(`/targets/query?${at()}&expr=up%7B`)).json, { data: { resultType: 'vector', result: [{ metric: { __name__: 'up', job: 'x' }, value: [clock, '1'], ...figures }] } })
    t.strictSame(prometheus.take().map(({ text }) => text), ['up{'])
    told = 'invalid parameter "query": 1:4: parse error'
    t.strictSame((await get(`/targets/query?${at()}&expr=`)).json, { data: {}, error: 'bad_data: invalid parameter "query": 1:4: parse error' })
    told = { raw: { status: 503, body: 'gone', type: 'text/html' } }
    t.strictSame((await get(`/targets/query?${at()}&expr=x`)).json, { data: {}, error: 'server_error: server error: 503' })
    told = { raw: { body: { status: 'success', data: { resultType: 'scalar', result: [1, '2'] } } } }
    t.strictSame((await get(`/targets/query?${at()}&expr=2`)).json, { data: { resultType: 'vector' } })
  })

  await t.test('label sets', async t => {
    told = [[{ __name__: 'up', job: 'x', instance: '1' }, ''], [{ __name__: 'up', job: 'y' }, '']]
    prometheus.take()
    const from = `start=${later}&end=`
    t.strictSame((await get(`/targets/labelsets?metric=up&${from}${later + 1}`)).json, { data: [{ job: 'x', instance: '1' }, { job: 'y' }] })
    t.strictSame((await get(`/namespaces/ns-a/targets/labelsets?metric=up%7Bnamespace%3D%22ns-b%22%7D&${from}${later + 2}`)).json, { data: [{ job: 'x', instance: '1' }, { job: 'y' }] })
    t.strictSame(prometheus.take().map(({ text }) => text), ['up', 'up{namespace="ns-a"}'])
    t.strictSame((await get(`/namespaces/ns-a/targets/labelsets?metric=up%7B&${from}${later + 3}`)).json, { data: null }, 'no selector: nothing is asked')
    t.strictSame(prometheus.take(), [])
    told = 'no'
    t.strictSame((await get(`/targets/labelsets?metric=up&${from}${later + 4}`)).json, { data: [] })
    told = []
    t.strictSame((await get(`/targets/labelsets?metric=up&${from}${later + 5}`)).json, { data: null })
  })

  await t.test('metadata', async t => {
    told = { raw: { body: { status: 'success', data: [{ target: {}, metric: 'up', type: 'gauge', help: 'h', unit: '' }, { target: {}, metric: 'up', type: 'counter', help: '' }, { target: {}, metric: 'x', type: '', help: '' }] } } }
    prometheus.take()
    t.strictSame((await get('/targets/metadata')).json, { data: [{ metric: 'up', type: 'gauge', help: 'h' }, { metric: 'x' }] })
    t.strictSame((await get('/namespaces/ns-a/targets/metadata')).json.data.length, 2)
    t.strictSame(prometheus.take().map(({ text }) => text), ['', '{namespace="ns-a"}'])
    told = 'no'
    t.strictSame((await get('/targets/metadata')).json, { data: null })
    t.strictSame((await get('/namespaces/absent/targets/metadata')).json, { data: null }, 'whether the project is there is not looked at')
  })
})

t.test('counts of objects', async t => {
  const { get, ask } = await stage(t)
  const counts = async (path: string) => Object.fromEntries((await get(path)).json.results.map(({ metric_name: name, data, error }: any) => [name, error ?? Number(data.result[0].value[1])]))
  t.strictSame(await counts('/kubesphere?time=nonsense'), { kubesphere_cluser_count: 1, kubesphere_workspace_count: 3, kubesphere_user_count: 3, kubesphere_app_template_count: 0 })
  const [{ data }] = (await get('/kubesphere')).json.results
  t.ok(Number.isInteger(data.result[0].value[0]) && Math.abs(data.result[0].value[0] - Date.now() / 1000) < 10)
  t.strictSame(Object.keys(data.result[0]).sort(), ['avg_value', 'currency_unit', 'fee', 'max_value', 'min_value', 'resource_unit', 'sum_value', 'value'])
  t.match(await counts('/workspaces/ws-a?type=statistics'), { workspace_namespace_count: 1, workspace_devops_project_count: 0, workspace_member_count: 1, workspace_role_count: 4 })
  const none = { workspace_namespace_count: 0, workspace_devops_project_count: 0, workspace_member_count: 0, workspace_role_count: 0 }
  t.strictSame(await counts('/workspaces/absent?type=statistics'), none)
  t.strictSame(await counts('/workspaces?type=statistics'), none)
  t.equal((await get('/workspaces/ws-a?type=statistics&time=x')).status, 400)
  t.match(await counts('/workspaces/a%20b?type=statistics'), { ...none, workspace_namespace_count: /./ })
  t.equal((await ask('alice', 'GET', `${base}/workspaces/ws-a?type=statistics`)).status, 200)
  t.equal((await ask('alice', 'GET', `${base}/workspaces/ws-b?type=statistics`)).status, 403)
  t.strictSame((await get(`/cluster?type=statistics&metrics_filter=cpu_total&${at()}`)).json.results.length, 1, 'of workspaces alone')
})

t.test('what this Prometheus cannot know', async t => {
  let names: Told = { raw: { body: { status: 'success', data: ['node:node_num_cpu:sum', 'kube_hpa_labels', 'up'] } } }
  const { get, prometheus } = await stage(t, () => names)
  prometheus.take()
  const { json } = await get('/diagnostics')
  const found = new Map(json.results.map((one: { metric_name: string }) => [one.metric_name, one]))
  t.strictSame(found.get('cluster_cpu_usage'), { metric_name: 'cluster_cpu_usage', level: 'cluster', unit: 'cores', meaning: 'CPUs that are busy', needs: [':node_cpu_utilisation:avg1m', 'node:node_num_cpu:sum'], absent: [':node_cpu_utilisation:avg1m'] })
  for (const name of ['cluster_cpu_total', 'node_cpu_total', 'etcd_server_total', 'cluster_hpa_count']) t.notOk(found.has(name), `${name} can be had`)
  await Promise.all(Array.from({ length: 20 }, () => get('/diagnostics')))
  t.strictSame(prometheus.take().map(({ kind }) => kind), ['label/__name__/values'], 'one question serves everybody for a while')
  names = 'no'
})

t.test('a Prometheus that fails', async t => {
  const { get } = await stage(t, () => 'no')
  t.strictSame((await get('/diagnostics')).json, { results: [], error: 'bad_data: no' })
})

t.test('without a Prometheus', async t => {
  const { ask } = await platform(t)
  const get = (path: string) => ask('admin', 'GET', base + path)
  for (const [path, json] of [
    ['/cluster?metrics_filter=cluster_cpu_total', { results: [{ metric_name: 'cluster_cpu_total', data: {} }] }],
    ['/nodes?metrics_filter=node_cpu_total&sort_metric=node_cpu_total', { results: [{ metric_name: 'node_cpu_total', data: {} }], page: 1 }],
    ['/cluster?metrics_filter=cluster_cpu_total&start=1&end=2', { results: [{ metric_name: 'cluster_cpu_total', data: {} }] }],
    ['/targets/query?expr=up', { data: {} }],
    ['/targets/metadata', { data: null }],
    ['/targets/labelsets?metric=up&start=1&end=2', { data: null }],
    ['/diagnostics', { results: [] }],
  ] as const) {
    const { status, headers, json: body } = await get(path)
    t.equal(status, 200, path)
    t.strictSame(body, json, path)
    t.equal(headers.warning, '299 - "no Prometheus is configured (monitoring.endpoint)"')
  }
  t.equal((await get('/cluster?time=x')).status, 400)
  const { headers, json } = await get('/kubesphere')
  t.equal(headers.warning, undefined, 'counts of objects need none')
  t.equal(json.results.length, 4)
  t.equal((await ask('', 'GET', '/kapis/config.kubesphere.io/v1alpha2/configs/configz')).json.monitoring, false)
})
