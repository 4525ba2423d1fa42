import { anything, byte, each, flag, flagOrText, listOf, mapOf, natural, number, numberOrText, object, text, textOrTexts, texts, whole, wholeOrFlag, wholeOrText, type Shape } from './shapes.js'

const link = object({ ...each(text, 'title type dashUri dashboard icon params tooltip url'), ...each(flag, 'asDropdown includeVars keepTime targetBlank'), tags: texts })
const typed = { params: texts, type: text }
const typedParams = object(typed)

export const annotation = object({
  ...each(text, 'name datasource iconColor lineColor query expr step textField textFormat titleFormat tagsField tagKeys type'),
  ...each(flag, 'showLine enable'),
  iconSize: natural,
  tags: texts,
})

export const variable = object({
  ...each(text, 'name type datasource allFormat allValue multiFormat regex label'),
  ...each(flag, 'auto includeAll multi'),
  ...each(whole, 'auto_count sort'),
  refresh: wholeOrFlag,
  options: listOf(object({ ...each(text, 'text value'), selected: flag })),
  current: object({ tags: texts, text: textOrTexts }),
  hide: byte,
})

const alert = object({
  ...each(text, 'executionErrorState frequency name noDataState message for'),
  alertRuleTags: mapOf(text),
  conditions: listOf(object({
    evaluator: object({ params: listOf(number), type: text }),
    operator: object({ type: text }),
    query: object({ params: texts }),
    reducer: typedParams,
    type: text,
  })),
  handler: whole,
  notifications: listOf(object({ id: whole, ...each(text, 'name type frequency uid'), ...each(flag, 'isDefault disableResolveMessage sendReminder') })),
})

export const commonPanel = object({
  ...each(text, 'datasource title type description renderer repeat'),
  ...each(flag, 'editable error isNew transparent hideTimeOverride'),
  ...each(natural, 'id repeatPanelId'),
  ...each(number, 'span minSpan'),
  gridPos: object(each(whole, 'h w x y')),
  links: listOf(link),
  scopedVars: mapOf(object({ selected: flag, ...each(text, 'text value') })),
  alert,
})

const target = (integer: Shape) => object({
  ...each(text, 'refId datasource expr interval legendFormat format query target table timeColumn metricColumn rawSql measurement dsType alias timeField namespace metricName period region'),
  ...each(text, 'projectName aliasBy metricType metricKind alignmentPeriod crossSeriesReducer perSeriesAligner valueType'),
  ...each(flag, 'hide instant rawQuery'),
  ...each(integer, 'step intervalFactor'),
  ...each(texts, 'statistics filters groupBys'),
  select: listOf(listOf(typedParams)),
  where: listOf(object({ ...typed, ...each(text, 'name datatype') })),
  group: listOf(typedParams),
  metrics: listOf(object(each(text, 'id field type'))),
  bucketAggs: listOf(object({ ...each(text, 'id field type'), settings: object(each(text, 'interval order orderBy size')) })),
  dimensions: mapOf(text),
  alignOptions: listOf(object({ expanded: flag, label: text, options: listOf(object({ ...each(text, 'label text value'), ...each(texts, 'metricKinds valueTypes') })) })),
})
const targets = { targets: listOf(target(whole)) }
/** Queries of a panel whose type the converter of 3.x does not know: it cuts numbers there by itself. */
export const looseTargets = listOf(target(number))

const axis = object({ ...each(text, 'format label'), ...each(whole, 'logBase decimals'), ...each(numberOrText, 'max min'), show: flag })
const valueMaps = { valueMaps: listOf(object(each(text, 'op text value'))) }
const sort = object({ col: whole, desc: flag })
const styles = listOf(object({
  ...each(text, 'alias dateFormat pattern type colorMode unit linkTooltip linkUrl'),
  ...each(texts, 'colors thresholds'),
  ...each(flag, 'link linkTargetBlank'),
  decimals: natural,
  mappingType: whole,
  ...valueMaps,
}))
const fieldConfig = object({ defaults: object({ unit: text, threshold: object({ mode: text, steps: listOf(object(each(text, 'color value'))) }) }) })
const options = object({ ...each(text, 'orientation textMode colorMode graphMode justifyMode displayMode content mode'), reduceOptions: object({ values: flag, fields: text, calcs: texts }) })

