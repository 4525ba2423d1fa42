import { workspaces, workspaceTemplates } from '../../../schemas/tenant/kinds.js'
import { withMetadata, type KubeObject, type OwnerReference } from '../../../core/sdk/index.js'

const ours = new Set([workspaces.kind, workspaceTemplates.kind])

/** With this workspace or template as owner in place of any other; none: without. The same object where nothing changes. */
export function ownedBy<T extends KubeObject> (object: T, owner: OwnerReference | undefined): T {
  const { ownerReferences = [] } = object.metadata
  const before = ownerReferences.filter(({ kind }) => ours.has(kind))
  const same = owner ? before.length === 1 && before[0]?.uid === owner.uid && before[0].kind === owner.kind : before.length === 0
  if (same) return object
  // An object has one controller at most.
  const others = ownerReferences.filter(({ kind, controller }) => !ours.has(kind) && !(owner && controller))
  const next = owner ? [...others, owner] : others
  return withMetadata(object, { ownerReferences: next.length ? next : undefined })
}

export const isOwned = ({ metadata: { ownerReferences = [] } }: KubeObject): boolean => ownerReferences.some(({ kind }) => ours.has(kind))
