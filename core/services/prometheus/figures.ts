import { Counter, Gauge, type Registry } from 'prom-client'
import type { Turns } from './turns.js'

/** How a question was answered: by the server, by its failing, or from what is kept. */
export type Outcome = 'answered' | 'failed' | 'kept'

/** Counts what is asked of a server; without a registry nothing is. */
export function countQuestions (registry: Registry | undefined, turns: Turns): (outcome: Outcome) => void {
  if (!registry) return () => {}
  const total = new Counter({ name: 'ks_prometheus_questions_total', help: 'Questions for Prometheus, by how they were answered; those that were asked together count once.', labelNames: ['outcome'] as const, registers: [registry] })
  registry.registerMetric(new Gauge({ name: 'ks_prometheus_questions_running', help: 'Questions that Prometheus is working on.', registers: [], collect () { this.set(turns.running) } }))
  registry.registerMetric(new Gauge({ name: 'ks_prometheus_questions_waiting', help: 'Questions that wait for their turn.', registers: [], collect () { this.set(turns.waiting) } }))
  return outcome => { total.inc({ outcome }) }
}
