import { Type, type Static } from '@sinclair/typebox'
import { defineKind, type KubeObject } from '../kube/object.js'

const apiVersion = 'alerting.kubesphere.io/v2beta1'

const text = Type.Optional(Type.String())
const Texts = Type.Optional(Type.Record(Type.String(), Type.String()))
const Names = Type.Array(Type.String())

/** Figures by section and field (`cpu.utilization`); the first that is there counts. */
const Thresholds = Type.Record(Type.String(), Type.Record(Type.String(), Type.Number()))
export type Thresholds = Static<typeof Thresholds>

/** Names, with the cluster and for workloads the project that they are looked for in where a rule is global. */
const PlacedNames = Type.Array(Type.Union([Type.String(), Type.Object({ cluster: Type.String(), namespace: text, names: Names })]))
export type PlacedNames = Static<typeof PlacedNames>

/** How a global rule chooses clusters or projects: by name, or by one matcher. */
const MetricLabelSelector = Type.Object({ inValues: Type.Optional(Names), matcher: Type.Optional(Type.Object({ type: Type.String(), value: text })) })
export type MetricLabelSelector = Static<typeof MetricLabelSelector>

/** A rule of any of the three kinds; selectors are of global rules alone. */
const GroupRule = Type.Object({
  alert: Type.String(),
  expr: Type.Optional(Type.Union([Type.String(), Type.Number()])),
  exprBuilder: Type.Optional(Type.Object({
    workload: Type.Optional(Type.Object({ kind: Type.String(), names: PlacedNames, comparator: Type.String(), metricThreshold: Type.Optional(Thresholds) })),
    node: Type.Optional(Type.Object({ names: PlacedNames, comparator: Type.String(), metricThreshold: Type.Optional(Thresholds) })),
  })),
  for: text,
  severity: text,
  labels: Texts,
  annotations: Texts,
  disable: Type.Optional(Type.Boolean()),
  clusterSelector: Type.Optional(MetricLabelSelector),
  namespaceSelector: Type.Optional(MetricLabelSelector),
})
export type GroupRule = Static<typeof GroupRule>

/** What people write of a group. */
export const RuleGroupSpec = Type.Object({ interval: text, partial_response_strategy: text, rules: Type.Array(GroupRule) })

export interface RuleGroup extends KubeObject {
  spec?: Static<typeof RuleGroupSpec>
  status?: Record<string, unknown>
}

/** Rules over one project. */
export const ruleGroups = defineKind<RuleGroup>(apiVersion, 'rulegroups', 'RuleGroup', { namespaced: true })
/** Rules over this cluster. */
export const clusterRuleGroups = defineKind<RuleGroup>(apiVersion, 'clusterrulegroups', 'ClusterRuleGroup')
/** Rules over all clusters. */
export const globalRuleGroups = defineKind<RuleGroup>(apiVersion, 'globalrulegroups', 'GlobalRuleGroup')

/** Labels of groups, and of the PrometheusRules made from them. */
export const labels = {
  enable: 'alerting.kubesphere.io/enable',
  builtin: 'alerting.kubesphere.io/builtin',
  level: 'alerting.kubesphere.io/rule_level',
  owner: 'alerting.kubesphere.io/owner_namespace',
} as const
