import type { FastifyRequest } from 'fastify'
import { goneSignal, parseListQuery, type App, type AskOptions } from '../../../core/sdk/index.js'
import { clusterLevel, globalLevel, namespaceLevel } from '../levels.js'
import type { RuleGroups } from '../rule-groups.js'

interface Named { Params: { namespace?: string, name: string } }

const paths = [
  { level: namespaceLevel, groups: '/namespaces/:namespace/rulegroups', alerts: '/namespaces/:namespace/alerts' },
  { level: clusterLevel, groups: '/clusterrulegroups', alerts: '/clusteralerts' },
  { level: globalLevel, groups: '/globalrulegroups', alerts: '/globalalerts' },
] as const

/** Whose question it is, and how long it matters. */
export const askedBy = ({ identity, raw }: FastifyRequest): AskOptions => ({ caller: identity.name, signal: goneSignal(raw.socket) })

/** Rule groups and their alerts, to look at; they are written as objects, under /apis. */
export function ruleGroupRoutes (app: App, groups: RuleGroups): void {
  const schema = { tags: ['Alerting'] }
  for (const { level, ...path } of paths) {
    const place = ({ namespace = '' }: { namespace?: string }) => ({ level, namespace })
    app.get<Named>(path.groups, { schema }, request => groups.list(place(request.params), parseListQuery(request.target.query), askedBy(request)))
    app.get<Named>(`${path.groups}/:name`, { schema }, request => groups.get(place(request.params), request.params.name, askedBy(request)))
    app.get<Named>(path.alerts, { schema }, request => groups.alerts(place(request.params), parseListQuery(request.target.query), askedBy(request)))
  }
}
