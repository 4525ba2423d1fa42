import { defineKind, type KubeObject } from '../kube/object.js'

const apiVersion = 'monitoring.coreos.com/v1'
const namespaced = { namespaced: true }

/** A rule as Prometheus loads it: an alert, or a recording (`record`), which is not ours to touch. */
export interface FileRule {
  alert?: string
  record?: string
  expr: string | number
  for?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
}
export interface FileGroup { name: string, interval?: string, partial_response_strategy?: string, rules?: readonly FileRule[] }
export interface PrometheusRule extends KubeObject { spec?: { groups?: readonly FileGroup[] } }

export interface Selector { matchLabels?: Record<string, string>, matchExpressions?: readonly { key: string, operator: string, values?: readonly string[] }[] }
/** Prometheus or Thanos Ruler, by which PrometheusRules it reads. */
export interface Ruler extends KubeObject { spec?: { ruleNamespaceSelector?: Selector | null, ruleSelector?: Selector | null, labels?: Record<string, string> } }

export const prometheusRules = defineKind<PrometheusRule>(apiVersion, 'prometheusrules', 'PrometheusRule', namespaced)
export const prometheuses = defineKind<Ruler>(apiVersion, 'prometheuses', 'Prometheus', namespaced)
export const thanosRulers = defineKind<Ruler>(apiVersion, 'thanosrulers', 'ThanosRuler', namespaced)
