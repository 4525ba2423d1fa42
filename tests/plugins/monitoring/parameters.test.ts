import t from 'tap'
import { later, stage } from './stage.js'

const cpu = 'metrics_filter=cluster_cpu_total%24'
const named = (path: string): string => `${path}?metrics_filter=${path.includes('namespaces') ? 'namespace' : 'cluster'}_cpu_usage%24`
const plainList = Array.from({ length: 60 }, (_, i) => `cluster_cpu_usage_${i}`).join('%7C')

// What is wrong is told in this order: times, the project, the page.
const refused: [path: string, text: string][] = [
  [`/cluster?${cpu}&start=abc&end=def`, 'strconv.ParseInt: parsing "abc": invalid syntax'],
  [`/cluster?${cpu}&start=1&end=1.5`, 'strconv.ParseInt: parsing "1.5": invalid syntax'],
  [`/cluster?${cpu}&time=99999999999999999999`, 'strconv.ParseInt: parsing "99999999999999999999": value out of range'],
  [`/cluster?${cpu}&time=${'9'.repeat(5000)}`, `strconv.ParseInt: parsing "${'9'.repeat(5000)}": value out of range`],
  [`/cluster?${cpu}&time=%3Cb%3E`, 'strconv.ParseInt: parsing "&lt;b&gt;": invalid syntax'],
  [`/cluster?${cpu}&start=5`, "'time' and the combination of 'start' and 'end' are mutually exclusive."],
  [`/cluster?${cpu}&end=5&time=5`, "'time' and the combination of 'start' and 'end' are mutually exclusive."],
  [`/cluster?${cpu}&start=9&end=5`, "'start' must be before 'end'."],
  [`/cluster?${cpu}&start=9&end=5&step=1d`, 'time: unknown unit "d" in duration "1d"'],
  [`/cluster?${cpu}&start=5&end=9&step=10`, 'time: missing unit in duration "10"'],
  [`/cluster?${cpu}&start=5&end=9&step=abc`, 'time: invalid duration "abc"'],
  [`/cluster?${cpu}&start=5&end=9&step=-`, 'time: invalid duration "-"'],
  [`/cluster?${cpu}&start=5&end=9&step=.s`, 'time: invalid duration ".s"'],
  [`/cluster?${cpu}&start=5&end=9&step=9999999h`, 'time: invalid duration "9999999h"'],
  ['/namespaces/absent?start=9&end=5', "'start' must be before 'end'."],
  ['/namespaces/absent?sort_metric=x&page=0', 'namespaces "absent" not found'],
  ['/namespaces/absent/targets/query?expr=%28', 'namespaces "absent" not found'],
  ['/nodes?sort_metric=x&page=0&limit=0', "Invalid parameter 'page'."],
  ['/nodes?sort_metric=x&limit=-1', "Invalid parameter 'limit'."],
  ['/nodes?sort_metric=x&limit=1e3&start=1&end=2', "Invalid parameter 'limit'."],
  ['/cluster?sort_metric=x&limit=99999999999999999999', "Invalid parameter 'limit'."],
  [`/cluster?metrics_filter=${'(a%2B)'.repeat(100)}`, 'metrics_filter: an expression may have 256 characters, unless it is a list of names joined by |'],
  [`/nodes?resources_filter=${'(a%2B)'.repeat(100)}`, 'resources_filter: an expression may have 256 characters, unless it is a list of names joined by |'],
  ['/cluster?metrics_filter=([a-z_]%7B0%2C30%7D)%7B0%2C30%7Dx', 'metrics_filter: an expression may repeat a part 128 times'],
  ['/nodes?resources_filter=.%7B129%2C%7D', 'resources_filter: an expression may repeat a part 128 times'],
  ['/targets/labelsets?metric=up&start=1', 'required fields are missing: [metric, start, end]'],
  ['/targets/labelsets?start=1&end=2', 'required fields are missing: [metric, start, end]'],
  ['/targets/labelsets?metric=up&start=x&end=2', 'strconv.ParseInt: parsing "x": invalid syntax'],
  ['/namespaces/ns-a/targets/query?expr=sum%28', '1:5: parse error: unclosed left parenthesis'],
]

// The times that Prometheus is asked for.
const asked: [path: string, times: Record<string, string> | RegExp][] = [
  [`/cluster?${cpu}&time=1000`, { time: '1000' }],
  [`/cluster?${cpu}&time=%2B1001`, { time: '1001' }],
  [`/cluster?${cpu}&start=1000&end=1000&time=nonsense`, { start: '1000', end: '1000', step: '600' }],
  [`/cluster?${cpu}&start=-5&end=1000&step=1h30m`, { start: '-5', end: '1000', step: '5400' }],
  [`/cluster?${cpu}&start=0&end=1000&step=1.5s`, { start: '0', end: '1000', step: '1.5' }],
  [`/cluster?${cpu}&start=0&end=10000000&step=1s`, { start: '0', end: '10000000', step: '1' }],
  [`/cluster?${cpu}&start=0&end=1000&step=0`, { start: '0', end: '1000', step: '0' }],
  [`/cluster?${cpu}&start=0&end=1000&step=-1m`, { start: '0', end: '1000', step: '-60' }],
  [`/cluster?${cpu}`, /^\d{10}\.\d{1,3}$/],
  [`/cluster?${plainList}&${cpu}`, /^\d/],
  [`${named('/namespaces/ns-a')}&start=${later - 60}&end=${later}&step=30s`, { start: String(later - 60), end: String(later), step: '30' }],
  [`${named('/namespaces/ns-a')}&start=0&end=${later}&step=0`, { start: '0', end: String(later), step: '0' }],
]

