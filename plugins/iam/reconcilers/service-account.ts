import { isDeepStrictEqual } from 'node:util'
import { annotations } from '../../../schemas/iam/v1alpha2.js'
import { roleBindings, roles, serviceAccounts, type BindingObject } from '../../../schemas/kube/builtin.js'
import { controllerOf, defineReconciler, unlessMissing, watched, type Key, type Kube, type KubeObject, type Reconciler } from '../../../core/sdk/index.js'

const ref = 'iam.kubesphere.io/serviceaccount-ref'
/** What a label can hold. */
const longest = 63
const keyOf = ({ name, namespace = '' }: Key): string => `${namespace}/${name}`

/** The role that a service account is to have; '' for none. */
export const roleOfAccount = ({ metadata }: KubeObject): string => metadata.annotations?.[annotations.role] ?? ''

/** Binds service accounts to the role that their annotation names, as soon as it is there. */
export function serviceAccountReconciler ({ kube }: { kube: Kube }): Reconciler {
  const accounts = kube.store(serviceAccounts)
  const waiting = accounts.index('role', account => [keyOf({ name: roleOfAccount(account), namespace: account.metadata.namespace ?? '' })])
  const known = kube.store(roles)
  const bound = kube.store(roleBindings).index('service-account', ({ metadata: { labels = {}, namespace = '' } }) => labels[ref] ? [keyOf({ name: labels[ref], namespace })] : [])

  function bindingOf (account: KubeObject, role: string): BindingObject {
    const { name, namespace = '' } = account.metadata
    return {
      metadata: { name: '', generateName: `${name}-${role}-`, namespace, labels: { [ref]: name }, ownerReferences: [controllerOf(serviceAccounts, account)] },
      subjects: [{ kind: serviceAccounts.kind, name, namespace }],
      roleRef: { apiGroup: roles.group, kind: roles.kind, name: role },
    }
  }

  const isSame = (one: BindingObject, wanted: BindingObject): boolean =>
    isDeepStrictEqual([one.subjects, one.roleRef, one.metadata.ownerReferences], [wanted.subjects, wanted.roleRef, wanted.metadata.ownerReferences])

  return defineReconciler({
    name: 'serviceaccount',
    watches: [
      watched(serviceAccounts),
      watched(roles, ({ metadata }) => waiting.get(keyOf(metadata)).map(({ metadata: { name, namespace = '' } }) => ({ name, namespace }))),
      watched(roleBindings, ({ metadata: { labels = {}, namespace = '' } }) => labels[ref] ? [{ name: labels[ref], namespace }] : []),
    ],
    async reconcile ({ name, namespace = '' }) {
      const account = accounts.get(name, namespace)
      const role = account ? roleOfAccount(account) : ''
      if (!account || account.metadata.deletionTimestamp || !role || name.length > longest || !known.get(role, namespace)) return
      const wanted = bindingOf(account, role)
      const there = bound.get(keyOf({ name, namespace })).filter(({ metadata }) => !metadata.deletionTimestamp)
      const kept = there.find(one => isSame(one, wanted))
      if (!kept) {
        const { metadata } = await kube.create(roleBindings, wanted)
        await kube.store(roleBindings).waitFor(metadata, metadata.resourceVersion ?? '')
      }
      for (const one of there) if (one !== kept) await kube.delete(roleBindings, { name: one.metadata.name, namespace }).catch(unlessMissing)
    },
  })
}
