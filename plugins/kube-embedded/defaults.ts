import type { KubeObject } from '../../core/sdk/index.js'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const bootstrap = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

interface Rule { apiGroups?: string[], resources?: string[], nonResourceURLs?: string[], verbs: string[] }

const words = (text: string): string[] => text.split(' ')
/** `core` stands for the group without a name. */
const on = (verbs: string, apiGroup: string, resources: string): Rule => ({ apiGroups: [apiGroup === 'core' ? '' : apiGroup], resources: words(resources), verbs: words(verbs) })
const paths = (...nonResourceURLs: string[]): Rule => ({ nonResourceURLs, verbs: ['get'] })

type Labels = Record<string, string>
const metadata = (name: string, labels: Labels = {}) => ({ name, labels: { ...bootstrap, ...labels }, annotations: { 'rbac.authorization.kubernetes.io/autoupdate': 'true' } })
const role = (name: string, rules: Rule[], labels: Labels = {}) => ({ apiVersion, kind: 'ClusterRole', metadata: metadata(name, labels), rules }) as KubeObject

const label = (target: string): Labels => ({ [`${group}/aggregate-to-${target}`]: 'true' })
/** The part that Kubernetes itself gives to a role that others may add to. */
const part = (target: string, rules: Rule[]) => role(`system:aggregate-to-${target}`, rules, label(target))
/** A role that others may add to; its rules begin as the aggregation will have them. */
const aggregated = (name: string, rules: Rule[], labels: Labels = {}) =>
  ({ ...role(name, rules, labels), aggregationRule: { clusterRoleSelectors: [{ matchLabels: label(name) }] } }) as KubeObject

const groupSubject = (name: string) => ({ apiGroup: group, kind: 'Group', name })
const binding = (name: string, ...groups: string[]) => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: metadata(name),
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  subjects: groups.map(groupSubject),
}) as KubeObject

const reads = 'get list watch'
const writes = 'create delete deletecollection patch update'
const views: Rule[] = [
  on(reads, 'core', 'configmaps endpoints persistentvolumeclaims persistentvolumeclaims/status pods replicationcontrollers replicationcontrollers/scale serviceaccounts services services/status'),
  on(reads, 'core', 'bindings events limitranges namespaces/status pods/log pods/status replicationcontrollers/status resourcequotas resourcequotas/status namespaces'),
  on(reads, 'discovery.k8s.io', 'endpointslices'),
  on(reads, 'apps', 'controllerrevisions daemonsets daemonsets/status deployments deployments/scale deployments/status replicasets replicasets/scale replicasets/status statefulsets statefulsets/scale statefulsets/status'),
  on(reads, 'autoscaling', 'horizontalpodautoscalers horizontalpodautoscalers/status'),
  on(reads, 'batch', 'cronjobs cronjobs/status jobs jobs/status'),
  on(reads, 'policy', 'poddisruptionbudgets poddisruptionbudgets/status'),
  on(reads, 'networking.k8s.io', 'ingresses ingresses/status networkpolicies'),
]
const edits: Rule[] = [
  on(reads, 'core', 'pods/attach pods/exec pods/portforward pods/proxy secrets services/proxy'),
  on('impersonate', 'core', 'serviceaccounts'),
  on(writes, 'core', 'pods pods/attach pods/exec pods/portforward pods/proxy'),
  on('create', 'core', 'pods/eviction serviceaccounts/token'),
  on(writes, 'core', 'configmaps events persistentvolumeclaims replicationcontrollers replicationcontrollers/scale secrets serviceaccounts services services/proxy'),
  on(writes, 'apps', 'daemonsets deployments deployments/rollback deployments/scale replicasets replicasets/scale statefulsets statefulsets/scale'),
  on(writes, 'autoscaling', 'horizontalpodautoscalers'),
  on(writes, 'batch', 'cronjobs jobs'),
  on(writes, 'policy', 'poddisruptionbudgets'),
  on(writes, 'networking.k8s.io', 'ingresses networkpolicies'),
  on(`${writes} ${reads}`, 'coordination.k8s.io', 'leases'),
]
const administers: Rule[] = [
  on('create', 'authorization.k8s.io', 'localsubjectaccessreviews'),
  on(`${writes} ${reads}`, group, 'rolebindings roles'),
]

const priority = (name: string, value: number): KubeObject => ({ kind: 'PriorityClass', apiVersion: 'scheduling.k8s.io/v1', metadata: { name }, value } as unknown as KubeObject)

/** The roles and bindings that every Kubernetes cluster begins with and that people count on. */
export const defaultObjects: readonly KubeObject[] = [
  role('cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }]),
  role('system:basic-user', [on('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'), on('create', 'authentication.k8s.io', 'selfsubjectreviews')]),
  role('system:discovery', [paths('/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/')]),
  role('system:public-info-viewer', [paths('/healthz', '/livez', '/readyz', '/version', '/version/')]),
  role('system:service-account-issuer-discovery', [paths('/.well-known/openid-configuration', '/.well-known/openid-configuration/', '/openid/v1/jwks', '/openid/v1/jwks/')]),
  role('system:monitoring', [paths('/healthz', '/healthz/*', '/livez', '/livez/*', '/metrics', '/metrics/slis', '/readyz', '/readyz/*')]),
  role('system:auth-delegator', [on('create', 'authentication.k8s.io', 'tokenreviews'), on('create', 'authorization.k8s.io', 'subjectaccessreviews')]),
  part('admin', administers),
  part('edit', edits),
  part('view', views),
  aggregated('admin', [...edits, ...views, ...administers]),
  aggregated('edit', [...edits, ...views], label('admin')),
  aggregated('view', views, label('edit')),
  binding('cluster-admin', 'system:masters'),
  binding('system:basic-user', 'system:authenticated'),
  binding('system:discovery', 'system:authenticated'),
  binding('system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'),
  binding('system:service-account-issuer-discovery', 'system:serviceaccounts'),
  binding('system:monitoring', 'system:monitoring'),
]

/** What else a cluster begins with: the priorities of its own pods, and where clients inside it look for its API. */
export const firstObjects: readonly KubeObject[] = [
  priority('system-node-critical', 2_000_001_000),
  priority('system-cluster-critical', 2_000_000_000),
  { kind: 'Service', apiVersion: 'v1', metadata: { name: 'kubernetes', namespace: 'default', labels: { component: 'apiserver', provider: 'kubernetes' } }, spec: { clusterIP: '10.96.0.1', ports: [{ name: 'https', port: 443, protocol: 'TCP', targetPort: 6443 }] } } as unknown as KubeObject,
]
