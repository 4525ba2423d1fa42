import { unlessTaken, type Kind, type Kube, type KubeObject } from '../../core/sdk/index.js'

/** Creates an object where it is absent, and waits, bounded, until the watch caches have it. Somebody may be faster. */
export async function createSettled<T extends KubeObject> (kube: Kube, kind: Kind<T>, object: T): Promise<void> {
  const made = await kube.create(kind, object).catch(unlessTaken)
  if (made) await kube.store(kind).waitFor(made.metadata, made.metadata.resourceVersion ?? '')
}