const singlestat = {
  ...targets,
  ...valueMaps,
  ...each(text, 'format nullPointMode postfix postfixFontSize prefix prefixFontSize thresholds valueFontSize valueName'),
  ...each(flag, 'colorValue colorBackground'),
  colors: texts,
  decimals: whole,
  gauge: object({ ...each(number, 'maxValue minValue'), ...each(flag, 'show thresholdLabels thresholdMarkers') }),
  mappingType: natural,
  mappingTypes: listOf(object({ name: text, value: whole })),
  maxDataPoints: wholeOrText,
  rangeMaps: listOf(object(each(text, 'from text to'))),
  sparkline: object({ ...each(text, 'fillColor lineColor'), ...each(flag, 'full show'), ...each(number, 'ymin ymax') }),
}

/** What each type of panel has beside the common members; other types have nothing that is looked at. */
export const panelTypes: ReadonlyMap<string, Shape> = new Map(Object.entries({
  graph: {
    ...targets,
    ...each(flag, 'bars dashes lines percentage points stack steppedLine x-axis y-axis'),
    ...each(text, 'leftYAxisLabel rightYAxisLabel nullPointMode timeFrom timeShift'),
    ...each(natural, 'dashLength decimals linewidth spaceLength'),
    fill: whole,
    pointradius: number,
    legend: object({ ...each(flag, 'alignAsTable avg current hideEmpty hideZero max min rightSide show total values'), sideWidth: natural }),
    seriesOverrides: listOf(object({ ...each(text, 'alias color fillBelowTo transform nullPointMode'), ...each(flag, 'bars dashes legend lines'), ...each(whole, 'fill linewidth yaxis zindex'), stack: flagOrText })),
    thresholds: listOf(object({ value: number, ...each(text, 'colorMode op fillColor lineColor yaxis'), ...each(flag, 'fill line') })),
    tooltip: object({ ...each(flag, 'shared msResolution'), value_type: text, sort: whole }),
    y_formats: texts,
    xaxis: axis,
    yaxes: listOf(axis),
  },
  singlestat,
  stat: { ...singlestat, options },
  bargauge: { ...targets, options, fieldConfig },
  table: { ...targets, columns: listOf(object(each(text, 'text value'))), sort, styles, transform: text, scroll: flag },
  text: { ...each(text, 'content mode'), pageSize: natural, ...each(flag, 'scroll showHeader'), sort, styles, fieldConfig, options: object(each(text, 'content mode')) },
  heatmap: {
    ...targets,
    ...each(text, 'dataFormat xBucketSize yBucketBound'),
    ...each(number, 'xBucketNumber yBucketNumber yBucketSize'),
    ...each(flag, 'hideZeroBuckets highlightCards reverseYBuckets'),
    cards: object(each(number, 'cardPadding cardRound')),
    color: object({ ...each(text, 'cardColor colorScale colorScheme mode'), ...each(number, 'exponent min max') }),
    legend: object({ show: flag }),
    tooltip: object(each(flag, 'show showHistogram')),
    tooltipDecimals: whole,
    xAxis: object({ show: flag }),
    yAxis: object({ ...each(text, 'format max min'), ...each(whole, 'decimals logBase'), show: flag, splitFactor: number }),
  },
  dashlist: { ...each(text, 'mode query'), ...each(flag, 'headings recent search starred'), ...each(whole, 'folderId limit'), tags: texts },
}).map(([type, members]) => [type, object(members)]))

/** The dashboard but for what its panels are. */
export const dashboard = (panel: Shape): Shape => object({
  ...each(natural, 'id schemaVersion version'),
  ...each(text, 'uid slug title originalTitle style timezone'),
  ...each(flag, 'editable hideControls sharedCrosshair'),
  tags: texts,
  panels: listOf(panel),
  rows: listOf(object({ ...each(text, 'title repeat'), ...each(flag, 'showTitle collapse editable'), height: anything, panels: listOf(panel) })),
  templating: object({ list: listOf(variable) }),
  annotations: object({ list: listOf(annotation) }),
  refresh: flagOrText,
  links: listOf(link),
  time: object(each(text, 'from to')),
  timepicker: object({ now: flag, ...each(texts, 'refresh_intervals time_options') }),
  graphTooltip: whole,
})
