import { AppsV1Api, CoreV1Api, CustomObjectsApi, KubeConfig, KubernetesObjectApi, ListWatch, PatchStrategy, Watch, makeInformer, setHeaderOptions, type KubernetesObject, type V1ConfigMap } from '@kubernetes/client-node'
import t from 'tap'
import { normal } from '../../kube/normal.js'
import { configMap, deployment, pod } from './manifests.js'
import { normalText, sortManagers } from './normal.js'
import { needs, startBoth, type Server } from './servers.js'
import { until } from '../../helpers/until.js'

needs()
const { real, embedded } = await startBoth(t)
const namespace = 'node'

function clientsOf (server: Server) {
  const config = new KubeConfig()
  config.loadFromFile(server.kubeconfig)
  return { config, core: config.makeApiClient(CoreV1Api), apps: config.makeApiClient(AppsV1Api), custom: config.makeApiClient(CustomObjectsApi), objects: KubernetesObjectApi.makeApiClient(config) }
}
type Clients = ReturnType<typeof clientsOf>

const type = (strategy: string) => setHeaderOptions('Content-Type', strategy)
const labelled = (name: string, data: Record<string, string>) => configMap(name, data, { labels: { kept: 'yes' } }) as V1ConfigMap

/** Waits for what is seen to have so many entries. */
const filled = (seen: readonly unknown[], count: number) => until(() => seen.length >= count, `${count} events`)

async function watched ({ config, core }: Clients) {
  const seen: string[] = []
  const controller = await new Watch(config).watch(`/api/v1/namespaces/${namespace}/configmaps`, { labelSelector: 'kept=yes', allowWatchBookmarks: true }, (phase, object: KubernetesObject) => { if (phase !== 'BOOKMARK') seen.push(`${phase} ${object.metadata?.name ?? ''}`) }, () => {})
  await filled(seen, 1)
  await core.createNamespacedConfigMap({ namespace, body: labelled('late', { a: '1' }) })
  await core.deleteNamespacedConfigMap({ namespace, name: 'late' })
  await filled(seen, 3)
  controller.abort()
  return seen
}

async function informed ({ config, core }: Clients) {
  const seen: string[] = []
  const informer = makeInformer(config, `/api/v1/namespaces/${namespace}/configmaps`, () => core.listNamespacedConfigMap({ namespace, labelSelector: 'kept=yes' }), 'kept=yes')
  for (const verb of ['add', 'update', 'delete'] as const) informer.on(verb, (object: V1ConfigMap) => { seen.push(`${verb} ${object.metadata?.name ?? ''} ${JSON.stringify(object.data)}`) })
  await informer.start()
  await filled(seen, 1)
  await core.patchNamespacedConfigMap({ namespace, name: 'a', body: { data: { b: '2' } } }, type(PatchStrategy.MergePatch))
  await filled(seen, 2)
  await core.createNamespacedConfigMap({ namespace, body: labelled('z', { z: '1' }) })
  await filled(seen, 3)
  await core.deleteNamespacedConfigMap({ namespace, name: 'z' })
  await filled(seen, 4)
  await informer.stop()
  return { seen, cache: (informer as unknown as ListWatch<V1ConfigMap>).list().map(({ metadata }) => metadata?.name) }
}

const apply = (fieldManager: string, body: unknown, force = false) => ({ core }: Clients) =>
  core.patchNamespacedConfigMap({ namespace, name: 'applied', body, fieldManager, force }, type(PatchStrategy.ServerSideApply))

/** What is done, in order; each answer, or error, is compared. */
const acts: readonly (readonly [string, (clients: Clients) => Promise<unknown>])[] = [
  ['creates a namespace', ({ core }) => core.createNamespace({ body: { metadata: { name: namespace } } })],
  ['creates', ({ core }) => core.createNamespacedConfigMap({ namespace, body: labelled('a', { a: '1' }) })],
  ['creates again', ({ core }) => core.createNamespacedConfigMap({ namespace, body: labelled('a', { a: '1' }) })],
  ['creates what is not valid', ({ core }) => core.createNamespacedConfigMap({ namespace, body: configMap('A B', {}) as V1ConfigMap })],
  ['reads', ({ core }) => core.readNamespacedConfigMap({ namespace, name: 'a' })],
  ['reads what is not there', ({ core }) => core.readNamespacedConfigMap({ namespace, name: 'missing' })],
  ['lists', ({ core }) => core.listNamespacedConfigMap({ namespace, labelSelector: 'kept' })],
  ['lists a page', ({ core }) => core.listNamespace({ limit: 2 })],
  ['watches', watched],
  ['keeps an informer', informed],
  ['replaces', ({ core }) => core.replaceNamespacedConfigMap({ namespace, name: 'a', body: labelled('a', { a: '2' }) })],
  ['patches by JSON', ({ core }) => core.patchNamespacedConfigMap({ namespace, name: 'a', body: [{ op: 'replace', path: '/data/a', value: '3' }] })],
  ['patches strategically', ({ apps }) => apps.createNamespacedDeployment({ namespace, body: deployment() }).then(() => apps.patchNamespacedDeployment({ namespace, name: 'web', body: { spec: { template: { spec: { containers: [{ name: 'main', image: 'nginx:2' }] } } } } }, type(PatchStrategy.StrategicMergePatch)))],
  ['reads a scale', ({ apps }) => apps.readNamespacedDeploymentScale({ namespace, name: 'web' })],
  ['patches a scale', ({ apps }) => apps.patchNamespacedDeploymentScale({ namespace, name: 'web', body: { spec: { replicas: 4 } } }, type(PatchStrategy.MergePatch))],
  ['applies', apply('one', configMap('applied', { a: '1', b: '2' }))],
  ['applies against another', apply('two', configMap('applied', { a: '9' }))],
  ['applies by force', apply('two', configMap('applied', { a: '9' }), true)],
  ['applies less', apply('one', configMap('applied', { b: '2' }))],
  ['creates objects of any kind', ({ objects }) => objects.create({ ...pod('any'), metadata: { name: 'any', namespace } } as KubernetesObject)],
  ['reads objects of any kind', ({ objects }) => objects.read({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'any', namespace } })],
  ['patches objects of any kind', ({ objects }) => objects.patch({ apiVersion: 'v1', kind: 'Pod', metadata: { name: 'any', namespace, labels: { more: 'yes' } } } as KubernetesObject)],
  ['lists custom objects', ({ custom }) => custom.listClusterCustomObject({ group: 'apiextensions.k8s.io', version: 'v1', plural: 'customresourcedefinitions' })],
  ['deletes', ({ core }) => core.deleteNamespacedConfigMap({ namespace, name: 'a', propagationPolicy: 'Background' })],
  ['deletes many', ({ core }) => core.deleteCollectionNamespacedConfigMap({ namespace, labelSelector: 'kept' })],
  ['deletes the namespace', ({ core }) => core.deleteNamespace({ name: namespace })],
]

async function outcome (clients: Clients, act: (clients: Clients) => Promise<unknown>) {
  try {
    return sortManagers(normal(JSON.parse(JSON.stringify(await act(clients) ?? null, (key, value: unknown) => key === '_continue' ? '<continue>' : value)), namespace))
  } catch (error) {
    return { error: normalText((error as Error).message.replace(/Headers: .*/, '').replaceAll('\\"', '"')) }
  }
}

t.test('@kubernetes/client-node gets the same answers from both', async t => {
  const [one, other] = [clientsOf(real), clientsOf(embedded)]
  for (const [name, act] of acts) {
    const [expected, found] = await Promise.all([outcome(one, act), outcome(other, act)])
    t.same(found, expected, name)
  }
})
