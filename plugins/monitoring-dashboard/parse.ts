import { badRequest, parseJSON, StatusError } from '../../core/sdk/index.js'

/** Most members of lists in a dashboard; the reader of bodies bounds its keys and levels. */
const mostMembers = 100_000

/** A dashboard that cannot be read, in the words that clients of 3.x know the beginning of. */
export const unreadable = (why: string): StatusError => badRequest(`could parse input: could not unmarshall dashboard: ${why}`)

/** Counts members of lists and looks at numbers, which JSON bounds in no way. */
function check (value: unknown): void {
  let members = 0
  const waiting = [value]
  while (waiting.length > 0) {
    const one = waiting.pop()
    if (typeof one === 'number' && !Number.isFinite(one)) throw unreadable('a number is out of range')
    if (typeof one !== 'object' || one === null) continue
    if (Array.isArray(one) && (members += one.length) > mostMembers) throw unreadable(`its lists have more than ${mostMembers} members`)
    for (const inner of Object.values(one)) waiting.push(inner)
  }
}

/** Our own sentence about a text, without any part of it. */
function sentenceOf (error: unknown): string {
  if (!(error instanceof StatusError)) throw error
  return error.message === 'EOF' ? 'unexpected end of JSON input' : error.message.replace(/^the body/, 'it').replace(/: .*$/s, '')
}

/** The dashboard that a text holds; `null` is an empty one. */
export function parseDashboard (text: string): object {
  let value: unknown
  try { value = parseJSON(text) } catch (error) { throw unreadable(sentenceOf(error)) }
  if (value === null) return {}
  if (typeof value !== 'object' || Array.isArray(value)) throw unreadable('it is not a JSON object')
  check(value)
  return value
}
