const units: Readonly<Record<string, number>> = { ns: 1e-6, us: 1e-3, µs: 1e-3, μs: 1e-3, ms: 1, s: 1_000, m: 60_000, h: 3_600_000 }
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/y

/** Reads a Go duration (`1h30m`, `300ms`, `0`) as milliseconds; undefined where it is none. */
export function parseDuration (text: string): number | undefined {
  if (/^[+-]?0$/.test(text)) return 0
  const sign = text.startsWith('-') ? -1 : 1
  part.lastIndex = /^[+-]/.test(text) ? 1 : 0
  let total = 0
  if (part.lastIndex === text.length) return undefined
  while (part.lastIndex < text.length) {
    const found = part.exec(text)
    if (!found) return undefined
    total += Number(found[1]) * (units[found[2] ?? ''] ?? 0)
  }
  return sign * total
}

/** Milliseconds as Go prints them: `2h0m0s`, `10s`, `300ms`. */
export function formatDuration (ms: number): string {
  if (ms === 0) return '0s'
  if (Math.abs(ms) < 1_000) return `${ms}ms`
  const seconds = ms / 1000
  const [h, m] = [Math.floor(seconds / 3600), Math.floor(seconds / 60) % 60]
  const s = Math.round((seconds - h * 3600 - m * 60) * 1000) / 1000
  return `${h ? `${h}h` : ''}${h || m ? `${m}m` : ''}${s}s`
}
