import { Type, type Static, type TProperties } from '@sinclair/typebox'

const StringMap = Type.Record(Type.String(), Type.String())

export const OwnerReference = Type.Object({
  apiVersion: Type.String(),
  kind: Type.String(),
  name: Type.String(),
  uid: Type.String(),
  controller: Type.Optional(Type.Boolean()),
  blockOwnerDeletion: Type.Optional(Type.Boolean()),
})
export type OwnerReference = Static<typeof OwnerReference>

/** meta/v1 ObjectMeta: the fields that we read; the rest pass through. */
export const ObjectMeta = Type.Object({
  name: Type.Optional(Type.String()),
  generateName: Type.Optional(Type.String()),
  namespace: Type.Optional(Type.String()),
  uid: Type.Optional(Type.String()),
  resourceVersion: Type.Optional(Type.String()),
  generation: Type.Optional(Type.Integer()),
  creationTimestamp: Type.Optional(Type.Union([Type.String(), Type.Null()])),
  deletionTimestamp: Type.Optional(Type.String()),
  labels: Type.Optional(StringMap),
  annotations: Type.Optional(StringMap),
  finalizers: Type.Optional(Type.Array(Type.String())),
  ownerReferences: Type.Optional(Type.Array(OwnerReference)),
}, { additionalProperties: true })

/** Metadata of an object that a Kubernetes API has answered. */
export interface Metadata {
  name: string
  generateName?: string
  namespace?: string
  uid?: string
  resourceVersion?: string
  generation?: number
  creationTimestamp?: string
  deletionTimestamp?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  finalizers?: string[]
  ownerReferences?: OwnerReference[]
  [key: string]: unknown
}

/** What every Kubernetes object has; the rest passes through untouched. */
export interface KubeObject {
  apiVersion?: string
  kind?: string
  metadata: Metadata
}

/** A Kubernetes object: the fields we read are typed, the rest pass through untouched. */
export const kubeObject = <T extends TProperties>(kind: string, properties: T) =>
  Type.Object({ apiVersion: Type.Optional(Type.String()), kind: Type.Optional(Type.String()), metadata: ObjectMeta, ...properties },
    { additionalProperties: true, title: kind })

/** A kind of Kubernetes object and where it is served. `T` is for the compiler only. */
export interface Kind<T extends KubeObject = KubeObject> {
  /** '' for the core group. */
  readonly group: string
  readonly version: string
  /** The plural, as in the path. */
  readonly resource: string
  readonly kind: string
  readonly namespaced: boolean
  readonly _type?: T
}

/** `defineKind<User>('iam.kubesphere.io/v1alpha2', 'users', 'User')`; namespaced kinds say so. */
export function defineKind<T extends KubeObject = KubeObject> (apiVersion: string, resource: string, kind: string, { namespaced = false } = {}): Kind<T> {
  const slash = apiVersion.indexOf('/')
  return Object.freeze({ group: slash < 0 ? '' : apiVersion.slice(0, slash), version: apiVersion.slice(slash + 1), resource, kind, namespaced })
}

/** `users.iam.kubesphere.io`; the bare plural in the core group: the name that errors use. */
export const qualifiedResource = ({ group, resource }: Kind): string => group ? `${resource}.${group}` : resource
/** `user.iam.kubesphere.io`, `namespace`: how messages of 3.x name one object that is not there. */
export const singularOf = ({ group, kind }: Kind): string => group ? `${kind.toLowerCase()}.${group}` : kind.toLowerCase()
export const apiVersionOf = ({ group, version }: Kind): string => group ? `${group}/${version}` : version
