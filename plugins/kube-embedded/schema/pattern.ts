import { LinearRegExp } from '../../../core/regexp/index.js'

/** Longer inputs fit no pattern. */
export const maxInput = 4096
const maxPattern = 2048
const maxKept = 1024

const kept = new Map<string, LinearRegExp | string>()

function compile (source: string): LinearRegExp | string {
  if (source.length > maxPattern) return `longer than ${maxPattern} characters`
  try {
    return new LinearRegExp(source)
  } catch (error) {
    return (error as Error).message
  }
}

/** A regular expression, compiled once, or the text of what is wrong with it. */
export function patternOf (source: string): LinearRegExp | string {
  const known = kept.get(source)
  if (known !== undefined) return known
  if (kept.size >= maxKept) kept.delete(kept.keys().next().value!)
  const pattern = compile(source)
  kept.set(source, pattern)
  return pattern
}
