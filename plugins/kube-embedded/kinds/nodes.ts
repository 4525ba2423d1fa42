import type { KubeObject } from '../../../core/sdk/index.js'
import { duplicateValue, namedValue, requiredValue } from '../causes.js'
import { qualifiedNameProblems } from '../names.js'
import { at, listAt, recordAt, textAt } from './cells.js'
import { ageColumn, builtin, column, fill, wide, within } from './row.js'
import { oneOf } from './rules.js'
import type { Cause, Draft, KindRow } from './types.js'

const none = '<none>'
const rolePrefix = 'node-role.kubernetes.io/'

const roles = ({ metadata: { labels = {} } }: KubeObject): string => Object.keys(labels).flatMap(label => label.startsWith(rolePrefix) ? [label.slice(rolePrefix.length)] : []).sort().join(',') || none

function readiness (object: KubeObject): string {
  const condition = listAt(object, 'status.conditions').find(({ type }) => type === 'Ready')
  return [condition?.status === 'True' ? 'Ready' : condition?.status === 'False' ? 'NotReady' : 'Unknown', ...(at(object, 'spec.unschedulable') === true ? ['SchedulingDisabled'] : [])].join(',')
}

const address = (type: string) => (object: KubeObject): string => String(listAt(object, 'status.addresses').find(one => one.type === type)?.address ?? none)

/** What a node has is what it may give away, unless it says otherwise. */
function nodeDefaults (draft: Draft): void {
  const status = within(draft, 'status')
  if (status.capacity !== undefined && status.allocatable === undefined) status.allocatable = structuredClone(status.capacity)
  const spec = within(draft, 'spec')
  if (typeof spec.podCIDR === 'string') fill(spec, { podCIDRs: [spec.podCIDR] })
}

const notReady = { key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' } as const

/** Nothing is put on a node before somebody says that it is ready. */
function taint (draft: Draft): void {
  const spec = within(draft, 'spec')
  const own = listAt(spec, 'taints')
  if (!own.some(({ key, effect }) => key === notReady.key && effect === notReady.effect)) spec.taints = [...own, { ...notReady }]
}

function taintCauses (object: KubeObject): Cause[] {
  const seen = new Set<string>()
  return listAt(object, 'spec.taints').flatMap(({ key = '', value = '', effect = '', timeAdded = null }, i) => {
    const field = `metadata.taints[${i}]`
    const again = seen.has(`${String(key)}:${String(effect)}`)
    seen.add(`${String(key)}:${String(effect)}`)
    const twice = duplicateValue(field, { Key: key, Value: value, Effect: effect, TimeAdded: timeAdded })
    return [
      ...namedValue(`${field}.key`, String(key), qualifiedNameProblems),
      ...(effect === '' ? [requiredValue(`${field}.effect`)] : oneOf(`${field}.effect`, effect, ['NoSchedule', 'PreferNoSchedule', 'NoExecute'])),
      ...(again ? [{ ...twice, message: `${twice.message}: taints must be unique by key and effect pair` }] : []),
    ]
  })
}

const known = (path: string) => (object: KubeObject): string => textAt(object, path) || '<unknown>'

const nodes = builtin('v1', 'nodes', 'Node', {
  namespaced: false,
  shortNames: ['no'],
  subresources: { status: true },
  strategy: {
    ownStatus: true,
    defaults: nodeDefaults,
    prepareCreate: taint,
    validate: taintCauses,
  },
  columns: [
    column('Status', 'string', readiness),
    column('Roles', 'string', roles),
    ageColumn,
    column('Version', 'string', object => textAt(object, 'status.nodeInfo.kubeletVersion')),
    wide('Internal-IP', 'string', address('InternalIP')),
    wide('External-IP', 'string', address('ExternalIP')),
    wide('OS-Image', 'string', known('status.nodeInfo.osImage')),
    wide('Kernel-Version', 'string', known('status.nodeInfo.kernelVersion')),
    wide('Container-Runtime', 'string', known('status.nodeInfo.containerRuntimeVersion')),
  ],
  fields: { 'spec.unschedulable': object => String(recordAt(object, 'spec').unschedulable ?? false) },
})

export const nodeKinds: readonly KindRow[] = [nodes]
