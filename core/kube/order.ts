import { compareTexts } from '../sdk/values.js'
import type { KubeObject } from './types.js'

/** Objects by their names, then by their namespaces. */
export const byName = (a: KubeObject, b: KubeObject): number => compareTexts(a.metadata.name, b.metadata.name) || compareTexts(a.metadata.namespace ?? '', b.metadata.namespace ?? '')

/** Elements in order: insert, delete and n-th cost a binary search and a move within one chunk, whatever the size. */
export class Ordered<T> {
  #chunks: T[][] = []
  #size = 0
  #flat: readonly T[] | undefined

  /** `compare` must tell any two different elements apart. */
  constructor (private readonly compare: (a: T, b: T) => number) {}

  get size (): number { return this.#size }

  /** All of them, as an array that is kept until the next change. */
  toArray (): readonly T[] {
    this.#flat ??= this.#chunks.flat()
    return this.#flat
  }

  /** Elements from the n-th on, up to but not with `end`. */
  slice (start: number, end: number): T[] {
    const result: T[] = []
    let at = 0
    for (const chunk of this.#chunks) {
      if (at + chunk.length > start) result.push(...chunk.slice(Math.max(0, start - at), Math.max(0, end - at)))
      at += chunk.length
      if (at >= end) break
    }
    return result
  }

  /** The element that compares equal. */
  find (like: T): T | undefined {
    const chunk = this.#chunks[this.#chunkOf(like)]
    const found = chunk?.[this.#placeIn(chunk, like)]
    return found !== undefined && this.compare(found, like) === 0 ? found : undefined
  }

  insert (element: T): void {
    this.#flat = undefined
    this.#size++
    const c = this.#chunkOf(element)
    const chunk = this.#chunks[c]
    // A list that is pushed to has room for sixteen more, and most indexes hold one element under a key.
    if (!chunk) { this.#chunks = [[element]]; return }
    chunk.splice(this.#placeIn(chunk, element), 0, element)
    if (chunk.length > 512) this.#chunks.splice(c, 1, chunk.slice(0, 256), chunk.slice(256))
  }

  delete (element: T): boolean {
    const c = this.#chunkOf(element)
    const chunk = this.#chunks[c]
    if (!chunk) return false
    const i = this.#placeIn(chunk, element)
    const found = chunk[i]
    if (found === undefined || this.compare(found, element) !== 0) return false
    this.#flat = undefined
    this.#size--
    chunk.splice(i, 1)
    if (chunk.length === 0) this.#chunks.splice(c, 1)
    return true
  }

  /** Puts an element in the place of one that compares equal. */
  replace (element: T): void {
    const c = this.#chunkOf(element)
    const chunk = this.#chunks[c]
    if (!chunk) return
    chunk[this.#placeIn(chunk, element)] = element
    this.#flat = undefined
  }

  /** The first chunk whose last element is not before this one; the last chunk when there is none. */
  #chunkOf (element: T): number {
    let low = 0; let high = this.#chunks.length - 1
    while (low < high) {
      const middle = (low + high) >> 1
      const last = this.#chunks[middle]?.at(-1)
      if (last !== undefined && this.compare(last, element) < 0) low = middle + 1; else high = middle
    }
    return low
  }

  #placeIn (chunk: readonly T[], element: T): number {
    let low = 0; let high = chunk.length
    while (low < high) {
      const middle = (low + high) >> 1
      if (this.compare(chunk[middle] as T, element) < 0) low = middle + 1; else high = middle
    }
    return low
  }
}
