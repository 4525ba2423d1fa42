import { isDeepStrictEqual } from 'node:util'
import { annotations, labels, roleBases, users, type RoleBase } from '../../../schemas/iam/v1alpha2.js'
import { namespaces, roleBindings, roles, type Namespace, type RoleObject } from '../../../schemas/kube/builtin.js'
import { workspaces } from '../../../schemas/tenant/kinds.js'
import { controllerOf, defineReconciler, hasFinalizer, StatusError, watched, withEntry, withFinalizer, withoutFinalizers, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import { isOwned, ownedBy } from './owners.js'

const finalizer = 'finalizers.kubesphere.io/namespaces'
const namespaceLabel = 'kubesphere.io/namespace'
const devopsLabel = 'kubesphere.io/devopsproject'
const scopeLabel = (scope: 'namespace' | 'devops'): string => `scope.kubesphere.io/${scope}`

const isThere = (error: unknown): void => { if (!(error instanceof StatusError && error.reason === 'AlreadyExists')) throw error }

/** A project: bound to its workspace, with the roles that projects have and a binding for whoever made it. */
export function namespaceReconciler ({ kube }: { kube: Kube }): Reconciler {
  const store = kube.store(namespaces)
  const spaces = kube.store(workspaces)
  const bases = kube.store(roleBases)
  const made = kube.store(roles)
  const people = kube.store(users)

  /** Bound to its workspace where that lives; else without one. */
  function bound (namespace: Namespace): Namespace {
    const { labels: own = {} } = namespace.metadata
    if (own[labels.federated] === 'true') return namespace
    const name = own[labels.workspace]
    const workspace = name ? spaces.get(name) : undefined
    if (workspace && !workspace.metadata.deletionTimestamp) return ownedBy(namespace, controllerOf(workspaces, workspace))
    // A label that no workspace stands behind stays, unless there was one.
    if (!isOwned(namespace)) return namespace
    return ownedBy(withEntry(namespace, 'labels', labels.workspace, undefined), undefined)
  }

  async function bindCreator (namespace: Namespace): Promise<void> {
    const creator = namespace.metadata.annotations?.[annotations.creator]
    if (!creator || !people.get(creator)) return
    await kube.create(roleBindings, {
      metadata: { name: `${creator}-admin`, namespace: namespace.metadata.name, labels: { [labels.userRef]: creator } },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: creator }],
      roleRef: { apiGroup: roles.group, kind: roles.kind, name: 'admin' },
    }).catch(isThere)
  }

  const same = (a: RoleObject, b: RoleObject): boolean =>
    isDeepStrictEqual([a.metadata.labels ?? {}, a.metadata.annotations ?? {}, a.rules ?? []], [b.metadata.labels ?? {}, b.metadata.annotations ?? {}, b.rules ?? []])

  async function keepRoles (namespace: Namespace): Promise<void> {
    const { labels: own = {}, name } = namespace.metadata
    if (own[labels.workspace] === undefined && own[devopsLabel] === undefined) return
    const scope = scopeLabel(own[devopsLabel] ? 'devops' : 'namespace')
    for (const { role, metadata } of bases.list() as readonly RoleBase[]) {
      if (role.kind !== roles.kind || metadata.labels?.[scope] !== '') continue
      const { labels, annotations } = role.metadata
      const wanted: RoleObject = { metadata: { name: role.metadata.name, namespace: name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }, rules: role.rules ?? [] }
      const stored = made.get(wanted.metadata.name, name)
      if (!stored) await kube.create(roles, wanted).catch(isThere)
      else if (!same(stored, wanted)) await kube.update(roles, { ...stored, metadata: { ...stored.metadata, labels: labels ?? {}, annotations: annotations ?? {} }, rules: wanted.rules ?? [] })
    }
  }

  return defineReconciler({
    name: 'namespace',
    watches: [watched(namespaces), watched(roleBases, () => store.list().map(({ metadata: { name } }) => ({ name })))],
    async reconcile ({ name }) {
      const namespace = store.get(name)
      if (!namespace) return
      if (namespace.metadata.deletionTimestamp) {
        if (hasFinalizer(namespace, finalizer)) await kube.update(namespaces, withoutFinalizers(namespace, finalizer))
        return
      }
      const isNew = !hasFinalizer(namespace, finalizer)
      const marked = isNew ? withEntry(withFinalizer(namespace, finalizer), 'labels', namespaceLabel, name) : namespace
      const wanted = bound(marked)
      if (isNew) await bindCreator(namespace)
      if (wanted !== namespace) await kube.update(namespaces, wanted)
      await keepRoles(wanted)
    },
  })
}
