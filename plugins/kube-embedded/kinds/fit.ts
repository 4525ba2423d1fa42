import { badRequest } from '../../../core/sdk/index.js'
import type { Fragment } from './fragments.js'
import type { Draft } from './types.js'

const isRecord = (value: unknown): value is Record<string, unknown> => value !== null && typeof value === 'object' && !Array.isArray(value)

const goTypes: Readonly<Record<string, string>> = { string: 'string', integer: 'int32', number: 'float64', boolean: 'bool', object: 'map', array: 'slice' }
const nameOf = (value: unknown) => Array.isArray(value) ? 'array' : typeof value === 'boolean' ? 'bool' : typeof value === 'number' && !Number.isInteger(value) ? `number ${value}` : typeof value

const kindOf = (value: unknown): string => typeof value

function fits (schema: Fragment, value: unknown): boolean {
  if (Array.isArray(schema['oneOf'])) return schema['oneOf'].some(choice => fits(choice as Fragment, value))
  switch (schema['type']) {
    case 'object': return isRecord(value)
    case 'array': return Array.isArray(value)
    case 'integer': return Number.isSafeInteger(value) && (schema['format'] !== 'int32' || Math.abs(value as number) <= 0x7fffffff)
    case undefined: return true
    default: return kindOf(value) === schema['type']
  }
}

/** Nulls are what is not there: empty texts in maps, nothing elsewhere. */
function walkRecord (value: Record<string, unknown>, schema: Fragment, path: string) {
  const properties = isRecord(schema['properties']) ? schema['properties'] : {}
  const values = isRecord(schema['additionalProperties']) ? schema['additionalProperties'] : undefined
  for (const key of Object.keys(value)) {
    const own = Object.hasOwn(properties, key) ? properties[key] as Fragment : values
    if (value[key] === null && own) {
      if (values?.['type'] === 'string') value[key] = ''
      else delete value[key]
    } else if (own) walk(value[key], own, path ? `${path}.${key}` : key)
  }
}

function walk (value: unknown, schema: Fragment, path: string) {
  if (!fits(schema, value)) throw new TypeError(`json: cannot unmarshal ${nameOf(value)} into Go struct field ${path} of type ${goTypes[String(schema['type'])] ?? 'intstr.IntOrString'}`)
  if (isRecord(value)) walkRecord(value, schema, path)
  else if (Array.isArray(value) && isRecord(schema['items'])) for (const item of value) walk(item, schema['items'], path)
}

/** Every declared field has its type from here on, and no null stands in place of one (in place); 400 in the words of Kubernetes' decoder. */
export function fit (kind: string, version: string, schema: Fragment, draft: Draft) {
  try {
    walk(draft, schema, '')
  } catch (error) {
    if (!(error instanceof TypeError)) throw error
    throw badRequest(`${kind} in version "${version}" cannot be handled as a ${kind}: ${error.message.replace('field ', `field ${kind}.`)}`)
  }
}
