import { StatusError } from '../errors/status-error.js'
import type { Attributes } from './types.js'

const escape = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

/** `User "x" cannot list resource "pods" in API group "" in the namespace "ns"`: what was asked, as Kubernetes words it. */
function question ({ user, verb, isResourceRequest, path, resource, subresource, apiGroup, namespace }: Attributes): string {
  if (!isResourceRequest) return `User "${user.name}" cannot ${verb} path "${path}"`
  const what = subresource ? `${resource}/${subresource}` : resource
  const where = namespace ? `in the namespace "${namespace}"` : 'at the cluster scope'
  return `User "${user.name}" cannot ${verb} resource "${what}" in API group "${apiGroup}" ${where}`
}

function subject ({ isResourceRequest, resource, apiGroup, name }: Attributes): string {
  if (!isResourceRequest) return 'forbidden: '
  return `${resource}${apiGroup ? `.${apiGroup}` : ''}${name ? ` "${name}"` : ''} is forbidden: `
}

/** The 403 of the chain: a Status with the text that clients of Kubernetes know. `reason` follows where there is one. */
export function forbiddenError (attributes: Attributes, reason: string): StatusError {
  const { isResourceRequest, name, apiGroup, resource } = attributes
  return new StatusError({
    code: 403,
    reason: 'Forbidden',
    message: subject(attributes) + escape(question(attributes)) + (reason ? `: ${reason}` : ''),
    details: isResourceRequest ? { ...(name ? { name } : {}), ...(apiGroup ? { group: apiGroup } : {}), ...(resource ? { kind: resource } : {}) } : {},
    form: 'status',
    headers: { 'x-content-type-options': 'nosniff' },
  })
}
