import { isDeepStrictEqual } from 'node:util'
import { isRecord, own, type Json } from '../../../../core/sdk/index.js'
import type { Cause } from '../../kinds/types.js'
import type { Node } from '../nodes.js'
import { canonical, field } from '../values.js'
import { Cost, CostError, EvaluationError } from './cost.js'
import { compileRule, type CompiledRule } from './compile-rule.js'
import type { Rule } from './rule.js'
import { NodeTypes } from './schema-types.js'
import type { Type } from './types.js'
import { none, Optional, valueOf, type Known } from './values.js'

/** The rules of a level of a schema and of all below it. */
interface Level {
  readonly node: Node
  readonly type: Type | undefined
  readonly rules: readonly CompiledRule[]
  readonly properties: ReadonlyMap<string, Level>
  readonly items: Level | undefined
  readonly additional: Level | undefined
  readonly allOf: readonly Level[]
}

/** More causes tell nobody more. */
const maxCauses = 64
const maxMessage = 5 * 1024

/** Rules stand in `demand`, the level itself or a part of its allOf; types come from `node`. */
function levelOf (demand: Node, node: Node, types: NodeTypes, isResource: boolean): Level | undefined {
  const type = demand.hasRules ? types.of(node, isResource) : undefined
  if (!type) return undefined
  const below = (part: Node | boolean | undefined, of: Node | boolean | undefined) => typeof part === 'object' && typeof of === 'object' ? levelOf(part, of, types, of.embedded) : undefined
  return {
    node,
    type,
    rules: demand.rules.map(rule => compileRule(rule, node, type)),
    properties: new Map([...demand.properties].flatMap(([key, part]) => {
      const level = below(part, node.properties.get(key))
      return level ? [[key, level] as const] : []
    })),
    items: below(demand.items, node.items),
    additional: below(demand.additional, node.additional),
    allOf: demand.allOf.map(part => levelOf(part, node, types, isResource)).filter(level => level !== undefined),
  }
}

/** A value and, on an update, the one that it takes the place of. */
interface Pair { readonly now: unknown, readonly before: unknown }
/** The nearest level above, or this one, whose old value is known: what it has not changed may stay wrong. */
type Kept = Pair | undefined

class Evaluation {
  readonly causes: Cause[] = []
  readonly #known: Known = new WeakMap()
  readonly #cost = new Cost()
  readonly #unchanged = new Map<Pair, boolean>()

  visit (level: Level, { now, before }: Pair, path: string, kept: Kept): void {
    if (now === null || now === undefined) return
    for (const rule of level.rules) this.#run(rule, level, { now, before }, path, kept)
    for (const part of level.allOf) this.visit(part, { now, before }, path, kept)
    if (Array.isArray(now)) this.#visitList(level, now, before, path, kept)
    else if (isRecord(now)) this.#visitFields(level, now, before, path, kept)
  }

