import { isRecord } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { qualifiedNameProblems, subdomainProblems, variableProblems } from '../names.js'
import { listAt, textAt } from './cells.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

/** The fields of a Pod that are read by name. */
const readable = new Set(['metadata.name', 'metadata.namespace', 'metadata.labels', 'metadata.annotations', 'metadata.uid', 'spec.nodeName', 'spec.restartPolicy', 'spec.serviceAccountName', 'spec.schedulerName', 'status.phase', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs'])
export const variableFields = ['metadata.name', 'metadata.namespace', 'metadata.uid', 'spec.nodeName', 'spec.serviceAccountName', 'status.hostIP', 'status.hostIPs', 'status.podIP', 'status.podIPs']
export const fileFields = ['metadata.annotations', 'metadata.labels', 'metadata.name', 'metadata.namespace', 'metadata.uid']

function subscriptCauses (path: string, field: string): Cause[] | undefined {
  const found = /^metadata\.(labels|annotations)\['(.*)'\]$/.exec(path)
  return found ? invalidValues(field, path, qualifiedNameProblems((found[2] ?? '').toLowerCase())) : undefined
}

export function fieldRefCauses (reference: unknown, field: string, allowed: readonly string[]): Cause[] {
  const path = textAt(reference, 'fieldPath')
  const place = `${field}.fieldPath`
  if (path === '') return [requiredValue(place)]
  const subscript = subscriptCauses(path, place)
  if (subscript) return subscript
  if (!readable.has(path)) return [invalidValue(place, path, `error converting fieldPath: field label not supported: ${path}`)]
  return allowed.includes(path) ? [] : [unsupportedValue(place, path, allowed)]
}

const key = /^[-._a-zA-Z0-9]+$/
const keyText = "a valid config key must consist of alphanumeric characters, '-', '_' or '.' (e.g. 'key.name',  or 'KEY_NAME',  or 'key-name', regex used for validation is '[-._a-zA-Z0-9]+')"

/** Keys of ConfigMaps and Secrets, which become names of files. */
export function dataKeyProblems (name: string): string[] {
  return [
    ...(name.length > 253 ? ['must be no more than 253 characters'] : []),
    ...(key.test(name) ? [] : [keyText]),
    ...(name === '.' || name === '..' ? [`must not be '${name}'`] : name.startsWith('..') ? ["must not start with '..'"] : []),
  ]
}

function keyRefCauses (reference: unknown, field: string): Cause[] {
  const [name, key] = [textAt(reference, 'name'), textAt(reference, 'key')]
  return [
    ...invalidValues(`${field}.name`, name, subdomainProblems(name)),
    ...(key === '' ? [requiredValue(`${field}.key`)] : invalidValues(`${field}.key`, key, dataKeyProblems(key))),
  ]
}

const sources: Readonly<Record<string, (reference: unknown, field: string) => Cause[]>> = {
  fieldRef: (reference, field) => fieldRefCauses(reference, field, variableFields),
  resourceFieldRef: (reference, field) => textAt(reference, 'resource') === '' ? [requiredValue(`${field}.resource`)] : [],
  configMapKeyRef: keyRefCauses,
  secretKeyRef: keyRefCauses,
}

function sourceCauses ({ value, valueFrom }: Fields, field: string): Cause[] {
  if (!isRecord(valueFrom)) return []
  const given = Object.keys(sources).filter(name => isRecord(valueFrom[name]))
  const causes = given.flatMap(name => sources[name]!(valueFrom[name], `${field}.${name}`))
  if (given.length === 0) causes.push(invalidValue(field, '', 'must specify one of: `fieldRef`, `resourceFieldRef`, `configMapKeyRef` or `secretKeyRef`'))
  else if (value) causes.push(invalidValue(field, '', 'may not be specified when `value` is not empty'))
  else if (given.length > 1) causes.push(invalidValue(field, '', 'may not have more than one field specified at a time'))
  return causes
}

function fromCauses (from: Fields, i: number, field: string): Cause[] {
  const prefix = textAt(from, 'prefix')
  const given = ['configMapRef', 'secretRef'].filter(name => isRecord(from[name]))
  const names = given.map(name => [`${field}[${i}].${name}.name`, textAt(from[name], 'name')] as const)
  return [
    ...(prefix ? invalidValues(`${field}[${i}].prefix`, prefix, variableProblems(prefix)) : []),
    ...names.flatMap(([place, name]) => name === '' ? [requiredValue(place)] : invalidValues(place, name, subdomainProblems(name))),
    ...(given.length === 0 ? [invalidValue(field, '', 'must specify one of: `configMapRef` or `secretRef`')] : []),
    ...(given.length > 1 ? [invalidValue(field, '', 'may not have more than one field specified at a time')] : []),
  ]
}

/** Rules of the environment of a container. */
export function environmentCauses (container: Fields, field: string): Cause[] {
  return [
    ...listAt(container, 'env').flatMap((variable, i) => {
      const [place, name] = [`${field}.env[${i}]`, textAt(variable, 'name')]
      return [...(name === '' ? [requiredValue(`${place}.name`)] : invalidValues(`${place}.name`, name, variableProblems(name))), ...sourceCauses(variable, `${place}.valueFrom`)]
    }),
    ...listAt(container, 'envFrom').flatMap((from, i) => fromCauses(from, i, `${field}.envFrom`)),
  ]
}
