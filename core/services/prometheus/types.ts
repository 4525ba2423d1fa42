import type { Room } from './room.js'

/** A point of a series: seconds since the epoch, and the value as a client reads it: shortest decimal without exponent, `NaN`, `+Inf` or `-Inf`. */
export type Point = [number, string]

/** One series of an answer; `metric` as Prometheus sent it, absent where there are no labels. */
export interface Series {
  metric?: Record<string, string>
  value?: Point
  values?: Point[]
}

/** What a query found; `{}` where it failed. */
export interface QueryData {
  resultType?: 'vector' | 'matrix'
  result?: Series[]
}

/**
 * An answer is never thrown: a server that refuses, breaks or is late leaves its sentence in `error`.
 * Lists and series are the caller's own; points and labels are shared with others who asked the same, so they are never changed.
 */
export interface QueryAnswer {
  data: QueryData
  error?: string
}

/** Seconds since the epoch, both ends included; `step` in seconds, fractions allowed. */
export interface Grid {
  start: number
  end: number
  step: number
}

/** Questions that are asked with the same options object are of one request: what they are answered is bounded together. */
export interface AskOptions {
  /** Aborted when the client has gone. */
  signal?: AbortSignal
  /** Longest wait (ms); the client's own bound where it is absent. */
  timeout?: number
  /** Whose questions these are: a caller has a bounded share of what is under way. */
  caller?: string
  /** Where the request that asks holds its answers; what it has no room for is an error. */
  room?: Room
}

export interface MetadataEntry {
  metric: string
  type?: string
  help?: string
}

/**
 * A server that speaks the HTTP API of Prometheus: Prometheus itself, Thanos Querier, Thanos Ruler. What several callers ask at the same time is sent once,
 * and an answer is given again for two seconds: who wants to share what is asked at "now" asks with the same `time`. Steps of ranges that are older than a
 * minute are kept, so that a window that moves by whole steps asks for its newest ones only.
 */
export interface Prometheus {
  /** False where no address is configured: every question is then answered empty. */
  readonly configured: boolean
  /** `time`: seconds since the epoch, fractions allowed. */
  query (expression: string, time: number, options?: AskOptions): Promise<QueryAnswer>
  queryRange (expression: string, grid: Grid, options?: AskOptions): Promise<QueryAnswer>
  /** Label sets of the series that a selector matches between two times, as the server sent them. */
  series (selector: string, range: { start: number, end: number }, options?: AskOptions): Promise<{ data?: Record<string, string>[], error?: string }>
  /** Metadata of the targets, first entry of each metric name. `matchTarget`: a selector of targets, '' for all. */
  metadata (matchTarget: string, options?: AskOptions): Promise<{ data?: MetadataEntry[], error?: string }>
  /** Any other GET of its API, for the groups that read rules: the `data` of a success, which is shared and never changed. Throws a sentence otherwise. */
  get (path: string, query: URLSearchParams, options?: AskOptions): Promise<unknown>
  close (): Promise<void>
}
