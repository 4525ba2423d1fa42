import { badRequest, invalid, isRecord } from '../../../core/sdk/index.js'
import type { Cause, Draft } from '../kinds/types.js'
import { invalidValue } from '../metadata.js'
import { fields, list, text } from './fields.js'
import type { Auth } from './index.js'
import { aboutPath, aboutResource, type Question } from './question.js'
import { isMaster, type User } from './users.js'

/** A review as it came: its object, the namespace of its path, who asks. */
export interface Review { readonly draft: Draft, readonly namespace: string, readonly user: User }

const isSet = (value: unknown): boolean => value !== undefined && value !== null

function attributeCauses ({ resourceAttributes: on, nonResourceAttributes: at }: Record<string, unknown>): Cause[] {
  if (isSet(on) && isSet(at)) return [invalidValue('spec.nonResourceAttributes', at, 'cannot be specified in combination with resourceAttributes')]
  return isSet(on) || isSet(at) ? [] : [invalidValue('spec.resourceAttributes', null, 'exactly one of nonResourceAttributes or resourceAttributes must be specified')]
}

const subjectCauses = (spec: Record<string, unknown>): Cause[] =>
  text(spec, 'user') || list(spec, 'groups').length ? [] : [invalidValue('spec.user', '', 'at least one of user or group must be specified')]

const isBare = (metadata: object, ...allowed: string[]): boolean => Object.entries(metadata).every(([key, value]) => value === '' || allowed.includes(key))

function localCauses (spec: Record<string, unknown>, namespace: string): Cause[] {
  const own = isRecord(spec['resourceAttributes']) ? text(spec['resourceAttributes'], 'namespace') : namespace
  return [
    ...(own === namespace ? [] : [invalidValue('spec.resourceAttributes.namespace', own, 'must match metadata.namespace')]),
    ...(isSet(spec['nonResourceAttributes']) ? [invalidValue('spec.nonResourceAttributes', spec['nonResourceAttributes'], 'disallowed on this kind of request')] : []),
  ]
}

function check ({ draft, namespace }: Review, spec: Record<string, unknown>, more: (spec: Record<string, unknown>) => Cause[]) {
  const { kind, metadata } = draft
  const bare = isBare(metadata, 'managedFields', ...(namespace ? ['namespace'] : []))
  if (namespace && metadata.namespace && metadata.namespace !== namespace) throw badRequest('the namespace of the provided object does not match the namespace sent on the request')
  const causes = [...attributeCauses(spec), ...more(spec), ...(bare ? [] : [invalidValue('metadata', metadata, 'must be empty')])]
  if (causes.length) throw invalid(`${kind ?? ''}.authorization.k8s.io`, '', causes)
}

function questionOf (spec: Record<string, unknown>): Question {
  if (isSet(spec['nonResourceAttributes'])) {
    const at = fields(spec, 'nonResourceAttributes')
    return aboutPath(text(at, 'verb'), text(at, 'path'))
  }
  const on = fields(spec, 'resourceAttributes')
  const [namespace, apiGroup, apiVersion, resource, subresource, name] = ['namespace', 'group', 'version', 'resource', 'subresource', 'name'].map(key => text(on, key)) as [string, string, string, string, string, string]
  return aboutResource(text(on, 'verb'), { namespace, apiGroup, apiVersion, resource, subresource, name })
}

function statusFor ({ gate }: Auth, user: User, spec: Record<string, unknown>) {
  const { allowed, reason } = gate.decide(user, questionOf(spec))
  return { allowed, ...(reason ? { reason } : {}) }
}

const subjectOf = (spec: Record<string, unknown>): User => {
  const extra = fields(spec, 'extra')
  return { name: text(spec, 'user'), groups: list(spec, 'groups'), uid: text(spec, 'uid'), extra: Object.fromEntries(Object.keys(extra).map(key => [key, list(extra, key)])) }
}

/** May the caller? */
export function selfAccess (auth: Auth, review: Review) {
  const spec = fields(review.draft, 'spec')
  check(review, spec, () => [])
  return statusFor(auth, review.user, spec)
}

/** May somebody? */
export function subjectAccess (auth: Auth, review: Review) {
  const spec = fields(review.draft, 'spec')
  check(review, spec, spec => [...subjectCauses(spec), ...(review.namespace ? localCauses(spec, review.namespace) : [])])
  return statusFor(auth, subjectOf(spec), spec)
}

const everything = { resourceRules: [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }], nonResourceRules: [{ verbs: ['*'], nonResourceURLs: ['*'] }], incomplete: false }

/** What may the caller in a namespace? */
export function selfRules ({ policy, enforced }: Auth, { draft, user }: Review) {
  const namespace = text(fields(draft, 'spec'), 'namespace')
  if (!namespace) throw badRequest('no namespace on request')
  if (!enforced || isMaster(user)) return everything
  const { rules, error } = policy.held(user, namespace)
  const ofResources = rules.filter(({ resources }) => resources?.length).map(({ verbs, apiGroups = [], resources = [], resourceNames }) => ({ verbs, apiGroups, resources, ...(resourceNames?.length ? { resourceNames } : {}) }))
  const ofPaths = rules.filter(({ nonResourceURLs }) => nonResourceURLs?.length).map(({ verbs, nonResourceURLs = [] }) => ({ verbs, nonResourceURLs }))
  return { resourceRules: ofResources, nonResourceRules: ofPaths, incomplete: false, ...(error ? { evaluationError: error } : {}) }
}
