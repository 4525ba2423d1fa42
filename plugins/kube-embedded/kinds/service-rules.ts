import { isIP } from 'node:net'
import type { KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { labelCauses } from '../metadata.js'
import { addressProblems, labelProblems, portNameProblems, portProblems, subdomainProblems } from '../names.js'
import { at, listAt, numberAt, recordAt, textAt } from './cells.js'
import { protocols } from './container-rules.js'
import { oneOf } from './rules.js'
import type { Cause } from './types.js'

type Fields = Record<string, unknown>

const types = ['ClusterIP', 'ExternalName', 'LoadBalancer', 'NodePort']
const policies = ['Cluster', 'Local']
/** Where nodes open ports for Services. */
export const nodePorts = { first: 30_000, last: 32_767 } as const

const textsAt = (object: unknown, path: string): string[] => { const value = at(object, path); return Array.isArray(value) ? value.map(String) : [] }
const isHeadless = (object: KubeObject): boolean => textAt(object, 'spec.clusterIP') === 'None'

/** Whether the world outside reaches a Service by its own means. */
export const isExternal = (spec: unknown): boolean => ['NodePort', 'LoadBalancer'].includes(textAt(spec, 'type')) || (textAt(spec, 'type') === 'ClusterIP' && textsAt(spec, 'externalIPs').length > 0)

function typeCauses (object: KubeObject): Cause[] {
  const type = textAt(object, 'spec.type')
  const name = textAt(object, 'spec.externalName')
  if (type === 'ExternalName') {
    return [
      ...(textAt(object, 'spec.clusterIP') || textsAt(object, 'spec.clusterIPs').length ? [forbiddenValue('spec.clusterIPs', 'may not be set for ExternalName services')] : []),
      ...(name === '' ? [requiredValue('spec.externalName')] : invalidValues('spec.externalName', name, subdomainProblems(name.replace(/\.$/, '')))),
    ]
  }
  return type !== 'ClusterIP' && types.includes(type) && isHeadless(object) ? [invalidValue('spec.clusterIPs[0]', 'None', `may not be set to 'None' for ${type} services`)] : []
}

const targetCauses = (target: unknown, field: string): Cause[] =>
  invalidValues(field, target, typeof target === 'string' ? portNameProblems(target) : portProblems(target))

function portNameCauses (name: string, several: boolean, seen: Set<string>, field: string): Cause[] {
  if (name === '') return several ? [requiredValue(field)] : []
  const again = seen.has(name)
  seen.add(name)
  return [...invalidValues(field, name, labelProblems(name)), ...(again ? [duplicateValue(field, name)] : [])]
}

function portsCauses (ports: readonly Fields[]): Cause[] {
  const seen = new Set<string>()
  return ports.flatMap(({ name = '', port, protocol, targetPort }, i) => {
    const field = `spec.ports[${i}]`
    return [
      ...portNameCauses(String(name), ports.length > 1, seen, `${field}.name`),
      ...invalidValues(`${field}.port`, port ?? 0, portProblems(port)),
      ...oneOf(`${field}.protocol`, protocol, protocols),
      ...targetCauses(targetPort, `${field}.targetPort`),
    ]
  })
}

/** A port as Kubernetes prints its own struct. */
const printedPort = ({ name = '', protocol, appProtocol = null, port, targetPort, nodePort = 0 }: Fields): Fields =>
  ({ Name: name, Protocol: protocol, AppProtocol: appProtocol, Port: port, TargetPort: targetPort, NodePort: nodePort })

function twiceCauses (object: KubeObject, ports: readonly Fields[]): Cause[] {
  const [seen, open] = [new Set<string>(), new Set<string>()]
  const closed = textAt(object, 'spec.type') === 'ClusterIP'
  const again = (set: Set<string>, key: string): boolean => set.has(key) || !set.add(key)
  return [
    ...ports.flatMap(({ nodePort }, i) => closed && nodePort ? [forbiddenValue(`spec.ports[${i}].nodePort`, "may not be used when `type` is 'ClusterIP'")] : []),
    ...ports.flatMap(({ nodePort, protocol }, i) => nodePort && again(open, `${String(protocol)}/${String(nodePort)}`) ? [duplicateValue(`spec.ports[${i}].nodePort`, nodePort)] : []),
    ...ports.flatMap((port, i) => again(seen, `${String(port.protocol)}/${String(port.port)}`) ? [duplicateValue(`spec.ports[${i}]`, printedPort({ ...port, name: '', targetPort: 0, nodePort: 0 }))] : []),
  ]
}

function affinityCauses (object: KubeObject): Cause[] {
  const seconds = numberAt(object, 'spec.sessionAffinityConfig.clientIP.timeoutSeconds', 1)
  return [
    ...oneOf('spec.sessionAffinity', at(object, 'spec.sessionAffinity'), ['ClientIP', 'None']),
    ...(seconds > 0 && seconds <= 86_400 ? [] : [invalidValue('spec.sessionAffinityConfig.clientIP.timeoutSeconds', seconds, 'must be greater than 0 and less than 86400')]),
  ]
}

function addressCauses (object: KubeObject): Cause[] {
  const [own, all] = [textAt(object, 'spec.clusterIP'), textsAt(object, 'spec.clusterIPs')]
  if (textAt(object, 'spec.type') === 'ExternalName' || own === 'None') return []
  if (own && all[0] && all[0] !== own) return [invalidValue('spec.clusterIPs', all, 'first value must match `clusterIP`')]
  return all.flatMap((ip, i) => invalidValues(`spec.clusterIPs[${i}]`, ip, addressProblems(ip)))
}

const network = (text: string): boolean => { const [ip = '', bits = ''] = text.trim().split('/'); return isIP(ip) > 0 && /^\d{1,3}$/.test(bits) && Number(bits) <= (isIP(ip) === 4 ? 32 : 128) }

function balancerCauses (object: KubeObject): Cause[] {
  const balanced = textAt(object, 'spec.type') === 'LoadBalancer'
  const only = "may only be used when `type` is 'LoadBalancer'"
  const ranges = textsAt(object, 'spec.loadBalancerSourceRanges')
  return [
    ...(ranges.length && !balanced ? [forbiddenValue('spec.LoadBalancerSourceRanges', only)] : []),
    ...ranges.flatMap((range, i) => network(range) ? [] : [invalidValue(`spec.LoadBalancerSourceRanges[${i}]`, range, 'must be a valid CIDR value, (e.g. 10.9.8.0/24 or 2001:db8::/64)')]),
    ...(at(object, 'spec.loadBalancerClass') !== undefined && !balanced ? [forbiddenValue('spec.loadBalancerClass', only)] : []),
  ]
}

function policyCauses (object: KubeObject): Cause[] {
  const policy = at(object, 'spec.externalTrafficPolicy')
  const external = isExternal(at(object, 'spec'))
  return [
    ...(external ? oneOf('spec.externalTrafficPolicy', policy, policies) : policy ? [invalidValue('spec.externalTrafficPolicy', policy, 'may only be set for externally-accessible services')] : []),
    ...oneOf('spec.internalTrafficPolicy', at(object, 'spec.internalTrafficPolicy'), policies),
  ]
}

function rangeCauses (ports: readonly Fields[]): Cause[] {
  const { first, last } = nodePorts
  return ports.flatMap(({ nodePort }, i) => typeof nodePort === 'number' && nodePort !== 0 && (nodePort < first || nodePort > last)
    ? [invalidValue(`spec.ports[${i}].nodePort`, nodePort, `provided port is not in the valid range. The range of valid ports is ${first}-${last}`)]
    : [])
}

function changeCauses (object: KubeObject, stored: KubeObject): Cause[] {
  const [before, now] = [textAt(stored, 'spec.clusterIP'), textAt(object, 'spec.clusterIP')]
  const same = textAt(object, 'spec.type') === textAt(stored, 'spec.type')
  return same && before && before !== now ? [invalidValue('spec.clusterIPs[0]', textsAt(object, 'spec.clusterIPs'), 'may not change once set')] : []
}

/** Rules of a Service, in the order in which Kubernetes tells them. */
export function serviceCauses (object: KubeObject, stored?: KubeObject): Cause[] {
  const ports = listAt(object, 'spec.ports')
  const type = textAt(object, 'spec.type')
  const causes = [
    ...(stored ? changeCauses(object, stored) : []),
    ...(ports.length === 0 && type !== 'ExternalName' && !isHeadless(object) ? [requiredValue('spec.ports')] : []),
    ...typeCauses(object),
    ...portsCauses(ports),
    ...labelCauses(recordAt(object, 'spec.selector'), 'spec.selector'),
    ...affinityCauses(object),
    ...addressCauses(object),
    ...textsAt(object, 'spec.externalIPs').flatMap((ip, i) => invalidValues(`spec.externalIPs[${i}]`, ip, addressProblems(ip))),
    ...oneOf('spec.type', type, types),
    ...twiceCauses(object, ports),
    ...balancerCauses(object),
    ...policyCauses(object),
  ]
  // Ports are given out only to what keeps all other rules.
  return causes.length ? causes : rangeCauses(ports)
}