t.test('parameters', async t => {
  const { get, kube, ask, prometheus } = await stage(t)
  for (const [path, text] of refused) {
    await t.test(`refuses ${path.slice(0, 120)}`, async t => {
      prometheus.take()
      const { status, headers, text: body } = await get(path)
      t.equal(status, 400)
      t.equal(body, `${text}\n`)
      t.match(headers, { 'content-type': 'text/plain; charset=utf-8', 'x-content-type-options': 'nosniff' })
      t.strictSame(prometheus.take(), [], 'nothing is asked')
    })
  }

  for (const [path, times] of asked) {
    await t.test(`asks for ${path.slice(0, 120)}`, async t => {
      prometheus.take()
      t.equal((await get(path)).status, 200)
      const [question] = prometheus.take()
      if (times instanceof RegExp) t.match(question?.times.time, times); else t.strictSame(question?.times, times)
    })
  }

  await t.test('nothing is asked for from before a project was there', async t => {
    const { metadata } = await kube.get({ group: '', version: 'v1', resource: 'namespaces', kind: 'Namespace', namespaced: false }, { name: 'ns-a' })
    const born = Date.parse(metadata.creationTimestamp ?? '') / 1000
    const start = async (path: string) => { prometheus.take(); await get(path); return prometheus.take()[0]?.times.start }
    const over = (from: number, to: number, step: string) => start(`${named('/namespaces/ns-a')}&start=${from}&end=${to}&step=${step}`)
    t.equal(await over(0, born + 1200, '10m'), String(born + 600), 'the first step strictly after it')
    t.equal(await over(0, born + 1201, '10m'), String(born + 1))
    t.equal(await over(0, born, '10m'), String(born), 'never beyond the end')
    t.equal(await over(born, born + 60, '10m'), String(born), 'a start at the very moment stays')
    t.ok(await over(0, born + 1, '1ns'), 'a step of nothing much takes no time')
    for (const times of [`time=${born - 1}`, `start=0&end=${born - 1}`]) {
      const { status, json } = await get(`/namespaces/ns-a?metrics_filter=none&${times}`)
      t.equal(status, 200)
      t.equal(json.results.length, 32, 'every name of the level, whatever the filter')
      t.strictSame(json.results[0], { metric_name: 'namespace_cpu_usage', data: {} })
      t.ok(json.results.some((one: { metric_name: string }) => one.metric_name.startsWith('meter_')))
      t.strictSame((await get(`/namespaces/ns-a/targets/query?expr=up&${times}`)).json, { data: {} })
    }
    t.strictSame((await get('/namespaces/ns-a/targets/labelsets?metric=up&start=0&end=5')).json, { data: null })
    t.match((await get(`${named('/namespaces/ns-a')}&time=${born}`)).json.results[0], { data: { resultType: 'vector' } })
  })

  await t.test('only JSON is there', async t => {
    for (const [accept, status] of [['application/json', 200], ['*/*', 200], ['text/html, application/json;q=0.5', 200], ['text/html,*/*;q=0.8', 200], ['', 200], ['application/*', 406], ['text/html', 406], ['application/yaml', 406]] as const) {
      t.equal((await ask('admin', 'GET', '/kapis/monitoring.kubesphere.io/v1alpha3/components/etcd', { headers: { accept } })).status, status, accept || 'none')
    }
  })

  await t.test('names that are left', async t => {
    const names = async (path: string): Promise<string[] | null> => (await get(path)).json.results?.map((one: { metric_name: string }) => one.metric_name) ?? null
    t.strictSame(await names('/cluster?metrics_filter=cpu_usage%7Cload1%24'), ['cluster_cpu_usage', 'cluster_load1'], 'found anywhere in the name; meters are not')
    t.strictSame(await names('/cluster?metrics_filter=%5Ecluster_(cpu%7Cmemory)_u.*n%24'), ['cluster_cpu_utilisation', 'cluster_memory_utilisation'])
    t.strictSame(await names('/components/scheduler'), ['scheduler_up_sum', 'scheduler_schedule_attempts', 'scheduler_schedule_attempt_rate', 'scheduler_e2e_scheduling_latency', 'scheduler_e2e_scheduling_latency_quantile'], 'in the order of the catalogue')
    for (const path of ['/cluster?metrics_filter=none', '/cluster?metrics_filter=(', '/cluster?metrics_filter=meter_', '/components/absent', '/components/__proto__', '/cluster?metrics_filter=a%7B2%2C1%7D', '/cluster?metrics_filter=(%3F%3Da)']) t.equal(await names(path), null, path)
  })

  await t.test('a hostile expression costs nobody else anything', async t => {
    const replies = await Promise.all(['(a%2B)%2B%24', '(c.*c.*)*%24', '((((c*)*)*)*)*%24', '(%3Fi)(cluster_%7Cclus%7Cter_)*x'].map(filter => get(`/cluster?metrics_filter=${filter}`)))
    t.strictSame(replies.map(({ status }) => status), [200, 200, 200, 200])
  })
})
