import t from 'tap'
import { catalogue } from '../../core/services/monitoring/catalogue.js'
import { holesOf, type MetricScope } from '../../core/services/monitoring/scope.js'
import { fill } from '../../core/services/monitoring/template.js'
import { namespaces } from '../../schemas/kube/builtin.js'
import { platform } from '../helpers/platform.js'
import { hasPrometheus, startPrometheus } from '../helpers/prometheus.js'

if (!hasPrometheus() && !process.env.CI) {
  t.plan(0, 'Prometheus is not installed here: run scripts/real/prometheus.mjs as root on Debian.')
  process.exit(0)
}

const base = '/kapis/monitoring.kubesphere.io/v1alpha3'
/** Projects are older than their samples. */
const at = Math.ceil(Date.now() / 60_000) * 60 + 3600
const hostile = ['x"} or up{namespace="ns-b', '.*"}#', '.*', '.*\\', 'a\nb', '|', '$1', '', '\u0000', "'`"]

/** A sample a minute over twenty minutes. */
const series = (name: string, labels: Record<string, string>, value: (minute: number) => number): string[] =>
  Array.from({ length: 21 }, (_, minute) => `${name}{${Object.entries(labels).map(([key, text]) => `${key}="${text}"`).join(',')}} ${value(minute)} ${at + minute * 60}`)

const projects = ['ns-a', 'ns-b']
const pods = projects.flatMap(namespace => ['one', 'two'].map(pod => ({ namespace, pod: `${pod}-${namespace}` })))
const samples = [
  ...['n1', 'n2'].flatMap((node, i) => series('node:node_num_cpu:sum', { node, role: 'worker' }, () => 4 * (i + 1))),
  ...pods.flatMap((pod, i) => series('container_memory_usage_bytes', { ...pod, image: 'x', job: 'kubelet', container: 'main' }, minute => 1e6 * (i + 1) + minute)),
  ...pods.flatMap(pod => series('kube_pod_info', { ...pod, node: 'n1' }, () => 1)),
  ...pods.flatMap(pod => series('kube_pod_owner', { ...pod, owner_kind: 'ReplicaSet', owner_name: 'web-5d9c' }, () => 1)),
  '# EOF', '',
].join('\n')

const named = (level: MetricScope['level'], text: string): MetricScope => ({
  level, node: text, workspace: text, namespace: text || 'ns-a', kind: 'deployment', workload: text, pod: text, container: text, persistentVolumeClaim: text, storageClass: text, ingress: text, resourcesFilter: '.*', namespacedResourcesFilter: `${text}/${text}`, job: text, controllerPod: text, application: { name: text, components: [text] }, service: { name: text, pods: [text] },
})

t.test('named metrics on a real Prometheus', { timeout: 240_000 }, async t => {
  const prometheus = await startPrometheus(t, samples)

  await t.test('it reads every expression, whatever the names', async t => {
    let read = 0
    for (const metric of [...catalogue.values()].flatMap(metrics => [...metrics.values()])) {
      const texts = new Set(hostile.flatMap(text => [fill(metric.template, holesOf(named(metric.level, text))), fill(metric.template, holesOf({ level: metric.level }))]))
      for (const query of texts) {
        const { status, error } = await prometheus.ask('query', { query, time: at })
        read++
        if (status !== 'success') t.fail(`${metric.name}: ${error}`)
      }
    }
    t.ok(read > 1_000, `${read} expressions`)
  })

  const { ask, kube } = await platform(t, config => { config.monitoring.endpoint = prometheus.url })
  for (const name of projects) await kube.create(namespaces, { metadata: { name } })
  const get = async (path: string) => (await ask('admin', 'GET', `${base}${path}`)).json

  await t.test('pages', async t => {
    const { results, ...page } = await get(`/nodes?metrics_filter=node_cpu_total&sort_metric=node_cpu_total&limit=1&time=${at}`)
    t.strictSame(page, { page: 1, total_page: 2, total_item: 2 })
    t.match(results[0].data.result, [{ metric: { __name__: 'node:node_num_cpu:sum', node: 'n2' }, value: [at, '8'] }])
  })

  await t.test('ranges', async t => {
    const [{ data }] = (await get(`/namespaces/ns-a/pods/one-ns-a?metrics_filter=pod_memory_usage%24&start=0&end=${at + 600}&step=5m`)).results
    t.strictSame(data.result[0].values, [[at, '1000000'], [at + 300, '1000005'], [at + 600, '1000010']])
    t.match((await get(`/cluster?metrics_filter=cluster_cpu_total&start=${at}&end=${at + 60}&step=0`)).results[0], { data: {}, error: /zero or negative query resolution step/ })
    t.match((await get(`/cluster?metrics_filter=cluster_cpu_total&start=0&end=${at}&step=1s`)).results[0], { data: {}, error: /exceeded maximum resolution of 11,000 points/ })
  })

  await t.test('a project sees what it has (P17)', async t => {
    let found = 0
    const filters = hostile.map(text => `/namespaces/ns-a/pods?resources_filter=${encodeURIComponent(text)}&metrics_filter=pod_memory_usage%24`)
    const expressions = ['{__name__=~".+"}', 'kube_pod_info{namespace=~".*"}', 'kube_pod_info or on () kube_pod_owner{namespace="ns-b"}', 'topk(scalar(count(kube_pod_info)), kube_pod_info)', 'max_over_time(kube_pod_info[10m:1m])', 'kube_pod_info @ end()', 'label_replace(kube_pod_info, "namespace", "ns-b", "pod", ".*")']
    for (const path of [...filters, ...expressions.map(text => `/namespaces/ns-a/targets/query?expr=${encodeURIComponent(text)}`)]) {
      const { results, ...metric } = await get(`${path}&time=${at}`)
      for (const { metric: labels = {} } of (results?.[0] ?? metric).data.result ?? []) {
        t.notMatch(labels.pod ?? '', /ns-b$/, path)
        found++
      }
    }
    t.ok(found > 10, `${found} series`)
  })

  await t.test('what it lacks', async t => {
    const { results } = await get('/diagnostics')
    t.ok(results.length > 200)
  })
})
