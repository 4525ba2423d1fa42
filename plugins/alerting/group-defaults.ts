import { randomUUID } from 'node:crypto'
import type { GroupRule, RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { builtExpression, builtSelectors } from './expression-builder.js'
import { globalLevel, type Level } from './levels.js'

/** Names a rule for as long as it lives: by it the state of a rule is found. */
export const ruleId = 'rule_id'

const idOf = ({ labels }: GroupRule): string => labels?.[ruleId] ?? ''
const withId = (rule: GroupRule, id: string): GroupRule => ({ ...rule, labels: { ...rule.labels, [ruleId]: id } })

/** Every rule with an id: one that comes without keeps that of the stored rule of its name, which somebody left out of a manifest. */
function identified (rules: readonly GroupRule[], stored: readonly GroupRule[] = []): GroupRule[] {
  const given = new Set(rules.map(idOf))
  const free = stored.filter(rule => idOf(rule) && !given.has(idOf(rule)))
  return rules.map(rule => {
    if (idOf(rule)) return rule
    const at = free.findIndex(({ alert }) => alert === rule.alert)
    const [known] = at < 0 ? [] : free.splice(at, 1)
    return withId(rule, known ? idOf(known) : randomUUID())
  })
}

/** With what a builder says written out. */
function built (level: Level, rule: GroupRule): GroupRule {
  const expr = builtExpression(rule)
  return expr === undefined ? rule : { ...rule, expr, ...(level === globalLevel ? builtSelectors(rule) : {}) }
}

/** A group as it is to be stored in the place of another. */
export function withDefaults (level: Level, group: RuleGroup, stored?: RuleGroup): RuleGroup {
  const rules = (group.spec?.rules ?? []).map(rule => built(level, rule))
  return { ...group, spec: { ...group.spec, rules: identified(rules, stored?.spec?.rules) } }
}

/** The same of what somebody stored by another way: only what is missing, so that two who see to it never differ for ever. */
export function withMissing (level: Level, group: RuleGroup): RuleGroup {
  const { rules = [] } = group.spec ?? {}
  const expressed = (rule: GroupRule): GroupRule => (rule.expr ?? '') === '' && builtExpression(rule) ? built(level, rule) : rule
  const whole = identified(rules.map(expressed))
  return whole.every((rule, i) => rule === rules[i]) ? group : { ...group, spec: { ...group.spec, rules: whole } }
}
