import { endOfString, rune } from './literals.js'
import { quote } from './quote.js'
import { PromQLError } from './syntax.js'
import { aggregations, isModifier, keywords, precedence } from './words.js'

/** `kind` of a word that means something, or of a sign, is itself, in small letters. */
export interface Token { readonly kind: string, readonly text: string, readonly at: number }

const signs = /[-,*/%+^()[\]{@]|==|=|!=|<=|<|>=|>/y
const braceSigns = /[,}]|=~|=|!=|!~/y
const space = /[ \t\n\r]+/y
const comment = /#[^\r\n]*/y
const word = /[a-zA-Z_:][a-zA-Z0-9_:]*/y
const label = /[a-zA-Z_][a-zA-Z0-9_]*/y
const number = /0[xX][0-9a-fA-F]*(?:\.[0-9a-fA-F]*)?|\d*(?:\.\d*)?(?:[eE][+-]?\d*)?/y
const units = /(?:[smhdwy]s?(?:\d+[smhdw]s?)*)?/y
const digits = /\d*/y
const isAlphanumeric = (character = ''): boolean => /[a-zA-Z0-9_]/.test(character)

/** Says what a token is, in the words of Prometheus. */
export function describe ({ kind, text }: Token): string {
  const cut = Array.from(text).length > 10 && text.length > 10 ? `${quote(Array.from(text).slice(0, 10).join(''))}...` : quote(text)
  switch (kind) {
    case 'end of input': return kind
    case 'identifier': case 'metric identifier': return `${kind} ${quote(text)}`
    case 'number': case 'duration': case 'string': return `${kind} ${cut}`
    default: return aggregations.has(kind) ? `<aggr:${text}>` : isModifier(kind) ? `<${text}>` : precedence.has(kind) || ['@', '=~', '!~'].includes(kind) ? `<op:${text}>` : cut
  }
}

/** Cuts a text into tokens one at a time, as the scanner of Prometheus 2.42 does; throws at the first that is none. */
export class Lexer {
  #at = 0
  #parens = 0
  #isInBraces = false
  #isInBrackets = false
  #hasColon = false
  readonly text: string

  constructor (text: string) { this.text = text }

  next (): Token {
    while (this.#match(space) || this.#match(comment));
    const at = this.#at
    const character = this.text[at]
    if (this.#isInBraces) return this.#inBraces(at, character)
    if (character === undefined) {
      if (this.#parens > 0) this.#fail(at, 'unclosed left parenthesis')
      if (this.#isInBrackets) this.#fail(at, 'unclosed left bracket')
      return { kind: 'end of input', text: '', at }
    }
    if (/\d/.test(character) || /^\.\d/.test(this.text.slice(at, at + 2))) return this.#number(at)
    if ('"\'`'.includes(character)) return this.#string(at)
    if (/[a-zA-Z_:]/.test(character)) return this.#isInBrackets ? this.#colon(at, character) : this.#word(at)
    const sign = this.#match(signs)
    if (sign === '=' && this.text[this.#at] === '~') this.#fail(at, "unexpected character after '=': '~'")
    if (character === '!' && !sign) this.#fail(at, `unexpected character after '!': ${this.#rune(at + 1)}`)
    if (!sign) this.#fail(at, `unexpected character: ${this.#rune(at)}`)
    return this.#sign(at, sign)
  }

  #fail (at: number, reason: string): never { throw new PromQLError(this.text, at, reason) }

  #match (pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.text)?.[0] ?? ''
    this.#at += found.length
    return found
  }

  #rune (at: number): string {
    const point = this.text.codePointAt(at)
    return point === undefined ? "'�'" : rune(String.fromCodePoint(point))
  }

  #sign (at: number, sign: string): Token {
    switch (sign) {
      case '(': this.#parens++; break
      case ')': if (--this.#parens < 0) this.#fail(at + 1, "unexpected right parenthesis ')'"); break
      case '{': this.#isInBraces = true; break
      case ']': if (!this.#isInBrackets) this.#fail(at, "unexpected right bracket ']'"); this.#isInBrackets = false; break
      case '[':
        if (this.#isInBrackets) this.#fail(at, "unexpected left bracket '['")
        this.#isInBrackets = true
        this.#hasColon = false
    }
    return { kind: sign, text: sign, at }
  }

  #inBraces (at: number, character: string | undefined): Token {
    if (character === undefined) this.#fail(at, 'unexpected end of input inside braces')
    if ('"\'`'.includes(character)) return this.#string(at)
    const name = this.#match(label)
    if (name) return { kind: 'identifier', text: name, at }
    const sign = this.#match(braceSigns)
    if (sign) {
      this.#isInBraces = sign !== '}'
      return { kind: sign, text: sign, at }
    }
    if (character === '!') this.#fail(at, `unexpected character after '!' inside braces: ${this.#rune(at + 1)}`)
    if (character === '{') this.#fail(at, "unexpected left brace '{'")
    this.#fail(at, `unexpected character inside braces: ${this.#rune(at)}`)
  }

  #word (at: number): Token {
    const text = this.#match(word)
    const small = text.toLowerCase()
    const kind = small === 'inf' || small === 'nan' ? 'number' : keywords.has(small) ? small : text.includes(':') ? 'metric identifier' : 'identifier'
    return { kind, text, at }
  }

  #colon (at: number, character: string): Token {
    if (character !== ':' || this.#hasColon) this.#fail(at, `unexpected colon ${rune(character)}`)
    this.#hasColon = true
    this.#at++
    return { kind: ':', text: ':', at }
  }

  #number (at: number): Token {
    this.#match(number)
    if (!isAlphanumeric(this.text[this.#at])) return { kind: 'number', text: this.text.slice(at, this.#at), at }
    return this.#duration(at, 'bad number or duration syntax')
  }

  /** The duration that has to follow a left bracket; the number in it is read. */
  #duration (at: number, complaint: string): Token {
    const isCut = this.#match(units) === '' || this.#match(digits) !== ''
    const isLong = !isCut && isAlphanumeric(this.text[this.#at])
    if (isCut || isLong) this.#fail(at, `${complaint}: ${quote(this.text.slice(at, this.#at + (isLong ? 1 : 0)))}`)
    return { kind: 'duration', text: this.text.slice(at, this.#at), at }
  }

  /** What follows a left bracket: a duration, and nothing else. */
  range (): Token {
    this.#match(space)
    const at = this.#at
    this.#match(number)
    if (!isAlphanumeric(this.text[this.#at])) this.#fail(at, 'missing unit character in duration')
    return this.#duration(at, 'bad duration syntax')
  }

  #string (at: number): Token {
    this.#at = endOfString(this.text, at)
    return { kind: 'string', text: this.text.slice(at, this.#at), at }
  }
}
