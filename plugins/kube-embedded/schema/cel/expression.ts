import { Environment, type ASTNode, type ParseError } from '@marcbachmann/cel-js'
import { access, has, index, optionalAccess } from './access.js'
import { call, method } from './calls.js'
import { CompileError, Scope, type Run, type Typed } from './scope.js'
import { listOf, mapOf, type, typeText, unite, type Type } from './types.js'
import { TypeValue } from './functions/conversions.js'
import { kindOf, same, truth } from './values.js'
import type { EvaluationError } from './cost.js'

/** Parses only: types, functions and evaluation are ours, so that they are Kubernetes' and bounded. */
const parser = new Environment({ enableOptionalTypes: true, limits: { maxAstNodes: 8192, maxDepth: 200, maxListElements: 1000, maxMapEntries: 1000, maxCallArguments: 16 } })
const maxDepth = 500

export type Node = ASTNode
/** Compiles the parts of an expression. */
export interface Compiler { (node: Node, scope: Scope): Typed }

const typeNames: Readonly<Record<string, Type['kind']>> = { bool: 'bool', int: 'int', double: 'double', string: 'string', bytes: 'bytes', list: 'list', map: 'map', null_type: 'null', type: 'type' }

function identifier (node: Extract<Node, { op: 'id' }>, scope: Scope): Typed {
  const variable = scope.find(node.args)
  if (variable) return { type: variable.type, run: ({ slots }) => slots[variable.slot] }
  if (!Object.hasOwn(typeNames, node.args)) throw new CompileError(`undeclared reference to '${node.args}' (in container '')`, node.input, node.start)
  const value = new TypeValue(typeNames[node.args]!)
  return { type: type('type'), run: () => value }
}

function literal (node: Extract<Node, { op: 'value' }>): Typed {
  const value = node.args
  const kind = kindOf(value)
  if (kind === undefined) throw new CompileError('unsigned numbers are not supported', node.input, node.start)
  return { type: { kind } as Type, run: () => value }
}

/** The one type of all parts of a literal. */
function common (types: readonly Type[], node: Node): Type {
  return types.reduce((all, next) => {
    const both = unite(all, next)
    if (!both) throw new CompileError(`expected type '${typeText(all)}' but found '${typeText(next)}'`, node.input, node.start)
    return both
  }, types[0] ?? type('dyn'))
}

function list (node: Extract<Node, { op: 'list' }>, scope: Scope, compile: Compiler): Typed {
  const items = node.args.map(item => compile(item, scope))
  return { type: listOf(common(items.map(({ type }) => type), node)), run: frame => items.map(({ run }) => run(frame)) }
}

const keys: readonly Type['kind'][] = ['string', 'int', 'bool', 'dyn']

function map (node: Extract<Node, { op: 'map' }>, scope: Scope, compile: Compiler): Typed {
  const entries = node.args.map(([key, value]) => [compile(key, scope), compile(value, scope)] as const)
  const types = mapOf(common(entries.map(([key]) => key.type), node), common(entries.map(([, value]) => value.type), node))
  if (types.kind !== 'map' || !keys.includes(types.key.kind)) throw new CompileError('unsupported key type', node.input, node.start)
  return { type: types, run: frame => new Map(entries.map(([key, value]) => [key.run(frame), value.run(frame)])) }
}

function bool (node: Node, scope: Scope, compile: Compiler): Run {
  const { type, run } = compile(node, scope)
  if (type.kind !== 'bool' && type.kind !== 'dyn') throw new CompileError(`found no matching overload for a condition applied to '(${typeText(type)})'`, node.input, node.start)
  return run
}

/** `a && b && c` stands leftmost deepest; answers its parts in order. */
function chain (node: Node, op: '&&' | '||'): Node[] {
  const parts: Node[] = []
  let at = node
  for (; at.op === op; at = at.args[0]) parts.push(at.args[1])
  return [...parts, at].reverse()
}

/** A part that cannot be evaluated does not matter where another one decides. */
function logical (node: Extract<Node, { op: '&&' | '||' }>, scope: Scope, compile: Compiler): Typed {
  const decisive = node.op === '||'
  const parts = chain(node, node.op).map(part => bool(part, scope, compile))
  return {
    type: type('bool'),
    run: frame => {
      let failed: EvaluationError | undefined
      for (const run of parts) {
        try {
          frame.cost.spend(1)
          if (truth(run(frame)) === decisive) return decisive
        } catch (error) {
          failed = frame.cost.forgive(error)
        }
      }
      if (failed) throw failed
      return !decisive
    },
  }
}

function choice (node: Extract<Node, { op: '?:' }>, scope: Scope, compile: Compiler): Typed {
  const test = bool(node.args[0], scope, compile)
  const [left, right] = [compile(node.args[1], scope), compile(node.args[2], scope)]
  return { type: common([left.type, right.type], node), run: frame => truth(test(frame)) ? left.run(frame) : right.run(frame) }
}

function equality (node: Extract<Node, { op: '==' | '!=' }>, scope: Scope, compile: Compiler): Typed {
  const [left, right] = [compile(node.args[0], scope), compile(node.args[1], scope)]
  if (!unite(left.type, right.type)) throw new CompileError(`found no matching overload for '_${node.op}_' applied to '(${typeText(left.type)}, ${typeText(right.type)})'`, node.input, node.start)
  const wanted = node.op === '=='
  return { type: type('bool'), run: frame => same(left.run(frame), right.run(frame), frame.cost) === wanted }
}

function compileNode (node: Node, scope: Scope, compile: Compiler): Typed {
  switch (node.op) {
    case 'value': return literal(node)
    case 'id': return identifier(node, scope)
    case '.': return access(node, compile(node.args[0], scope), node.args[1])
    case '.?': return optionalAccess(node, compile(node.args[0], scope), node.args[1])
    case '[]': case '[?]': return index(node, compile(node.args[0], scope), compile(node.args[1], scope))
    case 'call': return node.args[0] === 'has' ? has(node, scope, compile) : call(node, node.args[0], node.args[1].map(arg => compile(arg, scope)))
    case 'rcall': return method(node, scope, compile)
    case 'list': return list(node, scope, compile)
    case 'map': return map(node, scope, compile)
    case '?:': return choice(node, scope, compile)
    case '&&': case '||': return logical(node, scope, compile)
    case '==': case '!=': return equality(node, scope, compile)
    case '!_': case '-_': return call(node, node.op.charAt(0), [compile(node.args, scope)])
    default: return call(node, node.op, node.args.map(arg => compile(arg, scope)))
  }
}

function compiler (): Compiler {
  let depth = 0
  const compile: Compiler = (node, scope) => {
    if (depth >= maxDepth) throw new CompileError('expression nests too deeply', node.input, node.start)
    depth++
    const typed = compileNode(node, scope, compile)
    depth--
    return typed
  }
  return compile
}

function parse (source: string): Node {
  try {
    return parser.parse(source).ast
  } catch (error) {
    if (error instanceof RangeError) throw new CompileError('expression nests too deeply', source, 0)
    const { summary, range } = error as ParseError
    throw new CompileError(`Syntax error: ${summary}`, source, range?.start ?? 0)
  }
}

/** Makes a function of an expression; throws a CompileError where it is none, or means nothing with these names. */
export const compileExpression = (source: string, scope: Scope): Typed => compiler()(parse(source), scope)
