import { isRecord } from '../../../core/sdk/index.js'
import { at, listAt } from './cells.js'
import { containerDefaults, requestDefaults } from './container-defaults.js'
import { fill, within } from './row.js'
import type { Draft } from './types.js'
import { volumeDefaults } from './volume-defaults.js'

type Fields = Record<string, unknown>

const lists = ['containers', 'initContainers', 'ephemeralContainers'] as const

/** Two names of one field. */
function accountDefaults (spec: Fields): void {
  const name = spec.serviceAccountName || spec.serviceAccount
  if (name) Object.assign(spec, { serviceAccountName: name, serviceAccount: name })
}

/** Fills what Kubernetes fills in a PodSpec, of a Pod or a template. */
export function podSpecDefaults (spec: Fields): void {
  fill(spec, { restartPolicy: 'Always', terminationGracePeriodSeconds: 30, dnsPolicy: 'ClusterFirst', securityContext: {}, schedulerName: 'default-scheduler' })
  accountDefaults(spec)
  for (const list of lists) for (const container of listAt(spec, list)) containerDefaults(container)
  for (const volume of listAt(spec, 'volumes')) volumeDefaults(volume)
}

function hostPorts (container: Fields): void {
  for (const port of listAt(container, 'ports')) if (!port.hostPort) port.hostPort = port.containerPort
}

/** Fills what Kubernetes fills in Pods beyond their spec's own defaults. */
export function podDefaults (spec: Fields): void {
  podSpecDefaults(spec)
  fill(spec, { enableServiceLinks: true })
  for (const list of lists.slice(0, 2)) {
    for (const container of listAt(spec, list)) {
      requestDefaults(container)
      if (spec.hostNetwork === true) hostPorts(container)
    }
  }
}

/** The same for the pods that a workload makes. */
export function templateDefaults (draft: Draft | Fields, path = 'template'): void {
  const template = at(draft, path)
  if (isRecord(template)) podSpecDefaults(within(template, 'spec'))
}
