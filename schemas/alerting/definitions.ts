import { Type, type TProperties } from '@sinclair/typebox'
import { definitionOf, fields, mapOf, Nothing, optional, text, Texts } from '../kube/crd.js'
import type { Kind } from '../kube/object.js'
import { clusterRuleGroups, globalRuleGroups, ruleGroups } from './v2beta1.js'

const numbers = (...names: readonly string[]) => optional(fields(Object.fromEntries(names.map(name => [name, optional(Type.Number())]))))
const units = ['y', 'w', 'd', 'h', 'm', 's', 'ms'].map(unit => `(([0-9]+)${unit})?`).join('')
const Duration = Type.String({ pattern: `^(0|${units})$` })
const IntOrText = Type.Unsafe({ anyOf: [{ type: 'integer' }, { type: 'string' }], 'x-kubernetes-int-or-string': true })

const WorkloadThreshold = fields({ cpu: numbers('usage'), memory: numbers('usage', 'usageWoCache'), network: numbers('transmittedRate', 'receivedRate'), replica: numbers('unavailableRatio') })
const NodeThreshold = fields({
  cpu: numbers('utilization', 'load1m', 'load5m', 'load15m'),
  memory: numbers('utilization', 'available'),
  network: numbers('transmittedRate', 'receivedRate'),
  disk: numbers('spaceUtilization', 'spaceAvailable', 'inodeUtilization', 'iopsRead', 'iopsWrite', 'throughputRead', 'throughputWrite'),
  pod: numbers('utilization', 'abnormalRatio'),
})
const inCluster = (where: TProperties) => Type.Array(fields({ cluster: text, ...where, names: Texts }))
const workloadIn = (names: TProperties['names']) => optional(fields({ kind: text, names: names!, comparator: text, metricThreshold: optional(WorkloadThreshold) }))
const MetricLabelSelector = optional(fields({ inValues: optional(Texts), matcher: optional(fields({ type: text, value: optional(text) })) }))

const group = (kind: Kind, exprBuilder: TProperties, more: TProperties = {}) => definitionOf(kind, {
  statusSubresource: true,
  properties: {
    spec: optional(fields({
      interval: optional(text),
      partial_response_strategy: optional(text),
      rules: Type.Array(fields({
        alert: text,
        expr: optional(IntOrText),
        exprBuilder: optional(fields(exprBuilder)),
        for: optional(Duration),
        severity: optional(text),
        labels: optional(mapOf(text)),
        annotations: optional(mapOf(text)),
        disable: optional(Type.Boolean()),
        ...more,
      })),
    })),
    status: optional(Nothing),
  },
})

/** The CustomResourceDefinitions of alerting.kubesphere.io. */
export const alertingDefinitions = [
  group(ruleGroups, { workload: workloadIn(Texts) }),
  group(clusterRuleGroups, { node: optional(fields({ names: Texts, comparator: text, metricThreshold: NodeThreshold })) }),
  group(globalRuleGroups, {
    workload: workloadIn(inCluster({ namespace: text })),
    node: optional(fields({ names: inCluster({}), comparator: text, metricThreshold: optional(NodeThreshold) })),
  }, { clusterSelector: MetricLabelSelector, namespaceSelector: MetricLabelSelector }),
]
