import { LRUCache } from 'lru-cache'
import { check } from './check.js'
import { Parser } from './parser.js'
import { print } from './print.js'
import type { Matcher } from './quote.js'
import * as restriction from './restrict.js'
import { PromQLError, depthOf, selectorsOf, type Expression, type Selector } from './syntax.js'

export { literal, matcher, quote, isLabelName, type Matcher, type MatchOperator } from './quote.js'
export { parseAlertTemplate, type AlertTemplate } from './alert-template.js'
export { parseDuration, printDuration } from './duration.js'
export { RestrictionError } from './restrict.js'
export { PromQLError, type Expression, type Selector } from './syntax.js'

/** In characters: ten times the longest rule that is in use for Kubernetes. The worst of that length takes 60 ms to read and limit. */
export const maxExpressionLength = 32 * 1024

/** Of the tree. What reads a second time gives up at chains of about 160 operators. */
const maxDepth = 150

/** What is kept of texts already read: trees by the length of their text (about 100 bytes a character), and rewritten texts. */
const trees = new LRUCache<string, Expression>({ maxSize: 128 * 1024, sizeCalculation: (_tree, text) => text.length + 1 })
const rewritten = new LRUCache<string, string>({ maxSize: 1024 * 1024, sizeCalculation: (limited, key) => key.length + limited.length })

/** Reads an expression as Prometheus 2.42 does, types included; throws a `PromQLError` that says what is wrong in its words. */
export function parsePromQL (text: string): Expression {
  const known = trees.get(text)
  if (known) return known
  if (text.length > maxExpressionLength) throw new PromQLError('', 0, `expression is longer than ${maxExpressionLength} characters`)
  const expression = new Parser(text).parse()
  if (depthOf(expression) > maxDepth) throw new PromQLError(text, 0, `expression is deeper than ${maxDepth} levels`)
  check(text, expression)
  trees.set(text, expression)
  return expression
}

/** The expression in the one spelling that Prometheus itself writes. */
export const canonical = (text: string): string => print(parsePromQL(text))

/**
 * The expression with every selector limited to these conditions, wherever it stands: in ranges, subqueries, arguments, parameters of aggregations, on both sides of operators.
 * What it asked of those labels itself is dropped. Throws a `PromQLError` for what is no PromQL, a `RestrictionError` where the result is not certain.
 */
export function enforce (text: string, matchers: readonly Matcher[]): string {
  const key = JSON.stringify([text, matchers.map(({ label, operator, value }) => [label, operator, value])])
  const known = rewritten.get(key)
  if (known !== undefined) return known
  const limited = restriction.enforce(parsePromQL(text), matchers)
  rewritten.set(key, limited)
  return limited
}

/** The expression as a project may ask it. */
export function restrict (text: string, { namespace }: { namespace: string }): string {
  // An empty value would mean the series that belong to no project.
  if (namespace === '') throw new restriction.RestrictionError('no namespace is given')
  return enforce(text, [{ label: 'namespace', operator: '=', value: namespace }])
}

/** Every selector in an expression, in the order they are written. */
export const selectors = (text: string): Selector[] => selectorsOf(parsePromQL(text))

/** Names of the metrics that an expression reads, each once; those it names only by a pattern are left out. */
export const metricNames = (text: string): string[] => [...new Set(selectors(text).map(nameOf).filter(name => name !== undefined))]

const nameOf = ({ name, matchers }: Selector): string | undefined => name || matchers.find(({ label, operator }) => label === '__name__' && operator === '=')?.value
