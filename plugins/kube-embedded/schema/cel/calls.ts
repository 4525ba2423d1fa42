import { patternOf } from '../pattern.js'
import { EvaluationError, type Cost } from './cost.js'
import type { Compiler, Node } from './expression.js'
import { findFunctions, namespaces, type Declared } from './functions/index.js'
import { comprehension } from './macros.js'
import { CompileError, type Run, type Scope, type Typed } from './scope.js'
import type { Type } from './types.js'
import { kindOf } from './values.js'

const fits = ({ kind }: Type, value: unknown) => kind === 'dyn' || kind === 'any' || kind === kindOf(value)

/** What goes in is paid for by its size; `size` looks at no items. */
function weigh (value: unknown, isSize: boolean): number {
  if (typeof value === 'string') return value.length / 10
  if (value instanceof Uint8Array) return value.length / 10
  if (isSize) return 0
  return Array.isArray(value) ? value.length : value instanceof Map ? value.size : 0
}

function pay (name: string, args: readonly unknown[], cost: Cost) {
  cost.spend(1 + Math.ceil(args.reduce<number>((sum, arg) => sum + weigh(arg, name === 'size'), 0)))
}

const isKnown = (type: Type) => type.kind !== 'dyn' && type.kind !== 'any'

function runOf (name: string, choices: readonly Declared[], args: readonly Typed[]): Run {
  const runs = args.map(({ run }) => run)
  const [only] = choices
  const isDecided = choices.length === 1 && args.every(({ type }, i) => isKnown(type) || !isKnown(only!.params[i]!))
  return frame => {
    const values = runs.map(run => run(frame))
    const chosen = isDecided ? only! : choices.find(({ params }) => params.every((param, i) => fits(param, values[i])))
    if (!chosen) throw new EvaluationError('no such overload')
    pay(name, values, frame.cost)
    const result = chosen.run(...values, frame.cost)
    if (typeof result === 'string' || Array.isArray(result)) frame.cost.spend(Math.ceil(weigh(result, false)))
    return result
  }
}

/** A call of a function or an operator. */
export function call (node: Node, name: string, args: readonly Typed[], isMethod = false): Typed {
  const found = findFunctions(name, isMethod, args.map(({ type }) => type))
  if (typeof found === 'string') throw new CompileError(found, node.input, node.start)
  return { type: found.result, run: runOf(name, found.choices, args) }
}

const patterned = new Set(['matches', 'find', 'findAll'])

/** Patterns that stand in a rule are known to be wrong before it runs. */
function checkPattern (name: string, pattern: Node | undefined) {
  if (!patterned.has(name) || pattern?.op !== 'value' || typeof pattern.args !== 'string') return
  const wrong = patternOf(pattern.args)
  if (typeof wrong === 'string') throw new CompileError(`invalid matches argument: ${wrong}`, pattern.input, pattern.start)
}

/** `value.name(…)`: a macro, a function in a namespace, or one of the value. */
export function method (node: Extract<Node, { op: 'rcall' }>, scope: Scope, compile: Compiler): Typed {
  const [name, on, args] = node.args
  if (on.op === 'id' && namespaces.has(on.args) && !scope.has(on.args)) return call(node, `${on.args}::${name}`, args.map(arg => compile(arg, scope)))
  const macro = comprehension(node, scope, compile)
  if (macro) return macro
  checkPattern(name, args[0])
  return call(node, name, [on, ...args].map(arg => compile(arg, scope)), true)
}
