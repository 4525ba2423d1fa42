export type TemplateKind = 'space' | 'close' | 'pipe' | 'word' | 'variable' | 'field' | 'dot' | 'number' | 'string' | 'character' | 'sign' | '(' | ')'
export interface TemplateToken { readonly kind: TemplateKind, readonly text: string }

const escape = String.raw`\\(?:[abfnrtv\\]|[0-7]{3}|x[0-9a-fA-F]{2}|u[0-9a-fA-F]{4}|U[0-9a-fA-F]{8}`
const number = String.raw`[+-]?(?:0[xX][0-9a-fA-F_]+|0[bB][01_]+|0[oO][0-7_]+|(?:\d[\d_]*(?:\.[\d_]*)?|\.\d[\d_]*)(?:[eE][+-]?\d+)?)i?`
const tokens: readonly (readonly [kind: TemplateKind, pattern: RegExp])[] = [
  ['close', /(?:[ \t\r\n]-)?\}\}/y],
  ['space', /[ \t\r\n]+?(?=[ \t\r\n]-\}\}|[^ \t\r\n]|$)/y],
  ['string', new RegExp(String.raw`"(?:[^"\\\n]|${escape}|"))*"`, 'y')],
  ['string', /`[^`]*`/y],
  ['character', new RegExp(String.raw`'(?:[^'\\\n]|${escape}|'))'`, 'yu')],
  ['number', new RegExp(`${number}(?![\\p{L}\\p{Nd}_])`, 'yu')],
  ['variable', /\$[\p{L}\p{Nd}_]*/uy],
  ['field', /\.(?![0-9])[\p{L}\p{Nd}_]+/uy],
  ['dot', /\.(?![0-9])/y],
  ['word', /[\p{L}_][\p{L}\p{Nd}_]*/uy],
  ['pipe', /\|/y],
  ['(', /\(/y],
  [')', /\)/y],
  ['sign', /:=|=|,/y],
]
const comment = /\{\{(?:-[ \t\r\n])?\/\*/y

/** Cuts a text of Go's text/template into what stands between its braces. */
export class TemplateScanner {
  readonly #text: string
  #at = 0
  #parens = 0

  constructor (text: string) { this.#text = text }

  /** Says what is wrong, with the line it is on. */
  fail (reason: string): never { throw new Error(`template: ${this.#text.slice(0, this.#at).split('\n').length}: ${reason}`) }

  /** Moves behind the next opening braces that do not hold a comment; false where there are none. Says where it passes text that is more than blanks. */
  toAction (onText: () => void): boolean {
    for (;;) {
      const open = this.#text.indexOf('{{', this.#at)
      if (open < 0) return false
      if (this.#text.slice(this.#at, open).trim() !== '') onText()
      this.#at = open
      comment.lastIndex = open
      if (!comment.test(this.#text)) break
      const end = this.#text.indexOf('*/', comment.lastIndex)
      if (end < 0) this.fail('unclosed comment')
      this.#at = end + 2
      if (this.#match(/(?:[ \t\r\n]-)?\}\}/y) === undefined) this.fail('comment ends before closing delimiter')
    }
    this.#at += 2
    this.#match(/-(?=[ \t\r\n])/y)
    return true
  }

  next (): TemplateToken {
    for (const [kind, pattern] of tokens) {
      const text = this.#match(pattern)
      if (text === undefined) continue
      if (kind === '(') this.#parens++
      if (kind === ')' && --this.#parens < 0) this.fail('unexpected right paren')
      if (kind === 'close' && this.#parens > 0) this.fail('unclosed left paren')
      if (['word', 'variable', 'field'].includes(kind) && !/^(?:[ \t\r\n.|:),(]|\}\}|$)/.test(this.#text.slice(this.#at, this.#at + 2))) this.fail(`bad character ${this.#character()}`)
      return { kind, text }
    }
    const character = this.#text[this.#at]
    if (character === undefined) this.fail('unclosed action')
    if (character === '"') this.fail('unterminated quoted string')
    if (character === '`') this.fail('unterminated raw quoted string')
    if (character === "'") this.fail('unterminated character constant')
    if (/[0-9.+-]/.test(character)) this.fail('bad number syntax')
    this.fail(`unexpected ${this.#character()} in action`)
  }

  /** The sign that comes next, behind any blanks. */
  peek (): string {
    const from = this.#at
    this.#match(/[ \t\r\n]+/y)
    const sign = this.#match(/:=|=|,/y) ?? ''
    this.#at = from
    return sign
  }

  #match (pattern: RegExp): string | undefined {
    pattern.lastIndex = this.#at
    const found = pattern.exec(this.#text)?.[0]
    this.#at += found?.length ?? 0
    return found
  }

  #character (): string {
    const point = this.#text.codePointAt(this.#at) ?? 0
    return `U+${point.toString(16).toUpperCase().padStart(4, '0')}`
  }
}
