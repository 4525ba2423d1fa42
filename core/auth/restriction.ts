import type { PolicyRule } from '../../schemas/kube/builtin.js'
import { Matcher } from './rules.js'
import type { Attributes, Place, Restriction } from './types.js'

/** What a personal token is limited to; everything that is said must hold. Nothing said: all that its owner may do, but for credentials. */
export interface TokenScope {
  rules?: PolicyRule[]
  readOnly?: boolean
  /** With either of them, only what is in one of these places. */
  workspaces?: string[]
  namespaces?: string[]
}

const reads = new Set(['get', 'list', 'watch'])
const readMethods = new Set(['GET', 'HEAD', 'OPTIONS'])
const running = new Set(['exec', 'attach', 'portforward', 'proxy'])
/** What clients ask before all else, and what tells nothing about anybody. */
const discovery = /^\/(api|apis|openapi|version|kapis\/version)(\/|$)/

const isUser = ({ apiGroup, resource }: Attributes): boolean => apiGroup === 'iam.kubesphere.io' && resource === 'users'

/** Passwords and tokens are for people: no token changes them or makes another. Accounts as plain objects carry their password. */
function touchesCredentials (attributes: Attributes): boolean {
  const { verb, subresource, isKubernetesRequest } = attributes
  if (!isUser(attributes) || reads.has(verb)) return false
  return subresource === 'tokens' ? verb !== 'delete' : subresource === 'password' || (isKubernetesRequest && verb !== 'delete')
}

/** `kubectl auth can-i`, whose answer knows the restriction. */
const isSelfReview = ({ apiGroup, resource, verb, namespace }: Attributes): boolean =>
  apiGroup === 'authorization.k8s.io' && resource === 'selfsubjectaccessreviews' && verb === 'create' && namespace === ''

/** The restriction of a personal token, ready to be asked. */
export function restrictionOf ({ rules, readOnly = false, workspaces, namespaces }: TokenScope): Restriction {
  const matcher = rules && new Matcher(rules)
  const [inWorkspaces, inNamespaces] = [new Set(workspaces), new Set(namespaces)]
  const hasPlaces = workspaces !== undefined || namespaces !== undefined
  const isWithin = ({ workspace, namespace }: Place): boolean => !hasPlaces || inWorkspaces.has(workspace) || inNamespaces.has(namespace)

  function allowsPath ({ verb, path }: Attributes): boolean {
    const isRead = readMethods.has(verb.toUpperCase())
    return (isRead && discovery.test(path)) || (!matcher && !hasPlaces && (!readOnly || isRead))
  }

  return {
    allows (attributes, place) {
      if (!attributes.isResourceRequest) return allowsPath(attributes)
      if (touchesCredentials(attributes)) return false
      if (isSelfReview(attributes)) return true
      const { verb, subresource } = attributes
      if (readOnly && (!reads.has(verb) || running.has(subresource))) return false
      return (matcher?.allows(attributes) ?? true) && isWithin(place)
    },
  }
}
