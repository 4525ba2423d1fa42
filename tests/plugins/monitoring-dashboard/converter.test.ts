/* eslint-disable no-template-curly-in-string -- Grafana writes variables so */
import t from 'tap'
import { convertDashboard } from '../../../plugins/monitoring-dashboard/converter/index.js'
import { convertExpression, convertLegendFormat } from '../../../plugins/monitoring-dashboard/converter/expressions.js'

const palette = ['#60acfc', '#23c2db', '#64d5b2', '#d5ec5a', '#ffb64e', '#fb816d', '#d15c7f']
const specOf = (dashboard: object) => convertDashboard(dashboard).spec
const panelsOf = (...panels: unknown[]) => specOf({ panels }).panels ?? []
/** What makes the converter of 3.x give up, and ours go on. */
const unread = { schemaVersion: 'x' }
const modernPanelsOf = (...panels: unknown[]) => specOf({ ...unread, panels }).panels ?? []

t.test('the dashboard', async t => {
  const rows: [string, object, object][] = [
    ['nothing', {}, { time: {} }],
    ['plain fields', { title: 'A', editable: true, tags: ['a', 'b'], timezone: 'utc', sharedCrosshair: true, time: { from: 'now-1h', to: 'now' } }, { title: 'A', editable: true, tags: ['a', 'b'], timezone: 'utc', shared_crosshair: true, time: { from: 'now-1h', to: 'now' } }],
    ['empty values', { title: '', editable: false, tags: [], timezone: '', time: { from: '' } }, { time: {} }],
    ['null', { title: null, tags: null, time: null, panels: null, rows: null, templating: null, annotations: { list: null }, refresh: null }, { time: {} }],
    ['what is not copied', { id: 7, uid: 'u', description: 'd', slug: 's', version: 3, links: [], timepicker: {}, graphTooltip: 1, schemaVersion: 16, style: 'dark', unknown: { a: 1 } }, { time: {} }],
    ['letter case', { TITLE: 'A', Editable: true, Time: { FROM: 'now-5m' }, PANELS: [{ Type: 'text', Mode: 'html' }] }, { title: 'A', editable: true, time: { from: 'now-5m' }, panels: [{ type: 'text', mode: 'html' }] }],
    ['the later of two names', { title: 'a', Title: 'b' }, { title: 'b', time: {} }],
    ['null after a value', { title: 'a', Title: null }, { title: 'a', time: {} }],
    ['a refresh in words', { refresh: '30s' }, { auto_refresh: '30s', time: {} }],
    ['a refresh that is on', { refresh: true }, { time: {} }],
    ['names of prototypes', JSON.parse('{"constructor":{"a":1},"toString":"x","panels":[{"type":"constructor"},{"type":"toString"}]}') as object, { time: {}, panels: [{ type: 'singlestat' }, { type: 'singlestat' }] }],
  ]
  for (const [what, dashboard, spec] of rows) t.strictSame(specOf(dashboard), spec, what)
})

t.test('annotations', async t => {
  const all = { name: 'a', datasource: 'p', iconColor: 'red', lineColor: 'blue', query: 'q', expr: 'e', step: 's', textField: 'tf', textFormat: 'tx', titleFormat: 'ti', tagsField: 'ta', tagKeys: 'k', type: 'tags', showLine: true, enable: true, iconSize: 3, tags: ['x'] }
  const rows: [string, object, object | undefined][] = [
    ['all fields', { ...all, hide: true, limit: 100 }, all],
    ['the least', { type: 'tags' }, { type: 'tags' }],
    ['an empty source', { type: 'tags', datasource: '' }, { type: 'tags' }],
    ['Grafana\'s own', { name: 'Annotations & Alerts', type: 'tags' }, undefined],
    ['another type', { name: 'a', type: 'dashboard' }, undefined],
    ['no type', { name: 'a' }, undefined],
  ]
  for (const [what, annotation, becomes] of rows) t.strictSame(specOf({ annotations: { list: [annotation] } }).annotations, becomes && [becomes], what)
  t.strictSame(specOf({ ...unread, annotations: { list: [{ type: 'tags', name: 7, datasource: { type: 'prometheus', uid: 'P' } }, null, 'x'] } }).annotations, [{ type: 'tags', datasource: 'P' }], 'forgivingly')
})

