import { LRUCache } from 'lru-cache'
import { byName } from '../kube/order.js'
import type { KubeObject, Store } from '../kube/types.js'
import { compareTexts } from '../sdk/values.js'
import { parseLabelSelector } from './selectors.js'
import type { Query } from './types.js'

/** A list request in the grammar of resources v1alpha3, iam and tenant. */
export interface ListQuery {
  /** -1: everything. */
  readonly limit: number
  readonly page: number
  readonly sortBy: string
  readonly ascending: boolean
  readonly labelSelector: string
  /** All must hold; a key that the kind does not know matches nothing. */
  readonly filters: ReadonlyMap<string, string>
}

export interface Page<T> { items: T[], totalItems: number }

/** What is particular about lists of a kind. */
export interface ListSpec<T extends KubeObject> {
  namespace?: string
  /** What to choose from instead of all of the store, in name order. */
  among?: readonly T[]
  /** Filters beside the standard ones; they look at the object alone, and the record is the same one for every request. */
  filters?: Readonly<Record<string, (object: T, value: string) => boolean>>
  /** Sort keys beside `name`; others sort by creation. Texts are compared. */
  sorts?: Readonly<Record<string, (object: T) => string>>
  /** False where the selector has no say (lists made from bindings). */
  ignoreLabelSelector?: boolean
  /** Applied to the objects of the page alone. */
  show?: (object: T) => T
}

const reserved = new Set(['limit', 'page', 'sortBy', 'ascending', 'labelSelector'])
const trues = new Set(['1', 't', 'T', 'TRUE', 'true', 'True'])

const integer = (text: string | undefined, fallback: number): number => {
  if (text === undefined || !/^[+-]?\d{1,19}$/.test(text)) return fallback
  const value = Number(text)
  return BigInt(text) >= 2n ** 63n || BigInt(text) < -(2n ** 63n) ? fallback : value
}

/** Reads a list query. Of a repeated filter the last value counts, of the five keys above the first. */
export function parseListQuery (query: Query): ListQuery {
  return {
    limit: integer(query.get('limit'), -1),
    page: integer(query.get('page'), 1),
    sortBy: query.get('sortBy') || 'creationTimestamp',
    ascending: trues.has(query.get('ascending') ?? ''),
    labelSelector: query.get('labelSelector') ?? '',
    filters: new Map(query.pairs.filter(([key]) => !reserved.has(key))),
  }
}

type Match = (object: KubeObject) => boolean

/** A selector as lists read it: `undefined` where it cannot be parsed. */
const selectorOf = (text: string) => { try { return parseLabelSelector(text) } catch { return undefined } }

const standard: Readonly<Record<string, (value: string) => Match>> = {
  name: value => ({ metadata }) => metadata.name.includes(value),
  names: value => {
    const names = new Set(value.split(','))
    return ({ metadata }) => names.has(metadata.name)
  },
  alias: value => ({ metadata: { annotations } }) => annotations !== undefined && (annotations['kubesphere.io/alias-name'] ?? '').includes(value),
  uid: value => ({ metadata }) => metadata.uid === value,
  namespace: value => ({ metadata }) => (metadata.namespace ?? '') === value,
  ownerReference: value => ({ metadata }) => metadata.ownerReferences?.some(({ uid }) => uid === value) ?? false,
  ownerKind: value => ({ metadata }) => metadata.ownerReferences?.some(({ kind }) => kind === value) ?? false,
  label: value => {
    const selector = selectorOf(value)
    return ({ metadata }) => selector?.matches(metadata.labels) ?? false
  },
  annotation: value => {
    const selector = selectorOf(value)
    return ({ metadata }) => selector?.matches(metadata.annotations) ?? false
  },
}

const never: Match = () => false

