import { labels, type RuleGroup } from '../../schemas/alerting/v2beta1.js'
import { listPage, pageBounds, textError, type AskOptions, type Kube, type ListQuery, type Page, type Store } from '../../core/sdk/index.js'
import { labelFilters, labelMatcher, type Holds } from './label-conditions.js'
import { withStatus, type ShownAlert, type ShownGroup } from './group-status.js'
import { globalLevel, namespaceLevel, type Level } from './levels.js'
import type { LoadedGroup, RuleServer } from './rule-server.js'

/** Where groups are asked for: a project, or '' for the levels above. */
export interface Place { readonly level: Level, readonly namespace: string }

const isBuiltin = ({ metadata }: { metadata: RuleGroup['metadata'] }): boolean => metadata.labels?.[labels.builtin] === 'true'

/** A figure as a text that sorts as it does; nothing sorts first. */
const sortable = (figure: number | undefined): string => figure === undefined || Number.isNaN(figure) ? '' : figure.toFixed(9).padStart(32, '0')

const sorts = {
  evaluationTime: ({ status }: ShownGroup) => sortable(status.evaluationTime),
  lastEvalution: ({ status }: ShownGroup) => sortable(status.lastEvaluation === undefined ? undefined : Date.parse(status.lastEvaluation)),
}
const states = new Set(['inactive', 'pending', 'firing', 'disabled'])
const hasState = ({ status }: ShownGroup, state: string): boolean => state === '' || (states.has(state) && status.rulesStats[state as keyof typeof status.rulesStats] > 0)
const filters = { state: hasState }
const globalFilters = { state: hasState, builtin: (group: ShownGroup, value: string) => isBuiltin(group) === (value === 'true') }

type AlertTest = (alert: ShownAlert) => boolean
const onLabels = (holds: Holds): AlertTest => ({ labels }) => holds(labels)
const alertTests: Readonly<Record<string, (value: string) => AlertTest>> = {
  state: value => ({ state = '' }) => state === value,
  label_filters: value => onLabels(labelFilters(value)),
  label_matcher: value => onLabels(labelMatcher(value)),
}
/** What an alert must meet; a filter that is not known is met by none. */
const testsOf = (filters: Iterable<[string, string]>): AlertTest[] => [...filters].map(([key, value]) => Object.hasOwn(alertTests, key) ? alertTests[key]!(value) : () => false)

/** Newest or oldest first; alerts without a time are the oldest. */
const byTime = (ascending: boolean) => (a: ShownAlert, b: ShownAlert): number => {
  const [first, second] = [a, b].map(({ activeAt }) => activeAt === undefined ? -Infinity : Date.parse(activeAt)) as [number, number]
  const order = first < second ? -1 : first > second ? 1 : 0
  return ascending ? order : -order
}

/** Rule groups as they are stored, with what the rule server says of them. */
export function createRuleGroups ({ kube, server }: { kube: Kube, server: RuleServer }) {
  const stored = (level: Level): Store<RuleGroup> => kube.store(level.kind)

  /** Of several loaded groups with a name, the first; a project's are told from others by their labels. */
  async function loaded ({ level, namespace }: Place, options: AskOptions): Promise<Map<string, LoadedGroup>> {
    const groups = await server.groups({ rule_level: level.name, ...(level === namespaceLevel ? { namespace } : {}) }, options)
    return new Map(groups.toReversed().map(group => [group.name, group]))
  }

  async function shown (place: Place, options: AskOptions, among = (_group: RuleGroup): boolean => true): Promise<ShownGroup[]> {
    const { level, namespace } = place
    const groups = stored(level).list(level === namespaceLevel ? namespace : undefined).filter(among)
    const known = groups.length ? await loaded(place, options) : new Map<string, LoadedGroup>()
    return groups.map(group => withStatus(level, group, known.get(group.metadata.name)))
  }

  return {
    async list (place: Place, query: ListQuery, options: AskOptions): Promise<Page<ShownGroup>> {
      const groups = await shown(place, options)
      return listPage(stored(place.level) as unknown as Store<ShownGroup>, query, { among: groups, sorts, filters: place.level === globalLevel ? globalFilters : filters })
    },

    async get (place: Place, name: string, options: AskOptions): Promise<ShownGroup> {
      const { level, namespace } = place
      const group = stored(level).get(name, level === namespaceLevel ? namespace : undefined)
      if (!group) throw textError(404, `${level.kind.kind.toLowerCase()}.${level.kind.group} "${name}" not found`)
      return withStatus(level, group, (await loaded(place, options)).get(name))
    },

    async alerts (place: Place, query: ListQuery, options: AskOptions): Promise<Page<ShownAlert>> {
      const filters = new Map(query.filters)
      const builtin = place.level === globalLevel ? filters.get('builtin') : undefined
      if (builtin !== undefined) filters.delete('builtin')
      const tests = testsOf(filters)
      const groups = await shown(place, options, group => builtin === undefined || isBuiltin(group) === (builtin === 'true'))
      const found = groups.flatMap(({ status }) => (status.rulesStatus ?? []).flatMap(({ alerts = [] }) => alerts)).filter(alert => tests.every(test => test(alert)))
      if (query.sortBy === 'activeAt') found.sort(byTime(query.ascending))
      return { items: found.slice(...pageBounds(query, found.length)), totalItems: found.length }
    },
  }
}

export type RuleGroups = ReturnType<typeof createRuleGroups>
