import { Type, type Static, type TObject, type TSchema } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { isRecord } from '../../sdk/values.js'

/** An option that does not fit. The value is never repeated: it may be a secret. */
export class OptionError extends Error {
  constructor (readonly key: string, readonly expected: string) { super(`provider.${key}: expected ${expected}`) }
}

export const text = () => Type.String({ default: '' })
export const needed = () => Type.String({ minLength: 1, description: 'a text that is not empty' })
export const flag = () => Type.Boolean({ default: false })
export const texts = () => Type.Array(Type.String(), { default: [] })

const words: Record<string, string> = { string: 'a text', boolean: 'true or false', integer: 'a whole number', array: 'a list of texts', object: 'a section with keys' }

/** Keys as the schema writes them, whatever their case; null is as absent, and what is not known is left out. */
function named (schema: TSchema, raw: unknown): unknown {
  const properties = schema.properties as Record<string, TSchema> | undefined
  if (!properties || !isRecord(raw)) return raw
  const given = new Map(Object.entries(raw).filter(([, value]) => value !== null).map(([key, value]) => [key.toLowerCase(), value]))
  return Object.fromEntries(Object.entries(properties).flatMap(([key, inner]) => given.has(key.toLowerCase()) ? [[key, named(inner, given.get(key.toLowerCase()))]] : []))
}

/** The options of a provider by its schema, defaults filled in; throws an OptionError for the first that does not fit. */
export function readOptions<S extends TObject> (schema: S, raw: unknown): Static<S> {
  const options = Value.Default(schema, named(schema, raw))
  const error = Value.Errors(schema, options).First()
  if (error) throw new OptionError(error.path.slice(1).replaceAll('/', '.'), error.schema.description ?? words[String(error.schema.type)] ?? 'another value')
  return options as Static<S>
}

/** An absolute http(s) address without credentials; '' where none is needed. */
export function checkURL (key: string, value: string, isNeeded = false): string {
  if (value === '' && !isNeeded) return value
  if (!isWebAddress(value)) throw new OptionError(key, 'an absolute http or https address')
  return value
}

export function isWebAddress (value: string): boolean {
  try {
    const { protocol, username, password } = new URL(value)
    return (protocol === 'https:' || protocol === 'http:') && !username && !password
  } catch { return false }
}
