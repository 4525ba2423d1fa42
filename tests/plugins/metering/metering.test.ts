import t from 'tap'
import { password } from '../../helpers/platform.js'
import { later, stage } from '../monitoring/stage.js'
import type { Question } from '../../helpers/stand-in-prometheus.js'
import { defineKind } from '../../../schemas/kube/object.js'

const own = '/kapis/metering.kubesphere.io/v1alpha1'
const mine = '/kapis/tenant.kubesphere.io/v1alpha2'
const hour = 3600
const range = `start=${later - 3 * hour}&end=${later + 21 * hour}&step=4h`
const names = (level: string) => (json: { results: { metric_name: string }[] }): boolean => json.results.every(({ metric_name: name }) => name.startsWith(`meter_${level}_`))

const told = ({ text }: Question) => text.includes('pods_nothing') ? [] : [[{ namespace: 'ns-a', pod: 'p', workspace: 'ws-a', node: 'n', workload: 'Deployment:w' }, '2']] as const

t.test('meters', async t => {
  const { ask, prometheus, kube } = await stage(t, told)
  const get = async (who: string, path: string) => { prometheus.take(); return ask(who, 'GET', path) }

  for (const [path, level] of [
    ['/cluster', 'cluster'], ['/nodes', 'node'], ['/nodes/n', 'node'], ['/workspaces', 'workspace'], ['/workspaces/ws-a', 'workspace'], ['/workspaces/ws-a/namespaces', 'namespace'],
    ['/workspaces/ws-a/namespaces/ns-a', 'namespace'], ['/namespaces', 'namespace'], ['/namespaces/ns-a', 'namespace'], ['/namespaces/ns-a/workloads', 'workload'], ['/namespaces/ns-a/pods', 'pod'],
    ['/namespaces/ns-a/pods/p', 'pod'], ['/namespaces/ns-a/workloads/w/pods', 'pod'], ['/nodes/n/pods', 'pod'], ['/nodes/n/pods/p', 'pod'],
  ] as const) {
    const { status, json } = await get('admin', own + path)
    t.equal(status, 200, path)
    t.ok(names(level)(json), `${path}: meters of a ${level}`)
    t.ok(json.results.length >= 4 && json.results.every((metric: { data: { result: { resource_unit: string, fee: string }[] } }) => metric.data.result[0]?.resource_unit && metric.data.result[0]?.fee), `${path}: with their figures`)
  }

  await get('admin', `${own}/nodes/n?node=other&metrics_filter=meter_node_cpu`)
  t.ok(prometheus.take().every(({ text }) => text.includes('node="n"') && !text.includes('other')), 'the node of the path is the one that its caller may ask for')

  for (const [query, status, text] of [
    ['metrics_filter=nothing', 200, '{"results":null}'],
    ['metrics_filter=pod_cpu_usage$', 200, '{"results":null}'],
    ['start=1', 400, '&#39;time&#39; and the combination'],
    ['start=1&end=2&step=90m', 400, 'step should be integer hours\n'],
    [`start=0&end=${40 * 24 * hour}&step=2h`, 400, 'step should be larger than 24 hours\n'],
    ['sort_metric=meter_pod_cpu_usage&page=0', 400, 'Invalid parameter'],
    ['step=x&start=1&end=2', 400, 'time: invalid duration'],
  ] as const) {
    const answer = await get('admin', `${own}/namespaces/ns-a/workloads?${query}`)
    t.equal(answer.status, status, query)
    t.ok(answer.text.startsWith(text) || answer.text.replaceAll("'", '&#39;').startsWith(text), `${query}: ${answer.text}`)
  }

  t.test('a range', async t => {
    const { json } = await get('admin', `${own}/namespaces/ns-a/pods?metrics_filter=meter_pod_cpu&${range}`)
    const [asked, more] = prometheus.take()
    t.match(asked?.times, { start: String(later + hour), end: String(later + 21 * hour), step: String(hour) }, 'asked hour by hour, since the project was created (P40)')
    t.equal(more, undefined)
    const [{ data: { resultType, result: [value] } }] = json.results
    t.equal(resultType, 'matrix')
    t.equal(value.values.length, 6, 'told in steps of four hours')
    t.equal(value.sum_value, '42.0000000000')
    for (const times of ['time=5', `start=5&end=${5 + 4 * hour}&step=4h`]) {
      t.equal((await get('alice', `${own}/namespaces/ns-a/pods?${times}`)).text, '{"results":null}', times)
      t.equal((await get('alice', `${own}/namespaces/ns-a/pods?operation=export&${times}`)).text, 'no data', times)
      t.strictSame(prometheus.take(), [], 'what was before is another project\'s')
    }
    t.match((await get('admin', `${own}/namespaces?metrics_filter=meter_namespace_cpu&${range}`)).json.results[0].data.result[0], { sum_value: '48.0000000000' })
  })

  t.test('sorted and paged', async t => {
    const { json } = await get('admin', `${own}/namespaces/ns-a/pods?sort_metric=meter_pod_cpu_usage&page=1&limit=1`)
    t.match(json, { page: 1, total_page: 1, total_item: 1 })
  })

  t.test('as a file', async t => {
    const { status, headers, text } = await get('admin', `${own}/namespaces/ns-a/pods?operation=export&metrics_filter=meter_pod_cpu&${range}`)
    t.equal(status, 200)
    t.match(headers['content-type'], /^text\/plain/)
    t.match(headers, { 'content-disposition': 'attachment', 'x-content-type-options': 'nosniff' })
    t.equal(text.split('\n').filter(line => line.startsWith('meter_pod_cpu_usage,')).length, 7)
    t.equal((await get('admin', `${own}/namespaces/ns-a/pods?operation=export&metrics_filter=nothing`)).text, '{"results":null}')
  })

  t.test('what a project is made of', async t => {
    const namespaced = { namespaced: true }
    const labels = { app: 'w' }
    const template = { metadata: { labels }, spec: { containers: [{ name: 'c', image: 'i' }] } }
    await kube.create(defineKind('apps/v1', 'deployments', 'Deployment', namespaced), { metadata: { name: 'w', namespace: 'ns-a' }, spec: { selector: { matchLabels: labels }, template } } as never)
    await kube.create(defineKind('v1', 'pods', 'Pod', namespaced), { metadata: { name: 'p', namespace: 'ns-a', labels }, spec: template.spec } as never)
    await kube.create(defineKind('v1', 'services', 'Service', namespaced), { metadata: { name: 'svc', namespace: 'ns-a' }, spec: { selector: labels, ports: [{ port: 80 }] } } as never)
    const { json } = await get('admin', `${own}/namespaces/ns-a/services?services=svc|gone`)
    t.ok(names('service')(json))
    t.ok(prometheus.take().every(({ text }) => text.includes('pod=~"p"') && text.includes('"svc"')), 'a service is its pods')
    t.equal((await get('admin', `${own}/namespaces/ns-a/services`)).text, '{"results":null}')
    t.equal((await get('admin', `${own}/namespaces/ns-a/applications`)).text, '{"results":null}', 'no applications')
    t.equal((await get('admin', `${own}/namespaces/ns-a/openpitrixs`)).text, '{"results":null}', 'no releases')
    const { json: tree } = await get('alice', `${mine}/namespaces/ns-a/metering/hierarchy?time=${later}`)
    t.match(tree, { openpitrixs: null, apps: null, deployments: { w: { cpu_usage: 2, pods: { p: { cpu_usage: 2 } } } }, statefulsets: null, daemonsets: null })
    const long = { matchLabels: labels, matchExpressions: Array.from({ length: 3_000 }, (_, i) => ({ key: `k${i}`, operator: 'DoesNotExist' })) }
    await kube.create(defineKind('apps/v1', 'deployments', 'Deployment', namespaced), { metadata: { name: 'long', namespace: 'ns-a' }, spec: { selector: long, template } } as never)
    t.strictSame((await get('alice', `${mine}/namespaces/ns-a/metering/hierarchy?time=${later}`)).json, tree, 'a selector that cannot be read hides nothing else')
    t.equal((await get('alice', `${mine}/namespaces/ns-a/metering/hierarchy?namespace=ns-b`)).text, 'scope [Namespace] not allowed\n', 'the checks are about the project that is measured')
  })

  t.test('within what the caller may see', async t => {
    for (const [path, body] of [
      ['/apis/iam.kubesphere.io/v1alpha2/users', { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name: 'carl' }, spec: { email: 'carl@example.com', password } }],
      ['/kapis/iam.kubesphere.io/v1alpha2/namespaces/ns-a/members', [{ username: 'carl', roleRef: 'viewer' }]],
    ] as const) t.ok((await ask('admin', 'POST', path, { body })).status < 300, path)
    for (const [who, query, status, text, narrowed] of [
      ['admin', 'level=LevelCluster', 200],
      ['alice', 'level=LevelCluster', 400, 'scope [Cluster] not allowed\n'],
      ['alice', 'level=LevelCluster&namespace=ns-a', 400, 'scope [Cluster] not allowed\n'],
      ['alice', 'level=LevelNode&namespace=ns-a', 400, 'scope [Cluster] not allowed\n'],
      ['alice', 'level=LevelPod', 400, 'scope [Cluster] not allowed\n'],
      ['alice', 'level=LevelPod&node=n', 400, 'scope [Cluster] not allowed\n'],
      ['alice', `level=LevelPod&namespace=ns-a&time=${later + 1}`, 200, '', 'namespace="ns-a"'],
      ['alice', `level=LevelPod&namespace=ns-b&time=${later}`, 400, 'scope [Namespace] not allowed\n'],
      ['alice', `level=LevelPod&namespace=ns&time=${later}`, 400, 'scope [Namespace] not allowed\n'],
      ['alice', 'level=LevelWorkspace&workspace=ws-a', 200, '', 'workspace="ws-a"'],
      ['alice', 'level=LevelWorkspace&workspace=ws-b', 400, 'scope [Workspace] not allowed\n'],
      ['alice', 'level=LevelWorkspace', 200, '', 'workspace=~"ws-a"'],
      ['alice', 'level=LevelWorkspace&resources_filter=s-a', 200, '', 'workspace=~"ws-a"'],
      ['alice', 'level=LevelNamespace', 200, ''],
      ['carl', 'level=LevelNamespace', 200, '', 'namespace=~"ns-a"'],
      ['alice', 'level=LevelNamespace&workspace=ws-a', 200, '', 'workspace="ws-a"'],
      ['alice', 'level=LevelNamespace&workspace=ws-b', 200, ''],
      ['alice', 'level=LevelWorkload', 400, 'Parmameter [namespace] not found\n'],
      ['alice', 'level=LevelOf', 400, 'Parmameter [level] not found\n'],
      ['alice', '', 400, 'Parmameter [level] not found\n'],
      ['alice', `level=LevelWorkload&namespace=ns-a&kind=deployment&time=${later}`, 200, '', 'Deployment:'],
      ['alice', 'level=LevelPod&namespace=ns-a&time=5', 400, "'end' or 'time' must be after the namespace creation time.\n"],
      ['alice', 'level=LevelWorkspace&operation=export', 400, 'strconv.ParseInt'],
      ['admin', 'level=LevelPod&namespace=gone', 400, 'resource not found\n'],
    ] as const) {
      const answer = await get(who, `${mine}/metering?${query}`)
      t.equal(answer.status, status, `${who} ${query}: ${answer.text.slice(0, 100)}`)
      if (text) t.ok(answer.text.replaceAll('&#39;', "'").startsWith(text), `${who} ${query}: ${answer.text}`)
      const asked = prometheus.take()
      if (narrowed) t.ok(asked.length > 0 && asked.every(one => one.text.includes(narrowed)), `${who} ${query}: ${asked[0]?.text}`)
      else if (who === 'alice') t.equal(asked.length, 0, `${who} ${query}: nothing is asked`)
      if (who === 'alice') t.notOk(asked.some(one => /ns-b|ws-b/.test(one.text)), 'nothing of others')
    }
    const { json } = await get('alice', `${mine}/metering?level=LevelNamespace&workspace=ws-b`)
    t.ok(json.results.length > 0 && json.results.every(({ data }: { data: object }) => JSON.stringify(data) === '{"resultType":"vector"}'), 'nothing to see is nothing')
    t.equal((await get('alice', `${mine}/metering?level=LevelNamespace&workspace=ws-b&operation=export&${range}`)).text, 'no data')
  })

  t.test('who may', async t => {
    for (const [who, path, status] of [
      ['alice', `${own}/namespaces/ns-a/pods`, 200],
      ['alice', `${own}/namespaces/ns-b/pods`, 403],
      ['alice', `${own}/workspaces/ws-b`, 403],
      ['', `${own}/cluster`, 403],
      ['alice', `${mine}/metering/price`, 200],
      ['', `${mine}/metering/price`, 403],
    ] as const) t.equal((await get(who, path)).status, status, `${who || 'nobody'} ${path}`)
    t.strictSame((await get('alice', `${mine}/metering/price`)).json, { retention_day: '7d', currency: '' })
  })
})
