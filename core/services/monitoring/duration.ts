import { parseDuration } from '../../../config/duration.js'
import { badRequest, type StatusError } from '../../errors/status-error.js'
import { quote } from '../promql/index.js'

const number = /\d+(?:\.\d*)?|\.\d+/y
const unit = /[^\d.]+/y
const units = new Set(['ns', 'us', 'µs', 'μs', 'ms', 's', 'm', 'h'])
/** 2^63 ns, which no duration reaches. */
const most = 2 ** 63 / 1e6

const invalid = (text: string): StatusError => badRequest(`time: invalid duration ${quote(text)}`)

/** What is wrong with a duration, in the words of Go. */
function complaint (text: string): StatusError {
  let at = /^[+-]/.test(text) ? 1 : 0
  while (at < text.length) {
    number.lastIndex = at
    if (!number.test(text)) return invalid(text)
    unit.lastIndex = number.lastIndex
    const [name] = unit.exec(text) ?? []
    if (name === undefined) return badRequest(`time: missing unit in duration ${quote(text)}`)
    if (!units.has(name)) return badRequest(`time: unknown unit ${quote(name)} in duration ${quote(text)}`)
    at = unit.lastIndex
  }
  return invalid(text)
}

/** Reads a duration as Go writes them, in milliseconds; a 400 in Go's words for anything else. */
export function readDuration (text: string): number {
  const ms = parseDuration(text)
  if (ms === undefined) throw complaint(text)
  if (Math.abs(ms) >= most) throw invalid(text)
  return ms
}
