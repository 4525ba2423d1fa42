import { isWord, type Test } from './tree.js'

const between = (low: number, high: number): Test => point => point >= low && point <= high
const either = (...tests: Test[]): Test => point => tests.some(test => test(point))
export const not = (test: Test): Test => point => !test(point)

const digit = between(48, 57)
const upper = between(65, 90)
const lower = between(97, 122)
const alpha = either(upper, lower)
const space: Test = point => point === 32 || (point >= 9 && point <= 13 && point !== 11)

/** `\d` and its kin: ASCII alone, as RE2 has them. */
export const escapes: Readonly<Record<string, Test>> = { d: digit, w: isWord, s: space, D: not(digit), W: not(isWord), S: not(space) }

/** `[:alpha:]` and its kin. */
export const named: Readonly<Record<string, Test>> = {
  alnum: either(alpha, digit),
  alpha,
  ascii: between(0, 127),
  blank: either(between(9, 9), between(32, 32)),
  cntrl: either(between(0, 31), between(127, 127)),
  digit,
  graph: between(33, 126),
  lower,
  print: between(32, 126),
  punct: either(between(33, 47), between(58, 64), between(91, 96), between(123, 126)),
  space: either(between(9, 13), between(32, 32)),
  upper,
  word: isWord,
  xdigit: either(digit, between(65, 70), between(97, 102)),
}

/** A set of a property of Unicode (`L`, `Lu`, `Greek`); undefined where there is none of that name. */
export function property (name: string): Test | undefined {
  if (!/^[A-Za-z_]{1,32}$/.test(name)) return undefined
  for (const text of [name, `Script=${name}`]) {
    try {
      const pattern = new RegExp(`^\\p{${text}}$`, 'u')
      return point => pattern.test(String.fromCodePoint(point))
    } catch {
      continue
    }
  }
  return undefined
}

/** A set that also holds the other case of what it holds. */
export const folded = (test: Test): Test => point => {
  if (test(point)) return true
  const text = String.fromCodePoint(point)
  return test(text.toLowerCase().codePointAt(0)!) || test(text.toUpperCase().codePointAt(0)!)
}

export const range = between
export const union = (tests: readonly Test[]): Test => either(...tests)
