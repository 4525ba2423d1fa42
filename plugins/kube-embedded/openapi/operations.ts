import type { KindRow } from '../kinds/types.js'
import { gvk, listName, nameOf, pathOf, ref, type Schema } from './schemas.js'

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
  const one = ref(nameOf(row))
  const many = ref(listName(row))
  const has = (verb: string) => row.verbs.includes(verb)
  return {
    ...(has('list') ? { get: operation(row, id, { action: 'list', verb: 'list', parameters: listing, codes: [200], schema: many }) } : {}),
    ...(has('create') ? { post: operation(row, id, { action: 'post', verb: 'create', parameters: writing, body: content(one), codes: [200, 201, 202], schema: one }) } : {}),
    ...(has('deletecollection') ? { delete: operation(row, id, { action: 'deletecollection', verb: 'deleteCollection', parameters: [...listing, ...deleting], body: content(deleteOptions), codes: [200], schema: status }) } : {}),
  }
}

function single (row: KindRow, id: string): Schema {
  const one = ref(nameOf(row))
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
  const schema = ref(name === 'scale' ? 'io.k8s.api.autoscaling.v1.Scale' : nameOf(row))
  return {
    get: operation(kind, id, { action: 'get', verb: 'read', parameters: [], codes: [200], schema }),
    put: operation(kind, id, { action: 'put', verb: 'replace', parameters: writing, body: content(schema), codes: [200, 201], schema }),
    patch: operation(kind, id, { action: 'patch', verb: 'patch', parameters: [...writing, force], body: patchBody(row), codes: [200, 201], schema }),
  }
}

const capital = (word: string) => word.slice(0, 1).toUpperCase() + word.slice(1)
const idOf = ({ group, version, kind, namespaced }: KindRow) => [group.replace(/\.k8s\.io$/, '') || 'core', version, ...(namespaced ? ['namespaced'] : []), kind].map(word => word.split(/[.-]/).map(capital).join('')).join('')

/** The paths of a kind with their operations. */
export function pathsOf (row: KindRow): Record<string, Schema> {
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
    add(`/${pathOf(row.group, row.version)}/${row.resource}`, [], { get: operation(row, `${id}ForAllNamespaces`, { action: 'list', verb: 'list', parameters: listing, codes: [200], schema: ref(listName(row)) }) })
  }
  return paths
}
