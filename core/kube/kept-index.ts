import { Ordered } from './order.js'
import type { Index, KubeObject } from './types.js'

/** Objects by keys. Under most keys there is one, which then is kept as it is: that is a third of what an order of one costs. */
export class KeptIndex<T extends KubeObject> implements Index<T> {
  readonly #byKey = new Map<string, T | Ordered<T>>()
  constructor (private readonly keysOf: (object: T) => readonly string[], private readonly compare: (a: T, b: T) => number) {}

  get (key: string): readonly T[] {
    const under = this.#byKey.get(key)
    return under === undefined ? [] : under instanceof Ordered ? under.toArray() : [under]
  }

  count (key: string): number {
    const under = this.#byKey.get(key)
    return under === undefined ? 0 : under instanceof Ordered ? under.size : 1
  }

  add (object: T): void {
    for (const key of new Set(this.keysOf(object))) {
      const under = this.#byKey.get(key)
      if (under instanceof Ordered) under.insert(object)
      else this.#byKey.set(key, under === undefined ? object : this.#orderOf(under, object))
    }
  }

  remove (object: T): void {
    for (const key of new Set(this.keysOf(object))) {
      const under = this.#byKey.get(key)
      if (under instanceof Ordered) under.delete(object)
      if (under instanceof Ordered ? under.size === 0 : under !== undefined && this.compare(under, object) === 0) this.#byKey.delete(key)
    }
  }

  #orderOf (...objects: readonly T[]): Ordered<T> {
    const order = new Ordered<T>(this.compare)
    for (const object of objects) order.insert(object)
    return order
  }
}
