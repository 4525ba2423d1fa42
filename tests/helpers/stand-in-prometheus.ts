import type { Owner } from './process.js'
import { webServer, type Answered, type Asked } from './web-server.js'

/** A question as it came: instant and range queries by their PromQL, others by their selector. */
export interface Question {
  kind: string
  text: string
  times: Record<string, string>
}

type Sample = readonly [labels: Record<string, string>, value: string]
/** Samples of the moment or of every step; a sentence that refuses; or an answer as it is. */
export type Told = readonly Sample[] | string | { raw: Answered }

const moments = ({ time, start, end, step }: Record<string, string>): number[] => time === undefined
  ? Array.from({ length: Math.min(100, Math.floor((Number(end) - Number(start)) / Number(step)) + 1) }, (_, i) => Number(start) + i * Number(step))
  : [Number(time)]

function resultOf (question: Question, samples: readonly Sample[]) {
  const at = moments(question.times)
  return question.kind === 'query'
    ? { resultType: 'vector', result: samples.map(([metric, value]) => ({ metric, value: [at[0], value] })) }
    : { resultType: 'matrix', result: samples.map(([metric, value]) => ({ metric, values: at.map(time => [time, value]) })) }
}

/** A small server that speaks Prometheus' API: it remembers what it is asked and answers as it is told, with nothing by default. */
export async function standInPrometheus (t: Owner, tell: (question: Question) => Told | Promise<Told> = () => []) {
  const questions: Question[] = []
  async function answer ({ url, form }: Asked): Promise<Answered> {
    const given = new Map([...url.searchParams, ...form])
    const question = { kind: url.pathname.replace('/api/v1/', ''), text: given.get('query') ?? given.get('match[]') ?? given.get('match_target') ?? '', times: Object.fromEntries([...given].filter(([key]) => ['time', 'start', 'end', 'step'].includes(key))) }
    questions.push(question)
    const told = await tell(question)
    if (typeof told === 'string') return { status: 400, body: { status: 'error', errorType: 'bad_data', error: told } }
    if ('raw' in told) return told.raw
    return { body: { status: 'success', data: question.kind.startsWith('query') ? resultOf(question, told) : told.map(([labels]) => labels) } }
  }
  const { base } = await webServer(t, answer)
  /** What was asked since the last look. */
  const take = (): Question[] => questions.splice(0)
  return { url: base, take }
}
