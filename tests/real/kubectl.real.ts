import { execFile, spawn } from 'node:child_process'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import t, { type Test } from 'tap'
import { login, startServer, temporaryFolder } from '../helpers/process.js'
import { programs } from './clients/program.js'

const { kubectl } = programs
if (!existsSync(kubectl) && !process.env.CI) {
  t.plan(0, 'kubectl has not been built here: run npm run test:real on a machine with Go.')
  process.exit(0)
}

const server = await startServer(t, { env: { KUBESPHERE_ADMIN_PASSWORD: 'Kubectl-Pass-1' } })
const home = temporaryFolder(t)

interface Result { code: number, out: string, err: string }
const run = (token: string) => (line: string, stdin?: string): Promise<Result> => new Promise(resolve => {
  const child = execFile(kubectl, [...server.kubectl, '--token', token, '--cache-dir', join(home, token.slice(-8)), ...line.split(' ')], { env: { HOME: home, PATH: process.env.PATH } }, (error, out, err) => { resolve({ code: error ? Number(error.code ?? 1) : 0, out, err }) })
  child.stdin?.end(stdin ?? '')
})

const admin = run(await login(server.base, 'admin', 'Kubectl-Pass-1'))
const yaml = (...objects: unknown[]) => objects.map(object => JSON.stringify(object)).join('\n---\n')
const workspace = { apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name: 'ws-a' }, spec: { placement: { clusterSelector: {} }, template: { spec: { manager: 'admin' } } } }
const person = (name: string) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name }, spec: { email: `${name}@example.com`, password: 'P@88w0rd-Test' } })
const project = (name: string) => ({ apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels: { 'kubesphere.io/workspace': 'ws-a' } } })
const deployment = (replicas: number) => ({ apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'web', namespace: 'ns-a', labels: { app: 'web' } }, spec: { replicas, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [{ name: 'main', image: 'nginx:1.25' }] } } } })
const config = { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'conf', namespace: 'ns-a' }, data: { a: '1' } }

interface Fact { line: string, stdin?: string, out?: RegExp, err?: RegExp, code?: number }

async function holds (t: Test, as: ReturnType<typeof run>, who: string, { line, stdin, out, err, code = 0 }: Fact): Promise<void> {
  const result = await as(line, stdin)
  t.equal(result.code, code, `${who}: kubectl ${line}\n${result.err}`)
  if (out) t.match(result.out, out, `${who}: kubectl ${line}`)
  if (err) t.match(result.err, err, `${who}: kubectl ${line}`)
}

