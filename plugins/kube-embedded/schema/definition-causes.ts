import type { KubeObject } from '../../../core/sdk/index.js'
import type { Cause } from '../kinds/types.js'
import { duplicateValue, forbiddenValue, invalidValue, requiredValue, unsupportedValue } from './causes.js'
import type { DefinedColumn, DefinedVersion, Definition } from './definition.js'
import { jsonPath } from './jsonpath.js'
import { structuralCauses } from './structural.js'
import { isRecord } from './values.js'

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const label1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/
const label1035Text = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const maxListed = 64

const listOf = <T>(value: T[] | undefined): T[] => Array.isArray(value) ? value : []
const isObject = (value: object | undefined): boolean => isRecord(value)

/** A text that is there and, in lower case, a DNS-1035 label. */
function nameCauses (path: string, value: unknown, anyCase = false): Cause[] {
  if (typeof value !== 'string' || value === '') return [requiredValue(path)]
  const text = anyCase ? value.toLowerCase() : value
  return label1035.test(text) ? [] : [invalidValue(path, value, anyCase ? `may have mixed case, but should otherwise match: ${label1035Text}` : label1035Text)]
}

function groupCauses (group: unknown): Cause[] {
  if (typeof group !== 'string' || group === '') return [requiredValue('spec.group')]
  if (group.length > 253 || !group.split('.').every(part => label.test(part))) return [invalidValue('spec.group', group, "a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')")]
  return group.includes('.') ? [] : [invalidValue('spec.group', group, 'should be a domain with at least one dot')]
}

function namesCauses ({ plural, singular, kind, listKind, shortNames, categories }: NonNullable<NonNullable<Definition['spec']>['names']>): Cause[] {
  return [
    ...nameCauses('spec.names.plural', plural),
    ...(singular === undefined || singular === '' ? [] : nameCauses('spec.names.singular', singular)),
    ...nameCauses('spec.names.kind', kind, true),
    ...(listKind === undefined || listKind === '' ? [] : nameCauses('spec.names.listKind', listKind, true)),
    ...(kind && kind === listKind ? [invalidValue('spec.names.listKind', listKind, 'kind and listKind may not be the same')] : []),
    ...listOf(shortNames).flatMap((name, i) => nameCauses(`spec.names.shortNames[${i}]`, name)),
    ...listOf(categories).flatMap((name, i) => nameCauses(`spec.names.categories[${i}]`, name)),
  ]
}

function columnCauses (path: string, { name, type, jsonPath: source }: DefinedColumn): Cause[] {
  return [
    ...(name ? [] : [requiredValue(`${path}.name`)]),
    ...(type ? columnTypes.includes(type) ? [] : [unsupportedValue(`${path}.type`, type, columnTypes.map(text => `"${text}"`).join(', '))] : [requiredValue(`${path}.type`, `must be one of ${columnTypes.join(',')}`)]),
    ...(source ? jsonPath(source) ? [] : [invalidValue(`${path}.jsonPath`, source, 'is an invalid value: unrecognized JSONPath')] : [requiredValue(`${path}.jsonPath`)]),
  ]
}

function pathCauses (field: string, value: string | undefined, root: readonly string[], needed: boolean): Cause[] {
  if (!value) return needed ? [requiredValue(field)] : []
  if (!/^(\.[A-Za-z0-9_-]+)+$/.test(value)) return [invalidValue(field, value, 'should be a json path without the array notation')]
  return root.some(prefix => value.startsWith(prefix)) ? [] : [invalidValue(field, value, `should be a json path under ${root.join(' or ')}`.replaceAll(/\.( |$)/g, '$1'))]
}

function scaleCauses (path: string, { subresources }: DefinedVersion): Cause[] {
  const scale = subresources?.scale
  if (!scale) return []
  return [
    ...pathCauses(`${path}.subresources.scale.specReplicasPath`, scale.specReplicasPath, ['.spec.'], true),
    ...pathCauses(`${path}.subresources.scale.statusReplicasPath`, scale.statusReplicasPath, ['.status.'], true),
    ...pathCauses(`${path}.subresources.scale.labelSelectorPath`, scale.labelSelectorPath, ['.spec.', '.status.'], false),
  ]
}

function versionCauses (version: DefinedVersion, i: number): Cause[] {
  const path = `spec.versions[${i}]`
  if (!isObject(version)) return [requiredValue(path)]
  const schema = version.schema?.openAPIV3Schema
  const columns = listOf(version.additionalPrinterColumns)
  return [
    ...nameCauses(`${path}.name`, version.name),
    ...(['served', 'storage'] as const).filter(key => typeof version[key] !== 'boolean').map(key => requiredValue(`${path}.${key}`)),
    ...(isRecord(schema) ? structuralCauses(schema, `${path}.schema.openAPIV3Schema`) : [requiredValue(`${path}.schema.openAPIV3Schema`, 'schemas are required')]),
    ...columns.slice(0, maxListed).flatMap((column, n) => columnCauses(`${path}.additionalPrinterColumns[${n}]`, isRecord(column) ? column : {})),
    ...scaleCauses(path, version),
  ]
}

function versionsCauses (versions: DefinedVersion[] | undefined): Cause[] {
  const list = listOf(versions)
  if (list.length === 0) return [requiredValue('spec.versions', 'must have exactly one version marked as storage version')]
  if (list.length > maxListed) return [invalidValue('spec.versions', list.length, `must have at most ${maxListed} items`)]
  const names = list.map(version => isRecord(version) ? version.name : undefined)
  return [
    ...list.flatMap(versionCauses),
    ...names.flatMap((name, i) => name !== undefined && names.indexOf(name) < i ? [duplicateValue(`spec.versions[${i}].name`, name)] : []),
    ...(list.filter(version => isRecord(version) && version.storage === true).length === 1 ? [] : [invalidValue('spec.versions', names, 'must have exactly one version marked as storage version')]),
  ]
}

/** What is wrong with a CustomResourceDefinition of apiextensions.k8s.io/v1; names in use and changes are judged elsewhere. */
export function validateCRD (crd: KubeObject): Cause[] {
  const { metadata, spec } = crd as Definition & { spec?: { preserveUnknownFields?: boolean } }
  if (!isRecord(spec)) return [requiredValue('spec')]
  const names = isRecord(spec.names) ? spec.names : {}
  const expected = `${names.plural ?? ''}.${spec.group ?? ''}`
  return [
    ...(metadata.name === expected ? [] : [invalidValue('metadata.name', metadata.name, 'must be spec.names.plural+"."+spec.group')]),
    ...groupCauses(spec.group),
    ...(spec.scope ? ['Cluster', 'Namespaced'].includes(spec.scope) ? [] : [unsupportedValue('spec.scope', spec.scope, '"Cluster", "Namespaced"')] : [requiredValue('spec.scope')]),
    ...namesCauses(names),
    ...(spec.preserveUnknownFields === true ? [forbiddenValue('spec.preserveUnknownFields', 'must be false: schemas say what is kept')] : []),
    ...versionsCauses(spec.versions),
  ]
}
