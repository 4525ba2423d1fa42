import type { Kind, KubeObject, StorePart } from '../kube/types.js'

/** What a reconciler works on. */
export interface Key { readonly name: string, readonly namespace?: string }

export interface Watched<T extends KubeObject = KubeObject> {
  kind: Kind<T>
  /** Which keys an event about this object puts on the queue; by default the object's own. */
  keys?: (object: T) => readonly Key[]
  /** What of the kind is watched; all of it by default. */
  part?: StorePart
}

export interface ReconcileTools {
  /**
   * Tells people of a change that they want to know of, as a Kubernetes Event on the key's object (of the first kind that is watched without `keys`).
   * `reason` is one word in CamelCase. Never fails, never waits, and may be dropped where there is too much to tell. Failures are told by the runner.
   */
  record (reason: string, message: string): void
}

/** Makes the world true for one key. */
type Reconcile<Tools extends unknown[]> = (key: Key, ...tools: Tools) => Promise<void | { again: number }>

export interface Reconciler {
  /** As in `--controllers` of 3.x: `user`, `workspacetemplate`, `namespace`, … */
  name: string
  /** Stands down while ks-controller-manager runs one of these, by its names; by default `name`. Empty for work that it does not know. */
  standsDownFor?: readonly string[]
  watches: readonly Watched[]
  /**
   * Makes the world true for one key. Looks at state, never at the event; may run twice. Throwing puts the key back with back-off.
   * `again` (ms) asks to be called once more at that time.
   */
  reconcile: Reconcile<[tools?: ReconcileTools]>
}

/** A watch on one kind, or on a part of it, with its typed key function. */
export const watched = <T extends KubeObject>(kind: Kind<T>, keys?: (object: T) => readonly Key[], part?: StorePart): Watched =>
  ({ kind, ...(keys ? { keys } : {}), ...(part ? { part } : {}) }) as unknown as Watched

const quiet: ReconcileTools = { record () {} }

export const defineReconciler = (reconciler: Omit<Reconciler, 'reconcile'> & { reconcile: Reconcile<[tools: ReconcileTools]> }): Reconciler =>
  ({ ...reconciler, reconcile: (key, tools = quiet) => reconciler.reconcile(key, tools) })
