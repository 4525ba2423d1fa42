import type { Token } from './lexer.js'
import { quote } from './quote.js'
import { Reader } from './reader.js'
import type { Expression, Matching } from './syntax.js'
import { aggregations, functions, metricWords, precedence } from './words.js'

/** How deep brackets, signs and powers may stand in each other. */
const maxNesting = 200

const unaryPrecedence = precedence.get('*')! + 1
type Positioned = Extract<Expression, { kind: 'selector' | 'subquery' }>

/** Reads the language of Prometheus 2.42, in one pass and without going back. What it refuses and how it says so follow Prometheus; the types of the parts are looked at afterwards. */
export class Parser {
  readonly #reader: Reader
  #nesting = 0
  #aggregations = 0

  constructor (text: string) { this.#reader = new Reader(text) }

  parse (): Expression {
    if (this.#kind === 'end of input') this.#fail(0, 'no expression found in input')
    const expression = this.#expression(1)
    if (this.#kind !== 'end of input') this.#unexpected()
    return expression
  }

  get #next (): Token { return this.#reader.next }
  get #kind (): string { return this.#reader.kind }
  #take (): Token { return this.#reader.take() }
  #takeIf (kind: string): Token | undefined { return this.#reader.takeIf(kind) }
  #fail (at: number, reason: string): never { return this.#reader.fail(at, reason) }

  /** Inside an aggregation Prometheus says so. */
  #unexpected (context = this.#aggregations > 0 ? 'aggregation' : '', expected?: string): never { return this.#reader.unexpected(context, expected) }
  #expect (kind: string, context?: string, expected?: string): Token { return this.#takeIf(kind) ?? this.#unexpected(context, expected) }

  #startsExpression (): boolean { return ['number', 'string', 'identifier', 'metric identifier', '(', '{', '+', '-'].includes(this.#kind) || metricWords.has(this.#kind) }

  #expression (least: number): Expression {
    if (++this.#nesting > maxNesting) this.#fail(this.#next.at, `expression is nested deeper than ${maxNesting}`)
    let left = this.#operand()
    for (let bound = precedence.get(this.#kind); bound !== undefined && bound >= least; bound = precedence.get(this.#kind)) {
      const { kind: operator, at: operatorAt } = this.#take()
      const bool = this.#takeIf('bool') !== undefined
      const matching = this.#matching()
      const right = this.#expression(operator === '^' ? bound : bound + 1)
      left = { kind: 'binary', at: left.at, operator, operatorAt, bool, ...(matching && { matching }), operands: [left, right] }
    }
    this.#nesting--
    return left
  }

  /** What stands between operators, with all that follows it and binds tighter than any of them. */
  #operand (): Expression {
    const sign = this.#takeIf('-') ?? this.#takeIf('+')
    if (sign) {
      const operand = this.#expression(unaryPrecedence)
      if (operand.kind === 'number') return { ...operand, at: sign.at, value: sign.kind === '-' ? -operand.value : operand.value }
      return { kind: 'unary', at: sign.at, operator: sign.kind, operands: [operand] }
    }
    let operand = this.#primary()
    for (;;) {
      if (this.#kind === '[') operand = this.#range(operand)
      else if (this.#kind === 'offset') operand = this.#offset(operand)
      else if (this.#kind === '@') operand = this.#moment(operand)
      else return operand
    }
  }

  #primary (): Expression {
    const { kind, at, text } = this.#next
    if (kind === 'number') return { kind, at, value: this.#reader.number() }
    if (kind === 'string') return { kind, at, value: this.#reader.string() }
    if (kind === '{') return { kind: 'selector', at, name: '', matchers: this.#reader.matchers() }
    if (kind === '(') {
      this.#take()
      const operand = this.#expression(1)
      this.#expect(')')
      return { kind: 'paren', at, operands: [operand] }
    }
    const isName = kind === 'identifier' || kind === 'metric identifier'
    if (!isName && !metricWords.has(kind)) this.#unexpected()
    this.#take()
    if (kind === 'identifier' && this.#kind === '(') return this.#call(at, text)
    if (aggregations.has(kind) && ['(', 'by', 'without'].includes(this.#kind)) return this.#aggregate(at, kind)
    return { kind: 'selector', at, name: text, matchers: this.#kind === '{' ? this.#reader.matchers() : [] }
  }

  #call (at: number, name: string): Expression {
    const operands = this.#arguments()
    if (!functions.has(name)) this.#fail(at, `unknown function with name ${quote(name)}`)
    return { kind: 'call', at, name, operands }
  }

  #aggregate (at: number, operator: string): Expression {
    this.#aggregations++
    const before = this.#grouping()
    const operands = this.#arguments()
    const grouping = before ?? this.#grouping() ?? { without: false, labels: [] }
    this.#aggregations--
    const wanted = aggregations.get(operator) ? 2 : 1
    if (operands.length === 0) this.#fail(at, 'no arguments for aggregate expression provided')
    if (operands.length !== wanted) this.#fail(at, `wrong number of arguments for aggregate expression provided, expected ${wanted}, got ${operands.length}`)
    return { kind: 'aggregate', at, operator, ...grouping, operands }
  }

  #arguments (): Expression[] {
    this.#expect('(')
    const operands: Expression[] = []
    for (let comma: Token | undefined; !this.#takeIf(')');) {
      if (operands.length > 0) comma = this.#expect(',')
      if (comma && !this.#startsExpression()) this.#fail(comma.at, 'trailing commas not allowed in function call args')
      operands.push(this.#expression(1))
    }
    return operands
  }

  #grouping (): { without: boolean, labels: string[] } | undefined {
    const { kind } = this.#next
    if (kind !== 'by' && kind !== 'without') return undefined
    this.#take()
    return { without: kind === 'without', labels: this.#reader.labels() }
  }

  #matching (): Matching | undefined {
    const { kind } = this.#next
    if (kind !== 'on' && kind !== 'ignoring') return undefined
    this.#take()
    const labels = this.#reader.labels()
    const group = this.#takeIf('group_left') ? 'left' : this.#takeIf('group_right') ? 'right' : undefined
    return { on: kind === 'on', labels, ...(group && { group }), include: group && this.#kind === '(' ? this.#reader.labels() : [] }
  }

  #range (operand: Expression): Expression {
    const { at } = this.#take()
    const range = this.#reader.range()
    if (this.#takeIf(':')) {
      if (this.#kind !== 'duration' && this.#kind !== ']') this.#unexpected('subquery selector', 'duration or "]"')
      const step = this.#kind === 'duration' ? this.#reader.duration() : undefined
      this.#expect(']', 'subquery selector', '"]"')
      return { kind: 'subquery', at: operand.at, range, ...(step !== undefined && { step }), operands: [operand] }
    }
    this.#expect(']', 'subquery or range', '":" or "]"')
    if (operand.kind !== 'selector' || operand.range !== undefined) this.#fail(at, 'ranges only allowed for vector selectors')
    if (operand.offset !== undefined) this.#fail(at, 'no offset modifiers allowed before range')
    if (operand.moment !== undefined) this.#fail(at, 'no @ modifiers allowed before range')
    return { ...operand, range }
  }

  #offset (operand: Expression): Expression {
    this.#take()
    const isBack = this.#takeIf('-') !== undefined
    if (this.#kind !== 'duration') this.#unexpected('offset', 'duration')
    const length = this.#reader.duration()
    if (!isPositioned(operand)) this.#fail(operand.at, 'offset modifier must be preceded by an instant vector selector or range vector selector or a subquery')
    if (operand.offset !== undefined) this.#fail(operand.at, 'offset may not be set multiple times')
    return { ...operand, offset: isBack ? -length : length }
  }

  #moment (operand: Expression): Expression {
    this.#take()
    const moment = this.#reader.moment(operand.at)
    if (!isPositioned(operand)) this.#fail(operand.at, '@ modifier must be preceded by an instant vector selector or range vector selector or a subquery')
    if (operand.moment !== undefined) this.#fail(operand.at, '@ <timestamp> may not be set multiple times')
    return { ...operand, moment }
  }
}

const isPositioned = (expression: Expression): expression is Positioned => expression.kind === 'selector' || expression.kind === 'subquery'
