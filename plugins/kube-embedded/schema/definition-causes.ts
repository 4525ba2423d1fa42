import { isDeepStrictEqual } from 'node:util'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import type { Cause } from '../kinds/types.js'
import { forbiddenValue, invalidValue, requiredValue, tooMany, unsupportedValue } from './causes.js'
import { ruleCauses } from './cel/index.js'
import type { DefinedColumn, DefinedVersion, Definition } from './definition.js'
import { jsonPath } from './jsonpath.js'
import { structuralCauses } from './structural.js'

const label = /^[a-z0-9]([-a-z0-9]{0,61}[a-z0-9])?$/
const label1035 = /^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/
const label1035Text = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const columnTypes = ['boolean', 'date', 'integer', 'number', 'string']
const maxListed = 64

const listOf = <T>(value: T[] | undefined): T[] => Array.isArray(value) ? value : []

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
    ...(singular === undefined || singular === '' ? kind ? [] : [requiredValue('spec.names.singular')] : nameCauses('spec.names.singular', singular)),
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
    ...(type ? columnTypes.includes(type) ? [] : [invalidValue(`${path}.type`, type, `must be one of ${columnTypes.join(',')}`)] : [requiredValue(`${path}.type`, `must be one of ${columnTypes.join(',')}`)]),
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
    ...pathCauses(`${path}.scale.specReplicasPath`, scale.specReplicasPath, ['.spec.'], true),
    ...pathCauses(`${path}.scale.statusReplicasPath`, scale.statusReplicasPath, ['.status.'], true),
    ...pathCauses(`${path}.scale.labelSelectorPath`, scale.labelSelectorPath, ['.spec.', '.status.'], false),
  ]
}

/** Rules are read where all else is right. */
function schemaCauses (path: string, { schema }: DefinedVersion): Cause[] {
  const written = schema?.openAPIV3Schema
  if (!isRecord(written)) return [requiredValue(path, 'schemas are required')]
  const causes = structuralCauses(written, path)
  return causes.length > 0 ? causes : ruleCauses(written, path).slice(0, maxListed)
}

const columnsCauses = (path: string, { additionalPrinterColumns }: DefinedVersion): Cause[] =>
  listOf(additionalPrinterColumns).slice(0, maxListed).flatMap((column, n) => columnCauses(`${path}[${n}]`, isRecord(column) ? column : {}))

/** Simple paths to scalars: what lists can be asked by. */
const selectablePath = /^(\.[A-Za-z_][A-Za-z0-9_-]*)+$/

const selectableCauses = (path: string, { selectableFields }: DefinedVersion): Cause[] => [
  ...listOf(selectableFields).flatMap(({ jsonPath: source }, n) => {
    if (!source) return [requiredValue(`${path}[${n}].jsonPath`)]
    if (!selectablePath.test(source)) return [invalidValue(`${path}[${n}].jsonPath`, source, 'must be a simple path of fields')]
    return source.startsWith('.metadata.') ? [invalidValue(`${path}[${n}].jsonPath`, source, 'must not point to fields in metadata')] : []
  }),
  ...(listOf(selectableFields).length > 8 ? [tooMany(path, listOf(selectableFields).length, 8)] : []),
]

/** What versions may have alike, by where Kubernetes finds fault with it in one of them, and where it does when they do: once for all. */
const parts: readonly { key: 'schema' | 'additionalPrinterColumns' | 'subresources' | 'selectableFields', own: string, common: string, causes: (path: string, version: DefinedVersion) => Cause[] }[] = [
  { key: 'schema', own: 'schema.openAPIV3Schema', common: 'spec.validation.openAPIV3Schema', causes: schemaCauses },
  { key: 'additionalPrinterColumns', own: 'additionalPrinterColumns', common: 'spec.additionalPrinterColumns', causes: columnsCauses },
  { key: 'subresources', own: 'subresources', common: 'spec.subresources', causes: scaleCauses },
  { key: 'selectableFields', own: 'selectableFields', common: 'spec.selectableFields', causes: selectableCauses },
]

function partCauses (versions: readonly DefinedVersion[]): Cause[] {
  return parts.flatMap(({ key, own, common, causes }) => {
    const [first, ...others] = versions
    const isCommon = first?.[key] !== undefined && others.every(version => isDeepStrictEqual(version[key], first[key])) && (key !== 'schema' || isRecord(first.schema?.openAPIV3Schema))
    return isCommon ? causes(common, first) : versions.flatMap((version, i) => causes(`spec.versions[${i}].${own}`, version))
  })
}

function versionCauses (version: DefinedVersion, i: number): Cause[] {
  const path = `spec.versions[${i}]`
  if (!isRecord(version)) return [requiredValue(path)]
  return [
    ...nameCauses(`${path}.name`, version.name),
    ...(['served', 'storage'] as const).filter(key => typeof version[key] !== 'boolean').map(key => requiredValue(`${path}.${key}`)),
  ]
}

function versionsCauses (versions: DefinedVersion[] | undefined): Cause[] {
  const list = listOf(versions)
  if (list.length === 0) return [invalidValue('spec.versions', [], 'must have exactly one version marked as storage version')]
  if (list.length > maxListed) return [invalidValue('spec.versions', list.length, `must have at most ${maxListed} items`)]
  const names = list.map(version => isRecord(version) ? version.name : undefined)
  return [
    ...list.flatMap(versionCauses),
    ...partCauses(list.filter(isRecord)),
    ...(new Set(names).size < names.length ? [invalidValue('spec.versions', names, 'must contain unique version names')] : []),
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
