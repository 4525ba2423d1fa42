import { LinearRegExp } from '../../core/regexp/index.js'
import { promql, badRequest } from '../../core/sdk/index.js'

export type Labels = Readonly<Record<string, string>>
export type Holds = (labels: Labels | null | undefined) => boolean

const own = (labels: Labels | null | undefined, name: string): string | undefined => labels && Object.hasOwn(labels, name) ? labels[name] : undefined

/**
 * `k=v,k~v`: labels that are exactly, or contain, a text; all must hold. What is neither says nothing.
 * `fold`: whether upper and lower case are the same to `~`; `whole`: whether a condition without a value counts.
 */
export function labelFilters (text: string, { fold = false, whole = false } = {}): Holds {
  const folded = (value: string) => fold ? value.toLowerCase() : value
  const tests = text.split(',').flatMap((part): Holds[] => {
    const at = ['=', '~'].map(sign => part.indexOf(sign)).find(at => at > 0 && (!whole || at + 1 < part.length))
    if (at === undefined) return []
    const [name, value] = [part.slice(0, at), part.slice(at + 1)]
    if (part[at] === '=') return [labels => own(labels, name) === value]
    return [labels => own(labels, name) !== undefined && folded(own(labels, name)!).includes(folded(value))]
  })
  return labels => tests.every(holds => holds(labels))
}

/** Longest pattern of a condition, in characters, and the states that it may have: it looks at every alert. */
const longestPattern = 256
const most = 300

function conditionOf ({ operator, value }: promql.Matcher): (text: string) => boolean {
  if (operator === '=') return text => text === value
  if (operator === '!=') return text => text !== value
  if (value.length > longestPattern) throw new Error(`a pattern may have ${longestPattern} characters`)
  const pattern = new LinearRegExp(`^(?:${value})$`, { most })
  return operator === '=~' ? text => pattern.test(text) : text => !pattern.test(text)
}

/** A selector that may also be one that finds everything, which as an expression would be none. */
function readSelector (text: string): promql.Expression {
  try { return promql.parsePromQL(text) } catch (error) {
    if (!text.trimStart().startsWith('{')) throw error
    try { return { ...promql.parsePromQL(`any${text}`), name: '' } as promql.Expression } catch { throw error }
  }
}

/** A selector as Prometheus writes one, `{a="x",b=~"y|z"}`; a 400 where it is none. An absent label is the empty text. */
export function labelMatcher (text: string): Holds {
  try {
    const expression = readSelector(text)
    if (expression.kind !== 'selector' || expression.range !== undefined || expression.offset !== undefined || expression.moment !== undefined) throw new Error('it is no selector')
    const conditions = expression.matchers.map(matcher => ({ label: matcher.label, holds: conditionOf(matcher) }))
    const named = expression.name ? [{ label: '__name__', holds: (value: string) => value === expression.name }] : []
    return labels => [...named, ...conditions].every(({ label, holds }) => holds(own(labels, label) ?? ''))
  } catch (error) {
    throw badRequest(`invalid label_matcher param: ${(error as Error).message}`, error)
  }
}
