import { badRequest } from '../../errors/status-error.js'
import { LinearRegExp } from '../../regexp/index.js'
import type { Query } from '../../request/types.js'

/** What an expression may cost: characters, how often its counted parts come one inside the other, and states: the worst of 300 take 20 ms for all names of a level. */
const most = { characters: 256, repeats: 128, states: 300 }
// Names side by side, as consoles send them, however many. They are looked for without an expression.
const names = /^[\w:/ -]*(?:\$?\|[\w:/ -]*)*\$?$/
const dotted = /^[\w.:/ -]*(?:\$?\|[\w.:/ -]*)*\$?$/

/** In a list that is too long for an expression a dot is a dot. */
const isList = (text: string): boolean => (text.length > most.characters ? dotted : names).test(text)

const counted = /\{(\d+)(?:,(\d*))?\}/g
const repeatsOf = (text: string): number => [...text.matchAll(counted)].reduce((product, [, least, upper]) => product * Math.max(1, Number(upper || least)), 1)

/** An expression that a caller gave, '' where there is none; a 400 where it is no list of names and costs too much. */
export function readExpression (query: Query, key: string): string {
  const text = query.get(key) ?? ''
  if (isList(text)) return text
  if (text.length > most.characters) throw badRequest(`${key}: an expression may have ${most.characters} characters, unless it is a list of names joined by |`)
  if (repeatsOf(text) > most.repeats) throw badRequest(`${key}: an expression may repeat a part ${most.repeats} times`)
  return text
}

type Filter = (name: string) => boolean

function expressionFilter (expression: string): Filter {
  try {
    const compiled = new LinearRegExp(expression, { most: most.states })
    return name => compiled.test(name)
  } catch { return () => false }
}

const partsOf = (list: string): { word: string, last: boolean }[] => list.split('|').map(part => ({ word: part.replace(/\$$/, ''), last: part.endsWith('$') }))

/** Whether a name fits an expression somewhere. Everything fits none at all, nothing fits what is no expression. */
export function nameFilter (expression: string): Filter {
  if (expression === '' || expression === '.*') return () => true
  if (!isList(expression)) return expressionFilter(expression)
  const parts = partsOf(expression)
  return name => parts.some(({ word, last }) => last ? name.endsWith(word) : name.includes(word))
}

/** Whether a name fits an expression as a whole. */
export function wholeNameFilter (expression: string): Filter {
  if (!isList(expression)) return expressionFilter(`^(?:${expression})$`)
  const words = new Set(partsOf(expression).map(({ word }) => word))
  return name => words.has(name)
}