t.test('variables', async t => {
  const all = { name: 'v', type: 'query', datasource: 'p', allFormat: 'f', allValue: '.*', multiFormat: 'm', query: 'label_values(x)', regex: '/a/', label: 'V', auto: true, includeAll: true, multi: true, auto_count: 30, sort: 1, hide: 2 }
  const rows: [string, object, object | undefined][] = [
    ['all fields', { ...all, refresh: 1, current: { text: 'x', value: 'y' }, options: [{ text: 'a', value: 'b', selected: true }, { text: '', selected: false }] }, { ...all, options: [{ text: 'a', value: 'b', selected: true }, {}] }],
    ['an empty query', { name: 'v', query: '' }, { name: 'v' }],
    ['zeros', { query: 'q', auto_count: 0, sort: 0, hide: 0, datasource: '' }, { query: 'q', auto_count: 0, datasource: '' }],
    ['no query', { name: 'v' }, undefined],
    ['null for a query', { name: 'v', query: null }, undefined],
    ['an object for a query', { name: 'v', query: { query: 'q', refId: 'A' } }, undefined],
    ['a number for a query', { name: 'v', query: 7 }, undefined],
  ]
  for (const [what, variable, becomes] of rows) t.strictSame(specOf({ templating: { list: [variable] } }).templatings, becomes && [becomes], what)
  const modern: [string, object, object | undefined][] = [
    ['an object for a query', { name: 'v', query: { query: 'label_values(a, b)', refId: 'A' } }, { name: 'v', query: 'label_values(a, b)' }],
    ['an object without a query', { name: 'v', query: { refId: 'A' } }, undefined],
    ['an object for a source', { query: 'q', datasource: { type: 'prometheus', uid: '${ds}' } }, { query: 'q', datasource: '${ds}' }],
    ['a source without a uid', { query: 'q', datasource: { type: 'prometheus', uid: '' } }, { query: 'q', datasource: 'prometheus' }],
    ['a source that says nothing', { query: 'q', datasource: {} }, { query: 'q' }],
    ['options in lists', { query: 'q', options: [{ text: ['a', 'b'], value: ['c', 7, true] }] }, { query: 'q', options: [{ text: 'a + b', value: 'c,7,true' }] }],
    ['options in numbers', { query: 'q', options: [{ text: 5, value: true, selected: 'x' }] }, { query: 'q', options: [{ text: '5', value: 'true' }] }],
    ['fields of other types', { query: 'q', name: 7, multi: 'yes', hide: 300, sort: 1.5, auto_count: '3', refresh: null }, { query: 'q' }],
  ]
  for (const [what, variable, becomes] of modern) t.strictSame(specOf({ ...unread, templating: { list: [variable] } }).templatings, becomes && [becomes], `forgivingly: ${what}`)
})

t.test('the order of panels', async t => {
  const text = (content: string) => ({ type: 'text', content })
  const row = (...panels: unknown[]) => ({ type: 'row', title: 'R', collapsed: true, panels })
  const contents = (dashboard: object) => specOf(dashboard).panels?.map(({ type, content }) => content ?? type).join() ?? ''
  const rows: [string, object, string][] = [
    ['as they come', { panels: [text('a'), text('b')] }, 'a,b'],
    ['a collapsed row makes way for its panels', { panels: [text('a'), row(text('b'), text('c')), text('d')] }, 'a,b,c,d'],
    ['an open row disappears', { panels: [row(), text('a'), { type: 'row', title: 'x' }, text('b')] }, 'a,b'],
    ['a row inside a row goes with its panels', { panels: [row(text('a'), row(text('b')), text('c'))] }, 'a,c'],
    ['the old layout', { rows: [{ title: 'R', panels: [text('a')] }, null, {}, { panels: [text('b'), row(text('c'))] }] }, 'a,b'],
    ['the old layout comes last', { rows: [{ height: 250, panels: [text('a')] }], panels: [text('b')] }, 'b,a'],
    ['null in a row is a panel without fields', { panels: [row(null)], rows: [{ panels: [null] }] }, 'singlestat,singlestat'],
    ['null among panels', { panels: [null, text('a')] }, 'a'],
    ['null anywhere in one that is not read', { ...unread, panels: [row(null, 5, text('a'))], rows: [{ panels: [null, 'x'] }] }, 'a'],
  ]
  for (const [what, dashboard, becomes] of rows) t.equal(contents(dashboard), becomes, what)
})

