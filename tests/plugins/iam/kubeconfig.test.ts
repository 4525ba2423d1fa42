import { generateKeyPairSync, X509Certificate } from 'node:crypto'
import { load } from 'js-yaml'
import t, { type Test } from 'tap'
import { Agent, request } from 'undici'
import { certificateRequest } from '../../../core/sdk/index.js'
import { configMaps, signingRequests, type ConfigMap, type SigningRequest } from '../../../schemas/kube/builtin.js'
import { cast, iam } from './cast.js'

const namespace = 'kubesphere-controls-system'
const maps = `/api/v1/namespaces/${namespace}/configmaps`
const requests = '/apis/certificates.k8s.io/v1/certificatesigningrequests'
const merge = { 'content-type': 'application/merge-patch+json' }

interface File {
  apiVersion: string
  kind: string
  clusters: { name: string, cluster: Record<string, string> }[]
  contexts: object[]
  'current-context': string
  users: { name: string, user: Record<string, string> }[] | null
}
type Platform = Awaited<ReturnType<typeof cast>>

const unreadable = { users: null } as File
function read ({ data }: ConfigMap): File {
  try { return load(data?.config ?? '') as File } catch { return unreadable }
}
const decode = (text: string | undefined): string => Buffer.from(text ?? '', 'base64').toString()
const isSigned = (file: File): boolean => file.users !== null

/** The kubeconfig of somebody, once it is as wanted. */
async function kubeconfigOf ({ until }: Platform, name: string, wanted: (file: File) => boolean = isSigned): Promise<{ file: File, map: ConfigMap }> {
  const { json } = await until('admin', `${maps}/kubeconfig-${name}`, ({ status, json }) => status === 200 && wanted(read(json as unknown as ConfigMap)))
  const map = json as unknown as ConfigMap
  return { file: read(map), map }
}

/** Kubernetes as the kubeconfig reaches it. */
function client (t: Test, { clusters, users }: File) {
  const [{ cluster = {} } = {}, { user = {} } = {}] = [clusters[0], users?.[0]]
  const dispatcher = new Agent({ connect: { ca: decode(cluster['certificate-authority-data']), cert: decode(user['client-certificate-data']), key: decode(user['client-key-data']) } })
  t.teardown(() => dispatcher.destroy())
  return async (method: string, path: string, body?: object) => {
    const answer = await request(`${cluster.server}${path}`, { method: method as 'GET', dispatcher, headers: { 'content-type': 'application/json' }, ...(body ? { body: JSON.stringify(body) } : {}) })
    return { status: answer.statusCode, json: await answer.body.json() as { status?: { userInfo?: object }, message?: string } }
  }
}

