import type { Panel } from '../../../schemas/monitoring/dashboards.js'
import { convertTargets } from './expressions.js'
import { looseTargets } from './grafana-shapes.js'
import { filled, given, membersOf, type Members } from './members.js'
import { cut, palette, unitOf } from './units.js'

/** What a panel has beside its common fields. */
export type Convert = (panel: Members, modern: boolean) => Panel

const legendFlags = [['alignAsTable', 'as_table'], ['rightSide', 'to_the_right'], ['min', 'min'], ['max', 'max'], ['avg', 'avg'], ['current', 'current'], ['total', 'total'], ['hideEmpty', 'no_null_series'], ['hideZero', 'no_zero_series']] as const
const legendOf = (legend: Members): string[] => [...legend.flag('show') ? [] : ['hide'], ...legendFlags.flatMap(([flag, token]) => legend.flag(flag) ? [token] : [])]

export const targetsOf = (panel: Members, modern: boolean): Panel => filled({ targets: convertTargets(panel.list('targets'), modern) })
const textsOf = (members: Members, names: readonly string[]): Record<string, string> => filled(Object.fromEntries(names.map(name => [name, members.text(name)]))) as Record<string, string>
const decimalsOf = (members: Members, modern: boolean): number | undefined => modern ? members.natural('decimals') : members.whole('decimals')

const graph: Convert = (panel, modern) => {
  const x = panel.object('xaxis')
  const yaxes = panel.list('yaxes').slice(0, 1).map(membersOf).map(y => ({ format: unitOf(y.text('format')), ...filled({ decimals: decimalsOf(y, modern) }) }))
  return {
    type: 'graph',
    colors: palette,
    ...given({ decimals: panel.natural('decimals') }),
    ...filled({ legend: legendOf(panel.object('legend')), bars: panel.flag('bars'), lines: panel.flag('lines'), stack: panel.flag('stack'), yaxes }),
    xaxis: filled({ format: x.text('format'), decimals: decimalsOf(x, modern) }),
    ...targetsOf(panel, modern),
  }
}

const singlestat: Convert = (panel, modern) => {
  const [colors, gauge, sparkline] = [panel.texts('colors'), panel.object('gauge'), panel.object('sparkline')]
  // As the converter of 3.x, which keeps these two in 32 bits.
  const bound = (name: string): number => cut(Math.fround(gauge.number(name) ?? 0))
  return {
    type: 'singlestat',
    decimals: decimalsOf(panel, modern) ?? 0,
    colors: colors.length === 3 ? colors : palette,
    ...filled({ format: panel.text('format'), valueName: panel.text('valueName'), sparkline: sparkline.flag('show') ? sparkline.flag('full') ? 'full' : 'bottom' : '' }),
    gauge: filled({ maxValue: bound('maxValue'), minValue: bound('minValue'), show: gauge.flag('show'), thresholdLabels: gauge.flag('thresholdLabels'), thresholdMarkers: gauge.flag('thresholdMarkers') }),
    ...targetsOf(panel, modern),
  }
}

const bargauge: Convert = (panel, modern) => ({
  type: 'bargauge',
  options: textsOf(panel.object('options'), ['orientation', 'textMode', 'colorMode', 'graphMode', 'justifyMode', 'displayMode', 'content', 'mode']),
  ...targetsOf(panel, modern),
})

const table: Convert = (panel, modern) => {
  const sort = panel.object('sort')
  return {
    type: 'table',
    ...filled({ scroll: panel.flag('scroll') }),
    ...panel.isObject('sort') ? { sort: filled({ col: sort.whole('col'), desc: sort.flag('desc') }) } : {},
    ...targetsOf(panel, modern),
  }
}

const text: Convert = panel => ({ type: 'text', ...textsOf(panel, ['mode', 'content']) })

/** A panel whose type nobody here draws: its queries, as single values. */
export const reduced: Convert = (panel, modern) => ({
  type: 'singlestat',
  ...modern || looseTargets(panel.raw('targets')) ? targetsOf(panel, modern) : {},
})

/** What each type of Grafana's panels becomes, as far as the converter of 3.x knew them. */
export const exactPanels: ReadonlyMap<string, Convert> = new Map(Object.entries({ graph, singlestat, bargauge, table, text }))
