import type { Grid, Point, Series } from './types.js'

/** A grid in whole milliseconds; `last` is its newest step. */
export interface Steps { start: number, last: number, step: number }

/** Steps of one expression that will not change any more: every series that has a point among them. */
export interface Slice {
  from: number
  to: number
  /** When its oldest part was asked (ms): it is believed for a while only. */
  born: number
  rows: readonly Series[]
}

/** Prometheus refuses grids of more steps; the refusal stays with it. */
const mostSteps = 11_000
/** What may look ahead or at the whole grid: `@`, negative offsets, functions of the grid; comments could hide them. */
const unsteady = /[@#]|\boffset\s*[^\s\d]|\b(?:start|end|step|range)\s*\(/i

const isWhole = (ms: number) => Math.abs(ms - Math.round(ms)) < 1e-3

/** The steps of a question whose answer at a step depends on that step alone; undefined for all others. */
export function stepsOf (expression: string, { start, end, step }: Grid): Steps | undefined {
  const [from, to, each] = [start * 1000, end * 1000, step * 1000]
  if (!(each >= 1 && to >= from) || ![from, to, each].every(ms => Number.isSafeInteger(Math.round(ms)) && isWhole(ms))) return undefined
  const [first, whole] = [Math.round(from), Math.round(each)]
  const count = Math.floor((Math.round(to) - first) / whole)
  return count > mostSteps - 1 || unsteady.test(expression) ? undefined : { start: first, last: first + count * whole, step: whole }
}

/** Questions under the same key have their slices in common: same expression, same step and offset of the grid, same length. */
export const sliceKey = (expression: string, { start, last, step }: Steps): string => `${step} ${start % step} ${(last - start) / step} ${expression}`

/** The first step that a slice does not answer; the first of all where it is of no use. */
export function firstMissing (slice: Slice | undefined, { start, last, step }: Steps): number {
  return slice && slice.from <= start && start <= slice.to ? Math.min(slice.to, last) + step : start
}

const millis = (point: Point | undefined): number => point ? Math.round(point[0] * 1000) : NaN

/** How many of the points lie before a time. */
function countBefore (points: readonly Point[], time: number): number {
  let [low, high] = [0, points.length]
  while (low < high) {
    const middle = (low + high) >> 1
    if (millis(points[middle]) < time) low = middle + 1; else high = middle
  }
  return low
}

/** Rows within two times, both included; rows without a point there are left out. */
export function clip (rows: readonly Series[], from: number, to: number): Series[] {
  const found: Series[] = []
  for (const row of rows) {
    const values = row.values ?? []
    const [start, end] = [countBefore(values, from), countBefore(values, to + 1)]
    if (start < end) found.push(start === 0 && end === values.length ? row : { ...row, values: values.slice(start, end) })
  }
  return found
}

/** False where a server made a grid of its own: its steps then are none of ours. */
export const isOnGrid = (rows: readonly Series[], { start, last, step }: Steps): boolean => rows.every(({ values = [] }) =>
  [values[0], values.at(-1)].every(point => {
    const time = millis(point)
    return point === undefined || (time >= start && time <= last && (time - start) % step === 0)
  }))

const labelsOf = ({ metric = {} }: Series): string[] => Object.keys(metric).sort().flatMap(name => [name, metric[name] ?? ''])
const idOf = (labels: readonly string[]): string => JSON.stringify(labels)

function compare (a: readonly string[], b: readonly string[]): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i++) {
    const [x = '', y = ''] = [a[i], b[i]]
    if (x !== y) return x < y ? -1 : 1
  }
  return a.length - b.length
}

/** Older rows and newer ones, a series once; in Prometheus' order, which is that of the labels. */
export function join (older: readonly Series[], newer: readonly Series[]): readonly Series[] {
  if (older.length === 0) return newer
  if (newer.length === 0) return older
  const rows = new Map(older.map(row => { const labels = labelsOf(row); return [idOf(labels), { labels, row }] }))
  let came = false
  for (const row of newer) {
    const labels = labelsOf(row)
    const id = idOf(labels)
    const known = rows.get(id)
    if (known) known.row = { ...known.row, values: [...known.row.values ?? [], ...row.values ?? []] }
    else {
      came = true
      rows.set(id, { labels, row })
    }
  }
  const joined = [...rows.values()]
  if (came) joined.sort((a, b) => compare(a.labels, b.labels))
  return joined.map(({ row }) => row)
}

/** Letters of values that are longer than usual: a number without exponent may have three hundred. */
const lettersOf = (points: readonly Point[] = []): number => points.reduce((sum, [, { length }]) => length > 24 ? sum + length : sum, 0)

function labelsWeight (metric: Readonly<Record<string, string>> = {}): number {
  let sum = 0
  for (const name in metric) sum += 150 + (metric[name] ?? '').length
  return sum
}

/** What rows weigh in memory, about: measured with Node 20 for points of this form. */
export const weightOf = (rows: readonly Series[] = []): number => rows.reduce((sum, { values, metric }) => sum + 120 * ((values?.length ?? 1) + 1) + lettersOf(values) + labelsWeight(metric), 400)
