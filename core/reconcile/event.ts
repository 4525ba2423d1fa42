import { randomBytes } from 'node:crypto'
import { hostname } from 'node:os'
import { events as anyEvents } from '../../schemas/kube/builtin.js'
import { apiVersionOf } from '../../schemas/kube/object.js'
import type { Kind, KubeObject } from '../kube/types.js'

const component = 'ks-apiserver'
/** Where Kubernetes keeps what happens to objects that are in no namespace. */
const clusterWide = 'default'
/** What a message may have, in characters. */
const longest = 1000

/** A Kubernetes Event of the core group. */
export interface Event extends KubeObject {
  involvedObject: { apiVersion: string, kind: string, name: string, namespace?: string, uid?: string }
  type: EventType
  reason: string
  message: string
  count: number
  firstTimestamp: string
  lastTimestamp: string
  source: { component: string, host: string }
  reportingComponent: string
  reportingInstance: string
}
export type EventType = 'Normal' | 'Warning'

export const events = anyEvents as Kind<Event>

/** Something that happened to an object, `count` times. */
export interface Occurrence {
  readonly kind: Kind
  readonly object: KubeObject
  readonly type: EventType
  readonly reason: string
  message: string
  count: number
  readonly first: number
  last: number
}

/** RFC 3339 in whole seconds. */
const timeOf = (wall: number): string => new Date(wall).toISOString().replace(/\.\d+Z$/, 'Z')

/** Names of RBAC objects may be what no other name may. */
const nameOf = ({ metadata: { name, uid = '' } }: KubeObject): string =>
  `${/^[a-z0-9]([a-z0-9.-]{0,230}[a-z0-9])?$/.test(name) ? name : uid || 'object'}.${randomBytes(8).toString('hex')}`

/** What a later occurrence changes. */
export const changesOf = ({ message, last }: Occurrence, count: number) => ({ count, message: message.slice(0, longest), lastTimestamp: timeOf(last) })

export function eventOf (occurrence: Occurrence): Event {
  const { kind, object, type, reason, first, count } = occurrence
  const { name, namespace, uid } = object.metadata
  return {
    metadata: { name: nameOf(object), namespace: namespace ?? clusterWide },
    involvedObject: { apiVersion: apiVersionOf(kind), kind: kind.kind, name, ...(namespace ? { namespace } : {}), ...(uid ? { uid } : {}) },
    type,
    reason,
    firstTimestamp: timeOf(first),
    ...changesOf(occurrence, count),
    source: { component, host: hostname() },
    reportingComponent: component,
    reportingInstance: hostname(),
  }
}
