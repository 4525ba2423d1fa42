// Kubeconfigs and roles of service accounts with a real kubectl: on a real Kubernetes, whose controller-manager signs, and on the embedded one.
import { execFile } from 'node:child_process'
import { generateKeyPairSync } from 'node:crypto'
import { existsSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { certificateRequest } from '../../core/sdk/index.js'
import { configMaps, signingRequests } from '../../schemas/kube/builtin.js'
import { cast } from '../plugins/iam/cast.js'
import { noCluster } from '../helpers/cluster.js'
import { temporaryFolder } from '../helpers/process.js'
import { programs } from './clients/program.js'

const { kubectl } = programs
const why = noCluster() ?? (existsSync(kubectl) ? undefined : 'kubectl has not been built: npm run test:real builds it')

async function check (t: Test): Promise<void> {
  const platform = await cast(t)
  const { kube, until, does } = platform
  const home = temporaryFolder(t)
  const namespace = 'kubesphere-controls-system'
  const maps = `/api/v1/namespaces/${namespace}/configmaps`

  async function as (name: string) {
    const { json } = await until('admin', `${maps}/kubeconfig-${name}`, ({ status, json }) => status === 200 && /client-certificate-data/.test(json.data.config as string))
    const file = join(home, name)
    writeFileSync(file, json.data.config as string, { mode: 0o600 })
    return (line: string) => new Promise<string>(resolve => {
      execFile(kubectl, ['--kubeconfig', file, '--cache-dir', join(home, `cache-${name}`), ...line.split(' ')], { env: { HOME: home, PATH: process.env.PATH } }, (_error, out, err) => { resolve(out + err) })
    })
  }

  const facts: [string, string, RegExp][] = [
    ['alice', 'auth whoami', /Username +alice\n.*Groups +\[system:authenticated\]/s],
    ['alice', 'create configmap mine -n ns-a --from-literal=a=b', /configmap\/mine created/],
    ['alice', 'get configmap mine -n ns-a -o jsonpath={.data.a}', /^b$/],
    ['alice', 'get configmaps -n ns-b', /Forbidden.*User "alice" cannot list/],
    ['alice', `get configmaps -n ${namespace}`, /Forbidden/],
    ['carol', 'get namespaces', /Forbidden.*User "carol"/],
    ['admin', 'get namespaces -o name', /namespace\/ns-b/],
    ['admin', 'get csr', /No resources found/],
    ['admin', `get deployment kubectl-admin -n ${namespace} -o name`, /deployment.apps\/kubectl-admin/],
  ]
  for (const [who, line, wanted] of facts) t.match(await (await as(who))(line), wanted, `${who}: kubectl ${line}`)

  await t.test('requests of others wait', async t => {
    const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' })
    const request = Buffer.from(certificateRequest(privateKey, { commonName: 'alice' })).toString('base64')
    await kube.create(signingRequests, { metadata: { name: 'forged', labels: { 'kubesphere.io/username': 'alice' } }, spec: { request, signerName: 'kubernetes.io/kube-apiserver-client', usages: ['client auth'] } })
    await kube.delete(configMaps, { name: 'kubeconfig-alice', namespace })
    t.match(await (await as('alice'))('auth whoami'), /alice/, 'a new certificate is as good as the old one')
    t.match(await (await as('admin'))('get csr'), /^forged .*Pending\n$/m)
  })

  await t.test('a service account has its role, once', async t => {
    const bindings = '/apis/rbac.authorization.k8s.io/v1/namespaces/ns-a/rolebindings?labelSelector=iam.kubesphere.io/serviceaccount-ref=robot'
    await does('alice', 'POST', '/api/v1/namespaces/ns-a/serviceaccounts', 201, { metadata: { name: 'robot', annotations: { 'iam.kubesphere.io/role': 'viewer' } } })
    const { json } = await until('admin', bindings, ({ json }) => json.items.length === 1)
    await does('alice', 'PATCH', '/api/v1/namespaces/ns-a/serviceaccounts/robot', 200, { metadata: { labels: { a: 'b' } } }, { 'content-type': 'application/merge-patch+json' })
    t.match(await (await as('admin'))('auth can-i list pods -n ns-a --as system:serviceaccount:ns-a:robot'), /yes/)
    t.equal((await until('admin', bindings, () => true)).json.items[0].metadata.uid, json.items[0].metadata.uid)
    await does('alice', 'DELETE', '/api/v1/namespaces/ns-a/serviceaccounts/robot', 200)
    await until('admin', bindings, ({ json }) => json.items.length === 0)
  })

  await t.test('what was made for somebody goes with them', async () => {
    await does('admin', 'DELETE', '/users/carol', 200)
    await until('admin', `${maps}/kubeconfig-carol`, ({ status }) => status === 404)
  })
}

for (const kubernetes of ['real', 'embedded']) {
  t.test(`people reach the ${kubernetes} Kubernetes with their kubeconfig`, { skip: why !== undefined && !process.env.CI ? why : false }, async t => {
    process.env.KS_KUBERNETES = kubernetes
    await check(t)
  })
}
