import { compareTexts, isRecord, type Json } from '../../../core/sdk/index.js'
import { canonical, compareValues } from './values.js'

/**
 * One step of a path as managedFields write it, in its one canonical form: `f:name` a field, `k:{…}` the item of a list with these keys,
 * `v:…` the item of a set, `i:0` an item by its place.
 */
export type PathElement = string

export const fieldElement = (name: string): PathElement => `f:${name}`
export const keyElement = (keys: Json): PathElement => `k:${canonical(keys)}`
export const valueElement = (value: unknown): PathElement => `v:${canonical(value)}`
export const indexElement = (index: number): PathElement => `i:${index}`

/** The name where the element is a field. */
export const fieldName = (element: PathElement): string | undefined => element.startsWith('f:') ? element.slice(2) : undefined
/** Whether the element is an item of a list with keys. */
export const isKey = (element: PathElement): boolean => element.startsWith('k:')

const malformed = (text: string, cause?: unknown): Error => new Error(`malformed path element ${JSON.stringify(text)}`, { cause })

function parse (text: string): unknown {
  try {
    return JSON.parse(text.slice(2))
  } catch (error) {
    throw malformed(text, error)
  }
}

/** Reads an element that a client wrote: undefined where its type is unknown, an Error where it is malformed. */
export function decodeElement (text: string): PathElement | undefined {
  if (text.length < 2 || text[1] !== ':') throw malformed(text)
  switch (text[0]) {
    case 'f': return text
    case 'v': return valueElement(parse(text))
    case 'k': {
      const keys = parse(text)
      if (!isRecord(keys)) throw malformed(text)
      return keyElement(keys)
    }
    case 'i':
      if (!/^i:[+-]?\d{1,15}$/.test(text)) throw malformed(text)
      return indexElement(Number(text.slice(2)))
  }
}

interface Sortable { element: PathElement, kind: number, value: unknown }

const kinds = 'fkvi'

const sortable = (element: PathElement): Sortable => {
  const kind = kinds.indexOf(element.charAt(0))
  return { element, kind, value: kind === 0 ? element : JSON.parse(element.slice(2)) }
}

function compareKeys (a: Json, b: Json): number {
  const names = Object.keys(a); const others = Object.keys(b)
  for (let i = 0; i < names.length && i < others.length; i++) {
    const name = names[i] as string; const other = others[i] as string
    const order = compareTexts(name, other) || compareValues(a[name], b[other])
    if (order !== 0) return order
  }
  return names.length - others.length
}

const compareSortables = (a: Sortable, b: Sortable): number =>
  a.kind !== b.kind ? a.kind - b.kind : a.kind === 1 ? compareKeys(a.value as Json, b.value as Json) : compareValues(a.value, b.value)

/** In the order of managedFields: fields by name, then items by their keys, by value, by place; numbers as numbers. */
export function sortElements (elements: Iterable<PathElement>): PathElement[] {
  const list = [...elements]
  if (list.length < 2) return list
  if (list.every(element => element.startsWith('f:'))) return list.sort(compareTexts)
  return list.map(sortable).sort(compareSortables).map(({ element }) => element)
}

function valueText (value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(valueText).join(',')}]`
  if (isRecord(value)) return Object.entries(value).map(([name, item]) => `${name}=${valueText(item)}`).join('')
  return JSON.stringify(value)
}

/** The element as people read it: `.image`, `[name="a"]`, `[="v"]`, `[0]`. */
export function elementText (element: PathElement): string {
  if (element.startsWith('f:')) return `.${element.slice(2)}`
  if (element.startsWith('i:')) return `[${element.slice(2)}]`
  const value: unknown = JSON.parse(element.slice(2))
  return isKey(element) ? `[${Object.entries(value as Json).map(([name, item]) => `${name}=${valueText(item)}`).join(',')}]` : `[=${valueText(value)}]`
}
