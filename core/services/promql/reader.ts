import { Parser as PatternParser, PatternError } from '../../regexp/parse.js'
import { parseDuration } from './duration.js'
import { Lexer, describe, type Token } from './lexer.js'
import { unquote } from './literals.js'
import { matchOperators, quote, type Matcher } from './quote.js'
import { PromQLError, type Moment } from './syntax.js'
import { labelWords } from './words.js'

/** About what Prometheus can hold of seconds since the epoch once they are nanoseconds. */
const farthest = 9.2e15

const goNumber = (value: number): string => Number.isFinite(value) ? value.toFixed(6) : Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'

/** A number as Prometheus reads it: `Inf`, hexadecimal, octal after a leading zero, or a decimal; undefined where it is none. */
function valueOf (text: string): number | undefined {
  const small = text.toLowerCase()
  if (small === 'inf') return Infinity
  if (small === 'nan') return NaN
  const whole = /^0x[0-9a-f]+$/.test(small) ? BigInt(small) : /^0[0-7]+$/.test(text) ? BigInt(`0o${text}`) : undefined
  if (whole !== undefined && whole < 2n ** 63n) return Number(whole)
  return /^(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(text) ? Number(text) : undefined
}

function patternProblem (pattern: string): string | undefined {
  try {
    new PatternParser(pattern).parse()
  } catch (error) {
    if (error instanceof PatternError) return error.message
    throw error
  }
  return undefined
}

/** Tokens one ahead, and what a single token can mean. */
export class Reader {
  readonly #lexer: Lexer
  readonly #text: string
  #ahead: Token | undefined

  constructor (text: string) {
    this.#text = text
    this.#lexer = new Lexer(text)
  }

  get next (): Token {
    this.#ahead ??= this.#lexer.next()
    return this.#ahead
  }

  get kind (): string { return this.next.kind }

  take (): Token {
    const token = this.next
    this.#ahead = undefined
    return token
  }

  takeIf (kind: string): Token | undefined { return this.kind === kind ? this.take() : undefined }

  expect (kind: string, context?: string, expected?: string): Token { return this.takeIf(kind) ?? this.unexpected(context, expected) }

  fail (at: number, reason: string): never { throw new PromQLError(this.#text, at, reason) }

  unexpected (context = '', expected = ''): never {
    this.fail(this.next.at, `unexpected ${describe(this.next)}${context && ` in ${context}`}${expected && `, expected ${expected}`}`)
  }

  /** The duration right behind a left bracket. */
  range (): number { return this.#length(this.#lexer.range()) }

  duration (): number { return this.#length(this.take()) }

  #length ({ text, at }: Token): number {
    let length: number
    try {
      length = parseDuration(text)
    } catch (error) {
      this.fail(at, (error as Error).message)
    }
    if (length === 0) this.fail(at, 'duration must be greater than 0')
    return length
  }

  number (): number {
    const { kind, text, at } = this.take()
    const value = valueOf(text)
    const isWord = kind === 'number' && /^[a-z]/i.test(text)
    if (value === undefined || (!Number.isFinite(value) && !isWord)) this.fail(at, `error parsing number: strconv.ParseFloat: parsing ${quote(text)}: ${value === undefined ? 'invalid syntax' : 'value out of range'}`)
    return value
  }

  string (): string {
    const { text, at } = this.take()
    return unquote(text) ?? this.fail(at, `error unquoting string ${quote(text)}: invalid UTF-8`)
  }

  /** A regular expression, which Prometheus reads between anchors first, and then alone. */
  pattern (labelAt: number): string {
    const value = this.string()
    const reason = patternProblem(value) && (patternProblem(`^(?:${value})$`) ?? patternProblem(value))
    if (reason) this.fail(labelAt, reason)
    return value
  }

  /** What follows an `@`, of the part of the expression that begins at `at`. */
  moment (at: number): Moment {
    const { kind } = this.next
    if (kind === 'start' || kind === 'end') {
      this.take()
      if (!this.takeIf('(') || !this.takeIf(')')) this.unexpected('@', 'timestamp')
      return kind
    }
    const sign = this.takeIf('-') ?? this.takeIf('+')
    if (this.kind !== 'number') this.unexpected('@', 'timestamp')
    const seconds = this.number() * (sign?.kind === '-' ? -1 : 1)
    if (!(Math.abs(seconds) < farthest)) this.fail(at, `timestamp out of bounds for @ modifier: ${goNumber(seconds)}`)
    return Math.sign(seconds) * Math.round(Math.abs(seconds) * 1000)
  }

  /** A list of labels in brackets. */
  labels (): string[] {
    const context = 'grouping opts'
    this.expect('(', context, '"("')
    const labels: string[] = []
    while (!this.takeIf(')')) {
      if (labels.length > 0) {
        this.expect(',', context, '"," or ")"')
        if (this.takeIf(')')) break
      }
      if (this.kind !== 'identifier' && !labelWords.has(this.kind)) this.unexpected(context, 'label')
      labels.push(this.take().text)
    }
    return labels
  }

  /** What stands between the braces of a selector. */
  matchers (): Matcher[] {
    const context = 'label matching'
    const matchers: Matcher[] = []
    this.expect('{')
    while (!this.takeIf('}')) {
      if (matchers.length > 0) {
        this.expect(',', context, '"," or "}"')
        if (this.takeIf('}')) break
      }
      const { text: label, at } = this.expect('identifier', context, 'identifier or "}"')
      const operator = matchOperators.find(one => one === this.kind) ?? this.unexpected(context, 'label matching operator')
      this.take()
      if (this.kind !== 'string') this.unexpected(context, 'string')
      matchers.push({ label, operator, value: operator.includes('~') ? this.pattern(at) : this.string() })
    }
    return matchers
  }
}
