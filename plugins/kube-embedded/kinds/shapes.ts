import { isRecord } from '../../../core/sdk/index.js'
import { schemas } from './schemas.js'

type Json = Record<string, unknown>

const parsed = new Map<string, Json | undefined>()

/** A schema of Kubernetes' own, by its name (`io.k8s.api.core.v1.Pod`). */
export function schemaNamed (name: string): Json | undefined {
  if (!parsed.has(name)) parsed.set(name, Object.hasOwn(schemas, name) ? JSON.parse(schemas[name]!) as Json : undefined)
  return parsed.get(name)
}

const packages: Readonly<Record<string, string>> = {
  '': 'io.k8s.api.core',
  'apiextensions.k8s.io': 'io.k8s.apiextensions-apiserver.pkg.apis.apiextensions',
  'apiregistration.k8s.io': 'io.k8s.kube-aggregator.pkg.apis.apiregistration',
}

/** The name under which Kubernetes publishes a built-in kind. */
export const schemaNameOf = (group: string, version: string, kind: string): string => `${packages[group] ?? `io.k8s.api.${group.split('.')[0] ?? ''}`}.${version}.${kind}`

const prefix = '#/components/schemas/'

/** What a schema refers to, by name; the schema itself where it refers to nothing. */
export function refined (schema: Json): { name: string, schema: Json } {
  const whole = Array.isArray(schema['allOf']) && schema['allOf'].length === 1 && isRecord(schema['allOf'][0]) ? schema['allOf'][0] : schema
  const ref = whole['$ref']
  const name = typeof ref === 'string' && ref.startsWith(prefix) ? ref.slice(prefix.length) : ''
  const named = name ? schemaNamed(name) : undefined
  return named ? { name, schema: named } : { name: '', schema: whole }
}

export type ShapeKind = 'struct' | 'map' | 'list' | 'text' | 'bytes' | 'whole' | 'number' | 'flag' | 'quantity' | 'whole-or-text' | 'time' | 'any'

/** How a value of a built-in kind is held in Kubernetes. */
export interface Shape {
  readonly kind: ShapeKind
  /** The name of a struct: `DeploymentSpec`. */
  readonly struct: string
  readonly bits: 32 | 64
  /** Of a struct. */
  readonly fields: ReadonlyMap<string, Shape>
  /** Fields that are structs by value: they are there even when nothing is in them. */
  readonly embedded: readonly string[]
  /** Scalars that are there even when nobody sets them, and what they are then: times of conditions and events are null. */
  readonly zeros: readonly (readonly [string, unknown])[]
  /** Of a map or list. */
  readonly items: Shape | undefined
}

const scalars: Readonly<Record<string, ShapeKind>> = { string: 'text', integer: 'whole', number: 'number', boolean: 'flag' }

function kindOf (name: string, schema: Json): ShapeKind {
  if (name.endsWith('.Quantity')) return 'quantity'
  if (name.endsWith('.IntOrString')) return 'whole-or-text'
  if (schema['format'] === 'date-time') return 'time'
  if (schema['format'] === 'byte') return 'bytes'
  if (schema['type'] === 'array') return 'list'
  if (isRecord(schema['properties'])) return 'struct'
  if (isRecord(schema['additionalProperties'])) return 'map'
  return scalars[String(schema['type'])] ?? 'any'
}

const isZero = (value: unknown) => value === '' || value === 0 || value === false

class LazyShape implements Shape {
  readonly kind: ShapeKind
  readonly struct: string
  readonly bits: 32 | 64
  readonly #schema: Json
  #fields: ReadonlyMap<string, Shape> | undefined
  #embedded: readonly string[] | undefined
  #items: Shape | undefined

  constructor (name: string, schema: Json) {
    this.kind = kindOf(name, schema)
    this.struct = name.split('.').at(-1) ?? ''
    this.bits = schema['format'] === 'int32' ? 32 : 64
    this.#schema = schema
  }

  get #properties (): [string, Json][] { return Object.entries(isRecord(this.#schema['properties']) ? this.#schema['properties'] : {}) as [string, Json][] }

  get fields (): ReadonlyMap<string, Shape> {
    this.#fields ??= new Map(this.#properties.map(([key, schema]) => [key, shapeOf(schema)]))
    return this.#fields
  }

  get embedded (): readonly string[] {
    this.#embedded ??= this.#properties.filter(([, schema]) => isRecord(schema['default']) && refined(schema).name !== '').map(([key]) => key)
    return this.#embedded
  }

  #zeros: readonly (readonly [string, unknown])[] | undefined
  get zeros (): readonly (readonly [string, unknown])[] {
    const required = Array.isArray(this.#schema['required']) ? this.#schema['required'] as unknown[] : []
    this.#zeros ??= [
      ...this.#properties.filter(([key, schema]) => required.includes(key) && isZero(schema['default'])).map(([key, schema]) => [key, schema['default']] as const),
      ...(/(Condition|^Event(Series)?|^VolumeError|^ContainerState(Running|Terminated))$/.test(this.struct) ? this.#properties.filter(([key]) => this.fields.get(key)?.kind === 'time').map(([key]) => [key, null] as const) : []),
    ]
    return this.#zeros
  }

  get items (): Shape | undefined {
    const inner = this.kind === 'list' ? this.#schema['items'] : this.kind === 'map' ? this.#schema['additionalProperties'] : undefined
    if (isRecord(inner)) this.#items ??= shapeOf(inner)
    return this.#items
  }
}

const shapes = new Map<string, Shape>()

/** The shape of a schema; those with names are made once. */
export function shapeOf (schema: Json): Shape {
  const { name, schema: own } = refined(schema)
  if (name === '') return new LazyShape('', own)
  let shape = shapes.get(name)
  if (!shape) shapes.set(name, shape = new LazyShape(name, own))
  return shape
}
