import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { load } from 'js-yaml'
import { Pool } from 'undici'

interface Kubeconfig { clusters: { cluster: { server: string, 'certificate-authority-data': string } }[], users: { user: { token: string } }[] }

/** Where the embedded Kubernetes of a data directory listens, its token, and the root of its certificate (PEM). */
export function embeddedOf (dataDir: string): { url: string, token: string, ca: string } {
  const { clusters, users } = load(readFileSync(join(dataDir, 'kubeconfig'), 'utf8')) as Kubeconfig
  const { server = '', 'certificate-authority-data': ca = '' } = clusters[0]?.cluster ?? {}
  return { url: server, token: users[0]?.user.token ?? '', ca: Buffer.from(ca, 'base64').toString() }
}

const iam = 'iam.kubesphere.io/v1alpha2'
const user = (name: string, hash: string) => ({ apiVersion: iam, kind: 'User', metadata: { name }, spec: { email: `${name}@example.com`, password: hash }, status: { state: 'Active' } })
const member = (name: string, namespace: string) => ({
  apiVersion: 'rbac.authorization.k8s.io/v1',
  kind: 'RoleBinding',
  metadata: { name: `${name}-viewer`, namespace, labels: { 'iam.kubesphere.io/user-ref': name } },
  subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name }],
  roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'viewer' },
})

/**
 * Creates `count` people, person-1 …, each with one RoleBinding in one of a hundred projects project-1 …, straight into the embedded Kubernetes.
 * All have the same password, by its bcrypt hash, so that ten thousand people do not cost ten thousand hashes.
 */
export async function loadPeople (dataDir: string, count: number, hash: string): Promise<void> {
  const { url, token, ca } = embeddedOf(dataDir)
  const pool = new Pool(url, { connections: 16, connect: { ca } })
  const post = async (path: string, body: unknown) => {
    const { statusCode, body: answer } = await pool.request({ method: 'POST', path, headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' }, body: JSON.stringify(body) })
    const text = await answer.text()
    if (statusCode !== 201 && statusCode !== 409) throw new Error(`${path}: ${statusCode} ${text}`)
  }
  const each = async (from: number, to: number, make: (i: number) => Promise<void>) => {
    let next = from
    await Promise.all(Array.from({ length: 32 }, async () => { for (let i = next++; i <= to; i = next++) await make(i) }))
  }
  await post('/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', { apiVersion: 'tenant.kubesphere.io/v1alpha2', kind: 'WorkspaceTemplate', metadata: { name: 'bench' }, spec: { placement: {}, template: { spec: {} } } })
  const projects = Math.min(count, 100)
  await each(1, projects, i => post('/api/v1/namespaces', { apiVersion: 'v1', kind: 'Namespace', metadata: { name: `project-${i}`, labels: { 'kubesphere.io/workspace': 'bench' } } }))
  await each(1, count, async i => {
    const name = `person-${i}`; const namespace = `project-${(i - 1) % projects + 1}`
    await post(`/apis/${iam}/users`, user(name, hash))
    await post(`/apis/rbac.authorization.k8s.io/v1/namespaces/${namespace}/rolebindings`, member(name, namespace))
  })
  await pool.close()
}
