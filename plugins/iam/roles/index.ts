import { globalRoleBindings, roleBases } from '../../../schemas/iam/v1alpha2.js'
import { apiVersionOf } from '../../../schemas/kube/object.js'
import type { BindingObject, Subject } from '../../../schemas/kube/builtin.js'
import type { Kind, KubeObject, SeedObject } from '../../../core/sdk/index.js'
import { clusterRoleRows } from './cluster.js'
import { copiedProjectRoleRows } from './copied-project.js'
import { copiedWorkspaceRoleRows } from './copied-workspace.js'
import { globalRoleRows } from './global.js'
import { roleBaseOf, roleKinds, roleOf } from './row.js'
import { workspaceRoleRows } from './workspace.js'

const apiGroup = apiVersionOf(globalRoleBindings)

const binding = (name: string, subjects: readonly Subject[]): BindingObject => ({
  apiVersion: apiGroup,
  kind: globalRoleBindings.kind,
  metadata: { name },
  subjects: [...subjects],
  roleRef: { apiGroup, kind: roleKinds.global.kind, name },
})

/** Everybody's roles: of those who are logged in, those who are not, and those who are about to register. */
const registration = binding('pre-registration', [{ apiGroup: 'rbac.authorization.k8s.io', kind: 'Group', name: 'pre-registration' }, { apiGroup, kind: 'User', name: 'system:pre-registration' }])
const bindings: readonly BindingObject[] = [
  binding('anonymous', [{ apiGroup, kind: 'Group', name: 'system:unauthenticated' }]),
  binding('authenticated', [{ apiGroup, kind: 'Group', name: 'system:authenticated' }]),
  { ...registration, roleRef: { ...registration.roleRef, apiGroup: globalRoleBindings.group } },
]

/** The initial administrator's. */
export const adminBinding: BindingObject = {
  ...binding('admin', [{ apiGroup, kind: 'User', name: 'admin' }]),
  roleRef: { apiGroup, kind: roleKinds.global.kind, name: 'platform-admin' },
}

/** The built-in roles, in the order in which they are installed. */
export const builtinRoles = {
  global: globalRoleRows.map(row => roleOf(roleKinds.global, row)),
  workspace: workspaceRoleRows.map(row => roleOf(roleKinds.workspace, row)),
  cluster: clusterRoleRows.map(row => roleOf(roleKinds.cluster, row)),
  bases: [
    ...copiedWorkspaceRoleRows.map(row => roleBaseOf(roleKinds.workspace, row)),
    ...copiedProjectRoleRows.map(row => roleBaseOf(roleKinds.project, row)),
  ],
  bindings: [...bindings, adminBinding],
} as const

const seeds = (kind: Kind, objects: readonly KubeObject[], policy: SeedObject['policy']): SeedObject[] => objects.map(object => ({ kind, object, policy }))

export const roleSeeds: readonly SeedObject[] = [
  ...seeds(roleKinds.global, builtinRoles.global, 'repair'),
  ...seeds(roleKinds.workspace, builtinRoles.workspace, 'repair'),
  ...seeds(roleKinds.cluster, builtinRoles.cluster, 'repair'),
  ...seeds(roleBases, builtinRoles.bases, 'repair'),
  ...seeds(globalRoleBindings, builtinRoles.bindings, 'keep'),
]
