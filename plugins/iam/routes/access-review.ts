import type { App, Query } from '../../../core/sdk/index.js'
import { questionKeys, type AccessReviews, type Question } from '../access-review.js'
import type { Params } from './rows.js'

interface Typed { Params: Params }
const schema = { tags: ['Access Review'] }

/** What the query asks, in the place that the path names. */
const questionOf = (query: Query, params: Params): Question =>
  ({ ...Object.fromEntries(questionKeys.map(key => [key, query.get(key) ?? ''])), ...params }) as unknown as Question

/** Why somebody may or may not, asked for the platform, a workspace or a project. */
export function accessReviewRoutes (app: App, reviews: AccessReviews): void {
  for (const base of ['', '/workspaces/:workspace', '/namespaces/:namespace']) {
    app.get<Typed>(`${base}/accessreview`, { schema }, ({ identity, params, target }) => reviews.answer(identity, questionOf(target.query, params)))
  }
}
