import type { Fact, Step } from '../types.js'
import { container, crds, merge, rbac, template } from './objects.js'
import { rules } from './rules.js'

type Fields = Record<string, unknown>
const made = (name: string, url: string, body: Fields, more: Partial<Step> = {}): Fact => ({ name, steps: [{ ask: `POST ${url}${url.includes('?') ? '' : '?dryRun=All'}`, body, status: 201, ...more }] })
const refused = (name: string, url: string, body: Fields, more: Partial<Step> = {}): Fact => ({ name, steps: [{ ask: `POST ${url}`, body, status: 422, ...more }] })
const object = (apiVersion: string, kind: string, more: Fields, name = 'a'): Fields => ({ apiVersion, kind, metadata: { name }, ...more })
const inNs = (version: string, resource: string) => `/apis/${version}/namespaces/{ns}/${resource}`
const selector = { matchLabels: { app: 'web' } }
const job = (spec: Fields = {}) => object('batch/v1', 'Job', { spec: { template: { spec: { restartPolicy: 'Never', containers: [container()] } }, ...spec } })
const role = (rules: unknown) => object('rbac.authorization.k8s.io/v1', 'Role', { rules })
const binding = (more: Fields) => object('rbac.authorization.k8s.io/v1', 'RoleBinding', { roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'a' }, subjects: [{ kind: 'User', name: 'alice' }], ...more })
const ingress = (spec: Fields) => object('networking.k8s.io/v1', 'Ingress', { spec })
const backend = { service: { name: 'a', port: { number: 80 } } }
const hpa = (spec: Fields = {}) => object('autoscaling/v2', 'HorizontalPodAutoscaler', { spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' }, ...spec } })
const pvc = (spec: Fields = {}) => object('v1', 'PersistentVolumeClaim', { spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } }, ...spec } })

