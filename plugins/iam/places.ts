import { annotations, globalRoleBindings, globalRoles, labels, workspaceOf, workspaceRoleBindings, workspaceRoles } from '../../schemas/iam/v1alpha2.js'
import { clusterRoleBindings, clusterRoles, roleBindings, roles, type BindingObject, type RoleObject } from '../../schemas/kube/builtin.js'
import type { Kind, KubeObject, Metadata } from '../../core/sdk/index.js'

export type Scope = 'global' | 'cluster' | 'workspace' | 'namespace'

/** Where a role holds. The name is '' for the two scopes of which there is one place each. */
export interface Place { readonly scope: Scope, readonly name: string }

export const platform: Place = { scope: 'global', name: '' }
export const cluster: Place = { scope: 'cluster', name: '' }
export const workspace = (name: string): Place => ({ scope: 'workspace', name })
export const namespace = (name: string): Place => ({ scope: 'namespace', name })

/** What differs from scope to scope. */
export interface ScopeRow {
  readonly roles: Kind<RoleObject>
  readonly bindings: Kind<BindingObject>
  /** Shows a member's role on the member. */
  readonly annotation: string
  /** The name of the place that an object of the scope is in; '' for none, where the scope has several. */
  placeOf (object: KubeObject): string
  /** What puts an object into a place. */
  mark (name: string): Partial<Metadata>
}

const only = { placeOf: () => '', mark: () => ({}) }

export const scopes: Readonly<Record<Scope, ScopeRow>> = {
  global: { roles: globalRoles, bindings: globalRoleBindings, annotation: annotations.globalRole, ...only },
  cluster: { roles: clusterRoles, bindings: clusterRoleBindings, annotation: annotations.clusterRole, ...only },
  workspace: {
    roles: workspaceRoles,
    bindings: workspaceRoleBindings,
    annotation: annotations.workspaceRole,
    placeOf: workspaceOf,
    mark: name => ({ labels: { [labels.workspace]: name } }),
  },
  namespace: { roles, bindings: roleBindings, annotation: annotations.role, placeOf: ({ metadata }) => metadata.namespace ?? '', mark: namespace => ({ namespace }) },
}

export const scopeNames = Object.keys(scopes) as readonly Scope[]

/** One value for each scope. */
export const perScope = <T>(make: (row: ScopeRow, scope: Scope) => T): Readonly<Record<Scope, T>> =>
  Object.fromEntries(scopeNames.map(scope => [scope, make(scopes[scope], scope)])) as Record<Scope, T>

/** Whether a scope has several places and this one has no name: nothing is in it. */
export const isNowhere = ({ scope, name }: Place): boolean => name === '' && (scope === 'workspace' || scope === 'namespace')
