import type { Logger } from 'pino'
import { conflict, isConflict, unlessMissing } from '../errors/status-error.js'
import { apiVersionOf, qualifiedResource } from '../../schemas/kube/object.js'
import { feed, type Feed } from './feed.js'
import { pathOf, queryOf } from './paths.js'
import { readJSON } from './read.js'
import type { Kind, Kube, KubeList, KubeObject, KubeTransport, PatchType, Store, StorePart } from './types.js'

const patchTypes: Record<PatchType, string> = {
  json: 'application/json-patch+json',
  merge: 'application/merge-patch+json',
  strategic: 'application/strategic-merge-patch+json',
  apply: 'application/apply-patch+yaml',
}
/** How often `modify` tries before it gives the conflict back. */
const attempts = 10

export interface KubeClient extends Kube {
  /** Every watch cache that was asked for, by resource. */
  status (): Record<string, { synced: boolean, error?: string }>
  /** Ends all watches; the transport is the caller's. */
  close (): Promise<void>
}

/** A typed client above a transport, with the server's own identity. */
export function createKube ({ transport, log }: { transport: KubeTransport, log: Logger }): KubeClient {
  const feeds = new Map<string, Feed<KubeObject>>()

  const send = <T>(method: string, path: string, { query = '', body, type = 'application/json', signal }: { query?: string, body?: unknown, type?: string, signal?: AbortSignal } = {}): Promise<T> =>
    readJSON<T>(transport, { method, path, query, ...(signal ? { signal } : {}), ...(body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': type } }) })

  const typed = <T extends KubeObject>(kind: Kind<T>, object: T): T => ({ apiVersion: apiVersionOf(kind), kind: kind.kind, ...object })

  const kube: KubeClient = {
    transport,
    get: (kind, ref) => send('GET', pathOf(kind, ref)),
    find: (kind, ref) => kube.get(kind, ref).catch(unlessMissing),
    list: <T extends KubeObject>(kind: Kind<T>, { namespace, labelSelector, fieldSelector, limit, continue: next, resourceVersion, signal }: Parameters<Kube['list']>[1] = {}) =>
      send<KubeList<T>>('GET', pathOf(kind, namespace ? { namespace } : {}), { query: queryOf({ labelSelector, fieldSelector, limit, continue: next, resourceVersion }), ...(signal ? { signal } : {}) }),
    create: (kind, object) => send('POST', pathOf(kind, object.metadata.namespace ? { namespace: object.metadata.namespace } : {}), { body: typed(kind, object) }),
    update: (kind, object) => send('PUT', pathOf(kind, object.metadata), { body: typed(kind, object) }),
    updateStatus: (kind, object) => send('PUT', pathOf(kind, object.metadata, 'status'), { body: typed(kind, object) }),
    patch: (kind, ref, patch, type = 'merge', subresource = '') => send('PATCH', pathOf(kind, ref, subresource), { body: patch, type: patchTypes[type], query: type === 'apply' ? 'fieldManager=ks-apiserver&force=true' : '' }),
    async delete (kind, ref, options) {
      await send('DELETE', pathOf(kind, ref), options ? { body: { kind: 'DeleteOptions', apiVersion: 'v1', ...options } } : {})
    },
    async modify (kind, ref, change) {
      for (let attempt = 0; attempt < attempts; attempt++) {
        const current = await kube.get(kind, ref)
        const next = change(structuredClone(current))
        if (next === undefined) return current
        try { return await kube.update(kind, next) } catch (error) {
          if (!isConflict(error)) throw error
        }
      }
      throw conflict(qualifiedResource(kind), ref.name)
    },
    store<T extends KubeObject> (kind: Kind<T>, part: StorePart = {}) {
      const { brief, ...which } = part
      const id = `${qualifiedResource(kind)}/${kind.version}${brief ? ` (${brief.name})` : ''}?${queryOf(which)}`
      let one = feeds.get(id)
      if (!one) feeds.set(id, one = feed(transport, kind as Kind, part, log))
      return one.cache as unknown as Store<T>
    },
    status: () => Object.fromEntries([...feeds].map(([id, one]) => [id.replace(/\?$/, ''), one.status()])),
    async close () {
      for (const one of feeds.values()) one.close()
    },
  }
  return kube
}
