import type { Node } from '../nodes.js'
import { dyn, listOf, mapOf, type, type Field, type Type } from './types.js'

const reserved = new Set(['true', 'false', 'null', 'in', 'as', 'break', 'const', 'continue', 'else', 'for', 'function', 'if', 'import', 'let', 'loop', 'package', 'namespace', 'return', 'var', 'void', 'while'])
const escapes: Readonly<Record<string, string>> = { __: '__underscores__', '.': '__dot__', '-': '__dash__', '/': '__slash__' }

/** The name that rules know a property by; nothing where they cannot name it. */
export function escapeName (name: string): string | undefined {
  if (reserved.has(name)) return `__${name}__`
  if (!/^[A-Za-z_./-][A-Za-z0-9_./-]*$/.test(name)) return undefined
  return name.replaceAll(/__|[-./]/g, part => escapes[part]!)
}

const string = type('string')
const metadata: Type = { kind: 'object', fields: new Map(['name', 'generateName'].map(key => [key, { key, type: string }])) }
/** What every resource has, whatever its schema says. */
const resource: readonly [string, Field][] = [['kind', { key: 'kind', type: string }], ['apiVersion', { key: 'apiVersion', type: string }], ['metadata', { key: 'metadata', type: metadata }]]

const formats: Readonly<Record<string, Type>> = { byte: type('bytes'), date: type('timestamp'), 'date-time': type('timestamp'), duration: type('duration') }
const stringOf = ({ format = '' }: Node): Type => Object.hasOwn(formats, format) ? formats[format]! : string

function fieldsOf (node: Node, types: NodeTypes): [string, Field][] {
  return [...node.properties].flatMap(([key, property]) => {
    const name = escapeName(key)
    const type = name === undefined ? undefined : types.of(property)
    return name === undefined || type === undefined ? [] : [[name, { key, type }]]
  })
}

function listType (node: Node, types: NodeTypes): Type | undefined {
  const item = node.items && types.of(node.items)
  if (!item) return undefined
  return node.listType === 'set' || node.listType === 'map' ? { kind: 'list', item, identity: node.listType } : listOf(item)
}

function objectType (node: Node, types: NodeTypes, isResource: boolean): Type | undefined {
  if (typeof node.additional === 'boolean') return node.additional && node.properties.size === 0 ? undefined : { kind: 'object', fields: new Map([...fieldsOf(node, types), ...isResource ? resource : []]) }
  const value = types.of(node.additional)
  return value && mapOf(string, value)
}

function typeOf (node: Node, types: NodeTypes, isResource: boolean): Type | undefined {
  if (node.intOrString) return dyn
  switch (node.types[0]) {
    case 'array': return listType(node, types)
    case 'object': return objectType(node, types, isResource)
    case 'string': return stringOf(node)
    case 'boolean': return type('bool')
    case 'integer': return type('int')
    case 'number': return type('double')
    case undefined: return undefined
  }
}

/** The types of the levels of a schema, each made once; what the schema does not describe has none, and rules do not see it. */
export class NodeTypes {
  readonly #known = new Map<Node, Type | undefined>()

  of (node: Node, isResource = node.embedded): Type | undefined {
    if (!this.#known.has(node)) this.#known.set(node, typeOf(node, this, isResource))
    return this.#known.get(node)
  }
}