t.test('everybody has a kubeconfig, by which they are who they are', async t => {
  const platform = await cast(t)
  const { does, kube } = platform
  const { file, map } = await kubeconfigOf(platform, 'alice')
  t.match(map.metadata, { labels: { 'kubesphere.io/username': 'alice' }, ownerReferences: [{ kind: 'User', name: 'alice', controller: true }] })
  t.match(file, {
    apiVersion: 'v1',
    kind: 'Config',
    preferences: {},
    clusters: [{ name: 'local', cluster: { server: /^https:\/\/127\.0\.0\.1:\d+$/ } }],
    contexts: [{ name: 'alice@local', context: { cluster: 'local', user: 'alice', namespace: 'default' } }],
    'current-context': 'alice@local',
    users: [{ name: 'alice' }],
  })
  const certificate = new X509Certificate(decode(file.users?.[0]?.user['client-certificate-data']))
  t.equal(certificate.subject, 'CN=alice', 'a name and no groups')
  const days = (Date.parse(certificate.validTo) - Date.now()) / 86_400_000
  t.ok(days > 29 && days <= 30, `it ends in ${days} days`)
  t.notMatch(await does('admin', 'GET', requests, 200).then(({ text }) => text), /private-key|PRIVATE KEY/)
  await platform.until('admin', `${requests}?labelSelector=kubesphere.io/username`, ({ json }) => (json.items as unknown[]).length === 0)

  const as = client(t, file)
  const facts: [string, string, number, object?][] = [
    ['GET', '/api/v1/namespaces/ns-a/configmaps', 200],
    ['POST', '/api/v1/namespaces/ns-a/configmaps', 201, { metadata: { name: 'from-alice' } }],
    ['GET', '/api/v1/namespaces/ns-b/configmaps', 403],
    ['GET', maps, 403],
    ['GET', '/api/v1/nodes', 403],
  ]
  t.match((await as('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {})).json, { status: { userInfo: { username: 'alice', groups: ['system:authenticated'] } } })
  for (const [method, path, status, body] of facts) t.equal((await as(method, path, body)).status, status, `alice ${method} ${path}`)
  t.equal((await client(t, (await kubeconfigOf(platform, 'admin')).file)('GET', '/api/v1/nodes')).status, 200, 'administrators of the platform are those of the cluster')

  await t.test('what changed by itself is put right', async t => {
    await kube.delete(configMaps, { name: 'kubeconfig-bob', namespace })
    t.equal((await client(t, (await kubeconfigOf(platform, 'bob')).file)('GET', '/api/v1/namespaces/ns-b/configmaps')).status, 200, 'a kubeconfig that was removed is made again')
    const { map } = await kubeconfigOf(platform, 'bob')
    await kube.update(configMaps, { ...map, data: { config: map.data!.config!.replace(/server: .*/, 'server: https://elsewhere.example.com') } })
    t.match((await kubeconfigOf(platform, 'bob', ({ clusters }) => clusters[0]?.cluster.server !== 'https://elsewhere.example.com')).file.users, file.users && [{ name: 'bob' }])
    for (const config of ['', '}{', 'users: 7']) {
      const { map } = await kubeconfigOf(platform, 'bob')
      await kube.update(configMaps, { ...map, data: { config } })
      t.ok(await kubeconfigOf(platform, 'bob', file => Array.isArray(file.users)), `instead of ${config || 'nothing'}`)
    }
  })

  await t.test('a disabled account has no credential', async () => {
    await does('admin', 'PATCH', `${iam.replace('/kapis', '/apis')}/users/dave`, 200, { status: { state: 'Disabled' } }, merge)
    await kubeconfigOf(platform, 'dave', ({ users }) => users === null)
    await does('admin', 'PATCH', `${iam.replace('/kapis', '/apis')}/users/dave`, 200, { status: { state: 'Active' } }, merge)
    await kubeconfigOf(platform, 'dave')
  })

  await t.test('it goes with the account, and is not for the next one of that name', async t => {
    const before = (await kubeconfigOf(platform, 'carol')).map
    await does('admin', 'DELETE', '/users/carol', 200)
    await platform.until('admin', `${maps}/kubeconfig-carol`, ({ status }) => status === 404)
    await kube.create(configMaps, { ...before, metadata: { name: 'kubeconfig-carol', namespace, labels: before.metadata.labels!, ownerReferences: [] } })
    await does('admin', 'POST', '/users', 200, { metadata: { name: 'carol' }, spec: { email: 'carol@example.com', password: 'P@88w0rd-Test' } })
    const { file } = await kubeconfigOf(platform, 'carol', file => isSigned(file) && JSON.stringify(file.users) !== JSON.stringify(read(before).users))
    t.equal(file.users?.[0]?.name, 'carol')
  })
})

t.test('only what this server has asked for is approved', async t => {
  const platform = await cast(t)
  const { does, kube } = platform
  await kubeconfigOf(platform, 'alice')
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
  const pem = (commonName: string, ...organizations: string[]) => Buffer.from(certificateRequest(privateKey, { commonName, organizations })).toString('base64')
  const foreign = (name: string, request: string, labels = {}): SigningRequest => ({ metadata: { name, labels }, spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] } })
  const labelled = { 'kubesphere.io/username': 'alice' }
  await kube.create(signingRequests, foreign('alice-csr-forged', pem('alice'), labelled))
  await kube.create(signingRequests, foreign('mallory', pem('mallory', 'team'), labelled))
  await t.rejects(kube.create(signingRequests, foreign('masters', pem('mallory', 'system:masters'), labelled)), { code: 403 })
  await kube.create(signingRequests, foreign('alice-csr-17', pem('alice', 'team'), labelled))
  await kube.delete(configMaps, { name: 'kubeconfig-alice', namespace })
  const { file } = await kubeconfigOf(platform, 'alice')
  t.notOk(new X509Certificate(decode(file.users?.[0]?.user['client-certificate-data'])).checkPrivateKey(privateKey))
  for (const name of ['alice-csr-forged', 'mallory']) t.notOk((await does('admin', 'GET', `${requests}/${name}`, 200)).json.status?.conditions, `${name} is nobody's to approve`)
  t.equal((await does('admin', 'GET', `${requests}/alice-csr-17`, 404)).status, 404, 'a name as ours is taken for what an earlier process has left, and goes')
})
