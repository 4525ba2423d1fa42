import type { FastifyInstance } from 'fastify'
import { textError } from '../errors/status-error.js'

const accepted = new Set(['application/json', '*/*'])
const refusal = '406: Not Acceptable\n\nAvailable representations: application/json'

/** Refuses an Accept header that admits no JSON. As the router of 3.x: parameters of a media type say nothing, and `application/*` is no match. */
export function checkAccept (accept: string | undefined): void {
  if (accept && !accept.split(',').some(type => accepted.has(type.split(';')[0]?.trim() ?? ''))) throw textError(406, refusal)
}

/** Refuses callers who take no JSON. */
export function requireJSON (app: FastifyInstance): void {
  app.addHook('preValidation', async ({ headers }) => { checkAccept(headers.accept) })
}
