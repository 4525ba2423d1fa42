import { unauthorized } from '../../../core/sdk/index.js'
import type { Exchange } from '../exchange.js'
import type { ResourceRoute } from '../route.js'
import { guardedRoute } from './escalation.js'
import { impersonated, impersonates, withoutImpersonation } from './impersonation.js'
import type { Decision, Policy } from './policy.js'
import { forbiddenTo, questionOf, type Question } from './question.js'
import { anonymous, isMaster, type User } from './users.js'

/** Stands before everything that is served. */
export interface Gate {
  /** The exchange as the one whom it is judged as; 401 or 403 where it may not go on. Twice is as once. */
  admit (exchange: Exchange): Exchange
  /** The route with what its caller may write. */
  guarded (route: ResourceRoute, exchange: Exchange): ResourceRoute
  decide (user: User, question: Question): Decision
}

/** Where somebody without a credential may ask at all; the roles decide there, too. */
const open = new Set(['/healthz', '/livez', '/readyz', '/version', '/version/'])

const takeIdentity = (policy: Policy, exchange: Exchange): Exchange =>
  ({ ...exchange, user: impersonated(policy, exchange), headers: withoutImpersonation(exchange.headers) })

const free: Decision = { allowed: true, reason: '' }

/** Judges by a policy; without the kinds of RBAC (`enforced` false) everybody who is known may everything. */
export function createGate (policy: Policy, enforced: boolean): Gate {
  const decide = (user: User, question: Question): Decision =>
    !enforced || isMaster(user) ? free : policy.decide(user, question)

  const judge = (exchange: Exchange) => {
    const question = questionOf(exchange)
    const decision = decide(exchange.user, question)
    if (!decision.allowed) throw exchange.user === anonymous ? unauthorized('Unauthorized') : forbiddenTo(exchange.user, question, decision.reason)
  }

  return {
    admit (exchange) {
      const takes = impersonates(exchange.headers)
      if (!takes && isMaster(exchange.user)) return exchange
      if (exchange.user === anonymous && (takes || !open.has(exchange.path))) throw unauthorized('Unauthorized')
      const admitted = takes ? takeIdentity(policy, exchange) : exchange
      judge(admitted)
      return admitted
    },
    guarded: (route, exchange) => !enforced || isMaster(exchange.user) ? route : guardedRoute(policy, route, exchange),
    decide,
  }
}
