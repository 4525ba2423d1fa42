import { createHash } from 'node:crypto'
import { isIP } from 'node:net'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, requiredValue } from '../causes.js'
import { addressProblems, labelProblems, portProblems } from '../names.js'
import { at, entriesOf, listAt, recordAt, shown, textAt } from './cells.js'
import { protocols } from './container-rules.js'
import { ageColumn, builtin, column, fill, wide, within } from './row.js'
import { oneOf } from './rules.js'
import { isExternal, nodePorts, serviceCauses } from './service-rules.js'
import type { Cause, Draft, KindRow } from './types.js'

type Fields = Record<string, unknown>

const none = '<none>'

const numbersOf = (name: string): Buffer => createHash('sha256').update(name).digest()

/** A stable address of the service network for a name; collisions do no harm, because nothing is routed. */
function clusterIP (name: string): string {
  const [a = 0, b = 0, c = 0] = numbersOf(name)
  return `10.${96 + a % 16}.${b}.${1 + c % 254}`
}

const nodePort = (name: string): number => nodePorts.first + numbersOf(name).readUInt16BE(3) % (nodePorts.last - nodePorts.first + 1)

const isOpen = ({ type, allocateLoadBalancerNodePorts }: Fields): boolean => type === 'NodePort' || (type === 'LoadBalancer' && allocateLoadBalancerNodePorts !== false)
const isBalancedLocally = ({ type, externalTrafficPolicy }: Fields): boolean => type === 'LoadBalancer' && externalTrafficPolicy === 'Local'
const isAlias = ({ type }: Fields): boolean => type === 'ExternalName'

function serviceDefaults (draft: Draft): void {
  const spec = within(draft, 'spec')
  fill(spec, { type: 'ClusterIP', sessionAffinity: 'None' })
  if (spec.sessionAffinity === 'None') delete spec.sessionAffinityConfig
  else if (spec.sessionAffinity === 'ClientIP') fill(within(within(spec, 'sessionAffinityConfig'), 'clientIP'), { timeoutSeconds: 10_800 })
  for (const port of listAt(spec, 'ports')) {
    fill(port, { protocol: 'TCP' })
    if (!port.targetPort) port.targetPort = port.port ?? 0
  }
  if (['ClusterIP', 'NodePort', 'LoadBalancer'].includes(String(spec.type))) fill(spec, { internalTrafficPolicy: 'Cluster' })
  if (isExternal(spec)) fill(spec, { externalTrafficPolicy: 'Cluster' })
  if (spec.type === 'LoadBalancer') fill(spec, { allocateLoadBalancerNodePorts: true })
}

/** Ports of the nodes for the ports that have none. */
function openPorts (spec: Fields, name: string): void {
  const taken = new Set(listAt(spec, 'ports').map(port => port.nodePort))
  for (const port of listAt(spec, 'ports')) {
    if (port.nodePort) continue
    let free = nodePort(`${name}/${String(port.protocol)}/${String(port.port)}`)
    while (taken.has(free)) free = free === nodePorts.last ? nodePorts.first : free + 1
    taken.add(port.nodePort = free)
  }
}

function families (spec: Fields): void {
  const everywhere = spec.clusterIP === 'None' && Object.keys(recordAt(spec, 'selector')).length === 0
  fill(spec, everywhere ? { ipFamilies: ['IPv4', 'IPv6'], ipFamilyPolicy: 'RequireDualStack' } : { ipFamilies: ['IPv4'], ipFamilyPolicy: 'SingleStack' })
}

/** What Kubernetes gives to a Service out of its own stock. */
function allocate (draft: Draft): void {
  const spec = within(draft, 'spec')
  if (isAlias(spec)) return
  const name = `${draft.metadata.namespace ?? ''}/${draft.metadata.name}`
  spec.clusterIP = spec.clusterIP || at(spec, 'clusterIPs.0') || clusterIP(name)
  fill(spec, { clusterIPs: [spec.clusterIP] })
  families(spec)
  if (isOpen(spec)) openPorts(spec, name)
  if (isBalancedLocally(spec)) fill(spec, { healthCheckNodePort: nodePort(name) })
}

const portKey = ({ protocol, port }: Fields): string => `${String(protocol)}/${String(port)}`

function keepPorts (spec: Fields, before: Fields): void {
  const known = new Map(listAt(before, 'ports').map(port => [portKey(port), port.nodePort]))
  for (const port of listAt(spec, 'ports')) if (!port.nodePort && known.get(portKey(port))) port.nodePort = known.get(portKey(port))
}

/** What a type has no use for, where it came from the state before. */
function drop (spec: Fields, before: Fields): void {
  if (isAlias(spec)) for (const key of ['clusterIP', 'clusterIPs', 'ipFamilies', 'ipFamilyPolicy', 'internalTrafficPolicy']) delete spec[key]
  if (!isOpen(spec) && isOpen(before)) for (const port of listAt(spec, 'ports')) delete port.nodePort
  if (!isExternal(spec) && isExternal(before)) delete spec.externalTrafficPolicy
  if (spec.type !== 'LoadBalancer' && before.type === 'LoadBalancer') for (const key of ['allocateLoadBalancerNodePorts', 'loadBalancerClass']) delete spec[key]
  if (!isBalancedLocally(spec) && isBalancedLocally(before)) delete spec.healthCheckNodePort
}

