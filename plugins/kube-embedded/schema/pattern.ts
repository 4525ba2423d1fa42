/** Longer inputs fit no pattern. */
export const maxInput = 4096
const maxPattern = 2048
const maxKept = 2048

const kept = new Map<string, RegExp | string>()

/** What RE2, the engine of Kubernetes, does not have; and what of it is spelled otherwise here. */
function translate (source: string): RegExp | string {
  if (source.length > maxPattern) return `longer than ${maxPattern} characters`
  const plain = source.replace(/\\[^1-9k]/g, '__')
  if (/\(\?<?[=!]/.test(plain)) return 'invalid or unsupported Perl syntax: look-around'
  if (/\\[1-9k]/.test(plain)) return 'invalid escape sequence: back-reference'
  const flags = /^\(\?([is]+)\)/.exec(source)
  const body = (flags ? source.slice(flags[0].length) : source).replaceAll('(?P<', '(?<').replaceAll('\\A', '^').replaceAll('\\z', '$')
    .replace(/\[:(alpha|digit|alnum|upper|lower|space|xdigit|word):\]/g, (_all, name: string) => classes[name] ?? '')
  return compile(body, flags?.[1] ?? '')
}

const classes: Record<string, string> = { alpha: 'A-Za-z', digit: '0-9', alnum: '0-9A-Za-z', upper: 'A-Z', lower: 'a-z', space: '\\s', xdigit: '0-9A-Fa-f', word: '0-9A-Za-z_' }

function compile (body: string, flags: string): RegExp | string {
  try {
    return new RegExp(body, `${flags}u`)
  } catch {
    // Escapes of plain characters (`\_`) are errors with the flag u alone.
    try {
      return new RegExp(body, flags)
    } catch (error) {
      return (error as Error).message
    }
  }
}

/** A regular expression, compiled once, or the text of what is wrong with it. */
export function patternOf (source: string): RegExp | string {
  const known = kept.get(source)
  if (known !== undefined) return known
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value!)
  const pattern = translate(source)
  kept.set(source, pattern)
  return pattern
}
