import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import { fieldIn, rootOf, type Field, type MapNode, type Node, type Schema } from './nodes.js'
import { put } from './values.js'

const zeros = new WeakMap<MapNode, Json>()

/** What Go writes for a required field that nobody set. */
function zeroOf (field: Field): unknown {
  const { map, scalar, list } = field.node
  if (field.isStruct) return zeroStruct(map as MapNode)
  if (map || list || scalar === 'untyped' || field.fallback === undefined) return null
  return scalar === 'string' ? '' : scalar === 'numeric' ? 0 : false
}

/** The fields that a struct of Go has even where all are empty. */
function zeroStruct (map: MapNode): Json {
  let zero = zeros.get(map)
  if (!zero) {
    zeros.set(map, zero = {})
    for (const [name, field] of map.fields) if (field.isStruct || field.required) put(zero, name, zeroOf(field))
  }
  return zero
}

function filledMap (map: MapNode, value: Json): Json {
  const filled: Json = map.fields.size > 0 ? { ...zeroStruct(map) } : {}
  for (const name of Object.keys(value)) if (value[name] !== undefined) put(filled, name, fill(fieldIn(map, name).node, value[name]))
  return filled
}

function fill (node: Node, value: unknown): unknown {
  if (isRecord(value)) return node.map && !node.map.atomic ? filledMap(node.map, value) : value
  const list = node.list
  return Array.isArray(value) && list && !list.atomic ? value.map(item => fill(list.element.node, item)) : value
}

/** An object as Go holds it: with the structs and required fields that its JSON may leave out. Kinds without Go types are as they are. */
export const filled = (schema: Schema, object: Json): Json => schema.structs ? fill(rootOf(schema), object) as Json : object

/** The object that a write creates is compared with: what is null in an object of Go is so before anybody has written it. */
export function blank (schema: Schema, object: Json): Json {
  const nothing = schema.structs ? Object.fromEntries(Object.entries(object).filter(([, value]) => value === null)) : {}
  return filled(schema, { ...nothing, apiVersion: own(object, 'apiVersion'), kind: own(object, 'kind') })
}