/** An update that leaves out what was given keeps it. */
function keepAllocated (draft: Draft, stored: KubeObject): void {
  const [spec, before] = [within(draft, 'spec'), recordAt(stored, 'spec')]
  if (!isAlias(spec) && !isAlias(before)) {
    if (!spec.clusterIP) spec.clusterIP = before.clusterIP
    if (spec.clusterIP === before.clusterIP) fill(spec, { clusterIPs: before.clusterIPs, ipFamilies: before.ipFamilies, ipFamilyPolicy: before.ipFamilyPolicy })
    else if (before.clusterIPs !== undefined && at(spec, 'clusterIPs.0') === at(before, 'clusterIPs.0')) spec.clusterIPs = [spec.clusterIP]
  }
  if (isOpen(spec) && isOpen(before)) keepPorts(spec, before)
  if (isBalancedLocally(spec) && isBalancedLocally(before)) fill(spec, { healthCheckNodePort: before.healthCheckNodePort })
  if (spec.type !== before.type || !isExternal(spec)) drop(spec, before)
  allocate(draft)
}

const services = builtin('v1', 'services', 'Service', {
  shortNames: ['svc'],
  categories: ['all'],
  subresources: { status: true },
  strategy: {
    names: 'label1035',
    defaults: serviceDefaults,
    prepareCreate: draft => {
      draft.status = { loadBalancer: {} }
      allocate(draft)
    },
    prepareUpdate: keepAllocated,
    validate: serviceCauses,
  },
  columns: [
    column('Type', 'string', shown('spec.type')),
    column('Cluster-IP', 'string', object => textAt(object, 'spec.clusterIP') || none),
    column('External-IP', 'string', object => textAt(object, 'spec.externalName') || (at(object, 'spec.externalIPs') as string[] | undefined)?.join(',') || (textAt(object, 'spec.type') === 'LoadBalancer' ? '<pending>' : none)),
    column('Port(s)', 'string', object => listAt(object, 'spec.ports').map(({ port, nodePort, protocol }) => `${String(port)}${nodePort ? `:${String(nodePort)}` : ''}/${String(protocol)}`).join(',') || none),
    ageColumn,
    wide('Selector', 'string', object => entriesOf(recordAt(object, 'spec.selector'))),
  ],
})

/** Addresses that no backend has. */
function specialProblems (ip: string): string[] {
  if (!isIP(ip)) return ['must be a valid IP address']
  const low = ip.toLowerCase()
  if (low === '0.0.0.0' || low === '::') return [`may not be unspecified (${low})`]
  if (low.startsWith('127.') || low === '::1') return ['may not be in the loopback range (127.0.0.0/8, ::1/128)']
  if (low.startsWith('169.254.') || /^fe[89ab]/.test(low)) return ['may not be in the link-local range (169.254.0.0/16, fe80::/10)']
  return low.startsWith('224.0.0.') || low.startsWith('ff02:') ? ['may not be in the link-local multicast range (224.0.0.0/24, ff02::/10)'] : []
}

function subsetCauses (subset: Fields, i: number): Cause[] {
  const [ready, others, ports, field] = [listAt(subset, 'addresses'), listAt(subset, 'notReadyAddresses'), listAt(subset, 'ports'), `subsets[${i}]`]
  const addresses = [...ready.map((one, n) => [one, `${field}.addresses[${n}].ip`] as const), ...others.map((one, n) => [one, `${field}.notReadyAddresses[${n}].ip`] as const)]
  return [
    ...(addresses.length ? [] : [requiredValue(field, 'must specify `addresses` or `notReadyAddresses`')]),
    ...addresses.flatMap(([{ ip = '' }, place]) => invalidValues(place, ip, [...addressProblems(String(ip)), ...specialProblems(String(ip))])),
    ...ports.flatMap(({ name = '', port = 0, protocol }, n) => [
      ...(name === '' ? ports.length > 1 ? [requiredValue(`${field}.ports[${n}].name`)] : [] : invalidValues(`${field}.ports[${n}].name`, name, labelProblems(String(name)))),
      ...portProblems(port).map(text => invalidValue(`${field}.ports[${n}].port`, port, text)),
      ...oneOf(`${field}.ports[${n}].protocol`, protocol, protocols),
    ]),
  ]
}

const endpoints = builtin('v1', 'endpoints', 'Endpoints', {
  shortNames: ['ep'],
  strategy: {
    defaults: draft => { for (const subset of listAt(draft, 'subsets')) for (const port of listAt(subset, 'ports')) if (isRecord(port)) fill(port, { protocol: 'TCP' }) },
    validate: object => listAt(object, 'subsets').flatMap(subsetCauses),
    warnings: () => ['v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice'],
  },
  columns: [column('Endpoints', 'string', object => listAt(object, 'subsets').flatMap(subset => listAt(subset, 'addresses').flatMap(({ ip }) => listAt(subset, 'ports').map(({ port }) => `${String(ip)}:${String(port)}`))).join(',') || none), ageColumn],
})

export const serviceKinds: readonly KindRow[] = [services, endpoints]
