import { defineKind, type KubeObject } from '../kube/object.js'

export interface WorkspaceSpec { manager?: string, networkIsolation?: boolean }
export interface Workspace extends KubeObject { spec?: WorkspaceSpec, status?: Record<string, unknown> }
export interface WorkspaceTemplate extends KubeObject {
  spec?: { placement?: Record<string, unknown>, template?: { metadata?: { labels?: Record<string, string>, annotations?: Record<string, string> }, spec?: WorkspaceSpec }, overrides?: unknown[] }
}
export interface Cluster extends KubeObject {
  spec?: { joinFederation?: boolean, enable?: boolean, provider?: string, connection?: { type?: string, kubernetesAPIEndpoint?: string, kubesphereAPIEndpoint?: string, token?: string, kubeconfig?: string } }
  status?: { conditions?: { type: string, status: string }[], [key: string]: unknown }
}
export interface QuotaAmounts { hard?: Record<string, string | number>, used?: Record<string, string | number> }
/** A bound on what the projects that the selector finds use together. */
export interface WorkspaceQuota extends KubeObject {
  spec?: { selector?: Record<string, string>, quota?: { hard?: Record<string, string | number>, scopes?: string[], scopeSelector?: { matchExpressions?: { scopeName: string, operator: string, values?: string[] }[] } } }
  status?: { total?: QuotaAmounts, namespaces?: ({ namespace: string } & QuotaAmounts)[] | null }
}
export interface DevOpsProject extends KubeObject { status?: { adminNamespace?: string } }

export const workspaces = defineKind<Workspace>('tenant.kubesphere.io/v1alpha1', 'workspaces', 'Workspace')
export const workspaceTemplates = defineKind<WorkspaceTemplate>('tenant.kubesphere.io/v1alpha2', 'workspacetemplates', 'WorkspaceTemplate')
export const clusters = defineKind<Cluster>('cluster.kubesphere.io/v1alpha1', 'clusters', 'Cluster')
export const devopsProjects = defineKind<DevOpsProject>('devops.kubesphere.io/v1alpha3', 'devopsprojects', 'DevOpsProject')
export const workspaceQuotas = defineKind<WorkspaceQuota>('quota.kubesphere.io/v1alpha2', 'resourcequotas', 'ResourceQuota')
