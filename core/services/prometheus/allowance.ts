import { Failure } from './failure.js'
import { weightOf } from './slices.js'
import type { AskOptions, QueryData } from './types.js'

/** What the answers to one request may weigh together, in bytes of memory, and no more than there is room for. Questions with the same options object are of one request. */
export function createAllowance (bytes: number): (data: QueryData, options: AskOptions) => QueryData {
  const spent = new WeakMap<AskOptions, number>()
  return (data, options) => {
    const weight = weightOf(data.result)
    const total = (spent.get(options) ?? 0) + weight
    if (total > bytes) throw new Failure(`bad_response: the answers to one request are larger than ${Math.round(bytes / 1024 / 1024)} MiB`)
    if (options.room?.take(weight) === false) throw new Failure('bad_response: there is no room for the answer beside those under way')
    spent.set(options, total)
    return data
  }
}
