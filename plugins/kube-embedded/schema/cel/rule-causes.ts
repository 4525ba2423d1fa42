import type { Json } from '../../../../core/sdk/index.js'
import type { Cause } from '../../kinds/types.js'
import { forbiddenValue, invalidValue, requiredValue, tooMany, unsupportedValue } from '../causes.js'
import { rootOf, type Node } from '../nodes.js'
import { fieldPath } from './field-path.js'
import { compileRule, type CompiledRule } from './compile-rule.js'
import { maxRules, type Rule } from './rule.js'
import { NodeTypes } from './schema-types.js'
import type { Type } from './types.js'

/** No schema has more rules, or more characters in them: compiling takes time too. */
const maxTotal = 1000
const maxCharacters = 512 * 1024
const reasons: readonly string[] = ['FieldValueDuplicate', 'FieldValueForbidden', 'FieldValueInvalid', 'FieldValueRequired']
const breaks = /[\n\r]/

interface Place { readonly path: string, readonly isRoot: boolean, /** The list above whose items cannot be told apart. */ readonly uncorrelated: string | undefined }

function messageCauses (at: string, rule: string, message: unknown): Cause[] {
  const text = typeof message === 'string' ? message : ''
  if (text !== '' && text.trim() === '') return [invalidValue(`${at}.message`, text, 'must be non-empty if specified')]
  if (breaks.test(text.trim())) return [invalidValue(`${at}.message`, text, 'must not contain line breaks')]
  return breaks.test(rule.trim()) && text === '' ? [requiredValue(`${at}.message`, 'message must be specified if rule contains line breaks')] : []
}

function pathCauses (at: string, path: string, node: Node): Cause[] {
  if (path === '') return []
  return [
    ...path.trim() === '' ? [invalidValue(`${at}.fieldPath`, path, 'must be non-empty if specified')] : [],
    ...breaks.test(path) ? [invalidValue(`${at}.fieldPath`, path, 'must not contain line breaks')] : [],
    ...fieldPath(path, node) === undefined ? [invalidValue(`${at}.fieldPath`, path, 'must be a valid path')] : [],
  ]
}

/** What is wrong with a rule before it is compiled. */
function writtenCauses (at: string, rule: Rule, node: Node): Cause[] {
  return [
    ...rule.rule.trim() === '' ? [requiredValue(`${at}.rule`, 'rule is not specified')] : messageCauses(at, rule.rule, rule.writtenMessage),
    ...rule.messageExpression !== '' && rule.messageExpression.trim() === '' ? [requiredValue(`${at}.messageExpression`, 'messageExpression must be non-empty if specified')] : [],
    ...reasons.includes(rule.reason) ? [] : [unsupportedValue(`${at}.reason`, rule.reason, reasons.map(text => `"${text}"`).join(', '))],
    ...pathCauses(at, rule.fieldPath, node),
  ]
}

const pointer = (type: string, isThere: boolean) => `(*${type})(${isThere ? '0xc000000000' : 'nil'})`
/** A rule as Go writes it. */
const goText = ({ rule, writtenMessage, messageExpression, reason, fieldPath, optionalOldSelf }: Rule) =>
  `apiextensions.ValidationRule{Rule:${JSON.stringify(rule)}, Message:${JSON.stringify(writtenMessage)}, MessageExpression:${JSON.stringify(messageExpression)}, Reason:${pointer('apiextensions.FieldValueErrorReason', reason !== 'FieldValueInvalid')}, FieldPath:${JSON.stringify(fieldPath)}, OptionalOldSelf:${pointer('bool', optionalOldSelf !== undefined)}}`

const wrongRule = (field: string, rule: Rule, text: string): Cause => ({ reason: 'FieldValueInvalid', message: `Invalid value: ${goText(rule)}: ${text}`, field })

function compiledCauses (at: string, { rule, error, messageError, usesOldSelf }: CompiledRule, { uncorrelated }: Place): Cause[] {
  return [
    ...error === undefined ? [] : [wrongRule(`${at}.rule`, rule, error)],
    ...messageError === undefined ? [] : [wrongRule(`${at}.messageExpression`, rule, messageError)],
    ...usesOldSelf && uncorrelated !== undefined ? [invalidValue(`${at}.rule`, rule.rule, `oldSelf cannot be used on the uncorrelatable portion of the schema within ${uncorrelated}`)] : [],
    ...!usesOldSelf && error === undefined && rule.optionalOldSelf !== undefined ? [invalidValue(`${at}.optionalOldSelf`, rule.optionalOldSelf, 'may not be set if oldSelf is not used in rule')] : [],
  ]
}

class Check {
  readonly causes: Cause[] = []
  readonly #types = new NodeTypes()
  #rules = 0
  #characters = 0

  /** Rules stand in `demand`, the level itself or a part of its allOf. */
  visit (demand: Node, node: Node, place: Place): void {
    if (!demand.hasRules) return
    const { path, uncorrelated } = place
    const below = { isRoot: false, uncorrelated }
    this.#visitRules(demand, node, place)
    for (const [key, part] of demand.properties) {
      const property = node.properties.get(key)
      if (property) this.visit(part, property, { ...below, path: `${path}.properties[${key}]` })
    }
    if (typeof demand.additional === 'object' && typeof node.additional === 'object') this.visit(demand.additional, node.additional, { ...below, path: `${path}.additionalProperties` })
    if (demand.items && node.items) this.visit(demand.items, node.items, { isRoot: false, uncorrelated: uncorrelated ?? (node.listType === 'map' ? undefined : path), path: `${path}.items` })
    for (const [i, part] of demand.allOf.entries()) this.visit(part, node, { ...place, path: `${path}.allOf[${i}]` })
  }

  #visitRules ({ rules, ruleCount }: Node, node: Node, place: Place) {
    const path = `${place.path}.x-kubernetes-validations`
    this.#rules += ruleCount
    this.#characters += rules.reduce((sum, { rule, messageExpression }) => sum + rule.length + messageExpression.length, 0)
    if (ruleCount > maxRules) this.causes.push(tooMany(path, ruleCount, maxRules))
    else if (this.#rules > maxTotal || this.#characters > maxCharacters) this.causes.push(forbiddenValue(path, `a schema must not have more than ${maxTotal} rules or ${maxCharacters} characters in them`))
    else if (ruleCount > 0) this.#compile(rules, node, this.#types.of(node, place.isRoot || node.embedded), path, place)
  }

  #compile (rules: readonly Rule[], node: Node, type: Type | undefined, path: string, place: Place) {
    const written = rules.flatMap((rule, i) => writtenCauses(`${path}[${i}]`, rule, node))
    if (written.length > 0) this.causes.push(...written)
    else if (!type) this.causes.push(invalidValue(path, '', 'failed to convert to declType for CEL validation rules: the schema must describe the value'))
    else for (const [i, rule] of rules.entries()) this.causes.push(...compiledCauses(`${path}[${i}]`, compileRule(rule, node, type), place))
  }
}

/** What is wrong with the rules of a schema that is structural. */
export function ruleCauses (schema: Json, path: string): Cause[] {
  const check = new Check()
  const root = rootOf(schema)
  check.visit(root, root, { path, isRoot: true, uncorrelated: undefined })
  return check.causes
}
