import type { Context } from '../context.js'
import { jsonAnswer, type Answer, type Exchange } from '../exchange.js'
import { bytesAnswer, objectAnswer, renderList, viewOf } from '../render.js'
import type { ResourceRoute } from '../route.js'
import { resourceName, success } from '../status.js'
import type { Entry } from '../storage/types.js'
import { removeObject, type Removal } from '../writes.js'
import { select } from './list.js'
import { removalOf } from './options.js'

/** Kinds of which Kubernetes answers the object that has gone, where it answers a Status for the others. */
const shown = new Set(['pods', 'services', 'serviceaccounts', 'resourcequotas', 'podtemplates', 'replicationcontrollers', 'persistentvolumes', 'persistentvolumeclaims', 'csidrivers.storage.k8s.io', 'csinodes.storage.k8s.io', 'storageclasses.storage.k8s.io', 'volumeattachments.storage.k8s.io'])
const isShown = (row: ResourceRoute['row']): boolean => shown.has(resourceName(row))

/** Answers the object while finalizers hold it, a Status when it is gone. */
export async function remove (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row, name } = route
  const view = viewOf(exchange)
  const { entry, gone } = await removeObject(context, route, await removalOf(exchange))
  if (!gone || isShown(row)) return objectAnswer(200, row, entry, view)
  const { uid } = entry.object.metadata
  return jsonAnswer(200, success({ name, ...(row.group ? { group: row.group } : {}), kind: row.resource, ...(uid ? { uid } : {}) }))
}

const isGone = (error: unknown) => [404, 409].includes((error as { code?: number }).code ?? 0)

/** Deletes entries, 64 at a time; what somebody else deleted or replaced meanwhile does not count. */
export async function removeAll (context: Context, row: ResourceRoute['row'], entries: readonly Entry[], removal: Removal): Promise<void> {
  for (let i = 0; i < entries.length; i += 64) {
    await Promise.all(entries.slice(i, i + 64).map(async ({ object: { metadata } }) => {
      const { uid } = metadata
      await removeObject(context, { row, namespace: metadata.namespace ?? '', name: metadata.name }, { ...removal, preconditions: { ...removal.preconditions, ...(uid ? { uid } : {}) } })
        .catch((error: unknown) => { if (!isGone(error)) throw error })
    }))
  }
}

export async function removeCollection (context: Context, route: ResourceRoute, exchange: Exchange): Promise<Answer> {
  const { row } = route
  const view = viewOf(exchange)
  const removal = await removalOf(exchange)
  const { entries, metadata } = select(context, route, exchange.query)
  await removeAll(context, row, entries, removal)
  return bytesAnswer(200, renderList(row, entries, metadata, view))
}