t.test('fields that all panels have', async t => {
  const rows: [string, object, object][] = [
    ['all', { title: 'T', id: 5, description: 'd', datasource: 'p', height: '200px' }, { title: 'T', id: 5, description: 'd', datasource: 'p', height: '200px' }],
    ['empty ones', { title: '', id: 0, description: '', datasource: '', height: '' }, { description: '', datasource: '', height: '' }],
    ['null', { title: null, id: null, description: null, datasource: null, height: null }, {}],
    ['what is not used', { gridPos: { h: 1, w: 2, x: 3, y: 4 }, links: [], repeat: 'x', span: 6, transparent: true, fieldConfig: {}, transformations: [] }, {}],
  ]
  for (const [what, panel, becomes] of rows) t.strictSame(panelsOf({ type: 'text', ...panel }), [{ type: 'text', ...becomes }], what)
  const modern: [string, object, object][] = [
    ['a height in numbers', { height: 200 }, { height: '200' }],
    ['a height that is none', { height: true }, {}],
    ['a source as an object', { datasource: { type: 'prometheus', uid: 'P1' } }, { datasource: 'P1' }],
    ['a source by its type', { datasource: { type: 'prometheus' } }, { datasource: 'prometheus' }],
    ['an id that is none', { id: -1, title: 5, description: [] }, {}],
    ['an id with a fraction', { id: 1.5 }, {}],
  ]
  for (const [what, panel, becomes] of modern) t.strictSame(panelsOf({ type: 'text', ...panel }), [{ type: 'text', ...becomes }], `forgivingly: ${what}`)
})

