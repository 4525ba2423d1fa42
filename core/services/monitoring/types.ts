import type { Room } from '../prometheus/room.js'
import type { AskOptions, Grid, MetadataEntry, QueryData, Series } from '../prometheus/types.js'
import type { MetricScope } from './scope.js'

/** What metering tells of a value. */
export interface Figures {
  min_value: string
  max_value: string
  avg_value: string
  sum_value: string
  fee: string
  resource_unit: string
  currency_unit: string
}

/** A series with its figures; none of them outside metering. */
export type Value = Series & Partial<Figures>

export interface Metric {
  /** Absent for ad-hoc questions. */
  metric_name?: string
  data: Omit<QueryData, 'result'> & { result?: Value[] }
  error?: string
}

/** Metrics as they go to a client; the figures of a page where they are one. */
export interface Results {
  results: Metric[]
  page?: number
  total_page?: number
  total_item?: number
}

export interface Diagnosis {
  metric_name: string
  level: string
  unit: string
  meaning: string
  /** Series that it is made of, and those of them that are not there. */
  needs: readonly string[]
  absent: readonly string[]
}

/** What people measure, from Prometheus and, for nodes and pods at the edge, from metrics-server. Nothing here throws for a failing backend: it is said in `error`. */
export interface Monitoring {
  /** False where no Prometheus is configured. */
  readonly configured: boolean
  /** An expression as it is; limited to what a namespace has where one is given. Throws a 400 for one that cannot be limited. */
  getMetric (expression: string, time: number, namespace?: string, options?: AskOptions): Promise<Metric>
  getMetricOverTime (expression: string, grid: Grid, namespace?: string, options?: AskOptions): Promise<Metric>
  /** Metrics of the scope's level by name, in the order of the names; a name that the level lacks is left out. */
  getNamedMetrics (names: readonly string[], time: number, scope: MetricScope, options?: AskOptions): Promise<Metric[]>
  getNamedMetricsOverTime (names: readonly string[], grid: Grid, scope: MetricScope, options?: AskOptions): Promise<Metric[]>
  /** null: nothing is known, or Prometheus failed. */
  getMetadata (namespace?: string, options?: AskOptions): Promise<MetadataEntry[] | null>
  /** Label sets of what a selector matches, without names: null for none; an empty list where Prometheus failed. */
  getMetricLabelSet (selector: string, range: { start: number, end: number }, namespace?: string, options?: AskOptions): Promise<Record<string, string>[] | null>
  /** The time now in seconds; callers who ask the same question within a second are told the same, so that they share its answer. */
  now (question: string, caller: string): number
  /** Room for the answers of one request of a caller. */
  room (caller: string): Room
  /** Named metrics that Prometheus has not the series for. Throws a sentence where it cannot be asked. */
  diagnose (options?: AskOptions): Promise<Diagnosis[]>
}
