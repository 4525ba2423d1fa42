import { Type, type Static } from '@sinclair/typebox'
import { TypeCompiler } from '@sinclair/typebox/compiler'
import { promql, textError, type AskOptions, type Prometheus } from '../../core/sdk/index.js'

const Labels = Type.Record(Type.String(), Type.String())
const text = Type.Optional(Type.String())
const given = Type.Optional(Type.Union([Labels, Type.Null()]))
/** Servers of some versions say null where there is no time. */
const time = Type.Optional(Type.Union([Type.String(), Type.Null()]))

const Alert = Type.Object({ labels: given, annotations: given, state: text, activeAt: time, value: text })
const Rule = Type.Object({
  name: Type.String(),
  query: Type.String(),
  duration: Type.Optional(Type.Number()),
  labels: given,
  annotations: given,
  state: text,
  health: text,
  lastError: text,
  evaluationTime: Type.Optional(Type.Number()),
  lastEvaluation: time,
  alerts: Type.Optional(Type.Union([Type.Array(Alert), Type.Null()])),
})
const Group = Type.Object({ name: Type.String(), file: text, rules: Type.Optional(Type.Union([Type.Array(Rule), Type.Null()])), evaluationTime: Type.Optional(Type.Number()), lastEvaluation: time })
const answer = TypeCompiler.Compile(Type.Object({ groups: Type.Optional(Type.Union([Type.Array(Group), Type.Null()])) }))

export type LoadedAlert = Static<typeof Alert>
/** An alerting rule as the server that evaluates it tells of it. */
export type LoadedRule = Static<typeof Rule>
export type LoadedGroup = Static<typeof Group>

/** What is asked of the labels of a rule. */
export type RuleLabels = Readonly<Record<string, string>>

export interface RuleServer {
  readonly configured: boolean
  /** Groups with their alerting rules that carry these labels; groups without any are left out. */
  groups (labels?: RuleLabels, options?: AskOptions): Promise<readonly LoadedGroup[]>
}

/** The rules that a Prometheus or Thanos Ruler has loaded. A failure is a 500 in one line of text. */
export function createRuleServer (prometheus: Prometheus): RuleServer {
  async function ask (query: URLSearchParams, options: AskOptions): Promise<unknown> {
    try { return await prometheus.get('/api/v1/rules', query, options) } catch (error) {
      throw textError(500, `the rules cannot be read: ${(error as Error).message}`, error)
    }
  }

  return {
    configured: prometheus.configured,
    async groups (labels = {}, options = {}) {
      if (!prometheus.configured) return []
      const asked = Object.entries(labels)
      const selector: [string, string][] = asked.length ? [['match[]', `{${asked.map(([name, value]) => promql.matcher(name, '=', value)).join(',')}}`]] : []
      const data = await ask(new URLSearchParams([['type', 'alert'], ...selector]), options)
      if (!answer.Check(data)) throw textError(500, 'the rules cannot be read: bad_response: the answer is no list of rules')
      // Not every server knows `match[]`: what is asked for is looked at here, too.
      const carries = (rule: LoadedRule): boolean => asked.every(([name, value]) => rule.labels?.[name] === value)
      return (data.groups ?? []).flatMap(group => {
        const rules = (group.rules ?? []).filter(carries)
        return rules.length ? [{ ...group, rules }] : []
      })
    },
  }
}
