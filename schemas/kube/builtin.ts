import { defineKind, type KubeObject } from './object.js'

/** rbac.authorization.k8s.io/v1 PolicyRule; iam.kubesphere.io roles use the same. */
export interface PolicyRule {
  verbs: string[]
  apiGroups?: string[]
  resources?: string[]
  resourceNames?: string[]
  nonResourceURLs?: string[]
}
export interface Subject { kind: string, name: string, namespace?: string, apiGroup?: string }
export interface RoleRef { apiGroup: string, kind: string, name: string }
export interface RoleObject extends KubeObject { rules?: PolicyRule[] | null }
export interface BindingObject extends KubeObject { subjects?: Subject[], roleRef: RoleRef }
export interface Namespace extends KubeObject { spec?: { finalizers?: string[] }, status?: { phase?: string } }
export interface Secret extends KubeObject { type?: string, data?: Record<string, string>, stringData?: Record<string, string> }
export interface ConfigMap extends KubeObject { data?: Record<string, string> }
export interface Deployment extends KubeObject { spec?: { replicas?: number, selector?: unknown, template?: { metadata?: object, spec?: object } } }
export interface SigningRequest extends KubeObject {
  spec: { request: string, signerName: string, usages: string[], expirationSeconds?: number, username?: string }
  status?: { certificate?: string, conditions?: { type: string, status: string, reason?: string, message?: string }[] }
}
export interface Lease extends KubeObject { spec?: { holderIdentity?: string | null, leaseDurationSeconds?: number, acquireTime?: string | null, renewTime?: string | null, leaseTransitions?: number } }

const namespaced = { namespaced: true }
export const namespaces = defineKind<Namespace>('v1', 'namespaces', 'Namespace')
export const secrets = defineKind<Secret>('v1', 'secrets', 'Secret', namespaced)
export const configMaps = defineKind<ConfigMap>('v1', 'configmaps', 'ConfigMap', namespaced)
export const serviceAccounts = defineKind('v1', 'serviceaccounts', 'ServiceAccount', namespaced)
export const deployments = defineKind<Deployment>('apps/v1', 'deployments', 'Deployment', namespaced)
export const events = defineKind('v1', 'events', 'Event', namespaced)
export const roles = defineKind<RoleObject>('rbac.authorization.k8s.io/v1', 'roles', 'Role', namespaced)
export const roleBindings = defineKind<BindingObject>('rbac.authorization.k8s.io/v1', 'rolebindings', 'RoleBinding', namespaced)
export const clusterRoles = defineKind<RoleObject>('rbac.authorization.k8s.io/v1', 'clusterroles', 'ClusterRole')
export const clusterRoleBindings = defineKind<BindingObject>('rbac.authorization.k8s.io/v1', 'clusterrolebindings', 'ClusterRoleBinding')
export const signingRequests = defineKind<SigningRequest>('certificates.k8s.io/v1', 'certificatesigningrequests', 'CertificateSigningRequest')
export const leases = defineKind<Lease>('coordination.k8s.io/v1', 'leases', 'Lease', namespaced)
export const customResourceDefinitions = defineKind('apiextensions.k8s.io/v1', 'customresourcedefinitions', 'CustomResourceDefinition')
