import { prometheusRules, type FileGroup, type FileRule, type PrometheusRule } from '../../schemas/alerting/prometheus-operator.js'
import { conflict, isConflict, type Kube } from '../../core/sdk/index.js'
import { qualifiedResource } from '../../schemas/kube/object.js'
import { fit, groupsByAlert, without } from './rule-files.js'
import type { Rulers } from './rulers.js'

/** How often a write is tried again where somebody was faster. */
const attempts = 10

/** What objects new rules may be put into, and what new objects look like. */
export interface Shelf {
  readonly namespace: string
  /** The project that ids begin with; '' for the cluster. */
  readonly owner: string
  readonly labels: Readonly<Record<string, string>>
  readonly files: readonly PrometheusRule[]
}

const sizeOf = ({ spec }: PrometheusRule): number => JSON.stringify(spec ?? {}).length

/** Rules kept in PrometheusRules. */
export function createRuleStorage ({ kube, rulers }: { kube: Kube, rulers: Rulers }) {
  async function store (object: PrometheusRule, groups: readonly FileGroup[]): Promise<void> {
    const { name, namespace = '', resourceVersion = '' } = object.metadata
    if (groups.length) return rulers.seen(await kube.update(prometheusRules, { ...object, spec: { ...object.spec, groups } }))
    await kube.delete(prometheusRules, { name, namespace }, { preconditions: { resourceVersion } })
    await rulers.gone({ name, namespace })
  }

  /** Changes what an object holds, whoever else does; `change` returns undefined to leave it alone. An object that has gone has nothing to change. */
  async function rewrite ({ metadata: { name, namespace = '' } }: PrometheusRule, change: (groups: readonly FileGroup[]) => readonly FileGroup[] | undefined): Promise<void> {
    for (let attempt = 0; attempt < attempts; attempt++) {
      const current = await kube.find(prometheusRules, { name, namespace })
      const groups = current && change(current.spec?.groups ?? [])
      if (!current || !groups) return
      try { return await store(current, groups) } catch (error) { if (!isConflict(error)) throw error }
    }
    throw conflict(qualifiedResource(prometheusRules), name)
  }

  async function add ({ namespace, owner, labels, files }: Shelf, rules: readonly FileRule[], except?: string): Promise<void> {
    let left: readonly FileRule[] = rules
    for (const file of files.filter(({ metadata }) => metadata.name !== except).sort((a, b) => sizeOf(a) - sizeOf(b))) {
      if (!left.length) return
      let rest = left
      await rewrite(file, groups => {
        const fitted = fit(groups, left, { owner })
        rest = fitted.left
        return rest.length < left.length ? fitted.groups : undefined
      })
      left = rest
    }
    while (left.length) {
      const fitted = fit([], left, { owner })
      const created = await kube.create(prometheusRules, { metadata: { name: '', generateName: 'custom-alerting-rule-', namespace, labels: { ...labels } }, spec: { groups: fitted.groups } })
      await rulers.seen(created)
      left = fitted.left
    }
  }

  return {
    add: (shelf: Shelf, rules: readonly FileRule[]) => add(shelf, rules),

    async remove (file: PrometheusRule, alerts: ReadonlySet<string>): Promise<void> {
      await rewrite(file, groups => [...groupsByAlert(groups).keys()].some(alert => alerts.has(alert)) ? without(groups, alerts) : undefined)
    },

    /** Puts rules in the place of those of their names in an object; those that it has no room for go into others first. */
    async replace (shelf: Shelf, file: PrometheusRule, rules: readonly FileRule[]): Promise<void> {
      const names = new Set(rules.flatMap(({ alert }) => alert ?? []))
      const fitInto = (groups: readonly FileGroup[], some: readonly FileRule[]) => fit(without(groups, names), some, { owner: shelf.owner, avoid: new Map([...groupsByAlert(groups)].filter(([alert]) => names.has(alert))) })
      const moved = new Set(fitInto(file.spec?.groups ?? [], rules).left)
      await add(shelf, [...moved], file.metadata.name)
      await rewrite(file, groups => {
        const fitted = fitInto(groups, rules.filter(rule => !moved.has(rule)))
        if (fitted.left.length) throw conflict(qualifiedResource(prometheusRules), file.metadata.name, 'it has no room left; please try again')
        return fitted.groups
      })
    },
  }
}

export type RuleStorage = ReturnType<typeof createRuleStorage>
