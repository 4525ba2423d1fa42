import type { GroupRule, RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { apiVersionOf } from '../../schemas/kube/object.js'
import { staysIn } from './fence.js'
import { ruleId } from './group-defaults.js'
import { expressionOf, globalLevel, namespaceLevel, type Level } from './levels.js'
import type { LoadedAlert, LoadedGroup, LoadedRule } from './rule-server.js'

export interface ShownAlert { activeAt?: string, annotations?: Record<string, string>, labels?: Record<string, string>, state?: string, value?: string }
export interface RuleStatus { expr?: string, state: string, health: string, lastError?: string, evaluationTime?: number, lastEvaluation?: string, activeAt?: string, alerts?: ShownAlert[] }
export interface RulesStats { inactive: number, pending: number, firing: number, disabled: number }
export interface GroupStatus { evaluationTime?: number, lastEvaluation?: string, rulesStatus?: RuleStatus[], rulesStats: RulesStats }
export type ShownGroup = Omit<RuleGroup, 'status'> & { status: GroupStatus }

const some = (labels: Record<string, string> | null | undefined): labels is Record<string, string> => labels !== null && labels !== undefined && Object.keys(labels).length > 0

/** An alert with what it has; what is empty is left out. */
export const shownAlert = ({ activeAt, annotations, labels, state, value }: LoadedAlert): ShownAlert => ({
  ...(activeAt ? { activeAt } : {}),
  ...(some(annotations) ? { annotations } : {}),
  ...(some(labels) ? { labels } : {}),
  ...(state ? { state } : {}),
  ...(value ? { value } : {}),
})

/** The earliest of some times. */
const earliest = (times: readonly string[]): string | undefined => times.toSorted((a, b) => Date.parse(a) - Date.parse(b))[0]

function loadedStatus ({ state = 'inactive', health = 'unknown', lastError, evaluationTime, lastEvaluation, alerts }: LoadedRule): RuleStatus {
  const shown = (alerts ?? []).map(shownAlert)
  const activeAt = earliest(shown.flatMap(alert => alert.activeAt ?? []))
  return {
    state,
    health,
    ...(lastError ? { lastError } : {}),
    ...(evaluationTime === undefined ? {} : { evaluationTime }),
    ...(lastEvaluation ? { lastEvaluation } : {}),
    ...(activeAt ? { activeAt } : {}),
    ...(shown.length ? { alerts: shown } : {}),
  }
}

/** The expression that a global rule stands for; nothing where it cannot be limited as the rule says. */
function globalExpression (rule: GroupRule): { expr?: string } {
  try { return { expr: expressionOf(globalLevel, rule) } } catch { return {} }
}

const isCounted = (state: string, stats: RulesStats): state is keyof RulesStats => Object.hasOwn(stats, state)

/** A group with what the rule server says of each of its rules; without a word from there they are inactive, or disabled. */
export function withStatus (level: Level, group: RuleGroup, loaded: LoadedGroup | undefined): ShownGroup {
  const { namespace = '' } = group.metadata
  const shown = (loaded?.rules ?? []).filter(rule => level !== namespaceLevel || staysIn(namespace, rule))
  const byId = new Map(shown.flatMap(rule => rule.labels?.[ruleId] ? [[rule.labels[ruleId], rule]] : []))
  const rulesStats: RulesStats = { inactive: 0, pending: 0, firing: 0, disabled: 0 }
  const rulesStatus = (group.spec?.rules ?? []).map((rule): RuleStatus => {
    const found = byId.get(rule.labels?.[ruleId] ?? '')
    const status: RuleStatus = found ? loadedStatus(found) : { state: rule.disable ? 'disabled' : 'inactive', health: 'unknown' }
    if (isCounted(status.state, rulesStats)) rulesStats[status.state]++
    return { ...(level === globalLevel ? globalExpression(rule) : {}), ...status }
  })
  return {
    ...group,
    apiVersion: apiVersionOf(level.kind),
    kind: level.kind.kind,
    status: {
      ...(loaded?.evaluationTime ? { evaluationTime: loaded.evaluationTime } : {}),
      ...(loaded?.lastEvaluation ? { lastEvaluation: loaded.lastEvaluation } : {}),
      ...(rulesStatus.length ? { rulesStatus } : {}),
      rulesStats,
    },
  }
}
