import t from 'tap'
import { selectors } from '../../../core/services/promql/index.js'
import { base, later, stage } from './stage.js'

// Every question is of another moment: none is answered from what an earlier one found.
let clock = later
const at = (): string => `time=${++clock}`

// What is asked of Prometheus. Conditions that a metric has whatever is asked stand first.
const asked: [path: string, promql: string][] = [
  ['/cluster?metrics_filter=cluster_cpu_total', 'sum(node:node_num_cpu:sum)'],
  ['/nodes?metrics_filter=node_cpu_total', 'node:node_num_cpu:sum{node=~".*"}'],
  ['/nodes?metrics_filter=node_cpu_total&resources_filter=n1%7Cn2%24', 'node:node_num_cpu:sum{node=~"n1|n2$"}'],
  ['/nodes/n1?metrics_filter=node_cpu_total&resources_filter=x', 'node:node_num_cpu:sum{node="n1"}'],
  ['/workspaces?metrics_filter=workspace_memory_usage%24', 'sum by (workspace) (namespace:container_memory_usage_bytes:sum{namespace!="",workspace=~".*",workspace!=""})'],
  ['/workspaces/ws-a?metrics_filter=workspace_memory_usage%24', 'sum by (workspace) (namespace:container_memory_usage_bytes:sum{namespace!="",workspace="ws-a"})'],
  ['/workspaces/ws-a/namespaces?metrics_filter=namespace_memory_usage%24&resources_filter=ns-a', 'namespace:container_memory_usage_bytes:sum{namespace!="",workspace="ws-a",namespace=~"ns-a"}'],
  ['/namespaces?metrics_filter=namespace_memory_usage%24', 'namespace:container_memory_usage_bytes:sum{namespace!="",namespace=~".*"}'],
  ['/namespaces/ns-a?metrics_filter=namespace_memory_usage%24&resources_filter=ns-b', 'namespace:container_memory_usage_bytes:sum{namespace!="",namespace="ns-a"}'],
  ['/namespaces/ns-a/workloads?metrics_filter=workload_memory_usage%24', 'namespace:workload_memory_usage:sum{namespace="ns-a",workload=~".*:(.*)"}'],
  ['/namespaces/ns-a/workloads/statefulset?metrics_filter=workload_memory_usage%24&resources_filter=db%7Cmq', 'namespace:workload_memory_usage:sum{namespace="ns-a",workload=~"StatefulSet:(db|mq)"}'],
  ['/namespaces/ns-a/workloads/job?metrics_filter=workload_memory_usage%24', 'namespace:workload_memory_usage:sum{namespace="ns-a",workload=~".*:(.*)"}'],
  ['/namespaces/ns-a/workloads/deployment?metrics_filter=daemonset_replica%24', 'label_join(sum by (namespace, owner_kind, workload) (label_join(label_replace(kube_daemonset_status_desired_number_scheduled{namespace="ns-a",daemonset!="",daemonset=~".*"}, "owner_kind", "DaemonSet", "", ""), "workload", "", "daemonset")), "workload", ":", "owner_kind", "workload")'],
  ['/namespaces/ns-a/pods/p1/containers?metrics_filter=container_memory_usage%24', 'sum by (namespace, pod, container) (container_memory_usage_bytes{container!="",container!="POD",image!="",job="kubelet",pod="p1",namespace="ns-a",container=~".*"})'],
  ['/namespaces/ns-a/pods/p1/containers/main?metrics_filter=container_memory_usage%24', 'sum by (namespace, pod, container) (container_memory_usage_bytes{container!="",container!="POD",image!="",job="kubelet",pod="p1",namespace="ns-a",container="main"})'],
  ['/namespaces/ns-a/persistentvolumeclaims?metrics_filter=pvc_bytes_used', 'max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes) * on (namespace, persistentvolumeclaim) group_left (storageclass) kube_persistentvolumeclaim_info{namespace="ns-a",persistentvolumeclaim=~".*"}'],
  ['/namespaces/ns-a/persistentvolumeclaims/data?metrics_filter=pvc_bytes_used', 'max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes) * on (namespace, persistentvolumeclaim) group_left (storageclass) kube_persistentvolumeclaim_info{namespace="ns-a",persistentvolumeclaim="data"}'],
  ['/storageclasses/local/persistentvolumeclaims?metrics_filter=pvc_bytes_used', 'max by (namespace, persistentvolumeclaim) (kubelet_volume_stats_used_bytes) * on (namespace, persistentvolumeclaim) group_left (storageclass) kube_persistentvolumeclaim_info{storageclass="local",persistentvolumeclaim=~".*"}'],
  ['/namespaces/ns-a/ingresses?metrics_filter=ingress_request_count', 'round(sum(increase(nginx_ingress_controller_requests{exported_namespace="ns-a",ingress=~".*"}[5m0s])))'],
  ['/namespaces/ns-a/ingresses/site?metrics_filter=5xx&job=j&pod=router&duration=1h30m', 'round(sum(increase(nginx_ingress_controller_requests{status=~"[5].*",exported_namespace="ns-a",ingress="site",job="j",controller_pod="router"}[1h30m0s])))'],
  ['/namespaces/ns-a/ingresses?metrics_filter=active&pod=router&duration=bad', 'sum(avg_over_time(nginx_ingress_controller_nginx_process_connections{state="active"}[5m0s]))'],
  ['/namespaces/ns-a/ingresses?metrics_filter=memory_bytes', 'avg(nginx_ingress_controller_nginx_process_resident_memory_bytes{})'],
  ['/namespaces/ns-a/ingresses?metrics_filter=ingress_request_count&duration=-90s', 'round(sum(increase(nginx_ingress_controller_requests{exported_namespace="ns-a",ingress=~".*"}[-1m30s])))'],
  ['/namespaces/kubesphere-system/ingresses?metrics_filter=ingress_request_count&duration=1.5s', 'round(sum(increase(nginx_ingress_controller_requests{ingress=~".*"}[1.5s])))'],
  ['/components/apiserver?metrics_filter=up', 'apiserver:up:sum'],
  ['/cluster?metrics_filter=hpa', 'sum(kube_horizontalpodautoscaler_labels) or sum(kube_hpa_labels)'],
]

