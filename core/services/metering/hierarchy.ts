import type { Metric } from '../monitoring/types.js'
import type { Composed, RunningWorkload } from './parts.js'

const figures = ['cpu_usage', 'memory_usage_wo_cache', 'net_bytes_transmitted', 'net_bytes_received', 'pvc_bytes_total'] as const
type Usage = Record<typeof figures[number], number>
type Workload = Usage & { pods: Record<string, Usage> }
type Group<T> = Record<string, T> | null
interface Workloads { deployments: Group<Workload>, statefulsets: Group<Workload>, daemonsets: Group<Workload> }
export interface Hierarchy extends Workloads { openpitrixs: Group<Usage & Workloads>, apps: Group<Usage & Workloads> }

const kinds = { deployments: 'Deployment', statefulsets: 'StatefulSet', daemonsets: 'DaemonSet' } as const

const sumOf = (usages: readonly Usage[]): Usage =>
  Object.fromEntries(figures.map(figure => [figure, usages.reduce((sum, usage) => sum + usage[figure], 0)])) as Usage

/** The use of each pod, by its name. */
function usageByPod (metrics: readonly Metric[]): (pod: string) => Usage {
  const byFigure = new Map(figures.map(figure => {
    const values = metrics.find(({ metric_name: name }) => name === `meter_pod_${figure}`)?.data.result ?? []
    return [figure, new Map(values.map(({ metric, sum_value: sum }) => [metric?.pod ?? '', Number(sum ?? 0) || 0]))]
  }))
  return pod => Object.fromEntries(figures.map(figure => [figure, byFigure.get(figure)?.get(pod) ?? 0])) as Usage
}

const groupOf = <T>(entries: readonly (readonly [string, T])[]): Group<T> => entries.length ? Object.fromEntries(entries) : null

/** Who used what in a project: releases, applications and the workloads that belong to neither, each with its pods. A workload stands in one place. */
export function hierarchyOf (metrics: readonly Metric[], running: readonly RunningWorkload[], releases: readonly Composed[], applications: readonly Composed[]): Hierarchy {
  const usageOf = usageByPod(metrics)
  const left = new Map(running.filter(({ pods }) => pods.length > 0).map(workload => [`${workload.kind}:${workload.name}`, workload]))

  function measure (workloads: readonly RunningWorkload[]): { usage: Usage, workloads: Workloads } {
    const measured = workloads.map(({ kind, name, pods }) => {
      const used = pods.map(pod => [pod, usageOf(pod)] as const)
      return { kind, entry: [name, { ...sumOf(used.map(([, usage]) => usage)), pods: Object.fromEntries(used) }] as const }
    })
    const grouped = Object.fromEntries(Object.entries(kinds).map(([group, kind]) => [group, groupOf(measured.filter(one => one.kind === kind).map(({ entry }) => entry))]))
    return { usage: sumOf(measured.map(({ entry: [, usage] }) => usage)), workloads: grouped as unknown as Workloads }
  }

  /** Takes the workloads of each out of what is left. */
  function take (owners: readonly Composed[]): Group<Usage & Workloads> {
    return groupOf(owners.flatMap(({ name, components }) => {
      const mine = components.flatMap(component => left.get(component) ?? [])
      for (const component of components) left.delete(component)
      if (mine.length === 0) return []
      const { usage, workloads } = measure(mine)
      return [[name, { ...usage, ...workloads }] as const]
    }))
  }

  const openpitrixs = take(releases)
  const apps = take(applications)
  return { openpitrixs, apps, ...measure([...left.values()]).workloads }
}
