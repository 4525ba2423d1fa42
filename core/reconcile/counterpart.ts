import { deployments as anyDeployments } from '../../schemas/kube/builtin.js'
import { StatusError } from '../errors/status-error.js'
import type { Kind, Kube, KubeObject } from '../kube/types.js'
import type { Reconciler } from '../sdk/reconciler.js'
import type { Clock } from './clock.js'
import { endOf, holderOf, readLease, sightTheirs, theirLease, timing, type Sighting } from './lease.js'

interface Deployment extends KubeObject {
  spec?: { template?: { spec?: { containers?: { command?: string[], args?: string[] }[] } } }
  status?: { availableReplicas?: number, observedGeneration?: number, replicas?: number, updatedReplicas?: number }
}
const deployments = anyDeployments as Kind as Kind<Deployment>
const theirDeployment = { namespace: theirLease.namespace, name: 'ks-controller-manager' }

/** Which controllers somebody runs, by name. */
export type Claims = (controller: string) => boolean

const everything: Claims = () => true

/** What `--controllers` in a command line says: the first that names a controller decides, `*` means all others. Everything, where it is not there or not to be understood. */
export function claimsOf (command: readonly string[]): Claims {
  const values = command.flatMap((part, i) => part.startsWith('--controllers=') ? [part.slice('--controllers='.length)] : command[i - 1] === '--controllers' ? [part] : [])
  const words = values.flatMap(value => value.split(',')).filter(word => word !== '')
  if (values.length === 0 || words.some(word => !/^(\*|-?[A-Za-z][A-Za-z0-9-]*)$/.test(word))) return everything
  return controller => (words.find(word => word === controller || word === `-${controller}`) ?? (words.includes('*') ? controller : '')) === controller
}

const commandOf = ({ spec }: Deployment): string[] => (spec?.template?.spec?.containers ?? []).flatMap(({ command = [], args = [] }) => [...command, ...args])

/** Whether all that runs is what the Deployment says now. */
const isSettled = ({ metadata, status }: Deployment): boolean =>
  (status?.observedGeneration ?? 0) >= (metadata.generation ?? 0) && (status?.updatedReplicas ?? 0) === (status?.replicas ?? 0)

/** Which of our reconcilers stand down, for whom, and how we know that they are at work. */
export interface StandDown { readonly names: ReadonlySet<string>, readonly by: string, readonly why: string }

export interface Counterpart {
  /** Looks; a name stands down until two lease durations after its work was last seen to be done elsewhere, so that it has surely ended there. */
  look (): Promise<StandDown>
}

/** A Deployment that is not there, or that we may not read. */
const unlessUnreadable = (error: unknown): undefined => {
  if (!(error instanceof StatusError && (error.code === 403 || error.code === 404))) throw error
}

/** Watches for ks-controller-manager: its Lease is the better sign, its Deployment the other, and tells what it runs. */
export function createCounterpart ({ kube, clock, wall, reconcilers }: { kube: Kube, clock: Clock, wall: () => number, reconcilers: readonly Pick<Reconciler, 'name' | 'standsDownFor'>[] }): Counterpart {
  let sighting: Sighting | undefined
  /** What they were last known to run, and who they were. */
  let known: { holder: string, claims: Claims } | undefined
  let by = ''
  let why = ''
  const until = new Map<string, number>()

  function claimed (deployment: Deployment | undefined, holder: string): Claims {
    if (!deployment) return known?.holder === holder ? known.claims : everything
    const claims = claimsOf(commandOf(deployment))
    if (isSettled(deployment)) {
      known = { holder, claims }
      return claims
    }
    // What leaves may still do what it did.
    const before = known?.claims ?? everything
    return controller => claims(controller) || before(controller)
  }

  return {
    async look () {
      const [lease, deployment] = await Promise.all([readLease(kube, theirLease), kube.find(deployments, theirDeployment).catch(unlessUnreadable)])
      const now = clock.now()
      sighting = sightTheirs(lease, sighting, now, wall())
      const silent = endOf(lease, sighting)
      const leads = silent > now
      const runs = !leads && (deployment?.status?.availableReplicas ?? 0) > 0
      if (leads || runs) {
        by = leads ? holderOf(lease) || by : theirDeployment.name
        why = leads ? 'its Lease is renewed' : 'its Deployment is available'
        const end = leads ? silent : now + 4 * timing.duration
        const claims = claimed(deployment, by)
        for (const { name, standsDownFor = [name] } of reconcilers) if (standsDownFor.some(claims)) until.set(name, Math.max(end, until.get(name) ?? end))
      }
      for (const [name, end] of until) if (end <= now) until.delete(name)
      return { names: new Set(until.keys()), by, why }
    },
  }
}
