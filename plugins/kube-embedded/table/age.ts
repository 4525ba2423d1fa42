const count = (whole: number, unit: string, rest: number, smaller: string) => rest ? `${whole}${unit}${rest}${smaller}` : `${whole}${unit}`

/** How long ago, as kubectl prints it: `5s`, `3m`, `2h`, `4d`; the nearer, the more exact. Times to come are `<invalid>`. */
export function duration (milliseconds: number): string {
  const seconds = Math.trunc(milliseconds / 1000)
  if (seconds < -1) return '<invalid>'
  if (seconds < 120) return `${Math.max(seconds, 0)}s`
  const minutes = Math.floor(seconds / 60)
  if (minutes < 10) return count(minutes, 'm', seconds % 60, 's')
  if (minutes < 180) return `${minutes}m`
  const hours = Math.floor(minutes / 60)
  if (hours < 8) return count(hours, 'h', minutes % 60, 'm')
  if (hours < 48) return `${hours}h`
  const days = Math.floor(hours / 24)
  if (hours < 24 * 8) return count(days, 'd', hours % 24, 'h')
  if (days < 365 * 2) return `${days}d`
  const years = Math.floor(days / 365)
  return days < 365 * 8 ? count(years, 'y', days % 365, 'd') : `${years}y`
}

/** The age of an RFC 3339 time at `now` (ms); text in angle brackets stays as it is. */
export function age (time: unknown, now: number): string {
  if (typeof time !== 'string' || time === '') return '<unknown>'
  if (time.startsWith('<')) return time
  const then = Date.parse(time)
  return Number.isNaN(then) ? '<invalid>' : duration(now - then)
}
