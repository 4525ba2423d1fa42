import { badRequest, type Headers } from '../../../core/sdk/index.js'
import { header, headersOf, type Exchange } from '../exchange.js'
import type { Policy } from './policy.js'
import { aboutResource, forbiddenTo, type Question } from './question.js'
import { accountGroups, accountOf, anonymous, authenticated, isMaster, unauthenticated, type User } from './users.js'

const userHeader = 'impersonate-user'
const groupHeader = 'impersonate-group'
const uidHeader = 'impersonate-uid'
const extraPrefix = 'impersonate-extra-'

/** Whether anybody else is to be judged than who asks. */
export function impersonates (headers: Headers): boolean {
  if (headers[userHeader] !== undefined || headers[groupHeader] !== undefined || headers[uidHeader] !== undefined) return true
  for (const name in headers) if (name.startsWith(extraPrefix)) return true
  return false
}

function extraKey (name: string): string {
  const key = name.slice(extraPrefix.length)
  try { return decodeURIComponent(key) } catch { return key }
}

function extraOf (exchange: Exchange): Record<string, string[]> {
  const extra: Record<string, string[]> = Object.create(null) as Record<string, string[]>
  for (const name in exchange.headers) if (name.startsWith(extraPrefix)) extra[extraKey(name)] = headersOf(exchange, name)
  return extra
}

function groupsOf (name: string, given: readonly string[]): string[] {
  const account = given.length === 0 ? accountOf(name) : undefined
  const groups = account ? accountGroups(account.namespace) : [...given]
  if (name === anonymous.name) return groups.includes(unauthenticated) ? groups : [...groups, unauthenticated]
  return groups.includes(authenticated) || groups.includes(unauthenticated) ? groups : [...groups, authenticated]
}

/** What the caller must be allowed: each part of the other identity is an object of its own. */
function questionsOf (name: string, given: readonly string[], uid: string, extra: Readonly<Record<string, readonly string[]>>): Question[] {
  const account = accountOf(name)
  const ask = (about: Partial<Question>) => aboutResource('impersonate', { apiVersion: 'v1', ...about })
  const apiGroup = 'authentication.k8s.io'
  return [
    account ? ask({ resource: 'serviceaccounts', ...account }) : ask({ resource: 'users', name }),
    ...given.map(name => ask({ resource: 'groups', name })),
    ...(uid ? [ask({ apiGroup, resource: 'uids', name: uid })] : []),
    ...Object.entries(extra).flatMap(([subresource, values]) => values.map(name => ask({ apiGroup, resource: 'userextras', subresource, name }))),
  ]
}

/** The identity that the headers ask for; 403 where the caller may not take it. */
export function impersonated (policy: Policy, exchange: Exchange): User {
  const { user: caller } = exchange
  const name = header(exchange, userHeader)
  const given = headersOf(exchange, groupHeader).filter(group => group !== '')
  const uid = header(exchange, uidHeader)
  const extra = extraOf(exchange)
  if (!name) throw badRequest('requested groups, uid or extra without impersonating a user')
  if (!isMaster(caller)) {
    for (const question of questionsOf(name, given, uid, extra)) {
      const decision = policy.decide(caller, question)
      if (!decision.allowed) throw forbiddenTo(caller, question, decision.reason)
    }
  }
  return { name, groups: groupsOf(name, given), ...(uid ? { uid } : {}), ...(Object.keys(extra).length ? { extra } : {}) }
}

/** Headers without the identity that has been taken. */
export function withoutImpersonation (headers: Headers): Headers {
  const result: Headers = {}
  for (const name in headers) if (!name.startsWith('impersonate-')) result[name] = headers[name]
  return result
}