// Conditions on pods and on their owners.
const pods: [path: string, owner: string, pod: string][] = [
  ['/pods?', '', ''],
  ['/pods?resources_filter=p', '', ''],
  ['/pods?namespaced_resources_filter=n1/p1%7Cn2/p.2%24', '', 'namespace=~"n1|n2",pod=~"p1|p\\\\.2"'],
  ['/pods?namespaced_resources_filter=p1', '', 'namespace=~"",pod=~""'],
  ['/namespaces/ns-a/pods?', '', 'pod=~".*",namespace="ns-a"'],
  ['/namespaces/ns-a/pods?resources_filter=p1%7Cp2%24&namespaced_resources_filter=ns-b/p', '', 'pod=~"p1|p2$",namespace="ns-a"'],
  ['/namespaces/ns-a/pods/p1?resources_filter=p2', '', 'pod="p1",namespace="ns-a"'],
  ['/namespaces/ns-a/workloads/deployment/web.x/pods?', 'owner_kind="ReplicaSet",owner_name=~"^web\\\\.x-[^-]{1,10}$"', 'pod=~".*",namespace="ns-a"'],
  ['/namespaces/ns-a/workloads/statefulset/db/pods?', 'owner_kind="StatefulSet",owner_name="db"', 'pod=~".*",namespace="ns-a"'],
  ['/namespaces/ns-a/workloads/daemonset/log/pods?', 'owner_kind="DaemonSet",owner_name="log"', 'pod=~".*",namespace="ns-a"'],
  ['/namespaces/ns-a/workloads/cronjob/x/pods?', '', 'pod=~".*",namespace="ns-a"'],
  ['/nodes/n1/pods?resources_filter=p', '', 'node="n1",pod=~"p"'],
  ['/nodes/n1/pods?namespaced_resources_filter=n1/p1', '', 'node="n1",pod=~".*",namespace=~"n1",pod=~"p1"'],
  ['/nodes/n1/pods/p1?', '', 'pod="p1",node="n1"'],
]
const podMemory = (owner: string, pod: string): string => `sum by (namespace, pod) (container_memory_usage_bytes{image!="",job="kubelet",pod!=""}) * on (namespace, pod) group_left (owner_kind, owner_name) kube_pod_owner{${owner}} * on (namespace, pod) group_left (node) kube_pod_info{${pod}}`

