import { parser } from '@prometheus-io/lezer-promql'
import { printMatcher, isLabelName, type Matcher } from './quote.js'
import { print } from './print.js'
import { mapSelectors, selectorsOf, type Expression } from './syntax.js'

const grammar = parser.configure({ strict: true })

/** The published grammar is of a later version, which knows one function by another name only; it reads one of the same length instead. */
const forGrammar = (text: string): string => text.replaceAll('holt_winters(', 'day_of_month(')

/** A rewritten expression that was not read the way it was meant; nothing is sent. */
export class RestrictionError extends Error {
  constructor (reason: string) { super(`the expression cannot be limited: ${reason}`) }
}

/**
 * Reads a rewritten text a second time, with the grammar that Prometheus publishes, and makes sure that it finds as many selectors as we do, each with every condition exactly once and no other on those labels.
 */
export function verify (text: string, selectors: number, matchers: readonly Matcher[]): void {
  const readable = forGrammar(text)
  const conditions = new Map(matchers.map(one => [one.label, forGrammar(printMatcher(one))]))
  let found = 0
  let tree
  try {
    tree = grammar.parse(readable)
  } catch {
    throw new RestrictionError('it is read differently by versions of Prometheus')
  }
  tree.iterate({
    enter ({ name, type, node }) {
      if (type.isError || name.startsWith('Quoted')) throw new RestrictionError('it is read differently by versions of Prometheus')
      if (name !== 'VectorSelector') return
      found++
      const inside = node.getChild('LabelMatchers')?.getChildren('UnquotedLabelMatcher').map(({ from, to, firstChild }) => ({ label: readable.slice(firstChild?.from, firstChild?.to), condition: readable.slice(from, to) })) ?? []
      for (const [label, condition] of conditions) {
        const own = inside.filter(one => one.label === label)
        if (own.length !== 1 || own[0]!.condition !== condition) throw new RestrictionError(`a selector is not limited to ${condition}`)
      }
    },
  })
  if (found !== selectors) throw new RestrictionError('it is read differently by versions of Prometheus')
}

/** The text of an expression in which every selector reads only series that meet these conditions; whatever it asked of those labels itself is dropped. */
export function enforce (expression: Expression, matchers: readonly Matcher[]): string {
  const labels = new Set(matchers.map(({ label }) => label))
  if (matchers.length === 0 || labels.size !== matchers.length || !matchers.every(({ label }) => isLabelName(label) && label !== '__name__')) throw new RestrictionError('one condition on each of one or more labels is needed')
  const limited = mapSelectors(expression, selector => ({ ...selector, matchers: [...selector.matchers.filter(({ label }) => !labels.has(label)), ...matchers] }))
  const text = print(limited)
  verify(text, selectorsOf(limited).length, matchers)
  return text
}
