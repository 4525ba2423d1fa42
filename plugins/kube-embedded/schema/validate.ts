import { isRecord, own, type Json } from '../../../core/sdk/index.js'
import type { Cause } from '../kinds/types.js'
import { duplicateValue, invalidValue, requiredValue, tooMany, unsupportedValue, wrongType } from './causes.js'
import type { Node, TypeName } from './nodes.js'
import { checkNumber, checkString } from './scalars.js'
import { canonical, field } from './values.js'

/** More causes tell nobody more. */
export const maxCauses = 64

/** The causes found so far. */
export type Report = Cause[]

function typeOf (value: unknown): TypeName | 'null' {
  if (value === null || value === undefined) return 'null'
  if (Array.isArray(value)) return 'array'
  if (typeof value === 'number') return Number.isInteger(value) ? 'integer' : 'number'
  return typeof value as TypeName
}

const fits = ({ types }: Node, type: TypeName | 'null') => types.length === 0 || types.includes(type as TypeName) || (type === 'integer' && types.includes('number'))

/** Checks a value and all below it. A value of the wrong type is not looked into. */
export function check (node: Node, value: unknown, path: string, report: Report): void {
  if (report.length >= maxCauses) return
  const type = typeOf(value)
  if (type === 'null' && (node.nullable || node.types.length === 0)) return
  if (!fits(node, type)) {
    report.push(wrongType(path, type, node.types.join()))
    return
  }
  if (type === 'string') checkString(node, value as string, path, report)
  else if (type === 'integer' || type === 'number') checkNumber(node, value as number, path, report)
  else if (type === 'array') checkList(node, value as unknown[], path, report)
  else if (type === 'object') checkObject(node, value as Json, path, report)
  if (node.enum && !node.enum.keys.has(canonical(value))) report.push(unsupportedValue(path, value, node.enum.text))
  checkAlternatives(node, value, path, report)
}

function checkObject (node: Node, value: Json, path: string, report: Report) {
  for (const key of node.required) if (own(value, key) === undefined) report.push(requiredValue(field(path, key)))
  if (node.embedded) for (const key of ['apiVersion', 'kind']) if (!own(value, key) && !node.required.includes(key)) report.push(requiredValue(field(path, key), 'must not be empty'))
  const { minProperties, maxProperties } = node.limits
  const keys = Object.keys(value)
  if (minProperties !== undefined && keys.length < minProperties) report.push(invalidValue(path, keys.length, `${path} in body should have at least ${minProperties} properties`))
  if (maxProperties !== undefined && keys.length > maxProperties) report.push(tooMany(path, keys.length, maxProperties))
  for (const key of keys) {
    const known = node.properties.get(key) ?? (typeof node.additional === 'boolean' ? undefined : node.additional)
    if (known && value[key] !== undefined) check(known, value[key], field(path, key), report)
  }
}

function checkList (node: Node, value: unknown[], path: string, report: Report) {
  const { minItems, maxItems, uniqueItems } = node.limits
  if (minItems !== undefined && value.length < minItems) report.push(invalidValue(path, value.length, `${path} in body should have at least ${minItems} items`))
  if (maxItems !== undefined && value.length > maxItems) report.push(tooMany(path, value.length, maxItems))
  if (uniqueItems && new Set(value.map(canonical)).size < value.length) report.push(invalidValue(path, value, `${path} in body shouldn't contain duplicates`))
  if (node.items) for (const [i, item] of value.entries()) check(node.items, item, `${path}[${i}]`, report)
  if (node.listType === 'set' || node.listType === 'map') checkIdentities(node, value, path, report)
}

/** The keys of an item of a list-map; absent ones count with their defaults, which are filled in before. */
const keysOf = ({ listKeys }: Node, item: Json) => Object.fromEntries(listKeys.flatMap(key => own(item, key) === undefined ? [] : [[key, item[key]]]))

function checkIdentities (node: Node, value: unknown[], path: string, report: Report) {
  const seen = new Set<string>()
  for (const [i, item] of value.entries()) {
    if (node.listType === 'map' && !isRecord(item)) continue
    const identity = node.listType === 'map' ? keysOf(node, item as Json) : item
    const text = canonical(identity)
    if (seen.has(text)) report.push(duplicateValue(`${path}[${i}]`, identity))
    seen.add(text)
  }
}

const failures = (node: Node, value: unknown, path: string): Report => {
  const report: Report = []
  check(node, value, path, report)
  return report
}

const closest = (reports: readonly Report[]) => reports.reduce((best, report) => report.length < best.length ? report : best)

/** Junctors say what they miss, then what the alternative that came closest misses. */
function checkAlternatives ({ allOf, anyOf, oneOf, not }: Node, value: unknown, path: string, report: Report) {
  const missed = (text: string) => report.push({ reason: 'FieldValueInvalid', message: `Invalid value: "": "${path}" must ${text}`, field: path || '<nil>' })
  for (const node of allOf) check(node, value, path, report)
  if (anyOf.length > 0) {
    const reports = anyOf.map(node => failures(node, value, path))
    if (reports.every(({ length }) => length > 0)) {
      missed('validate at least one schema (anyOf)')
      report.push(...closest(reports))
    }
  }
  if (oneOf.length > 0) {
    const reports = oneOf.map(node => failures(node, value, path))
    const valid = reports.filter(({ length }) => length === 0).length
    if (valid !== 1) missed(`validate one and only one schema (oneOf). Found ${valid === 0 ? 'none valid' : `${valid} valid alternatives`}`)
    if (valid === 0) report.push(...closest(reports))
  }
  if (not && failures(not, value, path).length === 0) missed('not validate the schema (not)')
}
