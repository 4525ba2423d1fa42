import t from 'tap'
import { isReadable } from '../../../plugins/monitoring-dashboard/converter/layout.js'

const kinds: Record<string, { well: unknown[], ill: unknown[] }> = {
  text: { well: ['', 'a'], ill: [1, true, [], {}] },
  flag: { well: [true, false], ill: ['true', 1, 0] },
  natural: { well: [0, 7, 2 ** 40], ill: [-1, 1.5, '1', true, 1e30] },
  whole: { well: [0, -7], ill: [1.5, '1', 1e30] },
  number: { well: [0, -1.5], ill: ['1', true, {}] },
  texts: { well: [[], ['a', null]], ill: ['a', [1], {}] },
  'number or text': { well: [1.5, '1.5', '-3', '1e3', ''], ill: ['auto', true, []] },
  'whole or text': { well: [100, '100', ''], ill: ['1.5', 1.5, 'x', true] },
  'flag or text': { well: [true, 'A'], ill: [1, {}] },
  'text or texts': { well: ['All', ['a', 'b']], ill: [{}, 1, [1]] },
  byte: { well: [0, 255], ill: [256, -1, '0'] },
}
/** Fields by place, as paths with the kind of value that each takes. */
const places: [string, (value: object) => object, string][] = [
  ['the dashboard', one => one, 'id:natural schemaVersion:natural version:natural uid:text slug:text title:text originalTitle:text style:text timezone:text tags:texts editable:flag hideControls:flag sharedCrosshair:flag graphTooltip:whole refresh:flag_or_text'],
  ['time', one => ({ time: one }), 'from:text to:text'],
  ['the time picker', one => ({ timepicker: one }), 'now:flag refresh_intervals:texts time_options:texts'],
  ['a link', one => ({ links: [one] }), 'title:text url:text icon:text tags:texts includeVars:flag keepTime:flag asDropdown:flag targetBlank:flag'],
  ['an annotation', one => ({ annotations: { list: [one] } }), 'datasource:text iconSize:natural tags:texts name:text enable:flag showLine:flag expr:text type:text'],
  ['a variable', one => ({ templating: { list: [one] } }), 'datasource:text name:text hide:byte auto_count:whole sort:whole multi:flag includeAll:flag allValue:text regex:text label:text'],
  ['an option', one => ({ templating: { list: [{ options: [one] }] } }), 'text:text value:text selected:flag'],
  ['the current option', one => ({ templating: { list: [{ current: one }] } }), 'text:text_or_texts tags:texts'],
  ['a row', one => ({ rows: [one] }), 'title:text repeat:text showTitle:flag collapse:flag editable:flag'],
  ['any panel', one => ({ panels: [one] }), 'datasource:text id:natural span:number minSpan:number title:text description:text renderer:text repeat:text repeatPanelId:natural editable:flag error:flag isNew:flag transparent:flag hideTimeOverride:flag'],
  ['a panel in a row', one => ({ panels: [{ type: 'row', panels: [one] }] }), 'datasource:text id:natural'],
  ['a panel of the old layout', one => ({ rows: [{ panels: [one] }] }), 'datasource:text id:natural'],
  ['a panel of a row in a row', one => ({ panels: [{ type: 'row', panels: [{ type: 'row', panels: [one] }] }] }), 'datasource:text'],
  ['a place', one => ({ panels: [{ gridPos: one }] }), 'h:whole w:whole x:whole y:whole'],
  ['a scoped variable', one => ({ panels: [{ scopedVars: { a: one } }] }), 'selected:flag text:text value:text'],
  ['an alert', one => ({ panels: [{ alert: one }] }), 'name:text handler:whole frequency:text for:text'],
  ['a graph', one => ({ panels: [{ type: 'graph', ...one }] }), 'decimals:natural linewidth:natural dashLength:natural spaceLength:natural fill:whole pointradius:number bars:flag lines:flag stack:flag nullPointMode:text'],
  ['an axis', one => ({ panels: [{ type: 'graph', yaxes: [one] }] }), 'decimals:whole logBase:whole max:number_or_text min:number_or_text show:flag label:text format:text'],
  ['the x axis', one => ({ panels: [{ type: 'graph', xaxis: one }] }), 'decimals:whole show:flag format:text'],
  ['a threshold', one => ({ panels: [{ type: 'graph', thresholds: [one] }] }), 'value:number colorMode:text fill:flag'],
  ['an override', one => ({ panels: [{ type: 'graph', seriesOverrides: [one] }] }), 'alias:text stack:flag_or_text bars:flag yaxis:whole'],
  ['a legend', one => ({ panels: [{ type: 'graph', legend: one }] }), 'sideWidth:natural show:flag avg:flag rightSide:flag'],
  ...['singlestat', 'stat'].map((type): [string, (value: object) => object, string] => [`a ${type}`, one => ({ panels: [{ type, ...one }] }), 'decimals:whole thresholds:text colors:texts maxDataPoints:whole_or_text mappingType:natural format:text valueName:text']),
  ['a gauge of a singlestat', one => ({ panels: [{ type: 'singlestat', gauge: one }] }), 'maxValue:number minValue:number show:flag'],
  ['a sparkline', one => ({ panels: [{ type: 'singlestat', sparkline: one }] }), 'ymin:number ymax:number show:flag full:flag'],
  ['a mapping', one => ({ panels: [{ type: 'singlestat', mappingTypes: [one] }] }), 'value:whole name:text'],
  ['a range', one => ({ panels: [{ type: 'singlestat', rangeMaps: [one] }] }), 'from:text to:text text:text'],
  ['a value', one => ({ panels: [{ type: 'singlestat', valueMaps: [one] }] }), 'op:text text:text value:text'],
  ...['bargauge', 'stat'].map((type): [string, (value: object) => object, string] => [`options of a ${type}`, one => ({ panels: [{ type, options: one }] }), 'orientation:text textMode:text colorMode:text graphMode:text justifyMode:text displayMode:text content:text mode:text']),
  ['a reduction', one => ({ panels: [{ type: 'bargauge', options: { reduceOptions: one } }] }), 'values:flag fields:text calcs:texts'],
  ['fields of a bargauge', one => ({ panels: [{ type: 'bargauge', fieldConfig: { defaults: one } }] }), 'unit:text'],
  ['a column', one => ({ panels: [{ type: 'table', columns: [one] }] }), 'text:text value:text'],
  ['a style', one => ({ panels: [{ type: 'table', styles: [one] }] }), 'decimals:natural thresholds:texts colors:texts mappingType:whole link:flag alias:text'],
  ['a sort', one => ({ panels: [{ type: 'table', sort: one }] }), 'col:whole desc:flag'],
  ['a text', one => ({ panels: [{ type: 'text', ...one }] }), 'content:text mode:text pageSize:natural'],
  ['options of a text', one => ({ panels: [{ type: 'text', options: one }] }), 'content:text mode:text'],
  ...['graph', 'singlestat', 'stat', 'bargauge', 'table', 'heatmap'].map((type): [string, (value: object) => object, string] => [`a query of a ${type}`, one => ({ panels: [{ type, targets: [one] }] }), 'refId:text datasource:text expr:text interval:text legendFormat:text format:text query:text target:text step:whole intervalFactor:whole hide:flag instant:flag']),
  ['a heatmap', one => ({ panels: [{ type: 'heatmap', ...one }] }), 'xBucketNumber:number yBucketNumber:number yBucketSize:number xBucketSize:text yBucketBound:text dataFormat:text tooltipDecimals:whole'],
  ['an axis of a heatmap', one => ({ panels: [{ type: 'heatmap', yAxis: one }] }), 'min:text max:text format:text decimals:whole logBase:whole splitFactor:number'],
  ['colours of a heatmap', one => ({ panels: [{ type: 'heatmap', color: one }] }), 'exponent:number min:number max:number mode:text'],
  ['cards of a heatmap', one => ({ panels: [{ type: 'heatmap', cards: one }] }), 'cardPadding:number cardRound:number'],
  ['a list of dashboards', one => ({ panels: [{ type: 'dashlist', ...one }] }), 'folderId:whole limit:whole tags:texts starred:flag'],
]

