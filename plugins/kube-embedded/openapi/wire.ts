import { isRecord } from '../../../core/sdk/index.js'

/** The media type in which kubectl asks for Swagger 2.0. */
export const protobufType = 'application/com.github.proto-openapi.spec.v2.v1.0+protobuf'

/** Says a value as the content of a field that has a length. */
type Writer = (value: unknown) => Buffer
/** A field's number and how its value is said; one that repeats has a list as its value. */
type Field = readonly [number: number, writer: Writer | 'flag' | 'whole' | 'double', repeated?: true]

function varint (value: number): Buffer {
  const bytes = []
  for (; value > 127; value = Math.floor(value / 128)) bytes.push(value % 128 | 128)
  return Buffer.from([...bytes, value])
}

const field = (number: number, content: Buffer) => Buffer.concat([varint(number * 8 + 2), varint(content.length), content])

function scalar (number: number, kind: 'flag' | 'whole' | 'double', value: unknown): Buffer {
  if (kind !== 'double') return Buffer.concat([varint(number * 8), varint(Number(value))])
  const bytes = Buffer.alloc(8)
  bytes.writeDoubleLE(Number(value))
  return Buffer.concat([varint(number * 8 + 1), bytes])
}

function said ([number, writer, repeated]: Field, value: unknown): Buffer {
  if (typeof writer === 'string') return scalar(number, writer, value)
  return Buffer.concat((repeated ? value as unknown[] : [value]).map(item => field(number, writer(item))))
}

const text: Writer = value => Buffer.from(String(value))
const any: Writer = value => field(2, text(`${JSON.stringify(value)}\n`))
const named = (number: number, writer: Writer): Writer => value =>
  Buffer.concat(Object.entries(value as Record<string, unknown>).map(([name, item]) => field(number, Buffer.concat([field(1, text(name)), field(2, writer(item))]))))
const listed = (writer: Writer): Writer => value => Buffer.concat((Array.isArray(value) ? value : [value]).map(item => field(1, writer(item))))

/** A message by its fields; what begins with x- is an extension. What has no field is left out. */
const message = (fields: () => Record<string, Field>, extensions = 0): Writer => value => {
  const known = fields()
  return Buffer.concat(Object.entries(value as Record<string, unknown>).map(([key, item]) => {
    if (extensions && key.startsWith('x-')) return field(extensions, Buffer.concat([field(1, text(key)), field(2, any(item))]))
    const found = known[key]
    return found && item !== undefined ? said(found, item) : Buffer.alloc(0)
  }))
}

const orFlag: Writer = value => isRecord(value) ? field(1, schema(value)) : scalar(2, 'flag', value)

const schema: Writer = message(() => ({
  $ref: [1, text],
  format: [2, text],
  title: [3, text],
  description: [4, text],
  default: [5, any],
  multipleOf: [6, 'double'],
  maximum: [7, 'double'],
  exclusiveMaximum: [8, 'flag'],
  minimum: [9, 'double'],
  exclusiveMinimum: [10, 'flag'],
  maxLength: [11, 'whole'],
  minLength: [12, 'whole'],
  pattern: [13, text],
  maxItems: [14, 'whole'],
  minItems: [15, 'whole'],
  uniqueItems: [16, 'flag'],
  maxProperties: [17, 'whole'],
  minProperties: [18, 'whole'],
  required: [19, text, true],
  enum: [20, any, true],
  additionalProperties: [21, orFlag],
  type: [22, listed(text)],
  items: [23, listed(schema)],
  properties: [25, named(1, schema)],
}), 31)

const body = message(() => ({ description: [1, text], name: [2, text], in: [3, text], required: [4, 'flag'], schema: [5, schema] }))
const inQuery = message(() => ({ required: [1, 'flag'], in: [2, text], description: [3, text], name: [4, text], type: [6, text], uniqueItems: [20, 'flag'] }))
const inPath = message(() => ({ required: [1, 'flag'], in: [2, text], description: [3, text], name: [4, text], type: [5, text], uniqueItems: [19, 'flag'] }))

const parameter: Writer = value => {
  const where = isRecord(value) ? value['in'] : ''
  return field(1, where === 'body' ? field(1, body(value)) : field(2, where === 'path' ? field(4, inPath(value)) : field(3, inQuery(value))))
}

const response: Writer = value => field(1, message(() => ({ description: [1, text], schema: [2, item => field(1, schema(item))] }))(value))

const operation = message(() => ({
  tags: [1, text, true], description: [3, text], operationId: [5, text], produces: [6, text, true], consumes: [7, text, true], parameters: [8, parameter, true], responses: [9, named(1, response)], schemes: [10, text, true],
}), 13)

const path = message(() => ({ get: [2, operation], put: [3, operation], post: [4, operation], delete: [5, operation], patch: [8, operation], parameters: [9, parameter, true] }))

const document = message(() => ({
  swagger: [1, text], info: [2, message(() => ({ title: [1, text], version: [2, text] }))], paths: [8, named(2, path)], definitions: [9, named(1, schema)],
}))

/** A document of Swagger 2.0 in protobuf, as github.com/google/gnostic-models has it. */
export const swaggerBytes = (swagger: unknown): Buffer => document(swagger)
