import type { Place, Test, Tree } from './tree.js'

/** More states than this are refused: what one character costs is bounded by them. */
const maxSteps = 3000
/** Parts that are written out for a step, on average. Empty ones make no step, however often they are repeated. */
const partsForStep = 10

const tooLarge = () => new Error('error parsing regexp: expression too large')

export type Step =
  | { readonly test: Test, readonly to: number }
  | { readonly place: Place, readonly to: number }
  | { readonly either: readonly number[] }
  | 'match'

class Builder {
  readonly steps: Step[] = ['match']
  readonly #most: number
  #parts = 0

  constructor (most: number) { this.#most = most }

  add (step: Step): number {
    if (this.steps.length >= this.#most) throw tooLarge()
    return this.steps.push(step) - 1
  }

  /** Adds the steps of a tree that go on to `to`, last first; answers the first. */
  build (tree: Tree, to: number): number {
    if (++this.#parts > this.#most * partsForStep) throw tooLarge()
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

/** The steps of a non-deterministic automaton; step 0 is the match. Throws where there would be more than `most`. */
export function programOf (tree: Tree, most = maxSteps): { steps: readonly Step[], start: number } {
  const builder = new Builder(most)
  const start = builder.build(tree, 0)
  return { steps: builder.steps, start }
}
