import { accepts, dyn, readType, settle, typeText, type Bound, type Type } from '../types.js'
import { addresses } from './addresses.js'
import { conversions } from './conversions.js'
import { formats } from './formats.js'
import { lists } from './lists.js'
import { operators } from './operators.js'
import { optionals } from './optionals.js'
import { patterns } from './patterns.js'
import { quantities } from './quantities.js'
import { strings } from './strings.js'
import { timeParts } from './time-parts.js'
import { urls } from './urls.js'
import { versions } from './versions.js'

/** Functions by signature, as `string.contains(string): bool` or `sets::contains(list<A>, list<A>): bool`; each gets its arguments, what it is called on first, and the cost last. */
export type Functions = Readonly<Record<string, (...args: never[]) => unknown>>

export interface Declared {
  readonly params: readonly Type[]
  readonly result: Type
  readonly run: (...args: unknown[]) => unknown
}

/** Functions in a name of their own, as `sets.contains`. */
export const namespaces: ReadonlySet<string> = new Set(['optional', 'sets', 'format', 'ip', 'lists', 'strings'])

const split = (text: string): string[] => text === '' ? [] : text.split(/, (?![^<]*>)/)
const names = new Set<string>()

function declare (signature: string, run: (...args: never[]) => unknown): [string, Declared] {
  const [, on, name = '', args = '', result = ''] = /^(?:((?:\w|<[^(]*>)+)\.)?([^(]+)\((.*)\): (.*)$/.exec(signature) ?? []
  const params = [...on === undefined ? [] : [on], ...split(args)].map(readType)
  names.add(name)
  return [`${on === undefined ? '' : '.'}${name}/${params.length}`, { params, result: readType(result), run: run as Declared['run'] }]
}

function tableOf (...parts: Functions[]) {
  const table = new Map<string, Declared[]>()
  for (const [signature, run] of parts.flatMap(part => Object.entries(part))) {
    const [key, declared] = declare(signature, run)
    table.set(key, [...table.get(key) ?? [], declared])
  }
  return table
}

const table = tableOf(addresses, conversions, formats, lists, operators, optionals, patterns, quantities, strings, timeParts, urls, versions)

export interface Call { readonly choices: readonly Declared[], readonly result: Type }

/** The functions that a call may mean, or what is wrong with it. */
export function findFunctions (name: string, on: boolean, args: readonly Type[]): Call | string {
  const results: Type[] = []
  const choices = (table.get(`${on ? '.' : ''}${name}/${args.length}`) ?? []).filter(({ params, result }) => {
    const bound: Bound = new Map()
    const fits = params.every((param, i) => accepts(param, args[i]!, bound))
    if (fits) results.push(settle(result, bound))
    return fits
  })
  if (choices.length > 0) return { choices, result: results.every(result => typeText(result) === typeText(results[0]!)) ? results[0]! : dyn }
  if (!names.has(name)) return `undeclared reference to '${name}' (in container '')`
  const [first = dyn, ...rest] = args
  return `found no matching overload for '${name}' applied to '${on ? `${typeText(first)}.` : ''}(${(on ? rest : args).map(typeText).join(', ')})'`
}
