import { Type } from '@sinclair/typebox'
import { text } from '../../config/server.js'

/** The group's section of kubesphere.yaml. */
export const AlertingConfig = Type.Object({
  alerting: Type.Object({
    endpoint: text('', 'Alerting server, for paths of versions that are not served here; empty: off'),
    prometheusEndpoint: text('', 'Prometheus with the built-in rules; empty: none'),
    thanosRulerEndpoint: text('', 'Thanos Ruler with the rules of people; empty: none'),
    thanosRuleResourceLabels: text('', 'Labels of the PrometheusRules that Thanos Ruler reads, `k=v,k=v`'),
  }, { default: {} }),
})

/** Reads `k=v,k=v`; throws a sentence where it is not. */
export function parseLabels (text: string): Record<string, string> {
  const pairs = text.split(',').map(pair => pair.trim()).filter(Boolean).map(pair => pair.split('='))
  const broken = pairs.find(([key, ...values]) => !key || values.length !== 1)
  if (broken) throw new Error(`alerting.thanosRuleResourceLabels: "${broken.join('=')}" is not of the form k=v`)
  return Object.fromEntries(pairs)
}
