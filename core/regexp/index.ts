import { Parser } from './parse.js'
import { programOf, type Step } from './program.js'
import { isWord, type Place } from './tree.js'

/** What one expression keeps, in transitions and members of states; beyond, all is forgotten and found again. */
const maxKept = 50_000
const end = -1
type Before = 'nothing' | 'word' | 'line' | 'other'

interface State { readonly steps: readonly number[], readonly before: Before, readonly next: Map<number, State | true> }

const kindOf = (point: number): Before => isWord(point) ? 'word' : point === 10 ? 'line' : 'other'

function holds (place: Place, before: Before, point: number): boolean {
  switch (place) {
    case 'begin': return before === 'nothing'
    case 'end': return point === end
    case 'lineBegin': return before === 'nothing' || before === 'line'
    case 'lineEnd': return point === end || point === 10
    case 'word': return (before === 'word') !== isWord(point)
    case 'notWord': return (before === 'word') === isWord(point)
  }
}

/**
 * A regular expression of RE2's syntax whose time is linear in the input, whatever the expression: an automaton, made deterministic where the input goes.
 * Throws what is wrong with the expression, in the words of Go.
 */
export class LinearRegExp {
  readonly #steps: readonly Step[]
  readonly #start: number
  readonly #states = new Map<string, State>()
  #kept = 0

  /** `most`: states that it may have; the time for one character grows with them. */
  constructor (source: string, { most }: { most?: number } = {}) {
    const { steps, start } = programOf(new Parser(source).parse(), most)
    this.#steps = steps
    this.#start = start
  }

  /** True where any part of the text fits. */
  test (text: string): boolean {
    let state = this.#state([], 'nothing')
    for (let i = 0; i < text.length;) {
      const point = text.codePointAt(i)!
      const next = this.#follow(state, point)
      if (next === true) return true
      state = next
      i += point > 0xffff ? 2 : 1
    }
    return this.#follow(state, end) === true
  }

  #state (steps: number[], before: Before): State {
    const key = `${before} ${steps.join()}`
    const known = this.#states.get(key)
    if (known) return known
    const state: State = { steps, before, next: new Map() }
    this.#states.set(key, state)
    return state
  }

  #follow (state: State, point: number): State | true {
    const known = state.next.get(point)
    if (known !== undefined) return known
    const next = this.#advance(state, point)
    this.#kept += next === true ? 1 : 1 + next.steps.length
    if (this.#kept > maxKept) {
      this.#states.clear()
      this.#kept = 0
      state.next.clear()
    }
    state.next.set(point, next)
    return next
  }

  /** Takes every way that needs no character, then the character; a match may begin anywhere. */
  #advance ({ steps, before }: State, point: number): State | true {
    const seen = new Set<number>()
    const open = [...steps, this.#start]
    const reached = new Set<number>()
    for (let at = open.pop(); at !== undefined; at = open.pop()) {
      if (seen.has(at)) continue
      seen.add(at)
      const step = this.#steps[at]!
      if (step === 'match') return true
      if ('either' in step) open.push(...step.either)
      else if ('place' in step) {
        if (holds(step.place, before, point)) open.push(step.to)
      } else if (point !== end && step.test(point)) reached.add(step.to)
    }
    return this.#state([...reached].sort((a, b) => a - b), point === end ? before : kindOf(point))
  }
}