t.test('types of panels', async t => {
  const x = { xaxis: {} }
  const graph = { type: 'graph', colors: palette, legend: ['hide'], ...x }
  const shown = { legend: { show: true } }
  const single = { type: 'singlestat', decimals: 0, colors: palette, gauge: {} }
  const rows: [string, object, object | undefined][] = [
    ['graph', {}, graph],
    ['graph, drawn', { bars: true, lines: true, stack: true, ...shown }, { type: 'graph', colors: palette, ...x, bars: true, lines: true, stack: true }],
    ['graph, decimals', { decimals: 0 }, { ...graph, decimals: 0 }],
    ['graph, colours are its own', { colors: ['a'], aliasColors: { x: 'y' } }, graph],
    ['graph, x axis', { xaxis: { format: 'time', decimals: 2, mode: 'time', show: true } }, { ...graph, xaxis: { format: 'time', decimals: 2 } }],
    ['graph, x axis of nothing', { xaxis: { decimals: 0, format: '' } }, graph],
    ...([['bytes', 'Byte'], ['Bps', 'Byte'], ['percent', 'percent (0.0-1.0)'], ['percentunit', 'percent (0.0-1.0)'], ['short', 'none'], ['', 'none'], ['BYTES', 'none'], ['constructor', 'none']] as const).map(([format, becomes]): [string, object, object] =>
      [`graph, unit ${format}`, { yaxes: [{ format, decimals: 1, max: '10', min: null, logBase: 1, show: true }, { format: 'bytes' }] }, { ...graph, yaxes: [{ format: becomes, decimals: 1 }] }]),
    ['graph, y axis that says nothing', { yaxes: [{}] }, { ...graph, yaxes: [{ format: 'none' }] }],
    ['graph, no y axis', { yaxes: [] }, graph],
    ['graph, legend', { legend: { show: true, alignAsTable: true, rightSide: true, min: true, max: true, avg: true, current: true, total: true, hideEmpty: true, hideZero: true, values: true } }, { ...graph, legend: ['as_table', 'to_the_right', 'min', 'max', 'avg', 'current', 'total', 'no_null_series', 'no_zero_series'] }],
    ['graph, hidden legend', { legend: { show: false, total: true, avg: true } }, { ...graph, legend: ['hide', 'avg', 'total'] }],
    ['singlestat', {}, single],
    ['singlestat, plain fields', { format: 'bytes', decimals: -2, valueName: 'current' }, { ...single, format: 'bytes', decimals: -2, valueName: 'current' }],
    ['singlestat, three colours', { colors: ['a', 'b', 'c'] }, { ...single, colors: ['a', 'b', 'c'] }],
    ['singlestat, two colours', { colors: ['a', 'b'] }, single],
    ['singlestat, sparkline', { sparkline: { show: true } }, { ...single, sparkline: 'bottom' }],
    ['singlestat, full sparkline', { sparkline: { show: true, full: true } }, { ...single, sparkline: 'full' }],
    ['singlestat, hidden sparkline', { sparkline: { full: true } }, single],
    ['singlestat, gauge', { gauge: { maxValue: 99.9, minValue: -1.9, show: true, thresholdLabels: true, thresholdMarkers: true } }, { ...single, gauge: { maxValue: 99, minValue: -1, show: true, thresholdLabels: true, thresholdMarkers: true } }],
    ['singlestat, gauge in 32 bits', { gauge: { maxValue: 16777217, minValue: 0 } }, { ...single, gauge: { maxValue: 16777216 } }],
    ['bargauge', {}, { type: 'bargauge', options: {} }],
    ['bargauge, options', { options: { orientation: 'o', textMode: 't', colorMode: 'c', graphMode: 'g', justifyMode: 'j', displayMode: 'd', content: 'n', mode: 'm', reduceOptions: { values: false, fields: '', calcs: ['mean'] }, showUnfilled: true } }, { type: 'bargauge', options: { orientation: 'o', textMode: 't', colorMode: 'c', graphMode: 'g', justifyMode: 'j', displayMode: 'd', content: 'n', mode: 'm' } }],
    ['table', { columns: [{ text: 'a', value: 'b' }], styles: [] }, { type: 'table' }],
    ['table, sorted', { scroll: true, sort: { col: 2, desc: true } }, { type: 'table', scroll: true, sort: { col: 2, desc: true } }],
    ['table, sorted by the first', { sort: { col: 0, desc: false } }, { type: 'table', sort: {} }],
    ['table, not sorted', { sort: null }, { type: 'table' }],
    ['text', { mode: 'markdown', content: '# a', options: { mode: 'html', content: 'b' }, targets: [{ expr: 'up' }] }, { type: 'text', mode: 'markdown', content: '# a' }],
    ['text, newer', { options: { mode: 'html', content: 'b' } }, { type: 'text' }],
    ...['stat', 'dashlist', 'heatmap'].map((type): [string, object, undefined] => [type, { title: 'T' }, undefined]),
    ...['gauge', 'timeseries', 'barchart', 'piechart', 'logs', 'news', 'alertlist', 'pluginlist', 'grafana-worldmap-panel', '', 'Graph', '__proto__'].map((type): [string, object, object] =>
      [type, { colors: ['a', 'b', 'c'], decimals: 1, format: 'bytes', valueName: 'avg', gauge: { show: true }, sparkline: { show: true }, targets: [{ expr: 'up' }] }, { type: 'singlestat', targets: [{ refId: 1, expr: 'up' }] }]),
  ]
  for (const [what, panel, becomes] of rows) t.strictSame(panelsOf({ type: what.split(',')[0], ...panel }), becomes ? [becomes] : [], what)
  t.strictSame(panelsOf({ targets: [{ expr: 'up' }] }), [{ type: 'singlestat', targets: [{ refId: 1, expr: 'up' }] }], 'no type')
})

