import type { Panel } from '../../../schemas/monitoring/dashboards.js'
import { filled, type Members } from './members.js'
import { exactPanels, targetsOf, type Convert } from './panels.js'
import { cut, palette, unitOf } from './units.js'

const calculations: readonly (readonly [string, readonly string[]])[] = [['min', ['min']], ['max', ['max']], ['avg', ['mean']], ['current', ['last', 'lastNotNull']], ['total', ['sum']]]

function legendOf (legend: Members): string[] {
  const calcs = legend.texts('calcs')
  const mode = legend.text('displayMode')
  return [
    ...legend.raw('showLegend') === false || mode === 'hidden' ? ['hide'] : [],
    ...mode === 'table' ? ['as_table'] : [],
    ...legend.text('placement') === 'right' ? ['to_the_right'] : [],
    ...calculations.flatMap(([token, names]) => names.some(name => calcs.includes(name)) ? [token] : []),
  ]
}

/** Where Grafana 6 had what later versions have in two places. */
const fieldOptionsOf = (panel: Members): Members => panel.object('options').object('fieldOptions')
const defaultsOf = (panel: Members): Members => (panel.isObject('fieldConfig') ? panel.object('fieldConfig') : fieldOptionsOf(panel)).object('defaults')
const calculationsOf = (panel: Members): readonly string[] => {
  const options = panel.object('options')
  return (options.isObject('reduceOptions') ? options.object('reduceOptions') : fieldOptionsOf(panel)).texts('calcs')
}

/** A graph; `style` is how its series are drawn where the type itself says so. */
const chart = (style?: 'bars'): Convert => panel => {
  const defaults = defaultsOf(panel)
  const custom = defaults.object('custom')
  const drawn = style ?? custom.text('drawStyle') ?? 'line'
  const stacked = ['normal', 'percent'].includes(custom.object('stacking').text('mode') ?? '')
  return {
    type: 'graph',
    colors: palette,
    ...filled({ legend: legendOf(panel.object('options').object('legend')), lines: drawn === 'line', bars: drawn === 'bars', stack: stacked }),
    xaxis: {},
    yaxes: [{ format: unitOf(defaults.text('unit')), ...filled({ decimals: defaults.natural('decimals') }) }],
    ...targetsOf(panel, true),
  }
}

function valueNameOf (calculation = ''): string {
  if (calculation === 'mean') return 'avg'
  return calculation.startsWith('first') ? 'first' : 'last'
}

/** A single value; `gauge` says how it is drawn beside the number. */
const value = (gauge: (defaults: Members) => Required<Panel>['gauge']): Convert => panel => {
  const defaults = defaultsOf(panel)
  return {
    type: 'singlestat',
    colors: palette,
    format: unitOf(defaults.text('unit')),
    decimals: defaults.natural('decimals') ?? 0,
    valueName: valueNameOf(calculationsOf(panel)[0]),
    ...panel.object('options').text('graphMode') === 'area' ? { sparkline: 'bottom' } : {},
    gauge: gauge(defaults),
    ...targetsOf(panel, true),
  }
}

const text: Convert = panel => {
  const options = panel.object('options')
  return { type: 'text', ...filled({ mode: panel.text('mode') ?? options.text('mode'), content: panel.text('content') ?? options.text('content') }) }
}

/** What each type of Grafana's panels becomes in dashboards that the converter of 3.x cannot read. */
export const modernPanels: ReadonlyMap<string, Convert> = new Map([
  ...exactPanels,
  ['timeseries', chart()],
  ['barchart', chart('bars')],
  ['stat', value(() => ({}))],
  ['gauge', value(defaults => ({ show: true, ...filled({ minValue: cut(defaults.number('min')), maxValue: cut(defaults.number('max')) }) }))],
  ['text', text],
])
