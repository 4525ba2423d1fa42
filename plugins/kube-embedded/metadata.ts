import { badRequest, isRecord } from '../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, tooLongValue } from './causes.js'
import { schemaNamed, schemaNameOf } from './kinds/shapes.js'
import type { Cause, Draft, KindRow, Strategy } from './kinds/types.js'
import { label1035Problems, labelValueProblems, pathSegmentProblems, plainLabelProblems, qualifiedNameProblems, subdomainProblems } from './names.js'
import { apiVersion } from './status.js'

export { forbiddenValue, invalidValue, requiredValue }

const nameRules: Record<NonNullable<Strategy['names']>, (name: string) => string[]> = {
  subdomain: subdomainProblems,
  label: plainLabelProblems,
  label1035: label1035Problems,
  path: pathSegmentProblems,
}

function ofOwner (owner: unknown): Cause[] {
  const value = isRecord(owner) ? owner : {}
  const empty = (key: string): boolean => typeof value[key] !== 'string' || value[key] === ''
  return [
    ...(empty('apiVersion') ? [invalidValue('metadata.ownerReferences.apiVersion', value['apiVersion'] ?? '', 'version must not be empty')] : []),
    ...['kind', 'name', 'uid'].filter(empty).map(key => invalidValue(`metadata.ownerReferences.${key}`, '', 'must not be empty')),
    ...(value['kind'] === 'Event' && value['apiVersion'] === 'v1' ? [invalidValue('metadata.ownerReferences', owner, '/v1, Kind=Event is disallowed from being an owner')] : []),
  ]
}

function ownerCauses (owners: readonly { controller?: boolean, kind: string, name: string }[]): Cause[] {
  const [first, second] = owners.filter(({ controller }) => controller === true)
  const two = first && second ? [invalidValue('metadata.ownerReferences', owners, `Only one reference can have Controller set to true. Found "true" in references for ${first.kind}/${first.name} and ${second.kind}/${second.name}`)] : []
  return [...owners.flatMap(ofOwner), ...two]
}

/** Leaves of each owner its first reference, and warns of the others. */
export function distinctOwners ({ metadata }: Draft, warnings: string[]) {
  const { ownerReferences } = metadata
  if (!ownerReferences || ownerReferences.length < 2) return
  const twice = new Set<string>()
  const kept = ownerReferences.filter(({ uid }, i) => {
    const first = ownerReferences.findIndex(other => other.uid === uid) === i
    if (!first) twice.add(uid)
    return first
  })
  if (twice.size === 0) return
  metadata.ownerReferences = kept
  warnings.push(`.metadata.ownerReferences contains duplicate entries; API server dedups owner references in 1.20+, and may reject such requests as early as 1.24; please fix your requests; duplicate UID(s) observed: ${[...twice].join(', ')}`)
}

/** Labels wherever they stand: in metadata, templates and selectors. */
export const labelCauses = (labels: Readonly<Record<string, unknown>>, field: string): Cause[] => Object.entries(labels).sort(([a], [b]) => a < b ? -1 : 1).flatMap(([key, value]) =>
  [...invalidValues(field, key, qualifiedNameProblems(key)), ...invalidValues(field, value, labelValueProblems(String(value)))])

const mostAnnotations = 262_144

export function annotationCauses (annotations: Readonly<Record<string, unknown>>, field: string): Cause[] {
  const entries = Object.entries(annotations)
  const size = entries.reduce((sum, [key, value]) => sum + key.length + String(value).length, 0)
  const keys = entries.flatMap(([key]) => invalidValues(field, key, qualifiedNameProblems(key.toLowerCase())))
  return size > mostAnnotations ? [...keys, tooLongValue(field, mostAnnotations)] : keys
}

const plainFinalizers = new Set(['kubernetes', 'orphan', 'foregroundDeletion'])

/** Custom resources may have finalizers without a domain. */
const finalizerCauses = ({ crd }: KindRow, finalizers: readonly string[]): Cause[] => [
  ...finalizers.flatMap(finalizer => invalidValues('metadata.finalizers', finalizer, qualifiedNameProblems(finalizer))),
  ...finalizers.flatMap((finalizer, i) => crd || finalizer.includes('/') || plainFinalizers.has(finalizer)
    ? []
    : [invalidValue(`metadata.finalizers[${i}]`, finalizer, 'name is neither a standard finalizer name nor is it fully qualified')]),
]

function nameCauses (row: KindRow, { name, generateName = '' }: Draft['metadata']): Cause[] {
  const rule = nameRules[row.strategy.names ?? 'subdomain']
  // A generated name is tried as a beginning: what follows makes up for a dash at its end.
  const beginning = generateName === '' ? [] : invalidValues('metadata.generateName', generateName, rule(generateName.replace(/-$/, 'a')))
  return [...beginning, ...(name === '' ? [requiredValue('metadata.name', 'name or generateName is required')] : invalidValues('metadata.name', name, rule(name)))]
}