/** Built-in kinds: defaults, and what they refuse. */
export const kinds: Fact[] = [
  made('a StatefulSet', inNs('apps/v1', 'statefulsets'), object('apps/v1', 'StatefulSet', { spec: { serviceName: 'a', selector, template: template(), volumeClaimTemplates: [{ metadata: { name: 'v' }, spec: { accessModes: ['ReadWriteOnce'], resources: { requests: { storage: '1Gi' } } } }] } })),
  made('a DaemonSet', inNs('apps/v1', 'daemonsets'), object('apps/v1', 'DaemonSet', { spec: { selector, template: template() } })),
  made('a ReplicaSet', inNs('apps/v1', 'replicasets'), object('apps/v1', 'ReplicaSet', { spec: { selector, template: template() } })),
  refused('a ReplicaSet that selects others', inNs('apps/v1', 'replicasets'), object('apps/v1', 'ReplicaSet', { spec: { selector: { matchLabels: { app: 'x' } }, template: template() } })),
  refused('a StatefulSet without a selector', inNs('apps/v1', 'statefulsets'), object('apps/v1', 'StatefulSet', { spec: { template: template() } }), { compare: ['reason', 'details.causes.0.field'] }),
  { name: 'a StatefulSet changes little', steps: [{ ask: `POST ${inNs('apps/v1', 'statefulsets')}`, body: object('apps/v1', 'StatefulSet', { spec: { replicas: 0, serviceName: 'a', selector, template: template() } }), status: 201, compare: 'none' }, { ask: `PATCH ${inNs('apps/v1', 'statefulsets')}/a`, type: merge, body: { spec: { serviceName: 'b' } }, status: 422 }] },
  made('a Job', inNs('batch/v1', 'jobs'), job(), { compare: ['spec.completions', 'spec.parallelism', 'spec.backoffLimit', 'spec.completionMode', 'spec.suspend', 'spec.podReplacementPolicy', 'spec.manualSelector', 'spec.template.spec', 'status'] }),
  refused('a Job that restarts always', inNs('batch/v1', 'jobs'), job({ template: { spec: { containers: [container()] } } }), { compare: ['reason', 'details.causes.0.field', 'message'] }),
  made('a CronJob', inNs('batch/v1', 'cronjobs'), object('batch/v1', 'CronJob', { spec: { schedule: '*/5 * * * *', jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [container()] } } } } } })),
  refused('a CronJob without a schedule', inNs('batch/v1', 'cronjobs'), object('batch/v1', 'CronJob', { spec: { jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [container()] } } } } } }), { compare: ['reason', 'details.causes.0.field'] }),
  refused('a CronJob with a broken schedule', inNs('batch/v1', 'cronjobs'), object('batch/v1', 'CronJob', { spec: { schedule: 'often', jobTemplate: { spec: { template: { spec: { restartPolicy: 'OnFailure', containers: [container()] } } } } } }), { compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason'] }),
  made('an Ingress', inNs('networking.k8s.io/v1', 'ingresses'), ingress({ rules: [{ host: 'a.example.com', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] })),
  refused('an Ingress without rules', inNs('networking.k8s.io/v1', 'ingresses'), ingress({})),
  refused('an Ingress without a path type', inNs('networking.k8s.io/v1', 'ingresses'), ingress({ rules: [{ http: { paths: [{ path: '/', backend }] } }] })),
  refused('an Ingress with a relative path', inNs('networking.k8s.io/v1', 'ingresses'), ingress({ rules: [{ http: { paths: [{ path: 'x', pathType: 'Prefix', backend }] } }] })),
  refused('an Ingress with a broken host', inNs('networking.k8s.io/v1', 'ingresses'), ingress({ rules: [{ host: 'A_b', http: { paths: [{ path: '/', pathType: 'Prefix', backend }] } }] })),
  made('a NetworkPolicy', inNs('networking.k8s.io/v1', 'networkpolicies'), object('networking.k8s.io/v1', 'NetworkPolicy', { spec: { podSelector: {}, ingress: [{ ports: [{ port: 80 }] }] } })),
  made('an IngressClass', '/apis/networking.k8s.io/v1/ingressclasses', object('networking.k8s.io/v1', 'IngressClass', { spec: { controller: 'example.com/x' } }, '{ns}')),
  made('a StorageClass', '/apis/storage.k8s.io/v1/storageclasses', object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/x' }, '{ns}')),
  refused('a StorageClass without a provisioner', '/apis/storage.k8s.io/v1/storageclasses', object('storage.k8s.io/v1', 'StorageClass', {}, '{ns}')),
  { name: 'parameters of a StorageClass stay', steps: [{ ask: 'POST /apis/storage.k8s.io/v1/storageclasses', body: object('storage.k8s.io/v1', 'StorageClass', { provisioner: 'example.com/x' }, '{ns}'), status: 201, compare: 'none' }, { ask: 'PATCH /apis/storage.k8s.io/v1/storageclasses/{ns}', type: merge, body: { parameters: { a: 'b' } }, status: 422 }, { ask: 'DELETE /apis/storage.k8s.io/v1/storageclasses/{ns}', status: 200, compare: ['kind'] }] },
  made('a claim', '/api/v1/namespaces/{ns}/persistentvolumeclaims', pvc()),
  refused('a claim without modes', '/api/v1/namespaces/{ns}/persistentvolumeclaims', pvc({ accessModes: [] })),
  refused('a claim without a size', '/api/v1/namespaces/{ns}/persistentvolumeclaims', pvc({ resources: {} })),
  { name: 'a claim stays', steps: [{ ask: 'POST /api/v1/namespaces/{ns}/persistentvolumeclaims', body: pvc(), status: 201, compare: ['metadata.finalizers'] }, { ask: 'PATCH /api/v1/namespaces/{ns}/persistentvolumeclaims/a', type: merge, body: { spec: { accessModes: ['ReadWriteMany'] } }, status: 422, compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason'] }] },
  made('a volume', '/api/v1/persistentvolumes', object('v1', 'PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } } }, '{ns}')),
  refused('a volume of no kind', '/api/v1/persistentvolumes', object('v1', 'PersistentVolume', { spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'] } }, '{ns}')),
  made('a Role', `${rbac}/namespaces/{ns}/roles`, role([{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }])),
  refused('a rule without verbs', `${rbac}/namespaces/{ns}/roles`, role([{ apiGroups: [''], resources: ['pods'] }])),
  refused('a rule without groups', `${rbac}/namespaces/{ns}/roles`, role([{ resources: ['pods'], verbs: ['get'] }])),
  refused('a Role with paths', `${rbac}/namespaces/{ns}/roles`, role([{ nonResourceURLs: ['/x'], verbs: ['get'] }])),
  made('a RoleBinding', `${rbac}/namespaces/{ns}/rolebindings`, binding({})),
  refused('a RoleBinding to nothing', `${rbac}/namespaces/{ns}/rolebindings`, binding({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: '' } })),
  refused('a RoleBinding to another kind', `${rbac}/namespaces/{ns}/rolebindings`, binding({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Pod', name: 'a' } })),
  refused('a subject of another kind', `${rbac}/namespaces/{ns}/rolebindings`, binding({ subjects: [{ kind: 'Robot', name: 'a' }] })),
  made('a service account without a namespace', `${rbac}/namespaces/{ns}/rolebindings`, binding({ subjects: [{ kind: 'ServiceAccount', name: 'a' }] })),
  { name: 'the role of a binding stays', steps: [{ ask: `POST ${rbac}/namespaces/{ns}/rolebindings`, body: binding({}), status: 201, compare: 'none' }, { ask: `PATCH ${rbac}/namespaces/{ns}/rolebindings/a`, type: merge, body: { roleRef: { name: 'b' } }, status: 422 }] },
  {
    name: 'a ClusterRole is aggregated',
    steps: [
      { ask: `POST ${rbac}/clusterroles`, body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: '{ns}-all' }, aggregationRule: { clusterRoleSelectors: [{ matchLabels: { '{ns}': 'yes' } }] }, rules: [] }, status: 201, compare: ['rules', 'aggregationRule'] },
      { ask: `POST ${rbac}/clusterroles`, body: { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: '{ns}-one', labels: { '{ns}': 'yes' } }, rules: [{ apiGroups: [''], resources: ['pods'], verbs: ['get'] }] }, status: 201, compare: 'none' },
      { ask: `GET ${rbac}/clusterroles/{ns}-all`, status: 200, until: ['rules.0.resources.0', 'pods'], compare: ['rules'] },
      { ask: `DELETE ${rbac}/clusterroles/{ns}-one`, status: 200, compare: 'none' },
      { ask: `GET ${rbac}/clusterroles/{ns}-all`, status: 200, until: ['rules', null], compare: ['rules'] },
      { ask: `DELETE ${rbac}/clusterroles/{ns}-all`, status: 200, compare: 'none' },
    ]
  },
  made('an autoscaler', inNs('autoscaling/v2', 'horizontalpodautoscalers'), hpa()),
  refused('an autoscaler without a maximum', inNs('autoscaling/v2', 'horizontalpodautoscalers'), hpa({ maxReplicas: 0 }), { compare: ['reason', 'details.causes.0.field', 'details.causes.0.message'] }),
  refused('an autoscaler upside down', inNs('autoscaling/v2', 'horizontalpodautoscalers'), hpa({ minReplicas: 5 })),
  { name: 'an autoscaler in its older version', steps: [{ ask: `POST ${inNs('autoscaling/v2', 'horizontalpodautoscalers')}`, body: hpa({ metrics: [{ type: 'Resource', resource: { name: 'cpu', target: { type: 'Utilization', averageUtilization: 60 } } }] }), status: 201, compare: 'none' }, { ask: `GET ${inNs('autoscaling/v1', 'horizontalpodautoscalers')}/a`, status: 200, compare: ['apiVersion', 'spec'] }] },
  made('a disruption budget', inNs('policy/v1', 'poddisruptionbudgets'), object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, selector } })),
  refused('a disruption budget with both bounds', inNs('policy/v1', 'poddisruptionbudgets'), object('policy/v1', 'PodDisruptionBudget', { spec: { minAvailable: 1, maxUnavailable: 1, selector } })),
  made('a Lease', inNs('coordination.k8s.io/v1', 'leases'), object('coordination.k8s.io/v1', 'Lease', { spec: { holderIdentity: 'x', leaseDurationSeconds: 15, renewTime: '2026-01-01T00:00:00.000000Z' } })),
  refused('a Lease of no length', inNs('coordination.k8s.io/v1', 'leases'), object('coordination.k8s.io/v1', 'Lease', { spec: { holderIdentity: 'x', leaseDurationSeconds: 0 } })),
  made('an EndpointSlice', inNs('discovery.k8s.io/v1', 'endpointslices'), object('discovery.k8s.io/v1', 'EndpointSlice', { addressType: 'IPv4', endpoints: [{ addresses: ['10.0.0.1'] }], ports: [{ port: 80 }] })),
  refused('an EndpointSlice without a type', inNs('discovery.k8s.io/v1', 'endpointslices'), object('discovery.k8s.io/v1', 'EndpointSlice', { endpoints: [] }), { compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason'] }),
  made('a PriorityClass', '/apis/scheduling.k8s.io/v1/priorityclasses', object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1000 }, '{ns}')),
  refused('a PriorityClass of the system', '/apis/scheduling.k8s.io/v1/priorityclasses', object('scheduling.k8s.io/v1', 'PriorityClass', { value: 2000000001 }, '{ns}')),
  { name: 'the value of a PriorityClass stays', steps: [{ ask: 'POST /apis/scheduling.k8s.io/v1/priorityclasses', body: object('scheduling.k8s.io/v1', 'PriorityClass', { value: 1 }, '{ns}'), status: 201, compare: 'none' }, { ask: 'PATCH /apis/scheduling.k8s.io/v1/priorityclasses/{ns}', type: merge, body: { value: 2 }, status: 422 }, { ask: 'DELETE /apis/scheduling.k8s.io/v1/priorityclasses/{ns}', status: 200, compare: 'none' }] },
  made('a quota', '/api/v1/namespaces/{ns}/resourcequotas', object('v1', 'ResourceQuota', { spec: { hard: { pods: '10', 'requests.cpu': '2' } } })),
  refused('a quota with a broken quantity', '/api/v1/namespaces/{ns}/resourcequotas', object('v1', 'ResourceQuota', { spec: { hard: { pods: '-1' } } })),
  made('a LimitRange', '/api/v1/namespaces/{ns}/limitranges', object('v1', 'LimitRange', { spec: { limits: [{ type: 'Container', max: { cpu: '2' }, default: { cpu: '1' } }] } })),
  made('an Event', '/api/v1/namespaces/{ns}/events', object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'a', namespace: '{ns}' }, reason: 'X', message: 'x', type: 'Normal' })),
  refused('an Event about another namespace', '/api/v1/namespaces/{ns}/events', object('v1', 'Event', { involvedObject: { kind: 'Pod', name: 'a', namespace: 'other' } })),
  made('an Endpoints', '/api/v1/namespaces/{ns}/endpoints', object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: '10.0.0.1' }], ports: [{ port: 80 }] }] })),
  refused('Endpoints without an address', '/api/v1/namespaces/{ns}/endpoints', object('v1', 'Endpoints', { subsets: [{ addresses: [{ ip: 'x' }], ports: [{ port: 80 }] }] })),
  made('a ReplicationController', '/api/v1/namespaces/{ns}/replicationcontrollers', object('v1', 'ReplicationController', { spec: { template: template() } })),
  made('a Node', '/api/v1/nodes', object('v1', 'Node', {}, '{ns}')),
  made('a ServiceAccount', '/api/v1/namespaces/{ns}/serviceaccounts', object('v1', 'ServiceAccount', {})),
  made('a request for a certificate', '/apis/certificates.k8s.io/v1/certificatesigningrequests', object('certificates.k8s.io/v1', 'CertificateSigningRequest', { spec: { request: 'LS0tLS1CRUdJTiBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0KTUlJQkdEQ0J2d0lCQURCY01Rc3dDUVlEVlFRR0V3SkJWVEVUTUJFR0ExVUVDQXdLVTI5dFpTMVRkR0YwWlRFaApNQjhHQTFVRUNnd1lTVzUwWlhKdVpYUWdWMmxrWjJsMGN5QlFkSGtnVEhSa01SVXdFd1lEVlFRRERBeGxlR0Z0CmNHeGxMbU52YlRCWk1CTUdCeXFHU000OUFnRUdDQ3FHU000OUF3RUhBMElBQkNPVHFPUDVUUi9yRkZ0RnRKOEYKVUdWU2NUQ2h1cVhLbkpYWVJIeGF0YmZFQ3p3OExrK1J0b2dvUXlXTWxKS3BzZGlNeVVSRXdkZi9PTkU2WHBrPQotLS0tLUVORCBDRVJUSUZJQ0FURSBSRVFVRVNULS0tLS0K', signerName: 'example.com/x', usages: ['client auth'] } }, '{ns}'), { status: 422, compare: ['reason', 'details.causes.0.field'] }),
  made('a webhook', '/apis/admissionregistration.k8s.io/v1/validatingwebhookconfigurations', object('admissionregistration.k8s.io/v1', 'ValidatingWebhookConfiguration', { webhooks: [{ name: 'a.example.com', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig: { service: { name: 'a', namespace: 'default' } }, rules: [{ apiGroups: [''], apiVersions: ['v1'], resources: ['pods'], operations: ['CREATE'] }], namespaceSelector: { matchLabels: { x: '{ns}' } } }] }, '{ns}')),
  made('an APIService', '/apis/apiregistration.k8s.io/v1/apiservices', object('apiregistration.k8s.io/v1', 'APIService', { spec: { group: '{ns}.example.com', version: 'v1', groupPriorityMinimum: 100, versionPriority: 100, service: { name: 'a', namespace: 'default' } } }, 'v1.{ns}.example.com'), { compare: ['spec', 'metadata.name'] }),
  made('a RuntimeClass', '/apis/node.k8s.io/v1/runtimeclasses', object('node.k8s.io/v1', 'RuntimeClass', { handler: 'x' }, '{ns}')),
  made('a CSIDriver', '/apis/storage.k8s.io/v1/csidrivers', object('storage.k8s.io/v1', 'CSIDriver', { spec: {} }, '{ns}')),
  made('a PodTemplate', '/api/v1/namespaces/{ns}/podtemplates', object('v1', 'PodTemplate', { template: template() }), { compare: ['template.metadata', 'template.spec.restartPolicy'] }),
  made('a ControllerRevision', inNs('apps/v1', 'controllerrevisions'), object('apps/v1', 'ControllerRevision', { revision: 1, data: { a: 'b' } })),
  ...rules,
]

