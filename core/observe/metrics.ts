import { Counter, Histogram, Registry, collectDefaultMetrics } from 'prom-client'

/** One answered request of a group. `seconds` from its arrival to the end of the answer. */
export interface Observation { verb: string, group: string, version: string, resource: string, code: number, seconds: number }

export interface Metrics {
  observe (observation: Observation): void
  /** The Prometheus text format, version 0.0.4. */
  text (): Promise<string>
  readonly contentType: string
  readonly registry: Registry
}

const buckets = [0.05, 0.1, 0.15, 0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6, 0.7, 0.8, 0.9, 1, 1.25, 1.5, 1.75, 2, 2.5, 3, 3.5, 4, 4.5, 5, 6, 7, 8, 9, 10, 15, 20, 25, 30, 40, 50, 60]
/** Label sets that are kept apart; what comes beyond is counted under `other`. */
const mostSets = 2_000

/** Counters and histograms of requests, as 3.x names them, and the process's own figures. */
export function createMetrics (): Metrics {
  const registry = new Registry()
  collectDefaultMetrics({ register: registry })
  const labelNames = ['verb', 'group', 'version', 'resource'] as const
  const total = new Counter({ name: 'ks_server_request_total', help: '[ALPHA] Counter of ks_server requests broken out for each verb, group, version, resource and HTTP response code.', labelNames: [...labelNames, 'code'], registers: [registry] })
  const duration = new Histogram({ name: 'ks_server_request_duration_seconds', help: '[ALPHA] Response latency distribution in seconds for each verb, group, version, resource', labelNames: [...labelNames], buckets, registers: [registry] })
  const sets = new Set<string>()

  return {
    registry,
    contentType: 'text/plain; version=0.0.4; charset=utf-8',
    text: () => registry.metrics(),
    observe ({ code, seconds, ...labels }) {
      const set = `${labels.verb}/${labels.group}/${labels.version}/${labels.resource}`
      if (!sets.has(set) && sets.size >= mostSets) labels = { ...labels, version: 'other', resource: 'other' }
      else sets.add(set)
      total.inc({ ...labels, code })
      duration.observe(labels, seconds)
    },
  }
}
