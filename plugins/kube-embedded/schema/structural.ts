import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import type { Cause } from '../kinds/types.js'
import { forbiddenValue, invalidValue, requiredValue, unsupportedValue } from './causes.js'
import { fillDefaults } from './defaults.js'
import { nodeOf, type Node } from './nodes.js'
import { patternOf } from './pattern.js'
import { check } from './validate.js'

const maxDepth = 60
const maxCauses = 32
const maxNodes = 20_000
const types = ['array', 'boolean', 'integer', 'number', 'object', 'string']
/** Must not be set where a schema only asks for more of a value: inside allOf, anyOf, oneOf, not. */
const structure = ['type', 'additionalProperties', 'default', 'nullable', 'title', 'description', 'x-kubernetes-preserve-unknown-fields', 'x-kubernetes-embedded-resource', 'x-kubernetes-int-or-string']
const junctors = ['allOf', 'anyOf', 'oneOf'] as const

const truthy = (schema: Json, key: string) => own(schema, key) === true

/** Where a schema is no structural one. */
export function structuralCauses (schema: Json, path: string): Cause[] {
  const causes: Cause[] = []
  if (own(schema, 'type') !== 'object') causes.push(own(schema, 'type') === undefined ? requiredValue(`${path}.type`, 'must not be empty at the root') : invalidValue(`${path}.type`, own(schema, 'type'), 'must be object at the root'))
  if (truthy(schema, 'nullable')) causes.push(forbiddenValue(`${path}.nullable`, 'nullable cannot be true at the root'))
  if (sizeOf(schema) > maxNodes) causes.push(invalidValue(path, '', `must not have more than ${maxNodes} fields`))
  else visit(schema, path, 0, causes)
  return causes.slice(0, maxCauses)
}

/** Counts the objects of a schema, no further than it must. */
function sizeOf (schema: Json): number {
  const open: unknown[] = [schema]
  let size = 0
  for (let value = open.pop(); value !== undefined && size <= maxNodes; value = open.pop()) {
    if (isRecord(value)) size++
    if (value !== null && typeof value === 'object') for (const item of Object.values(value)) if (item !== null && typeof item === 'object') open.push(item)
  }
  return size
}

function visit (schema: Json, path: string, depth: number, causes: Cause[]) {
  if (causes.length >= maxCauses) return
  if (depth > maxDepth) {
    causes.push(invalidValue(path, '', `must not be nested deeper than ${maxDepth} levels`))
    return
  }
  forbidden(schema, path, causes)
  typeCauses(schema, path, depth, causes)
  valueCauses(schema, path, causes)
  listCauses(schema, path, causes)
  below(schema, path, depth, causes)
}

function typeCauses (schema: Json, path: string, depth: number, causes: Cause[]) {
  const type = own(schema, 'type')
  const intOrString = truthy(schema, 'x-kubernetes-int-or-string')
  if (type === undefined || type === '') {
    if (depth > 0 && !intOrString && !truthy(schema, 'x-kubernetes-preserve-unknown-fields')) causes.push(requiredValue(`${path}.type`, 'must not be empty for specified object fields'))
  } else if (!types.includes(type as string)) causes.push(unsupportedValue(`${path}.type`, type, types.map(text => `"${text}"`).join(', ')))
  else if (intOrString) causes.push(invalidValue(`${path}.type`, type, 'must be empty if x-kubernetes-int-or-string is true'))
  if (type !== 'object' && truthy(schema, 'x-kubernetes-embedded-resource')) causes.push(invalidValue(`${path}.type`, type ?? '', 'must be object if x-kubernetes-embedded-resource is true'))
  if (type === 'array' && own(schema, 'items') === undefined) causes.push(requiredValue(`${path}.items`, 'must be specified'))
}

function forbidden (schema: Json, path: string, causes: Cause[]) {
  for (const key of ['$ref', 'definitions', 'dependencies', 'patternProperties', 'additionalItems', 'id', '$schema']) {
    if (own(schema, key) !== undefined) causes.push(forbiddenValue(`${path}.${key}`, `${key} is not supported`))
  }
  if (truthy(schema, 'uniqueItems')) causes.push(forbiddenValue(`${path}.uniqueItems`, 'uniqueItems cannot be set to true since the runtime complexity becomes quadratic'))
  if (own(schema, 'additionalProperties') === false) causes.push(forbiddenValue(`${path}.additionalProperties`, 'additionalProperties cannot be set to false'))
  if (isRecord(own(schema, 'properties')) && own(schema, 'additionalProperties') !== undefined) causes.push(forbiddenValue(`${path}.additionalProperties`, 'additionalProperties and properties are mutual exclusive'))
  if (Array.isArray(own(schema, 'items'))) causes.push(forbiddenValue(`${path}.items`, 'items must be a schema object and not an array'))
}