  #visitList ({ items, node }: Level, now: unknown[], before: unknown, path: string, kept: Kept) {
    if (!items) return
    const old = oldItems(node, before)
    for (const [i, item] of now.entries()) {
      const pair = { now: item, before: old?.get(identityOf(node, item)) }
      this.visit(items, pair, `${path}[${i}]`, pair.before === undefined ? kept : pair)
    }
  }

  #visitFields ({ properties, additional, node }: Level, now: Json, before: unknown, path: string, kept: Kept) {
    const old = isRecord(before) && !node.isAtomic ? before : {}
    const into = (level: Level | undefined, key: string, at: string) => {
      if (!level) return
      const pair = { now: now[key], before: own(isRecord(before) ? before : {}, key) }
      this.visit(level, pair, at, own(old, key) === undefined ? kept : pair)
    }
    if (additional) for (const key of Object.keys(now)) into(additional, key, `${path}[${key}]`)
    for (const [key, level] of properties) if (own(now, key) !== undefined) into(level, key, field(path, key))
  }

  #run (compiled: CompiledRule, { node, type }: Level, pair: Pair, path: string, kept: Kept) {
    if (this.causes.length >= maxCauses) return
    const { rule, test, usesOldSelf, error } = compiled
    const refuse = (text: string) => { this.causes.push(cause('FieldValueInvalid', node, text, path)) }
    if (error !== undefined || !test || !type) {
      refuse(`rule compile error: ${error ?? ''}`)
      return
    }
    if (usesOldSelf && (pair.before === undefined || pair.before === null) && rule.optionalOldSelf !== true) return
    if (!this.#cost.begin()) throw new CostError()
    const frame = { slots: [valueOf(pair.now, type, this.#known), this.#oldSelf(rule, type, pair.before)], cost: this.#cost }
    try {
      if (test(frame) === true || (!usesOldSelf && this.#isUnchanged(kept))) return
      this.causes.push(cause(rule.reason, node, this.#message(compiled, frame), `${path}${path === '' ? compiled.at.replace(/^\./, '') : compiled.at}`))
    } catch (failure) {
      if (failure instanceof CostError) {
        refuse(failure.message.startsWith('operation') ? `'${failure.message}': no further validation rules will be run due to call cost exceeds limit for rule: ${nameOf(rule)}` : failure.message)
        throw failure
      }
      refuse(failureText(failure, rule))
    }
  }

  #isUnchanged (kept: Kept): boolean {
    if (!kept) return false
    const known = this.#unchanged.get(kept) ?? isDeepStrictEqual(kept.now, kept.before)
    this.#unchanged.set(kept, known)
    return known
  }

  #oldSelf ({ optionalOldSelf }: Rule, type: Type, before: unknown) {
    const isThere = before !== undefined && before !== null
    if (!optionalOldSelf) return isThere ? valueOf(before, type, this.#known) : undefined
    return isThere ? new Optional(valueOf(before, type, this.#known)) : none
  }

  /** An expression that fails, or says nothing that can be shown, leaves its place to the message. */
  #message ({ rule, message }: CompiledRule, frame: { slots: unknown[], cost: Cost }): string {
    const fallback = rule.message || `failed rule: ${rule.rule.trim()}`
    if (!message) return fallback
    try {
      const text = String(message(frame)).trim()
      return text === '' || text.includes('\n') || Buffer.byteLength(text) > maxMessage ? fallback : text
    } catch (error) {
      if (error instanceof EvaluationError) return fallback
      throw error
    }
  }
}

const nameOf = ({ message, rule }: Rule) => message || rule.trim()

function failureText (failure: unknown, rule: Rule): string {
  if (failure instanceof RangeError) return `expression nests too deeply evaluating rule: ${nameOf(rule)}`
  if (!(failure instanceof EvaluationError)) throw failure
  if (failure.message.startsWith('no such overload')) return `'${failure.message}': call arguments did not match a supported operator, function or macro signature for rule: ${nameOf(rule)}`
  return `${failure.message} evaluating rule: ${nameOf(rule)}`
}

/** As Kubernetes 1.34: the type of the value stands where other causes show the value. */
function cause (reason: CompiledRule['rule']['reason'], { types, intOrString }: Node, text: string, field: string): Cause {
  const shown = JSON.stringify(intOrString ? '' : types[0] ?? '')
  const messages = {
    FieldValueInvalid: `Invalid value: ${shown}: ${text}`,
    FieldValueForbidden: `Forbidden: ${text}`,
    FieldValueRequired: `Required value: ${text}`,
    FieldValueDuplicate: `Duplicate value: ${shown}`,
  }
  return { reason, message: messages[reason] ?? messages.FieldValueInvalid, field: field || '<nil>' }
}

const identityOf = ({ listKeys }: Node, item: unknown) => isRecord(item) ? canonical(listKeys.map(key => own(item, key) ?? null)) : ''

/** The items of an old list by their keys; nothing for lists whose items have none. */
function oldItems (node: Node, before: unknown): Map<string, unknown> | undefined {
  return node.listType === 'map' && Array.isArray(before) ? new Map(before.map(item => [identityOf(node, item), item as unknown])) : undefined
}

export interface Validator { validate: (now: Json, before?: Json) => Cause[] }

/** Compiles the rules of a resource's schema; nothing where it has none. */
export function validatorOf (root: Node): Validator | undefined {
  const level = levelOf(root, root, new NodeTypes(), true)
  if (!level) return undefined
  return {
    validate: (now, before) => {
      const evaluation = new Evaluation()
      try {
        evaluation.visit(level, { now, before }, '', before && { now, before })
      } catch (error) {
        if (!(error instanceof CostError)) throw error
        if (evaluation.causes.length === 0) evaluation.causes.push(cause('FieldValueInvalid', root, 'validation failed due to running out of cost budget, no further validation rules will be run', ''))
      }
      return evaluation.causes
    },
  }
}
