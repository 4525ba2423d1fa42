import { badRequest, isRecord, own, type Json } from '../../../core/sdk/index.js'
import { rejected, undecodable } from './errors.js'
import { mergeList, orderList, removeValues } from './lists.js'
import { fieldOf, rootOf, ruleOf, type Fragment } from './merge-keys.js'
import { clone } from './plain.js'

const deleting = '$deleteFromPrimitiveList/'
const ordering = '$setElementOrder/'

/** A value that meets nothing: without directives, and without the nulls that would have deleted. */
export function fresh (value: unknown): unknown {
  if (Array.isArray(value)) return value.filter(item => !(isRecord(item) && own(item, '$patch') !== undefined)).map(fresh)
  if (!isRecord(value)) return value
  if (own(value, '$patch') === 'delete') return {}
  const result: Json = {}
  for (const [key, item] of Object.entries(value)) if (item !== null && !key.startsWith('$') && key !== '__proto__') result[key] = fresh(item)
  return result
}

/** Keeps of `target` only what `$retainKeys` lists; the patch may set nothing else. */
function retain (target: Json, patch: Json) {
  const list = own(patch, '$retainKeys')
  if (list === undefined) return
  if (!Array.isArray(list)) throw badRequest('invalid patch format of retainKeys')
  const kept = new Set<unknown>(list)
  for (const key of Object.keys(patch)) if (!key.startsWith('$') && patch[key] !== null && !kept.has(key)) throw badRequest('invalid patch format of retainKeys')
  for (const key of Object.keys(target)) if (!kept.has(key)) delete target[key]
}

const listIn = (patch: Json, key: string, problem: string): unknown[] | undefined => {
  const list = own(patch, key)
  if (list !== undefined && !Array.isArray(list)) throw badRequest(problem)
  return list
}

/** Removals and orders of lists, which the patch keeps beside the lists themselves. */
function shapeLists (target: Json, patch: Json, schema: Fragment) {
  for (const directive of Object.keys(patch).filter(key => key.startsWith(ordering))) {
    const key = directive.slice(ordering.length)
    const order = listIn(patch, directive, 'invalid patch format of setElementOrder list') ?? []
    const now = own(target, key)
    const added = own(patch, key)
    if (key === '__proto__' || (Array.isArray(now) && Array.isArray(added))) continue
    if (Array.isArray(now)) target[key] = orderList(now, order, now, ruleOf(fieldOf(schema, key)))
  }
}

function mergeField (target: Json, key: string, value: unknown, patch: Json, schema: Fragment) {
  const field = fieldOf(schema, key)
  const before = own(target, key)
  const rule = ruleOf(field)
  if (isRecord(value) && isRecord(before) && !rule.replace) target[key] = mergeObject(before, value, field)
  else if (Array.isArray(value) && Array.isArray(before) && rule.merge) target[key] = mergeList(before, value, field, listIn(patch, ordering + key, 'invalid patch format of setElementOrder list'))
  else target[key] = fresh(value)
}

/** Changes and answers `target`, which is nobody else's; a `$patch` may answer another. */
export function mergeObject (target: Json, patch: Json, schema: Fragment): Json {
  const directive = own(patch, '$patch')
  if (directive === 'replace') return fresh({ ...patch, $patch: null }) as Json
  if (directive === 'delete') return {}
  if (directive !== undefined && directive !== 'merge') throw rejected()
  retain(target, patch)
  for (const key of Object.keys(patch).filter(key => key.startsWith(deleting))) {
    const name = key.slice(deleting.length)
    const before = own(target, name)
    const gone = listIn(patch, key, 'invalid patch format of primitive list') ?? []
    if (name !== '__proto__' && Array.isArray(before)) target[name] = removeValues(before, gone)
  }
  for (const [key, value] of Object.entries(patch)) {
    if (key.startsWith('$') || key === '__proto__') continue
    if (value === null) delete target[key]
    else mergeField(target, key, value, patch, schema)
  }
  shapeLists(target, patch, schema)
  return target
}

/** A strategic merge patch, guided by the merge keys of the kind's schema. 400 for a malformed patch, 422 for a directive that does not exist. */
export function strategicPatch (current: Json, patch: unknown, openapi: Fragment): Json {
  if (!isRecord(patch)) throw undecodable(patch, 'map[string]interface {}')
  return mergeObject(clone(current), clone(patch), rootOf(openapi))
}
