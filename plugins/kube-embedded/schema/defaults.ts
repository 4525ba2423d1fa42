import type { Node } from './nodes.js'
import { isRecord, type Json } from './values.js'

const rooted = new Set(['apiVersion', 'kind', 'metadata'])

/** Fills defaults in place. A null that may not be one becomes the default; without a default, in an object, it goes. */
export function fillDefaults (node: Node, value: unknown, isRoot = false): void {
  if (Array.isArray(value)) fillItems(node, value as unknown[])
  else if (isRecord(value)) fillObject(node, value, isRoot)
}

function fillItems ({ items }: Node, value: unknown[]) {
  if (!items) return
  for (const [i, item] of value.entries()) {
    if (item === null && !items.nullable && items.hasDefault) value[i] = structuredClone(items.default)
    fillDefaults(items, value[i])
  }
}

function fillObject (node: Node, value: Json, isRoot: boolean) {
  for (const [key, property] of node.properties) {
    if (isRoot && rooted.has(key)) continue
    const absent = !Object.hasOwn(value, key) || value[key] === undefined
    if (property.hasDefault && (absent || (value[key] === null && !property.nullable))) value[key] = structuredClone(property.default)
    if (Object.hasOwn(value, key)) settle(property, value, key)
  }
  if (typeof node.additional === 'boolean') return
  for (const key of Object.keys(value)) {
    if (node.properties.has(key) || (isRoot && rooted.has(key))) continue
    if (value[key] === null && !node.additional.nullable && node.additional.hasDefault) value[key] = structuredClone(node.additional.default)
    settle(node.additional, value, key)
  }
}

/** Goes on below a field, or takes away its null. A field without a type may hold any value, null too. */
function settle (node: Node, value: Json, key: string) {
  if (value[key] === null && !node.nullable && node.types.length > 0) delete value[key]
  else fillDefaults(node, value[key])
}
