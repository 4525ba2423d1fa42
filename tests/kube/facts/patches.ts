import type { Fact, Step } from '../types.js'
import { apply, cm, cms, container, defined, deployment, deployments, jsonPatch, merge, pods, pod, service, services, strategic, undefined_, widget, widgets } from './objects.js'

const some: Step = { ask: `POST ${cms}`, body: cm('a', { data: { x: '1', y: '2' } }, { labels: { l: 'm' } }), status: 201, compare: 'none' }
const web: Step = { ask: `POST ${deployments}`, body: deployment('a', { paused: true }), status: 201, compare: 'none' }
const two: Step = { ask: `POST ${deployments}`, body: deployment('a', { paused: true, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container(), container({ name: 'side', image: 'side:1', env: [{ name: 'A', value: '1' }, { name: 'B', value: '2' }], ports: [{ containerPort: 80 }, { containerPort: 81, protocol: 'UDP' }] })] } } }), status: 201, compare: 'none' }
const patch = (type: string, body: unknown, status = 200, more: Partial<Step> = {}): Step => ({ ask: `PATCH ${cms}/a`, type, body, status, ...more })
const patchWeb = (type: string, body: unknown, status = 200, more: Partial<Step> = {}): Step => ({ ask: `PATCH ${deployments}/a`, type, body, status, compare: ['spec', 'metadata.managedFields', 'message', 'reason', 'details'], ...more })

