import type { KubeObject } from '../../core/sdk/index.js'

const group = 'rbac.authorization.k8s.io'
const apiVersion = `${group}/v1`
const bootstrap = { 'kubernetes.io/bootstrapping': 'rbac-defaults' }

interface Rule { apiGroups?: string[], resources?: string[], nonResourceURLs?: string[], verbs: string[] }

const words = (text: string): string[] => text.split(' ')
/** `core` stands for the group without a name. */
const on = (verbs: string, apiGroup: string, resources: string): Rule => ({ apiGroups: [apiGroup === 'core' ? '' : apiGroup], resources: words(resources), verbs: words(verbs) })
const paths = (...nonResourceURLs: string[]): Rule => ({ nonResourceURLs, verbs: ['get'] })

const role = (name: string, rules: Rule[], labels: Record<string, string> = {}) => ({ apiVersion, kind: 'ClusterRole', metadata: { name, labels: { ...bootstrap, ...labels } }, rules }) as KubeObject
const binding = (name: string, ...groups: string[]) => ({
  apiVersion,
  kind: 'ClusterRoleBinding',
  metadata: { name, labels: bootstrap },
  roleRef: { apiGroup: group, kind: 'ClusterRole', name },
  subjects: groups.map(name => ({ apiGroup: group, kind: 'Group', name })),
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

/** The roles and bindings that every Kubernetes cluster begins with and that people count on. */
export const defaultObjects: readonly KubeObject[] = [
  role('cluster-admin', [{ apiGroups: ['*'], resources: ['*'], verbs: ['*'] }, { nonResourceURLs: ['*'], verbs: ['*'] }]),
  role('system:basic-user', [on('create', 'authorization.k8s.io', 'selfsubjectaccessreviews selfsubjectrulesreviews'), on('create', 'authentication.k8s.io', 'selfsubjectreviews')]),
  role('system:discovery', [paths('/api', '/api/*', '/apis', '/apis/*', '/healthz', '/livez', '/openapi', '/openapi/*', '/readyz', '/version', '/version/')]),
  role('system:public-info-viewer', [paths('/healthz', '/livez', '/readyz', '/version', '/version/')]),
  role('admin', [...administers, ...edits, ...views]),
  role('edit', [...edits, ...views], { 'rbac.authorization.k8s.io/aggregate-to-admin': 'true' }),
  role('view', views, { 'rbac.authorization.k8s.io/aggregate-to-edit': 'true' }),
  binding('cluster-admin', 'system:masters'),
  binding('system:basic-user', 'system:authenticated'),
  binding('system:discovery', 'system:authenticated'),
  binding('system:public-info-viewer', 'system:authenticated', 'system:unauthenticated'),
]
