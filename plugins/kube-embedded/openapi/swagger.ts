import { isRecord } from '../../../core/sdk/index.js'
import type { Schema } from './schemas.js'

const methods = ['get', 'put', 'post', 'delete', 'patch'] as const
const produces = ['application/json']

interface Operation { parameters?: Schema[], requestBody?: { content: Record<string, { schema: unknown }> }, responses: Record<string, { description: string, content?: Record<string, { schema: unknown }> }> }

/** Words of version 3 that version 2 does not have. */
const later = new Set(['oneOf', 'anyOf', 'not', 'nullable', 'default', 'allOf'])

/** A schema as version 2 says it. */
function older (value: unknown, named = false): unknown {
  if (Array.isArray(value)) return value.map(item => older(item))
  if (!isRecord(value)) return typeof value === 'string' ? value.replace(/^#\/components\/schemas\//, '#/definitions/') : value
  const entries = Object.entries(value).filter(([key]) => named || !later.has(key)).map(([key, item]) => [key, older(item, !named && key === 'properties')] as const)
  if (named) return Object.fromEntries(entries)
  const [only] = Array.isArray(value['allOf']) && value['allOf'].length === 1 ? value['allOf'] as unknown[] : []
  return { ...Object.fromEntries(entries), ...textual(value), ...(isRecord(only) ? older(only) as Schema : {}) }
}

/** What may be a number or text is text in version 2. */
const textual = (schema: Schema) => Array.isArray(schema['oneOf']) && schema['type'] === undefined ? { type: 'string' } : {}

function parameterOf ({ schema, ...rest }: Schema): Schema {
  return { ...(schema as Schema), ...rest }
}

function operationOf ({ requestBody, parameters = [], responses, ...rest }: Operation): Schema {
  const types = Object.keys(requestBody?.content ?? {})
  const body = requestBody?.content[types[0] ?? '']
  return {
    ...rest,
    consumes: types.length ? types : ['*/*'],
    produces,
    schemes: ['https'],
    parameters: [...(body ? [{ name: 'body', in: 'body', required: true, schema: older(body.schema) }] : []), ...parameters.map(parameterOf)],
    responses: Object.fromEntries(Object.entries(responses).map(([code, { description, content }]) => [code, { description, ...(content ? { schema: older(content['application/json']?.schema) } : {}) }])),
  }
}

function pathOf (path: Schema): Schema {
  const operations = methods.flatMap(method => isRecord(path[method]) ? [[method, operationOf(path[method] as unknown as Operation)] as const] : [])
  const parameters = path['parameters'] as Schema[] | undefined
  return { ...Object.fromEntries(operations), ...(parameters ? { parameters: parameters.map(parameterOf) } : {}) }
}

export interface Document { info: Schema, paths: Record<string, Schema>, components: { schemas: Record<string, Schema> } }

/** Documents of OpenAPI 3 as one of Swagger 2.0. */
export function swaggerOf (documents: readonly Document[], info: Schema): Schema {
  const paths: Schema = {}
  const definitions: Schema = {}
  for (const document of documents) {
    for (const [path, operations] of Object.entries(document.paths)) paths[path] = pathOf(operations)
    for (const [name, schema] of Object.entries(document.components.schemas)) definitions[name] ??= older(schema)
  }
  return { swagger: '2.0', info, paths, definitions }
}
