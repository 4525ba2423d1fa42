import { isIPv4, isIPv6 } from 'node:net'
import { isRecord, type KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, invalidValues, namedValue, requiredValue } from '../causes.js'
import { addressProblems, pathSegmentProblems, subdomainProblems } from '../names.js'
import { isWholeNetwork, networkCauses, networkOf } from './addresses.js'
import { at, textAt } from './cells.js'
import { ageColumn, builtin, column } from './row.js'
import { fixed } from './rules.js'
import type { Cause, KindRow } from './types.js'

/** The one way to write an address. */
const canonical = (address: string): string => isIPv6(address) ? new URL(`http://[${address}]`).hostname.slice(1, -1) : address

/** An address is named by itself. */
function nameCauses ({ metadata: { name } }: KubeObject): Cause[] {
  const problems = addressProblems(name)
  if (problems.length) return invalidValues('metadata.name', name, problems)
  return canonical(name) === name ? [] : [invalidValue('metadata.name', name, `must be in canonical form (${JSON.stringify(canonical(name))})`)]
}

function parentCauses (object: KubeObject): Cause[] {
  const [field, parent] = ['spec.parentRef', at(object, 'spec.parentRef')]
  if (!isRecord(parent)) return [requiredValue(field)]
  const [group, namespace] = [textAt(parent, 'group'), textAt(parent, 'namespace')]
  return [
    ...group ? invalidValues(`${field}.group`, group, subdomainProblems(group)) : [],
    ...['resource', 'name'].flatMap(key => namedValue(`${field}.${key}`, textAt(parent, key), pathSegmentProblems)),
    ...invalidValues(`${field}.namespace`, namespace, pathSegmentProblems(namespace)),
  ]
}

function parentText (object: KubeObject): string {
  const parent = at(object, 'spec.parentRef')
  if (!isRecord(parent)) return '<none>'
  const [group, resource, namespace, name] = ['group', 'resource', 'namespace', 'name'].map(key => textAt(parent, key))
  return [`${resource}${group ? `.${group}` : ''}`.toLowerCase(), ...namespace ? [namespace] : [], name].join('/')
}

const addresses = builtin('networking.k8s.io/v1', 'ipaddresses', 'IPAddress', {
  namespaced: false,
  shortNames: ['ip'],
  strategy: {
    names: 'path',
    validate: (object, stored) => [...nameCauses(object), ...parentCauses(object), ...fixed(object, stored, 'spec.parentRef')],
  },
  columns: [column('ParentRef', 'string', parentText), ageColumn],
})

const networksOf = (object: KubeObject): string[] => { const networks = at(object, 'spec.cidrs'); return Array.isArray(networks) ? networks.map(String) : [] }

function rangeCauses (field: string, text: string): Cause[] {
  const network = networkOf(text)
  if (!network) return networkCauses(field, text)
  return isWholeNetwork(network) ? [] : [invalidValue(field, text, 'must not have bits set beyond the prefix length')]
}

function networksCauses (object: KubeObject): Cause[] {
  const [field, networks] = ['spec.cidrs', networksOf(object)]
  if (networks.length === 0) return [requiredValue(field, 'at least one CIDR required')]
  if (networks.length > 2) return [invalidValue(field, { CIDRs: networks }, 'may only hold up to 2 values')]
  const families = networks.map(text => isIPv4(networkOf(text)?.address ?? '') ? 4 : networkOf(text) ? 6 : undefined)
  const twice = families.length === 2 && families[0] !== undefined && families[0] === families[1]
  return [...networks.flatMap((text, i) => rangeCauses(`${field}[${i}]`, text)), ...twice ? [invalidValue(field, networks, 'may specify no more than one IP for each IP family, i.e 192.168.0.0/24 and 2001:db8::/64')] : []]
}

/** A second network may come, of the other family; the first stays. */
function networkChanges (object: KubeObject, stored: KubeObject): Cause[] {
  const [before, after] = [networksOf(stored), networksOf(object)]
  const changed = before.flatMap((text, i) => after[i] === text ? [] : [invalidValue(`spec.cidrs[${i}]`, after[i], 'field is immutable')])
  if (before.length === after.length) return changed
  return before.length === 1 && after.length === 2 ? [...changed, ...networksCauses(object)] : [invalidValue('spec.cidrs', after, 'field is immutable')]
}

const ranges = builtin('networking.k8s.io/v1', 'servicecidrs', 'ServiceCIDR', {
  namespaced: false,
  subresources: { status: true },
  strategy: { validate: (object, stored) => stored ? networkChanges(object, stored) : networksCauses(object) },
  columns: [column('CIDRs', 'string', object => networksOf(object).join(',')), ageColumn],
})

export const serviceAddressKinds: readonly KindRow[] = [addresses, ranges]
