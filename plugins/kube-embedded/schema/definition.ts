import { isRecord, type Json, type KubeObject } from '../../../core/sdk/index.js'
import type { Column, KindRow } from '../kinds/types.js'
import { compileSchema } from './compile.js'
import { jsonPath } from './jsonpath.js'

/** A CustomResourceDefinition as it is written (apiextensions.k8s.io/v1), in so far as it is read. */
export interface Definition extends KubeObject {
  spec?: {
    group?: string
    scope?: string
    names?: { plural?: string, singular?: string, kind?: string, listKind?: string, shortNames?: string[], categories?: string[] }
    versions?: DefinedVersion[]
  }
}

export interface DefinedVersion {
  name?: string
  served?: boolean
  storage?: boolean
  schema?: { openAPIV3Schema?: Json }
  subresources?: { status?: object, scale?: { specReplicasPath?: string, statusReplicasPath?: string, labelSelectorPath?: string } }
  additionalPrinterColumns?: DefinedColumn[]
  selectableFields?: { jsonPath?: string }[]
}

export interface DefinedColumn { name?: string, type?: string, format?: string, description?: string, priority?: number, jsonPath?: string }

const verbs = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'] as const

const age: Column = { name: 'Age', type: 'date', priority: 0, value: ({ metadata }) => metadata.creationTimestamp }

/** A value in a column of a type; nothing where it is of another. */
function cell (type: string, value: unknown): unknown {
  if (value === undefined || value === null) return undefined
  if (type === 'string') return typeof value === 'string' ? value : JSON.stringify(value)
  if (type === 'integer') return typeof value === 'number' ? Math.trunc(value) : undefined
  const wanted = type === 'date' ? 'string' : type
  const actual: string = typeof value
  return actual === wanted ? value : undefined
}

function valueOf (type: string, path: string): Column['value'] {
  const find = jsonPath(path)
  return object => cell(type, find?.(object))
}

const columnOf = ({ name = '', type = 'string', format, description, priority = 0, jsonPath: path = '' }: DefinedColumn): Column => ({
  name,
  type: type as Column['type'],
  ...(format ? { format } : {}),
  ...(description ? { description } : {}),
  priority,
  value: valueOf(type, path),
})

/** As Kubernetes: what a definition lists is all that is shown, and Age where it lists nothing. */
const columnsOf = ({ additionalPrinterColumns: columns = [] }: DefinedVersion): Column[] => columns.length ? columns.map(columnOf) : [age]

function subresourcesOf ({ subresources: { status, scale } = {} }: DefinedVersion): KindRow['subresources'] {
  const { specReplicasPath, statusReplicasPath, labelSelectorPath } = scale ?? {}
  return {
    ...(status ? { status: true as const } : {}),
    ...(specReplicasPath && statusReplicasPath ? { scale: { specReplicasPath, statusReplicasPath, ...(labelSelectorPath ? { labelSelectorPath } : {}) } } : {}),
  }
}

/** What lists of the kind can be asked by beside names: texts, numbers and truths as text, '' where there is none. */
const fieldsOf = ({ selectableFields = [] }: DefinedVersion): NonNullable<KindRow['fields']> => Object.fromEntries(selectableFields.map(({ jsonPath: path = '' }) => {
  const find = jsonPath(path)
  return [path.slice(1), object => {
    const value = find?.(object)
    return value === undefined || value === null ? '' : String(value as string | number | boolean)
  }]
}))

/** The names of a definition with Kubernetes' defaults. */
export function namesOf ({ spec: { names = {} } = {} }: Definition) {
  const { plural = '', kind = '', singular, listKind, shortNames = [], categories = [] } = names
  return { plural, kind, singular: singular || kind.toLowerCase(), listKind: listKind || `${kind}List`, shortNames, categories }
}

/** One row for each served version of a definition that validateCRD has found right. */
export function kindRowsOf (crd: KubeObject): KindRow[] {
  const { metadata, spec: { group = '', scope, versions = [] } = {} } = crd as Definition
  const { plural, ...names } = namesOf(crd as Definition)
  const storage = versions.find(version => version.storage === true) ?? versions[0]
  return versions.filter(({ served, name }) => served === true && name !== undefined).map(version => {
    const schema = isRecord(version.schema?.openAPIV3Schema) ? version.schema.openAPIV3Schema : { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }
    return {
      ...names,
      group,
      version: version.name!,
      resource: plural,
      namespaced: scope === 'Namespaced',
      bucket: `${group}/${plural}`,
      storageVersion: `${group}/${storage?.name ?? version.name!}`,
      verbs,
      subresources: subresourcesOf(version),
      columns: columnsOf(version),
      strategy: {},
      schema: compileSchema(schema, { kind: names.kind, group }),
      openapi: schema,
      ...(version.selectableFields?.length ? { fields: fieldsOf(version) } : {}),
      crd: metadata.name,
    }
  })
}

export interface DefinitionStatus {
  conditions: { type: 'NamesAccepted' | 'Established', status: 'True', reason: string, message: string }[]
  acceptedNames: Json
  storedVersions: string[]
}

/** The status of a definition whose names are accepted, without times. */
export function crdConditions (crd: KubeObject): DefinitionStatus {
  const { shortNames, categories, ...names } = namesOf(crd as Definition)
  const stored = ((crd as Definition).spec?.versions ?? []).filter(version => version.storage === true).map(({ name = '' }) => name)
  return {
    conditions: [
      { type: 'NamesAccepted', status: 'True', reason: 'NoConflicts', message: 'no conflicts found' },
      { type: 'Established', status: 'True', reason: 'InitialNamesAccepted', message: 'the initial names have been accepted' },
    ],
    acceptedNames: { ...names, ...(shortNames.length ? { shortNames } : {}), ...(categories.length ? { categories } : {}) },
    storedVersions: stored,
  }
}
