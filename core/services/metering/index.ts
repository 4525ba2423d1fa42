import { namespaces } from '../../../schemas/kube/builtin.js'
import { isMeter, metricNamesOf } from '../monitoring/catalogue.js'
import { sortAndPage } from '../monitoring/order.js'
import { isRange, nameFilter, timesAfter, type SortAndPage, type Times } from '../monitoring/parameters.js'
import type { MetricScope } from '../monitoring/scope.js'
import type { Metric, Monitoring, Results } from '../monitoring/types.js'
import type { Kube } from '../../kube/types.js'
import type { AskOptions } from '../prometheus/types.js'
import { exported } from './export.js'
import { hour, hourly, priced } from './figures.js'
import { hierarchyOf, type Hierarchy } from './hierarchy.js'
import { composedOf, createParts, few } from './parts.js'
import { shownPrices, type Prices } from './prices.js'

export type { Hierarchy } from './hierarchy.js'
export type { Prices } from './prices.js'

/** The longest wait for the meters of one question (ms). */
const patience = 20_000

/** What the meters are about: a level of metrics, or the releases of the app store, which are counted as applications. */
export interface MeteringQuestion {
  scope: MetricScope
  /** The scope is that of releases. */
  releases?: boolean
  /** A regular expression; names that it fits somewhere. */
  metricsFilter: string
  times: Times
  /** `name[:version]|…`, `a|b`: what of an application, service or release level is asked for. */
  wanted?: string
  sort?: SortAndPage
  options?: AskOptions
}

/** Use by the hour, and what it costs. */
export interface Metering {
  /** null: no meter has such a name, or there is nothing to measure. */
  measure (question: MeteringQuestion): Promise<Results | null>
  /** The same as lines of comma-separated values; `no data` where there are none. null: no meter has such a name. */
  export (question: MeteringQuestion): Promise<string | null>
  /** Who used what in a project. */
  hierarchy (namespace: string, times: Times, options?: AskOptions): Promise<Hierarchy>
  prices (): Record<string, string | number>
}

/** Meters of a level whose names an expression fits somewhere, in the order of answers. */
export function meterNames (level: MetricScope['level'], metricsFilter: string): string[] {
  const fits = nameFilter(metricsFilter)
  return metricNamesOf(level).filter(name => isMeter(name) && fits(name))
}

const identifiers: Partial<Record<MetricScope['level'], string>> = { node: 'node', workspace: 'workspace', namespace: 'namespace', application: 'application', workload: 'workload', service: 'service', pod: 'pod' }

/** One answer of several: the values of each metric behind one another. */
const joined = (answers: readonly Metric[][]): Metric[] => (answers[0] ?? []).map((first, at) => {
  const all = answers.flatMap(metrics => metrics[at] ?? [])
  const error = all.find(metric => metric.error !== undefined)?.error
  const result = all.flatMap(({ data }) => data.result ?? [])
  const resultType = all.find(({ data }) => data.resultType)?.data.resultType
  return { ...first, data: { ...(resultType ? { resultType } : {}), ...(result.length ? { result } : {}) }, ...(error === undefined ? {} : { error }) }
})

export interface MeteringOptions { kube: Kube, monitoring: Monitoring, prices: Prices, retentionDay: string }

export function createMetering ({ kube, monitoring, prices, retentionDay }: MeteringOptions): Metering {
  const parts = createParts(kube)
  const projects = kube.store(namespaces)

  /** What of the times is the project's: its name may have been another's before. A project that is gone has all its times. */
  function ownTimes (times: Times, { namespace }: MetricScope): Times | undefined {
    const created = namespace ? projects.get(namespace)?.metadata.creationTimestamp : undefined
    if (created === undefined) return times
    const since = timesAfter(isRange(times) ? { ...times, step: hour } : times, Date.parse(created) / 1000)
    return since && isRange(times) ? { ...since, step: times.step } : since
  }

  async function ask (names: readonly string[], times: Times, scopes: readonly MetricScope[], options: AskOptions): Promise<Metric[]> {
    const bounded = { ...options, timeout: patience }
    if (!isRange(times)) {
      const answers = await Promise.all(scopes.map(scope => monitoring.getNamedMetrics(names, times.time, scope, bounded)))
      return joined(answers).map(metric => priced(metric, prices, 1))
    }
    const { grid, group } = hourly(times)
    const answers = await Promise.all(scopes.map(scope => monitoring.getNamedMetricsOverTime(names, grid, scope, bounded)))
    return joined(answers).map(metric => priced(metric, prices, group))
  }

  /** The scopes that a question stands for: one, or one for each application, release or service. */
  async function scopesOf ({ scope, releases, wanted, options }: MeteringQuestion): Promise<MetricScope[]> {
    const { level, namespace = '' } = scope
    if (level === 'application') {
      const found = releases ? await parts.releases(namespace, wanted, options?.signal) : await parts.applications(namespace, wanted, options?.signal)
      return few(found, releases ? 'openpitrix_ids' : 'applications').map(application => ({ ...scope, application }))
    }
    if (level === 'service') return (await parts.services(namespace, wanted, options?.signal)).map(service => ({ ...scope, service }))
    return [scope]
  }

  async function measure (question: MeteringQuestion): Promise<Results | null | undefined> {
    const { scope, metricsFilter, times, sort, options = {} } = question
    const names = meterNames(scope.level, metricsFilter)
    if (names.length === 0) return null
    if (isRange(times)) hourly(times)
    const since = ownTimes(times, scope)
    const scopes = since ? await scopesOf(question) : []
    if (!since || scopes.length === 0) return undefined
    const metrics = await ask(names, since, scopes, options)
    const identifier = identifiers[scope.level]
    return sort && identifier && !isRange(times) ? sortAndPage(metrics, sort, identifier) : { results: metrics }
  }

  return {
    measure: async question => await measure(question) ?? null,
    async export (question) {
      const measured = await measure(question)
      return measured === null ? null : exported(measured?.results ?? [], question.times)
    },
    async hierarchy (namespace, times, options = {}) {
      const [metrics, running, releases, applications] = await Promise.all([
        ask(meterNames('pod', ''), times, [{ level: 'pod', namespace }], options),
        parts.workloads(namespace, options.signal),
        parts.releaseNames(namespace, undefined, options.signal),
        parts.applications(namespace, undefined, options.signal),
      ])
      return hierarchyOf(metrics, running, composedOf(releases, running), applications)
    },
    prices: () => shownPrices(prices, retentionDay),
  }
}

declare module '../../sdk/services.js' {
  interface Services {
    /** Meters of what is used, and their prices. */
    metering: Metering
  }
}
