import { Quantity } from '../../../core/sdk/index.js'
import { forbiddenValue, invalidValue, invalidValues, requiredValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { recordAt } from './cells.js'
import type { Cause } from './types.js'

type Amounts = Readonly<Record<string, unknown>>

const ofContainers = new Set(['cpu', 'memory', 'ephemeral-storage'])
const ofQuotas = new Set(['cpu', 'memory', 'ephemeral-storage', 'pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers',
  ...['requests', 'limits'].flatMap(part => ['cpu', 'memory', 'storage', 'ephemeral-storage'].map(name => `${part}.${name}`))])
const whole = new Set(['pods', 'resourcequotas', 'services', 'replicationcontrollers', 'secrets', 'configmaps', 'persistentvolumeclaims', 'services.nodeports', 'services.loadbalancers'])
const standard = new Set([...ofQuotas, 'storage'])

const isPages = (name: string): boolean => name.startsWith('hugepages-')
const isNative = (name: string): boolean => !name.includes('/') || name.startsWith('kubernetes.io/') || name.includes('.kubernetes.io/')
const isStandard = (name: string): boolean => standard.has(name) || /^((requests|limits)\.)?hugepages-/.test(name)

/** Who may name which resources: a container, a quota. */
const users = {
  containers: { text: 'must be a standard resource for containers', takes: (name: string) => ofContainers.has(name) || isPages(name) },
  quota: { text: 'must be a standard resource for quota', takes: (name: string) => ofQuotas.has(name) || /^((requests|limits)\.)?hugepages-/.test(name) },
} as const

function resourceNameCauses (name: string, field: string, user: keyof typeof users): Cause[] {
  const problems = qualifiedNameProblems(name)
  const plain = !name.includes('/')
  return [
    ...invalidValues(field, name, problems),
    ...(plain && problems.length === 0 && !isStandard(name) ? [invalidValue(field, name, 'must be a standard resource type or fully qualified')] : []),
    ...(plain && !users[user].takes(name) ? [invalidValue(field, name, users[user].text)] : []),
  ]
}

/** Rules of one amount of a resource. */
export function amountCauses (name: string, amount: unknown, field: string): Cause[] {
  const counts = whole.has(name) || !isNative(name)
  return [
    ...(Quantity.of(amount).sign < 0 ? [invalidValue(field, amount, 'must be greater than or equal to 0')] : []),
    ...(counts && !Quantity.of(amount).isWhole ? [invalidValue(field, amount, 'must be an integer')] : []),
  ]
}

/** Rules of amounts by the names of their resources. */
export const amountsCauses = (amounts: Amounts, field: string, user: keyof typeof users): Cause[] => Object.entries(amounts).flatMap(([name, amount]) =>
  [...resourceNameCauses(name, `${field}[${name}]`, user), ...amountCauses(name, amount, `${field}[${name}]`)])

function requestCauses (name: string, amount: unknown, limits: Amounts, field: string): Cause[] {
  const limit = limits[name]
  const overcommits = isNative(name) && !isPages(name)
  if (limit === undefined) return overcommits ? [] : [requiredValue(`${field}.limits`, 'Limit must be set for non overcommitable resources')]
  const order = Quantity.of(amount).compare(Quantity.of(limit))
  if (!overcommits && order !== 0) return [invalidValue(`${field}.requests`, amount, `must be equal to ${name} limit of ${String(limit)}`)]
  return order > 0 ? [invalidValue(`${field}.requests`, amount, `must be less than or equal to ${name} limit of ${String(limit)}`)] : []
}

/** Rules of what a container asks for and may use. */
export function resourceCauses (container: unknown, field: string): Cause[] {
  const [limits, requests] = [recordAt(container, 'resources.limits'), recordAt(container, 'resources.requests')]
  const names = [...Object.keys(limits), ...Object.keys(requests)]
  if (names.length === 0) return []
  const place = `${field}.resources`
  return [
    ...amountsCauses(limits, `${place}.limits`, 'containers'),
    ...Object.entries(requests).flatMap(([name, amount]) => [...amountsCauses({ [name]: amount }, `${place}.requests`, 'containers'), ...requestCauses(name, amount, limits, place)]),
    ...(names.some(isPages) && !names.includes('cpu') && !names.includes('memory') ? [forbiddenValue(place, 'HugePages require cpu or memory')] : []),
  ]
}