/** The rules of metadata that hold for every kind. */
export function validateMetadata (row: KindRow, { metadata }: Draft): Cause[] {
  const { labels, annotations, finalizers, ownerReferences, generation } = metadata
  const causes = nameCauses(row, metadata)
  if (typeof generation === 'number' && generation < 0) causes.push(invalidValue('metadata.generation', generation, 'must be greater than or equal to 0'))
  if (labels) causes.push(...labelCauses(labels, 'metadata.labels'))
  if (annotations) causes.push(...annotationCauses(annotations, 'metadata.annotations'))
  if (ownerReferences) causes.push(...ownerCauses(ownerReferences))
  if (finalizers) causes.push(...finalizerCauses(row, finalizers))
  return causes
}

const typeName = (value: unknown) => Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value
const isText = (value: unknown) => typeof value === 'string'

/** Where metadata has a field of a type that Go could not read: what its decoder says. */
function mistyped (metadata: Record<string, unknown>): string | undefined {
  const wrong = (value: unknown, field: string, type: string) => `json: cannot unmarshal ${typeName(value)} into Go struct field ObjectMeta.metadata.${field} of type ${type}`
  for (const field of ['generation', 'deletionGracePeriodSeconds']) {
    const value = metadata[field]
    if (value !== undefined && value !== null && !Number.isInteger(value)) return wrong(value, field, 'int64')
  }
  for (const field of ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp', 'deletionTimestamp']) {
    const value = metadata[field]
    if (value !== undefined && value !== null && !isText(value)) return wrong(value, field, field === 'uid' ? 'types.UID' : 'string')
  }
  for (const field of ['labels', 'annotations']) {
    const value = metadata[field]
    if (value === undefined || value === null) continue
    if (!isRecord(value)) return wrong(value, field, 'map[string]string')
    const odd = Object.values(value).find(item => !isText(item) && item !== null)
    if (odd !== undefined) return wrong(odd, field, 'string')
  }
  for (const [field, fits, type] of [['finalizers', isText, 'string'], ['ownerReferences', isRecord, 'v1.OwnerReference']] as const) {
    const value = metadata[field]
    if (value === undefined || value === null) continue
    if (!Array.isArray(value)) return wrong(value, field, `[]${type}`)
    const odd = value.find(item => !fits(item))
    if (odd !== undefined) return wrong(odd, field, type)
  }
  return undefined
}

const cannotBe = (row: KindRow, kind: unknown, version: string, why: string) =>
  badRequest(`${String(kind)} in version "${version}" cannot be handled as a ${row.kind}: ${why}`)

/** Kubernetes' own word for a group in its memory. */
const internalGroup = (group: string): string => group === '' ? 'core' : group.split('.')[0] ?? ''

/** What a body says of its kind must be what the path is about. */
function checkKind (row: KindRow, kind: unknown, full: unknown) {
  const text = String(full)
  const slash = text.indexOf('/')
  const [group, version] = slash < 0 ? ['', text] : [text.slice(0, slash), text.slice(slash + 1)]
  const known = row.crd !== undefined || (text === apiVersion(row) && kind === row.kind) || schemaNamed(schemaNameOf(group, version, String(kind))) !== undefined
  if (!known) throw cannotBe(row, kind, version, `no kind "${String(kind)}" is registered for version "${text}" in scheme "pkg/runtime/scheme.go:110"`)
  if (kind !== row.kind || (group !== row.group && !row.crd)) throw cannotBe(row, kind, version, `converting (${version}.${String(kind)}) to (${internalGroup(row.group)}.${row.kind}): unknown conversion`)
  if (text !== apiVersion(row)) throw badRequest(`the API version in the data (${text}) does not match the expected API version (${apiVersion(row)})`)
}

/**
 * Makes a parsed body an object of the row's kind: kind and apiVersion are filled in or must fit, metadata has the right types,
 * nulls and empty maps are gone. 400 otherwise, in the words of Kubernetes' decoder.
 */
export function asDraft (row: KindRow, body: unknown): Draft {
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${row.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${typeName(body)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`)
  const { kind, apiVersion: version, metadata = {}, ...rest } = body
  checkKind(row, kind || row.kind, version || apiVersion(row))
  const wrong = isRecord(metadata) || metadata === null ? mistyped(metadata ?? {}) : `json: cannot unmarshal ${typeName(metadata)} into Go struct field ${row.kind}.metadata of type v1.ObjectMeta`
  if (wrong) throw cannotBe(row, row.kind, row.version, wrong)
  return { kind: row.kind, apiVersion: apiVersion(row), metadata: tidy((metadata ?? {}) as Record<string, unknown>), ...rest } as Draft
}

function tidy (metadata: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...metadata, name: metadata['name'] ?? '' }
  for (const [key, value] of Object.entries(result)) {
    if (value === null || (Array.isArray(value) && value.length === 0 && key !== 'managedFields') || (isRecord(value) && Object.keys(value).length === 0)) delete result[key]
    if (isRecord(value)) for (const [item, text] of Object.entries(value)) if (text === null) value[item] = ''
  }
  return result
}
