import { createSerial, type DeleteOptions, type Kind, type Kube, type KubeObject, type ObjectRef, type Store } from '../../core/sdk/index.js'

/** How long an answer waits for the shared caches to see its write (ms). */
const patience = 2_000

const refOf = ({ metadata: { name, namespace } }: KubeObject): ObjectRef => ({ name, ...(namespace ? { namespace } : {}) })

/** Resolves when the object that was there is gone, or on its end; or when the wait ran out. */
function gone (store: Store, { name, namespace }: ObjectRef, uid: string | undefined): Promise<void> {
  const isGone = (): boolean => {
    const now = store.get(name, namespace)
    return now === undefined || now.metadata.uid !== uid || now.metadata.deletionTimestamp !== undefined
  }
  if (isGone()) return Promise.resolve()
  return new Promise(resolve => {
    const end = () => { clearTimeout(timer); stop(); resolve() }
    const timer = setTimeout(end, patience)
    const stop = store.subscribe(() => { if (isGone()) end() })
  })
}

/** Writes that the next reader of the shared caches finds, and a way to do what must not be done twice at once. */
export function createWriter (kube: Kube) {
  async function seen<T extends KubeObject> (kind: Kind<T>, object: T): Promise<T> {
    await kube.store(kind).waitFor(refOf(object), object.metadata.resourceVersion ?? '', patience)
    return object
  }

  return {
    create: async <T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> => seen(kind, await kube.create(kind, object)),
    update: async <T extends KubeObject>(kind: Kind<T>, object: T): Promise<T> => seen(kind, await kube.update(kind, object)),
    patch: async <T extends KubeObject>(kind: Kind<T>, ref: ObjectRef, patch: unknown): Promise<T> => seen(kind, await kube.patch(kind, ref, patch)),
    modify: async <T extends KubeObject>(kind: Kind<T>, ref: ObjectRef, change: (object: T) => T | undefined): Promise<T> => seen(kind, await kube.modify(kind, ref, change)),
    /** `seen`: only the object that was looked at, not another of its name; with a `resourceVersion` only as it was then. */
    async remove (kind: Kind, ref: ObjectRef, seen?: DeleteOptions['preconditions']): Promise<void> {
      const store = kube.store(kind)
      const known = store.get(ref.name, ref.namespace)?.metadata.uid
      await kube.delete(kind, ref, seen ? { preconditions: { uid: seen.uid, resourceVersion: seen.resourceVersion } } : undefined)
      await gone(store, ref, known)
    },
    /** Runs after everything that was asked for under the same key. */
    serial: createSerial(),
  }
}

export type Writer = ReturnType<typeof createWriter>
