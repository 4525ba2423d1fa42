import type { KubeObject } from '../../core/sdk/index.js'
import { selfAccess, selfRules, subjectAccess, type Review } from './auth/access-reviews.js'
import type { Auth } from './auth/index.js'
import { tokenReview } from './auth/token-review.js'
import { userInfo } from './auth/users.js'
import { parseBody } from './body.js'
import { timestamp, type Context } from './context.js'
import { header, jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { KindRow } from './kinds/types.js'
import { asDraft } from './metadata.js'
import type { ResourceRoute } from './route.js'
import { apiVersion, nothingRuns } from './status.js'
import { writeOptions } from './verbs/options.js'

const virtual = (group: string, kind: string, namespaced = false): KindRow => ({
  group,
  version: 'v1',
  resource: `${kind.toLowerCase()}s`,
  singular: kind.toLowerCase(),
  kind,
  listKind: `${kind}List`,
  namespaced,
  shortNames: [],
  categories: [],
  bucket: '',
  storageVersion: `${group}/v1`,
  verbs: ['create'],
  subresources: {},
  columns: [],
  strategy: {},
})

/** Kinds that answer a question and are stored nowhere. */
export const reviewKinds: readonly KindRow[] = [
  virtual('authentication.k8s.io', 'SelfSubjectReview'),
  virtual('authentication.k8s.io', 'TokenReview'),
  virtual('authorization.k8s.io', 'LocalSubjectAccessReview', true),
  virtual('authorization.k8s.io', 'SelfSubjectAccessReview'),
  virtual('authorization.k8s.io', 'SelfSubjectRulesReview'),
  virtual('authorization.k8s.io', 'SubjectAccessReview'),
]

const statusOf: Readonly<Record<string, (auth: Auth, review: Review) => unknown>> = {
  SelfSubjectReview: (_auth, { user }) => ({ userInfo: userInfo(user) }),
  TokenReview: tokenReview,
  LocalSubjectAccessReview: subjectAccess,
  SelfSubjectAccessReview: selfAccess,
  SelfSubjectRulesReview: selfRules,
  SubjectAccessReview: subjectAccess,
}

const metadataOf = ({ kind }: KindRow, namespace: string, now: () => number) =>
  kind === 'SelfSubjectReview' ? { creationTimestamp: timestamp(now()) } : namespace ? { namespace } : {}

/** Answers a question about who somebody is or what somebody may. */
export async function review ({ auth, now }: Context, { row, namespace }: ResourceRoute, exchange: Exchange): Promise<Answer> {
  writeOptions(exchange, 'CreateOptions')
  const draft = asDraft(row, parseBody(await exchange.body(), header(exchange, 'content-type'), row.kind))
  const answers = statusOf[row.kind]
  if (!answers) throw nothingRuns(row.resource)
  const status = answers(auth, { draft, namespace, user: exchange.user })
  const answer = { ...draft, apiVersion: apiVersion(row), metadata: metadataOf(row, namespace, now), status } as unknown as KubeObject
  return jsonAnswer(201, answer)
}
