const grammar = /^(?:(\d+)y)?(?:(\d+)w)?(?:(\d+)d)?(?:(\d+)h)?(?:(\d+)m)?(?:(\d+)s)?(?:(\d+)ms)?$/
const second = 1000
const day = 86_400 * second
/** Units from long to short. Years and weeks are written only where nothing is left over. */
const units: readonly { unit: string, length: number, whole: boolean }[] = [
  { unit: 'y', length: 365 * day, whole: true }, { unit: 'w', length: 7 * day, whole: true }, { unit: 'd', length: day, whole: false },
  { unit: 'h', length: 3600 * second, whole: false }, { unit: 'm', length: 60 * second, whole: false }, { unit: 's', length: second, whole: false }, { unit: 'ms', length: 1, whole: false },
]
/** The longest that Prometheus counts, in milliseconds: 2^63 nanoseconds. */
const longest = 9_223_372_036_854

/** Milliseconds of a duration as Prometheus writes them, `1d2h` or `90s`; throws, in its words, where it is none. */
export function parseDuration (text: string): number {
  if (text === '0') return 0
  if (text === '') throw new Error('empty duration string')
  const parts = grammar.exec(text)
  if (!parts) throw new Error(`not a valid duration string: ${JSON.stringify(text)}`)
  const length = units.reduce((sum, { length }, i) => sum + Number(parts[i + 1] ?? 0) * length, 0)
  if (length > longest) throw new Error('duration out of range')
  return length
}

/** The way Prometheus itself writes a duration of so many milliseconds. */
export function printDuration (milliseconds: number): string {
  let rest = milliseconds
  let text = ''
  for (const { unit, length, whole } of units) {
    if (rest === 0 || (whole && rest % length !== 0)) continue
    const count = Math.floor(rest / length)
    if (count > 0) text += `${count}${unit}`
    rest -= count * length
  }
  return text || '0s'
}
