import { isDeepStrictEqual } from 'node:util'
import type { Logger } from 'pino'
import { prometheusRules, type PrometheusRule } from '../../../schemas/alerting/prometheus-operator.js'
import { labels, type RuleGroup } from '../../../schemas/alerting/v2beta1.js'
import { namespaces, type Namespace } from '../../../schemas/kube/builtin.js'
import { defineReconciler, StatusError, unlessMissing, watched, type Key, type Kube, type Reconciler } from '../../../core/sdk/index.js'
import { withMissing } from '../group-defaults.js'
import { fileGroupsOf } from '../group-files.js'
import { levels, monitoringNamespace, namespaceLevel, type Level } from '../levels.js'

/** How long to wait where the cluster does not know PrometheusRules (ms). */
const patience = 60_000

/** Whether Kubernetes will say the same again. */
const isRefusal = (error: unknown): error is StatusError => error instanceof StatusError && error.code < 500 && error.code !== 409 && error.code !== 429

interface Options { kube: Kube, log: Logger }

/** Enabled groups of one level, and of one project, are what Thanos Ruler reads as PrometheusRules. */
function ruleGroupReconciler ({ kube, log }: Options, level: Level): Reconciler {
  const isProject = level === namespaceLevel
  const groups = kube.store(level.kind)
  const files = kube.store(prometheusRules)
  const projects = kube.store(namespaces)
  const owned = files.index('alerting-level', ({ metadata }) => metadata.namespace === monitoringNamespace ? [`${metadata.labels?.[labels.level] ?? ''}/${metadata.labels?.[labels.owner] ?? ''}`] : [])
  /** The whole of a level is made true at once; of projects, one. */
  const keyOf = (namespace = ''): Key => ({ name: isProject ? namespace : level.name })

  /** Writes what is missing in a group; true where the event of it brings the key back. What Kubernetes refuses must not hold up the others. */
  async function complete (group: RuleGroup): Promise<boolean> {
    const whole = group.metadata.deletionTimestamp ? group : withMissing(level, group)
    if (whole === group) return false
    try { await kube.update(level.kind, whole) } catch (error) {
      if (!isRefusal(error)) throw error
      log.warn({ group: group.metadata.name, namespace: group.metadata.namespace, reason: error.message }, 'a group of rules cannot be completed')
      return false
    }
    return true
  }

  function wantedFiles (namespace: string, project: Namespace | undefined): PrometheusRule[] {
    const prefix = { namespace: `alertrules-ns-${namespace}-`, cluster: 'alertrules-cl-', global: 'alertrules-gl-' }[level.name]
    const lists = fileGroupsOf(level, groups.list(isProject ? namespace : undefined), ({ metadata }, alert, reason) => {
      log.warn({ group: metadata.name, namespace, alert, reason }, 'a rule is left out: Prometheus would not load it')
    })
    return lists.map((groups, i) => ({
      metadata: {
        name: `${prefix}${i}`,
        namespace: monitoringNamespace,
        labels: { [labels.level]: level.name, ...(isProject ? { [labels.owner]: namespace } : {}) },
        ...(project ? { ownerReferences: [{ apiVersion: 'v1', kind: namespaces.kind, name: namespace, uid: project.metadata.uid ?? '' }] } : {}),
      },
      spec: { groups },
    }))
  }

  async function keep (wanted: PrometheusRule, stored: PrometheusRule | undefined): Promise<void> {
    const said = ({ spec, metadata: { labels, ownerReferences } }: PrometheusRule) => [spec, labels, ownerReferences]
    if (!stored) await kube.create(prometheusRules, wanted)
    else if (!isDeepStrictEqual(said(stored), said(wanted))) await kube.update(prometheusRules, { ...wanted, metadata: { ...wanted.metadata, resourceVersion: stored.metadata.resourceVersion ?? '' } })
  }

  return defineReconciler({
    name: level.kind.kind.toLowerCase(),
    watches: [
      watched(level.kind, ({ metadata }) => [keyOf(metadata.namespace)]),
      watched(prometheusRules, ({ metadata }) => metadata.namespace === monitoringNamespace && metadata.labels?.[labels.level] === level.name ? [keyOf(metadata.labels[labels.owner])] : []),
      ...isProject ? [watched(namespaces, ({ metadata }) => [keyOf(metadata.name)])] : [],
    ],
    async reconcile ({ name }) {
      const namespace = isProject ? name : ''
      const project = isProject ? projects.get(name) : undefined
      // What belongs to a project that is going, goes with it.
      if (project?.metadata.deletionTimestamp) return
      let written = false
      for (const group of groups.list(isProject ? namespace : undefined)) written = await complete(group) || written
      if (written) return
      const wanted = wantedFiles(namespace, project)
      const stored = owned.get(`${level.name}/${namespace}`)
      try {
        for (const file of wanted) await keep(file, stored.find(({ metadata }) => metadata.name === file.metadata.name))
      } catch (error) {
        unlessMissing(error)
        return { again: patience }
      }
      const names = new Set(wanted.map(({ metadata }) => metadata.name))
      for (const { metadata } of stored) if (!names.has(metadata.name)) await kube.delete(prometheusRules, { name: metadata.name, namespace: monitoringNamespace }).catch(unlessMissing)
    },
  })
}

/** Rule groups of all three levels, as rules for Thanos Ruler. */
export const ruleGroupReconcilers = (options: Options): Reconciler[] => levels.map(level => ruleGroupReconciler(options, level))
