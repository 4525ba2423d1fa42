import type { Matcher } from './quote.js'

/** A moment that a selector is bound to: milliseconds since the epoch, or an end of the range asked for. */
export type Moment = number | 'start' | 'end'

/** Where on the time line a selector or a subquery looks. */
export interface Position { readonly moment?: Moment, readonly offset?: number }

/** A vector selector; a range selector where `range` (ms) is set. */
export interface Selector extends Position { readonly kind: 'selector', readonly at: number, readonly name: string, readonly matchers: readonly Matcher[], readonly range?: number }

/** Which labels decide what meets what. */
export interface Matching { readonly on: boolean, readonly labels: readonly string[], readonly group?: 'left' | 'right', readonly include: readonly string[] }

/** An expression as it was read; `at` is where it begins in the text. */
export type Expression =
  | Selector
  | { readonly kind: 'number', readonly at: number, readonly value: number }
  | { readonly kind: 'string', readonly at: number, readonly value: string }
  | { readonly kind: 'paren', readonly at: number, readonly operands: readonly [Expression] }
  | { readonly kind: 'unary', readonly at: number, readonly operator: string, readonly operands: readonly [Expression] }
  | { readonly kind: 'binary', readonly at: number, readonly operator: string, readonly operatorAt: number, readonly bool: boolean, readonly matching?: Matching, readonly operands: readonly [Expression, Expression] }
  | { readonly kind: 'call', readonly at: number, readonly name: string, readonly operands: readonly Expression[] }
  /** The parameter, where there is one, is the first operand. */
  | { readonly kind: 'aggregate', readonly at: number, readonly operator: string, readonly without: boolean, readonly labels: readonly string[], readonly operands: readonly Expression[] }
  | Position & { readonly kind: 'subquery', readonly at: number, readonly range: number, readonly step?: number, readonly operands: readonly [Expression] }

/** What PromQL refuses, and where: `1:5: parse error: …`, line and column counted as Prometheus counts them, in bytes. */
export class PromQLError extends Error {
  constructor (text: string, at: number, reason: string) {
    const before = text.slice(0, at)
    const lines = before.split('\n')
    super(`${lines.length}:${Buffer.byteLength(lines.at(-1)!) + 1}: parse error: ${reason}`)
  }
}

/** Every selector in an expression, wherever it stands. */
export function selectorsOf (expression: Expression): Selector[] {
  const found: Selector[] = []
  const open = [expression]
  for (let next = open.pop(); next; next = open.pop()) {
    if (next.kind === 'selector') found.push(next)
    else if ('operands' in next) open.push(...[...next.operands].reverse())
  }
  return found
}

/** The same expression with every selector put through `change`. */
export function mapSelectors (expression: Expression, change: (selector: Selector) => Selector): Expression {
  if (expression.kind === 'selector') return change(expression)
  if (!('operands' in expression)) return expression
  return { ...expression, operands: expression.operands.map(operand => mapSelectors(operand, change)) } as Expression
}

/** How many parts stand in each other at the deepest place. */
export function depthOf (expression: Expression): number {
  let depth = 0
  for (let level = [expression]; level.length > 0; depth++) level = level.flatMap(part => 'operands' in part ? [...part.operands] : [])
  return depth
}
