import type { Node } from '../nodes.js'
import { compileExpression } from './expression.js'
import { fieldPath } from './field-path.js'
import type { Rule } from './rule.js'
import { CompileError, Scope, type Run, type Typed } from './scope.js'
import { optionalOf, type Type } from './types.js'

/** No expression is longer, in characters. */
export const maxExpression = 16_384
export interface CompiledRule {
  readonly rule: Rule
  /** What is wrong with it; then it is never run. */
  readonly error?: string
  readonly messageError?: string
  readonly test?: Run
  readonly message?: Run
  readonly usesOldSelf: boolean
  /** Appended to the path of a value that the rule refuses. */
  readonly at: string
}

/** `self` is the first slot of a frame, `oldSelf` the second. */
function scopeOf (type: Type, { optionalOldSelf }: Rule): Scope {
  const { scope } = new Scope().with('self', type)
  return scope.with('oldSelf', optionalOldSelf ? optionalOf(type) : type).scope
}

function attempt (source: string, scope: Scope, wanted: 'bool' | 'string'): Typed | string {
  if (source.length > maxExpression) return `compilation failed: expression is longer than ${maxExpression} characters`
  try {
    const typed = compileExpression(source, scope)
    return typed.type.kind === wanted ? typed : wanted === 'bool' ? 'cel expression must evaluate to a bool' : 'messageExpression must evaluate to a string'
  } catch (error) {
    if (error instanceof CompileError) return `compilation failed: ${error.message}`
    if (error instanceof RangeError) return 'compilation failed: expression nests too deeply'
    throw error
  }
}

/** Compiles a rule for values of a type. */
export function compileRule (rule: Rule, node: Node, type: Type): CompiledRule {
  const scope = scopeOf(type, rule)
  const test = attempt(rule.rule, scope, 'bool')
  const usesOldSelf = scope.used.has('oldSelf')
  const message = rule.messageExpression === '' ? undefined : attempt(rule.messageExpression, scopeOf(type, rule), 'string')
  return {
    rule,
    usesOldSelf,
    at: rule.fieldPath === '' ? '' : fieldPath(rule.fieldPath, node) ?? '',
    ...typeof test === 'string' ? { error: test } : { test: test.run },
    ...message === undefined ? {} : typeof message === 'string' ? { messageError: `messageExpression ${message.replace(/^messageExpression /, '')}` } : { message: message.run },
  }
}