for (const [place, put, fields] of places) {
  t.test(place, async t => {
    for (const [field = '', kind = ''] of fields.split(' ').map(one => one.split(':'))) {
      const { well, ill } = kinds[kind.replaceAll('_', ' ')] ?? { well: [], ill: [] }
      t.ok(ill.length > 0, kind)
      for (const value of [...well, null]) t.equal(isReadable(put({ [field]: value })), true, `${field} ${JSON.stringify(value)}`)
      for (const value of ill) t.equal(isReadable(put({ [field.toUpperCase()]: value })), false, `${field} ${JSON.stringify(value)}`)
    }
  })
}

t.test('one by one', async t => {
  const rows: [string, object, boolean][] = [
    ['nothing', {}, true],
    ['unknown members of any type', { a: 1, panels: [{ type: 'graph', b: [], fieldConfig: 7, options: 8 }] }, true],
    ['a refresh of a variable', { templating: { list: [{ refresh: 2 }, { refresh: true }, {}] } }, true],
    ['null for a refresh of a variable', { templating: { list: [{ refresh: null }] } }, false],
    ['a text for a refresh of a variable', { templating: { list: [{ refresh: '1' }] } }, false],
    ['anything for a query of a variable', { templating: { list: [{ query: {} }, { query: 1 }] } }, true],
    ['a height of a row', { rows: [{ height: 250 }, { height: '250px' }, { height: true }] }, true],
    ['panels that are none', { panels: {} }, false],
    ['a panel that is none', { panels: [7] }, false],
    ['rows of null', { rows: [null] }, true],
    ['null among panels', { panels: [null] }, false],
    ['null among panels of rows', { rows: [{ panels: [null] }], panels: [{ type: 'row', panels: [null] }] }, true],
    ['a height in numbers', { panels: [{ type: 'graph', height: 200 }] }, false],
    ['a height in numbers in a row', { panels: [{ type: 'row', height: 1, panels: [{ type: 'table', height: 200 }] }] }, false],
    ['a height in numbers of the old layout', { rows: [{ panels: [{ height: 200 }] }] }, false],
    ['a height in numbers of what is dropped', { panels: [{ type: 'stat', height: 200 }, { type: 'row', height: 200 }, { type: 'row', panels: [{ type: 'row', panels: [{ height: 1 }] }] }] }, true],
    ['a query of an unknown type', { panels: [{ type: 'piechart', targets: [{ datasource: {}, expr: 1 }] }] }, true],
    ['a source of an unknown type', { panels: [{ type: 'piechart', datasource: {} }] }, false],
  ]
  for (const [what, dashboard, readable] of rows) t.equal(isReadable(dashboard), readable, what)
})
