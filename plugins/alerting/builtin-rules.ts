import type { AskOptions, Query } from '../../core/sdk/index.js'
import { monitoringNamespace } from './levels.js'
import { notFound } from './rule-scope.js'
import type { RuleServer } from './rule-server.js'
import { alertsOfRule, finderOf, listAlerts, listRules, viewOf, viewOfLoaded, type AlertView, type Listed, type RuleView } from './rule-view.js'
import { alertsOf, type Rulers } from './rulers.js'

/** The platform's own rules, which Prometheus evaluates: those that the objects of its namespace bring, or where it is not of this cluster, all that it has. */
export function createBuiltinRules ({ rulers, server }: { rulers: Rulers, server: RuleServer }) {
  async function all (options: AskOptions): Promise<RuleView[]> {
    const ruler = rulers.prometheus()
    const groups = await server.groups({}, options)
    if (!ruler) return groups.flatMap(group => (group.rules ?? []).map(rule => viewOfLoaded(group.name, rule)))
    const find = finderOf(monitoringNamespace, groups)
    const rules = rulers.files(ruler, rulers.namespace(monitoringNamespace)).flatMap(alertsOf)
    return [...new Map(rules.map(placed => [placed.id, placed])).values()].map(placed => viewOf(placed, find(placed)))
  }

  async function get (id: string, options: AskOptions): Promise<RuleView> {
    const found = (await all(options)).find(rule => rule.id === id)
    if (!found) throw notFound()
    return found
  }

  return {
    list: async (query: Query, options: AskOptions): Promise<Listed<RuleView>> => listRules(query, await all(options)),
    alerts: async (query: Query, options: AskOptions): Promise<Listed<AlertView>> => listAlerts(query, await all(options)),
    get,
    alertsOf: async (id: string, options: AskOptions): Promise<Listed<AlertView>> => alertsOfRule(await get(id, options)),
  }
}

export type BuiltinRules = ReturnType<typeof createBuiltinRules>
