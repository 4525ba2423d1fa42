import { patternOf } from '../../pattern.js'
import { Parser } from '../../../../../core/regexp/parse.js'
import { programOf, type Step } from '../../../../../core/regexp/program.js'
import { EvaluationError, type Cost } from '../cost.js'
import { findIn, type Program } from '../find.js'
import type { Functions } from './index.js'

const maxKept = 256
/** As many as a pattern that counts may have. */
const maxSteps = 3000
const programs = new Map<string, Program>()

/** The automaton of a pattern; its steps say what one character of a text may cost. */
function programFor (source: string, cost: Cost): Program {
  const known = programs.get(source)
  if (known) return known
  cost.spend(source.includes('{') ? maxSteps : source.length)
  const wrong = patternOf(source)
  if (typeof wrong === 'string') throw new EvaluationError(wrong)
  const program: { steps: readonly Step[], start: number } = programOf(new Parser(source).parse())
  if (programs.size >= maxKept) programs.delete(programs.keys().next().value!)
  programs.set(source, program)
  return program
}

/** Each character may be tried on each step of the pattern. */
const pay = (text: string, { steps }: Program, cost: Cost) => cost.spend(1 + Math.ceil(text.length * steps.length / 20))

function matches (text: string, source: string, cost: Cost): boolean {
  pay(text, programFor(source, cost), cost)
  const pattern = patternOf(source)
  return typeof pattern !== 'string' && pattern.test(text)
}

function find (text: string, source: string, cost: Cost): string {
  const program = programFor(source, cost)
  pay(text, program, cost)
  const found = findIn(program, text, 0)
  return found ? text.slice(found.start, found.end) : ''
}

function findAll (text: string, source: string, limit: bigint, cost: Cost): string[] {
  const program = programFor(source, cost)
  const all: string[] = []
  const most = limit < 0n ? Infinity : Number(limit)
  for (let at = 0; at <= text.length && all.length < most;) {
    pay(text.slice(at), program, cost)
    const found = findIn(program, text, at)
    if (!found) break
    all.push(text.slice(found.start, found.end))
    at = found.end > found.start ? found.end : found.end + 1
  }
  return all
}

export const patterns: Functions = {
  'string.matches(string): bool': matches,
  'matches(string, string): bool': matches,
  'string.find(string): string': find,
  'string.findAll(string): list<string>': (text: string, source: string, cost: Cost) => findAll(text, source, -1n, cost),
  'string.findAll(string, int): list<string>': findAll,
}
