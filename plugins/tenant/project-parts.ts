import { isDeepStrictEqual } from 'node:util'
import { annotations, labels, roleBases, users, type RoleBase } from '../../schemas/iam/v1alpha2.js'
import { roleBindings, roles, type BindingObject, type Namespace, type RoleObject } from '../../schemas/kube/builtin.js'
import { unlessTaken, type Kube } from '../../core/sdk/index.js'
import { createSettled } from './created.js'

export const devopsLabel = 'kubesphere.io/devopsproject'
const scopeLabel = (scope: 'namespace' | 'devops'): string => `scope.kubesphere.io/${scope}`

const same = (a: RoleObject, b: RoleObject): boolean =>
  isDeepStrictEqual([a.metadata.labels ?? {}, a.metadata.annotations ?? {}, a.rules ?? []], [b.metadata.labels ?? {}, b.metadata.annotations ?? {}, b.rules ?? []])

/** What a project consists of beside its namespace: the roles that projects have, and a binding for whoever made it. */
export function createProjectParts (kube: Kube) {
  const bases = kube.store(roleBases)
  const made = kube.store(roles)
  const people = kube.store(users)

  function rolesOf ({ metadata: { name, labels: own = {} } }: Namespace): RoleObject[] {
    if (own[labels.workspace] === undefined && own[devopsLabel] === undefined) return []
    const scope = scopeLabel(own[devopsLabel] ? 'devops' : 'namespace')
    return (bases.list() as readonly RoleBase[]).flatMap(({ role, metadata }) => {
      if (role.kind !== roles.kind || metadata.labels?.[scope] !== '') return []
      const { labels, annotations } = role.metadata
      return [{ metadata: { name: role.metadata.name, namespace: name, ...(labels ? { labels } : {}), ...(annotations ? { annotations } : {}) }, rules: role.rules ?? [] }]
    })
  }

  function creatorBinding ({ metadata }: Namespace): BindingObject | undefined {
    const creator = metadata.annotations?.[annotations.creator]
    if (!creator || !people.get(creator)) return undefined
    return {
      metadata: { name: `${creator}-admin`, namespace: metadata.name, labels: { [labels.userRef]: creator } },
      subjects: [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'User', name: creator }],
      roleRef: { apiGroup: roles.group, kind: roles.kind, name: 'admin' },
    }
  }

  async function keepRole (wanted: RoleObject): Promise<void> {
    const { name, namespace } = wanted.metadata
    const stored = made.get(name, namespace)
    if (!stored) await kube.create(roles, wanted).catch(unlessTaken)
    else if (!same(stored, wanted)) await kube.update(roles, { ...stored, metadata: { ...stored.metadata, labels: wanted.metadata.labels ?? {}, annotations: wanted.metadata.annotations ?? {} }, rules: wanted.rules ?? [] })
  }

  return {
    /**
     * Creates what a new project consists of, so that the next request finds it. What fails, or is cut short, is left to the reconciler; nothing that
     * is there is touched.
     */
    async start (project: Namespace): Promise<void> {
      const binding = creatorBinding(project)
      await Promise.allSettled([
        ...rolesOf(project).map(role => createSettled(kube, roles, role)),
        ...(binding ? [createSettled(kube, roleBindings, binding)] : []),
      ])
    },

    async bindCreator (project: Namespace): Promise<void> {
      const binding = creatorBinding(project)
      if (binding) await kube.create(roleBindings, binding).catch(unlessTaken)
    },

    /** Makes the roles of a project true, whatever people did to them. */
    async keepRoles (project: Namespace): Promise<void> {
      for (const role of rolesOf(project)) await keepRole(role)
    },
  }
}

export type ProjectParts = ReturnType<typeof createProjectParts>
