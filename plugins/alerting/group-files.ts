import type { FileGroup, FileRule } from '../../schemas/alerting/prometheus-operator.js'
import { labels, type GroupRule, type RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { ruleCauses, specCauses } from './group-check.js'
import { expressionOf, type Level } from './levels.js'

/** Size of a PrometheusRule beyond which a further one is begun, in bytes. */
const largest = 400 * 1024

/** A rule with what tells alerts of it apart. */
function fileRule (level: Level, { metadata: { name, namespace = '' } }: RuleGroup, rule: GroupRule): FileRule {
  const { alert, for: wait, annotations, severity, exprBuilder } = rule
  return {
    alert,
    expr: expressionOf(level, rule, namespace),
    ...(wait ? { for: wait } : {}),
    labels: {
      ...rule.labels,
      ...(severity ? { severity } : {}),
      rule_level: level.name,
      ...(namespace ? { namespace } : {}),
      rule_group: name,
      alerttype: 'metric',
      rule_type: exprBuilder?.workload || exprBuilder?.node ? 'template' : 'custom',
    },
    ...(annotations ? { annotations } : {}),
  }
}

/** Told of each rule, or with '' of a group, that is left out, and why. */
export type LeftOut = (group: RuleGroup, alert: string, reason: string) => void

function loadableRules (level: Level, group: RuleGroup, leftOut: LeftOut): FileRule[] {
  const { namespace = '' } = group.metadata
  return (group.spec?.rules ?? []).filter(({ disable }) => !disable).flatMap(rule => {
    const [wrong] = ruleCauses(level, rule, namespace, 'rule')
    if (wrong) leftOut(group, rule.alert, wrong.message)
    return wrong ? [] : [fileRule(level, group, rule)]
  })
}

/** What of the enabled groups Prometheus would load; one bad rule would keep it from loading all others of the object. */
function loadable (level: Level, groups: readonly RuleGroup[], leftOut: LeftOut): FileGroup[] {
  return groups.filter(({ metadata }) => metadata.labels?.[labels.enable] === 'true' && !metadata.deletionTimestamp).flatMap(group => {
    const { interval, partial_response_strategy: strategy } = group.spec ?? {}
    const [wrong] = specCauses(group)
    if (wrong) {
      leftOut(group, '', wrong.message)
      return []
    }
    const rules = loadableRules(level, group, leftOut)
    return rules.length ? [{ name: group.metadata.name, ...(interval ? { interval } : {}), ...(strategy ? { partial_response_strategy: strategy } : {}), rules }] : []
  })
}

/** Groups as what PrometheusRules are to hold: in as few as keep each below the bound; a group that is larger by itself stands alone. */
export function fileGroupsOf (level: Level, groups: readonly RuleGroup[], leftOut: LeftOut): FileGroup[][] {
  const lists: FileGroup[][] = []
  let room = 0
  for (const group of loadable(level, groups, leftOut)) {
    const size = Buffer.byteLength(JSON.stringify(group))
    if (size > room) {
      lists.push([])
      room = largest
    }
    lists.at(-1)!.push(group)
    room -= size
  }
  return lists
}
