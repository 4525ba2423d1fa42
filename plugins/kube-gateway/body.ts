import { load } from 'js-yaml'
import { badRequest, decodeProtobuf, parseJSON, protobufMediaType, unsupportedMediaType } from '../../core/sdk/index.js'

function yaml (text: string): unknown {
  try { return load(text) } catch { throw badRequest('the body is not YAML') }
}

/** A body that the gateway must look into, in any form that Kubernetes takes; a 400 or 415 StatusError. */
export function decodeBody (contentType = '', body: Buffer): unknown {
  const type = contentType.split(';')[0]?.trim().toLowerCase() ?? ''
  if (type === 'application/json' || type === '') return parseJSON(body.toString('utf8'))
  if (type === 'application/yaml') return yaml(body.toString('utf8'))
  if (type === protobufMediaType) return decodeProtobuf(body)
  throw unsupportedMediaType('objects of this kind are taken as application/json, application/yaml or protobuf')
}
