import type { PrometheusRule, Ruler } from '../../schemas/alerting/prometheus-operator.js'
import type { Namespace } from '../../schemas/kube/builtin.js'
import { textError } from '../../core/sdk/index.js'
import { monitoringNamespace } from './levels.js'
import type { Shelf } from './rule-storage.js'
import { alertsOf, type PlacedRule, type Rulers } from './rulers.js'

const levelLabel = 'custom-alerting-rule-level'

/** The rules of a project, or of the cluster, as they are now. */
export interface Scope {
  readonly ruler: Ruler
  readonly namespace: Namespace
  readonly shelf: Shelf
  /** By name; of several with one name that of the lowest id counts, and comes first. */
  readonly rules: ReadonlyMap<string, readonly PlacedRule[]>
}

export const notFound = () => textError(404, 'The alerting rule was not found')

/** The object that a rule stands in. */
export const fileOf = ({ shelf }: Scope, { file }: PlacedRule): PrometheusRule => shelf.files.find(({ metadata }) => metadata.name === file)!

function byName (files: readonly PrometheusRule[]): Map<string, PlacedRule[]> {
  const found = new Map<string, PlacedRule[]>()
  for (const placed of files.flatMap(alertsOf)) {
    const same = found.get(placed.rule.alert)
    if (same) same.push(placed)
    else found.set(placed.rule.alert, [placed])
  }
  for (const same of found.values()) same.sort((a, b) => a.id < b.id ? -1 : 1)
  return found
}

/** Finds what is stored of a project's rules ('' for those of the cluster); `labels`: what new objects carry. */
export function createScopes ({ rulers, labels }: { rulers: Rulers, labels: Readonly<Record<string, string>> }) {
  function requireRuler (): Ruler {
    const ruler = rulers.thanos()
    if (!ruler) throw textError(400, 'The request operation to custom alerting rule could not be done because thanos ruler is not enabled')
    return ruler
  }

  function scopeOf (ruler: Ruler, namespace: Namespace, project: string): Scope {
    const own = { ...labels, [levelLabel]: project ? 'namespace' : 'cluster' }
    const files = rulers.files(ruler, namespace).filter(({ metadata }) => metadata.labels?.[levelLabel] === own[levelLabel])
    return { ruler, namespace, shelf: { namespace: namespace.metadata.name, owner: project, labels: own, files }, rules: byName(files) }
  }
  const namespaceOf = (project: string): Namespace => rulers.namespace(project || monitoringNamespace)

  return {
    // Whether it is the namespace or the ruler that is missed first is as clients know it.
    forReading (project: string): Scope {
      const namespace = namespaceOf(project)
      return scopeOf(requireRuler(), namespace, project)
    },

    forWriting (project: string): Scope {
      const ruler = requireRuler()
      return scopeOf(ruler, namespaceOf(project), project)
    },

    /** What would be stored where nobody reads it is refused. */
    requireReader ({ ruler, namespace, shelf }: Scope): void {
      if (!rulers.wouldRead(ruler, namespace, shelf.labels)) throw textError(400, `the Thanos Ruler ${ruler.metadata.name} does not read rules of namespace ${namespace.metadata.name} with the labels of alerting.thanosRuleResourceLabels`)
    },
  }
}

export type Scopes = ReturnType<typeof createScopes>
