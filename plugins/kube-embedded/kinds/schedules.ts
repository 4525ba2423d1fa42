/** What one field of a schedule may say. */
interface Bounds { readonly min: number, readonly max: number, readonly names: Readonly<Record<string, number>> }

const named = (first: number, names: string): Readonly<Record<string, number>> => Object.fromEntries(names.split(' ').map((name, i) => [name, first + i]))

/** Minute, hour, day of the month, month and day of the week. */
const fields: readonly Bounds[] = [
  { min: 0, max: 59, names: {} },
  { min: 0, max: 23, names: {} },
  { min: 1, max: 31, names: {} },
  { min: 1, max: 12, names: named(1, 'jan feb mar apr may jun jul aug sep oct nov dec') },
  { min: 0, max: 6, names: named(0, 'sun mon tue wed thu fri sat') },
]
const spoken = new Set(['@yearly', '@annually', '@monthly', '@weekly', '@daily', '@midnight', '@hourly'])
const interval = /^[+-]?(\d+(\.\d*)?(ns|us|µs|ms|s|m|h))+$/

class Unreadable extends Error {}

function whole (text: string): number {
  if (!/^[+-]?\d+$/.test(text)) throw new Unreadable(`failed to parse int from ${text}: strconv.Atoi: parsing ${JSON.stringify(text)}: invalid syntax`)
  if (Number(text) < 0) throw new Unreadable(`negative number (${Number(text)}) not allowed: ${text}`)
  return Number(text)
}

const numberIn = ({ names }: Bounds, text: string): number => names[text.toLowerCase()] ?? whole(text)

/** `a`, `a-b`, `*`, each with `/step`. */
function readRange (range: string, bounds: Bounds): void {
  const [span = '', stepText, ...slashes] = range.split('/')
  const [low = '', high, ...hyphens] = span.split('-')
  const all = low === '*' || low === '?'
  const start = all ? bounds.min : numberIn(bounds, low)
  if (!all && hyphens.length) throw new Unreadable(`too many hyphens: ${range}`)
  const last = all ? bounds.max : high === undefined ? start : numberIn(bounds, high)
  if (slashes.length) throw new Unreadable(`too many slashes: ${range}`)
  const step = stepText === undefined ? 1 : whole(stepText)
  const end = stepText !== undefined && high === undefined ? bounds.max : last
  if (start < bounds.min) throw new Unreadable(`beginning of range (${start}) below minimum (${bounds.min}): ${range}`)
  if (end > bounds.max) throw new Unreadable(`end of range (${end}) above maximum (${bounds.max}): ${range}`)
  if (start > end) throw new Unreadable(`beginning of range (${start}) beyond end of range (${end}): ${range}`)
  if (step === 0) throw new Unreadable(`step of range should be a positive number: ${range}`)
}

function read (schedule: string): void {
  const text = schedule.replace(/^(CRON_)?TZ=\S* /, '').trim()
  if (text.startsWith('@')) {
    const every = /^@every (.*)$/s.exec(text)
    if (every && !interval.test(every[1]!)) throw new Unreadable(`failed to parse duration ${text}: time: invalid duration ${JSON.stringify(every[1])}`)
    if (!every && !spoken.has(text)) throw new Unreadable(`unrecognized descriptor: ${text}`)
    return
  }
  const parts = text.split(/\s+/).filter(Boolean)
  if (parts.length !== 5) throw new Unreadable(`expected exactly 5 fields, found ${parts.length}: [${parts.join(' ')}]`)
  parts.forEach((part, i) => { for (const range of part.split(',').filter(Boolean)) readRange(range, fields[i]!) })
}

/** What is wrong with a schedule in the form of cron; undefined where it can be followed. */
export function scheduleProblem (schedule: string): string | undefined {
  try {
    read(schedule)
    return undefined
  } catch (error) {
    if (error instanceof Unreadable) return error.message
    throw error
  }
}

/** What is wrong with the name of a time zone. */
export function zoneProblem (zone: string): string | undefined {
  if (zone === '') return 'timeZone must be nil or non-empty string'
  if (zone.split('/').some(part => part === '.' || part === '..' || !/^[A-Za-z._0-9+][-A-Za-z._0-9+]{0,13}$/.test(part))) return `unknown time zone ${zone}`
  if (zone.toLowerCase() === 'local') return 'timeZone must be an explicit time zone as defined in https://www.iana.org/time-zones'
  try {
    return new Intl.DateTimeFormat('en', { timeZone: zone }).resolvedOptions().timeZone ? undefined : `unknown time zone ${zone}`
  } catch { return `unknown time zone ${zone}` }
}
