import { badRequest } from '../../core/sdk/index.js'
import { isRecord } from './body.js'
import type { Cause, Draft, KindRow, Strategy } from './kinds/types.js'
import { apiVersion } from './status.js'

const label = '[a-z0-9]([-a-z0-9]*[a-z0-9])?'
const word = '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?'
const part = '([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]'
const subdomainPattern = new RegExp(`^${label}(\\.${label})*$`)
const patterns = { label: new RegExp(`^${label}$`), label1035: /^[a-z]([-a-z0-9]*[a-z0-9])?$/, value: new RegExp(`^${word}$`), part: new RegExp(`^${part}$`) }

const subdomainText = `a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '${label}(\\.${label})*')`
const labelText = `a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '${label}')`
const label1035Text = "a DNS-1035 label must consist of lower case alphanumeric characters or '-', start with an alphabetic character, and end with an alphanumeric character (e.g. 'my-name',  or 'abc-123', regex used for validation is '[a-z]([-a-z0-9]*[a-z0-9])?')"
const valueText = `a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '${word}')`
const partText = `name part must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${part}')`

const limited = (value: string, max: number, pattern: RegExp, text: string) =>
  [...(value.length > max ? [`must be no more than ${max} bytes`] : []), ...(pattern.test(value.slice(0, max)) ? [] : [text])]

const pathSegment = (name: string) => name === '.' || name === '..'
  ? [`may not be '${name}'`]
  : ['/', '%'].filter(c => name.includes(c)).map(c => `may not contain '${c}'`)

const nameRules: Record<NonNullable<Strategy['names']>, (name: string) => string[]> = {
  subdomain: name => limited(name, 253, subdomainPattern, subdomainText),
  label: name => limited(name, 63, patterns.label, labelText),
  label1035: name => limited(name, 63, patterns.label1035, label1035Text),
  path: pathSegment,
}

/** `example.com/name`: the keys of labels and annotations, and finalizers. */
function qualifiedName (key: string): string[] {
  const slash = key.indexOf('/')
  const [prefix, name] = slash < 0 ? [undefined, key] : [key.slice(0, slash), key.slice(slash + 1)]
  if (name.includes('/')) return [`a qualified name must consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyName',  or 'my.name',  or '123-abc', regex used for validation is '${part}') with an optional DNS subdomain prefix and '/' (e.g. 'example.com/MyName')`]
  const ofPrefix = prefix === undefined ? [] : prefix === '' ? ['prefix part must be non-empty'] : limited(prefix, 253, subdomainPattern, subdomainText).map(text => `prefix part ${text}`)
  if (name === '') return [...ofPrefix, 'name part must be non-empty', partText]
  return [...ofPrefix, ...limited(name, 63, patterns.part, partText).map(text => text.startsWith('must') ? `name part ${text}` : text)]
}

export const invalidValue = (field: string, value: unknown, text: string): Cause =>
  ({ reason: 'FieldValueInvalid', message: `Invalid value: ${value === undefined ? 'null' : JSON.stringify(value)}: ${text}`, field })
export const requiredValue = (field: string, text = ''): Cause => ({ reason: 'FieldValueRequired', message: `Required value${text ? `: ${text}` : ''}`, field })
export const forbiddenValue = (field: string, text: string): Cause => ({ reason: 'FieldValueForbidden', message: `Forbidden: ${text}`, field })

function ofOwner (owner: unknown, field: string): Cause[] {
  const value = isRecord(owner) ? owner : {}
  return ['apiVersion', 'kind', 'name', 'uid'].filter(key => typeof value[key] !== 'string' || value[key] === '').map(key => requiredValue(`${field}.${key}`, `${key === 'apiVersion' ? 'version' : key} must not be empty`))
}

