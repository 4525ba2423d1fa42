import { LRUCache } from 'lru-cache'
import { clip, firstMissing, isOnGrid, join, sliceKey, stepsOf, weightOf, type Slice, type Steps } from './slices.js'
import type { Grid, QueryData, Series } from './types.js'

/** Steps and instants older than this (ms) do not change any more. */
const settledAfter = 60_000
/** How long answers are kept (ms): those that may still change, and those that are settled. */
const keptFor = { fresh: 2_000, settled: 600_000 }

/** What a server answered: `asked` by our clock, `date` by its own; `whole` where it warned of nothing. */
export interface Told { data: QueryData, whole: boolean, asked: number, date: number | undefined }

/** A range question, less what is known of it. */
export interface Plan {
  readonly key: string
  readonly expression: string
  readonly grid: Grid
  /** Undefined where steps of other grids say nothing about this one. */
  readonly steps: Steps | undefined
  readonly slice: Slice | undefined
  readonly older: readonly Series[]
  /** What is left to ask; undefined where all is known. */
  readonly missing: Grid | undefined
}

/** Answers that are given again, bounded in bytes and time. An answer with warnings, or an error, is never kept. */
export interface Kept {
  answer (key: string): QueryData | undefined
  keepInstant (key: string, time: number, told: Told): void
  plan (key: string, expression: string, grid: Grid): Plan
  /** The whole answer of a plan, from what was kept and what the server told of the missing part. */
  complete (plan: Plan, told?: Told): QueryData
}

const matrix = (result: readonly Series[]): QueryData => result.length > 0 ? { resultType: 'matrix', result: [...result] } : { resultType: 'matrix' }

export function createKept ({ bytes, now }: { bytes: number, now: () => number }): Kept {
  const bounds = { maxSize: Math.max(1, Math.floor(bytes / 2)), perf: { now }, ttlResolution: 0 }
  const answers = new LRUCache<string, QueryData>({ ...bounds, sizeCalculation: ({ result }, key) => 2 * key.length + weightOf(result) })
  const slices = new LRUCache<string, Slice>({ ...bounds, ttl: keptFor.settled, sizeCalculation: ({ rows }, key) => 2 * key.length + weightOf(rows) })

  /** The newest time (ms) that is settled, by the earlier of the two clocks. */
  const settledAt = ({ asked, date = asked }: Told) => Math.min(asked, date) - settledAfter

  function keepSlice ({ expression, steps, slice, missing }: Plan, result: readonly Series[], told: Told) {
    if (!steps) return
    const { start, last, step } = steps
    const to = start + Math.floor((Math.min(settledAt(told), last) - start) / step) * step
    const extended = missing !== undefined && slice !== undefined && Math.round(missing.start * 1000) > start
    if (to >= start) slices.set(sliceKey(expression, steps), { from: start, to, born: extended ? slice.born : told.asked, rows: clip(result, start, to) })
  }

  return {
    answer: key => answers.get(key),
    keepInstant (key, time, told) {
      if (told.whole) answers.set(key, told.data, { ttl: time * 1000 <= settledAt(told) ? keptFor.settled : keptFor.fresh })
    },
    plan (key, expression, grid) {
      const steps = stepsOf(expression, grid)
      const known = steps && slices.get(sliceKey(expression, steps))
      const slice = known && now() - known.born < keptFor.settled ? known : undefined
      if (!steps || !slice) return { key, expression, grid, steps, slice: undefined, older: [], missing: grid }
      const first = firstMissing(slice, steps)
      const older = first > steps.start ? clip(slice.rows, steps.start, steps.last) : []
      const missing = first > steps.last ? undefined : first === steps.start ? grid : { ...grid, start: first / 1000 }
      return { key, expression, grid, steps, slice, older, missing }
    },
    complete (plan, told) {
      if (!told) return matrix(plan.older)
      const newer = told.data.result ?? []
      const data = plan.older.length > 0 ? matrix(join(plan.older, newer)) : told.data
      if (!told.whole) return data
      answers.set(plan.key, data, { ttl: keptFor.fresh })
      if (plan.steps && isOnGrid(newer, plan.steps)) keepSlice(plan, data.result ?? [], told)
      return data
    },
  }
}
