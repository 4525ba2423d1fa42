import { annotations, labels } from '../../schemas/iam/v1alpha2.js'
import type { Metadata } from '../../core/sdk/index.js'

const ours = 'iam.kubesphere.io/'
const isOwnLabel = (key: string): boolean => key.startsWith(ours) || key === labels.federated || key === labels.workspace

const pick = (map: Record<string, string> = {}, wanted: (key: string) => boolean): Record<string, string> => Object.fromEntries(Object.entries(map).filter(([key]) => wanted(key)))

/** The labels of a write with those that mean something to the platform as they are stored; `free` are the caller's after all. */
export const protectedLabels = (asked: Record<string, string> | undefined, stored: Record<string, string> | undefined, free: readonly string[] = []): Record<string, string> =>
  ({ ...pick(asked, key => !isOwnLabel(key) || free.includes(key)), ...pick(stored, key => isOwnLabel(key) && !free.includes(key)) })

/** Annotations with the policy text, which only administrators write, as it is stored. */
export function protectedAnnotations (asked: Record<string, string> = {}, stored: Record<string, string> = {}): Record<string, string> {
  const { [annotations.regoOverride]: _policy, ...rest } = asked
  const kept = stored[annotations.regoOverride]
  return kept === undefined ? rest : { ...rest, [annotations.regoOverride]: kept }
}

const filled = <T>(key: string, map: Record<string, T>): Record<string, Record<string, T>> => Object.keys(map).length ? { [key]: map } : {}

/**
 * Metadata that a tenant may write: what ties an object to others, or means something to the platform, stays as it is stored. Administrators write all
 * of it.
 */
export function writable (asked: Metadata, stored: Metadata | undefined, { administrator, free = [] }: { administrator: boolean, free?: readonly string[] }): Metadata {
  if (administrator) return asked
  const { labels: askedLabels, annotations: askedAnnotations, finalizers: _finalizers, ownerReferences: _owners, ...rest } = asked
  return {
    ...rest,
    ...filled('labels', protectedLabels(askedLabels, stored?.labels, free)),
    ...filled('annotations', protectedAnnotations(askedAnnotations, stored?.annotations)),
    ...(stored?.finalizers ? { finalizers: stored.finalizers } : {}),
    ...(stored?.ownerReferences ? { ownerReferences: stored.ownerReferences } : {}),
  }
}