/** Discovery, versions and reviews. */
export const questions: Fact[] = [
  { name: 'the version', steps: [{ ask: 'GET /version', status: 200, compare: ['major', 'minor', 'gitVersion'] }] },
  { name: 'the versions of the core', steps: [{ ask: 'GET /api', status: 200, compare: ['kind', 'versions'] }] },
  { name: 'a group', steps: [{ ask: 'GET /apis/apps', status: 200 }] },
  { name: 'a group of two versions', steps: [{ ask: 'GET /apis/autoscaling', status: 200 }] },
  { name: 'a group that is not there', steps: [{ ask: 'GET /apis/gone.example.com', status: 404, compare: 'none' }] },
  ...['/apis/apps/v1', '/apis/batch/v1', '/apis/autoscaling/v2', '/apis/policy/v1', '/apis/coordination.k8s.io/v1', '/apis/rbac.authorization.k8s.io/v1', '/apis/networking.k8s.io/v1', '/apis/storage.k8s.io/v1', '/apis/discovery.k8s.io/v1', '/apis/scheduling.k8s.io/v1', '/apis/apiextensions.k8s.io/v1', '/apis/authentication.k8s.io/v1', '/apis/authorization.k8s.io/v1', '/apis/certificates.k8s.io/v1', '/apis/events.k8s.io/v1', '/apis/node.k8s.io/v1', '/apis/apiregistration.k8s.io/v1', '/apis/admissionregistration.k8s.io/v1', '/api/v1'].map((path): Fact => ({ name: `resources of ${path}`, steps: [{ ask: `GET ${path}`, status: 200 }] })),
  { name: 'who am I', steps: [{ ask: 'POST /apis/authentication.k8s.io/v1/selfsubjectreviews', body: { apiVersion: 'authentication.k8s.io/v1', kind: 'SelfSubjectReview' }, as: 'alice', groups: ['dev'], status: 201, compare: ['status.userInfo.username', 'status.userInfo.groups', 'kind'] }] },
  { name: 'may I', steps: [{ ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'pods' } } }, as: 'alice', status: 201, compare: ['kind', 'spec', 'status'] }] },
  {
    name: 'I may by a binding',
    steps: [
      { ask: `POST ${rbac}/namespaces/{ns}/roles`, body: role([{ apiGroups: [''], resources: ['pods', 'pods/log'], verbs: ['get', 'list'] }]), status: 201, compare: 'none' },
      { ask: `POST ${rbac}/namespaces/{ns}/rolebindings`, body: binding({}), status: 201, compare: 'none' },
      { ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'pods' } } }, as: 'alice', status: 201, until: ['status.allowed', true], compare: ['status'] },
      { ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { namespace: '{ns}', verb: 'delete', resource: 'pods' } } }, as: 'alice', status: 201, compare: ['status'] },
      { ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { namespace: '{ns}', verb: 'get', resource: 'pods', subresource: 'log' } } }, as: 'alice', status: 201, compare: ['status.allowed'] },
      { ask: 'POST /apis/authorization.k8s.io/v1/subjectaccessreviews', body: { spec: { user: 'alice', resourceAttributes: { namespace: '{ns}', verb: 'list', resource: 'pods' } } }, status: 201, compare: ['status'] },
      { ask: 'POST /apis/authorization.k8s.io/v1/namespaces/{ns}/localsubjectaccessreviews', body: { metadata: { namespace: '{ns}' }, spec: { user: 'bob', resourceAttributes: { namespace: '{ns}', verb: 'list', resource: 'pods' } } }, status: 201, compare: ['status'] },
      { ask: 'GET /api/v1/namespaces/{ns}/pods', as: 'alice', status: 200, compare: ['items'] },
      { ask: 'GET /api/v1/namespaces/{ns}/secrets', as: 'alice', status: 403 },
      { ask: 'GET /api/v1/namespaces/{ns}/secrets/x', as: 'alice', status: 403 },
      { ask: 'DELETE /api/v1/namespaces/{ns}/pods/x', as: 'alice', status: 403 },
      { ask: 'GET /api/v1/nodes', as: 'alice', status: 403 },
      { ask: 'GET /apis/apps/v1/deployments', as: 'alice', status: 403 },
      { ask: 'GET /metrics', as: 'alice', status: 403 },
    ]
  },
  { name: 'discovery is for everybody known', steps: [{ ask: 'GET /apis/apps', as: 'alice', status: 200, compare: ['name'] }, { ask: 'GET /version', as: 'alice', status: 200, compare: ['major'] }] },
  {
    name: 'nobody grants what they do not hold',
    steps: [
      { ask: `POST ${rbac}/namespaces/{ns}/roles`, body: { ...role([{ apiGroups: ['rbac.authorization.k8s.io'], resources: ['roles', 'rolebindings'], verbs: ['create', 'update'] }]), metadata: { name: 'a' } }, status: 201, compare: 'none' },
      { ask: `POST ${rbac}/namespaces/{ns}/rolebindings`, body: binding({}), status: 201, compare: 'none' },
      { ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: { resourceAttributes: { namespace: '{ns}', verb: 'create', group: 'rbac.authorization.k8s.io', resource: 'roles' } } }, as: 'alice', status: 201, until: ['status.allowed', true], compare: 'none' },
      { ask: `POST ${rbac}/namespaces/{ns}/roles`, body: { ...role([{ apiGroups: [''], resources: ['secrets'], verbs: ['get'] }]), metadata: { name: 'b' } }, as: 'alice', status: 403 },
      { ask: `POST ${rbac}/namespaces/{ns}/rolebindings`, body: { ...binding({ roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'view' } }), metadata: { name: 'b' } }, as: 'alice', status: 403, compare: ['reason', 'code'] },
    ]
  },
  { name: 'a review without attributes', steps: [{ ask: 'POST /apis/authorization.k8s.io/v1/selfsubjectaccessreviews', body: { spec: {} }, status: 422, compare: ['reason', 'details.causes'] }] },
  { name: 'a review of nobody', steps: [{ ask: 'POST /apis/authorization.k8s.io/v1/subjectaccessreviews', body: { spec: { resourceAttributes: { verb: 'get', resource: 'pods' } } }, status: 422, compare: ['reason', 'details.causes'] }] },
  {
    name: 'a token for a service account',
    steps: [
      { ask: 'POST /api/v1/namespaces/{ns}/serviceaccounts', body: object('v1', 'ServiceAccount', {}), status: 201, compare: 'none' },
      { ask: 'POST /api/v1/namespaces/{ns}/serviceaccounts/a/token', body: { spec: { expirationSeconds: 3600 } }, status: 201, compare: ['kind', 'spec.expirationSeconds', 'metadata.name'], save: { token: 'status.token' } },
      { ask: 'POST /apis/authentication.k8s.io/v1/tokenreviews', body: { spec: { token: '{token}' } }, status: 201, compare: ['status.authenticated', 'status.user.username', 'status.user.groups'] },
      { ask: 'POST /apis/authentication.k8s.io/v1/tokenreviews', body: { spec: { token: 'x' } }, status: 201, compare: ['status.authenticated', 'status.user'] },
      { ask: 'DELETE /api/v1/namespaces/{ns}/serviceaccounts/a', status: 200, compare: 'none' },
      { ask: 'POST /apis/authentication.k8s.io/v1/tokenreviews', body: { spec: { token: '{token}' } }, status: 201, until: ['status.authenticated', undefined], compare: ['status.authenticated'] },
    ]
  },
  { name: 'a token that is too short', steps: [{ ask: 'GET /api/v1/namespaces/{ns}/serviceaccounts/default', status: 200, until: true, compare: 'none' }, { ask: 'POST /api/v1/namespaces/{ns}/serviceaccounts/default/token', body: { spec: { expirationSeconds: 60 } }, status: 422 }] },
  { name: 'a definition of a kind is not shown to others', steps: [{ ask: `GET ${crds}`, as: 'alice', status: 403 }] },
]
