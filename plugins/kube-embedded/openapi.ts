import { createHash } from 'node:crypto'
import { isRecord } from './body.js'
import { jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import type { Rows } from './rows.js'
import { apiVersion, noSuchResource } from './status.js'

type Schema = Record<string, unknown>

const pathOf = (group: string, version: string) => group ? `apis/${group}/${version}` : `api/${version}`

/** `io.kubesphere.iam.v1alpha2.User`, `io.k8s.api.apps.v1.Deployment`. */
function schemaName ({ group, version, kind, crd }: KindRow): string {
  if (crd) return `${group.split('.').reverse().join('.')}.${version}.${kind}`
  return `io.k8s.api.${(group || 'core').split('.')[0] ?? ''}.${version}.${kind}`
}

const ref = (name: string) => ({ $ref: `#/components/schemas/${name}` })
const gvk = ({ group, version, kind }: Pick<KindRow, 'group' | 'version' | 'kind'>) => ({ group, version, kind })

const text = (name: string, description: string, uniqueItems = true) => ({ name, in: 'query', description, schema: { type: 'string', uniqueItems } })
const number = (name: string, description: string) => ({ name, in: 'query', description, schema: { type: 'integer', uniqueItems: true } })
const boolean = (name: string, description: string) => ({ name, in: 'query', description, schema: { type: 'boolean', uniqueItems: true } })
const inPath = (name: string, description: string) => ({ name, in: 'path', description, required: true, schema: { type: 'string', uniqueItems: true } })

const dryRun = text('dryRun', 'When present, indicates that modifications should not be persisted. The only value is All.')
const fieldManager = text('fieldManager', 'The name of the actor that makes the change.')
const fieldValidation = text('fieldValidation', 'What happens to unknown or duplicate fields: Ignore, Warn (the default) or Strict.')
const force = boolean('force', 'Takes over fields of other managers in an apply.')
const writing = [dryRun, fieldManager, fieldValidation]
const listing = [
  boolean('allowWatchBookmarks', 'Asks for watch events of type BOOKMARK.'),
  text('continue', 'Where a list goes on, from the answer before.'),
  text('fieldSelector', 'Restricts the objects by their fields.'),
  text('labelSelector', 'Restricts the objects by their labels.'),
  number('limit', 'The largest number of objects in one answer.'),
  text('resourceVersion', 'The revision that the answer is to reflect.'),
  text('resourceVersionMatch', 'How resourceVersion is applied.'),
  boolean('sendInitialEvents', 'Begins a watch with the objects that are there.'),
  number('timeoutSeconds', 'Ends the call after so many seconds.'),
  boolean('watch', 'Answers changes as they happen.'),
]
const deleting = [dryRun, number('gracePeriodSeconds', 'Seconds before the object is deleted.'), boolean('orphanDependents', 'Deprecated: use propagationPolicy.'), text('propagationPolicy', 'What happens to dependents: Orphan, Background or Foreground.')]

const content = (schema: Schema) => ({ 'application/json': { schema } })
const answers = (schema: Schema, ...codes: number[]) => ({ ...Object.fromEntries(codes.map(code => [String(code), { description: code === 201 ? 'Created' : 'OK', content: content(schema) }])), 401: { description: 'Unauthorized' } })

interface Operation { action: string, verb: string, parameters: unknown[], body?: Record<string, unknown>, codes: number[], schema: Schema }

const operation = (row: Pick<KindRow, 'group' | 'version' | 'kind'>, id: string, { action, verb, parameters, body, codes, schema }: Operation) => ({
  tags: [`${(row.group || 'core').split('.')[0] ?? ''}_${row.version}`],
  operationId: `${verb}${id}`,
  parameters,
  ...(body ? { requestBody: { required: true, content: body } } : {}),
  responses: answers(schema, ...codes),
  'x-kubernetes-action': action,
  'x-kubernetes-group-version-kind': gvk(row),
})

const status = ref('io.k8s.apimachinery.pkg.apis.meta.v1.Status')
const anything = ref('io.k8s.apimachinery.pkg.apis.meta.v1.Patch')
const deleteOptions = ref('io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions')

const patchBody = (row: KindRow) => Object.fromEntries(['application/apply-patch+yaml', 'application/json-patch+json', 'application/merge-patch+json', ...(row.crd ? [] : ['application/strategic-merge-patch+json'])].map(type => [type, { schema: anything }]))

function collection (row: KindRow, id: string): Schema {
  const one = ref(schemaName(row))
  const many = ref(`${schemaName(row)}List`)
  const has = (verb: string) => row.verbs.includes(verb)
  return {
    ...(has('list') ? { get: operation(row, id, { action: 'list', verb: 'list', parameters: listing, codes: [200], schema: many }) } : {}),
    ...(has('create') ? { post: operation(row, id, { action: 'post', verb: 'create', parameters: writing, body: content(one), codes: [200, 201, 202], schema: one }) } : {}),
    ...(has('deletecollection') ? { delete: operation(row, id, { action: 'deletecollection', verb: 'deleteCollection', parameters: [...listing, ...deleting], body: content(deleteOptions), codes: [200], schema: status }) } : {}),
  }
}

function single (row: KindRow, id: string): Schema {
  const one = ref(schemaName(row))
  const has = (verb: string) => row.verbs.includes(verb)
  return {
    ...(has('get') ? { get: operation(row, id, { action: 'get', verb: 'read', parameters: [], codes: [200], schema: one }) } : {}),
    ...(has('update') ? { put: operation(row, id, { action: 'put', verb: 'replace', parameters: writing, body: content(one), codes: [200, 201], schema: one }) } : {}),
    ...(has('patch') ? { patch: operation(row, id, { action: 'patch', verb: 'patch', parameters: [...writing, force], body: patchBody(row), codes: [200, 201], schema: one }) } : {}),
    ...(has('delete') ? { delete: operation(row, id, { action: 'delete', verb: 'delete', parameters: deleting, body: content(deleteOptions), codes: [200, 202], schema: status }) } : {}),
  }
}

const scaleKind = { group: 'autoscaling', version: 'v1', kind: 'Scale' }

function part (row: KindRow, id: string, name: 'status' | 'scale'): Schema {
  const kind = name === 'scale' ? scaleKind : row
  const schema = ref(name === 'scale' ? 'io.k8s.api.autoscaling.v1.Scale' : schemaName(row))
  return {
    get: operation(kind, id, { action: 'get', verb: 'read', parameters: [], codes: [200], schema }),
    put: operation(kind, id, { action: 'put', verb: 'replace', parameters: writing, body: content(schema), codes: [200, 201], schema }),
    patch: operation(kind, id, { action: 'patch', verb: 'patch', parameters: [...writing, force], body: patchBody(row), codes: [200, 201], schema }),
  }
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)
const idOf = ({ group, version, kind, namespaced }: KindRow) => [group.replace(/\.k8s\.io$/, '') || 'core', version, ...(namespaced ? ['namespaced'] : []), kind].map(word => word.split(/[.-]/).map(capital).join('')).join('')

function pathsOf (row: KindRow): Record<string, Schema> {
  const root = `/${pathOf(row.group, row.version)}/${row.namespaced ? 'namespaces/{namespace}/' : ''}${row.resource}`
  const id = idOf(row)
  const inNamespace = row.namespaced ? [inPath('namespace', 'The namespace of the object.')] : []
  const named = [inPath('name', `The name of the ${row.kind}.`), ...inNamespace]
  const paths: Record<string, Schema> = {}
  const add = (path: string, parameters: unknown[], operations: Schema) => { if (Object.keys(operations).length) paths[path] = { ...operations, ...(parameters.length ? { parameters } : {}) } }
  add(root, inNamespace, collection(row, id))
  add(`${root}/{name}`, named, single(row, id))
  for (const name of ['status', 'scale'] as const) if (row.subresources[name]) add(`${root}/{name}/${name}`, named, part(row, `${id}${capital(name)}`, name))
  if (row.namespaced && row.verbs.includes('list')) {
    add(`/${pathOf(row.group, row.version)}/${row.resource}`, [], { get: operation(row, `${id}ForAllNamespaces`, { action: 'list', verb: 'list', parameters: listing, codes: [200], schema: ref(`${schemaName(row)}List`) }) })
  }
  return paths
}

const typed = { apiVersion: { type: 'string' }, kind: { type: 'string' } }
const common = {
  apiVersion: { type: 'string', description: 'APIVersion defines the versioned schema of this representation of an object.' },
  kind: { type: 'string', description: 'Kind is a string value representing the REST resource this object represents.' },
}
const objectMeta = ref('io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta')
const string = (description: string) => ({ type: 'string', description })
const stringMap = (description: string) => ({ type: 'object', description, additionalProperties: { type: 'string', default: '' } })
const shared: Record<string, Schema> = {
  'io.k8s.apimachinery.pkg.apis.meta.v1.Status': { type: 'object', description: 'Status is a return value for calls that do not return other objects.', properties: { ...typed, metadata: { type: 'object' }, status: { type: 'string' }, message: { type: 'string' }, reason: { type: 'string' }, details: { type: 'object' }, code: { type: 'integer', format: 'int32' } }, 'x-kubernetes-group-version-kind': [{ group: '', version: 'v1', kind: 'Status' }] },
  'io.k8s.apimachinery.pkg.apis.meta.v1.Patch': { type: 'object', description: 'Patch is provided to give a concrete name and type to the Kubernetes PATCH request body.' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.DeleteOptions': { type: 'object', description: 'DeleteOptions may be provided when deleting an API object.', properties: { ...typed, dryRun: { type: 'array', items: { type: 'string' } }, gracePeriodSeconds: { type: 'integer', format: 'int64' }, orphanDependents: { type: 'boolean' }, preconditions: { type: 'object', properties: { resourceVersion: { type: 'string' }, uid: { type: 'string' } } }, propagationPolicy: { type: 'string' } } },
  'io.k8s.apimachinery.pkg.apis.meta.v1.ObjectMeta': {
    type: 'object',
    description: 'ObjectMeta is metadata that all persisted resources must have.',
    properties: {
      annotations: stringMap('Unstructured data that tools keep with an object.'),
      creationTimestamp: { ...string('When the object was created.'), format: 'date-time' },
      deletionGracePeriodSeconds: { type: 'integer', format: 'int64', description: 'Seconds that the object has to end.' },
      deletionTimestamp: { ...string('When the object was asked to end.'), format: 'date-time' },
      finalizers: { type: 'array', description: 'Must be empty before the object is deleted.', items: { type: 'string', default: '' }, 'x-kubernetes-list-type': 'set', 'x-kubernetes-patch-strategy': 'merge' },
      generateName: string('A prefix from which the server makes a name.'),
      generation: { type: 'integer', format: 'int64', description: 'Counts changes of the desired state.' },
      labels: stringMap('Keys and values by which objects are selected.'),
      managedFields: { type: 'array', description: 'Which manager set which fields.', items: { type: 'object' }, 'x-kubernetes-list-type': 'atomic' },
      name: string('Unique within a namespace.'),
      namespace: string('The space within which the name is unique.'),
      ownerReferences: { type: 'array', description: 'Objects on which this one depends.', items: { allOf: [ref('io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference')], default: {} }, 'x-kubernetes-list-map-keys': ['uid'], 'x-kubernetes-list-type': 'map', 'x-kubernetes-patch-merge-key': 'uid', 'x-kubernetes-patch-strategy': 'merge' },
      resourceVersion: string('The revision of the last change.'),
      selfLink: string('No longer filled.'),
      uid: string('Unique in time and space.'),
    },
  },
  'io.k8s.apimachinery.pkg.apis.meta.v1.OwnerReference': { type: 'object', description: 'OwnerReference names an owning object.', required: ['apiVersion', 'kind', 'name', 'uid'], properties: { ...typed, blockOwnerDeletion: { type: 'boolean' }, controller: { type: 'boolean' }, name: { type: 'string' }, uid: { type: 'string' } }, 'x-kubernetes-map-type': 'atomic' },
  'io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta': { type: 'object', description: 'ListMeta describes metadata that lists have.', properties: { continue: { type: 'string' }, remainingItemCount: { type: 'integer', format: 'int64' }, resourceVersion: { type: 'string' } } },
  'io.k8s.api.autoscaling.v1.Scale': { type: 'object', description: 'Scale represents a scaling request for a resource.', properties: { ...typed, metadata: { type: 'object' }, spec: { type: 'object', properties: { replicas: { type: 'integer', format: 'int32' } } }, status: { type: 'object', properties: { replicas: { type: 'integer', format: 'int32' }, selector: { type: 'string' } } } }, 'x-kubernetes-group-version-kind': [scaleKind] },
}

/** The schema of a kind, with what every object has where it does not say so itself. */
function withKind (row: KindRow): Schema {
  const properties = row.openapi?.['properties'] as Schema | undefined
  return { type: 'object', ...row.openapi, properties: { ...common, ...properties, metadata: metadataOf(properties?.['metadata']) }, 'x-kubernetes-group-version-kind': [gvk(row)] }
}

const metadataOf = (own: unknown) => isRecord(own) && (own['$ref'] !== undefined || own['allOf'] !== undefined) ? own : { allOf: [objectMeta], default: {}, description: 'Standard object\'s metadata.' }
const listSchema = (row: KindRow): Schema => ({
  type: 'object',
  description: `${row.listKind} is a list of ${row.kind}.`,
  required: ['items'],
  properties: { ...typed, items: { type: 'array', items: ref(schemaName(row)) }, metadata: ref('io.k8s.apimachinery.pkg.apis.meta.v1.ListMeta') },
  'x-kubernetes-group-version-kind': [gvk({ ...row, kind: row.listKind })],
})

function documentOf (rows: readonly KindRow[]) {
  const paths = Object.assign({}, ...rows.map(pathsOf)) as Record<string, Schema>
  const schemas: Record<string, Schema> = { ...shared, ...Object.fromEntries(rows.flatMap(row => [[schemaName(row), withKind(row)], [`${schemaName(row)}List`, listSchema(row)]])) }
  // A reference that leads nowhere would make clients refuse the whole document; what it names stays open instead.
  for (const [, name = ''] of JSON.stringify(schemas).matchAll(/"#\/components\/schemas\/([^"]+)"/g)) schemas[name] ??= { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
  return { openapi: '3.0.0', info: { title: 'Kubernetes', version: 'v1.34.3' }, paths, components: { schemas } }
}

/** The documents under /openapi, made when they are asked for and kept until the kinds change. */
export function createOpenAPI (rows: Rows) {
  let version = -1
  const documents = new Map<string, Buffer>()
  const document = (group: string, name: string): Buffer => {
    if (version !== rows.version) documents.clear()
    version = rows.version
    const served = rows.group(group)?.versions.find(served => served.version === name)
    if (!served) throw noSuchResource()
    const key = apiVersion({ group, version: name })
    const bytes = documents.get(key) ?? Buffer.from(JSON.stringify(documentOf(served.rows)))
    documents.set(key, bytes)
    return bytes
  }
  // Rows are replaced, never changed: which ones they are says what the document holds.
  const rowIds = new WeakMap<KindRow, number>()
  let lastId = 0
  const idOfRow = (row: KindRow) => {
    const id = rowIds.get(row) ?? ++lastId
    rowIds.set(row, id)
    return id
  }
  const hash = (served: readonly KindRow[]) => createHash('sha256').update(served.map(idOfRow).join()).digest('hex').toUpperCase()
  const boot = createHash('sha256').update(String(process.hrtime.bigint())).digest('hex').slice(0, 16)

  return {
    index (): Answer {
      const paths = Object.fromEntries(rows.groups().flatMap(({ name, versions }) => versions.map(({ version, rows }) => [pathOf(name, version), { serverRelativeURL: `/openapi/v3/${pathOf(name, version)}?hash=${boot}${hash(rows).slice(0, 48)}` }])))
      return jsonAnswer(200, { paths })
    },
    document (group: string, version: string, { query }: Exchange): Answer {
      const body = document(group, version)
      return { status: 200, headers: { 'content-type': 'application/json', 'cache-control': query.has('hash') ? 'public, immutable' : 'no-cache, private' }, body: [body] }
    },
    /** Swagger 2.0 with nothing in it but what makes it valid: clients of this age read /openapi/v3. */
    v2: (): Answer => jsonAnswer(200, { swagger: '2.0', info: { title: 'Kubernetes', version: 'v1.34.3' }, paths: {}, definitions: {} }),
  }
}