/** The rules of metadata that hold for every kind. */
export function validateMetadata (row: KindRow, { metadata }: Draft): Cause[] {
  const { name, labels = {}, annotations = {}, finalizers = [], ownerReferences = [] } = metadata
  const causes: Cause[] = name === ''
    ? [requiredValue('metadata.name', 'name or generateName is required')]
    : nameRules[row.strategy.names ?? 'subdomain'](name).map(text => invalidValue('metadata.name', name, text))
  for (const [key, value] of Object.entries(labels)) {
    causes.push(...qualifiedName(key).map(text => invalidValue('metadata.labels', key, text)))
    causes.push(...limited(value, 63, patterns.value, valueText).map(text => invalidValue('metadata.labels', value, text)))
  }
  let size = 0
  for (const [key, value] of Object.entries(annotations)) {
    causes.push(...qualifiedName(key.toLowerCase()).map(text => invalidValue('metadata.annotations', key, text)))
    size += key.length + value.length
  }
  if (size > 262_144) causes.push({ reason: 'FieldValueTooLong', message: 'Too long: may not be more than 262144 bytes', field: 'metadata.annotations' })
  for (const finalizer of finalizers) causes.push(...qualifiedName(finalizer).map(text => invalidValue('metadata.finalizers', finalizer, text)))
  if (ownerReferences.filter(owner => owner.controller === true).length > 1) causes.push(invalidValue('metadata.ownerReferences', ownerReferences, 'Only one reference can have Controller set to true. Found "true" in references for several owners'))
  return [...causes, ...ownerReferences.flatMap((owner, i) => ofOwner(owner, `metadata.ownerReferences[${i}]`))]
}

const typeName = (value: unknown) => Array.isArray(value) ? 'array' : value === null ? 'null' : typeof value === 'boolean' ? 'bool' : typeof value
const isText = (value: unknown) => typeof value === 'string'

/** Where metadata has a field of a type that Go could not read: what its decoder says. */
function mistyped (metadata: Record<string, unknown>): string | undefined {
  const wrong = (value: unknown, field: string, type: string) => `json: cannot unmarshal ${typeName(value)} into Go struct field ObjectMeta.metadata.${field} of type ${type}`
  for (const field of ['name', 'generateName', 'namespace', 'uid', 'resourceVersion', 'creationTimestamp']) {
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

/**
 * Makes a parsed body an object of the row's kind: kind and apiVersion are filled in or must fit, metadata has the right types,
 * nulls and empty maps are gone. 400 otherwise, in the words of Kubernetes' decoder.
 */
export function asDraft (row: KindRow, body: unknown): Draft {
  if (!isRecord(body)) throw badRequest(`the object provided is unrecognized (must be of type ${row.kind}): couldn't get version/kind; json parse error: json: cannot unmarshal ${typeName(body)} into Go value of type struct { APIVersion string "json:\\"apiVersion,omitempty\\""; Kind string "json:\\"kind,omitempty\\"" }`)
  const { kind = row.kind, apiVersion: version = apiVersion(row) } = body
  const short = String(version).slice(String(version).indexOf('/') + 1)
  if (kind !== row.kind) throw cannotBe(row, kind, short, `converting (${short}.${String(kind)}) to (${row.version}.${row.kind}): unknown conversion`)
  if (version !== apiVersion(row)) throw badRequest(`the API version in the data (${String(version)}) does not match the expected API version (${apiVersion(row)})`)
  const metadata = body['metadata'] ?? {}
  const wrong = isRecord(metadata) ? mistyped(metadata) : `json: cannot unmarshal ${typeName(metadata)} into Go struct field ${row.kind}.metadata of type v1.ObjectMeta`
  if (wrong) throw cannotBe(row, kind, row.version, wrong)
  const { kind: _kind, apiVersion: _version, metadata: _metadata, ...rest } = body
  return { kind: row.kind, apiVersion: apiVersion(row), metadata: tidy(metadata as Record<string, unknown>), ...rest } as Draft
}

function tidy (metadata: Record<string, unknown>): Record<string, unknown> {
  const result: Record<string, unknown> = { ...metadata, name: metadata['name'] ?? '' }
  for (const [key, value] of Object.entries(result)) {
    if (value === null || (Array.isArray(value) && value.length === 0) || (isRecord(value) && Object.keys(value).length === 0)) delete result[key]
    if (isRecord(value)) for (const [item, text] of Object.entries(value)) if (text === null) value[item] = ''
  }
  return result
}
