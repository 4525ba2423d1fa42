import type { Figures, Metric, Results } from './types.js'

/** Clients find the figures in every value, empty outside metering. */
const none: Figures = { min_value: '', max_value: '', avg_value: '', sum_value: '', fee: '', resource_unit: '', currency_unit: '' }

/** A metric as clients read it. */
export const wireMetric = ({ data: { result, ...data }, ...metric }: Metric): Metric =>
  ({ ...metric, data: result?.length ? { ...data, result: result.map(value => ({ ...none, ...value })) } : data })

/** An answer as clients read it. */
export const wireResults = ({ results, ...page }: Results): Results => ({ results: results.map(wireMetric), ...page })
