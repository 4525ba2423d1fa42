import { prometheuses, prometheusRules, thanosRulers, type FileRule, type PrometheusRule, type Ruler, type Selector } from '../../schemas/alerting/prometheus-operator.js'
import { namespaces, type Namespace } from '../../schemas/kube/builtin.js'
import { textError, type Kind, type Kube } from '../../core/sdk/index.js'
import { monitoringNamespace } from './levels.js'
import { idOfFile } from './rule-id.js'

/** Longest wait for a deletion to be told (ms). */
const patience = 2_000

type Labels = Readonly<Record<string, string>>

/** Whether labels are those that a selector is about. A selector that is absent is about none. */
export function selects (selector: Selector | null | undefined, labels: Labels = {}): boolean {
  if (!selector) return false
  const { matchLabels = {}, matchExpressions = [] } = selector
  return Object.entries(matchLabels).every(([key, value]) => labels[key] === value) && matchExpressions.every(({ key, operator, values = [] }) => {
    const value = Object.hasOwn(labels, key) ? labels[key] : undefined
    switch (operator) {
      case 'In': return value !== undefined && values.includes(value)
      case 'NotIn': return value === undefined || !values.includes(value)
      case 'Exists': return value !== undefined
      case 'DoesNotExist': return value === undefined
      default: return false
    }
  })
}

/** A rule where it stands. */
export interface PlacedRule { readonly id: string, readonly file: string, readonly group: string, readonly rule: FileRule & { alert: string } }

const placed = new WeakMap<PrometheusRule, readonly PlacedRule[]>()

/** The alerting rules of an object, with their ids. */
export function alertsOf (object: PrometheusRule): readonly PlacedRule[] {
  const known = placed.get(object)
  if (known) return known
  const found = (object.spec?.groups ?? []).flatMap(({ name, rules }) => (rules ?? []).flatMap(rule =>
    rule.alert ? [{ id: idOfFile(name, rule), file: object.metadata.name, group: name, rule: rule as PlacedRule['rule'] }] : []))
  placed.set(object, found)
  return found
}

/** Who evaluates rules in this cluster, and which PrometheusRules each of them reads. */
export function createRulers (kube: Kube) {
  const [rulers, servers, files, spaces] = [kube.store(thanosRulers), kube.store(prometheuses), kube.store(prometheusRules), kube.store(namespaces)]

  function only (kind: Kind<Ruler>): Ruler | undefined {
    const found = (kind === thanosRulers ? rulers : servers).list(monitoringNamespace)
    if (found.length > 1) throw textError(500, `there is more than one ${kind.kind.toLowerCase()} custom resource in ${monitoringNamespace}`)
    return found[0]
  }

  const reads = ({ spec: { ruleNamespaceSelector } = {}, metadata }: Ruler, namespace: Namespace): boolean =>
    ruleNamespaceSelector ? selects(ruleNamespaceSelector, namespace.metadata.labels) : metadata.namespace === namespace.metadata.name

  return {
    thanos: (): Ruler | undefined => only(thanosRulers),
    prometheus: (): Ruler | undefined => only(prometheuses),

    namespace (name: string): Namespace {
      const found = spaces.get(name)
      if (!found) throw textError(500, `namespace "${name}" not found`)
      return found
    },

    /** Whether a ruler would read an object with these labels in a namespace. */
    wouldRead: (ruler: Ruler, namespace: Namespace, labels: Labels): boolean => reads(ruler, namespace) && selects(ruler.spec?.ruleSelector, labels),

    /** The objects of a namespace that a ruler reads. */
    files: (ruler: Ruler, namespace: Namespace): PrometheusRule[] =>
      reads(ruler, namespace) ? files.list(namespace.metadata.name).filter(({ metadata }) => selects(ruler.spec?.ruleSelector, metadata.labels)) : [],

    /** Waits, bounded, until a write is to be seen. */
    seen: async ({ metadata: { name, namespace = '', resourceVersion = '' } }: PrometheusRule): Promise<void> => { await files.waitFor({ name, namespace }, resourceVersion) },

    /** The same for an object that was deleted. */
    async gone ({ name, namespace }: { name: string, namespace: string }): Promise<void> {
      const end = Date.now() + patience
      while (files.get(name, namespace) && Date.now() < end) await new Promise(resolve => { setTimeout(resolve, 10) })
    },
  }
}

export type Rulers = ReturnType<typeof createRulers>
