import type { Fact, Step } from '../types.js'
import { cm, cms, deployment, deployments, merge, pod, pods, template } from './objects.js'

const some = (name = 'a', metadata = {}): Step => ({ ask: `POST ${cms}`, body: cm(name, {}, metadata), status: 201, compare: 'none', save: { uid: 'metadata.uid', rv: 'metadata.resourceVersion' } })
const held = some('a', { finalizers: ['example.com/x'] })
const free: Step = { ask: `PATCH ${cms}/a`, type: merge, body: { metadata: { finalizers: null } }, status: 200, compare: 'none' }
const options = (more: Record<string, unknown>) => ({ kind: 'DeleteOptions', apiVersion: 'v1', ...more })
const owned = (name: string, more = {}): Step => ({ ask: `POST ${cms}`, body: cm(name, {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '{uid}', ...more }] }), status: 201, compare: 'none' })
const gone = (name: string): Step => ({ ask: `GET ${cms}/${name}`, status: 404, until: true, compare: ['reason'] })

const named = (body: Record<string, unknown>, name = 'a') => ({ metadata: { name }, ...body })
const selector = { matchLabels: { app: 'web' } }
const core = '/api/v1/namespaces/{ns}'
const inGroup = (group: string) => `/apis/${group}/namespaces/{ns}`
/** One object of many kinds: some answer the object that has gone, some a Status. */
const answers: readonly (readonly [string, Record<string, unknown>])[] = [
  [`${core}/secrets`, named({})],
  [`${core}/services`, named({ spec: { ports: [{ port: 80 }] } })],
  [`${core}/endpoints`, named({})],
  [`${core}/limitranges`, named({ spec: { limits: [] } })],
  [`${core}/resourcequotas`, named({})],
  [`${core}/podtemplates`, named({ template: template() })],
  [`${core}/replicationcontrollers`, named({ spec: { replicas: 0, selector: { app: 'web' }, template: template() } })],
  ['/api/v1/persistentvolumes', named({ spec: { capacity: { storage: '1Gi' }, accessModes: ['ReadWriteOnce'], hostPath: { path: '/x' } } }, '{ns}')],
  ['/api/v1/nodes', named({}, '{ns}')],
  [`${inGroup('apps/v1')}/statefulsets`, named({ spec: { replicas: 0, serviceName: 'a', selector, template: template() } })],
  [`${inGroup('apps/v1')}/replicasets`, named({ spec: { replicas: 0, selector, template: template() } })],
  [`${inGroup('apps/v1')}/controllerrevisions`, named({ revision: 1, data: { a: 'b' } })],
  [`${inGroup('batch/v1')}/cronjobs`, named({ spec: { suspend: true, schedule: '* * * * *', jobTemplate: { spec: { template: template({}, { restartPolicy: 'Never' }) } } } })],
  [`${inGroup('networking.k8s.io/v1')}/networkpolicies`, named({ spec: { podSelector: {} } })],
  [`${inGroup('rbac.authorization.k8s.io/v1')}/roles`, named({ rules: [] })],
  [`${inGroup('policy/v1')}/poddisruptionbudgets`, named({ spec: { minAvailable: 1, selector } })],
  [`${inGroup('autoscaling/v2')}/horizontalpodautoscalers`, named({ spec: { maxReplicas: 3, scaleTargetRef: { apiVersion: 'apps/v1', kind: 'Deployment', name: 'a' } } })],
  [`${inGroup('coordination.k8s.io/v1')}/leases`, named({ spec: {} })],
  [`${inGroup('discovery.k8s.io/v1')}/endpointslices`, named({ addressType: 'IPv4', endpoints: [] })],
  ['/apis/storage.k8s.io/v1/csidrivers', named({ spec: {} }, '{ns}')],
  ['/apis/scheduling.k8s.io/v1/priorityclasses', named({ value: 1 }, '{ns}')],
  ['/apis/networking.k8s.io/v1/ingressclasses', named({ spec: { controller: 'example.com/x' } }, '{ns}')],
  ['/apis/node.k8s.io/v1/runtimeclasses', named({ handler: 'x' }, '{ns}')],
  ['/apis/rbac.authorization.k8s.io/v1/clusterroles', named({ rules: [] }, '{ns}')],
  ['/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', named({}, '{ns}')],
]