const adminFacts: Fact[] = [
  { line: 'version', out: /Server Version: v/ },
  { line: 'api-resources', out: /deployments +deploy +apps\/v1 +true +Deployment/ },
  { line: 'api-resources --api-group=iam.kubesphere.io', out: /users +.*iam\.kubesphere\.io\/v1alpha2 +false +User/ },
  { line: 'api-versions', out: /^iam\.kubesphere\.io\/v1alpha2$/m },
  { line: 'get namespaces', out: /^kube-system +Active/m },
  { line: 'apply -f -', stdin: yaml(workspace, person('alice')), out: /workspacetemplate.tenant.kubesphere.io\/ws-a created\nuser.iam.kubesphere.io\/alice created/ },
  { line: 'apply -f -', stdin: yaml(workspace), out: /ws-a unchanged/ },
  { line: 'wait --for=create workspaceroles/ws-a-viewer --timeout=20s', out: /condition met/ },
  { line: 'apply -f -', stdin: yaml(project('ns-a'), project('ns-b')), out: /namespace\/ns-b created/ },
  { line: 'wait --for=create role/viewer -n ns-a --timeout=20s', out: /condition met/ },
  { line: 'create rolebinding alice-viewer --role=viewer --user=alice -n ns-a', out: /created/ },
  { line: 'apply -f -', stdin: yaml(deployment(1), config), out: /deployment.apps\/web created\nconfigmap\/conf created/ },
  { line: 'apply -f -', stdin: yaml(deployment(3), config), out: /deployment.apps\/web configured\nconfigmap\/conf unchanged/ },
  { line: 'get deploy -n ns-a', out: /NAME +READY +UP-TO-DATE +AVAILABLE +AGE\nweb +0\/3 / },
  { line: 'get deploy web -n ns-a -o jsonpath={.spec.replicas}', out: /^3$/ },
  { line: 'get all -A', out: /deployment.apps\/web/ },
  { line: 'describe deployment web -n ns-a', out: /Replicas: +3 desired/ },
  { line: 'describe namespace ns-a', out: /Status: +Active/ },
  { line: 'patch deployment web -n ns-a -p {"spec":{"replicas":2}}', out: /patched/ },
  { line: 'patch configmap conf -n ns-a --type=json -p [{"op":"replace","path":"/data/a","value":"2"}]', out: /patched/ },
  { line: 'patch configmap conf -n ns-a --type=merge -p {"data":{"b":"3"}}', out: /patched/ },
  { line: 'get cm conf -n ns-a -o jsonpath={.data}', out: /{"a":"2","b":"3"}/ },
  { line: 'label deployment web -n ns-a tier=front', out: /labeled/ },
  { line: 'get deploy -n ns-a -l tier=front -o name', out: /deployment.apps\/web/ },
  { line: 'annotate configmap conf -n ns-a note=x', out: /annotated/ },
  { line: 'scale deployment web -n ns-a --replicas=5', out: /scaled/ },
  { line: 'set image deployment/web main=nginx:1.26 -n ns-a', out: /image updated/ },
  { line: 'get users.iam.kubesphere.io alice -o yaml', out: /email: alice@example.com/ },
  { line: 'auth can-i delete nodes', out: /^yes/ },
  { line: 'auth whoami', out: /admin/ },
  { line: 'explain deployment.spec.template', out: /KIND: +Deployment/ },
  { line: 'get nothing', code: 1, err: /the server doesn't have a resource type "nothing"/ },
  { line: 'get cm missing -n ns-a', code: 1, err: /Error from server \(NotFound\): configmaps "missing" not found/ },
  { line: 'apply -f -', stdin: '{"apiVersion":"v1","kind":"ConfigMap","metadata":{"name":"Bad_Name","namespace":"ns-a"}}', code: 1, err: /Invalid|a lowercase RFC 1123 subdomain/ },
  { line: 'create namespace ns-a', code: 1, err: /AlreadyExists/ },
  { line: 'delete cm conf -n ns-a', out: /deleted/ },
  { line: 'delete namespace ns-b --timeout=30s', out: /deleted/ },
]
t.test('admin', async t => { for (const fact of adminFacts) await holds(t, admin, 'admin', fact) })

const refused = (resource: string, where: string) => new RegExp(`Error from server \\(Forbidden\\): ${resource} is forbidden: User "alice" cannot list resource "${resource}" in API group "" ${where}`)
const aliceFacts: Fact[] = [
  { line: 'get pods -n ns-a', err: /No resources found in ns-a namespace/ },
  { line: 'get configmaps -n ns-a', out: /kube-root-ca.crt/ },
  { line: 'auth can-i list pods -n ns-a', out: /^yes/ },
  { line: 'auth can-i list pods -n kube-system', out: /^no/, code: 1 },
  { line: 'get secrets -n kube-system', code: 1, err: refused('secrets', 'in the namespace "kube-system"') },
  { line: 'get namespaces', code: 1, err: refused('namespaces', 'at the cluster scope') },
  { line: 'delete configmap kube-root-ca.crt -n ns-a', code: 1, err: /Forbidden/ },
]
t.test('alice', async t => {
  const alice = run(await login(server.base, 'alice', 'P@88w0rd-Test'))
  for (const fact of aliceFacts) await holds(t, alice, 'alice', fact)
})

t.test('get -w sees changes as they happen', async t => {
  const token = await login(server.base, 'admin', 'Kubectl-Pass-1')
  const watch = spawn(kubectl, [...server.kubectl, '--token', token, '--cache-dir', join(home, 'watch'), 'get', 'configmaps', '-n', 'ns-a', '-w', '-o', 'name'], { env: { HOME: home, PATH: process.env.PATH } })
  t.teardown(() => { watch.kill('SIGKILL') })
  let seen = ''
  const until = (text: string) => new Promise<void>(resolve => {
    const look = () => { if (seen.includes(text)) resolve() }
    watch.stdout.on('data', look)
    look()
  })
  watch.stdout.on('data', (chunk: Buffer) => { seen += String(chunk) })
  await until('configmap/kube-root-ca.crt')
  await admin('create configmap fresh -n ns-a --from-literal=a=b')
  await until('configmap/fresh')
  t.pass('a new object arrives on the open watch')
})

t.test('the embedded Kubernetes has a kubeconfig of its own', async t => {
  const file = join(server.dataDir, 'kubeconfig')
  t.ok(existsSync(file))
  const result = await new Promise<string>(resolve => { execFile(kubectl, ['--kubeconfig', file, '--cache-dir', join(home, 'own'), 'get', 'ns', '-o', 'name'], { env: { HOME: home, PATH: process.env.PATH } }, (_error, out, err) => { resolve(out + err) }) })
  t.match(result, /namespace\/kubesphere-system/)
})
