import type { Test } from 'tap'
import type { Kube, KubeObject } from '../../../core/sdk/index.js'
import { prometheuses, prometheusRules, thanosRulers } from '../../../schemas/alerting/prometheus-operator.js'
import { customResourceDefinitions } from '../../../schemas/kube/builtin.js'
import type { Kind } from '../../../schemas/kube/object.js'
import type { ServerConfig } from '../../../config/server.js'
import { password, platform } from '../../helpers/platform.js'
import { webServer, type Answered, type Asked } from '../../helpers/web-server.js'

export const v2alpha1 = '/kapis/alerting.kubesphere.io/v2alpha1'
export const v2beta1 = '/kapis/alerting.kubesphere.io/v2beta1'
export const groupsPath = '/apis/alerting.kubesphere.io/v2beta1'
export const monitoring = 'kubesphere-monitoring-system'
export const coreos = '/apis/monitoring.coreos.com/v1'

const definition = ({ group, version, resource, kind }: Kind): KubeObject => ({
  metadata: { name: `${resource}.${group}` },
  spec: {
    group,
    scope: 'Namespaced',
    names: { plural: resource, singular: kind.toLowerCase(), kind, listKind: `${kind}List` },
    versions: [{ name: version, served: true, storage: true, schema: { openAPIV3Schema: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } } }],
  },
}) as unknown as KubeObject

/** The kinds of the Prometheus operator, as open as can be. */
export async function installOperator (kube: Kube): Promise<void> {
  for (const kind of [prometheusRules, thanosRulers, prometheuses]) await kube.create(customResourceDefinitions, definition(kind))
}

export interface Rule { name: string, query: string, duration?: number, labels?: Record<string, string>, annotations?: Record<string, string>, state?: string, health?: string, lastError?: string, evaluationTime?: number, lastEvaluation?: string, alerts?: object[] }
export interface Group { name: string, file?: string, rules: Rule[], evaluationTime?: number, lastEvaluation?: string }

/** A server that answers what it has loaded, as Prometheus does; without `match[]`, which not every one knows. */
export async function ruleServer (t: Test, fail?: (asked: Asked) => Answered | undefined) {
  const loaded: Group[] = []
  const { base, asked } = await webServer(t, request => {
    const failure = fail?.(request)
    if (failure) return failure
    if (request.url.pathname !== '/api/v1/rules') return { status: 404, body: {} }
    return { body: { status: 'success', data: { groups: loaded.map(group => ({ ...group, rules: group.rules.map(rule => ({ ...rule, type: 'alerting' })) })) } } }
  })
  return { base, asked, loaded }
}

const user = (name: string) => ({ metadata: { name, annotations: { 'iam.kubesphere.io/globalrole': 'platform-regular' } }, spec: { email: `${name}@example.com`, password } })
const iam = '/kapis/iam.kubesphere.io/v1alpha2'

/** `around`: is given Kubernetes itself, to write what no check has seen. */
export interface StageOptions { operator?: boolean, around?: (kube: Kube) => void, change?: (config: ServerConfig & { alerting: Record<string, string> }) => void }

/** A platform with two projects, ns-a of alice and ns-b of bob; vera views ns-a, carol has nothing. */
export async function stage (t: Test, { operator = true, around = () => {}, change = () => {} }: StageOptions = {}) {
  const server = await platform(t, config => { change(config as ServerConfig & { alerting: Record<string, string> }) }, async kube => {
    around(kube)
    if (operator) await installOperator(kube)
  })
  const { ask, until } = server
  /** As somebody; fails the test where the status is another. */
  const does = async (who: string, method: string, path: string, status: number, body?: unknown, headers: Record<string, string> = {}) => {
    const reply = await ask(who, method, path, { ...(body === undefined ? {} : { body }), headers })
    t.equal(reply.status, status, `${who || 'nobody'} ${method} ${path} ${reply.text.slice(0, 300)}`)
    return reply
  }
  for (const name of ['alice', 'bob', 'vera', 'carol']) await does('admin', 'POST', `${iam}/users`, 200, user(name))
  for (const [project, creator] of [['ns-a', 'alice'], ['ns-b', 'bob']] as const) {
    await does('admin', 'POST', '/apis/tenant.kubesphere.io/v1alpha2/workspacetemplates', 201, { metadata: { name: `ws-${project}` }, spec: { placement: {}, template: { spec: { manager: creator } } } })
    await does('admin', 'POST', '/api/v1/namespaces', 201, { metadata: { name: project, labels: { 'kubesphere.io/workspace': `ws-${project}` }, annotations: { 'kubesphere.io/creator': creator } } })
    await until('admin', `/apis/rbac.authorization.k8s.io/v1/namespaces/${project}/rolebindings/${creator}-admin`, ({ status }) => status === 200)
  }
  await until('admin', '/apis/rbac.authorization.k8s.io/v1/namespaces/ns-a/roles/viewer', ({ status }) => status === 200)
  await does('admin', 'POST', `${iam}/namespaces/ns-a/members`, 200, [{ username: 'vera', roleRef: 'viewer' }])
  await until('vera', `${v2beta1}/namespaces/ns-a/rulegroups`, ({ status }) => status === 200)
  return { ...server, does }
}

/** A Thanos Ruler, or Prometheus, that reads all rules. */
export const ruler = (name: string, spec: object = {}) => ({ metadata: { name, namespace: monitoring }, spec: { ruleNamespaceSelector: {}, ruleSelector: {}, ...spec } })
