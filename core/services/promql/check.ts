import { LinearRegExp } from '../../regexp/index.js'
import { quote, type Matcher } from './quote.js'
import { PromQLError, type Expression, type Selector } from './syntax.js'
import { aggregations, comparisons, functions, setOperators, type Type } from './words.js'

const spoken = (type: Type): string => type === 'vector' ? 'instant vector' : type === 'matrix' ? 'range vector' : type

/** Looks at the types of all parts, and at each selector; throws a `PromQLError` where Prometheus would refuse to run the expression. Answers the type of the whole. */
export function check (text: string, expression: Expression): Type {
  const fail = (at: number, reason: string): never => { throw new PromQLError(text, at, reason) }

  function expect (part: Expression, wanted: Type, context: string): void {
    const type = typeOf(part)
    if (type !== wanted) fail(part.at, `expected type ${spoken(wanted)} in ${context}, got ${spoken(type)}`)
  }

  function aggregate ({ operator, operands }: Extract<Expression, { kind: 'aggregate' }>): Type {
    expect(operands.at(-1)!, 'vector', 'aggregation expression')
    const parameter = aggregations.get(operator)
    if (parameter) expect(operands[0]!, parameter, 'aggregation parameter')
    return 'vector'
  }

  function call ({ at, name, operands }: Extract<Expression, { kind: 'call' }>): Type {
    const { arguments: types, optional, result } = functions.get(name)!
    const [least, most] = optional === 0 ? [types.length, types.length] : [types.length - 1, optional < 0 ? Infinity : types.length - 1 + optional]
    const word = optional === 0 ? '' : operands.length < least ? 'at least ' : 'at most '
    if (operands.length < least || operands.length > most) fail(at, `expected ${word}${operands.length < least ? least : most} argument(s) in call to ${quote(name)}, got ${operands.length}`)
    operands.forEach((operand, i) => { expect(operand, types[i] ?? types.at(-1)!, `call to function ${quote(name)}`) })
    return result
  }

  function binary ({ at, operator, operatorAt, bool, matching, operands: [left, right] }: Extract<Expression, { kind: 'binary' }>): Type {
    const [leftType, rightType] = [typeOf(left), typeOf(right)]
    const isComparison = comparisons.has(operator)
    if (bool && !isComparison) fail(operatorAt, 'bool modifier can only be used on comparison operators')
    if (isComparison && !bool && leftType === 'scalar' && rightType === 'scalar') fail(operatorAt, 'comparisons between scalars must use BOOL modifier')
    const twice = matching?.on ? matching.labels.find(label => matching.include.includes(label)) : undefined
    if (twice !== undefined) fail(operatorAt, `label ${quote(twice)} must not occur in ON and GROUP clause at once`)
    for (const [operand, type] of [[left, leftType], [right, rightType]] as const) {
      if (type !== 'scalar' && type !== 'vector') fail(operand.at, 'binary expression must contain only scalar and instant vector types')
    }
    const areVectors = leftType === 'vector' && rightType === 'vector'
    if (!areVectors && matching && matching.labels.length > 0) fail(at, 'vector matching only allowed between instant vectors')
    if (areVectors && setOperators.has(operator) && matching?.group) fail(at, `no grouping allowed for ${quote(operator)} operation`)
    if (!areVectors && setOperators.has(operator)) fail(at, `set operator ${quote(operator)} not allowed in binary scalar expression`)
    return leftType === 'scalar' && rightType === 'scalar' ? 'scalar' : 'vector'
  }

  function selector ({ at, name, matchers, range }: Selector): Type {
    const twice = name === '' ? undefined : matchers.find(({ label }) => label === '__name__')
    if (twice) fail(at, `metric name must not be set twice: ${quote(name)} or ${quote(twice.value)}`)
    if (name === '' && matchers.every(matchesNothing)) fail(at, 'vector selector must contain at least one non-empty matcher')
    return range === undefined ? 'vector' : 'matrix'
  }

  function typeOf (part: Expression): Type {
    switch (part.kind) {
      case 'number': return 'scalar'
      case 'string': return 'string'
      case 'paren': return typeOf(part.operands[0])
      case 'selector': return selector(part)
      case 'aggregate': return aggregate(part)
      case 'call': return call(part)
      case 'binary': return binary(part)
      case 'unary': {
        const type = typeOf(part.operands[0])
        if (type !== 'scalar' && type !== 'vector') fail(part.at, `unary expression only allowed on expressions of type scalar or instant vector, got ${quote(spoken(type))}`)
        return type
      }
      case 'subquery': {
        const type = typeOf(part.operands[0])
        if (type !== 'vector') fail(part.at, `subquery is only allowed on instant vector, got ${type} instead`)
        return 'matrix'
      }
    }
  }

  return typeOf(expression)
}

/** True where a series without the label passes. A pattern too large for us is taken for one that needs the label. */
function matchesNothing ({ operator, value }: Matcher): boolean {
  if (operator === '=') return value === ''
  if (operator === '!=') return value !== ''
  try {
    return new LinearRegExp(`^(?:${value})$`).test('') === (operator === '=~')
  } catch {
    return false
  }
}
