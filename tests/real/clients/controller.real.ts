import t from 'tap'
import { apiOver, type KubeApi } from '../../helpers/kube-api.js'
import { normal } from '../../kube/normal.js'
import { configMap, mirrors } from './manifests.js'
import { normalText, sortManagers } from './normal.js'
import { programs, run, type RunOptions } from './program.js'
import { needs, startBoth, type Server } from './servers.js'
import { until } from '../../helpers/until.js'

needs(programs.controller)
const { real, embedded } = await startBoth(t)

const source = { labels: { mirror: 'source' } }
const forced = { ...source, annotations: { 'mirror/force': 'true' } }

async function prepare (api: KubeApi, namespace: string): Promise<string> {
  const at = `/api/v1/namespaces/${namespace}/configmaps`
  await api.call('POST', '/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } })
  await api.call('POST', '/apis/apiextensions.k8s.io/v1/customresourcedefinitions', mirrors)
  const mirror = { apiVersion: 'real.example.com/v1', kind: 'Mirror', metadata: { name: 'all' }, spec: {} }
  await until(async () => (await api.call('POST', `/apis/real.example.com/v1/namespaces/${namespace}/mirrors`, mirror)).status === 201, 'the definition')
  for (const name of ['a', 'b', 'c']) await api.call('POST', at, configMap(name, { word: `from ${name}` }, source))
  await api.call('POST', at, configMap('taken-copy', { word: 'mine' }))
  return at
}

/** What is done while the controller runs: each step once it has said what belongs to the one before. */
const steps = (api: KubeApi, at: string): [RegExp, () => Promise<unknown>][] => [
  [/^c: status/m, () => api.call('PATCH', `${at}/b`, { data: { word: 'changed', more: 'x' } }, { type: 'application/merge-patch+json' })],
  [/^b: {more/m, () => api.call('DELETE', `${at}/c`)],
  [/^c: gone/m, () => api.call('POST', at, configMap('taken', { word: 'theirs' }, source))],
  [/^taken: Conflict/m, () => api.call('PATCH', `${at}/taken`, { metadata: { annotations: forced.annotations } }, { type: 'application/merge-patch+json' })],
]

/** client-go tells of the new leader and begins to lead at the same time: either may be printed first. */
const inOrder = (lines: readonly string[]): string[] => [...lines.filter(line => /\bleader is\b/.test(line)), ...lines.filter(line => !/\bleader is\b/.test(line))]

async function story (server: Server, namespace: string, flags: readonly string[], env: Record<string, string>) {
  const api = apiOver(server.transport)
  const at = await prepare(api, namespace)
  const waiting = steps(api, at)
  const options: RunOptions = { env: { HOME: server.home, ...env }, onOutput: out => { while (waiting[0]?.[0].test(out)) void waiting.shift()![1]() } }
  const { code, out, err } = await run(programs.controller, ['--kubeconfig', server.kubeconfig, '--namespace', namespace, '--count', '7', ...flags], options)
  const left = await Promise.all([`${at}?labelSelector=mirror`, `${at}/taken-copy`, `/apis/real.example.com/v1/namespaces/${namespace}/mirrors/all`, `/apis/coordination.k8s.io/v1/namespaces/${namespace}/leases/mirror`]
    .map(async path => sortManagers(normal((await api.call('GET', path)).json, namespace))))
  return { code, out: inOrder(normalText(out).split('\n')), err: normalText(err.replace(/^[IWE]\d{4} [\d:.]+ +\d+ /gm, '')), left }
}

const ways = [
  { name: 'in JSON', namespace: 'json', flags: [], env: {} },
  { name: 'in protobuf', namespace: 'protobuf', flags: ['--protobuf'], env: {} },
  { name: 'with lists by watch', namespace: 'watch-list', flags: ['--protobuf'], env: { KUBE_FEATURE_WatchListClient: 'true' } },
]

for (const { name, namespace, flags, env } of ways) {
  t.test(`a controller of client-go does the same on both, ${name}`, async t => {
    const [expected, found] = await Promise.all([story(real, namespace, flags, env), story(embedded, namespace, flags, env)])
    t.equal(expected.code, 0, expected.err)
    t.match(expected.out.join('\n'), /taken: applied {word=THEIRS}/)
    t.same(found, expected)
  })
}
