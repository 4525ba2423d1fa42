import type { FastifyError, FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { dump } from 'js-yaml'
import { StatusError, badRequest, tooLarge, unsupportedMediaType, type ErrorForm } from './status-error.js'

/** As html.EscapeString of the reference's text errors: quotes stay. */
export const escapeText = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')

const wantsYAML = (request: FastifyRequest): boolean => /^\s*application\/yaml\b/.test(request.headers.accept ?? '')

type Writer = (error: StatusError, request: FastifyRequest, reply: FastifyReply) => FastifyReply

/** The only place that knows what error bytes look like. */
const writers: Record<ErrorForm, Writer> = {
  status (error, request, reply) {
    const status = error.toStatus()
    return wantsYAML(request)
      ? reply.type('application/yaml').send(dump(status))
      : reply.type('application/json').send(JSON.stringify(status))
  },
  text: (error, _request, reply) => reply.type('text/plain; charset=utf-8').send(`${escapeText(error.message)}\n`),
  wrapped (error, _request, reply) {
    const { kind, apiVersion, ...status } = error.toStatus()
    return reply.type('application/json').send(JSON.stringify({ ErrStatus: status }))
  },
  message: (error, _request, reply) => reply.type('application/json').send(JSON.stringify({ message: error.message })),
  oauth: (error, _request, reply) => reply.type('application/json').send(JSON.stringify({ error: error.reason, ...(error.message ? { error_description: error.message } : {}) })),
}

export function sendError (error: StatusError, request: FastifyRequest, reply: FastifyReply): FastifyReply {
  reply.code(error.code).headers({ 'x-content-type-options': 'nosniff', ...error.headers })
  return writers[error.form ?? request.errorForm](error, request, reply)
}

const frameworkErrors: Record<string, (error: FastifyError, request: FastifyRequest) => StatusError> = {
  // As ks-apiserver: a body that no decoder of a group takes is a 400 with this text.
  FST_ERR_CTP_INVALID_MEDIA_TYPE: ({ message }, { errorForm, headers }) => errorForm === 'text'
    ? badRequest(`[ServiceError:400] Unable to unmarshal content of type:${headers['content-type'] ?? ''}`)
    : unsupportedMediaType(message),
  FST_ERR_CTP_BODY_TOO_LARGE: () => tooLarge('the request body is too large'),
  FST_ERR_CTP_INVALID_CONTENT_LENGTH: () => badRequest('the request body is not as long as Content-Length says'),
  FST_ERR_CTP_EMPTY_JSON_BODY: () => badRequest('EOF'),
}

/** What a client may see of any error: StatusErrors as they are, the framework's 4xx in our words, all else as a bare 500. */
export function visible (error: unknown, request: FastifyRequest): StatusError {
  if (error instanceof StatusError) return error
  const { code = '', statusCode = 500, message } = error as FastifyError
  const known = frameworkErrors[code]
  if (known) return known(error as FastifyError, request)
  if (statusCode >= 400 && statusCode < 500) return new StatusError({ code: statusCode, reason: 'BadRequest', message })
  return new StatusError({ code: 500, reason: 'InternalError', message: `Internal server error (request ${request.id})`, cause: error })
}

export function attachErrorHandler (app: FastifyInstance): void {
  app.decorateRequest('errorForm', 'status')
  app.setErrorHandler((error, request, reply) => {
    const shown = visible(error, request)
    if (shown.code >= 500) request.log.error({ reqId: request.id, err: error }, 'request failed')
    return sendError(shown, request, reply)
  })
}
