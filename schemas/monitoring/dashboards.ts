import { Type, type Static, type TProperties } from '@sinclair/typebox'
import { defineKind, type KubeObject } from '../kube/object.js'

const text = Type.String()
const flag = Type.Boolean()
const whole = Type.Integer()
const long = Type.Integer({ format: 'int64' })
const texts = Type.Array(text)
/** An object whose fields may all be absent. */
const some = <T extends TProperties>(properties: T) => Type.Partial(Type.Object(properties))

const Target = some({ expr: text, legendFormat: text, refId: long, step: text })
const Axis = some({ decimals: long, format: text })
const TimeRange = some({ from: text, to: text })

const Panel = some({
  type: text,
  title: text,
  id: long,
  description: text,
  datasource: text,
  height: text,
  decimals: long,
  format: text,
  colors: texts,
  legend: texts,
  targets: Type.Array(Target),
  bars: flag,
  lines: flag,
  stack: flag,
  xaxis: Axis,
  yaxes: Type.Array(Axis),
  sparkline: text,
  valueName: text,
  gauge: some({ maxValue: long, minValue: long, show: flag, thresholdLabels: flag, thresholdMarkers: flag }),
  sort: some({ col: whole, desc: flag }),
  scroll: flag,
  mode: text,
  content: text,
  options: some({ orientation: text, textMode: text, colorMode: text, graphMode: text, justifyMode: text, displayMode: text, content: text, mode: text }),
})
const Annotation = some({
  name: text,
  datasource: text,
  iconColor: text,
  lineColor: text,
  query: text,
  expr: text,
  step: text,
  textField: text,
  textFormat: text,
  titleFormat: text,
  tagsField: text,
  tagKeys: text,
  type: text,
  showLine: flag,
  enable: flag,
  iconSize: whole,
  tags: texts,
})
const Variable = some({
  name: text,
  type: text,
  datasource: text,
  allFormat: text,
  allValue: text,
  multiFormat: text,
  query: text,
  regex: text,
  label: text,
  auto: flag,
  includeAll: flag,
  multi: flag,
  auto_count: whole,
  sort: whole,
  hide: whole,
  options: Type.Array(some({ text, value: text, selected: flag })),
})

/** What a dashboard shows, as v1alpha2 stores it. */
export const DashboardSpec = some({
  id: whole,
  uid: text,
  title: text,
  description: text,
  timezone: text,
  editable: flag,
  shared_crosshair: flag,
  tags: texts,
  auto_refresh: text,
  time: TimeRange,
  annotations: Type.Array(Annotation),
  templatings: Type.Array(Variable),
  panels: Type.Array(Panel),
})

/** The same as v1alpha1 knew it. */
export const OldDashboardSpec = some({
  title: text,
  description: text,
  datasource: text,
  time: TimeRange,
  templating: Type.Array(some({ name: text, query: text })),
  panels: Type.Array(Type.Object({
    type: text,
    ...Type.Pick(Panel, ['title', 'id', 'targets', 'description', 'bars', 'colors', 'lines', 'stack', 'yaxes', 'decimals', 'format']).properties,
  })),
})

export type DashboardSpec = Static<typeof DashboardSpec>
export type Panel = Static<typeof Panel>
export type Target = Static<typeof Target>
export type Annotation = Static<typeof Annotation>
export type Variable = Static<typeof Variable>
export interface Dashboard extends KubeObject { spec?: DashboardSpec }

export const dashboards = defineKind<Dashboard>('monitoring.kubesphere.io/v1alpha2', 'dashboards', 'Dashboard', { namespaced: true })
export const clusterDashboards = defineKind<Dashboard>('monitoring.kubesphere.io/v1alpha2', 'clusterdashboards', 'ClusterDashboard')