/** Deletion, finalizers, owners, namespaces. */
export const deletes: Fact[] = [
  { name: 'delete answers a Status', steps: [some(), { ask: `DELETE ${cms}/a`, status: 200 }, { ask: `GET ${cms}/a`, status: 404 }] },
  { name: 'delete of what is not there', steps: [{ ask: `DELETE ${cms}/a`, status: 404 }] },
  { name: 'delete in a dry run', steps: [some(), { ask: `DELETE ${cms}/a?dryRun=All`, status: 200 }, { ask: `GET ${cms}/a`, status: 200 }] },
  { name: 'delete with a dry run in its options', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ dryRun: ['All'] }), status: 200, compare: 'none' }, { ask: `GET ${cms}/a`, status: 200, compare: 'none' }] },
  { name: 'delete with a right uid', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ preconditions: { uid: '{uid}' } }), status: 200 }] },
  { name: 'delete with a wrong uid', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ preconditions: { uid: 'x' } }), status: 409 }] },
  { name: 'delete with a wrong revision', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ preconditions: { resourceVersion: '1' } }), status: 409, compare: ['reason', 'details.name'] }] },
  { name: 'delete with a right revision', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ preconditions: { resourceVersion: '{rv}' } }), status: 200, compare: 'none' }] },
  { name: 'delete with an unknown policy', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ propagationPolicy: 'Magic' }), status: 422 }] },
  { name: 'delete with two policies', steps: [some(), { ask: `DELETE ${cms}/a`, body: options({ propagationPolicy: 'Orphan', orphanDependents: true }), status: 422 }] },
  { name: 'delete with a body of another kind', steps: [some(), { ask: `DELETE ${cms}/a`, body: { kind: 'Pod', apiVersion: 'v1' }, status: 500, ours: 400, compare: 'none' }] },
  { name: 'a finalizer holds an object', steps: [held, { ask: `DELETE ${cms}/a`, status: 200 }, { ask: `GET ${cms}/a`, status: 200 }, { ask: `DELETE ${cms}/a`, status: 200 }, free, gone('a')] },
  { name: 'no finalizer joins an object on its end', steps: [held, { ask: `DELETE ${cms}/a`, status: 200, compare: 'none' }, { ask: `PATCH ${cms}/a`, type: merge, body: { metadata: { finalizers: ['example.com/x', 'example.com/y'] } }, status: 422, compare: ['reason', 'message'] }, free] },
  { name: 'an object on its end may still change', steps: [held, { ask: `DELETE ${cms}/a`, status: 200, compare: 'none' }, { ask: `PATCH ${cms}/a`, type: merge, body: { data: { x: '1' } }, status: 200 }, free] },
  { name: 'a name is free again after its end', steps: [held, { ask: `DELETE ${cms}/a`, status: 200, compare: 'none' }, { ask: `POST ${cms}`, body: cm('a'), status: 409 }, free, { ask: `POST ${cms}`, body: cm('a'), status: 201, compare: ['metadata.name'] }] },
  { name: 'dependents go with their owner', steps: [some(), owned('b'), owned('c'), { ask: `DELETE ${cms}/a`, status: 200, compare: 'none' }, gone('b'), gone('c')] },
  { name: 'dependents are orphaned', steps: [some(), owned('b'), { ask: `DELETE ${cms}/a`, body: options({ propagationPolicy: 'Orphan' }), status: 200, compare: 'none' }, gone('a'), { ask: `GET ${cms}/b`, status: 200, until: ['metadata.ownerReferences', undefined], compare: ['metadata.ownerReferences'] }] },
  { name: 'dependents go first', steps: [some(), owned('b', { blockOwnerDeletion: true }), { ask: `DELETE ${cms}/a`, body: options({ propagationPolicy: 'Foreground' }), status: 200, compare: ['metadata.finalizers', 'kind'] }, gone('b'), gone('a')] },
  { name: 'an owner that is not there', steps: [{ ask: `POST ${cms}`, body: cm('b', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'nobody', uid: 'c59ce3a6-7a7b-4a3d-8d3c-1d1a7a1f0000' }] }), status: 201, compare: 'none' }, gone('b')] },
  { name: 'an owner of two that stays', steps: [some(), { ask: `POST ${cms}`, body: cm('o'), status: 201, compare: 'none', save: { other: 'metadata.uid' } }, { ask: `POST ${cms}`, body: cm('b', {}, { ownerReferences: [{ apiVersion: 'v1', kind: 'ConfigMap', name: 'a', uid: '{uid}' }, { apiVersion: 'v1', kind: 'ConfigMap', name: 'o', uid: '{other}' }] }), status: 201, compare: 'none' }, { ask: `DELETE ${cms}/a`, status: 200, compare: 'none' }, { ask: `GET ${cms}/b`, status: 200, until: ['metadata.ownerReferences.1', undefined], compare: ['metadata.ownerReferences.0.name'] }] },
  { name: 'a collection', steps: [some('x', { labels: { a: 'b' } }), some('y', { labels: { a: 'b' } }), some('z'), { ask: `DELETE ${cms}?labelSelector=a%3Db`, status: 200, compare: ['kind', 'items.0.metadata.name', 'items.1.metadata.name', 'items.2'] }, { ask: `GET ${cms}/x`, status: 404 }, { ask: `GET ${cms}/z`, status: 200, compare: 'none' }] },
  { name: 'a collection across namespaces', steps: [{ ask: 'DELETE /api/v1/configmaps', status: 405 }] },
  {
    name: 'a namespace takes all with it',
    steps: [
      { ask: 'POST /api/v1/namespaces', body: { metadata: { name: '{ns}-2' } }, status: 201 },
      { ask: 'POST /api/v1/namespaces/{ns}-2/configmaps', body: cm('a', {}, { finalizers: ['example.com/x'] }), status: 201, compare: 'none' },
      { ask: 'DELETE /api/v1/namespaces/{ns}-2', status: 200 },
      { ask: 'POST /api/v1/namespaces/{ns}-2/configmaps', body: cm('b'), status: 403 },
      { ask: 'GET /api/v1/namespaces/{ns}-2/configmaps/a', status: 200, until: ['metadata.deletionGracePeriodSeconds', 0], compare: ['metadata.finalizers'] },
      { ask: 'GET /api/v1/namespaces/{ns}-2', status: 200, until: ['status.phase', 'Terminating'], compare: ['status.phase', 'spec'] },
      { ask: 'PATCH /api/v1/namespaces/{ns}-2/configmaps/a', type: merge, body: { metadata: { finalizers: null } }, status: 200, compare: 'none' },
    ]
  },
  { name: 'a namespace with its defaults', steps: [{ ask: 'GET /api/v1/namespaces/{ns}', status: 200 }] },
  { name: 'a namespace that must stay', steps: [{ ask: 'DELETE /api/v1/namespaces/kube-system', status: 403 }] },
  { name: 'namespaces are no collection', steps: [{ ask: 'DELETE /api/v1/namespaces', status: 405 }] },
  { name: 'a namespace is filled', steps: [{ ask: 'GET /api/v1/namespaces/{ns}/serviceaccounts/default', status: 200, until: true }, { ask: `GET ${cms}/kube-root-ca.crt`, status: 200, until: true, compare: ['metadata.annotations', 'metadata.name'] }] },
  { name: 'the default service account comes back', steps: [{ ask: 'GET /api/v1/namespaces/{ns}/serviceaccounts/default', status: 200, until: true, compare: 'none' }, { ask: 'DELETE /api/v1/namespaces/{ns}/serviceaccounts/default', status: 200, compare: ['kind'] }, { ask: 'GET /api/v1/namespaces/{ns}/serviceaccounts/default', status: 200, until: true, compare: ['metadata.name'] }] },
  { name: 'a Pod without a node goes at once', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `DELETE ${pods}/a`, status: 200, compare: ['metadata.deletionGracePeriodSeconds', 'kind', 'metadata.name'] }, { ask: `GET ${pods}/a`, status: 404 }] },
  { name: 'a Pod on a node waits for it', steps: [{ ask: `POST ${pods}`, body: pod('a', { nodeName: 'n1' }), status: 201, compare: 'none' }, { ask: `DELETE ${pods}/a`, status: 200, compare: ['metadata.deletionGracePeriodSeconds', 'kind'] }, { ask: `DELETE ${pods}/a`, body: options({ gracePeriodSeconds: 0 }), status: 200, compare: ['kind'] }, { ask: `GET ${pods}/a`, status: 404, until: true, compare: ['reason'] }] },
  { name: 'a Pod is evicted', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `POST ${pods}/a/eviction`, body: { apiVersion: 'policy/v1', kind: 'Eviction', metadata: { name: 'a', namespace: '{ns}' } }, status: 201 }, { ask: `GET ${pods}/a`, status: 404, until: true, compare: 'none' }] },
  { name: 'a Pod is bound', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `POST ${pods}/a/binding`, body: { apiVersion: 'v1', kind: 'Binding', metadata: { name: 'a' }, target: { apiVersion: 'v1', kind: 'Node', name: 'n1' } }, status: 201 }, { ask: `GET ${pods}/a`, status: 200, compare: ['spec.nodeName', 'status.conditions.0.type'] }, { ask: `DELETE ${pods}/a?gracePeriodSeconds=0`, status: 200, compare: 'none' }] },
  ...answers.map(([url, body]): Fact => ({ name: `what deletion answers: ${url}`, steps: [{ ask: `POST ${url}`, body, status: 201, compare: 'none' }, { ask: `DELETE ${url}/${url.includes('{ns}') ? 'a' : '{ns}'}`, status: 200, compare: ['kind'] }] })),
  { name: 'a Deployment goes with what it owns', steps: [{ ask: `POST ${deployments}`, body: deployment('a', { paused: true }), status: 201, compare: 'none', save: { uid: 'metadata.uid' } }, { ask: `POST ${cms}`, body: cm('d', {}, { ownerReferences: [{ apiVersion: 'apps/v1', kind: 'Deployment', name: 'a', uid: '{uid}', controller: true }] }), status: 201, compare: 'none' }, { ask: `DELETE ${deployments}/a`, status: 200, compare: ['kind', 'status', 'details.kind', 'details.group'] }, gone('d')] },
]
