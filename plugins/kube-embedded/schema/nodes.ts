import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { rulesOf, type Rule } from './cel/rule.js'
import { patternOf } from './pattern.js'
import type { LinearRegExp } from '../../../core/regexp/index.js'
import { canonical } from './values.js'

export type TypeName = 'object' | 'array' | 'string' | 'integer' | 'number' | 'boolean'

/** One level of a structural schema, read once. */
export interface Node {
  readonly types: readonly TypeName[]
  readonly nullable: boolean
  readonly properties: ReadonlyMap<string, Node>
  readonly additional: Node | boolean
  readonly items: Node | undefined
  readonly preserve: boolean
  readonly embedded: boolean
  readonly intOrString: boolean
  readonly required: readonly string[]
  readonly enum: { readonly keys: ReadonlySet<string>, readonly text: string } | undefined
  /** A text where the pattern is none: then nothing fits it. */
  readonly pattern: { readonly source: string, readonly regex: LinearRegExp | string } | undefined
  readonly format: string | undefined
  readonly limits: Limits
  readonly listType: string | undefined
  readonly listKeys: readonly string[]
  /** A map that is one value. */
  readonly isAtomic: boolean
  readonly default: unknown
  readonly hasDefault: boolean
  /** Characters of the default and its name, about. */
  readonly defaultSize: number
  readonly allOf: readonly Node[]
  readonly anyOf: readonly Node[]
  readonly oneOf: readonly Node[]
  readonly not: Node | undefined
  /** Expressions of x-kubernetes-validations. */
  readonly rules: readonly Rule[]
  readonly ruleCount: number
  /** Here, or anywhere below. */
  readonly hasRules: boolean
}

export const limitNames = ['minLength', 'maxLength', 'minItems', 'maxItems', 'minProperties', 'maxProperties', 'minimum', 'maximum', 'multipleOf'] as const
export interface Limits extends Partial<Record<typeof limitNames[number], number>> { exclusiveMinimum?: true, exclusiveMaximum?: true, uniqueItems?: true }

const maxDepth = 64
const typeNames = new Set<unknown>(['object', 'array', 'string', 'integer', 'number', 'boolean'])
const texts = (value: unknown) => Array.isArray(value) ? value.filter(item => typeof item === 'string') : []

function limitsOf (schema: Json): Limits {
  const limits: Limits = {}
  for (const name of limitNames) {
    const value = own(schema, name)
    if (typeof value === 'number') limits[name] = value
  }
  for (const name of ['exclusiveMinimum', 'exclusiveMaximum', 'uniqueItems'] as const) if (own(schema, name) === true) limits[name] = true
  return limits
}

const isTypePair = (nodes: readonly Node[]) => nodes.length === 2 && nodes.every(({ types, required, properties }) => types.length === 1 && required.length === 0 && properties.size === 0)

function enumOf (value: unknown): Node['enum'] {
  if (!Array.isArray(value) || value.length === 0) return undefined
  return { keys: new Set(value.map(canonical)), text: value.map(item => typeof item === 'string' ? JSON.stringify(item) : `"${String(item)}"`).join(', ') }
}

/** Reads a schema that validateCRD has found right, or one of a built-in kind; deeper than 64 levels anything goes. */
export function nodeOf (schema: Json, depth = 0): Node {
  const node = levelOf(schema, depth)
  const below = [...node.properties.values(), node.additional, node.items, ...node.allOf]
  return { ...node, ...rulesAt(schema, below.some(part => typeof part === 'object' && part.hasRules)) }
}

function rulesAt (schema: Json, below: boolean): Pick<Node, 'rules' | 'ruleCount' | 'hasRules'> {
  const written = own(schema, 'x-kubernetes-validations')
  const ruleCount = Array.isArray(written) ? written.length : 0
  return { rules: rulesOf(schema), ruleCount, hasRules: ruleCount > 0 || below }
}

function levelOf (schema: Json, depth: number): Omit<Node, 'rules' | 'ruleCount' | 'hasRules'> {
  const sub = (value: unknown) => isRecord(value) && depth < maxDepth ? nodeOf(value, depth + 1) : undefined
  const list = (value: unknown) => Array.isArray(value) ? value.map(sub).filter(node => node !== undefined) : []
  const type = own(schema, 'type')
  const intOrString = own(schema, 'x-kubernetes-int-or-string') === true
  const additional = own(schema, 'additionalProperties')
  const properties = own(schema, 'properties')
  const pattern = own(schema, 'pattern')
  const format = own(schema, 'format')
  const listType = own(schema, 'x-kubernetes-list-type')
  const anyOf = list(own(schema, 'anyOf'))
  const fallback = own(schema, 'default')
  return {
    types: intOrString ? ['integer', 'string'] : typeNames.has(type) ? [type as TypeName] : [],
    nullable: own(schema, 'nullable') === true,
    properties: new Map(Object.entries(isRecord(properties) ? properties : {}).flatMap(([key, value]) => {
      const node = sub(value)
      return node ? [[key, node] as const] : []
    })),
    additional: sub(additional) ?? additional === true,
    items: sub(own(schema, 'items')),
    // What says nothing of a value leaves it as it is.
    preserve: own(schema, 'x-kubernetes-preserve-unknown-fields') === true || depth >= maxDepth || (type === undefined && properties === undefined && additional === undefined),
    embedded: own(schema, 'x-kubernetes-embedded-resource') === true,
    intOrString,
    required: texts(own(schema, 'required')),
    enum: enumOf(own(schema, 'enum')),
    pattern: typeof pattern === 'string' && pattern !== '' ? { source: pattern, regex: patternOf(pattern) } : undefined,
    format: typeof format === 'string' ? format : undefined,
    limits: limitsOf(schema),
    listType: typeof listType === 'string' ? listType : undefined,
    listKeys: texts(own(schema, 'x-kubernetes-list-map-keys')),
    isAtomic: own(schema, 'x-kubernetes-map-type') === 'atomic',
    default: fallback,
    hasDefault: fallback !== undefined && fallback !== null,
    defaultSize: 32 + JSON.stringify(fallback ?? null).length,
    allOf: list(own(schema, 'allOf')),
    anyOf: intOrString && isTypePair(anyOf) ? [] : anyOf,
    oneOf: list(own(schema, 'oneOf')),
    not: sub(own(schema, 'not')),
  }
}

/** Of metadata a schema may bind the names alone; the rest is the same for every kind. */
function metadataOf (node: Node | undefined): Node | undefined {
  if (!node) return undefined
  const names = [...node.properties].filter(([key]) => key === 'name' || key === 'generateName')
  return { ...nodeOf({ type: 'object', 'x-kubernetes-preserve-unknown-fields': true }), properties: new Map(names) }
}

/** The schema of a whole resource; kind and apiVersion are nothing that it decides. */
export function rootOf (schema: Json): Node {
  const { properties, required, ...root } = nodeOf(schema)
  const metadata = metadataOf(properties.get('metadata'))
  const kept = [...properties].filter(([key]) => !['apiVersion', 'kind', 'metadata'].includes(key))
  return { ...root, embedded: false, required: required.filter(key => key !== 'metadata'), properties: new Map(metadata ? [...kept, ['metadata', metadata]] : kept) }
}
