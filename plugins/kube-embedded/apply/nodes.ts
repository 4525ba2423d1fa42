import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { objectMeta } from './object-meta.js'
import { canonical } from './values.js'

/** How a kind's schema reads: fragments are OpenAPI v3 schemas, and `resolve` finds `#/components/schemas/NAME`. A fragment is read once and kept, so its names always mean the same. */
export interface Schema {
  readonly root: Json | undefined
  readonly resolve: (name: string) => Json | undefined
  /** The kind is one of Kubernetes' own Go types: structs that are fields (`default: {}`) and required fields are there also where an object leaves them out. */
  readonly structs?: boolean
}

export type ScalarType = 'string' | 'numeric' | 'boolean' | 'untyped'

/** What a value may be: of several kinds where the schema does not tell. */
export interface Node { readonly map?: MapNode, readonly scalar?: ScalarType, readonly list?: ListNode }
/** A struct or a map; an atomic one is owned as a whole. */
export interface MapNode { readonly atomic: boolean, readonly fields: ReadonlyMap<string, Field>, readonly element: Field }
/** An atomic list is owned as a whole; others have items with keys, or with none are sets. */
export interface ListNode { readonly atomic: boolean, readonly keys: readonly string[], readonly element: Field }

/** The place of a node that is read when it is first asked for, since schemas may contain themselves. */
export class Field {
  readonly fragment: Json
  readonly required: boolean
  #node: Node | undefined
  readonly #read: () => Node

  constructor (fragment: Json, read: () => Node, required = false) {
    this.fragment = fragment
    this.required = required
    this.#read = read
  }

  get node (): Node {
    this.#node ??= this.#read()
    return this.#node
  }

  /** undefined where there is none, or null. */
  get fallback (): unknown {
    return own(this.fragment, 'default') ?? undefined
  }

  /** A struct that Go has by value: never absent. */
  get isStruct (): boolean {
    return this.fallback !== undefined && canonical(this.fallback) === '{}' && refOf(this.fragment) !== undefined && this.node.map !== undefined
  }
}

/** Anything, owned as a whole. */
const atomicNode: Node = {
  scalar: 'untyped',
  map: { atomic: true, fields: new Map(), element: new Field({}, () => atomicNode) },
  list: { atomic: true, keys: [], element: new Field({}, () => atomicNode) },
}

/** Anything: maps by their fields, all else as a whole. */
const openNode: Node = {
  scalar: 'untyped',
  map: { atomic: false, fields: new Map(), element: new Field({}, () => openNode) },
  list: { atomic: true, keys: [], element: new Field({}, () => atomicNode) },
}
const openField = new Field({}, () => openNode)
const atomicField = new Field({}, () => atomicNode)

/** Values of any form that Kubernetes has its own code for. */
const wellKnown = new Map<string, Node>([
  ['io.k8s.apimachinery.pkg.api.resource.Quantity', { scalar: 'untyped' }],
  ['io.k8s.apimachinery.pkg.runtime.RawExtension', atomicNode],
])

const texts = (value: unknown): string[] => Array.isArray(value) ? value.filter(item => typeof item === 'string') : []
const record = (value: unknown): Json => isRecord(value) ? value : {}

function refOf (fragment: Json): string | undefined {
  const parts = own(fragment, 'allOf')
  const ref = own(fragment, '$ref') ?? (Array.isArray(parts) && parts.length === 1 && isRecord(parts[0]) ? own(parts[0], '$ref') : undefined)
  return typeof ref === 'string' ? ref.slice(ref.lastIndexOf('/') + 1) : undefined
}

type Resolve = Schema['resolve']

function overridden (node: Node, mapType: unknown): Node {
  if (mapType !== 'atomic' && mapType !== 'granular') return node
  const atomic = mapType === 'atomic'
  if (node.map) return { ...node, map: { ...node.map, atomic } }
  return node.list ? { ...node, list: { ...node.list, atomic } } : node
}

function referred (name: string, fragment: Json, resolve: Resolve): Node {
  const known = wellKnown.get(name)
  const target = known ? undefined : resolve(name)
  const node = known ?? (target ? cached(target, resolve) : openNode)
  return overridden(node, own(fragment, 'x-kubernetes-map-type'))
}

