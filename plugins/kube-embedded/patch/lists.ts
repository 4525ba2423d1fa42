import { badRequest, isRecord, own, type Json } from '../../../core/sdk/index.js'
import { rejected } from './errors.js'
import { itemsOf, ruleOf, type Fragment, type Rule } from './merge-keys.js'
import { fresh, mergeObject } from './strategic.js'

/** What two items of a list share when they are the same item. */
const identity = (item: unknown, { keys }: Rule): string =>
  isRecord(item) && keys.length ? `keys ${JSON.stringify(keys.map(key => own(item, key) ?? null))}` : JSON.stringify(item)

/** The keys of an item; composite keys may lack parts that have defaults, not all. */
function requireKeys (item: unknown, { keys }: Rule): Json {
  if (!isRecord(item)) throw rejected()
  if (!keys.some(key => own(item, key) !== undefined && own(item, key) !== null)) throw badRequest(`map: ${JSON.stringify(item)} does not contain declared merge key: ${keys.join(', ')}`)
  return item
}

export function removeValues (list: readonly unknown[], gone: readonly unknown[]): unknown[] {
  const values = new Set(gone.map(value => JSON.stringify(value)))
  return list.filter(item => !values.has(JSON.stringify(item)))
}

/**
 * Orders `list`: items named by `order` follow it, the others keep their order in `before`, and the two are merged by their places in `before`.
 * Items that are new stand before those that the order does not name, as Kubernetes has them.
 */
export function orderList (list: readonly unknown[], order: readonly unknown[], before: readonly unknown[], rule: Rule): unknown[] {
  const places = (items: readonly unknown[]) => new Map(items.map((item, i) => [identity(item, rule), i]))
  const [wanted, old] = [places(order), places(before)]
  const ranked = list.map(item => {
    const id = identity(item, rule)
    return { item, wanted: wanted.get(id) ?? -1, old: old.get(id) ?? -1 }
  })
  const named = ranked.filter(rank => rank.wanted >= 0).sort((a, b) => a.wanted - b.wanted)
  const others = ranked.filter(rank => rank.wanted < 0).sort((a, b) => a.old - b.old)
  return woven(named, others).map(({ item }) => item)
}

interface Ranked { readonly item: unknown, readonly old: number }

/** Puts `others` before the first of `named` that stood behind them. */
function woven (named: readonly Ranked[], others: readonly Ranked[]): Ranked[] {
  const result: Ranked[] = []
  let next = 0
  for (const rank of named) {
    for (let other = others[next]; other && other.old < rank.old; other = others[++next]) result.push(other)
    result.push(rank)
  }
  return [...result, ...others.slice(next)]
}

function mergeValues (before: readonly unknown[], added: readonly unknown[]): unknown[] {
  if (added.some(item => item !== null && typeof item === 'object')) throw badRequest('invalid patch format of primitive list')
  const seen = new Set<unknown>()
  return [...before, ...added].filter(item => !seen.has(item) && seen.add(item))
}

/** Takes the items with `$patch` out of a patch: those to delete, or all of them where the list is to be replaced. */
function directives (patch: readonly Json[], rule: Rule) {
  const plain = patch.filter(item => own(item, '$patch') === undefined)
  const special = patch.filter(item => own(item, '$patch') !== undefined)
  const replace = special.some(item => item['$patch'] === 'replace')
  for (const item of special) if (item['$patch'] !== 'replace' && item['$patch'] !== 'delete') throw rejected()
  const gone = new Set(special.filter(item => item['$patch'] === 'delete').map(item => identity(requireKeys(item, rule), rule)))
  return { plain, replace, gone }
}

function mergeItems (before: readonly unknown[], plain: readonly Json[], gone: ReadonlySet<string>, schema: Fragment, rule: Rule): unknown[] {
  const merged = before.filter(item => !gone.has(identity(item, rule)))
  const places = new Map(merged.map((item, i) => [identity(item, rule), i]))
  for (const item of plain) {
    const key = identity(requireKeys(item, rule), rule)
    const place = places.get(key)
    if (place === undefined) places.set(key, merged.push(fresh(item)) - 1)
    else merged[place] = mergeObject(merged[place] as Json, item, itemsOf(schema))
  }
  return merged
}

/** Every item of the patch must stand in the order that comes with it. */
function checkOrder (patch: readonly unknown[], order: readonly unknown[], rule: Rule) {
  const named = new Set(order.map(item => identity(item, rule)))
  const stray = patch.find(item => !(isRecord(item) && own(item, '$patch') !== undefined) && !named.has(identity(item, rule)))
  if (stray !== undefined) throw badRequest('invalid patch format of setElementOrder list')
}

/** Merges lists of the strategy `merge`: objects by their keys, values as a set. `order` is `$setElementOrder`. */
export function mergeList (before: readonly unknown[], patch: readonly unknown[], schema: Fragment, order: readonly unknown[] | undefined): unknown[] {
  const rule = ruleOf(schema)
  if (order) checkOrder(patch, order, rule)
  const objects = patch.every(isRecord)
  if (rule.keys.length === 0 || (!objects && patch.length > 0)) {
    if (rule.keys.length > 0) throw rejected()
    return orderList(mergeValues(before, patch), order ?? patch, before, rule)
  }
  const { plain, replace, gone } = directives(patch as readonly Json[], rule)
  if (replace) return plain.map(fresh)
  return orderList(mergeItems(before, plain, gone, schema, rule), order ?? plain, before, rule)
}
