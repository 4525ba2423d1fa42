import type { Place, Test, Tree } from './tree.js'

/** More states than this are refused: what one character costs is bounded by them. */
const maxSteps = 3000

export type Step =
  | { readonly test: Test, readonly to: number }
  | { readonly place: Place, readonly to: number }
  | { readonly either: readonly number[] }
  | 'match'

class Builder {
  readonly steps: Step[] = ['match']

  add (step: Step): number {
    if (this.steps.length >= maxSteps) throw new Error('error parsing regexp: expression too large')
    return this.steps.push(step) - 1
  }

  /** Adds the steps of a tree that go on to `to`, last first; answers the first. */
  build (tree: Tree, to: number): number {
    switch (tree.kind) {
      case 'set': return this.add({ test: tree.test, to })
      case 'place': return this.add({ place: tree.place, to })
      case 'all': return tree.parts.reduceRight((next, part) => this.build(part, next), to)
      case 'any': return this.add({ either: tree.parts.map(part => this.build(part, to)) })
      case 'repeat': return this.#repeat(tree, to)
    }
  }

  #repeat ({ part, min, max }: Extract<Tree, { kind: 'repeat' }>, to: number): number {
    let next = to
    if (max === Infinity) next = this.#loop(part, to)
    else for (let i = min; i < max; i++) next = this.add({ either: [this.build(part, next), to] })
    for (let i = 0; i < min; i++) next = this.build(part, next)
    return next
  }

  #loop (part: Tree, to: number): number {
    const ways: number[] = [to]
    const start = this.add({ either: ways })
    ways.push(this.build(part, start))
    return start
  }
}

/** The steps of a non-deterministic automaton; step 0 is the match. */
export function programOf (tree: Tree): { steps: readonly Step[], start: number } {
  const builder = new Builder()
  const start = builder.build(tree, 0)
  return { steps: builder.steps, start }
}
