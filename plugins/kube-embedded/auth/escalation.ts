import { isDeepStrictEqual } from 'node:util'
import { notFound, type KubeObject } from '../../../core/sdk/index.js'
import type { BindingObject, PolicyRule, RoleObject, SigningRequest } from '../../../schemas/kube/builtin.js'
import { mediaType } from '../body.js'
import { header, type Exchange } from '../exchange.js'
import type { Draft, KindRow } from '../kinds/types.js'
import type { ResourceRoute } from '../route.js'
import { refused } from '../status.js'
import { rbacGroup } from './follow.js'
import { Matcher } from './matcher.js'
import type { Policy } from './policy.js'
import { aboutResource, forbiddenTo, type Question } from './question.js'
import { missingRights, quoted, ruleText } from './rights.js'
import type { User } from './users.js'

/** Who writes what, and where. */
interface Write { readonly policy: Policy, readonly user: User, readonly route: ResourceRoute }
type Guard = (write: Write, object: KubeObject, stored: KubeObject | undefined) => void

const may = ({ policy, user }: Write, question: Question): boolean => policy.decide(user, question).allowed

/** All of an object but what the garbage collector needs, the server writes, and clients say of themselves. */
function essence (object: KubeObject) {
  const { metadata: { name, namespace, labels = {}, annotations = {} }, apiVersion: _apiVersion, ...rest } = object
  return { ...rest, name, namespace, labels, annotations }
}
const isSame = (object: KubeObject, stored: KubeObject | undefined): boolean => stored !== undefined && isDeepStrictEqual(essence(object), essence(stored))

/** 403 where the caller does not hold all of the rules; a right counts where the role or binding will. */
function requireHeld ({ policy, user, route: { row, namespace } }: Write, name: string, rules: readonly PolicyRule[], why?: string) {
  const { matchers, error } = policy.held(user, namespace)
  const missing = missingRights(matchers, rules)
  if (missing.length === 0) return
  const list = [...new Set(missing.map(ruleText))].sort().join('\n')
  throw refused(row, name, why ?? `user ${JSON.stringify(user.name)} (groups=${quoted(user.groups)}) is attempting to grant RBAC permissions not currently held:\n${list}${error ? `; resolution errors: [${error}]` : ''}`)
}

const everything: readonly PolicyRule[] = [{ verbs: ['*'], apiGroups: ['*'], resources: ['*'] }, { verbs: ['*'], nonResourceURLs: ['*'] }]
const aggregates = (object: KubeObject | undefined): boolean => Boolean((object as Draft | undefined)?.['aggregationRule'])

const guardRole: Guard = (write, object, stored) => {
  const { row, namespace, name } = write.route
  if (isSame(object, stored) || may(write, aboutResource('escalate', { apiGroup: row.group, apiVersion: '*', resource: row.resource, namespace, name }))) return
  requireHeld(write, object.metadata.name, (object as RoleObject).rules ?? [])
  if (aggregates(object) || aggregates(stored)) requireHeld(write, object.metadata.name, everything, 'must have cluster-admin privileges to use the aggregationRule')
}

const guardBinding: Guard = (write, object, stored) => {
  const { roleRef } = object as BindingObject
  const { namespace } = write.route
  const resource = roleRef?.kind === 'Role' ? 'roles' : roleRef?.kind === 'ClusterRole' ? 'clusterroles' : undefined
  if (!resource || isSame(object, stored)) return
  if (may(write, aboutResource('bind', { apiGroup: rbacGroup, apiVersion: '*', resource, namespace, name: roleRef.name }))) return
  const rules = write.policy.rulesOf(roleRef, namespace)
  if (!rules) throw notFound(`${resource}.${rbacGroup}`, roleRef.name)
  requireHeld(write, object.metadata.name, rules)
}

/** Server-side apply may create what is not there: only for those who may create. */
const guardApply: Guard = (write, object, stored) => {
  if (stored) return
  const { user, policy, route: { row, namespace, name } } = write
  const question = aboutResource('create', { apiGroup: row.group, apiVersion: row.version, resource: row.resource, namespace, name })
  const decision = policy.decide(user, question)
  if (!decision.allowed) throw forbiddenTo(user, question, decision.reason)
}

/** Whoever decides on a request, or answers it, needs the right for its signer besides. */
const guardSigner = (verb: 'approve' | 'sign'): Guard => (write, object, stored) => {
  const { spec: { signerName }, status: before } = stored as SigningRequest
  const { status: after } = object as SigningRequest
  if (verb === 'sign' && isDeepStrictEqual([before?.certificate, before?.conditions], [after?.certificate, after?.conditions])) return
  const names = [signerName, `${signerName.split('/')[0] ?? ''}/*`]
  if (names.some(name => may(write, aboutResource(verb, { apiGroup: write.route.row.group, apiVersion: '*', resource: 'signers', name })))) return
  throw refused(write.route.row, object.metadata.name, `user not permitted to ${verb} requests with signerName ${JSON.stringify(signerName)}`)
}

const certificates: Readonly<Record<string, Guard>> = { approval: guardSigner('approve'), status: guardSigner('sign') }

const rbac: Readonly<Record<string, Guard>> = { roles: guardRole, clusterroles: guardRole, rolebindings: guardBinding, clusterrolebindings: guardBinding }

const guardsOf = ({ row: { group, resource }, subresource }: ResourceRoute, exchange: Exchange): Guard[] => {
  if (!['POST', 'PUT', 'PATCH'].includes(exchange.method)) return []
  const ofRequest = resource === 'certificatesigningrequests' && Object.hasOwn(certificates, subresource) ? certificates[subresource] : undefined
  if (subresource) return ofRequest ? [ofRequest] : []
  const own = group === rbacGroup && Object.hasOwn(rbac, resource) ? rbac[resource] : undefined
  const applies = exchange.method === 'PATCH' && mediaType(header(exchange, 'content-type')).startsWith('application/apply-patch')
  return [...(applies ? [guardApply] : []), ...(own ? [own] : [])]
}

/** The route as somebody may write it: what a write would lead to is judged where it is validated, whatever way it came. */
export function guardedRoute (policy: Policy, route: ResourceRoute, exchange: Exchange): ResourceRoute {
  const guards = guardsOf(route, exchange)
  if (guards.length === 0) return route
  const write = { policy, user: exchange.user, route }
  const { strategy } = route.row
  const validate: NonNullable<KindRow['strategy']['validate']> = (object, stored, ...more) => {
    for (const guard of guards) guard(write, object, stored)
    return strategy.validate?.(object, stored, ...more) ?? []
  }
  return { ...route, row: { ...route.row, strategy: { ...strategy, validate } } }
}

/** Whether rules hold all of others. */
export const covers = (held: readonly PolicyRule[], wanted: readonly PolicyRule[]): boolean => missingRights([new Matcher(held)], wanted).length === 0
