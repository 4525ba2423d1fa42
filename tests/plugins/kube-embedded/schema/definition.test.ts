import { existsSync, readFileSync } from 'node:fs'
import t from 'tap'
import type { KubeObject } from '../../../../core/sdk/index.js'
import { crdConditions, kindRowsOf, validateCRD } from '../../../../plugins/kube-embedded/schema/index.js'

type Json = Record<string, unknown>
const schema = { type: 'object', properties: { spec: { type: 'object', properties: { size: { type: 'integer' } } } } }
const version = (more: Json = {}) => ({ name: 'v1', served: true, storage: true, schema: { openAPIV3Schema: schema }, ...more })
const names = { plural: 'things', kind: 'Thing' }
const definition = (spec: Json = {}, name = 'things.example.com') => ({
  kind: 'CustomResourceDefinition', apiVersion: 'apiextensions.k8s.io/v1', metadata: { name }, spec: { group: 'example.com', scope: 'Namespaced', names, versions: [version()], ...spec },
}) as KubeObject
const withSchema = (openAPIV3Schema: Json) => definition({ versions: [version({ schema: { openAPIV3Schema } })] })
const withSpec = (spec: Json) => withSchema({ type: 'object', properties: { spec } })
const spec = 'spec.validation.openAPIV3Schema.properties[spec]'

const wrong: [string, KubeObject, string[]][] = [
  ['right', definition(), []],
  ['name', definition({}, 'thing'), ['metadata.name: Invalid value: "thing": must be spec.names.plural+"."+spec.group']],
  ['no group', definition({ group: '' }, 'things.'), ['spec.group: Required value']],
  ['group without a dot', definition({ group: 'example' }, 'things.example'), ['spec.group: Invalid value: "example": should be a domain with at least one dot']],
  ['no scope', definition({ scope: undefined }), ['spec.scope: Required value']],
  ['scope', definition({ scope: 'Galaxy' }), ['spec.scope: Unsupported value: "Galaxy": supported values: "Cluster", "Namespaced"']],
  ['one name for two', definition({ names: { ...names, listKind: 'Thing' } }), ['spec.names.listKind: Invalid value: "Thing": kind and listKind may not be the same']],
  ['no kind', definition({ names: { plural: 'things' } }), ['spec.names.singular: Required value', 'spec.names.kind: Required value']],
  ['no versions', definition({ versions: [] }), ['spec.versions: Invalid value: []: must have exactly one version marked as storage version']],
  ['two storages', definition({ versions: [version(), version({ name: 'v2' })] }), ['spec.versions: Invalid value: ["v1","v2"]: must have exactly one version marked as storage version']],
  ['one version twice', definition({ versions: [version(), version({ storage: false })] }), ['spec.versions: Invalid value: ["v1","v1"]: must contain unique version names']],
  ['no schema', definition({ versions: [version({ schema: undefined })] }), ['spec.versions[0].schema.openAPIV3Schema: Required value: schemas are required']],
  ['column', definition({ versions: [version({ additionalPrinterColumns: [{ name: 'X', type: 'text', jsonPath: '.spec[' }] })] }), ['spec.additionalPrinterColumns[0].type: Invalid value: "text": must be one of boolean,date,integer,number,string', 'spec.additionalPrinterColumns[0].jsonPath: Invalid value: ".spec[": is an invalid value: unrecognized JSONPath']],
  ['scale', definition({ versions: [version({ subresources: { scale: { specReplicasPath: '.status.x', statusReplicasPath: '.status.replicas' } } })] }), ['spec.subresources.scale.specReplicasPath: Invalid value: ".status.x": should be a json path under .spec']],
  ['preserveUnknownFields', definition({ preserveUnknownFields: true }), ['spec.preserveUnknownFields: Forbidden: must be false: schemas say what is kept']],
  ['root type', withSchema({ type: 'array', items: { type: 'string' } }), ['spec.validation.openAPIV3Schema.type: Invalid value: "array": must be object at the root']],
  ['no type', withSpec({}), [`${spec}.type: Required value: must not be empty for specified object fields`]],
  ['unknown type', withSpec({ type: 'text' }), [`${spec}.type: Unsupported value: "text": supported values: "array", "boolean", "integer", "number", "object", "string"`]],
  ['list of what', withSpec({ type: 'array' }), [`${spec}.items: Required value: must be specified`]],
  ['reference', withSpec({ type: 'object', $ref: '#/x' }), [`${spec}.$ref: Forbidden: $ref is not supported`]],
  ['uniqueItems', withSpec({ type: 'array', items: { type: 'string' }, uniqueItems: true }), [`${spec}.uniqueItems: Forbidden: uniqueItems cannot be set to true since the runtime complexity becomes quadratic`]],
  ['closed object', withSpec({ type: 'object', additionalProperties: false }), [`${spec}.additionalProperties: Forbidden: additionalProperties cannot be set to false`]],
  ['both', withSpec({ type: 'object', properties: {}, additionalProperties: { type: 'string' } }), [`${spec}.additionalProperties: Forbidden: additionalProperties and properties are mutual exclusive`]],
  ['look-ahead', withSpec({ type: 'string', pattern: '(?=a)' }), [`${spec}.pattern: Invalid value: "(?=a)": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: \`(?=\``]],
  ['look-behind', withSpec({ type: 'string', pattern: '(?<!a)b' }), [`${spec}.pattern: Invalid value: "(?<!a)b": must be a valid regular expression, but isn't: error parsing regexp: invalid or unsupported Perl syntax: \`(?<!\``]],
  ['back-reference', withSpec({ type: 'string', pattern: '(a)\\1' }), [`${spec}.pattern: Invalid value: "(a)\\\\1": must be a valid regular expression, but isn't: error parsing regexp: invalid escape sequence: \`\\1\``]],
  ['default', withSpec({ type: 'integer', default: 'x' }), [`${spec}.default: Invalid value: "string": ${spec}.default in body must be of type integer: "string"`]],
  ['list map keys', withSpec({ type: 'array', items: { type: 'object', properties: { k: { type: 'string' } } }, 'x-kubernetes-list-type': 'map', 'x-kubernetes-list-map-keys': ['k'] }), [`${spec}.items.properties[k].default: Required value: this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property`]],
  ['type in a junctor', withSpec({ type: 'string', anyOf: [{ type: 'string' }] }), [`${spec}.anyOf[0].type: Forbidden: must be empty to be structural`]],
  ['int or string', withSpec({ 'x-kubernetes-int-or-string': true, anyOf: [{ type: 'integer' }, { type: 'string' }] }), []],
]