const cache = new WeakMap<Json, Node>()

function cached (fragment: Json, resolve: Resolve): Node {
  let node = cache.get(fragment)
  if (!node) cache.set(fragment, node = nodeOf(fragment, resolve))
  return node
}

const fieldOf = (fragment: Json, resolve: Resolve, required = false): Field =>
  new Field(fragment, () => {
    const name = refOf(fragment)
    return name === undefined ? cached(fragment, resolve) : referred(name, fragment, resolve)
  }, required)

const embedded = (properties: Json): Json => ({ ...properties, apiVersion: { type: 'string' }, kind: { type: 'string' }, metadata: objectMeta })

/** Where a struct leaves unknown fields out, so does validation before us: here they pass as anything. */
function mapNode (fragment: Json, resolve: Resolve): MapNode {
  const declared = record(own(fragment, 'properties'))
  const properties = own(fragment, 'x-kubernetes-embedded-resource') === true ? embedded(declared) : declared
  const required = new Set(texts(own(fragment, 'required')))
  const additional = own(fragment, 'additionalProperties')
  return {
    atomic: own(fragment, 'x-kubernetes-map-type') === 'atomic',
    fields: new Map(Object.keys(properties).map(name => [name, fieldOf(record(properties[name]), resolve, required.has(name))])),
    element: isRecord(additional) ? fieldOf(additional, resolve) : openField,
  }
}

/** Lists that only say how patches merge them have that key here too; a set where they say none. */
function relation (fragment: Json): Pick<ListNode, 'atomic' | 'keys'> {
  const type = own(fragment, 'x-kubernetes-list-type')
  const strategy = own(fragment, 'x-kubernetes-patch-strategy')
  const mergeKey = own(fragment, 'x-kubernetes-patch-merge-key')
  if (type === 'map') return { atomic: false, keys: texts(own(fragment, 'x-kubernetes-list-map-keys')).sort() }
  if (type === 'set') return { atomic: false, keys: [] }
  if (type !== undefined || (strategy !== 'merge' && strategy !== 'merge,retainKeys')) return { atomic: true, keys: [] }
  return { atomic: false, keys: typeof mergeKey === 'string' ? [mergeKey] : [] }
}

function listNode (fragment: Json, resolve: Resolve): ListNode {
  const items = own(fragment, 'items')
  return { ...relation(fragment), element: isRecord(items) ? fieldOf(items, resolve) : atomicField }
}

const formats = new Set<unknown>([undefined, '', 'byte'])

function nodeOf (fragment: Json, resolve: Resolve): Node {
  switch (own(fragment, 'type')) {
    case 'object': return { map: mapNode(fragment, resolve) }
    case 'array': return { list: listNode(fragment, resolve) }
    case 'integer': case 'number': return { scalar: 'numeric' }
    case 'boolean': return { scalar: 'boolean' }
    case 'string': return { scalar: formats.has(own(fragment, 'format')) ? 'string' : 'untyped' }
    default: return { scalar: 'untyped', map: mapNode(fragment, resolve), list: listNode(fragment, resolve) }
  }
}

const roots = new WeakMap<Json, Node>()
const anyRoot: Json = { type: 'object', 'x-kubernetes-preserve-unknown-fields': true }

/** The node of a whole object; its metadata is known also where the schema leaves it open. */
export function rootOf ({ root = anyRoot, resolve }: Schema): Node {
  let node = roots.get(root)
  if (!node) {
    const properties = record(own(root, 'properties'))
    const referred = isRecord(properties['metadata']) && refOf(properties['metadata']) !== undefined
    const whole = embedded(properties)
    const fragment = { ...root, type: 'object', properties: referred ? { ...whole, metadata: properties['metadata'] } : whole }
    roots.set(root, node = nodeOf(fragment, resolve))
  }
  return node
}

/** The field of a map: declared, or as all others. */
export const fieldIn = (map: MapNode, name: string): Field => map.fields.get(name) ?? map.element
