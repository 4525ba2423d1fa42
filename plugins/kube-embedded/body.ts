import type { Readable } from 'node:stream'
import { badRequest, decodeProtobuf, parseJSON, protobufMediaType, readAll, tooLarge, unsupportedMediaType } from '../../core/sdk/index.js'
import { repeated, type Place } from './duplicates.js'
import { parseYAML } from './yaml.js'

export const maxBody = 3 * 1024 * 1024

const overLimit = () => tooLarge(`Request entity too large: limit is ${maxBody}`)

/** Collects a body; 413 beyond 3 MiB. */
export async function readBody (body: Buffer | string | Readable | undefined): Promise<Buffer> {
  if (body === undefined) return Buffer.alloc(0)
  if (typeof body === 'string' || Buffer.isBuffer(body)) {
    const bytes = typeof body === 'string' ? Buffer.from(body) : body
    if (bytes.length > maxBody) throw overLimit()
    return bytes
  }
  return readAll(body, maxBody, overLimit)
}

/** The words of core's JSON reader without their beginning, which Kubernetes begins in another way. */
const notJSON = 'the body is not JSON: '

/** The media type of a Content-Type, lower case, without parameters. */
export const mediaType = (contentType: string) => (contentType.split(';')[0] ?? '').trim().toLowerCase()

const summary = (bytes: Buffer) => bytes.length === 0 ? '<empty>' : JSON.stringify(bytes.toString('utf8', 0, 30)) + (bytes.length > 30 ? ' ...' : '')

/** Parses a body of one of the `accepted` media types (an absent type is JSON); 415 for others, 400 for what does not parse. `kind` is for the message. */
export function parseBody (bytes: Buffer, contentType: string, kind: string, accepted: readonly string[] = ['application/json', 'application/yaml', protobufMediaType]): unknown {
  const type = mediaType(contentType) || 'application/json'
  if (!accepted.includes(type)) throw unsupportedMediaType(`the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`)
  try {
    if (bytes.length === 0) throw new SyntaxError('unexpected end of JSON input')
    if (type === protobufMediaType) return decodeProtobuf(bytes)
    return type.endsWith('yaml') && bytes[0] !== 0x7b ? parseYAML(bytes) : parseJSON(bytes.toString('utf8'))
  } catch (error) {
    const message = error instanceof Error ? error.message.split('\n')[0] ?? '' : ''
    if ('code' in (error as object) && !message.startsWith(notJSON)) throw error
    throw badRequest(`the object provided is unrecognized (must be of type ${kind}): couldn't get version/kind; json parse error: ${message.replace(notJSON, '')} (${summary(bytes)})`)
  }
}

/** As parseBody, and the places of its fields where one of them stands there twice. */
export function parseStrictly (bytes: Buffer, contentType: string, kind: string): { value: unknown, places: readonly Place[] } {
  const value = parseBody(bytes, contentType, kind)
  return { value, places: bytes[0] === 0x7b && mediaType(contentType) !== protobufMediaType ? repeated(bytes, value) : [] }
}
