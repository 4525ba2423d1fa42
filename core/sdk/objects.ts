import { apiVersionOf } from '../../schemas/kube/object.js'
import type { Kind, KubeObject, OwnerReference } from '../kube/types.js'

/** The reference by which an object belongs to another, and goes with it. */
export const ownerOf = (kind: Kind, { metadata: { name, uid = '' } }: KubeObject): OwnerReference => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, name, uid })

/** The reference by which an object belongs to its controlling owner. */
export const controllerOf = (kind: Kind, owner: KubeObject): OwnerReference => ({ ...ownerOf(kind, owner), controller: true, blockOwnerDeletion: true })

/** With some fields of the metadata changed; `undefined` takes one away. */
export function withMetadata<T extends KubeObject> (object: T, change: Partial<Record<keyof KubeObject['metadata'], unknown>>): T {
  const metadata = Object.fromEntries(Object.entries({ ...object.metadata, ...change }).filter(([, value]) => value !== undefined))
  return { ...object, metadata } as T
}

/** With these finalizers at the end, where they are not there yet. An object on its end takes no new ones. */
export function withFinalizer<T extends KubeObject> (object: T, finalizer: string): T {
  const { finalizers = [], deletionTimestamp } = object.metadata
  return finalizers.includes(finalizer) || deletionTimestamp ? object : withMetadata(object, { finalizers: [...finalizers, finalizer] })
}

export const hasFinalizer = ({ metadata: { finalizers = [] } }: KubeObject, ...names: readonly string[]): boolean => names.some(name => finalizers.includes(name))

export function withoutFinalizers<T extends KubeObject> (object: T, ...names: readonly string[]): T {
  const left = (object.metadata.finalizers ?? []).filter(finalizer => !names.includes(finalizer))
  return withMetadata(object, { finalizers: left.length ? left : undefined })
}

/** With a label or annotation set, or taken away by `undefined`. */
export function withEntry<T extends KubeObject> (object: T, field: 'labels' | 'annotations', key: string, value: string | undefined): T {
  const { [key]: old, ...rest } = object.metadata[field] ?? {}
  if (old === value) return object
  const next = value === undefined ? rest : { ...rest, [key]: value }
  return withMetadata(object, { [field]: Object.keys(next).length ? next : undefined })
}

/** RFC 3339 in whole seconds, as Kubernetes writes times. */
export const timestampOf = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
