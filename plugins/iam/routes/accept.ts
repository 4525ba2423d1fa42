import { textError, type App } from '../../../core/sdk/index.js'

const accepted = new Set(['application/json', '*/*'])
const refusal = '406: Not Acceptable\n\nAvailable representations: application/json'

/** Whether an Accept header admits JSON. As the router of 3.x: parameters of a media type say nothing, and `application/*` is no match. */
export const admitsJSON = (accept: string | undefined): boolean => !accept || accept.split(',').some(type => accepted.has(type.split(';')[0]?.trim() ?? ''))

/** Refuses callers who take no JSON. */
export function requireJSON (app: App): void {
  app.addHook('preValidation', (request, _reply, done) => { done(admitsJSON(request.headers.accept) ? undefined : textError(406, refusal)) })
}