function valueCauses (schema: Json, path: string, causes: Cause[]) {
  const pattern = own(schema, 'pattern')
  const regex = typeof pattern === 'string' ? patternOf(pattern) : undefined
  if (typeof regex === 'string') causes.push(invalidValue(`${path}.pattern`, pattern, `must be a valid regular expression, but isn't: ${regex}`))
  const fallback = own(schema, 'default')
  if (fallback === undefined || fallback === null) return
  for (const cause of defaultCauses(schema, fallback, `${path}.default`)) causes.push(cause)
}

const nodes = new WeakMap<Json, Node>()

/** Defaults stand in defaults: each level is read once. */
function knownNode (schema: Json): Node {
  const node = nodes.get(schema) ?? nodeOf(schema)
  nodes.set(schema, node)
  return node
}

function defaultCauses (schema: Json, fallback: unknown, path: string): Cause[] {
  const report: Cause[] = []
  const node = knownNode(schema)
  const filled = structuredClone(fallback)
  fillDefaults(node, filled)
  check(node, filled, path, report)
  return report
}

function listCauses (schema: Json, path: string, causes: Cause[]) {
  const list = own(schema, 'x-kubernetes-list-type')
  const keys = own(schema, 'x-kubernetes-list-map-keys')
  if (list === undefined) {
    if (keys !== undefined) causes.push(requiredValue(`${path}.x-kubernetes-list-type`, 'must be map if x-kubernetes-list-map-keys is non-empty'))
    return
  }
  if (list !== 'atomic' && list !== 'set' && list !== 'map') causes.push(unsupportedValue(`${path}.x-kubernetes-list-type`, list, '"atomic", "map", "set"'))
  if (own(schema, 'type') !== 'array') causes.push(invalidValue(`${path}.type`, own(schema, 'type') ?? '', 'must be array if x-kubernetes-list-type is specified'))
  if (list === 'map') mapCauses(schema, keys, path, causes)
}

function mapCauses (schema: Json, keys: unknown, path: string, causes: Cause[]) {
  if (!Array.isArray(keys) || keys.length === 0) {
    causes.push(requiredValue(`${path}.x-kubernetes-list-map-keys`, 'must not be empty if x-kubernetes-list-type is map'))
    return
  }
  const items = own(schema, 'items')
  const properties = isRecord(items) && isRecord(own(items, 'properties')) ? items['properties'] as Json : {}
  const required = isRecord(items) && Array.isArray(items['required']) ? items['required'] as unknown[] : []
  for (const key of keys as string[]) {
    const property = own(properties, key)
    if (!isRecord(property)) causes.push(invalidValue(`${path}.x-kubernetes-list-map-keys`, key, 'entries must all be names of item properties'))
    else if (!required.includes(key) && own(property, 'default') === undefined) causes.push(requiredValue(`${path}.items.properties[${key}].default`, 'this property is in x-kubernetes-list-map-keys, so it must have a default or be a required property'))
  }
}

function below (schema: Json, path: string, depth: number, causes: Cause[]) {
  const properties = own(schema, 'properties')
  if (isRecord(properties)) for (const [key, value] of Object.entries(properties)) into(value, `${path}.properties[${key}]`, depth, causes)
  for (const key of ['items', 'additionalProperties']) if (isRecord(own(schema, key))) into(schema[key], `${path}.${key}`, depth, causes)
  for (const key of junctors) {
    const list = own(schema, key)
    if (Array.isArray(list)) list.forEach((part, i) => { demandCauses(part, `${path}.${key}[${i}]`, depth + 1, causes, truthy(schema, 'x-kubernetes-int-or-string')) })
  }
  if (own(schema, 'not') !== undefined) demandCauses(schema['not'], `${path}.not`, depth + 1, causes, false)
}

function into (schema: unknown, path: string, depth: number, causes: Cause[]) {
  if (isRecord(schema)) visit(schema, path, depth + 1, causes)
  else causes.push(invalidValue(path, schema, 'must be a schema object'))
}

/** A part of a junctor; only the alternatives of an int-or-string may name types. */
function demandCauses (part: unknown, path: string, depth: number, causes: Cause[], intOrString: boolean) {
  if (causes.length >= maxCauses) return
  if (!isRecord(part) || depth > maxDepth) {
    causes.push(invalidValue(path, '', isRecord(part) ? `must not be nested deeper than ${maxDepth} levels` : 'must be a schema object'))
    return
  }
  for (const key of structure) if (own(part, key) !== undefined && !(intOrString && key === 'type')) causes.push(forbiddenValue(`${path}.${key}`, 'must be empty to be structural'))
  valueCauses({ ...part, default: undefined }, path, causes)
  const properties = own(part, 'properties')
  if (isRecord(properties)) for (const [key, value] of Object.entries(properties)) demandCauses(value, `${path}.properties[${key}]`, depth + 1, causes, false)
  if (own(part, 'items') !== undefined) demandCauses(part['items'], `${path}.items`, depth + 1, causes, false)
  for (const key of junctors) {
    const list = own(part, key)
    if (Array.isArray(list)) list.forEach((item, i) => { demandCauses(item, `${path}.${key}[${i}]`, depth + 1, causes, intOrString) })
  }
  if (own(part, 'not') !== undefined) demandCauses(part['not'], `${path}.not`, depth + 1, causes, false)
}
