import { defineKind } from '../../schemas/kube/object.js'
import { configMaps, secrets } from '../../schemas/kube/builtin.js'
import { Quantity, type Kind, type Kube, type KubeObject } from '../../core/sdk/index.js'

type Amounts = Map<string, Quantity>
type Texts = Record<string, string | number>

interface Container { resources?: { requests?: Texts, limits?: Texts } }
interface Pod extends KubeObject {
  spec?: { containers?: Container[], initContainers?: Container[], overhead?: Texts, activeDeadlineSeconds?: number, priorityClassName?: string }
  status?: { phase?: string }
}
interface Service extends KubeObject { spec?: { type?: string, ports?: unknown[], allocateLoadBalancerNodePorts?: boolean } }
interface Claim extends KubeObject { spec?: { storageClassName?: string, resources?: { requests?: Texts } } }

const namespaced = { namespaced: true }
const pods = defineKind<Pod>('v1', 'pods', 'Pod', namespaced)
const services = defineKind<Service>('v1', 'services', 'Service', namespaced)
const claims = defineKind<Claim>('v1', 'persistentvolumeclaims', 'PersistentVolumeClaim', namespaced)
const counted: Record<string, Kind> = { secrets, configmaps: configMaps, replicationcontrollers: defineKind('v1', 'replicationcontrollers', 'ReplicationController', namespaced), resourcequotas: defineKind('v1', 'resourcequotas', 'ResourceQuota', namespaced) }

export interface QuotaSpec {
  selector?: Record<string, string>
  quota?: { hard?: Texts, scopes?: string[], scopeSelector?: { matchExpressions?: { scopeName: string, operator: string, values?: string[] }[] } }
}

const add = (a: Quantity, b: Quantity): Quantity => a.plus(b)
const larger = (a: Quantity, b: Quantity): Quantity => b.compare(a) > 0 ? b : a
const amounts = (texts: Texts = {}): Amounts => new Map(Object.entries(texts).map(([name, text]) => [name, Quantity.of(text)]))

function combine (into: Amounts, other: Amounts, how: (a: Quantity, b: Quantity) => Quantity): Amounts {
  for (const [name, amount] of other) into.set(name, how(into.get(name) ?? Quantity.zero, amount))
  return into
}

/** What a pod counts for: its containers together, or the largest of those that run before them, and its overhead. */
function podAmount ({ spec = {} }: Pod, of: 'requests' | 'limits'): Amounts {
  const { containers = [], initContainers = [], overhead } = spec
  const sum: Amounts = new Map()
  for (const { resources } of containers) combine(sum, amounts(resources?.[of]), add)
  for (const { resources } of initContainers) combine(sum, amounts(resources?.[of]), larger)
  const extra = amounts(overhead)
  for (const [name, amount] of extra) if (of === 'requests' || sum.has(name)) sum.set(name, add(sum.get(name) ?? Quantity.zero, amount))
  return sum
}

const bestEffort = ({ spec = {} }: Pod): boolean => [...spec.containers ?? [], ...spec.initContainers ?? []].every(({ resources }) =>
  [resources?.requests, resources?.limits].every(list => [...amounts(list)].every(([name, { sign }]) => (name !== 'cpu' && name !== 'memory') || sign === 0)))

const scopes: Record<string, (pod: Pod) => boolean> = {
  Terminating: ({ spec }) => spec?.activeDeadlineSeconds !== undefined,
  NotTerminating: ({ spec }) => spec?.activeDeadlineSeconds === undefined,
  BestEffort: bestEffort,
  NotBestEffort: pod => !bestEffort(pod),
}

function inScope (pod: Pod, { scopes: names = [], scopeSelector }: NonNullable<QuotaSpec['quota']>): boolean {
  if (!names.every(name => scopes[name]?.(pod) ?? true)) return false
  return (scopeSelector?.matchExpressions ?? []).every(({ scopeName, operator, values = [] }) => {
    if (scopeName !== 'PriorityClass') return scopes[scopeName]?.(pod) ?? true
    const priority = pod.spec?.priorityClassName ?? ''
    return operator === 'In' ? values.includes(priority) : operator === 'NotIn' ? !values.includes(priority) : operator === 'Exists' ? priority !== '' : priority === ''
  })
}

