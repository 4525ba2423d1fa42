import type { Step } from '../../../../core/regexp/program.js'
import { isWord, type Place } from '../../../../core/regexp/tree.js'

export interface Program { readonly steps: readonly Step[], readonly start: number }

const none = -1
const pointAt = (text: string, at: number) => at < 0 || at >= text.length ? none : text.codePointAt(at)!

function holds (place: Place, before: number, after: number): boolean {
  switch (place) {
    case 'begin': return before === none
    case 'end': return after === none
    case 'lineBegin': return before === none || before === 10
    case 'lineEnd': return after === none || after === 10
    case 'word': return isWord(before) !== isWord(after)
    case 'notWord': return isWord(before) === isWord(after)
  }
}

/** Every way on from the open steps that takes no character; answers the earliest begin of a match that is complete. */
function close ({ steps }: Program, open: [number, number][], before: number, after: number): { ways: Map<number, number>, done: number | undefined } {
  const ways = new Map<number, number>()
  let done: number | undefined
  for (let next = open.pop(); next; next = open.pop()) {
    const [at, begin] = next
    if ((ways.get(at) ?? Infinity) <= begin) continue
    ways.set(at, begin)
    const step = steps[at]!
    if (step === 'match') done = Math.min(done ?? Infinity, begin)
    else if ('either' in step) open.push(...step.either.map((to): [number, number] => [to, begin]))
    else if ('place' in step && holds(step.place, before, after)) open.push([step.to, begin])
  }
  return { ways, done }
}

/** The leftmost match from a place on, and the longest there: where RE2 takes the first alternative that fits, this takes the longest. Linear in the text. */
export function findIn (program: Program, text: string, from: number): { start: number, end: number } | undefined {
  let found: { start: number, end: number } | undefined
  let open: [number, number][] = []
  let before = pointAt(text, from - 1)
  for (let at = from; at <= text.length;) {
    const after = pointAt(text, at)
    if (!found) open.push([program.start, at])
    const { ways, done } = close(program, open, before, after)
    if (done !== undefined && done <= (found?.start ?? Infinity)) found = { start: done, end: at }
    open = after === none ? [] : advance(program, ways, after, found?.start ?? Infinity)
    if (found && open.length === 0) break
    before = after
    at += after > 0xffff ? 2 : 1
  }
  return found
}

function advance ({ steps }: Program, ways: Map<number, number>, point: number, latest: number): [number, number][] {
  return [...ways].flatMap(([at, begin]): [number, number][] => {
    const step = steps[at]!
    return begin <= latest && step !== 'match' && 'test' in step && step.test(point) ? [[step.to, begin]] : []
  })
}
