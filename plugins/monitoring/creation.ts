import { namespaces } from '../../schemas/kube/builtin.js'
import { badRequest, StatusError, timesAfter, type Kube, type Times } from '../../core/sdk/index.js'

/** Keeps questions about a project to the time since it was created: a name may have belonged to another project before. */
export interface Creation {
  /** What of the times is the project's: undefined where it was not there yet. A project that cannot be read is a 400. */
  since (namespace: string, times: Times): Promise<Times | undefined>
}

export function createCreation (kube: Kube): Creation {
  const store = kube.store(namespaces)

  async function born (name: string): Promise<number> {
    const unreadable = (error?: unknown) => badRequest(error instanceof StatusError ? error.message : `namespaces "${name}" cannot be read`, error)
    const { metadata } = store.get(name) ?? await kube.get(namespaces, { name }).catch((error: unknown) => { throw unreadable(error) })
    const created = Date.parse(metadata.creationTimestamp ?? '')
    if (Number.isNaN(created)) throw unreadable()
    return created / 1000
  }

  return { since: async (namespace, times) => timesAfter(times, await born(namespace)) }
}
