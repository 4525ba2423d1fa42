import { StatusError, type Kind } from '../../core/sdk/index.js'
import { qualifiedResource, singularOf } from '../../schemas/kube/object.js'

const text = (code: number, reason: string, message: string): StatusError => new StatusError({ code, reason, message })

/** Something that a request names and that is not there, in the words and the form (text) of 3.x. */
export const missing = (kind: Kind, name: string): StatusError => text(404, 'NotFound', `${singularOf(kind)} "${name}" not found`)
/** The same without API group, as 3.x words it where a group or its binding is another workspace's. */
export const missingHere = (what: string, name: string): StatusError => text(404, 'NotFound', `${what} "${name}" not found`)
/** A DevOps project whose controller has not made the namespace for its objects. */
export const nowhere = (): StatusError => text(404, 'NotFound', 'the project has no namespace yet')
export const nameMismatch = (body: string, url: string): StatusError => text(400, 'BadRequest', `the name of the object (${body}) does not match the name on the URL (${url})`)
/** A role, group or account that would give what the caller does not have. */
export const notHeld = (kind: Kind, name: string): StatusError =>
  text(403, 'Forbidden', `${qualifiedResource(kind)}${name ? ` "${name}"` : ''} is forbidden: it grants more than the caller holds here`)
export const globalRoleRefused = (user: string): StatusError => text(403, 'Forbidden', `user.iam.kubesphere.io "${user}" is forbidden: update global role binding is not allowed`)