t.test('what a definition may not be', async t => {
  for (const [name, crd, causes] of wrong) t.same(validateCRD(crd).map(({ field, message }) => `${field}: ${message}`), causes, name)
  let deep: Json = { type: 'string' }
  for (let i = 0; i < 500; i++) deep = { type: 'object', properties: { a: deep } }
  t.match(validateCRD(withSchema(deep)), [{ message: /nested deeper/ }])
  const wide = { type: 'object', properties: Object.fromEntries(Array.from({ length: 20_001 }, (_, i) => [`p${i}`, { type: 'string' }])) }
  t.match(validateCRD(withSchema(wide)), [{ message: /more than 20000 fields/ }])
})

t.test('rows', async t => {
  const crd = definition({
    names: { ...names, shortNames: ['th'], categories: ['all'] },
    versions: [
      version({ name: 'v1alpha1', storage: false, served: false }),
      version({ name: 'v1', subresources: { status: {}, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }, additionalPrinterColumns: [{ name: 'Size', type: 'integer', jsonPath: '.spec.size' }, { name: 'Wide', type: 'string', priority: 1, jsonPath: '.spec.x' }, { name: 'Text', type: 'string', jsonPath: '.spec' }, { name: 'Odd', type: 'boolean', jsonPath: '.spec.size' }] }),
      version({ name: 'v2', storage: false }),
    ],
  })
  const rows = kindRowsOf(crd)
  t.match(rows, [
    { group: 'example.com', version: 'v1', resource: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', namespaced: true, shortNames: ['th'], categories: ['all'], bucket: 'example.com/things', storageVersion: 'example.com/v1', subresources: { status: true, scale: { specReplicasPath: '.spec.replicas', statusReplicasPath: '.status.replicas' } }, openapi: schema, crd: 'things.example.com' },
    { version: 'v2', bucket: 'example.com/things', storageVersion: 'example.com/v1', subresources: {} },
  ])
  t.same(rows[0]!.verbs, ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'])
  const object = { kind: 'Thing', apiVersion: 'example.com/v1', metadata: { name: 'a', creationTimestamp: '2024-01-01T00:00:00Z' }, spec: { size: 3 } }
  t.same(rows[0]!.columns.map(({ name, priority, value }) => [name, priority, value(object)]), [['Size', 0, 3], ['Wide', 1, undefined], ['Text', 0, '{"size":3}'], ['Odd', 0, undefined]])
  t.same(rows[1]!.columns.map(({ name, type, value }) => [name, type, value(object)]), [['Age', 'date', '2024-01-01T00:00:00Z']])
  t.same(rows[0]!.schema?.validate({ ...object, spec: { size: 'x' } } as KubeObject).length, 1)
})

t.test('status', async t => {
  const status = crdConditions(definition({ names: { ...names, shortNames: ['th'] } }))
  t.match(status.conditions, [{ type: 'NamesAccepted', status: 'True', reason: 'NoConflicts' }, { type: 'Established', status: 'True', reason: 'InitialNamesAccepted' }])
  t.same(status.acceptedNames, { plural: 'things', singular: 'thing', kind: 'Thing', listKind: 'ThingList', shortNames: ['th'] })
  t.same(status.storedVersions, ['v1'])
})

const facts = new URL('../../../../../shared/spec/crds.json', import.meta.url)
t.test('the definitions of the product', { skip: existsSync(facts) ? false : 'the facts are not at hand' }, async t => {
  interface Fact { name: string, group: string, scope: string, plural: string, singular: string, kind: string, listKind: string, shortNames: string[], categories: string[], versions: (Json & { openAPIV3Schema: Json })[] }
  const { crds } = JSON.parse(readFileSync(facts, 'utf8')) as { crds: Fact[] }
  for (const { name, group, scope, versions, ...all } of crds) {
    const { plural, singular, kind, listKind, shortNames, categories } = all
    const crd = definition({ group, scope, names: { plural, singular, kind, listKind, shortNames, categories }, versions: versions.map(({ openAPIV3Schema, ...more }) => ({ ...more, schema: { openAPIV3Schema } })) }, name)
    t.same(validateCRD(crd), [], name)
    for (const row of kindRowsOf(crd)) {
      const draft = { kind, apiVersion: `${group}/${row.version}`, metadata: { name: 'a' } }
      t.same(row.schema!.prune(draft), [])
      row.schema!.default(draft)
      t.ok(row.schema!.validate(draft).every(({ reason }) => reason === 'FieldValueRequired'), `${name} ${row.version}`)
    }
  }
})
