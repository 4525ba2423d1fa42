import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue, unsupportedValue } from '../causes.js'
import { portNameProblems } from '../names.js'
import { isWider, networkCauses, networkOf, type Network } from './addresses.js'
import { at, listAt, selectorText } from './cells.js'
import { ageColumn, builtin, column, fill, within } from './row.js'
import { oneOf, portCauses } from './rules.js'
import { selectorCauses } from './selectors.js'
import type { Cause, KindRow } from './types.js'

type Fields = Record<string, unknown>

const protocols = ['TCP', 'UDP', 'SCTP']

function endPortCauses (port: unknown, endPort: unknown, field: string): Cause[] {
  if (endPort === undefined) return []
  if (port === undefined) return [invalidValue(field, endPort, 'may not be specified when `port` is not specified')]
  if (typeof port !== 'number') return [invalidValue(field, endPort, 'may not be specified when `port` is non-numeric')]
  return [...Number(endPort) < port ? [invalidValue(field, port, 'must be greater than or equal to `port`')] : [], ...portCauses(field, endPort)]
}

function portsCauses ({ protocol, port, endPort }: Fields, field: string): Cause[] {
  const end = endPortCauses(port, endPort, `${field}.endPort`)
  const own = typeof port === 'string' ? invalidValues(`${field}.port`, port, portNameProblems(port)) : port === undefined ? [] : portCauses(`${field}.port`, port)
  return [...oneOf(`${field}.protocol`, protocol, protocols), ...typeof port === 'string' ? [...end, ...own] : [...own, ...end]]
}

function exceptCauses (whole: Network, text: string, field: string): Cause[] {
  const part = networkOf(text)
  if (!part) return networkCauses(field, text)
  return isWider(whole, part) ? [] : [invalidValue(field, text, 'must be a strict subset of `cidr`')]
}

function blockCauses (block: Fields, field: string): Cause[] {
  const cidr = String(block.cidr ?? '')
  if (cidr === '') return [requiredValue(`${field}.cidr`)]
  const [whole, except] = [networkOf(cidr), Array.isArray(block.except) ? block.except.map(String) : []]
  return whole ? except.flatMap((text, i) => exceptCauses(whole, text, `${field}.except[${i}]`)) : networkCauses(`${field}.cidr`, cidr)
}

function peerCauses (peer: Fields, field: string): Cause[] {
  const { podSelector, namespaceSelector, ipBlock } = peer
  const peers = [podSelector, namespaceSelector, ipBlock].filter(one => one !== undefined).length
  return [
    ...selectorCauses(podSelector, `${field}.podSelector`),
    ...selectorCauses(namespaceSelector, `${field}.namespaceSelector`),
    ...isRecord(ipBlock) ? blockCauses(ipBlock, `${field}.ipBlock`) : [],
    ...peers === 0 ? [requiredValue(field, 'must specify a peer')] : [],
    ...peers > 1 && ipBlock !== undefined ? [forbiddenValue(field, 'may not specify both ipBlock and another peer')] : [],
  ]
}

/** Rules for traffic of one way; `peers` is where those at the other end stand. */
const wayCauses = (object: KubeObject, way: string, peers: string): Cause[] => listAt(object, `spec.${way}`).flatMap((rule, i) => {
  const field = `spec.${way}[${i}]`
  return [...listAt(rule, 'ports').flatMap((port, j) => portsCauses(port, `${field}.ports[${j}]`)), ...listAt(rule, peers).flatMap((peer, j) => peerCauses(peer, `${field}.${peers}[${j}]`))]
})

function typeCauses (object: KubeObject): Cause[] {
  const types = at(object, 'spec.policyTypes')
  if (!Array.isArray(types)) return []
  if (types.length > 2) return [invalidValue('spec.policyTypes', types, 'may not specify more than two policyTypes')]
  return types.flatMap((type, i) => type === 'Ingress' || type === 'Egress' ? [] : [unsupportedValue(`spec.policyTypes[${i}]`, type, ['Ingress', 'Egress'])])
}

const networkPolicies = builtin('networking.k8s.io/v1', 'networkpolicies', 'NetworkPolicy', {
  shortNames: ['netpol'],
  strategy: {
    defaults: draft => {
      const spec = within(draft, 'spec')
      if (!Array.isArray(spec.policyTypes) || spec.policyTypes.length === 0) spec.policyTypes = ['Ingress', ...listAt(spec, 'egress').length ? ['Egress'] : []]
      for (const way of ['ingress', 'egress']) for (const rule of listAt(spec, way)) for (const port of listAt(rule, 'ports')) fill(port, { protocol: 'TCP' })
    },
    validate: object => [...selectorCauses(at(object, 'spec.podSelector'), 'spec.podSelector'), ...wayCauses(object, 'ingress', 'from'), ...wayCauses(object, 'egress', 'to'), ...typeCauses(object)],
  },
  columns: [column('Pod-Selector', 'string', object => selectorText(at(object, 'spec.podSelector'))), ageColumn],
})

export const networkPolicyKinds: readonly KindRow[] = [networkPolicies]
