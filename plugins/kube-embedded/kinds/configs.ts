import { isDeepStrictEqual } from 'node:util'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, tooLongValue } from '../causes.js'
import { at, recordAt, shown, textAt } from './cells.js'
import { dataKeyProblems } from './environment-rules.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { fixed } from './rules.js'
import type { Cause, Draft, KindRow } from './types.js'

/** What the values of a ConfigMap or Secret may weigh together, in bytes. */
const mostData = 1024 * 1024

const base64Size = (text: string): number => text.length / 4 * 3 - (text.endsWith('==') ? 2 : text.endsWith('=') ? 1 : 0)
const textSize = (text: string): number => text.length * 3 <= mostData ? text.length : Buffer.byteLength(text)
const sizeOf = (record: Record<string, unknown>, measure: (text: string) => number): number => Object.values(record).reduce((sum: number, value) => sum + measure(String(value)), 0)

const keyCauses = (record: Record<string, unknown>, field: string): Cause[] => Object.keys(record).flatMap(name => invalidValues(`${field}[${name}]`, name, dataKeyProblems(name)))

/** What is immutable stays as it is, and immutable. */
function immutableCauses (object: KubeObject, stored: KubeObject | undefined, fields: readonly string[]): Cause[] {
  if (!stored || at(stored, 'immutable') !== true) return []
  const changed = [...(at(object, 'immutable') === true ? [] : ['immutable']), ...fields.filter(field => !isDeepStrictEqual(at(object, field), at(stored, field)))]
  return changed.map(field => forbiddenValue(field, 'field is immutable when `immutable` is set'))
}

function configCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const [data, binary] = [recordAt(object, 'data'), recordAt(object, 'binaryData')]
  return [
    ...immutableCauses(object, stored, ['data', 'binaryData']),
    ...keyCauses(data, 'data'),
    ...Object.keys(data).filter(name => Object.hasOwn(binary, name)).map(name => invalidValue(`data[${name}]`, name, 'duplicate of key present in binaryData')),
    ...keyCauses(binary, 'binaryData'),
    // As Kubernetes, which names no field.
    ...(sizeOf(data, textSize) + sizeOf(binary, base64Size) > mostData ? [tooLongValue('[]', mostData)] : []),
  ]
}

const configMaps = builtin('v1', 'configmaps', 'ConfigMap', {
  shortNames: ['cm'],
  strategy: { validate: configCauses },
  columns: [column('Data', 'string', object => ['data', 'binaryData'].reduce((sum, field) => sum + Object.keys(recordAt(object, field)).length, 0)), ageColumn],
})

/** What Go says of a text that is no JSON object; undefined where it is one. */
function jsonProblem (text: string): string | undefined {
  try {
    const value: unknown = JSON.parse(text)
    if (value === null || isRecord(value)) return undefined
    return `json: cannot unmarshal ${Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value} into Go value of type map[string]interface {}`
  } catch (error) {
    const odd = /Unexpected token '?(.)/u.exec((error as Error).message)?.[1]
    return odd === undefined ? 'unexpected end of JSON input' : `invalid character '${odd}' looking for beginning of value`
  }
}

const required = (object: KubeObject, ...names: string[]): Cause[] => names.filter(name => !Object.hasOwn(recordAt(object, 'data'), name)).map(name => requiredValue(`data[${name}]`))

const registry = (name: string) => (object: KubeObject): Cause[] => {
  const missing = required(object, name)
  if (missing.length) return missing
  const problem = jsonProblem(Buffer.from(String(recordAt(object, 'data')[name]), 'base64').toString('utf8'))
  return problem === undefined ? [] : [invalidValue(`data[${name}]`, '<secret contents redacted>', problem)]
}

const account = 'kubernetes.io/service-account.name'

/** What the types of Secrets hold. */
const types: Readonly<Record<string, (object: KubeObject) => Cause[]>> = {
  'kubernetes.io/service-account-token': ({ metadata }) => metadata.annotations?.[account] ? [] : [requiredValue(`metadata.annotations[${account}]`)],
  'kubernetes.io/dockercfg': registry('.dockercfg'),
  'kubernetes.io/dockerconfigjson': registry('.dockerconfigjson'),
  'kubernetes.io/basic-auth': object => { const missing = required(object, 'username', 'password'); return missing.length === 2 ? missing : [] },
  'kubernetes.io/ssh-auth': object => required(object, 'ssh-privatekey'),
  'kubernetes.io/tls': object => required(object, 'tls.crt', 'tls.key'),
}

function secretCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const data = recordAt(object, 'data')
  return [
    ...fixed(object, stored, 'type'),
    ...immutableCauses(object, stored, ['data']),
    ...keyCauses(data, 'data'),
    ...(sizeOf(data, base64Size) > mostData ? [tooLongValue('data', mostData)] : []),
    ...types[textAt(object, 'type')]?.(object) ?? [],
  ]
}

function secretDefaults (draft: Draft): void {
  fill(draft, { type: 'Opaque' })
  const { stringData } = draft
  delete draft.stringData
  if (!isRecord(stringData)) return
  const data = within(draft, 'data')
  for (const [name, value] of Object.entries(stringData)) data[name] = Buffer.from(String(value)).toString('base64')
}

const secrets = builtin('v1', 'secrets', 'Secret', {
  strategy: { defaults: secretDefaults, validate: secretCauses },
  columns: [column('Type', 'string', shown('type')), column('Data', 'string', object => Object.keys(recordAt(object, 'data')).length), ageColumn],
  fields: { type: object => textAt(object, 'type') },
})

export const configKinds: readonly KindRow[] = [configMaps, secrets]