t.test('queries', async t => {
  const rows: [string, unknown, object[] | undefined][] = [
    ['numbered, hidden ones too', [{ refId: 'X', expr: 'a' }, { refId: 'A', expr: 'b', hide: true }], [{ refId: 1, expr: 'a' }, { refId: 2, expr: 'b' }]],
    ['step and interval are not looked at', [{ expr: 'a{b="c"}', step: 30, interval: '5s', intervalFactor: 2 }], [{ refId: 1, expr: 'a', step: '1m' }]],
    ['of another source', [{ target: 'stats.x', legendFormat: 'l' }, { rawSql: 'select 1' }], [{ refId: 1, legendFormat: 'l' }, { refId: 2 }]],
    ['null', [null], [{ refId: 1 }]],
    ['none', [], undefined],
  ]
  for (const type of ['graph', 'singlestat', 'bargauge', 'table', 'piechart']) for (const [what, targets, becomes] of rows) t.strictSame(panelsOf({ type, targets })[0]?.targets, becomes, `${type}: ${what}`)
  for (const bad of [[{ datasource: {} }], [{ expr: 1 }], [{ hide: 'x' }], { a: 1 }, 'x', [7]]) t.strictSame(panelsOf({ type: 'piechart', targets: bad }), [{ type: 'singlestat' }], `an unknown type with ${JSON.stringify(bad)}`)
  t.strictSame(panelsOf({ type: 'piechart', targets: [{ expr: 'up', step: 1.5 }] }), [{ type: 'singlestat', targets: [{ refId: 1, expr: 'up' }] }], 'an unknown type with a fraction')
  t.strictSame(modernPanelsOf({ type: 'piechart', targets: [{ expr: 'up', datasource: { uid: 'x' }, hide: 5 }, { expr: 7 }] }), [{ type: 'singlestat', targets: [{ refId: 1, expr: 'up' }, { refId: 2 }] }], 'forgivingly')
})

t.test('expressions', async t => {
  const rows: [string, string, string?][] = [
    ['up', 'up'], ['', ''], ['rate(a[$__interval]) > 0', 'rate(a[$__interval]) > 0'], ['a >5', 'a >5'],
    ['a{b="c"}', 'a', '1m'], ['sum(rate(a{b="c",d=~"e"}[5m])) by (f) / sum(g{h="i"})', 'sum(rate(a[5m])) by (f) / sum(g)', '1m'],
    ['rate(a{}[$interval])', 'rate(a[3m])', '1m'], ['rate(a{}[$_interval])', 'rate(a[3m])', '1m'], ['rate(a{}[$__interval])', 'rate(a[3m])', '1m'], ['a{}[$__interval_ms]', 'a[3m_ms]', '1m'], ['a{}[$__rate_interval]', 'a[$__rate_interval]', '1m'], ['a{}[${__interval}]', 'a[$]', '1m'], ['a{}[$___interval]', 'a[$___interval]', '1m'],
    ['a{b="c"} >0', 'a ', '1m'], ['a{b="c"} > 0', 'a > 0', '1m'], ['a{} >=1', 'a >=1', '1m'], ['a{} >0.5', 'a .5', '1m'], ['a{}>10>20', 'a', '1m'], ['a{} >1e3', 'a e3', '1m'],
    ['{job="x"}', '{job="x"}'], ['{}', '{}'], ['{a="}"} b', '"} b', '1m'], ['a{b="{c}"}', 'a"}', '1m'], ['{{a}}', '}', '1m'], ['a}', 'a}', '1m'], ['a{', 'a{', '1m'], ['a}b{', 'a}b{', '1m'],
    ['a{\nb="c"}', 'a{\nb="c"}', '1m'], ['a{b="c"}\n+ d{e="f"}', 'a\n+ d', '1m'], ['{a="b"\r}x', 'x', '1m'], ['a{\u2028}', 'a', '1m'],
  ]
  for (const [expression, expr, step] of rows) t.strictSame(convertExpression(expression, false), { expr, ...(step ? { step } : {}) }, encodeURI(expression))
  const modern: [string, string, string?][] = [
    ['rate(a{}[$__rate_interval])', 'rate(a[3m])', '1m'], ['rate(a{}[${__rate_interval}])', 'rate(a[3m])', '1m'], ['a{}[$__range]', 'a[3m]', '1m'], ['a{}[${__range}]', 'a[3m]', '1m'], ['a[${__interval}]', 'a[3m]', '1m'], ['a[${interval:raw}]', 'a[3m]', '1m'], ['a[$interval] + b{}', 'a[3m] + b', '1m'], ['a{b="$__range"}', 'a', '1m'], ['a[$__rate_interval]', 'a[$__rate_interval]'], ['a * ${factor}', 'a * $', '1m'],
  ]
  for (const [expression, expr, step] of modern) t.strictSame(convertExpression(expression, true), { expr, ...(step ? { step } : {}) }, `forgivingly: ${expression}`)

  const legends: [string, string][] = [['{{ pod }}', '{{pod}}'], ['{{pod}}', '{{pod}}'], ['{{ pod}}', '{{ pod}}'], ['{{pod }}', '{{pod }}'], ['{{  a_1\t}} - {{ b }}', '{{a_1}} - {{b}}'], ['{ a }', '{a}'], ['{{ a.b }}', '{{ a.b }}'], ['{{ a b }}', '{{ a b }}'], ['{{\u00a0a\u00a0}}', '{{\u00a0a\u00a0}}'], ['', '']]
  for (const [format, becomes] of legends) t.equal(convertLegendFormat(format), becomes, JSON.stringify(format))
})

