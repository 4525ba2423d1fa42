import { setImmediate } from 'node:timers/promises'
import { isRecord } from '../../sdk/values.js'
import { Failure } from './failure.js'
import { isPlain, mostDigits, normalNumber } from './number.js'
import type { Point, QueryData, Series } from './types.js'

export type Kind = NonNullable<QueryData['resultType']>

const malformed = () => new Failure('json: cannot unmarshal the result of the query')

/** Points that are read before other work has its turn. */
const restAfter = 20_000
/** A server writes all its numbers in one way: when so many long ones were in the normal form, the rest of the answer is not checked again. */
const trustAfter = 16

/** Reads the points of one answer. */
function createReader () {
  let normal = 0
  let count = 0

  function valueOf (text: string): string {
    if (normal >= trustAfter && isPlain(text, mostDigits)) return text
    const value = normalNumber(text)
    if (value !== text) normal = -Infinity
    else if (text.length > 15) normal++
    return value
  }

  return {
    /** Seconds, to the millisecond; the value in its normal form. The pair is changed in place: there are many of them. */
    point (pair: unknown): Point {
      if (!Array.isArray(pair) || pair.length !== 2) throw malformed()
      const [time, value] = pair as [unknown, unknown]
      if (typeof time !== 'number') throw malformed()
      if (typeof value !== 'string') throw new Failure('sample value must be a quoted string')
      const normal = valueOf(value)
      if (normal !== value) pair[1] = normal
      if (!Number.isInteger(time)) pair[0] = Math.round(time * 1000) / 1000
      count++
      return pair as Point
    },
    /** True once after every so many points. */
    tired (): boolean {
      if (count < restAfter) return false
      count = 0
      return true
    },
  }
}

function labelsOf (metric: unknown): Record<string, string> | undefined {
  if (metric === undefined || metric === null) return undefined
  if (!isRecord(metric)) throw malformed()
  let some = false
  for (const name in metric) {
    if (typeof metric[name] !== 'string') throw malformed()
    some = true
  }
  return some ? metric as Record<string, string> : undefined
}

function seriesOf (entry: unknown, kind: Kind, point: (pair: unknown) => Point): Series {
  if (!isRecord(entry)) throw malformed()
  const { value, values } = entry
  const metric = labelsOf(entry.metric)
  const series: Series = metric ? { metric } : {}
  if (kind === 'vector' && value !== undefined) series.value = point(value)
  if (kind === 'matrix' && values !== undefined && values !== null) {
    if (!Array.isArray(values)) throw malformed()
    for (const pair of values) point(pair)
    if (values.length > 0) series.values = values as Point[]
  }
  return series
}

const known = new Set<unknown>(['scalar', 'vector', 'matrix'])

/**
 * The `data` of a query's success. Clients are told the kind that they asked for, whatever the server said: what is of another kind has
 * no result. Throws a sentence for what cannot be read.
 */
export async function decodeQuery (data: unknown, kind: Kind): Promise<QueryData> {
  if (data === undefined) throw new Failure('unexpected end of JSON input')
  if (!isRecord(data)) throw malformed()
  const { resultType, result } = data
  if (!known.has(resultType)) throw new Failure(`unexpected value type ${JSON.stringify(typeof resultType === 'string' ? resultType.slice(0, 64) : '')}`)
  if (resultType !== kind) return { resultType: kind }
  if (result !== undefined && result !== null && !Array.isArray(result)) throw malformed()
  if (!result?.length) return { resultType: kind }
  const { point, tired } = createReader()
  const found: Series[] = []
  for (const entry of result) {
    found.push(seriesOf(entry, kind, point))
    if (tired()) await setImmediate()
  }
  return { resultType: kind, result: found }
}

/** Label sets as `series` answers them. */
export function decodeLabelSets (data: unknown): Record<string, string>[] {
  if (!Array.isArray(data)) throw malformed()
  return (data as unknown[]).map(set => {
    if (!isRecord(set) || Object.values(set).some(value => typeof value !== 'string')) throw malformed()
    return { ...set as Record<string, string> }
  })
}

const text = (value: unknown): string => typeof value === 'string' ? value : ''

/** Metadata of targets: the first entry of each metric name, empty fields left out. */
export function decodeMetadata (data: unknown): { metric: string, type?: string, help?: string }[] {
  if (!Array.isArray(data)) throw malformed()
  const byName = new Map<string, { metric: string, type?: string, help?: string }>()
  for (const entry of data as unknown[]) {
    if (!isRecord(entry)) throw malformed()
    const metric = text(entry.metric)
    const [type, help] = [text(entry.type), text(entry.help)]
    if (!byName.has(metric)) byName.set(metric, { metric, ...(type ? { type } : {}), ...(help ? { help } : {}) })
  }
  return [...byName.values()]
}