// Names and filters that want to be more than a value.
const hostile = ['x"} or up{namespace="ns-b', '.*"}#', 'a\\', 'a\\"} or vector(1) #', 'a\nb"}', '"', "'`{}[]()|,=~!$1", '\u0000\u2028𝒳', '{{namespace}}', '$node$pod', '<<pod>>', '%22%7D']

t.test('named metrics', async t => {
  let samples: [Record<string, string>, string][] = []
  const { get, ask, prometheus } = await stage(t, ({ text }) => text.includes('"("') ? 'no' : samples)

  for (const [path, promql] of [...asked, ...pods.map(([path, owner, pod]) => [`${path}&metrics_filter=pod_memory_usage%24`, podMemory(owner, pod)] as [string, string])]) {
    await t.test(path, async t => {
      prometheus.take()
      const { status, text } = await get(`${path}&${at()}`)
      t.equal(status, 200, text)
      t.strictSame(prometheus.take().map(({ text }) => text), [promql])
    })
  }

  await t.test('values stay values (P17)', async t => {
    const places: [path: (value: string) => string, label: string][] = [
      [value => `/namespaces/ns-a/pods?resources_filter=${value}&metrics_filter=pod_memory_usage%24`, 'pod'],
      [value => `/namespaces/ns-a/workloads?resources_filter=${value}&metrics_filter=workload_memory_usage%24`, 'workload'],
      [value => `/namespaces/ns-a/ingresses?job=${value}&metrics_filter=ingress_request_count`, 'job'],
      [value => `/namespaces/ns-a/ingresses?job=j&pod=${value}&metrics_filter=ingress_request_count`, 'controller_pod'],
      [value => `/nodes/${value}?metrics_filter=node_cpu_total`, 'node'],
      [value => `/namespaces/ns-a/pods/${value}?metrics_filter=pod_memory_usage%24`, 'pod'],
      [value => `/namespaces/ns-a/pods/p/containers/${value}?metrics_filter=container_memory_usage%24`, 'container'],
      [value => `/storageclasses/${value}/persistentvolumeclaims?metrics_filter=pvc_bytes_used`, 'storageclass'],
      [value => `/workspaces/${value}?metrics_filter=workspace_memory_usage%24`, 'workspace'],
    ]
    let passed = 0
    for (const [path, label] of places) {
      await get(`${path('harmless')}&${at()}`)
      const template = selectors(prometheus.take()[0]!.text)
      for (const value of hostile) {
        const { status } = await get(`${path(encodeURIComponent(value))}&${at()}`)
        const [question] = prometheus.take()
        if (status !== 200) { t.ok([400, 404].includes(status) && !question, `${label}: ${status} for value ${hostile.indexOf(value)}`); continue }
        let found
        try { found = selectors(question!.text) } catch (error) {
          t.match((error as Error).message, /error parsing regexp/, 'a broken expression is inside its literal')
          continue
        }
        t.strictSame(found.map(({ name, matchers }) => [name, matchers.map(one => one.label)]), template.map(({ name, matchers }) => [name, matchers.map(one => one.label)]), 'one value more or less, nothing else')
        t.ok(found.some(({ matchers }) => matchers.some(one => one.label === label && one.value.includes(value))), `${label} holds value ${hostile.indexOf(value)}`)
        passed++
      }
    }
    t.ok(passed > 60, `${passed} hostile values came to Prometheus as values`)
  })

  await t.test('nobody reads beyond what is theirs', async t => {
    for (const [who, path, status] of [
      ['alice', '/namespaces/ns-a?', 200], ['alice', '/namespaces/ns-b?', 403], ['alice', '/namespaces/ns-b/pods?', 403], ['alice', '/workspaces/ws-a?', 200], ['alice', '/workspaces/ws-b?', 403],
      ['alice', '/workspaces/ws-a/namespaces?', 200], ['alice', '/namespaces?', 403], ['alice', '/pods?', 403], ['alice', '/kubesphere?', 403], ['alice', '/diagnostics?', 403],
      ['alice', '/targets/query?expr=up', 403], ['alice', '/namespaces/ns-a/targets/query?expr=up', 200], ['alice', '/namespaces/ns-b/targets/query?expr=up', 403], ['', '/cluster?', 403],
      ['alice', '/namespaces/ns-b/pods?watch=true&labelSelector=kubesphere.io/workspace=ws-a', 403], ['alice', '/namespaces/ns-a/pods?watch=true&labelSelector=kubesphere.io/workspace=ws-a', 200],
      ['admin', '/diagnostics?', 200],
    ] as const) t.equal((await ask(who, 'GET', `${base}${path}`)).status, status, `${who} ${path}`)
  })

  await t.test('a value has all its figures, a label all its text', async t => {
    samples = [[{ node: 'n1', __name__: 'x', 'a"b': '<&>\\\n' }, '1e21'], [{}, 'NaN'], [{ node: 'n3' }, '+Inf'], [{ node: 'n4' }, '1.50e-7']]
    const { json, headers } = await get(`/nodes?metrics_filter=node_cpu_total&${at()}`)
    const figures = { min_value: '', max_value: '', avg_value: '', sum_value: '', fee: '', resource_unit: '', currency_unit: '' }
    t.match(headers['content-type'], /^application\/json/)
    t.strictSame(json.results, [{
      metric_name: 'node_cpu_total',
      data: {
        resultType: 'vector',
        result: [
          { metric: { node: 'n1', __name__: 'x', 'a"b': '<&>\\\n' }, value: [clock, '1000000000000000000000'], ...figures },
          { value: [clock, 'NaN'], ...figures },
          { metric: { node: 'n3' }, value: [clock, '+Inf'], ...figures },
          { metric: { node: 'n4' }, value: [clock, '0.00000015'], ...figures },
        ],
      },
    }])
    t.match((await get(`/nodes?metrics_filter=node_cpu_total&start=${later}&end=${later + 60}&step=1m`)).json.results[0].data, { resultType: 'matrix', result: [{ values: [[later, '1000000000000000000000'], [later + 60, '1000000000000000000000']] }] })
    samples = []
  })

  await t.test('a metric that fails says so, the others answer', async t => {
    const { status, json } = await get(`/nodes?metrics_filter=node_cpu_total%7Cnode_memory_total&resources_filter=(&${at()}`)
    t.equal(status, 200)
    t.strictSame(json, { results: [{ metric_name: 'node_cpu_total', data: {}, error: 'bad_data: no' }, { metric_name: 'node_memory_total', data: {}, error: 'bad_data: no' }] })
  })

  await t.test('of pods that are named, exactly those', async t => {
    samples = [[{ namespace: 'n1', pod: 'p1' }, '1'], [{ namespace: 'n1', pod: 'p2' }, '2'], [{ namespace: 'n2', pod: 'p2' }, '3'], [{ pod: 'p1' }, '4']]
    const left = async (path: string) => (await get(`${path}&metrics_filter=pod_memory_usage%24&${at()}`)).json.results[0].data.result?.map(({ metric }: { metric: Record<string, string> }) => `${metric.namespace}/${metric.pod}`)
    t.strictSame(await left('/pods?namespaced_resources_filter=n1/p1%7Cn2/p2%24'), ['n1/p1', 'n2/p2'])
    t.strictSame(await left('/nodes/n1/pods?namespaced_resources_filter=n1/p2'), ['n1/p2'])
    t.strictSame(await left('/namespaces/ns-a/pods?namespaced_resources_filter=n2/p2'), ['n2/p2'])
    t.strictSame(await left('/pods?namespaced_resources_filter=p1%7Cp2'), undefined)
    t.strictSame(await left('/pods?namespaced_resources_filter=undefined/p1'), undefined)
    samples = []
  })

  await t.test('people who look at the same page share its answers', async t => {
    prometheus.take()
    const page = '/nodes?metrics_filter=cpu%7Cmemory&resources_filter=shared'
    await Promise.all(['admin', 'alice', 'bob'].map(who => ask(who, 'GET', `${base}${page}`)))
    t.equal(prometheus.take().length, 7, 'asked once for three')
    await get(page)
    t.equal(prometheus.take().length, 7, 'and again for who looks again')
  })
})