/** Ended pods hold nothing any more. */
const holds = ({ status }: Pod): boolean => status?.phase !== 'Succeeded' && status?.phase !== 'Failed'

function podUsage (list: readonly Pod[]): Amounts {
  const used: Amounts = new Map([['pods', Quantity.ofCount(list.length)]])
  for (const pod of list) {
    for (const [name, amount] of podAmount(pod, 'requests')) {
      for (const key of [`requests.${name}`, ...(name === 'cpu' || name === 'memory' || name === 'ephemeral-storage' || name.startsWith('hugepages-') ? [name] : [])]) used.set(key, add(used.get(key) ?? Quantity.zero, amount))
    }
    for (const [name, amount] of podAmount(pod, 'limits')) used.set(`limits.${name}`, add(used.get(`limits.${name}`) ?? Quantity.zero, amount))
  }
  return used
}

function serviceUsage (list: readonly Service[]): Amounts {
  const balanced = list.filter(({ spec }) => spec?.type === 'LoadBalancer')
  const ports = list.flatMap(({ spec }) => spec?.type === 'NodePort' || (spec?.type === 'LoadBalancer' && spec.allocateLoadBalancerNodePorts !== false) ? spec.ports ?? [] : [])
  return new Map([['services', Quantity.ofCount(list.length)], ['services.loadbalancers', Quantity.ofCount(balanced.length)], ['services.nodeports', Quantity.ofCount(ports.length)]])
}

function claimUsage (list: readonly Claim[]): Amounts {
  const used: Amounts = new Map([['persistentvolumeclaims', Quantity.ofCount(list.length)], ['requests.storage', Quantity.zero]])
  for (const { spec } of list) {
    const storage = Quantity.of(spec?.resources?.requests?.storage)
    const ofClass = spec?.storageClassName ? `${spec.storageClassName}.storageclass.storage.k8s.io/` : undefined
    used.set('requests.storage', add(used.get('requests.storage') ?? Quantity.zero, storage))
    if (!ofClass) continue
    for (const [key, amount] of [[`${ofClass}requests.storage`, storage], [`${ofClass}persistentvolumeclaims`, Quantity.ofCount(1)]] as const) used.set(key, add(used.get(key) ?? Quantity.zero, amount))
  }
  return used
}

const forServices = /^services(\.|$)/
const forClaims = /(^|\/)(persistentvolumeclaims|requests\.storage)$/

export interface Usage { hard: Texts, used: Record<string, string> }

/** What a namespace uses of what a quota bounds, by Kubernetes' own rules; caches are opened only for what a quota names. */
export function createUsage (kube: Kube) {
  const cached = async <T extends KubeObject>(kind: Kind<T>, namespace: string): Promise<readonly T[]> => {
    const store = kube.store(kind)
    await store.ready()
    return store.list(namespace)
  }

  return async function usage ({ quota = {} }: QuotaSpec, namespace: string): Promise<Amounts> {
    const names = Object.keys(quota.hard ?? {}).filter(name => !name.startsWith('count/'))
    const others = names.filter(name => !forServices.test(name) && !forClaims.test(name) && !Object.hasOwn(counted, name))
    const found: Amounts = new Map()
    if (others.length) combine(found, podUsage((await cached(pods, namespace)).filter(pod => holds(pod) && inScope(pod, quota))), add)
    const scoped = Boolean(quota.scopes?.length ?? quota.scopeSelector?.matchExpressions?.length)
    if (!scoped && names.some(name => forServices.test(name))) combine(found, serviceUsage(await cached(services, namespace)), add)
    if (!scoped && names.some(name => forClaims.test(name))) combine(found, claimUsage(await cached(claims, namespace)), add)
    for (const [name, kind] of Object.entries(counted)) if (!scoped && names.includes(name)) found.set(name, Quantity.ofCount((await kube.list(kind, { namespace })).items.length))
    return new Map(names.map(name => [name, found.get(name) ?? Quantity.zero]))
  }
}

export type UsageOf = ReturnType<typeof createUsage>

export const sum = (list: readonly Amounts[]): Amounts => list.reduce((total, one) => combine(total, one, add), new Map<string, Quantity>())
export const textsOf = (amounts: Amounts): Record<string, string> => Object.fromEntries([...amounts].map(([name, amount]) => [name, amount.toString()]))
