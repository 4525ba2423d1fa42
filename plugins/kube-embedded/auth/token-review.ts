import { badRequest } from '../../../core/sdk/index.js'
import type { Review } from './access-reviews.js'
import { fields, list, text } from './fields.js'
import type { Auth } from './index.js'
import { issuer } from './tokens.js'
import { userInfo } from './users.js'

const refusal = 'invalid bearer token'

/** Whose is a token? */
export function tokenReview ({ authenticator }: Auth, { draft }: Review) {
  const spec = fields(draft, 'spec')
  const token = text(spec, 'token')
  if (!token) throw badRequest('token is required for TokenReview in authentication')
  const wanted = list(spec, 'audiences')
  const verdict = authenticator.check(token, wanted.length ? wanted : [issuer])
  if ('user' in verdict) return { authenticated: true, user: userInfo(verdict.user), audiences: verdict.audiences }
  return { user: {}, error: verdict.error ? `[${refusal}, ${verdict.error}]` : refusal }
}
