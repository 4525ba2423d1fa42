import { EvaluationError } from './cost.js'
import type { Compiler, Node } from './expression.js'
import { CompileError, type Scope, type Typed } from './scope.js'
import { dyn, optionalOf, type, typeText, type Type } from './types.js'
import { none, Optional, Struct } from './values.js'

/** What stands under a key; nothing where there is no such key. */
function part (value: unknown, key: unknown): unknown {
  if (value instanceof Struct) return value.get(key as string)
  if (value instanceof Map) return (value as Map<unknown, unknown>).get(typeof key === 'number' && Number.isInteger(key) ? BigInt(key) : key)
  if (Array.isArray(value) && (typeof key === 'bigint' || typeof key === 'number')) return (value as unknown[])[Number(key)]
  throw new EvaluationError('no such overload')
}

function needed (value: unknown, key: unknown): unknown {
  const found = part(value, key)
  if (found !== undefined) return found
  throw new EvaluationError(Array.isArray(value) ? `index out of bounds: ${String(key)}` : `no such key: ${String(key)}`)
}

const optional = (value: unknown, key: unknown): unknown => {
  const inner = value instanceof Optional ? value.value : value
  const found = inner === undefined ? undefined : part(inner, key)
  return found === undefined ? none : new Optional(found)
}

function fieldType (node: Node, on: Type, name: string): Type {
  if (on.kind === 'dyn') return dyn
  if (on.kind === 'map' && on.key.kind !== 'int') return on.value
  const field = on.kind === 'object' ? on.fields.get(name) : undefined
  if (field) return field.type
  throw new CompileError(on.kind === 'object' ? `undefined field '${name}'` : `type '${typeText(on)}' does not support field selection`, node.input, node.pos - 1)
}

function itemType (node: Node, on: Type, key: Type): Type {
  const free = key.kind === 'dyn'
  if (on.kind === 'dyn') return dyn
  if (on.kind === 'list' && (free || key.kind === 'int')) return on.item
  if (on.kind === 'map' && (free || on.key.kind === 'dyn' || on.key.kind === key.kind)) return on.value
  throw new CompileError(`found no matching overload for '_[_]' applied to '(${typeText(on)}, ${typeText(key)})'`, node.input, node.start)
}

/** `.name` */
export function access (node: Node, on: Typed, name: string): Typed {
  if (on.type.kind === 'optional') return optionalAccess(node, on, name)
  const run = on.run
  return {
    type: fieldType(node, on.type, name),
    run: frame => {
      frame.cost.spend(1)
      return needed(run(frame), name)
    },
  }
}

/** `.?name` */
export function optionalAccess (node: Node, on: Typed, name: string): Typed {
  const inner = on.type.kind === 'optional' ? on.type.of : on.type
  return {
    type: optionalOf(fieldType(node, inner, name)),
    run: frame => {
      frame.cost.spend(1)
      return optional(on.run(frame), name)
    },
  }
}

/** `[key]` and `[?key]` */
export function index (node: Node, on: Typed, key: Typed): Typed {
  const isOptional = on.type.kind === 'optional' || node.op === '[?]'
  const found = itemType(node, on.type.kind === 'optional' ? on.type.of : on.type, key.type)
  const read = isOptional ? optional : needed
  return {
    type: isOptional ? optionalOf(found) : found,
    run: frame => {
      frame.cost.spend(1)
      return read(on.run(frame), key.run(frame))
    },
  }
}

/** `has(self.name)` */
export function has (node: Extract<Node, { op: 'call' }>, scope: Scope, compile: Compiler): Typed {
  const [arg] = node.args[1]
  if (node.args[1].length !== 1 || arg?.op !== '.') throw new CompileError('invalid argument to has() macro', node.input, node.start)
  const on = compile(arg.args[0], scope)
  const name = arg.args[1]
  fieldType(arg, on.type.kind === 'optional' ? on.type.of : on.type, name)
  return {
    type: type('bool'),
    run: frame => {
      frame.cost.spend(1)
      return optional(on.run(frame), name) !== none
    },
  }
}
