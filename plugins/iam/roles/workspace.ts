import type { RoleRow } from './row.js'

/** Templates that the roles of every workspace are made of. */
export const workspaceRoleRows: readonly RoleRow[] = [
  {
    name: 'role-template-view-projects',
    template: 'offered',
    title: 'Projects View',
    module: 'Projects Management',
    menus: { projects: 'view' },
    rules: [
      ['get list watch', '*', 'namespaces configmaps endpoints events limitranges persistentvolumeclaims podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services applications controllerrevisions deployments replicasets statefulsets daemonsets meshpolicies cronjobs jobs s2ibinaries s2ibinaries/file s2ibuilders s2ibuildertemplates s2iruns events ingresses router pods pods/log pods/containers namespacenetworkpolicies networkpolicies podsecuritypolicies rolebindings roles members servicepolicies federatedapplications federatedconfigmaps federateddeployments federatedingresses federatedjobs federatedlimitranges federatednamespaces federatedpersistentvolumeclaims federatedreplicasets federatedsecrets federatedserviceaccounts federatedservices federatedservicestatuses federatedstatefulsets workspaces quotas abnormalworkloads workloads router dashboards strategies volumesnapshots'],
      ['list get watch', 'metering.kubesphere.io apps extensions batch logging.kubesphere.io monitoring.kubesphere.io monitoring.coreos.com autoscaling app.k8s.io servicemesh.kubesphere.io operations.kubesphere.io resources.kubesphere.io', '*'],
    ],
  },
  {
    name: 'role-template-create-projects',
    template: 'offered',
    title: 'Projects Create',
    module: 'Projects Management',
    menus: { projects: 'create' },
    rules: [
      ['get list watch', '*', 'workspaces workspacemembers quotas abnormalworkloads pods'],
      ['create watch', '*', 'namespaces federatednamespaces'],
    ],
  },
  {
    name: 'role-template-manage-projects',
    template: 'offered',
    title: 'Projects Management',
    module: 'Projects Management',
    menus: { projects: 'manage' },
    needs: 'role-template-view-projects role-template-view-members role-template-create-projects',
    rules: [
      ['*', 'apps extensions batch logging.kubesphere.io monitoring.kubesphere.io metering.kubesphere.io monitoring.coreos.com autoscaling app.k8s.io servicemesh.kubesphere.io operations.kubesphere.io resources.kubesphere.io', '*'],
      ['*', '*', 'namespaces configmaps endpoints events limitranges persistentvolumeclaims podtemplates replicationcontrollers resourcequotas secrets serviceaccounts services applications controllerrevisions deployments replicasets statefulsets daemonsets meshpolicies cronjobs jobs s2ibinaries s2ibinaries/file s2ibuilders s2ibuildertemplates s2iruns events ingresses router pods pods/log pods/exec pods/containers namespacenetworkpolicies networkpolicies podsecuritypolicies rolebindings roles members servicepolicies federatedapplications federatedconfigmaps federateddeployments federatedingresses federatedjobs federatedlimitranges federatednamespaces federatedpersistentvolumeclaims federatedreplicasets federatedsecrets federatedserviceaccounts federatedservices federatedservicestatuses federatedstatefulsets workspaces quotas abnormalworkloads workloads router dashboards strategies volumesnapshots'],
    ],
  },
  {
    name: 'role-template-view-devops',
    template: 'offered',
    title: 'DevOps View',
    module: 'DevOps Management',
    menus: { devops: 'view' },
    rules: [
      ['get list watch', '*', 'pipelines pipelines/runs pipelines/pipelineruns pipelines/branches pipelines/checkScriptCompile pipelines/consolelog pipelines/scan pipelines/sonarstatus pipelineruns pipelineruns/nodedetails checkCron credentials credentials/usage roles members devops devopsprojects'],
    ],
  },
  {
    name: 'role-template-create-devops',
    template: 'offered',
    title: 'DevOps Create',
    module: 'DevOps Management',
    menus: { devops: 'create' },
    rules: [
      ['create watch get', '*', 'devops devopsprojects'],
    ],
  },
  {
    name: 'role-template-manage-devops',
    template: 'offered',
    title: 'DevOps Management',
    module: 'DevOps Management',
    menus: { devops: 'manage' },
    needs: 'role-template-view-devops role-template-view-members role-template-create-devops',
    rules: [
      ['*', '*', 'pipelines pipelines/runs pipelines/pipelineruns pipelines/branches pipelines/checkScriptCompile pipelines/consolelog pipelines/scan pipelines/sonarstatus pipelineruns pipelineruns/nodedetails checkCron credentials credentials/usage roles members devops devopsprojects'],
    ],
  },
  {
    name: 'role-template-view-app-repos',
    template: 'offered',
    title: 'Workspace App Repos View',
    module: 'Apps Management',
    menus: { 'app-repos': 'view' },
    rules: [
      ['get list watch', 'openpitrix.io', 'repos repos/events'],
    ],
  },
  {
    name: 'role-template-manage-app-repos',
    template: 'offered',
    title: 'Workspace App Repos Management',
    module: 'Apps Management',
    menus: { 'app-repos': 'manage' },
    needs: 'role-template-view-app-repos',
    rules: [
      ['*', 'openpitrix.io', 'repos repos/events repos/action'],
    ],
  },
  {
    name: 'role-template-view-app-templates',
    template: 'offered',
    title: 'Workspace App Templates View',
    module: 'Apps Management',
    menus: { 'app-templates': 'view' },
    rules: [
      ['get list watch', 'openpitrix.io', '*'],
    ],
  },
  {
    name: 'role-template-manage-app-templates',
    template: 'offered',
    title: 'Workspace App Templates Management',
    module: 'Apps Management',
    menus: { 'app-templates': 'manage' },
    needs: 'role-template-view-app-templates',
    rules: [
      ['*', 'openpitrix.io', '*'],
    ],
  },
  {
    name: 'role-template-view-roles',
    template: 'offered',
    title: 'Workspace Roles View',
    module: 'Access Control',
    menus: { roles: 'view' },
    needs: 'role-template-view-members',
    rules: [
      ['get list watch', '*', 'workspaceroles'],
    ],
  },
  {
    name: 'role-template-manage-roles',
    template: 'hidden',
    title: 'Workspace Roles Management',
    module: 'Access Control',
    menus: { roles: 'manage' },
    rules: [
      ['*', '*', 'workspaceroles'],
    ],
  },
  {
    name: 'role-template-view-members',
    template: 'hidden',
    title: 'Workspace Members View',
    module: 'Access Control',
    menus: { members: 'view' },
    rules: [
      ['get list watch', '*', 'workspacemembers'],
    ],
  },
  {
    name: 'role-template-manage-members',
    template: 'hidden',
    title: 'Workspace Members Management',
    module: 'Access Control',
    menus: { members: 'manage' },
    rules: [
      ['*', '*', 'workspacemembers'],
      ['list get watch', '*', 'workspaceroles'],
    ],
  },
  {
    name: 'role-template-view-basic',
    template: 'offered',
    menus: { basic: 'view', members: 'view' },
    rules: [
      ['get', '*', 'workspaces'],
      ['get list', 'monitoring.kubesphere.io metering.kubesphere.io monitoring.coreos.com', 'namespaces workloads'],
      ['watch', '*', 'namespaces'],
      ['get list watch', 'iam.kubesphere.io', 'workspacemembers'],
    ],
  },
  {
    name: 'role-template-manage-workspace-settings',
    template: 'offered',
    title: 'Workspace Settings Management',
    module: 'Workspace Settings',
    menus: { 'workspace-settings': 'manage' },
    rules: [
      ['*', '*', 'workspaces'],
    ],
  },
  {
    name: 'role-template-view-workspace-settings',
    template: 'offered',
    title: 'Workspace Settings View',
    module: 'Workspace Settings',
    menus: { 'workspace-settings': 'view' },
    rules: [
      ['get list watch', '*', 'workspaces'],
    ],
  },
  {
    name: 'role-template-manage-groups',
    template: 'hidden',
    title: 'Workspace Groups Management',
    module: 'Access Control',
    menus: { groups: 'manage' },
    rules: [
      ['*', '*', 'groups groupbindings rolebindings workspacerolebindings'],
    ],
  },
  {
    name: 'role-template-view-groups',
    template: 'offered',
    title: 'Workspace Groups View',
    module: 'Access Control',
    menus: { groups: 'view' },
    needs: 'role-template-view-roles',
    rules: [
      ['get list watch', '*', 'groups groupbindings roles rolebindings workspacerolebindings namespaces'],
    ],
  },
]