/** The patch formats. */
export const patches: Fact[] = [
  { name: 'merge patch', steps: [some, patch(merge, { data: { z: '3' } })] },
  { name: 'merge patch: null removes', steps: [some, patch(merge, { data: { x: null } })] },
  { name: 'merge patch: null removes all', steps: [some, patch(merge, { data: null, metadata: { labels: null } })] },
  { name: 'merge patch: a list is replaced', steps: [two, patchWeb(merge, { spec: { template: { spec: { containers: [container({ name: 'only' })] } } } })] },
  { name: 'merge patch: nothing', steps: [some, patch(merge, {})] },
  { name: 'merge patch: of what is not there', steps: [patch(merge, {}, 404)] },
  { name: 'merge patch: a list for a patch', steps: [some, patch(merge, [], 400, { compare: ['reason'] })] },
  { name: 'merge patch: no JSON', steps: [some, patch(merge, '{', 400, { compare: ['reason'] })] },
  { name: 'merge patch: an invalid result', steps: [some, patch(merge, { metadata: { labels: { k: 'a b' } } }, 422, { compare: ['reason', 'message'] })] },
  { name: 'merge patch: a wrong type', steps: [some, patch(merge, { data: { x: 1 } }, 422, { compare: ['reason'] })] },
  { name: 'merge patch: another name', steps: [some, patch(merge, { metadata: { name: 'b' } }, 400)] },
  { name: 'merge patch: a stale revision', steps: [some, patch(merge, { metadata: { resourceVersion: '1' } }, 409)] },
  { name: 'merge patch: an unknown field, strict', steps: [some, { ...patch(merge, { foo: 1 }, 422), ask: `PATCH ${cms}/a?fieldValidation=Strict`, compare: ['reason'] }] },
  { name: 'merge patch: an unknown field, warned of', steps: [some, patch(merge, { foo: 1 }, 200, { headers: ['warning'] })] },
  { name: 'merge patch: managed fields', steps: [some, { ...patch(merge, { data: { y: '9' } }), ask: `PATCH ${cms}/a?fieldManager=other` }] },
  { name: 'a dry run of a patch', steps: [some, { ...patch(merge, { data: { z: '3' } }), ask: `PATCH ${cms}/a?dryRun=All` }, { ask: `GET ${cms}/a`, status: 200 }] },

  { name: 'JSON patch', steps: [some, patch(jsonPatch, [{ op: 'add', path: '/data/z', value: '3' }, { op: 'remove', path: '/data/x' }, { op: 'replace', path: '/data/y', value: '4' }])] },
  { name: 'JSON patch: test, copy and move', steps: [some, patch(jsonPatch, [{ op: 'test', path: '/data/x', value: '1' }, { op: 'copy', from: '/data/x', path: '/data/c' }, { op: 'move', from: '/data/y', path: '/data/d' }])] },
  { name: 'JSON patch: a test that fails', steps: [some, patch(jsonPatch, [{ op: 'test', path: '/data/x', value: '2' }], 422, { compare: ['reason', 'code'] })] },
  { name: 'JSON patch: a path that is not there', steps: [some, patch(jsonPatch, [{ op: 'remove', path: '/data/nope' }], 422, { compare: ['reason', 'code'] })] },
  { name: 'JSON patch: a parent that is not there', steps: [some, patch(jsonPatch, [{ op: 'add', path: '/binaryData/x', value: 'AA==' }], 422, { compare: ['reason', 'code'] })] },
  { name: 'JSON patch: into a list', steps: [two, patchWeb(jsonPatch, [{ op: 'add', path: '/spec/template/spec/containers/0', value: container({ name: 'first' }) }, { op: 'add', path: '/spec/template/spec/containers/-', value: container({ name: 'last' }) }, { op: 'remove', path: '/spec/template/spec/containers/1' }])] },
  { name: 'JSON patch: escaped keys', steps: [some, patch(jsonPatch, [{ op: 'add', path: '/metadata/labels/example.com~1x', value: 'y' }])] },
  { name: 'JSON patch: an object for a patch', steps: [some, patch(jsonPatch, {}, 400, { compare: ['reason'] })] },
  { name: 'JSON patch: an unknown operation', steps: [some, patch(jsonPatch, [{ op: 'eat', path: '/data/x' }], 422, { compare: ['reason'] })] },

  { name: 'strategic: a field of a map', steps: [some, patch(strategic, { data: { z: '3', x: null } })] },
  { name: 'strategic: containers by name', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [{ name: 'side', image: 'side:2' }] } } } })] },
  { name: 'strategic: a new container', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [container({ name: 'new' })] } } } })] },
  { name: 'strategic: a container deleted', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [{ name: 'side', $patch: 'delete' }] } } } })] },
  { name: 'strategic: containers replaced', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [{ $patch: 'replace' }, container({ name: 'only' })] } } } })] },
  { name: 'strategic: env by name', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [{ name: 'side', env: [{ name: 'B', value: '3' }, { name: 'C', value: '4' }] }] } } } })] },
  { name: 'strategic: ports by number', steps: [two, patchWeb(strategic, { spec: { template: { spec: { containers: [{ name: 'side', ports: [{ containerPort: 80, name: 'http' }] }] } } } })] },
  { name: 'strategic: an order of elements', steps: [two, patchWeb(strategic, { spec: { template: { spec: { $setElementOrder$: undefined, '$setElementOrder/containers': [{ name: 'side' }, { name: 'main' }], containers: [{ name: 'main', image: 'x' }] } } } })] },
  { name: 'strategic: a map replaced', steps: [web, patchWeb(strategic, { spec: { template: { spec: { nodeSelector: { a: 'b' } } } } }), patchWeb(strategic, { spec: { template: { spec: { nodeSelector: { $patch: 'replace', c: 'd' } } } } })] },
  { name: 'strategic: keys retained', steps: [web, patchWeb(strategic, { spec: { strategy: { $retainKeys: ['type'], type: 'Recreate' } } })] },
  { name: 'strategic: values deleted from a list', steps: [{ ask: `POST ${cms}`, body: cm('a', {}, { finalizers: ['example.com/a', 'example.com/b'] }), status: 201, compare: 'none' }, patch(strategic, { metadata: { '$deleteFromPrimitiveList/finalizers': ['example.com/a'] } }), patch(merge, { metadata: { finalizers: null } }, 200, { compare: 'none' })] },
  { name: 'strategic: a finalizer added', steps: [{ ask: `POST ${cms}`, body: cm('a', {}, { finalizers: ['example.com/a'] }), status: 201, compare: 'none' }, patch(strategic, { metadata: { finalizers: ['example.com/c'] } }), patch(merge, { metadata: { finalizers: null } }, 200, { compare: 'none' })] },
  { name: 'strategic: service ports by port', steps: [{ ask: `POST ${services}`, body: service('a', { ports: [{ name: 'a', port: 80 }, { name: 'b', port: 81 }] }), status: 201, compare: 'none' }, { ask: `PATCH ${services}/a`, type: strategic, body: { spec: { ports: [{ port: 81, targetPort: 8081 }] } }, status: 200 }] },
  { name: 'strategic: an unknown directive', steps: [web, patchWeb(strategic, { spec: { template: { spec: { containers: [{ name: 'main', $patch: 'eat' }] } } } }, 500, { ours: 422, compare: 'none' })] },
  { name: 'strategic: an element without its key', steps: [web, patchWeb(strategic, { spec: { template: { spec: { containers: [{ image: 'x' }] } } } }, 500, { ours: 400, compare: 'none' })] },
  { name: 'strategic: not for custom kinds', steps: [...defined({ spec: { type: 'object' } }), { ask: `POST ${widgets}`, body: widget('a'), status: 201, compare: 'none' }, { ask: `PATCH ${widgets}/a`, type: strategic, body: {}, status: 415 }, undefined_] },
  { name: 'a patch of no known type', steps: [some, patch('application/json', {}, 415, { compare: ['reason', 'code'] })] },
  { name: 'a patch of the status', steps: [{ ask: `POST ${pods}`, body: pod('a'), status: 201, compare: 'none' }, { ask: `PATCH ${pods}/a/status`, type: strategic, body: { status: { phase: 'Running', conditions: [{ type: 'Ready', status: 'True' }] }, spec: { restartPolicy: 'Never' } }, status: 200, compare: ['spec.restartPolicy', 'status.phase', 'status.conditions', 'metadata.managedFields'] }] },
  { name: 'scale is patched', steps: [web, { ask: `PATCH ${deployments}/a/scale`, type: merge, body: { spec: { replicas: 7 } }, status: 200 }, { ask: `GET ${deployments}/a`, status: 200, compare: ['spec.replicas', 'metadata.generation', 'metadata.managedFields'] }] },
  { name: 'scale is put', steps: [web, { ask: `GET ${deployments}/a/scale`, status: 200 }, { ask: `PUT ${deployments}/a/scale`, body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a', namespace: '{ns}' }, spec: { replicas: 3 } }, status: 200 }] },
  { name: 'scale below nothing', steps: [web, { ask: `PUT ${deployments}/a/scale`, body: { apiVersion: 'autoscaling/v1', kind: 'Scale', metadata: { name: 'a', namespace: '{ns}' }, spec: { replicas: -1 } }, status: 422 }] },
]

const applied = (name: string, body: Record<string, unknown>, manager: string, status: number, more: Partial<Step> = {}, force = false): Step =>
  ({ ask: `PATCH ${cms}/${name}?fieldManager=${manager}${force ? '&force=true' : ''}`, type: apply, body: cm(name, body), status, ...more })
const appliedWeb = (spec: Record<string, unknown>, manager: string, status: number, force = false, more: Partial<Step> = {}): Step =>
  ({ ask: `PATCH ${deployments}/a?fieldManager=${manager}${force ? '&force=true' : ''}`, type: apply, body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, spec }, status, compare: ['spec', 'metadata.managedFields', 'metadata.generation', 'message', 'reason', 'details'], ...more })
const full = (more: Record<string, unknown> = {}) => ({ replicas: 2, paused: true, selector: { matchLabels: { app: 'web' } }, template: { metadata: { labels: { app: 'web' } }, spec: { containers: [container({ ports: [{ containerPort: 80 }] })] } }, ...more })

/** Server-side apply: who owns which field. */
export const applies: Fact[] = [
  { name: 'apply creates', steps: [applied('a', { data: { x: '1' } }, 'me', 201)] },
  { name: 'apply twice changes nothing', steps: [applied('a', { data: { x: '1' } }, 'me', 201, { save: { rv: 'metadata.resourceVersion' } }), applied('a', { data: { x: '1' } }, 'me', 200), { ask: `PUT ${cms}/a`, body: cm('a', { data: { x: '1' } }, { resourceVersion: '{rv}' }), status: 200, compare: ['metadata.managedFields'] }] },
  { name: 'apply changes what is its own', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { x: '2' } }, 'me', 200)] },
  { name: 'apply removes what it no longer says', steps: [applied('a', { data: { x: '1', y: '2' } }, 'me', 201), applied('a', { data: { x: '1' } }, 'me', 200)] },
  { name: 'two managers, two fields', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { y: '2' } }, 'you', 200), applied('a', {}, 'me', 200)] },
  { name: 'two managers, one value', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { x: '1' } }, 'you', 200), applied('a', {}, 'me', 200), applied('a', {}, 'you', 200)] },
  { name: 'a conflict', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { x: '2' } }, 'you', 409)] },
  { name: 'two conflicts', steps: [applied('a', { data: { x: '1', y: '1' } }, 'me', 201), applied('a', { data: { x: '2', y: '2' } }, 'you', 409)] },
  { name: 'conflicts with two managers', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { y: '1' } }, 'you', 200), applied('a', { data: { x: '2', y: '2' } }, 'they', 409, { compare: ['reason', 'message'] })] },
  { name: 'force takes the field over', steps: [applied('a', { data: { x: '1' } }, 'me', 201), applied('a', { data: { x: '2' } }, 'you', 200, {}, true), applied('a', {}, 'me', 200)] },
  { name: 'a conflict with an update', steps: [{ ask: `POST ${cms}?fieldManager=editor`, body: cm('a', { data: { x: '1' } }), status: 201 }, applied('a', { data: { x: '2' } }, 'me', 409)] },
  { name: 'an update takes a field away', steps: [applied('a', { data: { x: '1' } }, 'me', 201), { ask: `PATCH ${cms}/a?fieldManager=editor`, type: merge, body: { data: { x: '9' } }, status: 200 }, applied('a', { data: { x: '1' } }, 'me', 409)] },
  { name: 'an update removes a field', steps: [applied('a', { data: { x: '1', y: '2' } }, 'me', 201), { ask: `PATCH ${cms}/a?fieldManager=editor`, type: merge, body: { data: { x: null } }, status: 200 }] },
  { name: 'apply wants a manager', steps: [{ ask: `PATCH ${cms}/a`, type: apply, body: cm('a'), status: 422 }] },
  { name: 'force is for apply alone', steps: [some, { ask: `PATCH ${cms}/a?force=true`, type: merge, body: {}, status: 422 }] },
  { name: 'apply wants no managed fields', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', {}, { managedFields: [{ manager: 'x', operation: 'Apply', apiVersion: 'v1', fieldsType: 'FieldsV1', fieldsV1: {} }] }), status: 400 }] },
  { name: 'apply wants a kind', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: { metadata: { name: 'a' } }, status: 400, compare: ['reason'] }] },
  { name: 'apply of another name', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('b'), status: 400 }] },
  { name: 'apply in YAML', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: 'apiVersion: v1\nkind: ConfigMap\nmetadata:\n  name: a\ndata: {x: "1"}\n', status: 201 }] },
  { name: 'apply: an unknown field', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', { foo: 1 }), status: 500, ours: 400, compare: ['message'] }] },
  { name: 'apply: a dry run', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me&dryRun=All`, type: apply, body: cm('a'), status: 201 }, { ask: `GET ${cms}/a`, status: 404 }] },
  { name: 'apply: labels and annotations', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', {}, { labels: { a: 'b' }, annotations: { 'example.com/x': 'y' } }), status: 201 }] },
  { name: 'apply: finalizers are a set', steps: [{ ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', {}, { finalizers: ['example.com/a'] }), status: 201 }, { ask: `PATCH ${cms}/a?fieldManager=you`, type: apply, body: cm('a', {}, { finalizers: ['example.com/b'] }), status: 200 }, { ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a'), status: 200 }, patch(merge, { metadata: { finalizers: null } }, 200, { compare: 'none' })] },
  { name: 'apply: a Deployment', steps: [appliedWeb(full(), 'me', 201)] },
  { name: 'apply: a container of another manager', steps: [appliedWeb(full(), 'me', 201), appliedWeb({ template: { spec: { containers: [container({ name: 'side' })] } } }, 'you', 200), appliedWeb(full(), 'me', 200), appliedWeb({}, 'you', 200)] },
  { name: 'apply: a field of a shared container', steps: [appliedWeb(full(), 'me', 201), appliedWeb({ template: { spec: { containers: [{ name: 'main', env: [{ name: 'A', value: '1' }] }] } } }, 'you', 200)] },
  { name: 'apply: an image in conflict', steps: [appliedWeb(full(), 'me', 201), appliedWeb({ template: { spec: { containers: [{ name: 'main', image: 'other' }] } } }, 'you', 409)] },
  { name: 'apply: ports have a default in their key', steps: [appliedWeb(full(), 'me', 201), appliedWeb({ template: { spec: { containers: [{ name: 'main', ports: [{ containerPort: 80, protocol: 'UDP' }] }] } } }, 'you', 200)] },
  { name: 'apply: replicas handed over', steps: [appliedWeb(full(), 'me', 201), { ask: `PATCH ${deployments}/a/scale?fieldManager=scaler`, type: merge, body: { spec: { replicas: 5 } }, status: 200, compare: 'none' }, { ask: `GET ${deployments}/a`, status: 200, compare: ['spec.replicas'] }, appliedWeb(full(), 'me', 409)] },
  { name: 'apply: the selector is atomic', steps: [appliedWeb(full(), 'me', 201), appliedWeb({ selector: { matchLabels: { app: 'web' } } }, 'you', 200)] },
  { name: 'apply: status through its subresource', steps: [appliedWeb(full(), 'me', 201), { ask: `PATCH ${deployments}/a/status?fieldManager=controller`, type: apply, body: { apiVersion: 'apps/v1', kind: 'Deployment', metadata: { name: 'a' }, status: { conditions: [{ type: 'Odd', status: 'True' }] } }, status: 200, compare: ['metadata.managedFields'] }] },
  { name: 'apply: status is not taken by the main resource', steps: [{ ask: `PATCH ${deployments}/a?fieldManager=me`, type: apply, body: { ...deployment('a', { paused: true }), status: { replicas: 3 } }, status: 201, compare: ['metadata.managedFields', 'status'] }] },
  { name: 'apply after client-side writes', steps: [{ ask: `POST ${cms}?fieldManager=kubectl-client-side-apply`, body: cm('a', { data: { x: '1' } }), status: 201, compare: 'none' }, applied('a', { data: { x: '1' } }, 'kubectl', 200), applied('a', {}, 'kubectl', 200)] },
  { name: 'managed fields reset', steps: [applied('a', { data: { x: '1' } }, 'me', 201), { ask: `PATCH ${cms}/a`, type: merge, body: { metadata: { managedFields: [{}] } }, status: 200 }, applied('a', { data: { x: '2' } }, 'you', 409)] },
  { name: 'apply with a uid that is another', steps: [applied('a', {}, 'me', 201), { ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', {}, { uid: 'c59ce3a6-7a7b-4a3d-8d3c-1d1a7a1f0000' }), status: 422, compare: ['reason', 'details.causes.0'] }] },
  { name: 'apply with a stale revision', steps: [applied('a', {}, 'me', 201), { ask: `PATCH ${cms}/a?fieldManager=me`, type: apply, body: cm('a', { data: { x: '1' } }, { resourceVersion: '1' }), status: 409 }] },
  {
    name: 'apply of a custom kind',
    steps: [
      ...defined({ spec: { type: 'object', properties: { a: { type: 'string' }, list: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', required: ['name'], properties: { name: { type: 'string' }, value: { type: 'string' } } } }, set: { type: 'array', 'x-kubernetes-list-type': 'set', items: { type: 'string' } }, plain: { type: 'array', items: { type: 'string' } }, atomic: { type: 'object', 'x-kubernetes-map-type': 'atomic', properties: { x: { type: 'string' } } } } } }),
      { ask: `PATCH ${widgets}/a?fieldManager=me`, type: apply, body: widget('a', { spec: { a: '1', list: [{ name: 'x', value: '1' }], set: ['a'], plain: ['a'], atomic: { x: '1' } } }), status: 201 },
      { ask: `PATCH ${widgets}/a?fieldManager=you`, type: apply, body: widget('a', { spec: { list: [{ name: 'y', value: '2' }], set: ['b'] } }), status: 200 },
      { ask: `PATCH ${widgets}/a?fieldManager=you`, type: apply, body: widget('a', { spec: { plain: ['b'], atomic: { x: '2' } } }), status: 409 },
      { ask: `PATCH ${widgets}/a?fieldManager=me`, type: apply, body: widget('a', { spec: { a: '1' } }), status: 200 },
      undefined_,
    ]
  },
]
