import { clusterRuleGroups, globalRuleGroups, ruleGroups, type GroupRule, type RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { anyOf } from './conditions.js'
import { promql, type Kind } from '../../core/sdk/index.js'

/** Namespace of the platform's own rules, and of what is made of rule groups. */
export const monitoringNamespace = 'kubesphere-monitoring-system'

/** What is particular about rules over one project, this cluster, or all clusters. */
export interface Level {
  readonly name: 'namespace' | 'cluster' | 'global'
  readonly kind: Kind<RuleGroup>
  /** What is said where a rule has no expression. */
  readonly needsExpression: string
  /** Conditions that every series which a rule reads must meet. */
  matchersOf (rule: GroupRule, namespace: string): readonly promql.Matcher[]
}

const operators = ['=', '!=', '=~', '!~'] as const

/** The condition that a selector of a global rule stands for; nothing where it chooses nothing. */
function chosen (label: string, { inValues = [], matcher }: NonNullable<GroupRule['clusterSelector']>): promql.Matcher[] {
  if (inValues.length) return [anyOf(label, inValues)]
  const operator = operators.find(one => one === matcher?.type)
  return operator ? [{ label, operator, value: matcher?.value ?? '' }] : []
}

export const namespaceLevel: Level = {
  name: 'namespace',
  kind: ruleGroups,
  needsExpression: "one of 'expr' and 'exprBuilder.workload' must be set for a RuleGroup",
  matchersOf: (_rule, namespace) => [{ label: 'namespace', operator: '=', value: namespace }],
}
export const clusterLevel: Level = {
  name: 'cluster',
  kind: clusterRuleGroups,
  needsExpression: "one of 'expr' and 'exprBuilder.node' must be set for a ClusterRuleGroup",
  matchersOf: () => [],
}
export const globalLevel: Level = {
  name: 'global',
  kind: globalRuleGroups,
  needsExpression: "'expr' must be set for a GlobalRuleGroup",
  matchersOf: ({ clusterSelector, namespaceSelector }) => [
    ...clusterSelector ? chosen('cluster', clusterSelector) : [],
    ...namespaceSelector ? chosen('namespace', namespaceSelector) : [],
  ],
}
export const levels: readonly Level[] = [namespaceLevel, clusterLevel, globalLevel]

/** The expression that Prometheus is given for a rule; throws where it cannot be limited to what the rule may read. */
export function expressionOf (level: Level, rule: GroupRule, namespace = ''): string {
  const matchers = level.matchersOf(rule, namespace)
  const text = String(rule.expr ?? '')
  return matchers.length ? promql.enforce(text, matchers) : text
}
