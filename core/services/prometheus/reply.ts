import { Failure } from './failure.js'
import { parseAnswer } from './parse.js'
import type { Sent } from './transport.js'

export interface Answered {
  data: unknown
  /** False where the server warned that something is missing: such an answer is given, but not kept. */
  whole: boolean
  date: number | undefined
}

/** Letters of a server's own sentence that are passed on. */
const longest = 8_192

const quoted = (value: string) => `'${value === "'" ? "\\'" : value}'`

/** Why a text is no JSON, as Go's decoder tells it as far as one look goes. */
function notJSON (text: string, error: unknown): string {
  const first = /\S/u.exec(text)?.[0]
  if (first === undefined) return 'unexpected end of JSON input'
  if (!/[[{"\-\dtfn]/.test(first)) return `invalid character ${quoted(first)} looking for beginning of value`
  return /Unexpected end|Unterminated/.test(String(error)) ? 'unexpected end of JSON input' : 'invalid character in the answer'
}

/** The `data` of an answer; throws the sentence that clients read where the server refused, broke or said what cannot be read. */
export async function dataOf ({ status, text, date }: Sent): Promise<Answered> {
  const refused = status === 400 || status === 422
  if (!refused && (status < 200 || status > 299)) {
    const kind = status >= 500 ? 'server_error: server error' : status >= 400 ? 'client_error: client error' : 'bad_response: bad response code'
    throw new Failure(status >= 400 ? `${kind}: ${status}` : `${kind} ${status}`)
  }
  let body: unknown
  try { body = status === 204 ? {} : await parseAnswer(text) } catch (error) { throw new Failure(`bad_response: ${notJSON(text, error)}`) }
  if (typeof body !== 'object' || body === null || Array.isArray(body)) throw new Failure('bad_response: the answer is no JSON object')
  const { status: outcome, errorType = '', error = '', data, warnings } = body as Record<string, unknown>
  if (refused && outcome === 'success') throw new Failure('bad_response: inconsistent body for response code')
  if (outcome === 'error') throw new Failure(`${String(errorType)}: ${String(error)}`.slice(0, longest))
  return { data, whole: !Array.isArray(warnings) || warnings.length === 0, date }
}
