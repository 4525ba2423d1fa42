import type { Fact, Step } from '../types.js'
import { cm, cms, deployment, deployments, merge, partial, partialList, pod, pods, service, services, table } from './objects.js'

const make = (name: string, labels: Record<string, string> = {}): Step => ({ ask: `POST ${cms}`, body: cm(name, { data: { x: name } }, { labels }), status: 201, compare: 'none' })
const three: Step[] = [make('a', { app: 'web', tier: 'front' }), make('b', { app: 'web', tier: 'back' }), make('c', { app: 'db' })]
/** Without what the cluster itself keeps in a namespace. */
const mine = 'metadata.name!=kube-root-ca.crt'
const names = (query: string, status = 200): Step => ({ ask: `GET ${cms}?fieldSelector=${mine}&${query}`, accept: partialList, status, ...(status === 200 ? { compare: ['items'] } : {}) })
const readyRoot: Step = { ask: `GET ${cms}/kube-root-ca.crt`, status: 200, until: true, compare: 'none' }

/** Lists, selectors, pages and views. */
export const lists: Fact[] = [
  { name: 'a list', steps: [...three, { ask: `GET ${cms}?fieldSelector=${mine}`, status: 200 }] },
  { name: 'an empty list', steps: [{ ask: 'GET /apis/apps/v1/namespaces/{ns}/deployments', status: 200 }] },
  { name: 'a list in a namespace that is not there', steps: [{ ask: 'GET /api/v1/namespaces/gone/configmaps', status: 200, compare: ['items', 'kind'] }] },
  { name: 'a label selector', steps: [...three, names('labelSelector=app%3Dweb')] },
  { name: 'a selector of two labels', steps: [...three, names('labelSelector=app%3Dweb,tier%3Dback')] },
  { name: 'a selector of unequal values', steps: [...three, names('labelSelector=app!%3Dweb')] },
  { name: 'a selector of a set', steps: [...three, names('labelSelector=app+in+(web,db),tier+notin+(front)')] },
  { name: 'a selector of existence', steps: [...three, names('labelSelector=tier'), names('labelSelector=!tier')] },
  { name: 'a selector of a double equal sign', steps: [...three, names('labelSelector=app%3D%3Ddb')] },
  { name: 'a selector that compares numbers', steps: [make('n1', { size: '1' }), make('n5', { size: '5' }), names('labelSelector=size%3E3')] },
  { name: 'a broken label selector', steps: [names('labelSelector=a%20b%20c', 400)] },
  { name: 'a label selector with a bad value', steps: [names('labelSelector=a%3D%24', 400)] },
  { name: 'a field selector by name', steps: [...three, { ask: `GET ${cms}?fieldSelector=metadata.name%3Db`, accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'a field selector that is not served', steps: [{ ask: `GET ${cms}?fieldSelector=data.x%3Dy`, status: 400 }] },
  { name: 'a broken field selector', steps: [{ ask: `GET ${cms}?fieldSelector=metadata.name`, status: 400 }] },
  { name: 'pods by phase', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `GET ${pods}?fieldSelector=status.phase%3DPending,spec.restartPolicy%3DAlways`, accept: partialList, status: 200, compare: ['items'] }, { ask: `GET ${pods}?fieldSelector=status.phase%3DRunning`, accept: partialList, status: 200, compare: ['items.0'] }] },
  { name: 'secrets by type', steps: [{ ask: 'POST /api/v1/namespaces/{ns}/secrets', body: { metadata: { name: 'a' } }, status: 201, compare: 'none' }, { ask: 'GET /api/v1/namespaces/{ns}/secrets?fieldSelector=type%3DOpaque', accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'namespaces by phase', steps: [{ ask: 'GET /api/v1/namespaces?fieldSelector=status.phase%3DActive,metadata.name%3D{ns}', accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'pages', steps: [...three, readyRoot, { ask: `GET ${cms}?limit=2`, accept: partialList, status: 200, save: { token: 'metadata.continue' } }, { ask: `GET ${cms}?limit=2&continue={token}`, accept: partialList, status: 200 }] },
  { name: 'a page of a selection', steps: [...three, { ask: `GET ${cms}?limit=1&labelSelector=app%3Dweb`, accept: partialList, status: 200, save: { token: 'metadata.continue' } }, { ask: `GET ${cms}?limit=1&labelSelector=app%3Dweb&continue={token}`, accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'pages show one moment', steps: [...three, readyRoot, { ask: `GET ${cms}?limit=1`, accept: partialList, status: 200, compare: 'none', save: { token: 'metadata.continue' } }, { ask: `DELETE ${cms}/c`, status: 200, compare: 'none' }, { ask: `GET ${cms}?limit=5&continue={token}`, accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'a limit above what is there', steps: [...three, readyRoot, { ask: `GET ${cms}?limit=500`, accept: partialList, status: 200 }] },
  { name: 'a token that is none', steps: [{ ask: `GET ${cms}?limit=1&continue=x`, status: 400, compare: ['reason'] }] },
  { name: 'a token with a revision', steps: [...three, readyRoot, { ask: `GET ${cms}?limit=1`, accept: partialList, status: 200, compare: 'none', save: { token: 'metadata.continue' } }, { ask: `GET ${cms}?limit=1&continue={token}&resourceVersion=1`, status: 400, compare: ['reason'] }] },
  { name: 'a limit that is no number', steps: [{ ask: `GET ${cms}?limit=x`, status: 400, compare: ['reason'] }] },
  { name: 'a list at a revision', steps: [make('a'), { ask: `POST ${cms}`, body: cm('b'), status: 201, compare: 'none', save: { rv: 'metadata.resourceVersion' } }, make('c'), { ask: `GET ${cms}?resourceVersion={rv}&resourceVersionMatch=Exact&fieldSelector=${mine}`, accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'a list not older than a revision', steps: [{ ask: `POST ${cms}`, body: cm('a'), status: 201, compare: 'none', save: { rv: 'metadata.resourceVersion' } }, { ask: `GET ${cms}?resourceVersion={rv}&resourceVersionMatch=NotOlderThan&fieldSelector=${mine}`, accept: partialList, status: 200, compare: ['items'] }] },
  { name: 'a match without a revision', steps: [{ ask: `GET ${cms}?resourceVersionMatch=Exact`, status: 422 }] },
  { name: 'an exact match of anything', steps: [{ ask: `GET ${cms}?resourceVersion=0&resourceVersionMatch=Exact`, status: 422 }] },
  { name: 'a match that is none', steps: [{ ask: `GET ${cms}?resourceVersion=1&resourceVersionMatch=About`, status: 422 }] },
  { name: 'a revision that is no number', steps: [{ ask: `GET ${cms}?resourceVersion=x`, status: 400, compare: ['reason'] }] },
  { name: 'a revision of the future', steps: [{ ask: `GET ${cms}?resourceVersion=999999999&timeoutSeconds=1`, status: 504, compare: ['reason', 'details.causes'] }] },
  { name: 'get at a revision', steps: [{ ask: `POST ${cms}`, body: cm('a'), status: 201, compare: 'none', save: { rv: 'metadata.resourceVersion' } }, { ask: `GET ${cms}/a?resourceVersion={rv}`, status: 200, compare: ['metadata.name'] }] },
  { name: 'get of what is not there', steps: [{ ask: `GET ${cms}/gone`, status: 404 }] },
  { name: 'get by a name that could be none', steps: [{ ask: `GET ${cms}/A_b`, status: 404 }] },
  { name: 'an unknown resource', steps: [{ ask: 'GET /api/v1/namespaces/{ns}/things', status: 404, compare: 'none' }] },
  { name: 'an unknown group', steps: [{ ask: 'GET /apis/nothing.example.com/v1/things', status: 404, compare: 'none' }] },
  { name: 'only metadata', steps: [make('a', { app: 'web' }), { ask: `GET ${cms}/a`, accept: partial, status: 200 }] },
  { name: 'only metadata of a list', steps: [...three, { ask: `GET ${cms}?fieldSelector=${mine}`, accept: partialList, status: 200 }] },
  { name: 'a table', steps: [...three, { ask: `GET ${cms}?fieldSelector=${mine}`, accept: table, status: 200, compare: ['kind', 'apiVersion', 'columnDefinitions', 'rows.0.object', 'rows.0.cells.0', 'rows.0.cells.1'] }] },
  { name: 'a table with objects', steps: [make('a'), { ask: `GET ${cms}/a?includeObject=Object`, accept: table, status: 200, compare: ['rows.0.object'] }] },
  { name: 'a table without objects', steps: [make('a'), { ask: `GET ${cms}/a?includeObject=None`, accept: table, status: 200, compare: ['rows.0.object', 'rows.0.cells.0'] }] },
  { name: 'a wrong includeObject', steps: [{ ask: `GET ${cms}?includeObject=All`, accept: table, status: 400, compare: ['reason'] }] },
  { name: 'a media type that is not served', steps: [{ ask: `GET ${cms}`, accept: 'text/html', status: 406, compare: ['reason'] }] },
  { name: 'a view that is not served, and JSON', steps: [{ ask: `GET ${cms}?fieldSelector=${mine}`, accept: 'application/json;as=Chair;v=v1;g=example.com,application/json', status: 200, compare: ['kind'] }] },
  ...['pods', 'services', 'secrets', 'serviceaccounts', 'endpoints', 'events', 'replicationcontrollers', 'limitranges', 'resourcequotas', 'persistentvolumeclaims', 'podtemplates'].map((resource): Fact => ({ name: `columns of ${resource}`, steps: [{ ask: `GET /api/v1/namespaces/{ns}/${resource}?limit=1`, accept: table, status: 200, compare: ['columnDefinitions'] }] })),
  ...['nodes', 'namespaces', 'persistentvolumes'].map((resource): Fact => ({ name: `columns of ${resource}`, steps: [{ ask: `GET /api/v1/${resource}?limit=1`, accept: table, status: 200, compare: ['columnDefinitions'] }] })),
  ...['apps/v1/deployments', 'apps/v1/replicasets', 'apps/v1/statefulsets', 'apps/v1/daemonsets', 'apps/v1/controllerrevisions', 'batch/v1/jobs', 'batch/v1/cronjobs', 'networking.k8s.io/v1/ingresses', 'networking.k8s.io/v1/networkpolicies', 'networking.k8s.io/v1/ingressclasses', 'storage.k8s.io/v1/storageclasses', 'storage.k8s.io/v1/csidrivers', 'storage.k8s.io/v1/csinodes', 'storage.k8s.io/v1/volumeattachments', 'rbac.authorization.k8s.io/v1/roles', 'rbac.authorization.k8s.io/v1/rolebindings', 'rbac.authorization.k8s.io/v1/clusterroles', 'rbac.authorization.k8s.io/v1/clusterrolebindings', 'autoscaling/v2/horizontalpodautoscalers', 'autoscaling/v1/horizontalpodautoscalers', 'policy/v1/poddisruptionbudgets', 'coordination.k8s.io/v1/leases', 'discovery.k8s.io/v1/endpointslices', 'certificates.k8s.io/v1/certificatesigningrequests', 'scheduling.k8s.io/v1/priorityclasses', 'admissionregistration.k8s.io/v1/mutatingwebhookconfigurations', 'admissionregistration.k8s.io/v1/validatingwebhookconfigurations', 'admissionregistration.k8s.io/v1/validatingadmissionpolicies', 'apiextensions.k8s.io/v1/customresourcedefinitions', 'apiregistration.k8s.io/v1/apiservices', 'events.k8s.io/v1/events', 'node.k8s.io/v1/runtimeclasses'].map((path): Fact => ({ name: `columns of ${path}`, steps: [{ ask: `GET /apis/${path}?limit=1`, accept: table, status: 200, compare: ['columnDefinitions'] }] })),
  { name: 'cells of a Deployment', steps: [{ ask: `POST ${deployments}`, body: deployment('a', { paused: true }), status: 201, compare: 'none' }, { ask: `GET ${deployments}/a`, accept: table, status: 200, compare: ['rows.0.cells.0', 'rows.0.cells.1', 'rows.0.cells.5', 'rows.0.cells.6', 'rows.0.cells.7'] }] },
  { name: 'cells of a Pod', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `GET ${pods}/a`, accept: table, status: 200, compare: ['rows.0.cells.0', 'rows.0.cells.1', 'rows.0.cells.2', 'rows.0.cells.3', 'rows.0.cells.5', 'rows.0.cells.6', 'rows.0.cells.7'] }] },
  { name: 'cells of a Service', steps: [{ ask: `POST ${services}`, body: service('a', { ports: [{ name: 'a', port: 80 }, { name: 'b', port: 53, protocol: 'UDP' }] }), status: 201, compare: 'none' }, { ask: `GET ${services}/a`, accept: table, status: 200, compare: ['rows.0.cells.1', 'rows.0.cells.3', 'rows.0.cells.4', 'rows.0.cells.6'] }] },
]

const event = (url: string, events: number, more: Partial<Step> = {}): Step => ({ ask: `GET ${cms}?watch=true&fieldSelector=${mine}&${url}`, events, status: 200, ...more })
const start: Step = { ask: `POST ${cms}`, body: cm('a', { data: { x: '1' } }), status: 201, compare: 'none', save: { rv: 'metadata.resourceVersion' } }

/** Watches. */
export const watches: Fact[] = [
  { name: 'a watch from a revision', steps: [start, { ask: `PATCH ${cms}/a`, type: merge, body: { data: { x: '2' } }, status: 200, compare: 'none' }, make('b'), { ask: `DELETE ${cms}/b`, status: 200, compare: 'none' }, event('resourceVersion={rv}', 3)] },
  { name: 'a watch from now begins with what is there', steps: [start, make('b'), event('', 2)] },
  { name: 'a watch from any revision', steps: [start, event('resourceVersion=0', 1)] },
  { name: 'a watch of a selection sees leaving as deletion', steps: [make('s', { app: 'web' }), { ask: `GET ${cms}/s`, status: 200, compare: 'none', save: { rv: 'metadata.resourceVersion' } }, { ask: `PATCH ${cms}/s`, type: merge, body: { metadata: { labels: { app: 'db' } } }, status: 200, compare: 'none' }, { ask: `PATCH ${cms}/s`, type: merge, body: { metadata: { labels: { app: 'web' } } }, status: 200, compare: 'none' }, { ask: `GET ${cms}?watch=true&labelSelector=app%3Dweb&resourceVersion={rv}`, events: 2, status: 200 }] },
  { name: 'a watch of one object', steps: [start, make('b'), { ask: `PATCH ${cms}/a`, type: merge, body: { data: { x: '2' } }, status: 200, compare: 'none' }, { ask: `GET ${cms}?watch=true&fieldSelector=metadata.name%3Da&resourceVersion={rv}`, events: 1, status: 200 }] },
  { name: 'a watch of metadata', steps: [start, make('b'), event('resourceVersion={rv}', 1, { accept: partial })] },
  { name: 'a watch of tables', steps: [start, make('b'), make('c'), event('resourceVersion={rv}', 2, { accept: table, compare: ['events.0.type', 'events.0.object.kind', 'events.0.object.columnDefinitions.0.name', 'events.1.object.columnDefinitions', 'events.1.object.rows.0.cells.0'] })] },
  { name: 'initial events with an end mark', steps: [start, event('sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true', 2)] },
  { name: 'initial events want a match', steps: [{ ask: `GET ${cms}?watch=true&sendInitialEvents=true`, status: 422 }] },
  { name: 'a match wants initial events', steps: [{ ask: `GET ${cms}?watch=true&resourceVersionMatch=NotOlderThan&resourceVersion=1`, status: 422 }] },
  { name: 'no initial events', steps: [start, make('b'), event('sendInitialEvents=false&resourceVersionMatch=NotOlderThan&resourceVersion={rv}', 1)] },
  { name: 'a watch ends by its timeout', steps: [start, { ask: `GET ${cms}?watch=true&resourceVersion={rv}&timeoutSeconds=1`, status: 200, compare: 'none' }] },
  { name: 'a watch from a revision of long ago', steps: [{ ask: 'GET /api/v1/namespaces/{ns}/configmaps?watch=true&resourceVersion=x', status: 500, ours: 400, compare: 'none' }] },
  { name: 'the old path of a watch', steps: [start, { ask: 'GET /api/v1/watch/namespaces/{ns}/configmaps/a?resourceVersion=0', events: 1, status: 200, compare: ['events.0.type', 'events.0.object.metadata.name'] }] },
  { name: 'a finalizer shows as a modification', steps: [{ ask: `POST ${cms}`, body: cm('f', {}, { finalizers: ['example.com/x'] }), status: 201, compare: 'none', save: { rv: 'metadata.resourceVersion' } }, { ask: `DELETE ${cms}/f`, status: 200 }, { ask: `PATCH ${cms}/f`, type: merge, body: { metadata: { finalizers: null } }, status: 200 }, event('resourceVersion={rv}', 2)] },
]
