import { EvaluationError } from './cost.js'
import type { Compiler, Node } from './expression.js'
import { CompileError, type Frame, type Run, type Scope, type Typed } from './scope.js'
import { dyn, listOf, mapOf, optionalOf, type, typeText, type Type } from './types.js'
import { none, Optional, truth } from './values.js'

type Item = readonly [unknown, unknown]
type Macro = Extract<Node, { op: 'rcall' }>
/** Puts the next item where the body looks for it, and pays for the turn. */
type Turn = (frame: Frame, item: Item) => void
interface Loop { readonly items: (frame: Frame) => Iterable<Item>, readonly turn: Turn, readonly bodies: readonly Typed[], readonly key: Type }
interface Macros { readonly variables: 1 | 2, readonly bodies: readonly number[], readonly make: (loop: Loop, node: Node) => Typed }

/** Keys with values, or places with items; one at a time, as many as are asked for. */
function * pairsOf (value: unknown): Generator<Item> {
  if (value instanceof Map) yield * value as Map<unknown, unknown>
  else if (Array.isArray(value)) for (const [i, item] of (value as unknown[]).entries()) yield [BigInt(i), item]
  else throw new EvaluationError('no such overload')
}

/** Items of a list or keys of a map, for the one variable that there is. */
function * singlesOf (value: unknown): Generator<Item> {
  const all: unknown = value instanceof Map ? value.keys() : value
  if (!(value instanceof Map) && !Array.isArray(value)) throw new EvaluationError('no such overload')
  for (const item of all as Iterable<unknown>) yield [item, item]
}

function boolean ({ type, run }: Typed, node: Node): Run {
  if (type.kind !== 'bool' && type.kind !== 'dyn') throw new CompileError(`expected type 'bool' but found '${typeText(type)}'`, node.input, node.start)
  return frame => truth(run(frame))
}

/** `all` and `exists`: an item that cannot be judged does not matter where another one decides. */
const quantifier = (decisive: boolean) => ({ items, turn, bodies }: Loop, node: Node): Typed => {
  const test = boolean(bodies[0]!, node)
  const run: Run = frame => {
    let failed: EvaluationError | undefined
    for (const item of items(frame)) {
      turn(frame, item)
      try {
        if (test(frame) === decisive) return decisive
      } catch (error) {
        failed = frame.cost.forgive(error)
      }
    }
    if (failed) throw failed
    return !decisive
  }
  return { type: type('bool'), run }
}

function existsOne ({ items, turn, bodies }: Loop, node: Node): Typed {
  const test = boolean(bodies[0]!, node)
  const run: Run = frame => {
    let count = 0
    for (const item of items(frame)) {
      turn(frame, item)
      if (test(frame)) count++
    }
    return count === 1
  }
  return { type: type('bool'), run }
}

/** Collects what the last body makes of the items that the first one, where there are two, lets through. */
function collect ({ items, turn, bodies }: Loop, keep: (item: Item, made: unknown) => void, frame: Frame, test: Run | undefined) {
  for (const item of items(frame)) {
    turn(frame, item)
    if (!test || test(frame)) keep(item, bodies.at(-1)!.run(frame))
  }
}

function transformList (loop: Loop, node: Node): Typed {
  const test = loop.bodies.length > 1 ? boolean(loop.bodies[0]!, node) : undefined
  const run: Run = frame => {
    const list: unknown[] = []
    collect(loop, (_item, made) => { list.push(made) }, frame, test)
    return list
  }
  return { type: listOf(loop.bodies.at(-1)!.type), run }
}

function transformMap (loop: Loop, node: Node): Typed {
  const test = loop.bodies.length > 1 ? boolean(loop.bodies[0]!, node) : undefined
  const run: Run = frame => {
    const map = new Map<unknown, unknown>()
    collect(loop, ([key], made) => { map.set(key, made) }, frame, test)
    return map
  }
  return { type: mapOf(loop.key, loop.bodies.at(-1)!.type), run }
}

function filter ({ items, turn, bodies, key }: Loop, node: Node): Typed {
  const test = boolean(bodies[0]!, node)
  const run: Run = frame => {
    const list: unknown[] = []
    for (const item of items(frame)) {
      turn(frame, item)
      if (test(frame)) list.push(item[0])
    }
    return list
  }
  return { type: listOf(key), run }
}

