import type { RoleRow } from './row.js'

/** Roles that every workspace gets copies of. */
export const copiedWorkspaceRoleRows: readonly RoleRow[] = [
  {
    name: 'admin',
    base: 'workspace-admin',
    preset: 'system',
    includes: 'role-template-manage-workspace-settings role-template-view-workspace-settings role-template-manage-projects role-template-view-projects role-template-create-projects role-template-create-devops role-template-view-devops role-template-manage-devops role-template-manage-app-templates role-template-view-app-templates role-template-manage-app-repos role-template-view-app-repos role-template-view-members role-template-manage-members role-template-manage-roles role-template-view-roles role-template-manage-groups role-template-view-groups',
    rules: [
      ['*', '*', '*'],
    ],
  },
  {
    name: 'viewer',
    base: 'workspace-viewer',
    preset: 'system',
    includes: 'role-template-view-projects role-template-view-devops role-template-view-app-templates role-template-view-app-repos role-template-view-members role-template-view-roles role-template-view-groups role-template-view-workspace-settings',
    rules: [
      ['get list watch', '*', '*'],
    ],
  },
  {
    name: 'regular',
    base: 'workspace-regular',
    preset: 'system',
    includes: 'role-template-view-workspace-settings',
    rules: [
      ['get list watch', '*', 'workspaces workspacemembers'],
      ['list', 'monitoring.kubesphere.io metering.kubesphere.io monitoring.coreos.com', 'namespaces'],
    ],
  },
  {
    name: 'self-provisioner',
    base: 'workspace-self-provisioner',
    preset: 'system',
    includes: 'role-template-create-projects role-template-create-devops role-template-view-app-templates role-template-manage-app-templates role-template-view-workspace-settings',
    rules: [
      ['get list watch', '*', 'workspaces workspacemembers quotas abnormalworkloads pods'],
      ['create watch', '*', 'namespaces federatednamespaces devops devopsprojects'],
      ['get', '*', 'devops'],
      ['get list', 'monitoring.kubesphere.io metering.kubesphere.io monitoring.coreos.com', 'namespaces workloads'],
      ['*', 'openpitrix.io', '*'],
    ],
  },
]
