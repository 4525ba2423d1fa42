import { badRequest } from '../../errors/status-error.js'
import type { Query } from '../../request/types.js'
import type { Grid } from '../prometheus/types.js'
import { quote } from '../promql/index.js'
import { readDuration } from './duration.js'

export { nameFilter, readExpression } from './filters.js'

/** One moment, or a grid of them; in seconds. */
export type Times = { readonly time: number } | Grid

export const isRange = (times: Times): times is Grid => 'step' in times

const tenMinutes = 600

function parsed (text: string): bigint {
  if (!/^[+-]?\d+$/.test(text)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: invalid syntax`)
  const value = text.length > 40 ? 2n ** 64n : BigInt(text)
  if (value >= 2n ** 63n || value < -(2n ** 63n)) throw badRequest(`strconv.ParseInt: parsing ${quote(text)}: value out of range`)
  return value
}

/** Reads `start`, `end`, `step` and `time`; `now` tells the time (seconds) where none of them does. */
export function readTimes (query: Query, now: () => number): Times {
  const value = (key: string): string => query.get(key) ?? ''
  const [start, end, step, time] = [value('start'), value('end'), value('step'), value('time')]
  if (Boolean(start) !== Boolean(end)) throw badRequest("'time' and the combination of 'start' and 'end' are mutually exclusive.")
  if (!start) return { time: time ? Number(parsed(time)) : now() }
  const [from, to] = [parsed(start), parsed(end)]
  const each = step ? readDuration(step) / 1000 : tenMinutes
  if (from > to) throw badRequest("'start' must be before 'end'.")
  return { start: Number(from), end: Number(to), step: each }
}

/**
 * What of the times lies after something came to be (seconds): undefined for nothing, and where that is not known. A grid keeps its end and loses its steps before; one whose
 * step is none stays, for Prometheus to refuse.
 */
export function timesAfter (times: Times, born: number): Times | undefined {
  if (Number.isNaN(born)) return undefined
  if (!isRange(times)) return times.time < born ? undefined : times
  const { start, end, step } = times
  if (end < born) return undefined
  if (start >= born || step <= 0) return times
  const steps = Math.max(0, Math.ceil((end - born) * 1000 / (step * 1000)) - 1)
  return { end, step, start: end - step * (steps > 0 && end - step * steps <= born ? steps - 1 : steps) }
}

export interface SortAndPage { readonly metric: string, readonly ascending: boolean, readonly page: number, readonly limit: number }

function positive (query: Query, key: string, fallback: number): number {
  const text = query.get(key) ?? ''
  if (!text) return fallback
  const value = /^[+-]?\d{1,19}$/.test(text) ? BigInt(text) : 0n
  if (value <= 0n || value >= 2n ** 63n) throw badRequest(`Invalid parameter '${key}'.`)
  return Number(value)
}

/** Reads `sort_metric`, `sort_type`, `page` and `limit`; undefined where nothing is to be sorted. */
export function readSort (query: Query): SortAndPage | undefined {
  const metric = query.get('sort_metric') ?? ''
  if (!metric) return undefined
  return { metric, ascending: query.get('sort_type') === 'asc', page: positive(query, 'page', 1), limit: positive(query, 'limit', 5) }
}
