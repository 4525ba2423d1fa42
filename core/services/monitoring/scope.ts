import { literal, type Matcher, type MatchOperator } from '../promql/index.js'
import type { Level } from './catalogue.js'
import type { Holes } from './template.js'

/** What of a level is asked for: the names that a path gives, and the filters beside it. */
export interface MetricScope {
  level: Level
  node?: string
  workspace?: string
  namespace?: string
  /** `deployment`, `statefulset`, `daemonset`; anything else is no kind. */
  kind?: string
  workload?: string
  /** A name, or `namespace/name` on a node. */
  pod?: string
  container?: string
  persistentVolumeClaim?: string
  storageClass?: string
  ingress?: string
  /** A regular expression that names match as a whole; everything by default. */
  resourcesFilter?: string
  /** `ns/pod|ns/pod`. */
  namespacedResourcesFilter?: string
  /** Of the ingress controller. */
  job?: string
  controllerPod?: string
  /** Window of ingress metrics (ms). */
  duration?: number
  /** Edge nodes are added to what Prometheus has, not only where it has nothing. */
  rank?: boolean
  /** Metering: `components` as `Kind:name`. */
  application?: { name: string, components: readonly string[] }
  service?: { name: string, pods: readonly string[] }
}

const when = (label: string, operator: MatchOperator, value: string): Matcher => ({ label, operator, value })
const is = (label: string, value: string): Matcher => when(label, '=', value)
const fits = (label: string, value: string): Matcher => when(label, '=~', value)
/** The name where there is one, else the filter. */
const named = (label: string, name: string | undefined, filter: string): Matcher => name ? is(label, name) : fits(label, filter)
const some = (label: string, name: string | undefined): Matcher[] => name ? [is(label, name)] : []

const anyOf = (names: readonly string[]): string => names.map(literal).join('|')

const kinds = new Map([['deployment', 'Deployment'], ['statefulset', 'StatefulSet'], ['daemonset', 'DaemonSet']])

/** Pods as a filter of `ns/pod|ns/pod` names them; entries without a namespace name none. */
export const namedPods = (filter: string): { namespace: string, pod: string }[] => [...new Set(filter.split(/[|$]/).map(entry => entry.trim()))].flatMap(entry => {
  const [namespace = '', pod = '', ...more] = entry.split('/').map(part => part.trim())
  return namespace && pod && more.length === 0 ? [{ namespace, pod }] : []
})

function ownerOf ({ workload, kind = '' }: MetricScope): Matcher[] {
  const owner = workload ? kinds.get(kind) : undefined
  if (!workload || !owner) return []
  return owner === 'Deployment'
    ? [is('owner_kind', 'ReplicaSet'), fits('owner_name', `^${literal(workload)}-[^-]{1,10}$`)]
    : [is('owner_kind', owner), is('owner_name', workload)]
}

function podsOf ({ namespace, node, pod, namespacedResourcesFilter }: MetricScope, filter: string): Matcher[] {
  const wanted = namespacedResourcesFilter ? namedPods(namespacedResourcesFilter) : undefined
  const listed = wanted ? [fits('namespace', anyOf(wanted.map(one => one.namespace))), fits('pod', anyOf(wanted.map(one => one.pod)))] : []
  if (namespace) return [named('pod', pod, filter), is('namespace', namespace)]
  if (!node) return listed
  if (!pod) return [is('node', node), fits('pod', filter), ...listed]
  const [inside, name] = pod.includes('/') ? pod.split('/') : ['', pod]
  return [...some('namespace', inside), is('pod', name ?? ''), is('node', node)]
}

function claimsOf ({ namespace, storageClass, persistentVolumeClaim }: MetricScope, filter: string): Matcher[] {
  return [...storageClass ? [is('storageclass', storageClass)] : [is('namespace', namespace ?? '')], named('persistentvolumeclaim', persistentVolumeClaim, filter)]
}

const byLevel: Partial<Record<Level, (scope: MetricScope, filter: string) => Holes>> = {
  node: ({ node }, filter) => ({ node: [named('node', node, filter)], instance: [named('instance', node, filter)] }),
  workspace: ({ workspace }, filter) => ({ workspace: workspace ? [is('workspace', workspace)] : [fits('workspace', filter), when('workspace', '!=', '')] }),
  namespace: ({ workspace, namespace }, filter) => ({ namespace: [...some('workspace', workspace), named('namespace', namespace, filter)] }),
  workload ({ namespace = '', kind = '' }, filter) {
    const ofKind = (label: string): Matcher[] => [is('namespace', namespace), when(label, '!=', ''), fits(label, filter)]
    return { workload: [is('namespace', namespace), fits('workload', `${kinds.get(kind) ?? '.*'}:(${filter})`)], deployment: ofKind('deployment'), statefulset: ofKind('statefulset'), daemonset: ofKind('daemonset') }
  },
  pod: (scope, filter) => ({ owner: ownerOf(scope), pod: podsOf(scope, filter), podFast: [...some('pod', scope.pod?.split('/').at(-1)), fits('pod', filter), ...some('namespace', scope.namespace)] }),
  container: ({ namespace = '', pod = '', container }, filter) => ({ container: [is('pod', pod), is('namespace', namespace), named('container', container, filter)] }),
  pvc: (scope, filter) => ({ pvc: claimsOf(scope, filter) }),
  ingress: ({ namespace = '', ingress, job, controllerPod, duration = 300_000 }, filter) => ({
    // The controllers of the system project serve the ingresses of all projects.
    ingress: [...namespace === 'kubesphere-system' ? [] : [is('exported_namespace', namespace)], named('ingress', ingress, filter)],
    controller: job ? [is('job', job), ...some('controller_pod', controllerPod)] : [],
    range: duration,
  }),
  application: ({ namespace = '', application }) => ({ workloads: [is('namespace', namespace), fits('workload', anyOf(application?.components ?? []))], app: application?.name ?? '' }),
  service: ({ namespace = '', service }) => ({ pods: [fits('pod', anyOf(service?.pods ?? [])), is('namespace', namespace)], svc: service?.name ?? '' }),
}

const hour = 3_600_000

/** What the holes of a level's metrics hold for a scope. Meters look at an hour. */
export const holesOf = (scope: MetricScope): Holes => ({ step: hour, hours: 1, ...byLevel[scope.level]?.(scope, scope.resourcesFilter || '.*') })
