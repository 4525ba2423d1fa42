import { StatusError } from '../errors/status-error.js'
import { escapeText } from '../errors/wire.js'
import type { Attributes } from './types.js'

/** Where it would have to be allowed; Kubernetes' own words for the scopes that Kubernetes has. */
function where ({ namespace, workspace, devops, resourceScope }: Attributes): string {
  if (namespace) return `in the namespace "${namespace}"`
  switch (resourceScope) {
    case 'DevOps': return `in the DevOps project "${devops}"`
    case 'Workspace': return `in the workspace "${workspace}"`
    case 'Global': return 'on the platform'
    default: return 'at the cluster scope'
  }
}

/** `User "x" cannot list resource "pods" in API group "" in the namespace "ns"`: what was asked, as Kubernetes words it. */
function question (attributes: Attributes): string {
  const { user, verb, isResourceRequest, path, resource, subresource, apiGroup } = attributes
  if (!isResourceRequest) return `User "${user.name}" cannot ${verb} path "${path}"`
  const what = subresource ? `${resource}/${subresource}` : resource
  return `User "${user.name}" cannot ${verb} resource "${what}" in API group "${apiGroup}" ${where(attributes)}`
}

function subject ({ isResourceRequest, resource, apiGroup, name }: Attributes): string {
  if (!isResourceRequest) return 'forbidden: '
  return `${resource}${apiGroup ? `.${apiGroup}` : ''}${name ? ` "${name}"` : ''} is forbidden: `
}

/** The 403 of the chain: a Status that names verb, resource and scope in the words that clients of Kubernetes know. `reason` follows where there is one. */
export function forbiddenError (attributes: Attributes, reason: string): StatusError {
  const { isResourceRequest, name, apiGroup, resource } = attributes
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: subject(attributes) + escapeText(question(attributes)) + (reason ? `: ${reason}` : ''),
    details: isResourceRequest ? { ...(name ? { name } : {}), ...(apiGroup ? { group: apiGroup } : {}), ...(resource ? { kind: resource } : {}) } : {},
    form: 'status',
    headers: { 'x-content-type-options': 'nosniff' },
  })
}
