import { defineKind, type KubeObject } from '../kube/object.js'
import type { BindingObject, RoleObject } from '../kube/builtin.js'

const apiVersion = 'iam.kubesphere.io/v1alpha2'

export interface User extends KubeObject {
  spec: { email: string, lang?: string, description?: string, displayName?: string, groups?: string[], password?: string }
  status?: { state?: 'Active' | 'Disabled' | 'AuthLimitExceeded' | '', reason?: string, lastTransitionTime?: string, lastLoginTime?: string }
}
export interface LoginRecord extends KubeObject {
  spec: { type: 'Password' | 'Token' | 'OAuth', provider: string, sourceIP: string, userAgent?: string, success: boolean, reason: string }
}
/** A role that is copied into workspaces or projects: the object under `role`. */
export interface RoleBase extends KubeObject { role: RoleObject }
export interface Group extends KubeObject { spec?: Record<string, unknown>, status?: Record<string, unknown> }
export interface GroupBinding extends KubeObject { users?: string[], groupRef?: { apiGroup?: string, kind?: string, name: string } }

export const users = defineKind<User>(apiVersion, 'users', 'User')
export const loginRecords = defineKind<LoginRecord>(apiVersion, 'loginrecords', 'LoginRecord')
export const globalRoles = defineKind<RoleObject>(apiVersion, 'globalroles', 'GlobalRole')
export const globalRoleBindings = defineKind<BindingObject>(apiVersion, 'globalrolebindings', 'GlobalRoleBinding')
export const workspaceRoles = defineKind<RoleObject>(apiVersion, 'workspaceroles', 'WorkspaceRole')
export const workspaceRoleBindings = defineKind<BindingObject>(apiVersion, 'workspacerolebindings', 'WorkspaceRoleBinding')
export const roleBases = defineKind<RoleBase>(apiVersion, 'rolebases', 'RoleBase')
export const groups = defineKind<Group>(apiVersion, 'groups', 'Group')
export const groupBindings = defineKind<GroupBinding>(apiVersion, 'groupbindings', 'GroupBinding')

/** Labels and annotations of the group, by the names that KubeSphere 3.x gave them. */
export const labels = {
  userRef: 'iam.kubesphere.io/user-ref',
  groupRef: 'iam.kubesphere.io/group-ref',
  groupParent: 'iam.kubesphere.io/group-parent',
  roleTemplate: 'iam.kubesphere.io/role-template',
  identityProvider: 'iam.kubesphere.io/identify-provider',
  originUID: 'iam.kubesphere.io/origin-uid',
  workspace: 'kubesphere.io/workspace',
  federated: 'kubefed.io/managed',
} as const

/** The workspace that an object belongs to; '' for none. */
export const workspaceOf = ({ metadata }: Pick<KubeObject, 'metadata'>): string => metadata.labels?.[labels.workspace] ?? ''

export const annotations = {
  globalRole: 'iam.kubesphere.io/globalrole',
  workspaceRole: 'iam.kubesphere.io/workspacerole',
  clusterRole: 'iam.kubesphere.io/clusterrole',
  role: 'iam.kubesphere.io/role',
  aggregationRoles: 'iam.kubesphere.io/aggregation-roles',
  regoOverride: 'iam.kubesphere.io/rego-override',
  uninitialized: 'iam.kubesphere.io/uninitialized',
  lastPasswordChange: 'iam.kubesphere.io/last-password-change-time',
  grantedClusters: 'iam.kubesphere.io/granted-clusters',
  creator: 'kubesphere.io/creator',
  alias: 'kubesphere.io/alias-name',
  dependencies: 'iam.kubesphere.io/dependencies',
  module: 'iam.kubesphere.io/module',
  templateRules: 'iam.kubesphere.io/role-template-rules',
} as const
