import { isTaken, StatusError } from '../../core/sdk/index.js'

/** A missing object, in one line of text as clients of 3.x read it; `what` is `workspacetemplate.tenant.kubesphere.io`. */
export const missing = (what: string, name: string): StatusError =>
  new StatusError({ code: 404, reason: 'NotFound', message: `${what} "${name}" not found`, form: 'text' })

/** A taken name is a 400 in one line of text here, as clients of 3.x know it. */
export const taken = (error: unknown): never => {
  throw error instanceof StatusError && isTaken(error) ? new StatusError({ code: 400, reason: 'BadRequest', message: error.message, form: 'text' }) : error
}
