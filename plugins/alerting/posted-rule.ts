import { Type, type Static } from '@sinclair/typebox'
import { Value } from '@sinclair/typebox/value'
import { badRequest, promql } from '../../core/sdk/index.js'
import { complaint } from './group-check.js'
import { readsSeries, templateProblem } from './templates.js'

const text = Type.Optional(Type.String())
const Texts = Type.Optional(Type.Record(Type.String(), Type.String()))
const PostedRule = Type.Object({ name: text, query: text, duration: text, labels: Texts, annotations: Texts })

/** Rules that one request may bring. */
const most = 1_000
const PostedRules = Type.Array(PostedRule, { maxItems: most })

/** A rule as a client writes it. */
export interface PostedRule { name: string, query: string, duration: string, labels: Record<string, string>, annotations: Record<string, string> }

const maps = new Set(['labels', 'annotations'])
/** As Go's decoder: null is the absent value, and in a map of texts the empty one. */
function withoutNulls (value: unknown, inMap = false): unknown {
  if (Array.isArray(value)) return value.map(item => withoutNulls(item))
  if (typeof value !== 'object' || value === null) return value ?? {}
  return Object.fromEntries(Object.entries(value).flatMap(([key, inner]) => inner === null ? (inMap ? [[key, '']] : []) : [[key, maps.has(key) && !inMap ? withoutNulls(inner, true) : inner]]))
}

const whole = ({ name = '', query = '', duration = '', labels = {}, annotations = {} }: Static<typeof PostedRule>): PostedRule => ({ name, query, duration, labels, annotations })

function decode<T extends typeof PostedRule | typeof PostedRules> (shape: T, body: unknown): Static<T> {
  if (body === undefined) throw badRequest('EOF')
  const given = withoutNulls(body)
  const [wrong] = Value.Errors(shape, given)
  if (wrong) throw badRequest(`the body cannot be read: ${wrong.path || 'its root'}: ${wrong.message}`)
  return given as Static<T>
}

export const readRule = (body: unknown): PostedRule => whole(decode(PostedRule, body))
export const readRules = (body: unknown): PostedRule[] => body === null ? [] : decode(PostedRules, body).map(whole)

const namePattern = '^[a-z0-9]([-a-z0-9]*[a-z0-9])?$'

/** What is quoted of a text that came. */
const shortened = (text: string): string => text.length > 1024 ? `${text.slice(0, 1024)}…` : text

/** Labels by which alerts find their way: in a project they say the project, whatever a rule says. */
const placeLabels = (namespace: string): Record<string, string> => namespace ? { namespace, rule_level: 'namespace' } : {}

function * problems ({ name, query, duration, labels, annotations }: PostedRule, namespace: string): Generator<string> {
  if (!name) yield 'name can not be empty'
  else if (!new RegExp(namePattern).test(name)) yield `rule name must match regular expression ${namePattern}`
  const wrong = query && complaint(() => namespace ? promql.restrict(query, { namespace }) : promql.parsePromQL(query))
  if (!query) yield 'query can not be empty'
  else if (wrong) yield `query is invalid: ${shortened(query)}: ${wrong}`
  const badDuration = duration && complaint(() => promql.parseDuration(duration))
  if (badDuration) yield `duration is invalid: ${shortened(duration)}: ${badDuration}`
  for (const [label, value] of Object.entries(labels)) {
    if (!promql.isLabelName(label) || label.startsWith('__')) yield `label name (${shortened(label)}) is not valid. The name must match [a-zA-Z_][a-zA-Z0-9_]* and has not the __ prefix (label names with this prefix are for internal use)`
    if (templateProblem(value)) yield `invalid label value: ${shortened(value)}`
  }
  for (const [label, value] of Object.entries(placeLabels(namespace))) if (Object.hasOwn(labels, label) && labels[label] !== value) yield `label ${label} of a project's rule must be ${value}`
  for (const [annotation, value] of Object.entries(annotations)) {
    if (!promql.isLabelName(annotation)) yield `invalid annotation name: ${shortened(annotation)}`
    if (templateProblem(value)) yield `invalid annotation value: ${shortened(value)}`
  }
  if (namespace && [...Object.values(labels), ...Object.values(annotations)].some(text => !templateProblem(text) && readsSeries(text))) yield 'a template of a project\'s rule may not query'
}

/** What is wrong with a rule, as one text; '' where nothing is. `namespace`: the project it is for, '' for the cluster. */
export function problemOf (rule: PostedRule, namespace: string): string {
  const found = [...new Set(problems(rule, namespace))]
  return found.length > 1 ? `[${found.join(', ')}]` : found[0] ?? ''
}
