import type { KubeObject } from '../../../core/sdk/index.js'
import { invalidValue, requiredValue } from '../metadata.js'
import { at, isRecord, listAt, textAt } from './cells.js'
import { flag, int, keyed, list, long, map, quantities, record, text, conditions, type Fragment } from './fragments.js'
import { ageColumn, builtin, column, fill, wide, within } from './row.js'
import type { Cause, Draft, KindRow } from './types.js'

type Fields = Record<string, unknown>

const probe: Fragment = record({ initialDelaySeconds: int, timeoutSeconds: int, periodSeconds: int, successThreshold: int, failureThreshold: int })
const containerFields = {
  name: text,
  image: text,
  imagePullPolicy: text,
  command: list(text),
  args: list(text),
  workingDir: text,
  ports: keyed('containerPort', record({ name: text, containerPort: int, hostPort: int, protocol: text, hostIP: text }), ['containerPort', 'protocol']),
  env: keyed('name', record({ name: text, value: text, valueFrom: record() })),
  envFrom: list(record({ prefix: text })),
  resources: record({ limits: quantities, requests: quantities }),
  volumeMounts: keyed('mountPath', record({ name: text, mountPath: text, readOnly: flag, subPath: text })),
  livenessProbe: probe,
  readinessProbe: probe,
  startupProbe: probe,
  terminationMessagePath: text,
  terminationMessagePolicy: text,
  securityContext: record(),
  stdin: flag,
  tty: flag,
}
const containers = keyed('name', record(containerFields))

/** PodSpec, wherever it stands. */
export const podSpec: Fragment = record({
  containers,
  initContainers: containers,
  ephemeralContainers: containers,
  volumes: keyed('name', record({ name: text })),
  restartPolicy: text,
  dnsPolicy: text,
  schedulerName: text,
  nodeName: text,
  nodeSelector: map(),
  serviceAccountName: text,
  serviceAccount: text,
  automountServiceAccountToken: flag,
  terminationGracePeriodSeconds: long,
  activeDeadlineSeconds: long,
  hostNetwork: flag,
  hostPID: flag,
  hostIPC: flag,
  hostname: text,
  subdomain: text,
  affinity: record(),
  tolerations: list(record({ key: text, operator: text, value: text, effect: text, tolerationSeconds: long })),
  topologySpreadConstraints: keyed('topologyKey', record(), ['topologyKey', 'whenUnsatisfiable']),
  imagePullSecrets: keyed('name', record({ name: text })),
  hostAliases: keyed('ip', record({ ip: text, hostnames: list(text) })),
  priorityClassName: text,
  securityContext: record(),
  dnsConfig: record(),
  overhead: quantities,
})

export const podTemplate: Fragment = record({ metadata: record({ name: text, labels: map(), annotations: map() }), spec: podSpec })

/** What moves is pulled each time. */
function pullPolicy (image: string): string {
  if (image.includes('@')) return 'IfNotPresent'
  const [, tag = 'latest'] = image.slice(image.lastIndexOf('/') + 1).split(':')
  return tag === 'latest' ? 'Always' : 'IfNotPresent'
}

function containerDefaults (container: Fields): void {
  const image = typeof container.image === 'string' ? container.image : ''
  fill(container, { resources: {}, terminationMessagePath: '/dev/termination-log', terminationMessagePolicy: 'File', imagePullPolicy: pullPolicy(image) })
  for (const port of listAt(container, 'ports')) fill(port, { protocol: 'TCP' })
  for (const name of ['livenessProbe', 'readinessProbe', 'startupProbe']) {
    if (isRecord(container[name])) fill(container[name], { timeoutSeconds: 1, periodSeconds: 10, successThreshold: 1, failureThreshold: 3 })
  }
  const { limits } = container.resources as Fields
  if (isRecord(limits)) fill(within(container.resources as Fields, 'requests'), limits)
}

