import { escapes, folded, named, not, property, range, union } from './sets.js'
import type { Test, Tree } from './tree.js'

const maxRepeat = 1000
const maxDepth = 100
const maxPoint = 0x10ffff

interface Flags { i: boolean, m: boolean, s: boolean }

/** Says, in the words of Go, what is no regular expression of RE2. */
export class PatternError extends Error {
  constructor (what: string, where: string) { super(`error parsing regexp: ${what}: \`${where}\``) }
}

const controls: Readonly<Record<string, number>> = { a: 7, f: 12, n: 10, r: 13, t: 9, v: 11 }
const empty: Tree = { kind: 'all', parts: [] }

/** A reader of RE2's syntax: no look-around, no back-references. */
export class Parser {
  readonly #source: string
  #at = 0
  #depth = 0
  #flags: Flags = { i: false, m: false, s: false }

  constructor (source: string) { this.#source = source }

  parse (): Tree {
    const tree = this.#alternatives()
    if (this.#at < this.#source.length) throw new PatternError('unexpected )', this.#source)
    return tree
  }

  get #next () { return this.#source[this.#at] }
  #rest () { return this.#source.slice(this.#at) }
  #point (): number {
    const point = this.#source.codePointAt(this.#at)
    if (point === undefined) throw new PatternError('missing closing ]', this.#source)
    this.#at += point > 0xffff ? 2 : 1
    return point
  }

  #take (pattern: RegExp): RegExpExecArray | undefined {
    pattern.lastIndex = this.#at
    const match = pattern.exec(this.#source)
    if (match) this.#at += match[0].length
    return match ?? undefined
  }

  #set (test: Test): Tree { return { kind: 'set', test: this.#flags.i ? folded(test) : test } }

  #alternatives (): Tree {
    if (++this.#depth > maxDepth) throw new PatternError('expression nests too deeply', this.#source)
    const flags = { ...this.#flags }
    const parts = [this.#sequence()]
    while (this.#next === '|') {
      this.#at++
      parts.push(this.#sequence())
    }
    this.#flags = flags
    this.#depth--
    return parts.length === 1 ? parts[0]! : { kind: 'any', parts }
  }

  #sequence (): Tree {
    const parts: Tree[] = []
    while (this.#next !== undefined && this.#next !== '|' && this.#next !== ')') parts.push(this.#repeated(this.#atom()))
    return parts.length === 1 ? parts[0]! : { kind: 'all', parts }
  }

  #repeated (part: Tree): Tree {
    const from = this.#at
    const match = this.#take(/(?:([*+?])|\{(\d{1,6})(?:(,)(\d{0,6}))?\})\??/y)
    if (!match) return part
    const [text, sign, low, comma, high] = match
    const min = sign ? (sign === '+' ? 1 : 0) : Number(low)
    const max = sign ? (sign === '?' ? 1 : Infinity) : comma ? (high ? Number(high) : Infinity) : min
    if (min > maxRepeat || (max !== Infinity && (max > maxRepeat || max < min))) throw new PatternError('invalid repeat count', text)
    if (this.#source[this.#at] !== undefined && /^(?:[*+?]|\{\d+(?:,\d*)?\})/.test(this.#rest().slice(0, 16))) throw new PatternError('invalid nested repetition operator', this.#source.slice(from, this.#at + 1))
    return { kind: 'repeat', part, min, max }
  }

  #atom (): Tree {
    switch (this.#next) {
      case '(': return this.#group()
      case '[': return this.#set(this.#class())
      case '\\': return this.#escape()
      case '*': case '+': case '?': throw new PatternError('missing argument to repetition operator', this.#next)
    }
    const { m, s } = this.#flags
    const point = this.#point()
    switch (point) {
      case 0x2e: return { kind: 'set', test: s ? () => true : value => value !== 10 }
      case 0x5e: return { kind: 'place', place: m ? 'lineBegin' : 'begin' }
      case 0x24: return { kind: 'place', place: m ? 'lineEnd' : 'end' }
    }
    return this.#set(range(point, point))
  }

  #group (): Tree {
    const flags = { ...this.#flags }
    const from = this.#at
    if (!this.#take(/\((?:\?P?<[A-Za-z_]\w{0,63}>|\?:|(?!\?))/y)) {
      const match = this.#take(/\(\?([imsU]*)(?:-([imsU]+))?([:)])/y)
      if (!match || (match[1] === '' && match[2] === undefined)) throw new PatternError('invalid or unsupported Perl syntax', this.#source.slice(from, from + (this.#source[from + 2] === '<' ? 4 : 3)))
      for (const flag of match[1]!) if (flag !== 'U') this.#flags[flag as keyof Flags] = true
      for (const flag of match[2] ?? '') if (flag !== 'U') this.#flags[flag as keyof Flags] = false
      if (match[3] === ')') return empty
    }
    const tree = this.#alternatives()
    if (this.#next !== ')') throw new PatternError('missing closing )', this.#source)
    this.#at++
    this.#flags = flags
    return tree
  }

  #escape (): Tree {
    const name = this.#source[this.#at + 1]
    const places = { A: 'begin', z: 'end', b: 'word', B: 'notWord' } as const
    if (name !== undefined && Object.hasOwn(places, name)) {
      this.#at += 2
      return { kind: 'place', place: places[name as keyof typeof places] }
    }
    const literal = this.#take(/\\Q([^]*?)(?:\\E|$)/y)
    if (literal) return { kind: 'all', parts: [...literal[1]!].map(text => this.#set(range(text.codePointAt(0)!, text.codePointAt(0)!))) }
    const set = this.#escapedSet()
    if (set) return this.#set(set)
    const point = this.#escapedPoint()
    return this.#set(range(point, point))
  }

  #escapedSet (): Test | undefined {
    const short = this.#take(/\\([dwsDWS])/y)
    if (short) return escapes[short[1]!]
    const match = this.#take(/\\([pP])(?:\{(\^?)(\w{1,32})\}|([A-Z]))/y)
    if (!match) return undefined
    const test = property(match[3] ?? match[4]!)
    if (!test) throw new PatternError('invalid character class range', match[0])
    return (match[1] === 'P') !== (match[2] === '^') ? not(test) : test
  }

  #escapedPoint (): number {
    const from = this.#at
    const hex = this.#take(/\\x(?:\{([0-9A-Fa-f]{1,6})\}|([0-9A-Fa-f]{2}))/y)
    if (hex && parseInt(hex[1] ?? hex[2]!, 16) <= maxPoint) return parseInt(hex[1] ?? hex[2]!, 16)
    const octal = this.#take(/\\(0[0-7]{0,2}|[1-7][0-7]{1,2})/y)
    if (octal) return parseInt(octal[1]!, 8)
    const other = this.#take(/\\([afnrtv]|[^\w\s]|_)/uy)
    if (!other) throw new PatternError(this.#at + 1 >= this.#source.length ? 'trailing backslash at end of expression' : 'invalid escape sequence', this.#source.slice(from, from + 2))
    return controls[other[1]!] ?? other[1]!.codePointAt(0)!
  }

  #class (): Test {
    const from = this.#at++
    const isNegated = this.#next === '^'
    if (isNegated) this.#at++
    const tests: Test[] = []
    while (this.#next !== ']' || tests.length === 0) {
      if (this.#next === undefined) throw new PatternError('missing closing ]', this.#source.slice(from))
      tests.push(this.#member())
    }
    this.#at++
    const test = this.#flags.i ? folded(union(tests)) : union(tests)
    return isNegated ? not(test) : test
  }

  #member (): Test {
    const name = this.#take(/\[:(\^?)([a-z]{1,8}):\]/y)
    if (name) {
      const test = Object.hasOwn(named, name[2]!) ? named[name[2]!] : undefined
      if (!test) throw new PatternError('invalid character class range', name[0])
      return name[1] ? not(test) : test
    }
    const set = this.#next === '\\' ? this.#escapedSet() : undefined
    if (set) return set
    const from = this.#at
    const low = this.#next === '\\' ? this.#escapedPoint() : this.#point()
    if (this.#next !== '-' || this.#source[this.#at + 1] === ']' || this.#source[this.#at + 1] === undefined) return range(low, low)
    this.#at++
    const high = (this.#next as string | undefined) === '\\' ? this.#escapedPoint() : this.#point()
    if (high < low) throw new PatternError('invalid character class range', this.#source.slice(from, this.#at))
    return range(low, high)
  }
}
