import { EvaluationError } from '../cost.js'
import type { Functions } from './index.js'

const pattern = /^(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})\.(0|[1-9]\d{0,18})(?:-([0-9A-Za-z-]+(?:\.[0-9A-Za-z-]+)*))?(?:\+[0-9A-Za-z.-]+)?$/

class Version {
  readonly kind = 'semver'
  readonly key: string
  readonly numbers: readonly bigint[]
  readonly before: readonly string[]
  constructor (numbers: readonly bigint[], before: readonly string[]) {
    this.numbers = numbers
    this.before = before
    this.key = `${numbers.join('.')}-${before.join('.')}`
  }
}

function normal (text: string): string {
  const [, core = '', rest = ''] = /^v?([\d.]*)(.*)$/.exec(text) ?? []
  const numbers = core.split('.').map(part => part.replace(/^0+(?=\d)/, ''))
  return `${[...numbers, '0', '0'].slice(0, Math.max(3, numbers.length)).join('.')}${rest}`
}

function parse (text: string, normalize = false): Version | undefined {
  const [, ...parts] = (text.length <= 256 && pattern.exec(normalize ? normal(text) : text)) || []
  const before = parts[3]?.split('.') ?? []
  return parts.length === 0 || before.some(part => /^0\d+$/.test(part)) ? undefined : new Version(parts.slice(0, 3).map(BigInt), before)
}

function semver (text: string, normalize = false): Version {
  const found = parse(text, normalize)
  if (!found) throw new EvaluationError(`semver parse error during conversion from string: ${JSON.stringify(text.slice(0, 100))}`)
  return found
}

function comparePart (a: string, b: string): number {
  const [left, right] = [/^\d+$/.test(a), /^\d+$/.test(b)]
  if (left && right) return Number(BigInt(a) > BigInt(b)) - Number(BigInt(a) < BigInt(b))
  return left !== right ? left ? -1 : 1 : Number(a > b) - Number(a < b)
}

function compareTo (a: Version, b: Version): number {
  for (const [i, number] of a.numbers.entries()) if (number !== b.numbers[i]) return number < b.numbers[i]! ? -1 : 1
  if (a.before.length === 0 || b.before.length === 0) return b.before.length - a.before.length && (a.before.length === 0 ? 1 : -1)
  for (const [i, part] of a.before.entries()) {
    const order = b.before[i] === undefined ? 1 : comparePart(part, b.before[i])
    if (order !== 0) return order
  }
  return a.before.length < b.before.length ? -1 : 0
}

export const versions: Functions = {
  'isSemver(string): bool': (text: string) => parse(text) !== undefined,
  'isSemver(string, bool): bool': (text: string, normalize: boolean) => parse(text, normalize) !== undefined,
  'semver(string): semver': (text: string) => semver(text),
  'semver(string, bool): semver': (text: string, normalize: boolean) => semver(text, normalize),
  'semver.major(): int': ({ numbers }: Version) => numbers[0]!,
  'semver.minor(): int': ({ numbers }: Version) => numbers[1]!,
  'semver.patch(): int': ({ numbers }: Version) => numbers[2]!,
  'semver.compareTo(semver): int': (a: Version, b: Version) => BigInt(compareTo(a, b)),
  'semver.isGreaterThan(semver): bool': (a: Version, b: Version) => compareTo(a, b) > 0,
  'semver.isLessThan(semver): bool': (a: Version, b: Version) => compareTo(a, b) < 0,
}
