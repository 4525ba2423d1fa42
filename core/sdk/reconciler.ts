import type { Kind, KubeObject } from '../kube/types.js'

/** What a reconciler works on. */
export interface Key { readonly name: string, readonly namespace?: string }

export interface Watched<T extends KubeObject = KubeObject> {
  kind: Kind<T>
  /** Which keys an event about this object puts on the queue; by default the object's own. */
  keys?: (object: T) => readonly Key[]
}

export interface Reconciler {
  /** As in `--controllers` of 3.x: `user`, `workspacetemplate`, `namespace`, … */
  name: string
  watches: readonly Watched[]
  /**
   * Makes the world true for one key. Looks at state, never at the event; may run twice. Throwing puts the key back with back-off.
   * `again` (ms) asks to be called once more at that time.
   */
  reconcile (key: Key): Promise<void | { again: number }>
}

/** A watch on one kind, with its typed key function. */
export const watched = <T extends KubeObject>(kind: Kind<T>, keys?: (object: T) => readonly Key[]): Watched =>
  ({ kind, ...(keys ? { keys } : {}) }) as unknown as Watched

export const defineReconciler = (reconciler: Reconciler): Reconciler => reconciler
