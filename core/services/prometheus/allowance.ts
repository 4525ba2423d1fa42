import { Failure } from './failure.js'
import { weightOf } from './slices.js'
import type { AskOptions, QueryData } from './types.js'

/** What the answers to one request may weigh together, in bytes of memory. Questions with the same options object are of one request. */
export function createAllowance (bytes: number): (data: QueryData, options: AskOptions) => QueryData {
  const spent = new WeakMap<AskOptions, number>()
  return (data, options) => {
    const total = (spent.get(options) ?? 0) + weightOf(data.result)
    if (total > bytes) throw new Failure(`bad_response: the answers to one request are larger than ${Math.round(bytes / 1024 / 1024)} MiB`)
    spent.set(options, total)
    return data
  }
}
