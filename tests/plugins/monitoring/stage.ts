import type { Test } from 'tap'
import { password, platform } from '../../helpers/platform.js'
import { standInPrometheus, type Question, type Told } from '../../helpers/stand-in-prometheus.js'
import type { Kube } from '../../../core/sdk/index.js'

export const base = '/kapis/monitoring.kubesphere.io/v1alpha3'
const iam = '/apis/iam.kubesphere.io/v1alpha2'
const tenant = '/kapis/tenant.kubesphere.io/v1alpha2'

const binding = (kind: string, user: string, role: string, labels: object = {}) => ({ apiVersion: 'iam.kubesphere.io/v1alpha2', kind, metadata: { name: `${user}-${role}`, labels: { 'iam.kubesphere.io/user-ref': user, ...labels } }, subjects: [{ kind: 'User', apiGroup: 'rbac.authorization.k8s.io', name: user }], roleRef: { apiGroup: 'iam.kubesphere.io', kind: kind.replace('Binding', ''), name: role } })

/** The whole server beside a stand-in Prometheus: alice has workspace ws-a with project ns-a, bob ws-b with ns-b. */
export async function stage (t: Test, tell?: (question: Question) => Told | Promise<Told>, { prepare }: { prepare?: (kube: Kube) => Promise<void> } = {}) {
  const prometheus = await standInPrometheus(t, tell)
  const { ask, kube } = await platform(t, config => { config.monitoring.endpoint = prometheus.url }, prepare)
  for (const [user, workspace, project] of [['alice', 'ws-a', 'ns-a'], ['bob', 'ws-b', 'ns-b']] as const) {
    for (const [path, body] of [
      [`${iam}/users`, { apiVersion: 'iam.kubesphere.io/v1alpha2', kind: 'User', metadata: { name: user }, spec: { email: `${user}@example.com`, password } }],
      [`${iam}/globalrolebindings`, binding('GlobalRoleBinding', user, 'platform-regular')],
      [`${tenant}/workspaces`, { metadata: { name: workspace }, spec: { template: { spec: { manager: user } } } }],
      [`${tenant}/workspaces/${workspace}/namespaces`, { metadata: { name: project, labels: { 'kubesphere.io/workspace': workspace } } }],
    ] as const) {
      const { status, text } = await ask('admin', 'POST', path, { body })
      if (status > 201) throw new Error(`${path}: ${text}`)
    }
  }
  return { ask, kube, prometheus, get: (path: string, who = 'admin') => ask(who, 'GET', base + path) }
}

/** A time (seconds) when the projects were there. */
export const later = Math.floor(Date.now() / 1000) + 3600
