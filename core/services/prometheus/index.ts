import type { Registry } from 'prom-client'
import { createAllowance } from './allowance.js'
import { createAsking } from './asking.js'
import { decodeLabelSets, decodeMetadata, decodeQuery, type Kind } from './decode.js'
import type { ReadLimits } from './exchange.js'
import { Failure, sentenceOf } from './failure.js'
import { countQuestions } from './figures.js'
import { createFlights } from './flights.js'
import { createKept, type Told } from './kept.js'
import { formatNumber } from './number.js'
import { dataOf } from './reply.js'
import { createTransport, type Sent } from './transport.js'
import { createTurns } from './turns.js'
import type { AskOptions, Grid, Prometheus, QueryAnswer, QueryData } from './types.js'

export interface PrometheusOptions {
  /** Address of the server; '' where there is none. A path before its API and basic credentials may be part of it. */
  endpoint: string
  /** The configuration's key that the address stands under, for the sentence about a wrong one. */
  setting?: string
  /** Longest wait for an answer (ms), the waiting for a turn included. */
  timeout?: number
  /** Questions under way at once: of all, and of one caller. */
  atOnce?: number
  perCaller?: number
  /** Questions that wait for their turn: of all, and of one caller. */
  line?: { total: number, perCaller: number }
  /** Bytes that one answer may have, that all may have while they are read, and that those of one request may weigh in memory. */
  limits?: ReadLimits & { request: number }
  /** What is kept of answers, in bytes. */
  keep?: number
  /** Where questions are counted. */
  registry?: Registry
  now?: () => number
}

const mebibyte = 1024 * 1024
const paths = { instant: '/api/v1/query', range: '/api/v1/query_range', series: '/api/v1/series', metadata: '/api/v1/targets/metadata' }

const unconfigured: Prometheus = {
  configured: false,
  query: async () => ({ data: {} }),
  queryRange: async () => ({ data: {} }),
  series: async () => ({}),
  metadata: async () => ({}),
  get: async () => { throw new Failure('no such server is configured') },
  close: async () => {},
}

/** What one caller gets: its own lists, with points and labels that are shared. */
const ownCopy = ({ result, ...data }: QueryData): QueryData => result ? { ...data, result: result.map(series => ({ ...series })) } : data

const rangeForm = (expression: string, { start, end, step }: Grid) => new URLSearchParams({ query: expression, start: formatNumber(start), end: formatNumber(end), step: formatNumber(step) })

/** A client of one server; see `Prometheus`. Throws a sentence where the endpoint is no address. */
export function createPrometheus ({
  endpoint, setting, timeout = 30_000, atOnce = 32, perCaller = 16, line = { total: 4096, perCaller: 1024 }, keep = 64 * mebibyte, registry, now = Date.now,
  limits = { answer: 32 * mebibyte, reading: 128 * mebibyte, request: 256 * mebibyte },
}: PrometheusOptions): Prometheus {
  if (!endpoint) return unconfigured
  const transport = createTransport({ endpoint, setting, connections: atOnce, limits, timeout })
  const turns = createTurns({ atOnce, perCaller, line })
  const ask = createAsking(createFlights<unknown>(turns, timeout), timeout)
  const kept = createKept({ bytes: keep, now })
  const allow = createAllowance(limits.request)
  const count = countQuestions(registry, turns)

  async function told<T> (sent: Promise<Sent>, decode: (data: unknown) => T | Promise<T>) {
    let answer: Sent | undefined
    try {
      answer = await sent
      const { data, whole, date } = await dataOf(answer)
      const decoded = await decode(data)
      count('answered')
      return { data: decoded, whole, date }
    } catch (error) {
      count('failed')
      throw error
    } finally { answer?.release() }
  }

  async function tell (path: string, kind: Kind, form: URLSearchParams, signal: AbortSignal): Promise<Told> {
    const asked = now()
    return { asked, ...await told(transport.send(path, form, signal), data => decodeQuery(data, kind)) }
  }

  async function answer (path: string, options: AskOptions, question: QueryData | Promise<QueryData>): Promise<QueryAnswer> {
    if (!(question instanceof Promise)) count('kept')
    try { return { data: ownCopy(allow(await question, options)) } } catch (error) { return { data: {}, error: sentenceOf(error, 'POST', path) } }
  }

  const read = (path: string, query: URLSearchParams, options: AskOptions = {}): Promise<unknown> => {
    const target = query.size > 0 ? `${path}?${query.toString()}` : path
    return ask(`get ${target}`, options, async signal => (await told(transport.send(target, undefined, signal), data => data)).data)
  }

  return {
    configured: true,
    async query (expression, time, options = {}) {
      const form = new URLSearchParams({ query: expression, time: formatNumber(time) })
      const key = `instant ${form.toString()}`
      return answer(paths.instant, options, kept.answer(key) ?? ask(key, options, async signal => {
        const told = await tell(paths.instant, 'vector', form, signal)
        kept.keepInstant(key, time, told)
        return told.data
      }))
    },

    async queryRange (expression, grid, options = {}) {
      const key = `range ${rangeForm(expression, grid).toString()}`
      const data = kept.answer(key)
      if (data) return answer(paths.range, options, data)
      const plan = kept.plan(key, expression, grid)
      const { missing } = plan
      return answer(paths.range, options, !missing ? kept.complete(plan) : ask(key, options, async signal => kept.complete(plan, await tell(paths.range, 'matrix', rangeForm(expression, missing), signal))))
    },

    async series (selector, { start, end }, options) {
      const query = new URLSearchParams({ 'match[]': selector, start: formatNumber(start), end: formatNumber(end) })
      try { return { data: decodeLabelSets(await read(paths.series, query, options)) } } catch (error) { return { error: sentenceOf(error, 'GET', paths.series) } }
    },

    async metadata (matchTarget, options) {
      const query = new URLSearchParams({ match_target: matchTarget, metric: '', limit: '' })
      try { return { data: decodeMetadata(await read(paths.metadata, query, options)) } } catch (error) { return { error: sentenceOf(error, 'GET', paths.metadata) } }
    },

    async get (path, query, options) {
      try { return await read(path, query, options) } catch (error) { throw new Failure(sentenceOf(error, 'GET', path)) }
    },

    close: () => transport.close(),
  }
}
