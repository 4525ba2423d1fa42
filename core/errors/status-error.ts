/** Shapes an error can take on the wire. `status`: a Kubernetes Status; `text`: one line of text/plain; `message`: `{"message"}`; `oauth`: RFC 6749 section 5.2; `wrapped`: `{"ErrStatus"}`, of cluster dispatch alone. */
export type ErrorForm = 'status' | 'text' | 'message' | 'oauth' | 'wrapped'

export interface StatusCause { reason?: string, message?: string, field?: string }

export interface StatusDetails {
  name?: string
  group?: string
  kind?: string
  uid?: string
  causes?: StatusCause[]
  retryAfterSeconds?: number
}

/** A Kubernetes `Status` of a failure, as meta/v1 writes it. */
export interface Status {
  kind: 'Status'
  apiVersion: 'v1'
  metadata: Record<string, unknown>
  status: 'Failure' | 'Success'
  message?: string
  reason?: string
  details?: StatusDetails
  code?: number
}

export interface StatusErrorOptions {
  code: number
  reason: string
  message: string
  details?: StatusDetails
  /** Set where the wire form does not follow from the place that throws. */
  form?: ErrorForm
  headers?: Record<string, string>
  cause?: unknown
}

/** An error that a client may see. Whatever else is thrown is a 500 whose details reach only the log. */
export class StatusError extends Error {
  readonly code: number
  readonly reason: string
  readonly details: StatusDetails | undefined
  readonly form: ErrorForm | undefined
  readonly headers: Record<string, string>

  constructor ({ code, reason, message, details, form, headers, cause }: StatusErrorOptions) {
    super(message, { cause })
    this.name = 'StatusError'
    this.code = code
    this.reason = reason
    this.details = details
    this.form = form
    this.headers = headers ?? {}
  }

  /** The error as a Kubernetes object. */
  toStatus (): Status {
    return { kind: 'Status', apiVersion: 'v1', metadata: {}, status: 'Failure', message: this.message, ...(this.reason ? { reason: this.reason } : {}), ...(this.details ? { details: this.details } : {}), code: this.code }
  }

  /** Reads back a Status that a Kubernetes API answered. */
  static from (status: Partial<Status>, code = status.code ?? 500): StatusError {
    return new StatusError({ code, reason: status.reason ?? 'Unknown', message: status.message ?? 'unknown', ...(status.details ? { details: status.details } : {}) })
  }
}

/** `users.iam.kubesphere.io` → { kind: users, group: iam.kubesphere.io }; core resources have no group. */
function qualified (resource: string): { kind: string, group?: string } {
  const dot = resource.indexOf('.')
  return dot < 0 ? { kind: resource } : { kind: resource.slice(0, dot), group: resource.slice(dot + 1) }
}

const objectDetails = (resource: string, name: string): StatusDetails => ({ ...(name ? { name } : {}), ...qualified(resource) })

/** A missing object; `resource` is `plural.group`, or the bare plural of the core group. Always a Status, also where other errors are text. */
export const notFound = (resource: string, name: string): StatusError =>
  new StatusError({ code: 404, reason: 'NotFound', message: `${resource} "${name}" not found`, details: objectDetails(resource, name), form: 'status' })

export const alreadyExists = (resource: string, name: string): StatusError =>
  new StatusError({ code: 409, reason: 'AlreadyExists', message: `${resource} "${name}" already exists`, details: objectDetails(resource, name) })

export const conflict = (resource: string, name: string, why = 'the object has been modified; please apply your changes to the latest version and try again'): StatusError =>
  new StatusError({ code: 409, reason: 'Conflict', message: `Operation cannot be fulfilled on ${resource} "${name}": ${why}`, details: objectDetails(resource, name) })

export const badRequest = (message: string, cause?: unknown): StatusError =>
  new StatusError({ code: 400, reason: 'BadRequest', message, cause })

export const unauthorized = (message: string): StatusError =>
  new StatusError({ code: 401, reason: 'Unauthorized', message })

export const forbidden = (resource: string, name: string, why: string): StatusError =>
  new StatusError({ code: 403, reason: 'Forbidden', message: `${resource}${name ? ` "${name}"` : ''} is forbidden: ${why}`, details: objectDetails(resource, name) })

/** A value that breaks a rule of its kind: `kind` is `User.iam.kubesphere.io`, or the bare kind of the core group. */
export function invalid (kind: string, name: string, causes: readonly Required<StatusCause>[]): StatusError {
  const list = [...new Set(causes.map(({ field, message }) => `${field}: ${message}`))]
  const text = list.length === 1 ? list[0] : `[${list.join(', ')}]`
  return new StatusError({ code: 422, reason: 'Invalid', message: `${kind} "${name}" is invalid: ${text}`, details: { ...objectDetails(kind, name), causes: [...causes] } })
}

export const methodNotAllowed = (message: string, allow: readonly string[] = []): StatusError =>
  new StatusError({ code: 405, reason: 'MethodNotAllowed', message, headers: allow.length ? { allow: allow.join(', ') } : {} })

export const notAcceptable = (message: string): StatusError => new StatusError({ code: 406, reason: 'NotAcceptable', message })
export const gone = (message: string): StatusError => new StatusError({ code: 410, reason: 'Expired', message })
export const tooLarge = (message: string): StatusError => new StatusError({ code: 413, reason: 'RequestEntityTooLarge', message })
export const unsupportedMediaType = (message: string): StatusError => new StatusError({ code: 415, reason: 'UnsupportedMediaType', message })

/** `seconds` goes into Retry-After. */
export const tooManyRequests = (message: string, seconds = 1): StatusError =>
  new StatusError({ code: 429, reason: 'TooManyRequests', message, details: { retryAfterSeconds: seconds }, headers: { 'retry-after': String(seconds) } })

export const serviceUnavailable = (message: string, cause?: unknown): StatusError => new StatusError({ code: 503, reason: 'ServiceUnavailable', message, cause })
export const gatewayTimeout = (message: string): StatusError => new StatusError({ code: 504, reason: 'Timeout', message })

/** One line of text with any code, for the places where clients of 3.x read text. */
export const textError = (code: number, message: string, cause?: unknown): StatusError => new StatusError({ code, reason: 'Unknown', message, form: 'text', cause })

/** An OAuth error (RFC 6749 section 5.2): `{"error", "error_description"}`. */
export const oauthError = (code: number, error: string, description = '', headers: Record<string, string> = {}): StatusError =>
  new StatusError({ code, reason: error, message: description, form: 'oauth', headers })

export const isMissing = (error: unknown): boolean => error instanceof StatusError && error.code === 404
/** What was changed by somebody else meanwhile; a name that is taken is none. */
export const isConflict = (error: unknown): boolean => error instanceof StatusError && error.reason === 'Conflict'

/** A name that is taken. */
export const isTaken = (error: unknown): boolean => error instanceof StatusError && error.reason === 'AlreadyExists'

/** For `catch`: goes on where the error is of the expected kind. */
export const unless = (expected: (error: unknown) => boolean) => (error: unknown): undefined => {
  if (!expected(error)) throw error
  return undefined
}

/** For `catch`: what is to go, or to change, may be gone by now. */
export const unlessMissing = unless(isMissing)
/** For `catch`: somebody else, another replica say, may have been as fast. */
export const unlessTaken = unless(isTaken)