const all = quantifier(false)
const exists = quantifier(true)
/** By name, then by the number of arguments. */
const macros: Readonly<Record<string, readonly Macros[]>> = {
  all: [{ variables: 1, bodies: [1], make: all }, { variables: 2, bodies: [1], make: all }],
  exists: [{ variables: 1, bodies: [1], make: exists }, { variables: 2, bodies: [1], make: exists }],
  exists_one: [{ variables: 1, bodies: [1], make: existsOne }],
  existsOne: [{ variables: 1, bodies: [1], make: existsOne }, { variables: 2, bodies: [1], make: existsOne }],
  map: [{ variables: 1, bodies: [1, 2], make: transformList }],
  filter: [{ variables: 1, bodies: [1], make: filter }],
  transformList: [{ variables: 2, bodies: [1, 2], make: transformList }],
  transformMap: [{ variables: 2, bodies: [1, 2], make: transformMap }],
}

/** The types of the one variable, or of the two. */
function variableTypes (range: Type, variables: 1 | 2, node: Node): Type[] {
  if (range.kind === 'dyn') return [dyn, dyn]
  if (range.kind === 'list') return variables === 1 ? [range.item] : [type('int'), range.item]
  if (range.kind === 'map') return variables === 1 ? [range.key] : [range.key, range.value]
  throw new CompileError(`expression of type '${typeText(range)}' cannot be range of a comprehension (must be list, map, or dynamic)`, node.input, node.start)
}

function nameOf (node: Node | undefined, macro: Macro): string {
  if (node?.op === 'id') return node.args
  throw new CompileError('argument must be a simple name', macro.input, macro.start)
}

function loopOf (node: Macro, { variables }: Macros, scope: Scope, compile: Compiler): Loop {
  const [, on, args] = node.args
  const range = compile(on, scope)
  const types = variableTypes(range.type, variables, node)
  const slots: number[] = []
  let inner = scope
  for (let i = 0; i < variables; i++) {
    const made = inner.with(nameOf(args[i], node), types[i]!)
    slots.push(made.slot)
    inner = made.scope
  }
  const itemsOf = variables === 1 ? singlesOf : pairsOf
  return { items: frame => itemsOf(range.run(frame)), key: types[0]!, bodies: args.slice(variables).map(arg => compile(arg, inner)), turn: turnOf(slots) }
}

function turnOf ([first = 0, second]: readonly number[]): Turn {
  return ({ slots, cost }, item) => {
    cost.spend(1)
    slots[first] = item[0]
    if (second !== undefined) slots[second] = item[1]
  }
}

/** `optMap` and `optFlatMap`. */
function mapped (node: Macro, scope: Scope, compile: Compiler): Typed {
  const [name, on, args] = node.args
  const optional = compile(on, scope)
  if (optional.type.kind !== 'optional' && optional.type.kind !== 'dyn') throw new CompileError(`found no matching overload for '${name}' applied to '${typeText(optional.type)}'`, node.input, node.start)
  const { slot, scope: inner } = scope.with(nameOf(args[0], node), optional.type.kind === 'optional' ? optional.type.of : dyn)
  const body = compile(args[1]!, inner)
  const isFlat = name === 'optFlatMap'
  const run: Run = frame => {
    const from = optional.run(frame)
    if (!(from instanceof Optional)) throw new EvaluationError('no such overload')
    if (from.value === undefined) return none
    frame.slots[slot] = from.value
    return isFlat ? body.run(frame) : new Optional(body.run(frame))
  }
  return { type: isFlat ? body.type : optionalOf(body.type), run }
}

/** Compiles a macro; nothing where a call is none. */
export function comprehension (node: Macro, scope: Scope, compile: Compiler): Typed | undefined {
  const [name, , args] = node.args
  if ((name === 'optMap' || name === 'optFlatMap') && args.length === 2) return mapped(node, scope, compile)
  const found = Object.hasOwn(macros, name) ? macros[name]!.find(({ variables, bodies }) => bodies.includes(args.length - variables)) : undefined
  return found && found.make(loopOf(node, found, scope, compile), node)
}
