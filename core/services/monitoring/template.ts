import { formatDuration } from '../../../config/duration.js'
import { printMatcher, quote, type Matcher } from '../promql/quote.js'

const matcherHoles = ['node', 'instance', 'workspace', 'namespace', 'workload', 'deployment', 'statefulset', 'daemonset', 'owner', 'pod', 'podFast', 'container', 'pvc', 'ingress', 'controller', 'workloads', 'pods'] as const
type MatcherHole = typeof matcherHoles[number]

/** What goes into the holes. Every hole is filled by a function of its type, never with text: conditions on labels, a time span (ms), a number, a name. */
export interface Holes extends Partial<Record<MatcherHole, readonly Matcher[]>> {
  range?: number
  step?: number
  hours?: number
  app?: string
  svc?: string
}

const valueHoles = {
  range: ({ range = 0 }: Holes) => durationText(range),
  step: ({ step = 0 }: Holes) => durationText(step),
  hours: ({ hours = 0 }: Holes) => String(hours),
  app: ({ app = '' }: Holes) => replacement(app),
  svc: ({ svc = '' }: Holes) => replacement(svc),
}

const durationText = (ms: number): string => ms < 0 ? `-${formatDuration(-ms)}` : formatDuration(ms)
/** A literal for label_replace, where `$` would name a group. */
const replacement = (value: string): string => quote(value.replaceAll('$', '$$$$'))

type Part = string | { readonly fixed: string, readonly holes: readonly MatcherHole[] } | { readonly value: keyof typeof valueHoles }

/** PromQL with holes, taken apart once. */
export type Template = readonly Part[]

const hole = /\{((?:"(?:[^"\\]|\\.)*"|[^{}"$])*?),?((?:,?\$[a-z]\w*)+)\}|\$([a-z]\w*)/gi

/** Reads PromQL with holes; throws for a hole that is not known. */
export function compile (text: string): Template {
  const parts: Part[] = []
  let at = 0
  for (const found of text.matchAll(hole)) {
    parts.push(text.slice(at, found.index))
    const [all, fixed = '', several, single = ''] = found
    if (several) parts.push({ fixed, holes: several.split(',').filter(Boolean).map(name => matcherHole(name.slice(1))) })
    else if (Object.hasOwn(valueHoles, single)) parts.push({ value: single as keyof typeof valueHoles })
    else throw new Error(`no such hole: $${single} in ${text}`)
    at = found.index + all.length
  }
  parts.push(text.slice(at))
  return parts.filter(part => part !== '')
}

function matcherHole (name: string): MatcherHole {
  if (!matcherHoles.includes(name as MatcherHole)) throw new Error(`no such hole: $${name}`)
  return name as MatcherHole
}

/** PromQL that means what the template means with these values, whatever they are. An empty hole leaves no comma behind. */
export const fill = (template: Template, holes: Holes): string => template.map(part => {
  if (typeof part === 'string') return part
  if ('value' in part) return valueHoles[part.value](holes)
  return `{${[part.fixed, ...part.holes.flatMap(name => (holes[name] ?? []).map(printMatcher))].filter(Boolean).join(',')}}`
}).join('')
