import { alertingDefinitions } from '../../schemas/alerting/definitions.js'
import { createPrometheus, defineGroup, groupProxy } from '../../core/sdk/index.js'
import { createBuiltinRules } from './builtin-rules.js'
import { AlertingConfig, parseLabels } from './config.js'
import { createCustomRules } from './custom-rules.js'
import { groupGuards } from './guard.js'
import { ruleGroupReconcilers } from './reconcilers/rule-groups.js'
import { ruleGroupRoutes } from './routes/rule-groups.js'
import { builtinRuleRoutes, customRuleRoutes, disabledRoutes } from './routes/rules.js'
import { createRuleGroups } from './rule-groups.js'
import { createScopes } from './rule-scope.js'
import { createRuleServer } from './rule-server.js'
import { createRuleStorage } from './rule-storage.js'
import { createRuleWriter } from './rule-writer.js'
import { createRulers } from './rulers.js'

/** Alerting rules and alerts. */
export default defineGroup({
  name: 'alerting',
  apiGroup: 'alerting.kubesphere.io',
  needs: ['kube', 'log'],
  config: AlertingConfig,
  seed: { crds: alertingDefinitions },
  setup ({ kube, log, config: { alerting } }) {
    const { endpoint, prometheusEndpoint, thanosRulerEndpoint, thanosRuleResourceLabels } = alerting
    const prometheus = createPrometheus({ endpoint: prometheusEndpoint })
    const thanos = createPrometheus({ endpoint: thanosRulerEndpoint })
    const server = createRuleServer(thanos)
    const labels = parseLabels(thanosRuleResourceLabels)
    const rulers = createRulers(kube)
    const scopes = createScopes({ rulers, labels })
    const custom = createCustomRules({ scopes, server })
    const writer = createRuleWriter({ scopes, storage: createRuleStorage({ kube, rulers }) })
    const builtin = createBuiltinRules({ rulers, server: createRuleServer(prometheus) })
    const groups = createRuleGroups({ kube, server })
    return {
      versions: {
        v2alpha1: app => {
          if (!prometheus.configured && !thanos.configured) return disabledRoutes(app)
          customRuleRoutes(app, custom, writer)
          builtinRuleRoutes(app, builtin)
        },
        v2beta1: app => { ruleGroupRoutes(app, groups) },
      },
      root: groupProxy({ group: 'alerting.kubesphere.io', endpoint, key: 'alerting.endpoint', served: ['v2alpha1', 'v2beta1'] }),
      guards: groupGuards,
      reconcilers: ruleGroupReconcilers({ kube, log }),
      close: async () => { await Promise.all([prometheus.close(), thanos.close()]) },
    }
  },
})