/** Fills what Kubernetes fills in a PodSpec. */
export function podSpecDefaults (spec: Fields): void {
  fill(spec, { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler' })
  if (spec.serviceAccountName && !spec.serviceAccount) spec.serviceAccount = spec.serviceAccountName
  for (const part of ['containers', 'initContainers']) for (const container of listAt(spec, part)) containerDefaults(container)
}

const pattern = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/

/** Rules of a PodSpec; `field` is where it stands. */
export function podSpecCauses (spec: unknown, field: string): Cause[] {
  const list = listAt(spec, 'containers')
  if (list.length === 0) return [requiredValue(`${field}.containers`)]
  const seen = new Set<unknown>()
  return [...list.map((container, i) => [container, `${field}.containers[${i}]`] as const), ...listAt(spec, 'initContainers').map((container, i) => [container, `${field}.initContainers[${i}]`] as const)].flatMap(([{ name, image }, place]) => {
    const causes: Cause[] = []
    if (typeof name !== 'string' || name === '') causes.push(requiredValue(`${place}.name`))
    else if (name.length > 63 || !pattern.test(name)) causes.push(invalidValue(`${place}.name`, name, "a lowercase RFC 1123 label must consist of lower case alphanumeric characters or '-', and must start and end with an alphanumeric character (e.g. 'my-name',  or '123-abc', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?')"))
    else if (seen.has(name)) causes.push({ reason: 'FieldValueDuplicate', message: `Duplicate value: ${JSON.stringify(name)}`, field: `${place}.name` })
    seen.add(name)
    if (typeof image !== 'string' || image === '') causes.push(requiredValue(`${place}.image`))
    return causes
  })
}

const restartPolicies = new Set(['Always', 'OnFailure', 'Never'])

function qosClass (spec: unknown): string {
  const all = listAt(spec, 'containers').map(container => [at(container, 'resources.requests'), at(container, 'resources.limits')])
  if (all.every(pair => pair.every(record => !isRecord(record) || Object.keys(record).length === 0))) return 'BestEffort'
  const whole = all.every(([requests, limits]) => ['cpu', 'memory'].every(name => isRecord(limits) && limits[name] !== undefined && isRecord(requests) && String(requests[name]) === String(limits[name])))
  return whole ? 'Guaranteed' : 'Burstable'
}

/** What `kubectl get pods` calls a pod's state. */
function statusText (pod: KubeObject): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating'
  for (const status of listAt(pod, 'status.containerStatuses')) {
    const reason = textAt(status, 'state.waiting.reason') || textAt(status, 'state.terminated.reason')
    if (reason) return reason
  }
  return textAt(pod, 'status.reason') || textAt(pod, 'status.phase') || 'Unknown'
}

const ready = (pod: KubeObject): string => `${listAt(pod, 'status.containerStatuses').filter(({ ready }) => ready === true).length}/${listAt(pod, 'spec.containers').length}`
const restarts = (pod: KubeObject): number => listAt(pod, 'status.containerStatuses').reduce((sum, { restartCount }) => sum + (typeof restartCount === 'number' ? restartCount : 0), 0)

const specChanges = new Set(['activeDeadlineSeconds', 'terminationGracePeriodSeconds', 'tolerations', 'containers', 'initContainers'])

export const pods: KindRow = builtin('v1', 'pods', 'Pod', {
  shortNames: ['po'],
  categories: ['all'],
  subresources: { status: true },
  properties: { spec: podSpec, status: record({ phase: text, conditions, podIP: text, hostIP: text, podIPs: keyed('ip', record()), containerStatuses: list() }) },
  strategy: {
    defaults: draft => { if (isRecord(draft.spec)) podSpecDefaults(draft.spec) },
    prepareCreate: draft => { draft.status = { phase: 'Pending', qosClass: qosClass(draft.spec) } },
    validate: (object, stored) => {
      const policy = textAt(object, 'spec.restartPolicy')
      const causes = podSpecCauses(at(object, 'spec'), 'spec')
      if (policy && !restartPolicies.has(policy)) causes.push({ reason: 'FieldValueNotSupported', message: `Unsupported value: ${JSON.stringify(policy)}: supported values: "Always", "Never", "OnFailure"`, field: 'spec.restartPolicy' })
      if (stored) {
        const [before, after] = [at(stored, 'spec'), at(object, 'spec')].map(spec => isRecord(spec) ? spec : {}) as [Fields, Fields]
        const changed = [...new Set([...Object.keys(before), ...Object.keys(after)])].some(key => !specChanges.has(key) && JSON.stringify(before[key]) !== JSON.stringify(after[key]))
        if (changed) causes.push({ reason: 'FieldValueForbidden', message: 'Forbidden: pod updates may not change fields other than `spec.containers[*].image`,`spec.initContainers[*].image`,`spec.activeDeadlineSeconds`,`spec.tolerations` (only additions to existing tolerations),`spec.terminationGracePeriodSeconds` (allow it to be set to 1 if it was previously negative)', field: 'spec' })
      }
      return causes
    },
  },
  columns: [
    column('Ready', 'string', ready, 'The ready containers, of all.'),
    column('Status', 'string', statusText, 'The state of the containers, taken together.'),
    column('Restarts', 'string', pod => String(restarts(pod)), 'How often containers were started again.'),
    ageColumn,
    wide('IP', 'string', pod => textAt(pod, 'status.podIP') || '<none>'),
    wide('Node', 'string', pod => textAt(pod, 'spec.nodeName') || '<none>'),
    wide('Nominated Node', 'string', pod => textAt(pod, 'status.nominatedNodeName') || '<none>'),
    wide('Readiness Gates', 'string', () => '<none>'),
  ],
  fields: Object.fromEntries(['spec.nodeName', 'spec.restartPolicy', 'spec.schedulerName', 'spec.serviceAccountName', 'spec.hostNetwork', 'status.phase', 'status.podIP', 'status.nominatedNodeName'].map(path => [path, (object: KubeObject) => String(at(object, path) ?? '')])),
})

/** The same for the pods that a workload makes. */
export const templateDefaults = (draft: Draft | Fields, path = 'template'): void => {
  const template = at(draft, path)
  if (isRecord(template)) podSpecDefaults(within(template, 'spec'))
}
