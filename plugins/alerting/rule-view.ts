import { compareTexts, type Query } from '../../core/sdk/index.js'
import { shownAlert, type ShownAlert } from './group-status.js'
import { labelFilters, type Holds } from './label-conditions.js'
import { durationOf, idOfLoaded } from './rule-id.js'
import type { LoadedGroup, LoadedRule } from './rule-server.js'
import type { PlacedRule } from './rulers.js'

type Texts = Record<string, string>
export interface AlertView extends ShownAlert { ruleId?: string, ruleName?: string }
/** A rule as v2alpha1 shows it; what is empty is left out. */
export interface RuleView {
  id: string
  name: string
  query: string
  duration?: string
  labels?: Texts
  annotations?: Texts
  state: string
  health: string
  lastError?: string
  evaluationTime?: number
  lastEvaluation?: string
  alerts?: AlertView[]
}
export interface Listed<T> { items: T[] | null, total: number }

const ranks = ['inactive', 'pending', 'firing']
const filled = <K extends string>(key: K, texts: Texts | null | undefined): { [key in K]?: Texts } => texts && Object.keys(texts).length ? { [key]: texts } as { [key in K]?: Texts } : {}

/** What the rule server says of a rule; servers that say no state are asked their alerts. */
function liveView ({ state = '', health, lastError, evaluationTime, lastEvaluation, alerts }: LoadedRule, rule: Pick<RuleView, 'id' | 'name'>) {
  const shown = (alerts ?? []).map(alert => ({ ...shownAlert(alert), ...(alert.state ? { state: alert.state.toLowerCase() } : {}), ruleId: rule.id, ruleName: rule.name }))
  const worst = Math.max(0, ...shown.map(alert => ranks.indexOf(alert.state ?? '')))
  return {
    state: state.toLowerCase() || ranks[worst]!,
    health: health || 'unknown',
    ...(lastError ? { lastError } : {}),
    ...(evaluationTime ? { evaluationTime } : {}),
    ...(lastEvaluation ? { lastEvaluation } : {}),
    ...(shown.length ? { alerts: shown } : {}),
  }
}

/** A rule of a PrometheusRule, with its state where it is loaded. */
export function viewOf ({ id, rule }: PlacedRule, loaded: LoadedRule | undefined): RuleView {
  const named = { id, name: rule.alert, query: String(rule.expr) }
  return {
    ...named,
    ...(rule.for ? { duration: rule.for } : {}),
    ...filled('labels', rule.labels),
    ...filled('annotations', rule.annotations),
    ...(loaded ? liveView(loaded, named) : { state: 'inactive', health: 'unknown' }),
  }
}

/** A rule that is known from the rule server alone. */
export function viewOfLoaded (group: string, loaded: LoadedRule): RuleView {
  const named = { id: idOfLoaded(group, loaded), name: loaded.name, query: loaded.query }
  return { ...named, duration: durationOf(loaded.duration ?? 0), ...filled('labels', loaded.labels), ...filled('annotations', loaded.annotations), ...liveView(loaded, named) }
}

const shortName = (file: string): string => file.slice(file.lastIndexOf('/') + 1).replace(/\.[^.]*$/, '')

/** Finds the loaded rule of a placed one: by its file, which the operator names after namespace and object, its group and its id. */
export function finderOf (namespace: string, groups: readonly LoadedGroup[], external: Texts = {}): (placed: PlacedRule) => LoadedRule | undefined {
  const prefix = `${namespace}-`
  const byName = new Map<string, { group: LoadedGroup, file: string, ids?: Map<string, LoadedRule> }[]>()
  for (const group of groups) {
    const file = shortName(group.file ?? '')
    if (file.startsWith(prefix)) byName.set(group.name, [...byName.get(group.name) ?? [], { group, file: file.slice(prefix.length) }])
  }
  return ({ id, file, group }) => {
    for (const one of byName.get(group) ?? []) {
      if (!one.file.includes(file)) continue
      one.ids ??= new Map((one.group.rules ?? []).map(rule => [idOfLoaded(group, rule, external), rule]))
      const found = one.ids.get(id)
      if (found) return found
    }
    return undefined
  }
}

const integer = (text: string | undefined, fallback: number): number => text !== undefined && /^[+-]?\d{1,15}$/.test(text) ? Number(text) : fallback

/** The page that is asked for; nothing to list is null, as clients of 3.x read it. */
function paged<T> (query: Query, items: readonly T[]): Listed<T> {
  const page = Math.max(1, integer(query.get('page'), 1))
  const given = integer(query.get('limit'), 10)
  const limit = given < 0 ? 10 : given
  const start = (page - 1) * limit
  return { items: start < items.length ? items.slice(start, start + limit) : null, total: items.length }
}

const timeOf = (text: string | undefined): number => text === undefined ? -Infinity : Date.parse(text)

type Order = (a: RuleView, b: RuleView) => number

/** Newest first by the time of their last change, then by id. */
const byChange: Order = (a, b) => compareTexts(b.annotations?.rule_update_time ?? '', a.annotations?.rule_update_time ?? '') || compareTexts(a.id, b.id)
/** Orders that can be turned around; rules that were never evaluated come last either way. */
const orders: Readonly<Record<string, (turn: 1 | -1) => Order>> = {
  name: turn => (a, b) => turn * compareTexts(a.name, b.name),
  lastEvaluation: turn => (a, b) => Number(!a.lastEvaluation) - Number(!b.lastEvaluation) || turn * (timeOf(a.lastEvaluation) - timeOf(b.lastEvaluation)) || 0,
  evaluationTime: turn => (a, b) => turn * ((a.evaluationTime ?? 0) - (b.evaluationTime ?? 0)),
}

const filtersOf = (query: Query): Holds => labelFilters(query.get('label_filters') ?? '', { fold: true, whole: true })

/** Whether which rules are on a page depends on how they are. */
export const asksForState = (query: Query): boolean => Boolean(query.get('state')) || Boolean(query.get('health')) || ['lastEvaluation', 'evaluationTime'].includes(query.get('sort_field') ?? '')

/** A page of rules, by the parameters of v2alpha1. */
export function listRules (query: Query, rules: readonly RuleView[]): Listed<RuleView> {
  const [name, state, health, holds] = [(query.get('name') ?? '').toLowerCase(), query.get('state'), query.get('health'), filtersOf(query)]
  const found = rules.filter(rule => rule.name.toLowerCase().includes(name) && (!state || rule.state === state) && (!health || rule.health === health) && holds(rule.labels))
  const field = query.get('sort_field') ?? ''
  const order = Object.hasOwn(orders, field) ? orders[field]?.(query.get('sort_type') === 'desc' ? -1 : 1) : undefined
  return paged(query, found.sort((a, b) => order?.(a, b) || byChange(a, b)))
}

/** A page of the alerts of some rules, the newest first. */
export function listAlerts (query: Query, rules: readonly RuleView[]): Listed<AlertView> {
  const [state, holds] = [query.get('state'), filtersOf(query)]
  const found = rules.flatMap(({ alerts = [] }) => alerts).filter(alert => (!state || alert.state === state) && holds(alert.labels))
  return paged(query, found.sort((a, b) => timeOf(b.activeAt) - timeOf(a.activeAt) || 0))
}

/** All alerts of one rule. */
export const alertsOfRule = ({ alerts = [] }: RuleView): Listed<AlertView> => ({ items: alerts.length ? alerts : null, total: alerts.length })
