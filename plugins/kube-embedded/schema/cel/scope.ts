import type { Cost } from './cost.js'
import type { Type } from './types.js'

/** A rule cannot be compiled. */
export class CompileError extends Error {
  constructor (text: string, source: string, at: number) {
    const lines = source.slice(0, at).split('\n')
    super(`ERROR: <input>:${lines.length}:${lines.at(-1)!.length + 1}: ${text}`)
  }
}

/** What an expression needs while it runs. */
export interface Frame { readonly slots: unknown[], readonly cost: Cost }
export type Run = (frame: Frame) => unknown
export interface Typed { readonly type: Type, readonly run: Run }

interface Variable { readonly type: Type, readonly slot: number }

/** The names that an expression may use; slots are shared by all that stand in it. */
export class Scope {
  readonly #names: ReadonlyMap<string, Variable>
  readonly #shared: { slots: number, readonly used: Set<string> }

  constructor (names: ReadonlyMap<string, Variable> = new Map(), shared = { slots: 0, used: new Set<string>() }) {
    this.#names = names
    this.#shared = shared
  }

  with (name: string, type: Type): { scope: Scope, slot: number } {
    const slot = this.#shared.slots++
    return { slot, scope: new Scope(new Map([...this.#names, [name, { type, slot }]]), this.#shared) }
  }

  find (name: string): Variable | undefined {
    const found = this.#names.get(name)
    if (found && (found.slot < 2)) this.#shared.used.add(name)
    return found
  }

  has (name: string): boolean { return this.#names.has(name) }
  /** `self` and `oldSelf`, where they were asked for. */
  get used (): ReadonlySet<string> { return this.#shared.used }
}
