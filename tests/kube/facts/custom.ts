import type { Fact, Step } from '../types.js'
import { crd, crdName, crds, defined, merge, table, undefined_, widget, widgets } from './objects.js'

const spec = (properties: Record<string, unknown>, more: Record<string, unknown> = {}) => ({ spec: { type: 'object', properties, ...more } })
const refused = (name: string, properties: Record<string, unknown>, version = {}, more = {}): Fact => ({ name: `a definition: ${name}`, steps: [{ ask: `POST ${crds}`, body: crd(properties, version, more), status: 422, compare: ['reason', 'details.causes.0.field', 'details.causes.0.reason'] }] })
const post = (body: Record<string, unknown>, status = 201, more: Partial<Step> = {}): Step => ({ ask: `POST ${widgets}`, body: widget('a', body), status, ...more })
const withSpec = (name: string, properties: Record<string, unknown>, ...steps: Step[]): Fact => ({ name: `a custom kind: ${name}`, steps: [...defined(spec(properties)), ...steps, undefined_] })
const text = { type: 'string' }

/** CustomResourceDefinitions and the kinds they define. */
export const custom: Fact[] = [
  { name: 'a definition with its defaults', steps: [{ ask: `POST ${crds}`, body: crd(spec({ a: text })), status: 201, compare: ['spec', 'metadata.name', 'metadata.generation'] }, { ask: `GET ${crds}/${crdName}`, status: 200, until: ['status.conditions.1.status', 'True'], compare: ['status.acceptedNames', 'status.storedVersions', 'status.conditions'] }, undefined_] },
  { name: 'a definition in discovery', steps: [...defined(spec({ a: text })), { ask: 'GET /apis/{ns}.example.com/v1', status: 200, compare: ['kind', 'groupVersion', 'resources.0.name', 'resources.0.singularName', 'resources.0.namespaced', 'resources.0.kind', 'resources.0.verbs', 'resources.0.shortNames', 'resources.1'] }, { ask: 'GET /apis/{ns}.example.com', status: 200 }, undefined_] },
  refused('no schema', {}, { schema: undefined }),
  refused('a field without a type', spec({ a: {} })),
  refused('a list without items', spec({ a: { type: 'array' } })),
  refused('an unknown type', spec({ a: { type: 'thing' } })),
  refused('a reference', spec({ a: { $ref: '#/x' } })),
  refused('properties and additional ones', spec({ a: { type: 'object', properties: { b: text }, additionalProperties: text } })),
  refused('a default that does not fit', spec({ a: { type: 'integer', default: 'x' } })),
  refused('a broken pattern', spec({ a: { type: 'string', pattern: '(' } })),
  refused('a map list without keys', spec({ a: { type: 'array', 'x-kubernetes-list-type': 'map', items: { type: 'object', properties: { name: text } } } })),
  refused('an optional key without a default', spec({ a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', properties: { name: text } } } })),
  refused('another name', spec({}), {}, { names: { plural: 'gadgets', kind: 'Gadget' } }),
  refused('no kind', spec({}), {}, { names: { plural: 'widgets' } }),
  refused('an unknown scope', spec({}), {}, { scope: 'Somewhere' }),
  refused('no versions', spec({}), {}, { versions: [] }),
  refused('no stored version', spec({}), { storage: false }),
  refused('a version twice', spec({}), {}, { versions: ['v1', 'v1'].map((name, i) => ({ name, served: true, storage: i === 0, schema: { openAPIV3Schema: { type: 'object' } } })) }),
  refused('a broken column', spec({}), { additionalPrinterColumns: [{ name: 'A', type: 'thing', jsonPath: '.a' }] }),
  refused('a broken scale', spec({}), { subresources: { scale: { specReplicasPath: 'x', statusReplicasPath: '.status.replicas' } } }),
  refused('a rule that does not compile', spec({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self.b > 1' }] } })),
  refused('a rule that is no condition', spec({ a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self + 1' }] } })),
  withSpec('created and read', { a: text }, post({ spec: { a: 'x' } }), { ask: `GET ${widgets}/a`, status: 200 }, { ask: `GET ${widgets}`, status: 200 }),
  withSpec('empty maps and lists of its metadata', { a: text }, { ask: `POST ${widgets}`, body: { ...widget('a', { spec: { a: 'x' } }), metadata: { name: 'a', annotations: {}, labels: {}, finalizers: [] } }, status: 201 }, { ask: `GET ${widgets}/a`, status: 200 }, { ask: `PATCH ${widgets}/a`, type: merge, body: { metadata: { annotations: { x: null } } }, status: 200 }),
  withSpec('unknown fields are dropped', { a: text }, post({ spec: { a: 'x', b: 'y' }, foo: 1 }, 201, { headers: ['warning'] })),
  withSpec('unknown fields, strict', { a: text }, { ...post({ spec: { a: 'x', b: 'y' } }, 400), ask: `POST ${widgets}?fieldValidation=Strict` }),
  withSpec('unknown fields preserved', { a: { type: 'object', 'x-kubernetes-preserve-unknown-fields': true } }, post({ spec: { a: { b: { c: 1 } } } })),
  withSpec('defaults', { a: { type: 'string', default: 'x' }, b: { type: 'object', default: {}, properties: { c: { type: 'integer', default: 3 } } } }, post({ spec: {} }), post({}, 409)),
  withSpec('a wrong type', { a: { type: 'integer' } }, post({ spec: { a: 'x' } }, 422)),
  withSpec('a required field', { a: { type: 'object', required: ['b'], properties: { b: text } } }, post({ spec: { a: {} } }, 422)),
  withSpec('an enumeration', { a: { type: 'string', enum: ['x', 'y'] } }, post({ spec: { a: 'z' } }, 422)),
  withSpec('a pattern', { a: { type: 'string', pattern: '^x+$' } }, post({ spec: { a: 'y' } }, 422)),
  withSpec('bounds', { a: { type: 'integer', minimum: 1, maximum: 3 }, b: { type: 'string', maxLength: 2 }, c: { type: 'array', maxItems: 1, items: text } }, post({ spec: { a: 4 } }, 422), post({ spec: { b: 'xxx' } }, 422), post({ spec: { c: ['a', 'b'] } }, 422)),
  withSpec('a format', { a: { type: 'string', format: 'date-time' } }, post({ spec: { a: 'yesterday' } }, 422)),
  withSpec('a number or a text', { a: { 'x-kubernetes-int-or-string': true } }, post({ spec: { a: '50%' } }), { ...post({ spec: { a: true } }, 422), body: widget('b', { spec: { a: true } }) }),
  withSpec('an item twice in a set', { a: { type: 'array', 'x-kubernetes-list-type': 'set', items: text } }, post({ spec: { a: ['x', 'x'] } }, 422)),
  withSpec('a key twice in a map list', { a: { type: 'array', 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['name'], items: { type: 'object', required: ['name'], properties: { name: text } } } }, post({ spec: { a: [{ name: 'x' }, { name: 'x' }] } }, 422)),
  withSpec('null where it may be', { a: { type: 'string', nullable: true }, b: text }, post({ spec: { a: null, b: null } })),
  withSpec('an update wants a revision', { a: text }, post({ spec: { a: 'x' } }), { ask: `PUT ${widgets}/a`, body: widget('a', { spec: { a: 'y' } }), status: 422 }),
  withSpec('a merge patch', { a: text, b: text }, post({ spec: { a: 'x' } }, 201, { compare: 'none' }), { ask: `PATCH ${widgets}/a`, type: merge, body: { spec: { b: 'y' } }, status: 200 }),
  withSpec('a wrong patch', { a: { type: 'integer' } }, post({ spec: { a: 1 } }, 201, { compare: 'none' }), { ask: `PATCH ${widgets}/a`, type: merge, body: { spec: { a: 'x' } }, status: 422 }),
  withSpec('a rule', { a: { type: 'object', properties: { min: { type: 'integer' }, max: { type: 'integer' } }, 'x-kubernetes-validations': [{ rule: 'self.min <= self.max', message: 'min must not be above max' }] } }, post({ spec: { a: { min: 3, max: 2 } } }, 422), post({ spec: { a: { min: 1, max: 2 } } })),
  withSpec('a rule without a message', { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 3' }] } }, post({ spec: { a: 3 } }, 422)),
  withSpec('a rule with a message that is made', { a: { type: 'integer', 'x-kubernetes-validations': [{ rule: 'self > 3', messageExpression: '"must be above " + "3"', reason: 'FieldValueForbidden' }] } }, post({ spec: { a: 3 } }, 422)),
  withSpec('a rule about a change', { a: { type: 'string', 'x-kubernetes-validations': [{ rule: 'self == oldSelf', message: 'a stays' }] } }, post({ spec: { a: 'x' } }), { ask: `PATCH ${widgets}/a`, type: merge, body: { spec: { a: 'y' } }, status: 422 }),
  withSpec('a rule about every item', { a: { type: 'array', maxItems: 10, items: { type: 'string', maxLength: 20 }, 'x-kubernetes-validations': [{ rule: "self.all(x, x.startsWith('a'))", message: 'all begin with a' }] } }, post({ spec: { a: ['ab', 'b'] } }, 422)),
  {
    name: 'a custom kind: status',
    steps: [
      ...defined({ spec: { type: 'object', properties: { a: text } }, status: { type: 'object', properties: { b: text } } }, { subresources: { status: {} } }),
      post({ spec: { a: 'x' }, status: { b: 'y' } }),
      { ask: `PATCH ${widgets}/a/status`, type: merge, body: { spec: { a: 'z' }, status: { b: 'w' } }, status: 200 },
      { ask: `PATCH ${widgets}/a`, type: merge, body: { status: { b: 'no' } }, status: 200 },
      undefined_,
    ]
  },
  { name: 'a custom kind: no status to write', steps: [...defined(spec({ a: text })), post({ spec: { a: 'x' } }, 201, { compare: 'none' }), { ask: `PATCH ${widgets}/a/status`, type: merge, body: {}, status: 404, compare: 'none' }, undefined_] },
  {
    name: 'a custom kind: scale',
    steps: [
      ...defined({ spec: { type: 'object', properties: { replicas: { type: 'integer' } } }, status: { type: 'object', properties: { replicas: { type: 'integer' }, selector: text } } }, { subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas', labelSelectorPath: '.status.selector' } } }),
      post({ spec: { replicas: 2 } }, 201, { compare: 'none' }),
      { ask: `PATCH ${widgets}/a/status`, type: merge, body: { status: { replicas: 1, selector: 'a=b' } }, status: 200, compare: 'none' },
      { ask: `GET ${widgets}/a/scale`, status: 200 },
      { ask: `PATCH ${widgets}/a/scale`, type: merge, body: { spec: { replicas: 5 } }, status: 200 },
      { ask: `GET ${widgets}/a`, status: 200, compare: ['spec', 'metadata.generation', 'metadata.managedFields'] },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: columns',
    steps: [
      ...defined(spec({ a: text, n: { type: 'integer' } }), { additionalPrinterColumns: [{ name: 'A', type: 'string', jsonPath: '.spec.a', description: 'the a' }, { name: 'N', type: 'integer', jsonPath: '.spec.n', priority: 1 }, { name: 'Age', type: 'date', jsonPath: '.metadata.creationTimestamp' }] }),
      post({ spec: { a: 'x', n: 3 } }, 201, { compare: 'none' }),
      { ask: `GET ${widgets}`, accept: table, status: 200, compare: ['columnDefinitions', 'rows.0.cells.0', 'rows.0.cells.1', 'rows.0.cells.2'] },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: two versions',
    steps: [
      { ask: `POST ${crds}`, body: crd({}, {}, { versions: ['v1', 'v1beta1'].map((name, i) => ({ name, served: true, storage: i === 0, schema: { openAPIV3Schema: { type: 'object', properties: spec({ a: text }) } } })) }), status: 201, compare: 'none' },
      { ask: `GET ${widgets}`, status: 200, until: true, compare: 'none' },
      { ask: 'POST /apis/{ns}.example.com/v1beta1/namespaces/{ns}/widgets', body: { apiVersion: '{ns}.example.com/v1beta1', kind: 'Widget', metadata: { name: 'a' }, spec: { a: 'x' } }, status: 201 },
      { ask: `GET ${widgets}/a`, status: 200, compare: ['apiVersion', 'spec'] },
      { ask: 'GET /apis/{ns}.example.com/v1beta1/namespaces/{ns}/widgets', status: 200, compare: ['apiVersion', 'items.0.apiVersion', 'items.0.spec'] },
      { ask: 'GET /apis/{ns}.example.com', status: 200 },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: each version shows what it knows',
    steps: [
      { ask: `POST ${crds}`, body: crd({}, {}, { versions: Object.entries({ v1: { a: text, b: text }, v1beta1: { a: text, c: { ...text, default: 'filled' } } }).map(([name, properties], i) => ({ name, served: true, storage: i === 0, schema: { openAPIV3Schema: { type: 'object', properties: spec(properties) } } })) }), status: 201, compare: 'none' },
      { ask: `GET ${widgets}`, status: 200, until: true, compare: 'none' },
      { ask: `POST ${widgets}`, body: { ...widget('a'), spec: { a: 'x', b: 'y' } }, status: 201, compare: 'none' },
      { ask: 'GET /apis/{ns}.example.com/v1beta1/namespaces/{ns}/widgets/a', status: 200, compare: ['apiVersion', 'spec'] },
      { ask: 'GET /apis/{ns}.example.com/v1beta1/namespaces/{ns}/widgets', status: 200, compare: ['items.0.spec'] },
      { ask: 'PATCH /apis/{ns}.example.com/v1beta1/namespaces/{ns}/widgets/a', type: 'application/merge-patch+json', body: { metadata: { labels: { l: '1' } } }, status: 200, compare: ['spec.a', 'spec.b', 'metadata.labels'] },
      { ask: `GET ${widgets}/a`, status: 200, compare: ['apiVersion', 'spec.a', 'spec.b', 'metadata.labels'] },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: a version that is not served',
    steps: [
      { ask: `POST ${crds}`, body: crd({}, {}, { versions: ['v1', 'v2'].map((name, i) => ({ name, served: i === 0, storage: i === 0, schema: { openAPIV3Schema: { type: 'object' } } })) }), status: 201, compare: 'none' },
      { ask: `GET ${widgets}`, status: 200, until: true, compare: 'none' },
      { ask: 'GET /apis/{ns}.example.com/v2/namespaces/{ns}/widgets', status: 404, compare: 'none' },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: a changed schema holds at once',
    steps: [
      ...defined(spec({ a: text })),
      { ask: `PATCH ${crds}/${crdName}`, type: 'application/json-patch+json', body: [{ op: 'replace', path: '/spec/versions/0/schema/openAPIV3Schema/properties/spec/properties/a', value: { type: 'string', enum: ['x'] } }], status: 200, compare: ['metadata.generation'] },
      { ask: `POST ${widgets}?dryRun=All`, body: widget('a', { spec: { a: 'y' } }), status: 422, until: true, compare: ['reason', 'message'] },
      undefined_,
    ]
  },
  { name: 'a custom kind: withdrawn', steps: [...defined(spec({ a: text })), post({ spec: { a: 'x' } }, 201, { compare: 'none' }), { ...undefined_ }, { ask: `GET ${widgets}`, status: 404, until: true, compare: 'none' }] },
  {
    name: 'a custom kind: cluster scope',
    steps: [
      { ask: `POST ${crds}`, body: crd(spec({ a: text }), {}, { scope: 'Cluster' }), status: 201, compare: 'none' },
      { ask: 'GET /apis/{ns}.example.com/v1/widgets', status: 200, until: true, compare: 'none' },
      { ask: 'POST /apis/{ns}.example.com/v1/widgets', body: widget('a', { spec: { a: 'x' } }), status: 201 },
      { ask: `GET ${widgets}`, status: 404, compare: 'none' },
      undefined_,
    ]
  },
  {
    name: 'a custom kind: selectable fields',
    steps: [
      ...defined(spec({ a: text }), { selectableFields: [{ jsonPath: '.spec.a' }] }),
      post({ spec: { a: 'x' } }, 201, { compare: 'none' }),
      { ask: `GET ${widgets}?fieldSelector=spec.a%3Dx`, status: 200, compare: ['items.0.metadata.name'] },
      { ask: `GET ${widgets}?fieldSelector=spec.a%3Dy`, status: 200, compare: ['items'] },
      { ask: `GET ${widgets}?fieldSelector=spec.b%3Dy`, status: 400, compare: ['reason', 'message'] },
      undefined_,
    ]
  },
]
