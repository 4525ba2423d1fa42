import type { Access, Attributes, Grant } from './types.js'

const reads = new Set(['get', 'list', 'watch', 'GET', 'HEAD'])

/** Why a request that its caller is granted goes no further. */
export const outOfReach = 'a role of the platform does not reach cluster-scoped objects of Kubernetes'

/**
 * R7: how an authorised request reaches Kubernetes. Where Kubernetes' own bindings grant it, as the caller; where only a role of the platform does,
 * with the server's identity, for what is inside a namespace or only reads; undefined: not at all.
 */
export function reach (access: Access, attributes: Attributes, grant: Grant): 'caller' | 'server' | undefined {
  if (grant.source === 'kubernetes' || access.kubernetesGrant(attributes)) return 'caller'
  const byGuard = grant.binding === 'guard'
  const inNamespace = attributes.isResourceRequest && attributes.namespace !== ''
  return byGuard || grant.source === 'mode' || inNamespace || reads.has(attributes.verb) ? 'server' : undefined
}