/** Everything that must hold, as one test; undefined where nothing is asked. */
function matcher<T extends KubeObject> (query: ListQuery, spec: ListSpec<T>): ((object: T) => boolean) | undefined {
  const tests: ((object: T) => boolean)[] = []
  for (const [key, value] of query.filters) {
    const own = spec.filters && Object.hasOwn(spec.filters, key) ? spec.filters[key] : undefined
    const usual = Object.hasOwn(standard, key) ? standard[key] : undefined
    tests.push(own ? object => own(object, value) : usual ? usual(value) : never)
  }
  const selector = query.labelSelector && !spec.ignoreLabelSelector ? selectorOf(query.labelSelector) : undefined
  if (selector && selector.requirements.length > 0) tests.push(({ metadata }) => selector.matches(metadata.labels))
  return tests.length ? object => tests.every(test => test(object)) : undefined
}

type Order<T> = (a: T, b: T) => number

/** Ascending; ties by name, then namespace, in the same direction. */
function orderOf<T extends KubeObject> ({ sortBy }: ListQuery, { sorts }: ListSpec<T>): Order<T> {
  if (sortBy === 'name') return byName
  const key = sorts && Object.hasOwn(sorts, sortBy) ? sorts[sortBy] : undefined
  const value = key ?? (({ metadata }: T) => metadata.creationTimestamp ?? '')
  return (a, b) => compareTexts(value(a), value(b)) || byName(a, b)
}

/** First and last position of the page among `total`; empty where it lies outside. */
export function pageBounds ({ limit, page }: ListQuery, total: number): [number, number] {
  if (limit === -1) return [0, total]
  const offset = (page - 1) * limit
  return limit < 0 || offset < 0 || offset > total ? [0, 0] : [offset, Math.min(offset + limit, total)]
}

/** Matches of filters, in ascending order, under the version of the store that they were found in. */
const kept = new WeakMap<object, LRUCache<string, { version: number, found: readonly KubeObject[] }>>()
const keptPerStore = 64

function remembered<T extends KubeObject> (store: Store<T>, key: string, find: () => readonly T[]): readonly T[] {
  let cache = kept.get(store)
  if (!cache) kept.set(store, cache = new LRUCache({ max: keptPerStore }))
  const known = cache.get(key)
  if (known?.version === store.version) return known.found as readonly T[]
  const found = find()
  cache.set(key, { version: store.version, found })
  return found
}

const numbers = new WeakMap<object, number>()
let lastNumber = 0

/** Two specs with filters or orders of their own must not share what was found. */
function numberOf (own: object | undefined): number {
  if (!own) return 0
  const known = numbers.get(own) ?? ++lastNumber
  numbers.set(own, known)
  return known
}

function keyOf<T extends KubeObject> (query: ListQuery, { namespace, filters, sorts, ignoreLabelSelector }: ListSpec<T>): string {
  return JSON.stringify([namespace, numberOf(filters), numberOf(sorts), query.sortBy, ignoreLabelSelector ? '' : query.labelSelector, [...query.filters]])
}

/** Turns ascending positions around for a descending list. */
function cut<T> (total: number, ascending: boolean, [start, end]: [number, number], slice: (start: number, end: number) => readonly T[]): T[] {
  return ascending ? [...slice(start, end)] : [...slice(total - end, total - start)].reverse()
}

/**
 * A page of a kind. Without filters it costs its own length, whatever the number of objects; with filters the first page scans, further ones do not
 * until the store changes.
 */
export function listPage<T extends KubeObject> (store: Store<T>, query: ListQuery, spec: ListSpec<T> = {}): Page<T> {
  const show = spec.show ?? (object => object)
  const matches = matcher(query, spec)
  const sorted = spec.sorts !== undefined && Object.hasOwn(spec.sorts, query.sortBy)
  if (!matches && !spec.among && !sorted) {
    const total = store.count(spec.namespace)
    const order = query.sortBy === 'name' ? 'name' : 'creation'
    const items = cut(total, query.ascending, pageBounds(query, total), (start, end) => store.page(order, start, end, spec.namespace))
    return { items: items.map(show), totalItems: total }
  }
  const find = (): readonly T[] => {
    const all = spec.among ?? store.list(spec.namespace)
    return (matches ? all.filter(matches) : [...all]).sort(orderOf(query, spec))
  }
  const found = spec.among ? find() : remembered(store, keyOf(query, spec), find)
  const items = cut(found.length, query.ascending, pageBounds(query, found.length), (start, end) => found.slice(start, end))
  return { items: items.map(show), totalItems: found.length }
}
