import { printDuration } from './duration.js'
import { printMatcher, quote } from './quote.js'
import type { Expression, Matching, Position, Selector } from './syntax.js'
import { doubtfulNames } from './words.js'

/** A number as Go prints it: shortest digits, an exponent below 1e-4 and from 1e6 on. */
function printNumber (value: number): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
  if (Object.is(value, -0)) return '-0'
  const size = Math.abs(value)
  const text = size !== 0 && (size < 1e-4 || size >= 1e6) ? value.toExponential() : String(value)
  return text.replace(/e([+-])(\d)$/, 'e$10$2')
}

function printPosition ({ moment, offset }: Position): string {
  const at = moment === undefined ? '' : ` @ ${typeof moment === 'number' ? (moment / 1000).toFixed(3) : `${moment}()`}`
  const back = offset === undefined ? '' : ` offset ${offset < 0 ? '-' : ''}${printDuration(Math.abs(offset))}`
  return at + back
}

/** The name of a metric stands before the braces, unless it is a word that can be read as something else. */
function printSelector (selector: Selector): string {
  const isDoubtful = doubtfulNames.has(selector.name.toLowerCase())
  const matchers = selector.matchers.map(printMatcher).sort()
  if (isDoubtful) matchers.unshift(printMatcher({ label: '__name__', operator: '=', value: selector.name }))
  const braces = matchers.length > 0 ? `{${matchers.join(',')}}` : ''
  const range = selector.range === undefined ? '' : `[${printDuration(selector.range)}]`
  return (isDoubtful ? '' : selector.name) + braces + range + printPosition(selector)
}

function printMatching ({ on, labels, group, include }: Matching): string {
  if (!on && !group && labels.length === 0) return ''
  return ` ${on ? 'on' : 'ignoring'} (${labels.join(', ')})${group ? ` group_${group} (${include.join(', ')})` : ''}`
}

/**
 * The way Prometheus itself writes an expression: one spelling for all that mean the same.
 * Everything is written anew from the tree, in the order it was read, so that no part of a client's text is sent on: no comment, no escape, no blank that one version takes and another does not.
 */
export function print (expression: Expression): string {
  switch (expression.kind) {
    case 'number': return printNumber(expression.value)
    case 'string': return quote(expression.value)
    case 'selector': return printSelector(expression)
    case 'paren': return `(${print(expression.operands[0])})`
    case 'unary': return expression.operator + print(expression.operands[0])
    case 'call': return `${expression.name}(${expression.operands.map(print).join(', ')})`
    case 'aggregate': {
      const { operator, without, labels, operands } = expression
      const grouping = without || labels.length > 0 ? ` ${without ? 'without' : 'by'} (${labels.join(', ')}) ` : ''
      return `${operator}${grouping}(${operands.map(print).join(', ')})`
    }
    case 'binary': {
      const { operator, bool, matching, operands: [left, right] } = expression
      return `${print(left)} ${operator}${bool ? ' bool' : ''}${matching ? printMatching(matching) : ''} ${print(right)}`
    }
    case 'subquery': {
      const { operands, range, step } = expression
      return `${print(operands[0])}[${printDuration(range)}:${step === undefined ? '' : printDuration(step)}]${printPosition(expression)}`
    }
  }
}
