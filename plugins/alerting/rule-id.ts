import { promql } from '../../core/sdk/index.js'
import type { FileRule } from '../../schemas/alerting/prometheus-operator.js'
import { fingerprint } from './fingerprint.js'
import { ruleId } from './group-defaults.js'
import type { LoadedRule } from './rule-server.js'

type Labels = Readonly<Record<string, string>>

/** Labels that a replica adds to what it tells. */
const replicas = new Set(['prometheus_replica', 'thanos_ruler_replica'])

/** As Prometheus spells it; what it would not read stays as it is. */
const canonicalQuery = (query: string): string => { try { return promql.canonical(query) } catch { return query } }
const canonicalDuration = (text: string): string => { try { return promql.printDuration(promql.parseDuration(text || '0')) } catch { return text } }

function idOf (group: string, name: string, query: string, duration: string, labels: Labels): string {
  const { [ruleId]: _id, ...rest } = labels
  return fingerprint({ ...rest, __rule_group__: group, __rule_name__: name, __rule_query__: canonicalQuery(query), __rule_duration__: duration })
}

/** What names a rule of a PrometheusRule, from all that it says and its group. */
export const idOfFile = (group: string, { alert = '', expr, for: wait = '', labels = {} }: FileRule): string =>
  idOf(group, alert, String(expr), canonicalDuration(wait), labels)

/** The same for a rule that a server has loaded; `external`: labels that the server adds to all it has. */
export function idOfLoaded (group: string, { name, query, duration = 0, labels }: LoadedRule, external: Labels = {}): string {
  const own = Object.entries(labels ?? {}).filter(([label, value]) => !replicas.has(label) && external[label] !== value)
  return idOf(group, name, query, durationOf(duration), Object.fromEntries(own))
}

/** Seconds as Prometheus spells them. */
export const durationOf = (seconds: number): string => promql.printDuration(Math.round(seconds * 1000))
