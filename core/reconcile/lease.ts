import type { Lease } from '../../schemas/kube/builtin.js'
import type { Kube, ObjectRef } from '../kube/types.js'
import { unlessTaken } from '../errors/status-error.js'
import { leases, namespaces } from '../../schemas/kube/builtin.js'

export const ownLease = { namespace: 'kubesphere-system', name: 'ks-apiserver-reconcilers' }
/** The lease of KubeSphere's own controllers, which do the same work. */
export const theirLease = { namespace: 'kubesphere-system', name: 'ks-controller-manager-leader-election' }

/** Seconds as ms: how long a lease holds, how long its holder works without a renewal, how often everybody looks, and how long one look may take. */
export const timing = { duration: 15_000, deadline: 10_000, period: 2000, patience: 4000 }
export type Timing = typeof timing

/** What a lease said, and when by our clock it began to say so. */
export interface Sighting { readonly said: string, readonly at: number }

const saidBy = ({ spec = {} }: Lease): string => JSON.stringify([spec.holderIdentity, spec.acquireTime, spec.renewTime, spec.leaseTransitions])

/** The sighting after a look at `now`; an unchanged lease keeps its time. */
export function sight (lease: Lease | undefined, last: Sighting | undefined, now: number): Sighting | undefined {
  if (!lease) return undefined
  const said = saidBy(lease)
  return last?.said === said ? last : { said, at: now }
}

const durationOf = ({ spec }: Lease, otherwise: number): number => {
  const seconds = spec?.leaseDurationSeconds
  return seconds !== undefined && seconds > 0 ? Math.min(seconds * 1000, 10 * otherwise) : otherwise
}

export const holderOf = (lease: Lease | undefined): string => lease?.spec?.holderIdentity ?? ''

/**
 * Whether `identity` may write itself into the lease. Other people's clocks are not asked: a holder is gone when its lease has not changed for the
 * lease's duration, or where `isDead` knows it.
 */
export function isFree (lease: Lease | undefined, sighting: Sighting | undefined, identity: string, now: number, isDead: (holder: string) => boolean = () => false): boolean {
  const holder = holderOf(lease)
  if (!lease || !sighting || holder === '' || holder === identity || isDead(holder)) return true
  return now - sighting.at >= durationOf(lease, timing.duration)
}

/** The sighting of another program's lease: at the first look its own time tells how long it has been silent. `wall` is the time of day (ms). */
export function sightTheirs (lease: Lease | undefined, last: Sighting | undefined, now: number, wall: number): Sighting | undefined {
  if (!lease || last) return sight(lease, last, now)
  const silent = Math.max(wall - Date.parse(lease.spec?.renewTime ?? ''), 0) || 0
  return { said: saidBy(lease), at: holderOf(lease) === '' ? -Infinity : now - silent }
}

/** When the work of the other program has surely ended: two durations after its lease last changed. */
export const endOf = (lease: Lease | undefined, sighting: Sighting | undefined): number =>
  lease && sighting ? sighting.at + 2 * Math.max(durationOf(lease, 2 * timing.duration), timing.duration) : -Infinity

/** As meta/v1 MicroTime. */
const microTime = (wall: number): string => new Date(wall).toISOString().replace('Z', '000Z')

/** The lease with `identity` in it, renewed at `wall` (time of day, ms). */
export function held (lease: Lease | undefined, identity: string, wall: number): Lease {
  const renewTime = microTime(wall)
  const { spec = {}, metadata } = lease ?? { metadata: { ...ownLease } }
  const kept = holderOf(lease) === identity
  const leaseTransitions = (spec.leaseTransitions ?? 0) + (kept || !lease ? 0 : 1)
  return { ...lease, metadata, spec: { ...spec, holderIdentity: identity, leaseDurationSeconds: timing.duration / 1000, renewTime, acquireTime: kept ? spec.acquireTime ?? renewTime : renewTime, leaseTransitions } }
}

/** The lease with nobody in it. */
export const released = (lease: Lease, wall: number): Lease => ({ ...lease, spec: { ...lease.spec, holderIdentity: '', leaseDurationSeconds: 1, renewTime: microTime(wall) } })

/** Writes a lease over the one that was read; the namespace is made where it is missing. A faster writer is a 409. */
export async function writeLease (kube: Kube, lease: Lease): Promise<Lease> {
  if (lease.metadata.resourceVersion) return kube.update(leases, lease)
  const { namespace: name = '' } = lease.metadata
  if (!await kube.find(namespaces, { name })) await kube.create(namespaces, { metadata: { name } }).catch(unlessTaken)
  return kube.create(leases, lease)
}

export const readLease = (kube: Kube, ref: ObjectRef): Promise<Lease | undefined> => kube.find(leases, ref)
