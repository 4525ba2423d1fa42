import { badRequest, type KubeObject } from '../../core/sdk/index.js'
import { isRecord, parseBody } from './body.js'
import type { Context } from './context.js'
import { header, headersOf, jsonAnswer, type Answer, type Exchange } from './exchange.js'
import type { Draft, KindRow } from './kinds/types.js'
import { asDraft } from './metadata.js'
import type { ResourceRoute } from './route.js'
import { apiVersion } from './status.js'
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
  virtual('authorization.k8s.io', 'LocalSubjectAccessReview', true),
  virtual('authorization.k8s.io', 'SelfSubjectAccessReview'),
  virtual('authorization.k8s.io', 'SelfSubjectRulesReview'),
  virtual('authorization.k8s.io', 'SubjectAccessReview'),
]

/** The caller: who is impersonated, else the cluster-admin to whom this API belongs. */
function userOf (exchange: Exchange) {
  const username = header(exchange, 'impersonate-user')
  if (!username) return { username: 'system:admin', groups: ['system:masters', 'system:authenticated'] }
  const groups = headersOf(exchange, 'impersonate-group')
  const uid = header(exchange, 'impersonate-uid')
  const extra = Object.fromEntries(Object.keys(exchange.headers).filter(name => name.startsWith('impersonate-extra-')).map(name => [decodeURIComponent(name.slice('impersonate-extra-'.length)), headersOf(exchange, name)]))
  return { username, ...(uid ? { uid } : {}), groups: groups.includes('system:authenticated') ? groups : [...groups, 'system:authenticated'], ...(Object.keys(extra).length ? { extra } : {}) }
}

const allowed = () => ({ allowed: true, reason: 'cluster-admin' })
const everything = () => ({
  resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }],
  nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }],
  incomplete: false,
})

const statusOf: Record<string, (exchange: Exchange) => unknown> = {
  SelfSubjectReview: exchange => ({ userInfo: userOf(exchange) }),
  LocalSubjectAccessReview: allowed,
  SelfSubjectAccessReview: allowed,
  SelfSubjectRulesReview: everything,
  SubjectAccessReview: allowed,
}

function check (row: KindRow, draft: Draft, namespace: string) {
  if (row.kind === 'SelfSubjectReview') return
  const spec = draft['spec']
  if (!isRecord(spec)) throw badRequest(`${row.kind} in version "v1" cannot be handled as a ${row.kind}: spec is missing`)
  if (row.kind === 'SelfSubjectRulesReview') {
    if (!spec['namespace']) throw badRequest('no namespace on request')
    return
  }
  const resource = spec['resourceAttributes']
  if (isRecord(resource) === isRecord(spec['nonResourceAttributes'])) throw badRequest('exactly one of nonResourceAttributes or resourceAttributes must be specified')
  if (row.namespaced && isRecord(resource) && resource['namespace'] !== namespace) throw badRequest('spec.resourceAttributes.namespace must match the namespace of the request')
}

/** Everything is allowed to whoever holds this API's credential; others are answered by what stands in front of it. */
export async function review (_context: Context, { row, namespace }: ResourceRoute, exchange: Exchange): Promise<Answer> {
  writeOptions(exchange, 'CreateOptions')
  const draft = asDraft(row, parseBody(await exchange.body(), header(exchange, 'content-type'), row.kind))
  check(row, draft, namespace)
  const answer = { ...draft, apiVersion: apiVersion(row), metadata: { creationTimestamp: null, ...(namespace ? { namespace } : {}) }, status: statusOf[row.kind]?.(exchange) } as unknown as KubeObject
  return jsonAnswer(201, answer)
}
