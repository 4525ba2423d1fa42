import { textError, type App } from '../../../core/sdk/index.js'
import type { BuiltinRules } from '../builtin-rules.js'
import type { CustomRules } from '../custom-rules.js'
import { readRule, readRules } from '../posted-rule.js'
import type { RuleWriter } from '../rule-writer.js'
import { askedBy } from './rule-groups.js'

interface Named { Params: { namespace?: string, rule_name: string } }
interface Builtin { Params: { rule_id: string } }

const schema = { tags: ['Alerting'] }

/** Rules that people make, of the cluster and of projects. */
export function customRuleRoutes (app: App, rules: CustomRules, writer: RuleWriter): void {
  for (const base of ['', '/namespaces/:namespace']) {
    const project = ({ namespace = '' }: { namespace?: string }) => namespace
    const [all, one] = [`${base}/rules`, `${base}/rules/:rule_name`]
    app.get<Named>(all, { schema }, request => rules.list(project(request.params), request.target.query, askedBy(request)))
    app.get<Named>(`${base}/alerts`, { schema }, request => rules.alerts(project(request.params), request.target.query, askedBy(request)))
    app.get<Named>(one, { schema }, request => rules.get(project(request.params), request.params.rule_name, askedBy(request)))
    app.get<Named>(`${one}/alerts`, { schema }, request => rules.alertsOf(project(request.params), request.params.rule_name, askedBy(request)))
    app.post<Named>(all, { schema }, async ({ params, body }, reply) => reply.send(await writer.create(project(params), readRule(body))))
    app.put<Named>(one, { schema }, async ({ params, body }, reply) => reply.send(await writer.update(project(params), params.rule_name, readRule(body))))
    app.delete<Named>(one, { schema }, async ({ params }, reply) => reply.send(await writer.remove(project(params), params.rule_name)))
    app.post<Named>(`${base}/bulkrules`, { schema }, ({ params, body }) => writer.storeAll(project(params), readRules(body)))
    app.delete<Named>(all, { schema }, ({ params, target }) => writer.removeAll(project(params), target.query.all('name')))
  }
}

/** Rules that the platform brings. */
export function builtinRuleRoutes (app: App, rules: BuiltinRules): void {
  app.get('/builtin/rules', { schema }, request => rules.list(request.target.query, askedBy(request)))
  app.get('/builtin/alerts', { schema }, request => rules.alerts(request.target.query, askedBy(request)))
  app.get<Builtin>('/builtin/rules/:rule_id', { schema }, request => rules.get(request.params.rule_id, askedBy(request)))
  app.get<Builtin>('/builtin/rules/:rule_id/alerts', { schema }, request => rules.alertsOf(request.params.rule_id, askedBy(request)))
}

/** What is answered where there is neither Prometheus nor Thanos Ruler to ask. */
export function disabledRoutes (app: App): void {
  app.route({ method: ['GET', 'PUT', 'POST', 'DELETE', 'PATCH'], url: '/*', schema, handler: async () => { throw textError(400, 'The alerting v2 API is not enabled') } })
}
