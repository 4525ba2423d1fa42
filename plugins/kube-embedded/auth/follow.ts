import type { KubeObject } from '../../../core/sdk/index.js'
import type { BindingObject, RoleObject } from '../../../schemas/kube/builtin.js'
import type { Context } from '../context.js'
import type { Policy } from './policy.js'

export const rbacGroup = 'rbac.authorization.k8s.io'

interface Hand { set (policy: Policy, object: KubeObject): void, remove (policy: Policy, object: KubeObject): void }

const roles: Hand = {
  set: (policy, object) => { policy.setRole(object as RoleObject) },
  remove: (policy, object) => { policy.removeRole(object as RoleObject) },
}
const bindings: Hand = {
  set: (policy, object) => { policy.setBinding(object as BindingObject) },
  remove: (policy, object) => { policy.removeBinding(object as BindingObject) },
}
const hands: Readonly<Record<string, Hand>> = { roles, clusterroles: roles, rolebindings: bindings, clusterrolebindings: bindings }

/** Whether the kinds are served by which RBAC could decide. */
export const hasRBAC = ({ rows }: Pick<Context, 'rows'>): boolean => Object.keys(hands).every(resource => rows.find(rbacGroup, 'v1', resource))

/** Keeps a policy as the store has it: a write is in it before its writer is answered. */
export function followPolicy (policy: Policy, { storage, rows }: Pick<Context, 'storage' | 'rows'>): () => void {
  const stops = Object.entries(hands).map(([resource, hand]) => {
    const bucket = rows.find(rbacGroup, 'v1', resource)?.bucket
    if (!bucket) return () => {}
    const snapshot = storage.snapshot(bucket)
    for (const { object } of snapshot.range(`${bucket}/`)) hand.set(policy, object)
    return storage.watch({
      bucket,
      prefix: `${bucket}/`,
      after: snapshot.revision,
      onChange: ({ type, entry: { object } }) => { hand[type === 'put' ? 'set' : 'remove'](policy, object) },
    })
  })
  return () => { for (const stop of stops) stop() }
}
