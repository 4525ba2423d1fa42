import { isRecord, tooLarge, type Json } from '../../../core/sdk/index.js'
import type { Node } from './nodes.js'

const rooted = new Set(['apiVersion', 'kind', 'metadata'])

/** What the defaults of one object may add up to, in characters of JSON: a small body must not become a large object. */
const maxFilled = 3 * 1024 * 1024

class Filler {
  #left = maxFilled

  #defaultOf ({ default: value, defaultSize }: Node): unknown {
    this.#left -= defaultSize
    if (this.#left < 0) throw tooLarge(`Request entity too large: defaults add up to more than ${maxFilled}`)
    return structuredClone(value)
  }

  fill (node: Node, value: unknown, isRoot: boolean): void {
    if (Array.isArray(value)) this.#fillItems(node, value as unknown[])
    else if (isRecord(value)) this.#fillObject(node, value, isRoot)
  }

  #fillItems ({ items }: Node, value: unknown[]) {
    if (!items) return
    for (const [i, item] of value.entries()) {
      if (item === null && !items.nullable && items.hasDefault) value[i] = this.#defaultOf(items)
      this.fill(items, value[i], false)
    }
  }

  #fillObject (node: Node, value: Json, isRoot: boolean) {
    for (const [key, property] of node.properties) {
      if (isRoot && rooted.has(key)) continue
      const isAbsent = !Object.hasOwn(value, key) || value[key] === undefined
      if (property.hasDefault && (isAbsent || (value[key] === null && !property.nullable))) value[key] = this.#defaultOf(property)
      if (Object.hasOwn(value, key)) this.#settle(property, value, key)
    }
    if (typeof node.additional === 'boolean') return
    for (const key of Object.keys(value)) {
      if (node.properties.has(key) || (isRoot && rooted.has(key))) continue
      if (value[key] === null && !node.additional.nullable && node.additional.hasDefault) value[key] = this.#defaultOf(node.additional)
      this.#settle(node.additional, value, key)
    }
  }

  /** Goes on below a field, or takes away its null. A field without a type may hold any value, null too. */
  #settle (node: Node, value: Json, key: string) {
    if (value[key] === null && !node.nullable && node.types.length > 0) delete value[key]
    else this.fill(node, value[key], false)
  }
}

/** Fills defaults in place. A null that may not be one becomes the default; without a default, in an object, it goes. 413 where the defaults add up to more than 3 MiB. */
export const fillDefaults = (node: Node, value: unknown, isRoot = false): void => { new Filler().fill(node, value, isRoot) }
