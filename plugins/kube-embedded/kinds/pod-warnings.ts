import { isDeepStrictEqual } from 'node:util'
import { isRecord, Quantity, type KubeObject } from '../../../core/sdk/index.js'
import { plainLabelProblems } from '../names.js'
import { at, listAt, recordAt } from './cells.js'

type Fields = Record<string, unknown>

/** Labels of nodes that have got other names. */
const renamed: Readonly<Record<string, readonly [since: string, name: string]>> = {
  'beta.kubernetes.io/arch': ['v1.14', 'kubernetes.io/arch'],
  'beta.kubernetes.io/os': ['v1.14', 'kubernetes.io/os'],
  'failure-domain.beta.kubernetes.io/region': ['v1.17', 'topology.kubernetes.io/region'],
  'failure-domain.beta.kubernetes.io/zone': ['v1.17', 'topology.kubernetes.io/zone'],
  'beta.kubernetes.io/instance-type': ['v1.17', 'node.kubernetes.io/instance-type'],
}

const selectorWarnings = (spec: unknown, field: string): string[] => Object.keys(recordAt(spec, 'nodeSelector')).flatMap(key => {
  const [since, name] = renamed[key] ?? []
  return name === undefined ? [] : [`${field}.nodeSelector[${key}]: deprecated since ${since}; use ${JSON.stringify(name)} instead`]
})

const spreadWarnings = (spec: unknown, field: string): string[] => listAt(spec, 'topologySpreadConstraints').flatMap(({ labelSelector }, i) =>
  labelSelector === undefined ? [`${field}.topologySpreadConstraints[${i}].labelSelector: a null labelSelector results in matching no pod`] : [])

/** The values of a list that stand there again, by their places. */
function again (values: readonly unknown[]): [i: number, value: unknown][] {
  const seen = new Set<unknown>()
  return [...values.entries()].filter(([, value]) => {
    const twice = seen.has(value)
    seen.add(value)
    return twice
  })
}

const aliasWarnings = (spec: unknown, field: string): string[] =>
  again(listAt(spec, 'hostAliases').map(({ ip }) => ip)).map(([i, ip]) => `${field}.hostAliases[${i}].ip: duplicate ip ${JSON.stringify(ip)}`)

function secretWarnings (spec: unknown, field: string): string[] {
  const names = listAt(spec, 'imagePullSecrets').map(({ name = '' }) => name)
  const place = `${field}.imagePullSecrets`
  return [
    ...again(names).filter(([, name]) => name !== '').map(([i, name]) => `${place}[${i}].name: duplicate name ${JSON.stringify(name)}`),
    ...names.flatMap((name, i) => name === '' ? [`${place}[${i}].name: invalid empty name ""`] : []),
  ]
}

const volumeWarnings = (spec: unknown, field: string): string[] => listAt(spec, 'volumes').flatMap(({ gitRepo }, i) =>
  isRecord(gitRepo) ? [`${field}.volumes[${i}].gitRepo: deprecated in v1.11, and disabled by default in v1.33+`] : [])

const variableWarnings = (container: Fields, field: string): string[] => again(listAt(container, 'env').map(({ name }) => name))
  .map(([i, name]) => `${field}.env[${i}]: hides previous definition of ${JSON.stringify(name)}, which may be dropped when using apply`)

const amountWarnings = (container: Fields, field: string): string[] => ['limits', 'requests'].flatMap(part => ['memory', 'ephemeral-storage'].flatMap(name => {
  const amount = recordAt(container, `resources.${part}`)[name]
  return amount === undefined || Quantity.of(amount).isWhole ? [] : [`${field}.resources.${part}[${name}]: fractional byte value ${JSON.stringify(amount)} is invalid, must be an integer`]
}))

function portWarnings (spec: unknown, field: string): string[] {
  const first = new Map<string, string>()
  return listAt(spec, 'containers').flatMap((container, i) => listAt(container, 'ports').flatMap(({ containerPort, protocol, hostPort = 0, hostIP = '' }, n) => {
    const [key, place] = [[containerPort, protocol, hostPort, hostIP].map(String).join('/'), `${field}.containers[${i}].ports[${n}]`]
    const other = first.get(key)
    first.set(key, other ?? place)
    return other === undefined ? [] : [`${place}: duplicate port definition with ${other}`]
  }))
}

const containerWarnings = (spec: unknown, field: string): string[] => ['initContainers', 'containers'].flatMap(list => listAt(spec, list).flatMap((container, i) =>
  [...amountWarnings(container, `${field}.${list}[${i}]`), ...variableWarnings(container, `${field}.${list}[${i}]`)]))

/** What is taken of a PodSpec but hardly meant; `field` is where it stands. */
export function podSpecWarnings (spec: unknown, field: string): string[] {
  return [
    ...selectorWarnings(spec, field), ...spreadWarnings(spec, field), ...aliasWarnings(spec, field), ...secretWarnings(spec, field),
    ...volumeWarnings(spec, field), ...containerWarnings(spec, field), ...portWarnings(spec, field),
  ]
}

/** The name of a Pod becomes that of its host. */
function nameWarnings (name: string): string[] {
  const problems = plainLabelProblems(name)
  return problems.length ? [`metadata.name: this is used in the Pod's hostname, which can result in surprising behavior; a DNS label is recommended: [${problems.join(' ')}]`] : []
}

/** Said once, when a Pod is made. */
export const podWarnings = (pod: KubeObject, stored?: KubeObject): string[] => stored ? [] : [...nameWarnings(pod.metadata.name), ...podSpecWarnings(at(pod, 'spec'), 'spec')]

/** The same of the template at a path, each time the object counts a new generation. */
export const templateWarnings = (path: string) => (object: KubeObject, stored?: KubeObject): string[] =>
  stored && isDeepStrictEqual(at(object, 'spec'), at(stored, 'spec')) ? [] : podSpecWarnings(at(object, `${path}.spec`), `${path}.spec`)