t.test('hostile texts take no time', async t => {
  const n = 1_000_000
  const texts = ['{'.repeat(n), '{\n'.repeat(n / 2), '}'.repeat(n), `${'{'.repeat(n)}}`, '{ '.repeat(n / 2), `{${' '.repeat(n)}`, `{ ${'a'.repeat(n)}`, '>1'.repeat(n / 2), '$'.repeat(n), '${interval:'.repeat(n / 10), `\${interval:${'a'.repeat(n)}{}`, '1'.repeat(n) + 'x']
  for (const text of texts) {
    t.ok(convertDashboard({ panels: [{ type: 'graph', targets: [{ expr: text, legendFormat: text }], xaxis: { max: text } }, { type: 'singlestat', maxDataPoints: text }] }), `${text.slice(0, 12)}…`)
  }
})

t.test('types that the converter of 3.x does not know', async t => {
  const defaults = (more: object) => ({ fieldConfig: { defaults: more } })
  const custom = (more: object) => defaults({ custom: more })
  const graph = { type: 'graph', colors: palette, xaxis: {}, yaxes: [{ format: 'none' }] }
  const single = { type: 'singlestat', colors: palette, format: 'none', decimals: 0, valueName: 'last', gauge: {} }
  const calcs = (...names: unknown[]) => ({ options: { reduceOptions: { calcs: names } } })
  const rows: [string, object, object][] = [
    ['timeseries', {}, { ...graph, lines: true }],
    ['timeseries, lines', custom({ drawStyle: 'line' }), { ...graph, lines: true }],
    ['timeseries, bars', custom({ drawStyle: 'bars' }), { ...graph, bars: true }],
    ['timeseries, points', custom({ drawStyle: 'points' }), graph],
    ['timeseries, stacked', custom({ stacking: { mode: 'normal', group: 'A' } }), { ...graph, lines: true, stack: true }],
    ['timeseries, stacked to 100 %', custom({ stacking: { mode: 'percent' } }), { ...graph, lines: true, stack: true }],
    ['timeseries, not stacked', custom({ stacking: { mode: 'none' } }), { ...graph, lines: true }],
    ['timeseries, unit', defaults({ unit: 'percentunit', decimals: 2, min: 0 }), { ...graph, lines: true, yaxes: [{ format: 'percent (0.0-1.0)', decimals: 2 }] }],
    ['timeseries, decimals that are none', defaults({ unit: 'bytes', decimals: -1 }), { ...graph, lines: true, yaxes: [{ format: 'Byte' }] }],
    ['timeseries, legend', { options: { legend: { showLegend: true, displayMode: 'list', placement: 'bottom', calcs: [] } } }, { ...graph, lines: true }],
    ['timeseries, no legend', { options: { legend: { showLegend: false, displayMode: 'list' } } }, { ...graph, lines: true, legend: ['hide'] }],
    ['timeseries, hidden legend', { options: { legend: { displayMode: 'hidden' } } }, { ...graph, lines: true, legend: ['hide'] }],
    ['timeseries, legend as a table', { options: { legend: { displayMode: 'table', placement: 'right', calcs: ['sum', 'lastNotNull', 'mean', 'max', 'min', 'stdDev'] } } }, { ...graph, lines: true, legend: ['as_table', 'to_the_right', 'min', 'max', 'avg', 'current', 'total'] }],
    ['timeseries, both kinds of last', { options: { legend: { calcs: ['last', 'lastNotNull'] } } }, { ...graph, lines: true, legend: ['current'] }],
    ['timeseries, queries', { targets: [{ datasource: { uid: 'x' }, expr: 'rate(a{b="c"}[$__rate_interval])', legendFormat: '{{ d }}' }] }, { ...graph, lines: true, targets: [{ refId: 1, expr: 'rate(a[3m])', legendFormat: '{{d}}', step: '1m' }] }],
    ['barchart', custom({ stacking: { mode: 'normal' } }), { ...graph, bars: true, stack: true }],
    ['stat', {}, single],
    ['stat, unit', defaults({ unit: 'bytes', decimals: 1 }), { ...single, format: 'Byte', decimals: 1 }],
    ['stat, mean', calcs('mean'), { ...single, valueName: 'avg' }],
    ['stat, first', calcs('firstNotNull', 'mean'), { ...single, valueName: 'first' }],
    ['stat, max', calcs('max'), single],
    ['stat, calculation that is none', calcs(7), single],
    ['stat, area', { options: { graphMode: 'area' } }, { ...single, sparkline: 'bottom' }],
    ['stat, no area', { options: { graphMode: 'none' } }, single],
    ['gauge', {}, { ...single, gauge: { show: true } }],
    ['gauge, bounds', defaults({ min: -5.5, max: 100.9 }), { ...single, gauge: { show: true, minValue: -5, maxValue: 100 } }],
    ['gauge, bounds beyond all', defaults({ min: '0', max: 1e300 }), { ...single, gauge: { show: true } }],
    ['gauge, as Grafana 6 had it', { options: { fieldOptions: { calcs: ['mean'], defaults: { unit: 'Bps', decimals: 1, min: 0, max: 1e10 } } } }, { ...single, format: 'Byte', decimals: 1, valueName: 'avg', gauge: { show: true, maxValue: 1e10 } }],
    ['bargauge', { options: { displayMode: 'gradient', orientation: 'horizontal', reduceOptions: { calcs: 'x' } } }, { type: 'bargauge', options: { displayMode: 'gradient', orientation: 'horizontal' } }],
    ['table', { sort: 'x', scroll: 1, options: { sortBy: [] } }, { type: 'table' }],
    ['text', { options: { mode: 'markdown', content: '# a' } }, { type: 'text', mode: 'markdown', content: '# a' }],
    ['text, both ways', { mode: 'html', options: { mode: 'markdown', content: '# a' } }, { type: 'text', mode: 'html', content: '# a' }],
    ['graph, decimals that are none', { decimals: -1, xaxis: { decimals: -1 }, yaxes: [{ decimals: -3, format: 'bytes' }], legend: { show: true } }, { type: 'graph', colors: palette, xaxis: {}, yaxes: [{ format: 'Byte' }] }],
    ['singlestat, decimals that are none', { decimals: -1 }, { type: 'singlestat', decimals: 0, colors: palette, gauge: {} }],
    ['state-timeline', { targets: [{ expr: 'up' }] }, { type: 'singlestat', targets: [{ refId: 1, expr: 'up' }] }],
  ]
  for (const [what, panel, becomes] of rows) t.strictSame(modernPanelsOf({ type: what.split(',')[0], ...panel }), [becomes], what)
  t.strictSame(modernPanelsOf({ type: 'heatmap' }, { type: 'dashlist' }, { type: 'row' }), [], 'what has no counterpart')
})

