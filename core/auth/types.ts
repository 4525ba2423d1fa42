import type { PolicyRule } from '../../schemas/kube/builtin.js'
import type { RequestInfo, Scope } from '../request/types.js'

/** Who asks. */
export interface Identity {
  readonly name: string
  readonly groups: readonly string[]
  readonly extra?: Readonly<Record<string, readonly string[]>>
  /** How the caller proved it. */
  readonly by: 'anonymous' | 'basic' | 'bearer'
  /** The token's id, family (what one log-in led to), issue time (ms) and expiry (ms; 0: none), where a token was used. */
  readonly token?: { readonly id: string, readonly issuedAt: number, readonly expiresAt: number, readonly type: string, readonly family: string }
  /** What the credential is limited to, beside what its holder may do; set for personal access tokens alone. */
  readonly restriction?: Restriction
}

/** Where a request happens, by what the platform knows: '' is nowhere. */
export interface Place { readonly workspace: string, readonly namespace: string }

/** What a credential allows at most. It never adds to what its holder may do. */
export interface Restriction {
  allows (attributes: Attributes, place: Place): boolean
}

/** The question that an authorizer answers. Empty strings mean "none", never "any". */
export interface Attributes {
  readonly user: Identity
  readonly verb: string
  readonly workspace: string
  readonly namespace: string
  readonly devops: string
  readonly apiGroup: string
  readonly apiVersion: string
  readonly resource: string
  readonly subresource: string
  readonly name: string
  readonly isKubernetesRequest: boolean
  readonly isResourceRequest: boolean
  readonly path: string
  readonly resourceScope: Scope
}

/** Where a right comes from. `kubernetes`: a RoleBinding or ClusterRoleBinding; `self`: the self-service rules; `open`: a path open to everybody; `mode`: AlwaysAllow. */
export type GrantSource = 'global' | 'workspace' | 'kubernetes' | 'self' | 'open' | 'mode'

export interface Grant {
  readonly source: GrantSource
  /** `GlobalRoleBinding/alice-platform-regular`, `RoleBinding/ns-a/alice-admin`, … */
  readonly binding?: string
  /** `GlobalRole/platform-regular`, … */
  readonly role?: string
  /** True when the grant reaches the caller only through system:authenticated or system:unauthenticated. */
  readonly blanket?: boolean
}

export type Decision =
  | { readonly allowed: true, readonly grant: Grant }
  /** `reason` is shown to the caller after the standard 403 text. */
  | { readonly allowed: false, readonly reason: string }

/** What the rules of a role lack for a request, nearest first: its name is not among theirs, nor its verb, its API group, its resource; or the role is not there. */
export const lacks = ['resourceName', 'verb', 'apiGroup', 'resource', 'role'] as const
export type Lack = typeof lacks[number]

/** A level that was looked at and granted nothing: the bindings that name the caller there, nearest first. */
export interface Miss {
  readonly scope: 'global' | 'workspace' | 'namespace' | 'cluster'
  /** The workspace or namespace; '' for the other two, and where there is none. */
  readonly place: string
  readonly bindings: readonly { readonly binding: string, readonly role: string, readonly lacks: Lack }[]
}

/** A decision with what led to it, level by level in the order of the walk. */
export interface Explanation {
  readonly decision: Decision
  /** Where a binding allowed it, and by which rule of its role; undefined where none did. */
  readonly found?: { readonly scope: Miss['scope'], readonly rule: PolicyRule }
  readonly misses: readonly Miss[]
}

/** "May this caller …?", asked by the chain for every request and by handlers for what a path does not name. */
export interface Access {
  /** Synchronous where caches know all names involved; a namespace not seen yet costs one live read. */
  authorize (attributes: Attributes): Decision | Promise<Decision>
  /** Like authorize, but regardless of the configured mode and of open paths (handlers that check again). */
  authorizeRBAC (attributes: Attributes): Decision | Promise<Decision>
  /** What authorize answers, and why: the same walk with its steps written down. */
  explain (attributes: Attributes): Promise<Explanation>
  /** Only what Kubernetes' own bindings grant; undefined when they grant nothing here. */
  kubernetesGrant (attributes: Attributes): Grant | undefined
  /** Where bindings name the caller or one of the caller's groups: names of workspaces or of namespaces, each once. Costs what it answers. */
  placesOf (user: Pick<Identity, 'name' | 'groups'>, level: 'workspace' | 'namespace'): ReadonlySet<string>
  /** The workspace that a namespace belongs to by its label; '' when none. */
  workspaceOf (namespace: string): string
}

/** The attributes of a request by its resolved info. */
export function attributesOf (user: Identity, info: RequestInfo): Attributes {
  const { verb, workspace, namespace, devops, apiGroup, apiVersion, resource, subresource, name, isKubernetesRequest, isResourceRequest, path, resourceScope } = info
  return { user, verb, workspace, namespace, devops, apiGroup, apiVersion, resource, subresource, name, isKubernetesRequest, isResourceRequest, path, resourceScope }
}
