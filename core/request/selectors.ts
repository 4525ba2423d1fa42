import { badRequest } from '../errors/status-error.js'

export type SelectorOperator = '=' | '!=' | 'in' | 'notin' | 'exists' | '!exists' | '>' | '<'
export interface Requirement { readonly key: string, readonly operator: SelectorOperator, readonly values: readonly string[] }

/** A Kubernetes label selector: requirements that must all hold. */
export interface LabelSelector {
  readonly text: string
  readonly requirements: readonly Requirement[]
  matches (labels: Readonly<Record<string, string>> | undefined): boolean
}

/** Longest selector that is read, in characters. */
const longest = 16 * 1024
const namePart = /^[A-Za-z0-9]([A-Za-z0-9_.-]{0,61}[A-Za-z0-9])?$/
const prefixPart = /^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?(\.[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?)*$/

/** Whether a text is a label key: `[prefix/]name`. */
export function isLabelKey (key: string): boolean {
  const slash = key.indexOf('/')
  if (slash < 0) return namePart.test(key)
  const prefix = key.slice(0, slash)
  return prefix.length <= 253 && prefixPart.test(prefix) && namePart.test(key.slice(slash + 1))
}

export const isLabelValue = (value: string): boolean => value === '' || namePart.test(value)

type Token = { readonly kind: 'word' | 'symbol' | 'end', readonly text: string }

function tokens (text: string): Token[] {
  const result: Token[] = []
  const scanner = /\s*(?:(!=|==|=|!|<|>|\(|\)|,)|([^\s!=<>(),]+))/y
  while (scanner.lastIndex < text.trimEnd().length) {
    const found = scanner.exec(text)
    if (!found) break
    result.push(found[1] !== undefined ? { kind: 'symbol', text: found[1] } : { kind: 'word', text: found[2] ?? '' })
  }
  result.push({ kind: 'end', text: '' })
  return result
}

const fail = (why: string): never => { throw badRequest(`unable to parse requirement: ${why.slice(0, 1024)}`) }

const valueRule = "a valid label must be an empty string or consist of alphanumeric characters, '-', '_' or '.', and must start and end with an alphanumeric character (e.g. 'MyValue',  or 'my_value',  or '12345', regex used for validation is '(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?')"

class Parser {
  #at = 0
  constructor (private readonly list: readonly Token[]) {}

  #peek (): Token { return this.list[this.#at] ?? { kind: 'end', text: '' } }
  #take (): Token { const token = this.#peek(); this.#at++; return token }

  parse (): Requirement[] {
    const requirements: Requirement[] = []
    if (this.#peek().kind === 'end') return requirements
    for (;;) {
      requirements.push(this.#requirement())
      const { kind, text } = this.#take()
      if (kind === 'end') return requirements
      if (text !== ',') fail(`found '${text}', expected: ',' or 'end of string'`)
      const next = this.#peek()
      if (next.kind === 'end' || next.text === ',') throw badRequest(`found '${next.text}', expected: identifier after ','`)
    }
  }

  #requirement (): Requirement {
    const negated = this.#peek().text === '!' && this.#peek().kind === 'symbol'
    if (negated) this.#take()
    const key = this.#key()
    if (negated) return { key, operator: '!exists', values: [] }
    const { kind, text } = this.#peek()
    if (kind === 'end' || text === ',') return { key, operator: 'exists', values: [] }
    this.#take()
    if (kind === 'symbol' && (text === '=' || text === '==')) return { key, operator: '=', values: [this.#value(key)] }
    if (kind === 'symbol' && text === '!=') return { key, operator: '!=', values: [this.#value(key)] }
    if (kind === 'symbol' && (text === '>' || text === '<')) return { key, operator: text, values: [this.#integer()] }
    if (kind === 'word' && (text === 'in' || text === 'notin')) return { key, operator: text, values: this.#set(key) }
    return fail(`found '${text}', expected: in, notin, =, ==, !=, gt, lt`)
  }

  #key (): string {
    const { kind, text } = this.#take()
    if (kind !== 'word') fail(`found '${text}', expected: !, identifier, or 'end of string'`)
    if (!isLabelKey(text)) fail(`"${text}" is not a label key`)
    return text
  }

  #value (key: string): string {
    const { kind } = this.#peek()
    if (kind !== 'word') return ''
    const { text } = this.#take()
    if (!isLabelValue(text)) fail(`values[0][${key}]: Invalid value: ${JSON.stringify(text)}: ${valueRule}`)
    return text
  }

  #integer (): string {
    const { text } = this.#take()
    if (!/^-?\d{1,18}$/.test(text)) fail(`"${text}" must be an integer`)
    return text
  }

  #set (key: string): string[] {
    if (this.#take().text !== '(') fail('expected: \'(\'')
    const values: string[] = []
    for (;;) {
      values.push(this.#value(key))
      const { kind, text } = this.#take()
      if (text === ')' && kind === 'symbol') return [...new Set(values)].sort()
      if (text !== ',') fail(`found '${text}', expected: ',' or ')'`)
    }
  }
}

type Labels = Readonly<Record<string, string>>

function holds ({ key, operator, values }: Requirement, labels: Labels): boolean {
  const value = Object.hasOwn(labels, key) ? labels[key] : undefined
  switch (operator) {
    case '=': return value === values[0]
    case '!=': return value !== values[0]
    case 'in': return value !== undefined && values.includes(value)
    case 'notin': return value === undefined || !values.includes(value)
    case 'exists': return value !== undefined
    case '!exists': return value === undefined
    case '>': return value !== undefined && /^-?\d{1,18}$/.test(value) && BigInt(value) > BigInt(values[0] ?? '0')
    case '<': return value !== undefined && /^-?\d{1,18}$/.test(value) && BigInt(value) < BigInt(values[0] ?? '0')
  }
}

const none: Labels = Object.freeze({})

/** Reads a Kubernetes label selector; throws a 400 StatusError. The empty text matches everything. */
export function parseLabelSelector (text: string): LabelSelector {
  if (text.length > longest) throw badRequest(`a label selector may have ${longest} characters`)
  const requirements = new Parser(tokens(text)).parse()
  return { text, requirements, matches: labels => requirements.every(requirement => holds(requirement, labels ?? none)) }
}

/** A selector as objects carry it (meta/v1 LabelSelector). */
export interface SelectorObject { matchLabels?: Record<string, string>, matchExpressions?: { key: string, operator: string, values?: string[] }[] }

const wordOf: Record<string, string> = { In: 'in', NotIn: 'notin' }

/** The text form of a selector object. */
export function selectorText ({ matchLabels = {}, matchExpressions = [] }: SelectorObject): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const others = matchExpressions.map(({ key, operator, values = [] }) =>
    operator === 'Exists' ? key : operator === 'DoesNotExist' ? `!${key}` : `${key} ${wordOf[operator] ?? operator} (${values.join(',')})`)
  return [...equal, ...others].join(',')
}

export interface FieldTerm { readonly field: string, readonly op: '=' | '!=', readonly value: string }
export interface FieldSelector { readonly terms: readonly FieldTerm[] }

/** Splits at commas that no backslash escapes. */
function splitTerms (text: string): string[] {
  const terms: string[] = []
  let term = ''
  for (let i = 0; i < text.length; i++) {
    const c = text[i] ?? ''
    if (c === '\\') { term += c + (text[i + 1] ?? ''); i++ } else if (c === ',') { terms.push(term); term = '' } else term += c
  }
  return [...terms, term].filter(Boolean)
}

function unescapeValue (value: string, term: string): string {
  let result = ''
  for (let i = 0; i < value.length; i++) {
    const c = value[i] ?? ''
    if (c === '=') throw badRequest(`invalid field selector: "${term.slice(0, 256)}": an = in a value must be escaped`)
    if (c !== '\\') { result += c; continue }
    const next = value[++i]
    if (next !== ',' && next !== '=' && next !== '\\') throw badRequest(`invalid field selector: "${term.slice(0, 256)}": invalid escape`)
    result += next
  }
  return result
}

function parseTerm (term: string): FieldTerm {
  for (let i = 0; i < term.length; i++) {
    if (term[i] === '\\') { i++; continue }
    for (const op of ['!=', '==', '='] as const) {
      if (!term.startsWith(op, i)) continue
      return { field: term.slice(0, i), op: op === '!=' ? '!=' : '=', value: unescapeValue(term.slice(i + op.length), term) }
    }
  }
  throw badRequest(`invalid selector: '${term.slice(0, 256)}'; can't understand '${term.slice(0, 256)}'`)
}

/** Reads a Kubernetes field selector, in order of its terms' text; throws a 400 StatusError. */
export function parseFieldSelector (text: string): FieldSelector {
  if (text.length > longest) throw badRequest(`a field selector may have ${longest} characters`)
  return { terms: splitTerms(text).sort().map(parseTerm) }
}