t.test('panels of a library', async t => {
  const model = { type: 'timeseries', title: 'In the library', datasource: { uid: 'P' }, targets: [{ expr: 'up' }] }
  const reference = { id: 3, gridPos: {}, libraryPanel: { uid: 'L', name: 'CPU' } }
  const becomes = { title: 'In the library', id: 3, datasource: 'P', type: 'graph', colors: palette, lines: true, xaxis: {}, yaxes: [{ format: 'none' }], targets: [{ refId: 1, expr: 'up' }] }
  t.strictSame(specOf({ ...unread, __elements: { L: { uid: 'L', kind: 1, model } }, panels: [reference] }).panels, [becomes], 'in an export')
  t.strictSame(specOf({ ...unread, __elements: [{ uid: 'L', model }], panels: [{ ...reference, title: 'Here' }] }).panels, [{ ...becomes, title: 'Here' }], 'in an older export, renamed')
  t.strictSame(specOf({ ...unread, panels: [{ ...reference, libraryPanel: { uid: 'L', model } }] }).panels, [becomes], 'in the panel itself')
  const lonely = convertDashboard({ ...unread, __elements: {}, panels: [reference] })
  t.strictSame(lonely.spec.panels, [{ id: 3, type: 'singlestat' }], 'left behind')
  t.match(lonely.lost, [/panel 3 "" is kept in a library that did not come along/])
  const many = { ...unread, panels: Array.from({ length: 100 }, () => reference), __elements: { L: { uid: 'L', model: { ...model, targets: Array.from({ length: 980 }, () => 0) } } } }
  t.equal(specOf(many).panels?.length, 100, 'by many')
  t.throws(() => convertDashboard({ ...many, panels: Array.from({ length: 2_000 }, () => reference) }), { code: 400, message: /panels of its library have more than 100000 members/ }, 'a small text stays small')
})

t.test('what is lost is told', async t => {
  const rows: [string, object, RegExp[]][] = [
    ['nothing', { panels: [{ type: 'graph', targets: [{ expr: 'up' }] }] }, []],
    ['no panels', {}, [/^no panel was found$/]],
    ['selectors', { panels: [{ type: 'graph', targets: [{ expr: 'a{b="c"}' }, { expr: 'up' }] }] }, [/^1 of 2 queries lose their label selectors$/]],
    ['a panel', { panels: [{ type: 'text' }, { type: 'stat', id: 2, title: 'S' }] }, [/^panel 2 "S" is left out: stat has no counterpart$/]],
    ['most of a panel', { panels: [{ type: 'piechart', id: 2, title: 'P' }] }, [/^panel 2 "P" shows its queries as single values: piechart has no counterpart$/]],
    ['transformations', { panels: [{ type: 'table', id: 2, transformations: [{ id: 'organize' }] }] }, [/^panel 2 "" loses its transformations$/]],
    ['repetition', { panels: [{ type: 'graph', id: 2, repeat: 'node' }] }, [/^panel 2 "" is not repeated for "node"$/]],
    ['a variable', { panels: [{ type: 'text' }], templating: { list: [{ name: 'v', query: {} }] } }, [/^variable "v" is left out/]],
    ['an annotation', { panels: [{ type: 'text' }], annotations: { list: [{ name: 'a', type: 'x' }, { name: 'Annotations & Alerts' }] } }, [/^annotation "a" is left out/]],
  ]
  for (const [what, dashboard, sentences] of rows) {
    const { lost } = convertDashboard(dashboard)
    t.equal(lost.length, sentences.length, what)
    t.match(lost, sentences)
  }
})

t.test('a whole dashboard', async t => {
  const dashboard = {
    title: 'Demo',
    refresh: '30s',
    editable: true,
    time: { from: 'now-1h', to: 'now' },
    templating: { list: [{ name: 'ns', type: 'query', query: 'label_values(namespace)', hide: 0 }, { name: 'x', query: { q: 1 } }] },
    annotations: { list: [{ name: 'Annotations & Alerts', type: 'dashboard' }] },
    panels: [
      { id: 1, type: 'row', title: 'A', panels: [{ id: 2, type: 'graph', title: 'CPU', lines: true, legend: { show: true, avg: true }, yaxes: [{ format: 'percentunit' }, { format: 'short' }], targets: [{ refId: 'A', expr: 'sum(rate(cpu{ns="$ns"}[$__interval])) by (pod)', legendFormat: '{{ pod }}' }, { refId: 'B', expr: 'up' }] }] },
      { id: 3, type: 'stat', title: 'S' },
      { id: 4, type: 'gauge', title: 'G', targets: [{ expr: 'a{b="c"} >5' }] },
    ],
  }
  t.strictSame(specOf(dashboard), {
    title: 'Demo',
    editable: true,
    auto_refresh: '30s',
    time: { from: 'now-1h', to: 'now' },
    panels: [
      { title: 'CPU', type: 'graph', id: 2, colors: palette, legend: ['avg'], targets: [{ refId: 1, expr: 'sum(rate(cpu[3m])) by (pod)', legendFormat: '{{pod}}', step: '1m' }, { refId: 2, expr: 'up' }], lines: true, xaxis: {}, yaxes: [{ format: 'percent (0.0-1.0)' }] },
      { title: 'G', type: 'singlestat', id: 4, targets: [{ refId: 1, expr: 'a ', step: '1m' }] },
    ],
    templatings: [{ name: 'ns', type: 'query', query: 'label_values(namespace)' }],
  })
})
